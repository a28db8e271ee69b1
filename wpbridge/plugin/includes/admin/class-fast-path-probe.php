<?php
/**
 * Looks which way requests take.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Bridge\Token_Issuer;
use Jetonomy_Sidecar\Settings;

defined( 'ABSPATH' ) || exit;

/**
 * Asks the site itself, at its public address, as a member's app would: with a bearer token. The sidecar
 * names its version in each of its answers; WordPress does not pass that header on.
 */
final class Fast_Path_Probe {

	private const ROUTE = 'jetonomy/v1/conversations/unread-count';

	/**
	 * Constructor.
	 *
	 * @param Token_Issuer $tokens   Mints the token.
	 * @param Settings     $settings Knows where the web server is.
	 */
	public function __construct( private readonly Token_Issuer $tokens, private readonly Settings $settings ) {}

	/**
	 * Whether the sidecar itself answers at the site's address; null where the site cannot be reached from
	 * here. Waits 5 seconds at most.
	 *
	 * The token is past its time already. The way is the same, whatever the answer is, and nobody who sees
	 * it on the way can use it: sites may have their certificate's check turned off for such requests.
	 */
	public function is_direct(): ?bool {
		$token = (string) $this->tokens->issue( get_current_user_id(), Token_Issuer::OPERATOR, -HOUR_IN_SECONDS );

		list( $url, $host ) = $this->address();

		$response = wp_remote_get(
			$url,
			array(
				'timeout'     => 5,
				'redirection' => 0,
				/** This filter is documented in wp-includes/class-wp-http-streams.php */
				'sslverify'   => apply_filters( 'https_local_ssl_verify', false ),
				'headers'     => $host + array(
					'Authorization' => 'Bearer ' . $token,
					'Cache-Control' => 'no-cache',
				),
			)
		);

		if ( is_wp_error( $response ) || '' === wp_remote_retrieve_response_code( $response ) ) {
			return null;
		}

		return array() !== array_filter( (array) wp_remote_retrieve_header( $response, 'x-jetonomy-sidecar' ) );
	}

	/**
	 * Where to ask: at the site's address, or at the web server's, which is then told the site's.
	 *
	 * @return array{0: string, 1: array<string, string>} The URL and headers.
	 */
	private function address(): array {
		$public = rest_url( self::ROUTE );
		$base   = $this->settings->probe_url();

		if ( '' === $base || ! preg_match( '~^https?://([^/?#]+)(.*)$~i', $public, $parts ) ) {
			return array( $public, array() );
		}

		return array( $base . $parts[2], array( 'Host' => $parts[1] ) );
	}
}
