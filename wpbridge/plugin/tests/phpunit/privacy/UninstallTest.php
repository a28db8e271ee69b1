<?php
/**
 * Uninstallation.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

/**
 * What is gone, and what is not.
 */
final class UninstallTest extends Site_Test_Case {

	/**
	 * Uninstalls.
	 */
	private function uninstall(): void {
		if ( ! defined( 'WP_UNINSTALL_PLUGIN' ) ) {
			define( 'WP_UNINSTALL_PLUGIN', 'jetonomy-sidecar/jetonomy-sidecar.php' );
		}

		require dirname( __DIR__, 3 ) . '/uninstall.php';
	}

	/**
	 * Names of options that look like the plugin's.
	 *
	 * @return string[]
	 */
	private function options(): array {
		global $wpdb;

		return $wpdb->get_col( "SELECT option_name FROM $wpdb->options WHERE option_name LIKE '%jetonomy\_sidecar%'" );
	}

	/**
	 * All of the plugin's own goes, and nothing of others.
	 */
	public function test_removes_its_own_and_nothing_else(): void {
		$user = $this->user( 'member1' );

		update_option( 'jetonomy_pro_extensions', array( 'private-messaging', 'other' ) );
		update_option( 'jetonomy_settings', array( 'base_slug' => 'community' ) );
		update_option( 'jetonomy_sidecarx', 'another plugin\'s' );
		update_option( 'jetonomy_sidecar_settings', array( 'min_trust_level' => 2 ) );
		update_option( 'jetonomy_sidecar_erase_5', time() );
		set_transient( 'jetonomy_sidecar_state', 'x', 300 );
		set_transient( 'other', 'x', 300 );
		update_user_meta( $user->ID, 'jetonomy_sidecar_notifications', array( 'email' => 0 ) );
		update_user_meta( $user->ID, 'jetonomy_email_opt_out', '1' );
		$request = wp_create_user_request( $user->user_email, 'export_personal_data' );
		update_post_meta( $request, '_jetonomy_sidecar_export', array( 'file' => 'x.json' ) );
		wp_schedule_single_event( time() + 60, 'jetonomy_sidecar_erase' );
		wp_schedule_single_event( time() + 60, 'jetonomy_other' );

		$this->uninstall();

		$this->assertSame( array( 'jetonomy_sidecarx' ), $this->options() );
		$this->assertSame( array( 'other' ), get_option( 'jetonomy_pro_extensions' ), 'apps would offer messages that nobody serves' );
		$this->assertSame( array( 'base_slug' => 'community' ), get_option( 'jetonomy_settings' ) );
		$this->assertSame( 'x', get_transient( 'other' ) );
		$this->assertSame( '', get_user_meta( $user->ID, 'jetonomy_sidecar_notifications', true ) );
		$this->assertSame( '1', get_user_meta( $user->ID, 'jetonomy_email_opt_out', true ) );
		$this->assertSame( '', get_post_meta( $request, '_jetonomy_sidecar_export', true ) );
		$this->assertFalse( wp_next_scheduled( 'jetonomy_sidecar_erase' ) );
		$this->assertNotFalse( wp_next_scheduled( 'jetonomy_other' ) );
		$this->assertSame( array(), $this->database->ddl, 'no table is touched' );
	}

	/**
	 * Messages go only where the owner ticked it: all tables of messages and the bell's rows, no others.
	 */
	public function test_deletes_messages_where_the_owner_ticked_it(): void {
		global $wpdb;

		$wpdb->query( "DELETE FROM {$wpdb->prefix}jt_notifications" );

		foreach ( array( 'message' => 'private_message', 'reply' => 'reply' ) as $object => $type ) {
			$wpdb->insert(
				$wpdb->prefix . 'jt_notifications',
				array(
					'user_id'     => 1,
					'type'        => $type,
					'object_type' => $object,
					'object_id'   => 1,
					'created_at'  => '2026-01-01 00:00:00',
				)
			);
		}

		update_option( 'jetonomy_pro_extensions', array( 'private-messaging', 'other' ) );
		update_option( 'jetonomy_sidecar_settings', array( 'delete_on_uninstall' => 1 ) );
		$switch_at_drop = null;
		add_filter(
			'query',
			static function ( $query ) use ( &$switch_at_drop ) {
				if ( null === $switch_at_drop && str_starts_with( $query, 'DROP TABLE' ) ) {
					$switch_at_drop = array( get_option( 'jetonomy_pro_extensions' ), get_option( 'jetonomy_sidecar_keys' ) );
				}

				return $query;
			}
		);
		$this->uninstall();
		$this->assertSame( array( array( 'other' ), false ), $switch_at_drop, 'a service that runs would make them anew' );

		$dropped = array_map( fn( $sql ) => preg_replace( '/^DROP TABLE IF EXISTS `' . preg_quote( $wpdb->prefix, '/' ) . '(\w+)`$/', '$1', $sql ), $this->database->ddl );

		foreach ( array( 'jt_pro_conversations', 'jt_pro_conversation_participants', 'jt_pro_messages', 'jt_sidecar_handled' ) as $table ) {
			$this->assertContains( $table, $dropped );
		}

		foreach ( $dropped as $table ) {
			$this->assertMatchesRegularExpression( '/^jt_(pro_(conversations|conversation_participants|messages)|sidecar_\w+)$/', $table );
		}

		$this->assertSame( array( 'reply' ), array_column( $this->rows( 'jt_notifications' ), 'type' ) );
	}
}
