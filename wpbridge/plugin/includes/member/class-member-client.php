<?php
/**
 * Asks the service for a member.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Member;

use Jetonomy_Sidecar\Bridge\Sidecar_Client;
use Jetonomy_Sidecar\Bridge\Token_Issuer;
use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * Calls the service's routes as the member who is signed in. Decides nothing: what the service refuses
 * comes back as an error with the service's own code and status, and what it says in the language of the page.
 */
final class Member_Client {

	/**
	 * Code of the error when the service does not answer.
	 */
	public const UNAVAILABLE = 'jetonomy_sidecar_unavailable';

	/**
	 * Code of the service's error when a client key was used for something else before.
	 */
	public const KEY_REUSED = 'jetonomy_idempotency_conflict';

	/**
	 * Seconds that a token lives, which is for one call and never leaves the server.
	 */
	private const TOKEN_LIFETIME = 60;

	/**
	 * Whether the service did not answer in this request. Nothing waits for it a second time.
	 *
	 * @var bool
	 */
	private bool $is_down = false;

	/**
	 * Constructor.
	 *
	 * @param Token_Issuer   $tokens Mints the member's token.
	 * @param Sidecar_Client $client The way to the service.
	 */
	public function __construct( private readonly Token_Issuer $tokens, private readonly Sidecar_Client $client ) {}

	/**
	 * Reads.
	 *
	 * @param string $path  Path below jetonomy/v1, beginning with a slash.
	 * @param array  $query Parameters; empty strings are left out.
	 * @return array|WP_Error The decoded answer.
	 */
	public function get( string $path, array $query = array() ): array|WP_Error {
		$query = http_build_query( array_filter( $query, static fn( $value ): bool => '' !== $value ), '', '&', PHP_QUERY_RFC3986 );

		return $this->call( 'GET', '' === $query ? $path : $path . '?' . $query, null );
	}

	/**
	 * Changes something.
	 *
	 * @param string $path Path below jetonomy/v1, beginning with a slash.
	 * @param array  $body Parameters.
	 * @return array|WP_Error The decoded answer.
	 */
	public function post( string $path, array $body = array() ): array|WP_Error {
		return $this->call( 'POST', $path, $body );
	}

	/**
	 * One call.
	 *
	 * @param string     $method HTTP method.
	 * @param string     $path   Path below jetonomy/v1, with the query.
	 * @param array|null $body   What to send as JSON, null for nothing.
	 * @return array|WP_Error
	 */
	private function call( string $method, string $path, ?array $body ): array|WP_Error {
		$user_id = get_current_user_id();
		$token   = $this->is_down || 0 === $user_id ? null : $this->tokens->issue(
			$user_id,
			$this->tokens->credential( $user_id ) ?? Token_Issuer::OPERATOR,
			self::TOKEN_LIFETIME
		);

		// Not wp_json_encode(): it would replace bytes that are not UTF-8, and this may be somebody's message.
		$json = null === $body ? '' : json_encode( (object) $body, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );

		if ( false === $json ) {
			return new WP_Error( 'rest_invalid_param', __( 'The text contains characters that are not valid UTF-8.', 'jetonomy-sidecar' ), array( 'status' => 400 ) );
		}

		if ( null === $token ) {
			return $this->unavailable();
		}

		$headers = array(
			'Authorization'   => 'Bearer ' . $token,
			'Accept-Language' => str_replace( '_', '-', determine_locale() ),
			'Content-Type'    => null === $body ? '' : 'application/json',
		);

		$response = $this->client->request( $method, '/jetonomy/v1' . $path, $headers, $json );

		return is_wp_error( $response ) ? $this->unavailable() : $this->read( $response );
	}

	/**
	 * The answer of a call.
	 *
	 * @param array $response As of wp_remote_request().
	 * @return array|WP_Error
	 */
	private function read( array $response ): array|WP_Error {
		$status = (int) wp_remote_retrieve_response_code( $response );
		$answer = json_decode( wp_remote_retrieve_body( $response ), true );

		if ( ! is_array( $answer ) || $status >= 500 || 404 === $status ) {
			return $this->unavailable();
		}

		if ( $status >= 200 && $status < 300 ) {
			return $answer;
		}

		$code    = is_string( $answer['code'] ?? null ) ? $answer['code'] : 'jetonomy_sidecar_refused';
		$message = is_string( $answer['message'] ?? null ) ? $answer['message'] : __( 'This did not work.', 'jetonomy-sidecar' );
		$data    = is_array( $answer['data'] ?? null ) ? $answer['data'] : array();

		return new WP_Error( $code, Service_Texts::error( $code, $message, $data ), array( 'status' => $status ) );
	}

	/**
	 * The error when there is no answer.
	 */
	private function unavailable(): WP_Error {
		$this->is_down = true;

		return new WP_Error(
			self::UNAVAILABLE,
			__( 'Messages cannot be reached at the moment. Please try again in a minute.', 'jetonomy-sidecar' ),
			array( 'status' => 503 )
		);
	}
}
