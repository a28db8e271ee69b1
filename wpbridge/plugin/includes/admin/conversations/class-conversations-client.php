<?php
/**
 * Asks the service for the page Conversations.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin\Conversations;

use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Sidecar_Client;
use Jetonomy_Sidecar\Bridge\Token_Issuer;
use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * Calls the service as whoever is signed in. Nothing but their token proves to it who that is, and what they
 * may do it looks up itself. The signature proves that the rest of the call is WordPress's word: from which address
 * somebody looks, and that a nonce was checked.
 */
final class Conversations_Client {

	/**
	 * Code of the error when the service does not answer.
	 */
	public const UNAVAILABLE = 'jetonomy_sidecar_unavailable';

	/**
	 * Seconds that a token lives, which is for one call and never leaves the server.
	 */
	private const TOKEN_LIFETIME = 60;

	/**
	 * Seconds that a page is waited for, and an export.
	 */
	private const PAGE_TIMEOUT   = 10;
	private const COUNT_TIMEOUT  = 2;
	private const EXPORT_TIMEOUT = 1800;

	/**
	 * Constructor.
	 *
	 * @param Keys           $keys   The keys to sign with.
	 * @param Token_Issuer   $tokens Mints the token.
	 * @param Sidecar_Client $client The way to the service.
	 */
	public function __construct( private readonly Keys $keys, private readonly Token_Issuer $tokens, private readonly Sidecar_Client $client ) {}

	/**
	 * A page.
	 *
	 * @param array $request As wpbridge's protocol has it.
	 * @return array|WP_Error With status, title, html, redirect (or not) and open_reports.
	 */
	public function page( array $request ): array|WP_Error {
		$response = $this->call( 'page', $request, array( 'timeout' => self::PAGE_TIMEOUT ) );

		return $this->answer( $response, is_wp_error( $response ) ? '' : wp_remote_retrieve_body( $response ) );
	}

	/**
	 * How many reports are open, or null where the service does not say.
	 */
	public function open_reports(): ?int {
		$response = $this->call( 'page', array( 'page' => 'count' ), array( 'timeout' => self::COUNT_TIMEOUT ) );

		if ( is_wp_error( $response ) || 200 !== wp_remote_retrieve_response_code( $response ) ) {
			return null;
		}

		$answer = json_decode( wp_remote_retrieve_body( $response ), true );

		return is_int( $answer['open_reports'] ?? null ) ? $answer['open_reports'] : null;
	}

	/**
	 * An export, into a file: so that half of one is never taken for the whole.
	 *
	 * @param array  $request As for a page.
	 * @param string $file    The file.
	 * @return array|WP_Error Header values by name: content-type, content-disposition; of a refused one the page that
	 *                        says so, as page() has it.
	 */
	public function export( array $request, string $file ): array|WP_Error {
		$response = $this->call(
			'export',
			$request,
			array(
				'timeout'  => self::EXPORT_TIMEOUT,
				'stream'   => true,
				'filename' => $file,
			)
		);

		if ( is_wp_error( $response ) || 200 !== wp_remote_retrieve_response_code( $response ) ) {
			return $this->answer( $response, (string) file_get_contents( $file ) ); // phpcs:ignore WordPress.WP.AlternativeFunctions.file_get_contents_file_get_contents -- A temporary file.
		}

		return array(
			'content-type'        => (string) wp_remote_retrieve_header( $response, 'content-type' ),
			'content-disposition' => (string) wp_remote_retrieve_header( $response, 'content-disposition' ),
		);
	}

	/**
	 * One call.
	 *
	 * @param string $what    The last part of the path.
	 * @param array  $request The body.
	 * @param array  $args    For Sidecar_Client.
	 * @return array|WP_Error As of wp_remote_request().
	 */
	private function call( string $what, array $request, array $args ): array|WP_Error {
		$user_id = get_current_user_id();
		$token   = 0 === $user_id ? null : $this->tokens->issue( $user_id, $this->tokens->credential( $user_id ) ?? Token_Issuer::OPERATOR, self::TOKEN_LIFETIME );

		$key     = $this->keys->current();

		if ( null === $token || null === $key ) {
			return new WP_Error( self::UNAVAILABLE );
		}

		$path = '/jetonomy-sidecar/v1/admin/' . $what;
		$body = (string) wp_json_encode( $request, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );

		return $this->client->request(
			'POST',
			$path,
			array(
				'Authorization' => 'Bearer ' . $token,
				'Content-Type'  => 'application/json',
			) + $key->headers( 'POST', $path, time(), $body ),
			$body,
			$args
		);
	}

	/**
	 * The page in an answer, or what went wrong.
	 *
	 * @param array|WP_Error $response The answer.
	 * @param string         $body     Its body.
	 */
	private function answer( array|WP_Error $response, string $body ): array|WP_Error {
		$status = is_wp_error( $response ) ? 503 : (int) wp_remote_retrieve_response_code( $response );
		$answer = is_wp_error( $response ) ? null : json_decode( $body, true );

		if ( $status < 500 && is_string( $answer['html'] ?? null ) ) {
			return $answer;
		}

		if ( $status >= 400 && $status < 500 && 404 !== $status && is_string( $answer['message'] ?? null ) ) {
			return new WP_Error( 'jetonomy_sidecar_refused', self::refusal( (string) ( $answer['code'] ?? '' ) ) ?? $answer['message'], array( 'status' => $status ) );
		}

		return new WP_Error(
			self::UNAVAILABLE,
			__( 'The messages service does not answer, so conversations cannot be shown at the moment.', 'jetonomy-sidecar' ),
			array( 'status' => 503 )
		);
	}

	/**
	 * What a refusal says that is no page, or null where the service's own words say more.
	 *
	 * @param string $code The service's code.
	 */
	private static function refusal( string $code ): ?string {
		return match ( $code ) {
			'jetonomy_body_too_large'                      => __( 'That was too much at once. Shorten the text, or select fewer conversations.', 'jetonomy-sidecar' ),
			'rest_forbidden'                               => __( 'Sorry, you are not allowed to do that.', 'jetonomy-sidecar' ),
			'rest_not_logged_in', 'jetonomy_invalid_token' => __( 'The messages service does not accept your sign-in. Sign out and in again; if that does not help, look at Tools → Site Health.', 'jetonomy-sidecar' ),
			default                                        => null,
		};
	}
}
