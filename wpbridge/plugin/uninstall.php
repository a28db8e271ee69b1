<?php
/**
 * Removes what the plugin itself stored: keys and settings.
 *
 * Conversations and messages stay, as does the list of enabled extensions: both belong to the site's
 * community and outlive this plugin.
 *
 * @package Jetonomy_Sidecar
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

( static function (): void {
	$options = array( 'jetonomy_sidecar_keys', 'jetonomy_sidecar_settings' );

	if ( ! is_multisite() ) {
		array_map( 'delete_option', $options );
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
		array_map( 'delete_option', $options );
		restore_current_blog();
	}
} )();
