<?php
/**
 * Removes what the plugin itself stored: keys, settings and other options, transients, what it kept with
 * users and with privacy requests, its cron events, the capability it gave to moderators, and its id in the list of
 * enabled extensions, from which Jetonomy tells apps that there are messages. The ids of other extensions stay.
 *
 * Conversations and messages stay, unless the owner had ticked "delete all messages on uninstall". Where Jetonomy
 * Pro is active, which serves messages itself, its tables and the id stay in any case.
 *
 * @package Jetonomy_Sidecar
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

// phpcs:disable WordPress.DB.DirectDatabaseQuery, WordPress.DB.PreparedSQL

( static function (): void {
	global $wpdb;

	require_once __DIR__ . '/includes/class-capabilities.php';
	require_once __DIR__ . '/includes/class-extension-switch.php';
	require_once __DIR__ . '/includes/class-settings.php';

	$remove_messages = static function () use ( $wpdb ): void {
		$tables = $wpdb->get_col( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $wpdb->prefix . 'jt_sidecar_' ) . '%' ) );

		if ( ! defined( 'JETONOMY_PRO_VERSION' ) ) {
			foreach ( array( 'jt_pro_messages', 'jt_pro_conversation_participants', 'jt_pro_conversations' ) as $name ) {
				$tables[] = $wpdb->prefix . $name;
			}
		}

		foreach ( $tables as $table ) {
			$wpdb->query( "DROP TABLE IF EXISTS `$table`" );
		}

		$bell = $wpdb->prefix . 'jt_notifications';

		if ( $bell === $wpdb->get_var( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $bell ) ) ) ) {
			$wpdb->query( "DELETE FROM `$bell` WHERE object_type = 'message' AND type = 'private_message'" );
		}
	};

	$remove_options = static function () use ( $wpdb ): void {
		foreach ( array( '', '_transient_', '_transient_timeout_', '_site_transient_', '_site_transient_timeout_' ) as $kind ) {
			$names = $wpdb->get_col(
				$wpdb->prepare( "SELECT option_name FROM `$wpdb->options` WHERE option_name LIKE %s", $wpdb->esc_like( $kind . 'jetonomy_sidecar_' ) . '%' )
			);

			array_map( 'delete_option', $names );
		}
	};

	$remove_cron = static function (): void {
		$hooks = array_merge( array(), ...array_map( 'array_keys', array_filter( array_values( (array) _get_cron_array() ), 'is_array' ) ) );

		foreach ( array_unique( $hooks ) as $hook ) {
			if ( str_starts_with( (string) $hook, 'jetonomy_sidecar_' ) ) {
				wp_unschedule_hook( (string) $hook );
			}
		}
	};

	$remove_user_meta = static function () use ( $wpdb ): void {
		foreach ( array( 'jetonomy_sidecar_', '_jetonomy_sidecar_' ) as $prefix ) {
			$keys = $wpdb->get_col( $wpdb->prepare( "SELECT DISTINCT meta_key FROM `$wpdb->usermeta` WHERE meta_key LIKE %s", $wpdb->esc_like( $prefix ) . '%' ) );

			foreach ( $keys as $key ) {
				delete_metadata( 'user', 0, $key, '', true );
			}
		}
	};

	$remove_from_site = static function () use ( $remove_messages, $remove_options, $remove_cron ): void {
		$settings = get_option( 'jetonomy_sidecar_settings' );

		if ( ! defined( 'JETONOMY_PRO_VERSION' ) ) {
			( new Jetonomy_Sidecar\Extension_Switch() )->disable();
		}

		Jetonomy_Sidecar\Capabilities::revoke();
		$remove_options();
		$remove_cron();
		delete_post_meta_by_key( '_jetonomy_sidecar_export' );

		// Last: a service that still runs makes tables anew as long as it finds the extension on, and a key.
		if ( 1 === Jetonomy_Sidecar\Settings::read( $settings )['delete_on_uninstall'] ) {
			$remove_messages();
		}
	};

	if ( is_multisite() ) {
		$sites = get_sites(
			array(
				'fields' => 'ids',
				'number' => 0,
			)
		);

		foreach ( $sites as $site_id ) {
			switch_to_blog( $site_id );
			$remove_from_site();
			restore_current_blog();
		}
	} else {
		$remove_from_site();
	}

	$remove_user_meta();
} )();
