<?php
/**
 * Loads the plugin's classes: Jetonomy_Sidecar\Rest\Proxy_Routes is includes/rest/class-proxy-routes.php.
 *
 * @package Jetonomy_Sidecar
 */

defined( 'ABSPATH' ) || exit;

spl_autoload_register(
	static function ( string $name ): void {
		$prefix = 'Jetonomy_Sidecar\\';

		if ( ! str_starts_with( $name, $prefix ) ) {
			return;
		}

		$folders = explode( '\\', strtolower( str_replace( '_', '-', substr( $name, strlen( $prefix ) ) ) ) );
		$class   = array_pop( $folders );
		$file    = implode( '/', array( __DIR__, ...$folders, "class-{$class}.php" ) );

		if ( is_file( $file ) ) {
			require $file;
		}
	}
);
