<?php
/**
 * The endpoint that takes events.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Events;

use WP_Error;
use WP_REST_Request;
use WP_REST_Response;
use WP_REST_Server;

defined( 'ABSPATH' ) || exit;

/**
 * POST /wp-json/jetonomy-sidecar/v1/events takes a batch of events from the sidecar, whether the extension
 * is on or off. To everybody else it is a route that does not exist.
 */
final class Events_Controller {

	/**
	 * The route's namespace and path.
	 */
	private const API_NAMESPACE = 'jetonomy-sidecar/v1';
	private const ROUTE         = '/events';

	/**
	 * The REST path, as it is signed.
	 */
	public const PATH = '/' . self::API_NAMESPACE . self::ROUTE;

	/**
	 * Events in a batch at most.
	 */
	public const MAX_EVENTS = 64;

	/**
	 * Bytes of a batch at most.
	 */
	public const MAX_BYTES = 256 * KB_IN_BYTES;

	/**
	 * Before other plugins look at the request, and before WordPress answers OPTIONS.
	 */
	private const EARLY = 1;

	/**
	 * Constructor.
	 *
	 * @param Call_Verifier  $verifier Knows the sidecar.
	 * @param Handled_Events $handled  Remembers what was handled.
	 * @param Event_Batch    $batch    Handles events.
	 */
	public function __construct(
		private readonly Call_Verifier $verifier,
		private readonly Handled_Events $handled,
		private readonly Event_Batch $batch
	) {}

	/**
	 * Hooks the route in.
	 */
	public function register(): void {
		add_action( 'rest_api_init', array( $this, 'register_routes' ) );
		add_filter( 'rest_pre_dispatch', array( $this, 'hide' ), self::EARLY, 3 );
	}

	/**
	 * Registers the route.
	 */
	public function register_routes(): void {
		register_rest_route(
			self::API_NAMESPACE,
			self::ROUTE,
			array(
				'methods'             => WP_REST_Server::CREATABLE,
				'callback'            => array( $this, 'receive' ),
				'permission_callback' => array( $this, 'check_permission' ),
				'show_in_index'       => false,
			)
		);
	}

	/**
	 * Answers what is not signed as WordPress answers an unknown route. This early, because WordPress would
	 * complain about a body that is no JSON before it asks for permission.
	 *
	 * @param mixed           $result  Answer of another plugin, null for none.
	 * @param mixed           $server  The REST server.
	 * @param WP_REST_Request $request The request.
	 * @return mixed
	 */
	public function hide( $result, $server, $request ) {
		if ( 0 !== strcasecmp( self::PATH, untrailingslashit( (string) $request->get_route() ) ) ) {
			return $result;
		}

		return $this->verifier->is_signed( $request, self::PATH ) ? $result : self::unknown_route();
	}

	/**
	 * Only the sidecar may. Asked more than once for a request.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return true|WP_Error
	 */
	public function check_permission( WP_REST_Request $request ): bool|WP_Error {
		return $this->verifier->is_signed( $request, self::PATH ) ? true : self::unknown_route();
	}

	/**
	 * Takes a batch.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return WP_REST_Response|WP_Error
	 */
	public function receive( WP_REST_Request $request ): WP_REST_Response|WP_Error {
		$events = self::read( (string) $request->get_body() );

		if ( null === $events ) {
			return new WP_Error(
				'jetonomy_sidecar_bad_batch',
				__( 'This is not a batch of events, or too large a one.', 'jetonomy-sidecar' ),
				array( 'status' => 400 )
			);
		}

		try {
			if ( ! $this->handled->use_signature( Call_Verifier::signature( $request ) ) ) {
				return new WP_Error(
					'jetonomy_sidecar_replayed',
					__( 'This call was made before.', 'jetonomy-sidecar' ),
					array( 'status' => 409 )
				);
			}

			$this->handled->prune();
		} catch ( Event_Failure $e ) {
			return new WP_Error(
				'jetonomy_sidecar_not_ready',
				__( 'Events cannot be remembered: the table is missing or cannot be written.', 'jetonomy-sidecar' ),
				array( 'status' => 503 )
			);
		}

		return new WP_REST_Response(
			array( 'results' => (object) $this->batch->handle( $events ) ),
			200,
			array( 'Cache-Control' => 'no-store' )
		);
	}

	/**
	 * The events of a body, or null where it is no batch.
	 *
	 * @param string $body JSON.
	 * @return Event[]|null
	 */
	private static function read( string $body ): ?array {
		$json = strlen( $body ) <= self::MAX_BYTES ? json_decode( $body, true, 16 ) : null;
		$list = is_array( $json ) ? ( $json['events'] ?? null ) : null;

		if ( ! is_array( $list ) || ! array_is_list( $list ) || count( $list ) > self::MAX_EVENTS ) {
			return null;
		}

		$events = array_map( Event::from_json( ... ), $list );

		return in_array( null, $events, true ) ? null : $events;
	}

	/**
	 * WordPress's own answer, in its own words and translation.
	 */
	private static function unknown_route(): WP_Error {
		return new WP_Error(
			'rest_no_route',
			__( 'No route was found matching the URL and request method.' ), // phpcs:ignore WordPress.WP.I18n.MissingArgDomain
			array( 'status' => 404 )
		);
	}
}
