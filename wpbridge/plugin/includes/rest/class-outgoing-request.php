<?php
/**
 * What of a REST request goes to the sidecar.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Rest;

use WP_REST_Request;

defined( 'ABSPATH' ) || exit;

/**
 * A REST request in the form in which the sidecar gets it: the same method, path, query and body, and of
 * the headers only those that mean something there. Knows nothing of who is calling.
 */
final class Outgoing_Request {

	/**
	 * Parameters that are WordPress's own business, which it has dealt with or still will.
	 */
	private const WORDPRESS_PARAMS = array( 'rest_route', '_locale', '_wpnonce', '_method', '_envelope', '_embed', '_fields', '_jsonp', '_pretty' );

	/**
	 * Use from_rest().
	 *
	 * @param string $method  HTTP method.
	 * @param string $path    REST path behind /wp-json, encoded, with the query.
	 * @param array  $headers Header values by name.
	 * @param string $body    The body's bytes.
	 */
	private function __construct(
		public readonly string $method,
		public readonly string $path,
		public readonly array $headers,
		public readonly string $body
	) {}

	/**
	 * Translates a request, or gives null where its parameters cannot be written as JSON.
	 *
	 * @param WP_REST_Request $request A request from outside, or one that code on this site dispatches.
	 */
	public static function from_rest( WP_REST_Request $request ): ?self {
		$method = strtoupper( $request->get_method() );
		$path   = implode( '/', array_map( 'rawurlencode', explode( '/', $request->get_route() ) ) );
		$query  = http_build_query( self::without_wordpress_params( $request->get_query_params() ), '', '&', PHP_QUERY_RFC3986 );

		$entity = self::entity( $request, $method );

		if ( null === $entity ) {
			return null;
		}

		list( $content_type, $body ) = $entity;

		$headers = array(
			'Content-Type'    => $content_type,
			'Idempotency-Key' => (string) $request->get_header( 'idempotency_key' ),
			'Accept-Language' => (string) $request->get_header( 'accept_language' ),
		);

		// An empty Content-Type has to be said, or WordPress's HTTP API calls every body a form.
		$headers = array_filter(
			$headers,
			static fn( string $value, string $name ): bool => '' !== $value || 'Content-Type' === $name,
			ARRAY_FILTER_USE_BOTH
		);

		return new self( $method, '' === $query ? $path : $path . '?' . $query, $headers, $body );
	}

	/**
	 * The bearer token a request came with, or null.
	 *
	 * @param WP_REST_Request $request The request.
	 */
	public static function bearer_token( WP_REST_Request $request ): ?string {
		$is_bearer = preg_match( '/^Bearer +([A-Za-z0-9._~+\/=-]+)\s*$/i', (string) $request->get_header( 'authorization' ), $matches );

		return $is_bearer ? $matches[1] : null;
	}

	/**
	 * Content type and body.
	 *
	 * A body passes as received, except for what WordPress's own endpoints understand besides JSON: forms,
	 * and the parameters of a request that code on this site made. Those become JSON.
	 *
	 * @param WP_REST_Request $request The request.
	 * @param string          $method  Its HTTP method in capitals.
	 * @return array{string, string}|null
	 */
	private static function entity( WP_REST_Request $request, string $method ): ?array {
		if ( in_array( $method, array( 'GET', 'HEAD' ), true ) ) {
			return array( '', '' );
		}

		// WordPress reads the form in the body of a PUT, PATCH or DELETE when somebody asks for a parameter.
		$request->get_params();

		$raw      = (string) $request->get_body();
		$type     = $request->get_content_type()['value'] ?? '';
		$received = array( (string) $request->get_header( 'content_type' ), $raw );

		if ( '' !== $raw && ! in_array( $type, array( 'application/x-www-form-urlencoded', 'multipart/form-data' ), true ) ) {
			return $received;
		}

		$params = self::without_wordpress_params(
			array_merge( (array) $request->get_body_params(), (array) $request->get_json_params() )
		);

		if ( array() === $params ) {
			// PHP reads multipart bodies of POST only: the sidecar may say itself that it reads none.
			return '' !== $raw && 'multipart/form-data' === $type ? $received : array( '', '' );
		}

		// Not wp_json_encode(): it would replace bytes that are not UTF-8, and this may be somebody's message.
		$json = json_encode( (object) $params, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION );

		return false === $json ? null : array( 'application/json', $json );
	}

	/**
	 * Parameters less those that are WordPress's.
	 *
	 * @param array $params Values by name.
	 */
	private static function without_wordpress_params( array $params ): array {
		return array_diff_key( $params, array_flip( self::WORDPRESS_PARAMS ) );
	}
}
