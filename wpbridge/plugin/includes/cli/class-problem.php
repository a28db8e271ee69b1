<?php
/**
 * Errors on the command line.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Cli;

use Jetonomy_Sidecar\Settings;
use WP_CLI;
use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * Says what went wrong with a call to the sidecar, and what to do about it.
 */
final class Problem {

	/**
	 * Prints an error of the Operator_Client and ends the command with status 1.
	 *
	 * @param WP_Error $error The error.
	 */
	public static function stop( WP_Error $error ): never {
		WP_CLI::error( self::text( $error ) );
		exit( 1 ); // Not reached: WP_CLI::error() ends.
	}

	/**
	 * What went wrong and what to do.
	 *
	 * @param WP_Error $error As of the Operator_Client.
	 */
	public static function text( WP_Error $error ): string {
		return $error->get_error_message() . ' ' . self::advice( $error );
	}

	/**
	 * What to do.
	 *
	 * @param WP_Error $error As of the Operator_Client.
	 */
	private static function advice( WP_Error $error ): string {
		$data = (array) $error->get_error_data();

		switch ( $error->get_error_code() ) {
			case 'jetonomy_sidecar_unavailable':
				return sprintf(
					/* translators: 1: URL, 2: what the HTTP client said. */
					__( 'It should listen at %1$s (%2$s). Start the service, or correct the address in the setting "sidecar_url" or the constant JETONOMY_SIDECAR_URL.', 'jetonomy-sidecar' ),
					( new Settings() )->sidecar_url(),
					(string) ( $data['reason'] ?? '' )
				);

			case 'jetonomy_sidecar_refused':
				return sprintf(
					/* translators: 1: HTTP status, 2: a command. */
					__( 'HTTP %1$d: either it has another key (it works on another database, or JETONOMY_SIDECAR_SECRET is not the same for both), or the two clocks are more than 5 minutes apart, or its version does not match this plugin\'s. "%2$s" on the sidecar\'s machine says which.', 'jetonomy-sidecar' ),
					(int) ( $data['status'] ?? 0 ),
					'jetonomy-sidecar doctor'
				);

			case 'jetonomy_sidecar_failed':
				return sprintf(
					/* translators: %d: HTTP status. */
					__( 'HTTP %d: its log says why. Try again in a minute.', 'jetonomy-sidecar' ),
					(int) ( $data['status'] ?? 0 )
				);

			case 'jetonomy_sidecar_no_tables':
				return sprintf(
					/* translators: 1: a command, 2: a command. */
					__( 'While private messages are on ("%1$s"), it makes new ones within a minute: try again then. If they are still missing, its database user may not make tables, or only some of them are gone; its log says which. Run "%2$s" on its machine with a database user who may, or bring the tables back from a backup. It need not be restarted.', 'jetonomy-sidecar' ),
					'wp jetonomy-sidecar enable',
					'jetonomy-sidecar migrate'
				);

			case 'jetonomy_sidecar_no_key':
				return __( 'The database does not let WordPress store one: see whether it is read-only or full.', 'jetonomy-sidecar' );
		}

		return '';
	}
}
