<?php
/**
 * Checks who signed a call to this site.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Events;

use Jetonomy_Sidecar\Bridge\Keys;
use WP_REST_Request;

defined( 'ABSPATH' ) || exit;

/**
 * Knows the sidecar by the signature of its calls, made with the current key or, for an hour after a
 * rotation, with the previous one.
 */
final class Call_Verifier {

	/**
	 * Constructor.
	 *
	 * @param Keys $keys The keys.
	 */
	public function __construct( private readonly Keys $keys ) {}

	/**
	 * Whether the sidecar signed this request, and did so within the last 5 minutes.
	 *
	 * @param WP_REST_Request $request The request.
	 * @param string          $path    The REST path that must have been signed.
	 */
	public function is_signed( WP_REST_Request $request, string $path ): bool {
		$timestamp = (string) $request->get_header( 'x_jetonomy_timestamp' );

		if ( 1 !== preg_match( '/^[1-9][0-9]{0,15}$/D', $timestamp ) ) {
			return false;
		}

		foreach ( array( $this->keys->existing(), $this->keys->previous() ) as $key ) {
			if ( null !== $key && hash_equals( $key->kid(), (string) $request->get_header( 'x_jetonomy_key' ) ) ) {
				return $key->verify_request(
					self::signature( $request ),
					strtoupper( $request->get_method() ),
					$path,
					(int) $timestamp,
					(string) $request->get_body(),
					time()
				);
			}
		}

		return false;
	}

	/**
	 * The signature that came with a request, '' for none. Its hexadecimal digits are small ones.
	 *
	 * @param WP_REST_Request $request The request.
	 */
	public static function signature( WP_REST_Request $request ): string {
		return strtolower( (string) $request->get_header( 'x_jetonomy_signature' ) );
	}
}
