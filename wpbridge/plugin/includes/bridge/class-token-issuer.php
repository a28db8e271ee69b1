<?php
/**
 * Tokens for the sidecar.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Bridge;

defined( 'ABSPATH' ) || exit;

/**
 * Mints the tokens that tell the sidecar who is calling. A token names the session or the application
 * password it came from, and the sidecar refuses it once that is gone.
 */
final class Token_Issuer {

	/**
	 * Seconds a token lives, which is also the most the sidecar accepts.
	 */
	public const LIFETIME = 600;

	/**
	 * What a token names that came from neither a session nor an application password. Nothing can take such
	 * a token back before it expires. WordPress uses it for a call of its own; over HTTP it is never handed out,
	 * only `wp jetonomy-sidecar token` and the service's own `jetonomy-sidecar token` print one, to an operator.
	 */
	public const OPERATOR = 'operator';

	/**
	 * Constructor.
	 *
	 * @param Keys $keys The keys to sign with.
	 */
	public function __construct( private readonly Keys $keys ) {}

	/**
	 * A token for a user, or null where there is no key to sign it with.
	 *
	 * @param int    $user_id  The user.
	 * @param string $sid      What credential() said, or OPERATOR.
	 * @param int    $lifetime Seconds, LIFETIME at most.
	 */
	public function issue( int $user_id, string $sid, int $lifetime = self::LIFETIME ): ?string {
		$now = time();

		return $this->keys->current()?->sign_token(
			array(
				'iss' => untrailingslashit( (string) get_option( 'home' ) ),
				'aud' => Signing_Key::AUDIENCE,
				'sub' => (string) $user_id,
				'iat' => $now,
				'exp' => $now + min( $lifetime, self::LIFETIME ),
				'sid' => $sid,
			)
		);
	}

	/**
	 * What this request proved the user with, as the claim sid: the application password, or the session
	 * of the cookie. Null where it was something else.
	 *
	 * Both are looked up where the sidecar looks them up, in the user's meta: a browser may send the
	 * cookie of one user and be signed in as another by other means, and a site that keeps its sessions
	 * elsewhere has none that the sidecar could see end.
	 *
	 * @param int $user_id The user this request was authenticated as.
	 */
	public function credential( int $user_id ): ?string {
		$uuid = rest_get_authenticated_app_password();

		if ( is_string( $uuid ) && null !== \WP_Application_Passwords::get_user_application_password( $user_id, $uuid ) ) {
			return 'app:' . $uuid;
		}

		$verifier = hash( 'sha256', wp_get_session_token() );
		$sessions = get_user_meta( $user_id, 'session_tokens', true );

		return is_array( $sessions ) && isset( $sessions[ $verifier ] ) ? 'session:' . $verifier : null;
	}
}
