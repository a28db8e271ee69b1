<?php
/**
 * What an owner reads when the sidecar cannot be asked.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * Words errors of the Operator_Client for the screens of exports and erasures.
 */
final class Service_Error {

	/**
	 * The same error with a message that says what to do.
	 *
	 * @param WP_Error $error As of the Operator_Client.
	 */
	public static function of( WP_Error $error ): WP_Error {
		return new WP_Error(
			$error->get_error_code(),
			sprintf(
				/* translators: %s: what went wrong, a sentence. */
				__( 'Private messages were left as they are: %s Nothing is lost. Look at Tools → Site Health for the cause, then start this request again.', 'jetonomy-sidecar' ),
				$error->get_error_message()
			),
			$error->get_error_data()
		);
	}
}
