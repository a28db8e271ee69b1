<?php
/**
 * What a new password ends.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Bridge;

use WP_Session_Tokens;
use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * Ends a user's sessions when their password changes, and with the sessions the sidecar's tokens. A cookie carries a
 * piece of the password's hash, so WordPress itself refuses all that were given out before, but it keeps the sessions
 * they are of. Application passwords stay, as they do in WordPress.
 */
final class Password_Change {

	/**
	 * Hooks in wherever WordPress says that a password was set. Setting it from a lost password says so twice.
	 */
	public function register(): void {
		add_action( 'wp_set_password', array( $this, 'on_set' ), 10, 2 );
		add_action( 'after_password_reset', array( $this, 'on_reset' ) );
		add_action( 'profile_update', array( $this, 'on_update' ), 10, 2 );
	}

	/**
	 * A password was set.
	 *
	 * @param string $password The password, which is nobody's business here.
	 * @param int    $user_id  The user.
	 */
	public function on_set( #[\SensitiveParameter] $password, $user_id ): void {
		$this->end_sessions( (int) $user_id );
	}

	/**
	 * A lost password was replaced.
	 *
	 * @param WP_User $user The user.
	 */
	public function on_reset( $user ): void {
		$this->end_sessions( (int) $user->ID );
	}

	/**
	 * A user was saved, by themselves or by somebody else.
	 *
	 * @param int     $user_id The user.
	 * @param WP_User $before  The user as it was.
	 */
	public function on_update( $user_id, $before ): void {
		$user = get_userdata( (int) $user_id );

		if ( $user instanceof WP_User && $user->user_pass !== $before->user_pass ) {
			$this->end_sessions( (int) $user_id );
		}
	}

	/**
	 * Ends all sessions of a user but the one that this request came with, for which WordPress makes a new cookie.
	 *
	 * @param int $user_id The user.
	 */
	private function end_sessions( int $user_id ): void {
		$sessions = WP_Session_Tokens::get_instance( $user_id );

		if ( get_current_user_id() === $user_id ) {
			$sessions->destroy_others( wp_get_session_token() );
		} else {
			$sessions->destroy_all();
		}
	}
}
