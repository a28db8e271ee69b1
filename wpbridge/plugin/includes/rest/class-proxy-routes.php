<?php
/**
 * The routes that are passed on to the sidecar.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Rest;

use Jetonomy_Sidecar\Bridge\Signing_Key;
use Jetonomy_Sidecar\Extension_Switch;
use WP_HTTP_Response;
use WP_REST_Request;

defined( 'ABSPATH' ) || exit;

/**
 * Registers the sidecar's routes of jetonomy/v1 while the extension is on, so that messaging works with
 * no rule in the web server. What lies under /conversations and /messaging and is not in this list is
 * WordPress's own 404, and so is all of it while the extension is off.
 */
final class Proxy_Routes {

	/**
	 * The namespace, which is Jetonomy's.
	 */
	public const API_NAMESPACE = 'jetonomy/v1';

	/**
	 * The routes, as register_rest_route() takes them.
	 */
	public const ROUTES = array(
		'/conversations',
		'/conversations/unread-count',
		'/conversations/read-all',
		'/conversations/(?P<id>\d+)',
		'/conversations/(?P<id>\d+)/(?:messages|mute|archive|leave|block|read|report|participants)',
		'/messaging/recipient-suggestions',
	);

	/**
	 * After every other plugin.
	 */
	private const LATE = 100;

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch     The switch.
	 * @param Proxy_Controller $controller Answers all routes.
	 */
	public function __construct( private readonly Extension_Switch $switch, private readonly Proxy_Controller $controller ) {}

	/**
	 * Hooks the routes in.
	 */
	public function register(): void {
		add_action( 'rest_api_init', array( $this, 'register_routes' ), self::LATE );
	}

	/**
	 * Registers the routes, while the extension is on.
	 *
	 * All methods of each are ours, so that a wrong one gets the sidecar's 405 with its Allow header. HEAD
	 * comes with GET, and OPTIONS is answered by WordPress.
	 */
	public function register_routes(): void {
		if ( ! $this->switch->is_enabled() ) {
			return;
		}

		foreach ( self::ROUTES as $route ) {
			register_rest_route(
				self::API_NAMESPACE,
				$route,
				array(
					'methods'             => 'GET, POST, PUT, PATCH, DELETE',
					'callback'            => array( $this->controller, 'forward' ),
					// The sidecar decides who may do what, and reads that from the database itself. It gets to
					// know the user as whom WordPress authenticated the request: a cookie without its nonce has
					// made that nobody by now, and a wrong nonce never comes this far.
					'permission_callback' => '__return_true',
				),
				true
			);
		}

		add_filter( 'rest_endpoints', array( $this, 'put_first' ), self::LATE );
		add_filter( 'rest_pre_dispatch', array( $this, 'let_own_token_pass' ), self::LATE, 3 );
		add_filter( 'rest_post_dispatch', array( $this, 'restore_allow_header' ), self::LATE );
	}

	/**
	 * Makes our routes the only ones under their two paths. Overriding is not enough for that: another
	 * plugin's pattern for the same path need not be spelled like ours, and WordPress takes the first.
	 *
	 * @param array $endpoints Handlers by pattern.
	 * @return array The same without others' conversations and messaging, ours first.
	 */
	public function put_first( $endpoints ): array {
		$endpoints = (array) $endpoints;
		$ours      = array();

		foreach ( self::ROUTES as $route ) {
			$pattern = '/' . self::API_NAMESPACE . $route;

			if ( isset( $endpoints[ $pattern ] ) ) {
				$ours[ $pattern ] = $endpoints[ $pattern ];
			}
		}

		if ( array() === $ours ) {
			return $endpoints;
		}

		$others = array_filter(
			$endpoints,
			static fn( $pattern ): bool => 1 !== preg_match( '#^/jetonomy/v1/(?:conversations|messaging)(?![\w-])#i', (string) $pattern ),
			ARRAY_FILTER_USE_KEY
		);

		return $ours + $others;
	}

	/**
	 * Takes back the refusal of a sidecar token by the plugin "JWT Authentication for WP REST API", which
	 * checks every bearer token of every REST request with its own key. The sidecar checks ours.
	 *
	 * @param mixed           $result  Answer of another plugin, null for none.
	 * @param mixed           $server  The REST server.
	 * @param WP_REST_Request $request The request.
	 * @return mixed
	 */
	public function let_own_token_pass( $result, $server, $request ) {
		if ( ! is_wp_error( $result ) || ! str_starts_with( (string) $result->get_error_code(), 'jwt_auth_' ) ) {
			return $result;
		}

		$token = Outgoing_Request::bearer_token( $request );

		if ( null === $token || ! Signing_Key::is_addressed_to_sidecar( $token ) ) {
			return $result;
		}

		foreach ( self::ROUTES as $route ) {
			if ( 1 === preg_match( '@^/' . self::API_NAMESPACE . $route . '$@i', $request->get_route() ) ) {
				return null;
			}
		}

		return $result;
	}

	/**
	 * Puts the sidecar's own Allow header back, or none: WordPress has just written there what is
	 * registered, which is every method.
	 *
	 * @param WP_HTTP_Response $response The answer about to be sent.
	 * @return WP_HTTP_Response
	 */
	public function restore_allow_header( $response ) {
		if ( $response instanceof Sidecar_Response ) {
			$response->restore_allow_header();
		}

		return $response;
	}
}
