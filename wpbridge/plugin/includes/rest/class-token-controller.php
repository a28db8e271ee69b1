<?php
/**
 * The endpoint that hands out tokens.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Rest;

use Jetonomy_Sidecar\Bridge\Token_Issuer;
use Jetonomy_Sidecar\Extension_Switch;
use WP_Error;
use WP_REST_Response;
use WP_REST_Server;

defined( 'ABSPATH' ) || exit;

/**
 * POST /wp-json/jetonomy-sidecar/v1/token gives a signed-in member (cookie with X-WP-Nonce, or
 * application password) a token for the sidecar: {"token": "…", "expires_in": 600}.
 */
final class Token_Controller {

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch The switch; off means that the route does not exist.
	 * @param Token_Issuer     $tokens Mints the tokens.
	 */
	public function __construct( private readonly Extension_Switch $switch, private readonly Token_Issuer $tokens ) {}

	/**
	 * Hooks the route in.
	 */
	public function register(): void {
		add_action( 'rest_api_init', array( $this, 'register_routes' ) );
	}

	/**
	 * Registers the route, while the extension is on.
	 */
	public function register_routes(): void {
		if ( ! $this->switch->is_enabled() ) {
			return;
		}

		register_rest_route(
			'jetonomy-sidecar/v1',
			'/token',
			array(
				'methods'             => WP_REST_Server::CREATABLE,
				'callback'            => array( $this, 'create' ),
				'permission_callback' => array( $this, 'check_permission' ),
			)
		);
	}

	/**
	 * Every member may have a token: what its bearer may do, the sidecar decides on every call.
	 *
	 * @return true|WP_Error
	 */
	public function check_permission(): bool|WP_Error {
		if ( is_user_logged_in() ) {
			return true;
		}

		return new WP_Error(
			'rest_not_logged_in',
			__( 'You are not signed in.', 'jetonomy-sidecar' ),
			array( 'status' => 401 )
		);
	}

	/**
	 * Mints the token.
	 *
	 * @return WP_REST_Response|WP_Error
	 */
	public function create(): WP_REST_Response|WP_Error {
		$user_id = get_current_user_id();
		$sid     = $this->tokens->credential( $user_id );

		if ( null === $sid ) {
			return new WP_Error(
				'jetonomy_sidecar_no_session',
				__( 'A token ends together with the session or the application password it came from, and this request was signed in by neither. Sign in with a browser session or an application password.', 'jetonomy-sidecar' ),
				array( 'status' => 403 )
			);
		}

		$token = $this->tokens->issue( $user_id, $sid );

		if ( null === $token ) {
			return new WP_Error(
				'jetonomy_sidecar_no_key',
				__( 'The signing key could not be stored, so no token can be made.', 'jetonomy-sidecar' ),
				array( 'status' => 500 )
			);
		}

		return new WP_REST_Response(
			array(
				'token'      => $token,
				'expires_in' => Token_Issuer::LIFETIME,
			),
			200,
			array( 'Cache-Control' => 'no-store' )
		);
	}
}
