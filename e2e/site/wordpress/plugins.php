<?php
/**
 * The plugins: plugins.php [--with-jetonomy | --without-jetonomy].
 *
 * @package Jetonomy_Sidecar
 */

require __DIR__ . '/load.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';

wp_set_current_user( get_user_by( 'login', 'admin' )->ID );

/**
 * Activates a plugin once.
 *
 * @param string $file The plugin's main file, relative to the plugins folder.
 */
function site_activate( string $file ): void {
	if ( ! is_plugin_active( $file ) ) {
		site_must( activate_plugin( $file ) );
		echo "$file is activated\n";
	}
}

wp_clean_plugins_cache( false );

if ( in_array( '--with-jetonomy', $argv, true ) ) {
	site_activate( 'jetonomy/jetonomy.php' );
	// Its setup assistant would catch the administrator's first visit.
	update_option( 'jetonomy_setup_complete', true );
	delete_transient( 'jetonomy_activation_redirect' );
} elseif ( in_array( '--without-jetonomy', $argv, true ) ) {
	deactivate_plugins( 'jetonomy/jetonomy.php' );
}

site_activate( 'jetonomy-sidecar/jetonomy-sidecar.php' );

$extensions = (array) get_option( 'jetonomy_pro_extensions', array() );
if ( ! in_array( 'private-messaging', $extensions, true ) ) {
	$extensions[] = 'private-messaging';
	update_option( 'jetonomy_pro_extensions', array_values( $extensions ) );
	echo "private messaging is switched on\n";
}
