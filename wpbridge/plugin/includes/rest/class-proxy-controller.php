<?php
/**
 * Passes requests on to the sidecar.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Rest;

use Jetonomy_Sidecar\Bridge\Sidecar_Client;
use Jetonomy_Sidecar\Bridge\Token_Issuer;
use WP_Error;
use WP_REST_Request;

defined( 'ABSPATH' ) || exit;

/**
 * Answers every proxied route with what the sidecar says, and with a clear 503 where it says nothing
 * for two seconds.
 */
final class Proxy_Controller {

	/**
	 * Says in calls to the sidecar that they come from here. Where the configured address is the site's
	 * own, the call comes back, and is recognised by this before it goes round for ever.
	 */
	private const VIA = '1.1 jetonomy-sidecar-plugin';

	/**
	 * Seconds that a minted token lives: it is used once, at once, and never leaves the server.
	 */
	private const TOKEN_LIFETIME = 60;

	/**
	 * Constructor.
	 *
	 * @param Token_Issuer   $tokens Mints a token for the user of the request.
	 * @param Sidecar_Client $client The way to the sidecar.
	 */
	public function __construct( private readonly Token_Issuer $tokens, private readonly Sidecar_Client $client ) {}

	/**
	 * Passes one request on.
	 *
	 * @param WP_REST_Request $request The request.
	 */
	public function forward( WP_REST_Request $request ): Sidecar_Response {
		$this->forbid_caching();

		if ( str_contains( (string) $request->get_header( 'via' ), self::VIA ) ) {
			return $this->unavailable();
		}

		$outgoing = Outgoing_Request::from_rest( $request );

		if ( null === $outgoing ) {
			return Sidecar_Response::from_error(
				new WP_Error(
					'rest_invalid_param',
					__( 'The parameters contain characters that are not valid UTF-8.', 'jetonomy-sidecar' ),
					array( 'status' => 400 )
				)
			);
		}

		$user_id = get_current_user_id();
		$token   = Outgoing_Request::bearer_token( $request );

		if ( null === $token && 0 !== $user_id ) {
			$sid   = $this->tokens->credential( $user_id ) ?? Token_Issuer::OPERATOR;
			$token = $this->tokens->issue( $user_id, $sid, self::TOKEN_LIFETIME );

			if ( null === $token ) {
				return $this->unavailable();
			}
		}

		$headers = $outgoing->headers + array( 'Via' => self::VIA );

		if ( null !== $token ) {
			$headers['Authorization'] = 'Bearer ' . $token;
		}

		$answer = $this->client->request( $outgoing->method, $outgoing->path, $headers, $outgoing->body );

		if ( is_wp_error( $answer ) ) {
			return $this->unavailable();
		}

		return Sidecar_Response::from_http( $answer, $outgoing->method ) ?? Sidecar_Response::from_error(
			new WP_Error(
				'jetonomy_sidecar_bad_answer',
				__( 'The messages service gave an answer that cannot be understood. Please try again later.', 'jetonomy-sidecar' ),
				array( 'status' => 502 )
			)
		);
	}

	/**
	 * The answer where the sidecar gives none.
	 */
	private function unavailable(): Sidecar_Response {
		return Sidecar_Response::from_error(
			new WP_Error(
				'jetonomy_sidecar_unavailable',
				__( 'Messages are not available right now. What you wrote is not lost; please try again in a moment.', 'jetonomy-sidecar' ),
				array( 'status' => 503 )
			),
			array( 'Retry-After' => '5' )
		);
	}

	/**
	 * Keeps page caches away. To them a request with a bearer token may look like a visitor's, whose
	 * REST answers some of them keep and show to others.
	 */
	private function forbid_caching(): void {
		if ( ! defined( 'DONOTCACHEPAGE' ) ) {
			define( 'DONOTCACHEPAGE', true );
		}

		add_filter( 'rest_send_nocache_headers', '__return_true' );
	}
}
