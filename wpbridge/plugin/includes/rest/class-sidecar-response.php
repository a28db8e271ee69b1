<?php
/**
 * An answer of the sidecar.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Rest;

use WP_Error;
use WP_REST_Response;

defined( 'ABSPATH' ) || exit;

/**
 * What the sidecar answered, as a REST response: its status, its body and some of its headers.
 */
final class Sidecar_Response extends WP_REST_Response {

	/**
	 * The headers that come back.
	 */
	private const HEADERS = array( 'X-WP-Total', 'X-WP-TotalPages', 'Link', 'Allow', 'Retry-After', 'Location', 'Idempotent-Replayed' );

	/**
	 * The Allow header, or null where the answer has none.
	 *
	 * @var string|null
	 */
	private ?string $allow = null;

	/**
	 * Reads an answer of wp_remote_request().
	 *
	 * @param array  $http   The answer.
	 * @param string $method HTTP method it is the answer to.
	 * @return self|null Null where the answer is not one of the sidecar's.
	 */
	public static function from_http( array $http, string $method ): ?self {
		$status = (int) wp_remote_retrieve_response_code( $http );
		$body   = wp_remote_retrieve_body( $http );
		$data   = null;

		if ( 'HEAD' !== $method && 204 !== $status ) {
			$data = json_decode( $body, false, 512, JSON_BIGINT_AS_STRING );

			if ( JSON_ERROR_NONE !== json_last_error() ) {
				return null;
			}
		}

		$headers = array();

		foreach ( self::HEADERS as $name ) {
			$value = implode( ', ', (array) wp_remote_retrieve_header( $http, $name ) );

			// CGI makes a redirect of any answer with 200 and a Location.
			if ( '' !== $value && ( 'Location' !== $name || 200 !== $status ) ) {
				$headers[ $name ] = $value;
			}
		}

		return self::make( self::to_arrays( $data ), $status, $headers );
	}

	/**
	 * An error in WordPress's shape.
	 *
	 * @param WP_Error $error   The error, with its status in its data.
	 * @param array    $headers Headers to send with it.
	 */
	public static function from_error( WP_Error $error, array $headers = array() ): self {
		$response = rest_convert_error_to_response( $error );

		return self::make( $response->get_data(), $response->get_status(), $headers );
	}

	/**
	 * Makes the Allow header what it was when the answer was made.
	 */
	public function restore_allow_header(): void {
		$headers = $this->get_headers();
		unset( $headers['Allow'] );

		if ( null !== $this->allow ) {
			$headers['Allow'] = $this->allow;
		}

		$this->set_headers( $headers );
	}

	/**
	 * The response, with its Allow header remembered.
	 *
	 * @param mixed $data    Decoded body.
	 * @param int   $status  HTTP status.
	 * @param array $headers Header values by name.
	 */
	private static function make( mixed $data, int $status, array $headers ): self {
		$response        = new self( $data, $status, $headers );
		$response->allow = $headers['Allow'] ?? null;

		return $response;
	}

	/**
	 * Objects of decoded JSON as arrays, which is what users of a REST response expect. One that would be
	 * written as a list then, above all the empty one, stays an object.
	 *
	 * @param mixed $value Decoded JSON.
	 */
	private static function to_arrays( mixed $value ): mixed {
		if ( ! is_array( $value ) && ! is_object( $value ) ) {
			return $value;
		}

		$array = array_map( self::to_arrays( ... ), (array) $value );

		return is_object( $value ) && array_is_list( $array ) ? (object) $array : $array;
	}
}
