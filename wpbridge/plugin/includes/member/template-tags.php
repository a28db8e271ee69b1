<?php
/**
 * Functions for themes.
 *
 * @package Jetonomy_Sidecar
 */

use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Member\Navigation;

defined( 'ABSPATH' ) || exit;

if ( ! function_exists( 'jetonomy_sidecar_message_link' ) ) {
	/**
	 * Prints the Message button for a user. Prints nothing to somebody who is not signed in, to the user
	 * themselves, and while private messaging is off.
	 *
	 * @param WP_User|int|string $user The user, their id or their login.
	 */
	function jetonomy_sidecar_message_link( WP_User|int|string $user ): void {
		echo ( new Navigation( new Extension_Switch() ) )->button( $user ); // phpcs:ignore WordPress.Security.EscapeOutput -- Escaped there.
	}
}
