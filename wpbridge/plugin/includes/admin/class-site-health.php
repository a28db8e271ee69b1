<?php
/**
 * Tools → Site Health.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Privacy\Erasure_Queue;
use WP_REST_Server;

defined( 'ABSPATH' ) || exit;

/**
 * Adds the checks to Site Health. Those that ask the sidecar or the site itself run in requests of their
 * own, so that the page does not wait for them. While the extension is off there is one result, that it is, and
 * deleted users who wait for their erasure: that is owed to them all the same.
 */
final class Site_Health {

	/**
	 * Seconds for which one answer of the sidecar does for all checks of a page.
	 */
	private const ONE_LOOK = 10;

	/**
	 * Deleted users who are counted at most.
	 */
	private const MOST_ERASURES = 10000;

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch   The switch.
	 * @param Service_Watch    $watch    Asks the sidecar.
	 * @param Health_Checks    $checks   Judges.
	 * @param Fast_Path_Probe  $probe    Asks the site.
	 * @param Erasure_Queue    $erasures The deleted users who are still to be erased.
	 */
	public function __construct(
		private readonly Extension_Switch $switch,
		private readonly Service_Watch $watch,
		private readonly Health_Checks $checks,
		private readonly Fast_Path_Probe $probe,
		private readonly Erasure_Queue $erasures
	) {}

	/**
	 * Adds the tests to Site Health.
	 *
	 * @param array $tests Tests by kind and name.
	 */
	public function add_tests( array $tests ): array {
		$asking = self::asking();

		if ( $this->switch->is_enabled() ) {
			$tests['direct']['jetonomy_sidecar_key_length'] = array(
				'label' => __( 'Private messages: key', 'jetonomy-sidecar' ),
				'test'  => fn(): array => $this->run( 'key-length' ),
			);
		} else {
			$asking = array_intersect_key( $asking, array_flip( array() === $this->erasures->all( 1 ) ? array( 'reachability' ) : array( 'reachability', 'erasures' ) ) );
		}

		foreach ( $asking as $name => $label ) {
			$tests['async'][ 'jetonomy_sidecar_' . str_replace( '-', '_', $name ) ] = array(
				'label'             => $label,
				'test'              => rest_url( 'jetonomy-sidecar/v1/site-health/' . $name ),
				'has_rest'          => true,
				'async_direct_test' => fn(): array => $this->run( $name ),
			);
		}

		return $tests;
	}

	/**
	 * Adds the route that Site Health's page calls.
	 */
	public function add_route(): void {
		register_rest_route(
			'jetonomy-sidecar/v1',
			'/site-health/(?P<test>' . implode( '|', array_keys( self::asking() ) ) . ')',
			array(
				'methods'             => WP_REST_Server::READABLE,
				'callback'            => fn( $request ): array => $this->run( $request['test'] ),
				'permission_callback' => static fn(): bool => current_user_can( 'view_site_health_checks' ),
				'show_in_index'       => false,
			)
		);
	}

	/**
	 * One test's result, as Site Health wants it.
	 *
	 * @param string $name Its name.
	 */
	public function run( string $name ): array {
		$state  = 'key-length' === $name ? null : $this->watch->now( self::ONE_LOOK );
		$result = match ( true ) {
			'key-length' === $name         => $this->checks->key_length(),
			'erasures' === $name           => Erasure_Check::judge( $this->erasures->all( self::MOST_ERASURES ), $state ),
			! $this->switch->is_enabled()  => $this->checks->not_enabled( $state ),
			'fast-path' === $name          => $this->checks->fast_path( $state->answers() ? $this->probe->is_direct() : null, $state ),
			'reachability' === $name       => $this->checks->reachable( $state ),
			'version' === $name            => $this->checks->same_version( $state ),
			'clock' === $name              => $this->checks->clock( $state ),
			'events' === $name             => $this->checks->events( $state ),
		};

		$actions = '';

		if ( 'events' === $name && $state->has_failed_events() && current_user_can( Screens::settings_capability() ) ) {
			$actions = Retry_Events::form( 'site-health' );
		}

		return array(
			'label'       => esc_html( $result['label'] ),
			'status'      => $result['status'],
			'badge'       => array(
				'label' => esc_html__( 'Private messages', 'jetonomy-sidecar' ),
				'color' => 'fast-path' === $name ? 'orange' : 'blue',
			),
			'description' => '<p>' . implode( '</p><p>', array_map( 'esc_html', $result['text'] ) ) . '</p>',
			'actions'     => $actions,
			'test'        => 'jetonomy_sidecar_' . str_replace( '-', '_', $name ),
		);
	}

	/**
	 * The tests that ask somebody, with their labels.
	 */
	private static function asking(): array {
		return array(
			'reachability' => __( 'Private messages: sidecar', 'jetonomy-sidecar' ),
			'version'      => __( 'Private messages: version', 'jetonomy-sidecar' ),
			'clock'        => __( 'Private messages: clock', 'jetonomy-sidecar' ),
			'fast-path'    => __( 'Private messages: fast path', 'jetonomy-sidecar' ),
			'events'       => __( 'Private messages: events', 'jetonomy-sidecar' ),
			'erasures'     => __( 'Private messages: deleted users', 'jetonomy-sidecar' ),
		);
	}
}
