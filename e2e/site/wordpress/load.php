<?php
/**
 * What the site's command line scripts share: the WordPress of this site, loaded as an administrator.
 *
 * @package Jetonomy_Sidecar
 */

if ( 'cli' !== PHP_SAPI ) {
	exit( 1 );
}

$_SERVER['HTTP_HOST']       = parse_url( getenv( 'SITE_URL' ), PHP_URL_HOST ) . ':' . parse_url( getenv( 'SITE_URL' ), PHP_URL_PORT );
$_SERVER['REQUEST_METHOD']  = 'GET';
$_SERVER['REQUEST_URI']     = '/';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';

set_exception_handler(
	static function ( Throwable $e ) {
		fwrite( STDERR, $e . "\n" );
		exit( 1 );
	}
);

/**
 * Stops with the message of a WP_Error, and gives everything else back.
 *
 * @param mixed $result What a WordPress function returned.
 * @return mixed
 */
function site_must( $result ) {
	if ( is_wp_error( $result ) ) {
		throw new RuntimeException( $result->get_error_message() );
	}
	return $result;
}

require getenv( 'WORDPRESS' ) . '/wp-load.php';
