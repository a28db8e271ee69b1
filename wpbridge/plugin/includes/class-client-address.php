<?php
/**
 * The address of the browser.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar;

defined( 'ABSPATH' ) || exit;

/**
 * Says for the access log where a request comes from.
 */
final class Client_Address {

	/**
	 * The IP address that the web server saw; '' where there is none, as in cron.
	 */
	public static function get(): string {
		$address = filter_var( wp_unslash( $_SERVER['REMOTE_ADDR'] ?? '' ), FILTER_VALIDATE_IP );

		return is_string( $address ) ? $address : '';
	}
}
