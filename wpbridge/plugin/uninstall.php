<?php
/**
 * Removes what the plugin itself stored: keys, settings, and the capability it gave to moderators.
 *
 * Conversations and messages stay, as does the list of enabled extensions: both belong to the site's
 * community and outlive this plugin.
 *
 * @package Jetonomy_Sidecar
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

( static function (): void {
	require_once __DIR__ . '/includes/class-capabilities.php';

	$remove = static function (): void {
		Jetonomy_Sidecar\Capabilities::revoke();
		array_map( 'delete_option', array( 'jetonomy_sidecar_keys', 'jetonomy_sidecar_settings' ) );
	};

	if ( ! is_multisite() ) {
		$remove();
		return;
	}

	$sites = get_sites(
		array(
			'fields' => 'ids',
			'number' => 0,
		)
	);

	foreach ( $sites as $site_id ) {
		switch_to_blog( $site_id );
		$remove();
		restore_current_blog();
	}
} )();
