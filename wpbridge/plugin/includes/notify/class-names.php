<?php
/**
 * Members' names.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Notify;

defined( 'ABSPATH' ) || exit;

/**
 * The name under which others see a member.
 */
final class Names {

	/**
	 * A member's name, plain text.
	 *
	 * @param int $user_id The member.
	 */
	public static function of( int $user_id ): string {
		$user = get_userdata( $user_id );

		if ( ! $user ) {
			return __( 'Deleted User', 'jetonomy-sidecar' );
		}

		$name = function_exists( 'Jetonomy\user_display_name' ) ? (string) \Jetonomy\user_display_name( $user ) : '';

		return self::plain( '' !== $name ? $name : $user->display_name );
	}

	/**
	 * A name that WordPress stores, as plain text. It is stored as HTML: "&" typed is "&amp;" there.
	 *
	 * @param string $stored The name, not escaped any further.
	 */
	public static function plain( string $stored ): string {
		return wp_specialchars_decode( $stored, ENT_QUOTES );
	}
}
