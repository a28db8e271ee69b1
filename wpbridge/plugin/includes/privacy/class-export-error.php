<?php
/**
 * What goes wrong in an export.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * Ends an export so that its screen says why.
 */
final class Export_Error {

	/**
	 * For a page of which nothing is known: neither the first, nor the newest again, nor the next.
	 */
	public static function out_of_step(): WP_Error {
		return self::give(
			new WP_Error(
				'jetonomy_sidecar_out_of_step',
				__( 'This page of the export does not follow the one before it, and private messages would be missing. Start the export again.', 'jetonomy-sidecar' )
			)
		);
	}

	/**
	 * Gives an error back to be returned. On WordPress's screen it ends the request instead: what the screen
	 * makes of a WP_Error is "[object Object]", and a text it prints as HTML.
	 *
	 * @param WP_Error $error The error.
	 */
	public static function give( WP_Error $error ): WP_Error {
		if ( doing_action( 'wp_ajax_wp-privacy-export-personal-data' ) ) {
			wp_send_json_error( esc_html( $error->get_error_message() ) );
		}

		return $error;
	}
}
