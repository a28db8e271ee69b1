<?php
/**
 * Calls to the sidecar.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Bridge;

use Jetonomy_Sidecar\Settings;
use WP_Error;
use WP_Http;
use WP_HTTP_Requests_Response;
use WpOrg\Requests\Exception as Requests_Exception;
use WpOrg\Requests\Requests;

defined( 'ABSPATH' ) || exit;

/**
 * Speaks HTTP with the sidecar through WordPress's HTTP API, so that its filters see these calls too.
 *
 * Two settings of wp-config.php are about the outside world and do not stop calls to the sidecar, whose
 * address the site's owner configured: WP_HTTP_BLOCK_EXTERNAL, which lets only the site's own host and
 * 'localhost' pass (and not 127.0.0.1), and WP_PROXY_HOST.
 */
final class Sidecar_Client {

	/**
	 * Constructor.
	 *
	 * @param Settings $settings Knows where the sidecar is.
	 */
	public function __construct( private readonly Settings $settings ) {}

	/**
	 * One call.
	 *
	 * @param string $method  HTTP method.
	 * @param string $path    REST path behind /wp-json, already encoded, with the query.
	 * @param array  $headers Header values by name.
	 * @param string $body    The body; ignored for GET and HEAD.
	 * @param array  $args    Arguments of wp_remote_request() to replace: timeout (2 seconds), blocking (true); stream and filename for an answer that goes into a file.
	 * @return array|WP_Error As wp_remote_request().
	 */
	public function request( string $method, string $path, array $headers = array(), string $body = '', array $args = array() ): array|WP_Error {
		$url  = $this->settings->sidecar_url() . '/wp-json' . $path;
		$args = array_merge(
			array(
				'method'      => $method,
				'headers'     => $headers,
				// WordPress appends the body of a GET to its URL.
				'body'        => '' === $body || in_array( $method, array( 'GET', 'HEAD' ), true ) ? null : $body,
				'timeout'     => 2,
				'redirection' => 0,
				'blocking'    => true,
				'user-agent'  => 'jetonomy-sidecar/' . JETONOMY_SIDECAR_VERSION . ' (WordPress plugin)',
			),
			$args
		);

		if ( ( new WP_Http() )->block_request( $url ) ) {
			return $this->request_behind_wall( $url, $args );
		}

		add_filter( 'pre_http_send_through_proxy', '__return_false', PHP_INT_MAX );
		$response = wp_remote_request( $url, $args );
		remove_filter( 'pre_http_send_through_proxy', '__return_false', PHP_INT_MAX );

		return $response;
	}

	/**
	 * The same call where WP_HTTP_BLOCK_EXTERNAL is on and would stop it.
	 *
	 * @param string $url  The URL.
	 * @param array  $args Arguments as of wp_remote_request().
	 * @return array|WP_Error As wp_remote_request().
	 */
	private function request_behind_wall( string $url, array $args ): array|WP_Error {
		try {
			$response = Requests::request(
				$url,
				$args['headers'],
				$args['body'],
				$args['method'],
				array(
					'timeout'          => $args['timeout'],
					'useragent'        => $args['user-agent'],
					'blocking'         => $args['blocking'],
					'filename'         => $args['filename'] ?? false,
					'follow_redirects' => false,
					'verify'           => ABSPATH . WPINC . '/certificates/ca-bundle.crt',
				)
			);

			return ( new WP_HTTP_Requests_Response( $response ) )->to_array();
		} catch ( Requests_Exception $e ) {
			return new WP_Error( 'http_request_failed', $e->getMessage() );
		}
	}
}
