<?php
/**
 * How the sidecar is, and who is told.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Admin\Extension_Card;
use Jetonomy_Sidecar\Admin\Fast_Path_Probe;
use Jetonomy_Sidecar\Admin\Health_Checks;
use Jetonomy_Sidecar\Admin\Outage_Notice;
use Jetonomy_Sidecar\Admin\Service_State;
use Jetonomy_Sidecar\Admin\Service_Watch;
use Jetonomy_Sidecar\Admin\Site_Health;
use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Operator_Client;
use Jetonomy_Sidecar\Bridge\Sidecar_Client;
use Jetonomy_Sidecar\Bridge\Token_Issuer;
use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Privacy\Erasure_Queue;
use Jetonomy_Sidecar\Settings;
use WP_Error;

/**
 * Site Health's tests, the notice of an outage and the card, on what the sidecar answers.
 */
final class ServiceStateTest extends Site_Test_Case {

	/**
	 * Forgets what is remembered.
	 */
	protected function setUp(): void {
		parent::setUp();
		delete_transient( Service_Watch::TRANSIENT );
	}

	/**
	 * The way to the sidecar.
	 */
	private function operator(): Operator_Client {
		return new Operator_Client( new Keys(), new Sidecar_Client( new Settings() ) );
	}

	/**
	 * What judges.
	 */
	private function checks(): Health_Checks {
		return new Health_Checks( new Settings(), new Keys() );
	}

	/**
	 * A good answer to 'status'.
	 *
	 * @param array $changed What is not good in it.
	 * @param array $outbox  And in the events.
	 */
	private static function status( array $changed = array(), array $outbox = array() ): array {
		return $changed + array(
			'version'      => JETONOMY_SIDECAR_VERSION,
			'time'         => time(),
			'site'         => untrailingslashit( get_option( 'home' ) ),
			'extension_on' => true,
			'listen'       => '127.0.0.1:8787',
			'outbox'       => $outbox + array(
				'pending'           => 0,
				'failing'           => 0,
				'parked'            => 0,
				'oldest_seconds'    => 0,
				'last_delivered_at' => null,
				'last_error'        => '',
			),
		);
	}

	/**
	 * A state.
	 *
	 * @param array|WP_Error $answer     To 'status'.
	 * @param bool           $is_enabled Whether the extension is on in WordPress.
	 */
	private static function state( array|WP_Error $answer, bool $is_enabled = true ): Service_State {
		return Service_State::from_answer( $answer, time(), $is_enabled );
	}

	public function test_all_is_well(): void {
		$state = self::state( self::status() );

		foreach ( array( 'reachable', 'same_version', 'clock', 'events' ) as $check ) {
			$this->assertSame( 'good', $this->checks()->$check( $state )['status'], $check );
		}

		$this->assertSame( 'good', $this->checks()->key_length()['status'] );
	}

	/**
	 * What may be wrong.
	 *
	 * @return array[] Check, status, answer, a part of the text.
	 */
	public static function faults(): array {
		return array(
			'another site'      => array( 'reachable', 'critical', static fn() => self::status( array( 'site' => 'http://other.example' ) ), 'other.example' ),
			'switched off'      => array( 'reachable', 'critical', static fn() => self::status( array( 'extension_on' => false ) ), 'wp cache flush' ),
			'older'             => array( 'same_version', 'recommended', static fn() => self::status( array( 'version' => '0.0.1' ) ), 'Update the sidecar' ),
			'newer'             => array( 'same_version', 'recommended', static fn() => self::status( array( 'version' => '99.0.0' ) ), 'Update the plugin' ),
			'a minute ahead'    => array( 'clock', 'recommended', static fn() => self::status( array( 'time' => time() + 60 ) ), 'ahead' ),
			'ten minutes late'  => array( 'clock', 'critical', static fn() => self::status( array( 'time' => time() - 600 ) ), 'behind' ),
			'parked events'     => array( 'events', 'recommended', static fn() => self::status( array(), array( 'parked' => 2, 'last_error' => 'status 500' ) ), 'status 500' ), // phpcs:ignore
			'failing events'    => array( 'events', 'recommended', static fn() => self::status( array(), array( 'pending' => 9, 'failing' => 2, 'oldest_seconds' => 301, 'last_error' => 'RuntimeException in x' ) ), 'a plugin that listens' ), // phpcs:ignore
			'events wait'       => array( 'events', 'recommended', static fn() => self::status( array(), array( 'pending' => 9, 'oldest_seconds' => 301 ) ), 'SIDECAR_WP_URL' ), // phpcs:ignore
			'nobody there'      => array( 'reachable', 'critical', static fn() => new WP_Error( 'jetonomy_sidecar_unavailable', '', array( 'reason' => 'Connection refused' ) ), 'Connection refused' ),
			'another key'       => array( 'reachable', 'critical', static fn() => new WP_Error( 'jetonomy_sidecar_refused', '', array( 'status' => 404 ) ), 'key' ),
			'a clock too wrong' => array( 'reachable', 'critical', static fn() => new WP_Error( 'jetonomy_sidecar_refused', '', array( 'time' => time() + 7200 ) ), 'NTP' ),
			'no database'       => array( 'reachable', 'critical', static fn() => new WP_Error( 'jetonomy_sidecar_failed', '', array( 'status' => 503 ) ), 'log' ),
			'no tables'         => array( 'reachable', 'critical', static fn() => new WP_Error( 'jetonomy_sidecar_no_tables', '', array( 'status' => 503 ) ), 'jetonomy-sidecar migrate' ),
			'no key'            => array( 'reachable', 'critical', static fn() => new WP_Error( 'jetonomy_sidecar_no_key' ), 'activate' ),
		);
	}

	/**
	 * @dataProvider faults
	 */
	public function test_a_fault_is_told_with_what_to_do( string $check, string $status, callable $answer, string $part ): void {
		$result = $this->checks()->$check( self::state( $answer() ) );

		$this->assertSame( $status, $result['status'] );
		$this->assertStringContainsString( $part, implode( ' ', $result['text'] ) );
	}

	public function test_a_sidecar_that_serves_though_it_is_off_is_told(): void {
		$this->assertSame( 'critical', $this->checks()->not_enabled( self::state( self::status(), false ) )['status'] );
		$this->assertSame( 'good', $this->checks()->not_enabled( self::state( self::status( array( 'extension_on' => false ) ), false ) )['status'] );
	}

	public function test_a_sidecar_that_is_down_is_no_outage_while_it_is_off(): void {
		$result = $this->checks()->reachable( self::state( new WP_Error( 'jetonomy_sidecar_unavailable' ), false ) );

		$this->assertSame( array( 'recommended', 'The sidecar does not answer' ), array( $result['status'], $result['label'] ) );
	}

	public function test_a_short_burst_of_events_is_no_fault(): void {
		$this->assertSame( 'good', $this->checks()->events( self::state( self::status( array(), array( 'pending' => 5000, 'oldest_seconds' => 20 ) ) ) )['status'] ); // phpcs:ignore
	}

	public function test_a_missing_key_is_told(): void {
		$this->set_option( Keys::OPTION, null );

		$this->assertSame( 'critical', $this->checks()->key_length()['status'] );
	}

	public function test_the_call_is_signed_and_its_errors_are_told_apart(): void {
		$this->fake_service( static fn(): array => self::status() );
		$this->assertSame( JETONOMY_SIDECAR_VERSION, $this->operator()->status()['version'] );
		$this->assertSame( '/jetonomy-sidecar/v1/status', $this->service_calls[0]['path'] );
		$this->assert_signed( $this->service_calls[0] );

		$this->fake_service( fn() => $this->http_answer( 404, array( 'code' => 'rest_no_route' ), array( 'Date' => 'Sun, 22 Nov 2026 17:00:00 GMT' ) ) );
		$error = $this->operator()->status();
		$this->assertSame( 'jetonomy_sidecar_refused', $error->get_error_code() );
		$this->assertSame( array( 'status' => 404, 'time' => 1795366800 ), $error->get_error_data() ); // phpcs:ignore

		foreach ( array( 429, 500, 503 ) as $status ) {
			$this->fake_service( fn() => $this->http_answer( $status ) );
			$this->assertSame( 'jetonomy_sidecar_failed', $this->operator()->status()->get_error_code() );
		}

		$this->fake_service( fn() => $this->http_answer( 503, array( 'code' => 'jetonomy_sidecar_no_tables' ) ) );
		$this->assertSame( 'jetonomy_sidecar_no_tables', $this->operator()->status()->get_error_code() );

		$this->fake_service( fn() => $this->http_answer( 200, '<html>not JSON' ) );
		$this->assertSame( 'jetonomy_sidecar_refused', $this->operator()->status()->get_error_code() );

		$this->fake_service( static fn() => null );
		$this->assertSame( array(), $this->operator()->call( 'poke' ) );

		$this->fake_service( static fn() => new WP_Error( 'http_request_failed', 'refused' ) );
		$this->assertSame( 'jetonomy_sidecar_unavailable', $this->operator()->status()->get_error_code() );
	}

	/*
	 * The notice.
	 */

	/**
	 * The notice.
	 *
	 * @param Service_Watch $watch What knows.
	 */
	private function notice( Service_Watch $watch ): string {
		return $this->output_of( array( new Outage_Notice( new Extension_Switch(), $watch, $this->checks() ), 'render' ) );
	}

	public function test_an_outage_is_told_without_waiting_for_it(): void {
		$watch = new Service_Watch( $this->operator(), new Extension_Switch() );

		$this->visit_admin();
		$this->be( 'admin' );

		$this->assertSame( '', $this->notice( $watch ), 'nobody looked yet' );
		$this->assertSame( array(), $this->service_calls, 'the page does not ask' );

		$this->end_request();
		$this->assertCount( 1, $this->service_calls, 'it is asked after the page' );

		$this->assertStringContainsString( 'Private messages do not work', $this->notice( $watch ) );
		$this->end_request();
		$this->assertCount( 1, $this->service_calls, 'within a minute nobody asks again' );
	}

	public function test_no_notice_when_it_works_or_is_off_or_for_others(): void {
		$watch = new Service_Watch( $this->operator(), new Extension_Switch() );

		$this->visit_admin();
		$watch->now();

		foreach ( array( 'member1', 'moderator' ) as $login ) {
			$this->be( $login );
			$this->assertSame( '', $this->notice( $watch ) );
		}

		$this->be( 'admin' );
		$this->switch_extension( false );
		$this->assertSame( '', $this->notice( $watch ), 'off' );

		$this->switch_extension( true );
		$this->assertNotSame( '', $this->notice( $watch ) );

		$this->fake_service( static fn(): array => self::status( array( 'version' => '99' ) ) );
		$watch->now();
		$this->assertSame( '', $this->notice( $watch ), 'another version is no outage' );
	}

	/**
	 * An answer is not enough for messages to work.
	 */
	public function test_a_sidecar_that_does_not_serve_this_site_is_an_outage(): void {
		$watch = new Service_Watch( $this->operator(), new Extension_Switch() );

		$this->visit_admin();
		$this->be( 'admin' );

		foreach ( array( 'http://other.example' => array( 'site' => 'http://other.example' ), 'wp cache flush' => array( 'extension_on' => false ) ) as $part => $fault ) { // phpcs:ignore
			$this->fake_service( static fn(): array => self::status( $fault ) );
			$watch->now();
			$this->assertStringContainsString( $part, $this->notice( $watch ) );
		}
	}

	/**
	 * A sidecar that has not heard of the switch yet is told, and asked again. One that stays with it is believed.
	 */
	public function test_a_switch_that_was_just_thrown_is_no_fault(): void {
		$watch = new Service_Watch( $this->operator(), new Extension_Switch() );
		$on    = false;
		$hears = true;

		$this->fake_service(
			static function ( $method, $path ) use ( &$on, &$hears ): ?array {
				$on = $on || ( $hears && str_ends_with( $path, '/poke' ) );

				return str_ends_with( $path, '/poke' ) ? null : self::status( array( 'extension_on' => $on ) );
			}
		);

		$this->assertSame( 'good', $this->checks()->reachable( $watch->now() )['status'] );
		$this->assertSame( array( 'status', 'poke', 'status' ), array_map( static fn( $call ) => basename( $call['path'] ), $this->service_calls ) );

		list( $on, $hears ) = array( false, false );
		$this->assertSame( 'critical', $this->checks()->reachable( $watch->now() )['status'] );

		// What was seen then says nothing about a switch that is thrown later.
		$this->switch_extension( false );
		$this->assertTrue( $watch->now( 60 )->differs() );
		$this->assertFalse( $watch->now()->differs() );
	}

	/*
	 * Site Health.
	 */

	/**
	 * Site Health's tests.
	 */
	private function health(): Site_Health {
		$keys = new Keys();

		return new Site_Health( new Extension_Switch(), new Service_Watch( $this->operator(), new Extension_Switch() ), $this->checks(), new Fast_Path_Probe( new Token_Issuer( $keys ), new Settings() ), new Erasure_Queue() );
	}

	public function test_site_health_has_all_tests_and_waits_for_none(): void {
		$tests = apply_filters( 'site_status_tests', array( 'direct' => array(), 'async' => array() ) ); // phpcs:ignore

		$this->assertSame( array(), $this->service_calls );
		$this->assertArrayHasKey( 'jetonomy_sidecar_key_length', $tests['direct'] );

		foreach ( array( 'reachability', 'version', 'clock', 'fast_path', 'events', 'erasures' ) as $name ) {
			$test = $tests['async'][ "jetonomy_sidecar_$name" ];
			$path = '/jetonomy-sidecar/v1/site-health/' . str_replace( '_', '-', $name );

			$this->assertStringContainsString( $path, rawurldecode( $test['test'] ) );
			$this->assertSame( 401, $this->rest( 'GET', $path, array(), 0 )->get_status() );
			$this->assertSame( 403, $this->rest( 'GET', $path, array(), 'moderator' )->get_status() );

			$response = $this->rest( 'GET', $path, array(), 'admin' );
			$this->assertSame( 200, $response->get_status() );

			foreach ( array( 'label', 'status', 'badge', 'description', 'actions', 'test' ) as $key ) {
				$this->assertArrayHasKey( $key, $response->get_data() );
			}
		}

		$this->assertCount( 1, $this->service_calls, 'one look for all' );
	}

	/**
	 * One cause is one entry.
	 */
	public function test_a_sidecar_that_is_down_is_one_fault(): void {
		$this->be( 'admin' );
		add_filter( 'pre_http_request', fn( $answer, $args, $url ) => str_starts_with( $url, rest_url() ) ? $this->http_answer( 503 ) : $answer, PHP_INT_MAX, 3 ); // What nginx says then.

		foreach ( array( new WP_Error( 'http_request_failed', 'no' ), $this->http_answer( 503 ), $this->http_answer( 404, '', array( 'Date' => gmdate( DATE_RFC7231, time() + HOUR_IN_SECONDS ) ) ) ) as $answer ) {
			delete_transient( Service_Watch::TRANSIENT );
			$this->fake_service( static fn() => $answer );

			$status = array();

			foreach ( array( 'key-length', 'reachability', 'version', 'clock', 'fast-path', 'events', 'erasures' ) as $name ) {
				$status[ $name ] = $this->health()->run( $name )['status'];
			}

			$this->assertSame( array( 'reachability' => 'critical' ), array_filter( $status, static fn( $is ) => 'good' !== $is ) );
		}
	}

	/**
	 * While the extension is off nothing is missing. Deleted users are owed their erasure all the same.
	 */
	public function test_there_is_one_good_result_while_it_is_off(): void {
		$this->be( 'admin' );
		$this->switch_extension( false );

		$tests = static fn(): array => array_merge( ...array_values( apply_filters( 'site_status_tests', array( 'direct' => array(), 'async' => array() ) ) ) ); // phpcs:ignore

		$this->assertSame( array( 'jetonomy_sidecar_reachability' ), array_keys( $tests() ) );

		foreach ( array( 'reachability', 'version', 'clock', 'fast-path', 'events' ) as $name ) {
			$result = $this->health()->run( $name );
			$this->assertSame( array( 'good', 'Private Messaging is not enabled' ), array( $result['status'], $result['label'] ) );
		}

		add_option( Erasure_Queue::PREFIX . '999997', time() - 2 * DAY_IN_SECONDS, '', false );
		$this->assertSame( array( 'jetonomy_sidecar_reachability', 'jetonomy_sidecar_erasures' ), array_keys( $tests() ) );
		$this->assertSame( 'recommended', $this->health()->run( 'erasures' )['status'] );
	}

	public function test_only_events_that_failed_have_a_button(): void {
		$this->be( 'admin' );

		foreach ( array( 'parked', 'failing' ) as $kind ) {
			delete_transient( Service_Watch::TRANSIENT );
			$this->fake_service( static fn(): array => self::status( array(), array( $kind => 1, 'last_error' => '<b>x</b>' ) ) ); // phpcs:ignore

			$result = $this->health()->run( 'events' );

			$this->assertStringContainsString( '<form method="post"', $result['actions'], $kind );
			$this->assertStringContainsString( '&lt;b&gt;x', $result['description'] );
		}

		delete_transient( Service_Watch::TRANSIENT );
		$this->fake_service( static fn(): array => self::status() );
		$this->assertSame( '', $this->health()->run( 'events' )['actions'] );
	}

	public function test_erasures_that_do_not_come_to_an_end_are_told(): void {
		$this->be( 'admin' );
		$this->fake_service( static fn(): array => self::status() );
		$this->assertSame( 'good', $this->health()->run( 'erasures' )['status'] );

		$queue = new Erasure_Queue();
		$queue->add( 999998 );
		$result = $this->health()->run( 'erasures' );
		$this->assertSame( 'good', $result['status'], 'cron has not had its turn yet' );
		$this->assertStringContainsString( '1 deleted user ', $result['description'] );

		add_option( Erasure_Queue::PREFIX . '999997', time() - 2 * DAY_IN_SECONDS, '', false );
		$result = $this->health()->run( 'erasures' );
		$this->assertSame( 'recommended', $result['status'] );
		$this->assertStringContainsString( '2 deleted users', $result['label'] );
		$this->assertStringContainsString( '2 days', $result['description'] );
		$this->assertStringContainsString( 'wp cron event run jetonomy_sidecar_erase', $result['description'] );

		delete_transient( Service_Watch::TRANSIENT );
		$this->fake_service( static fn() => new WP_Error( 'http_request_failed', 'no' ) );
		$result = $this->health()->run( 'erasures' );
		$this->assertSame( 'recommended', $result['status'] );
		$this->assertStringContainsString( 'does not answer', $result['description'] );
		$this->assertStringNotContainsString( 'wp cron', $result['description'] );

		$queue->remove( 999998 );
		$queue->remove( 999997 );
		$this->assertSame( 'good', $this->health()->run( 'erasures' )['status'] );
	}

	/**
	 * A user who is out of the queue need not be erased: a legal hold may keep what they wrote.
	 */
	public function test_erasures_that_wait_for_a_legal_hold_are_told(): void {
		$this->be( 'admin' );

		$held = 0;
		$this->fake_service(
			static function () use ( &$held ): array {
				return self::status( array( 'erasures_held' => $held ) );
			}
		);
		$look = function () use ( &$held ): string {
			delete_transient( Service_Watch::TRANSIENT );
			$result = $this->health()->run( 'erasures' );
			$this->assertSame( 'good', $result['status'], 'there is nothing to do about it' );

			return $result['label'] . $result['description'];
		};

		$this->assertStringNotContainsString( 'legal hold', $look() );

		$held = 2;
		$this->assertStringContainsString( 'waits for a legal hold', $look() );
		$this->assertStringContainsString( '2 erased members', $look() );

		( new Erasure_Queue() )->add( 999998 );
		$this->assertStringContainsString( '1 deleted user ', $look() );
		$this->assertStringContainsString( '2 erased members', $look() );
		( new Erasure_Queue() )->remove( 999998 );

		$this->fake_service( static fn() => new WP_Error( 'http_request_failed', 'no' ) );
		$this->assertStringContainsString( 'cannot be seen', $look() );
	}

	public function test_the_fast_path_is_told_by_who_answers(): void {
		set_transient( Service_Watch::TRANSIENT, self::state( self::status() )->to_array(), 60 );

		$wordpress = array( 'Link' => '<' . rest_url() . '>; rel="https://api.w.org/"' );

		foreach (
			array(
				array( array( 'X-Jetonomy-Sidecar' => '0.1.0' ), 'good' ),
				array( array( 'X-Jetonomy-Sidecar' => '0.1.0' ) + $wordpress, 'good' ),
				array( $wordpress, 'recommended' ),
				array( array( 'X-Request-Id' => 'of a proxy' ), 'recommended' ),
				array( null, 'recommended' ),
			) as list( $headers, $status )
		) {
			add_filter( 'pre_http_request', fn( $answer, $args ) => null === $headers ? $answer : $this->http_answer( 401, '', $headers ), PHP_INT_MAX, 2 );
			$this->assertSame( $status, $this->health()->run( 'fast-path' )['status'] );
		}
	}

	public function test_the_probes_token_is_past_its_time(): void {
		$seen = array();

		add_filter(
			'pre_http_request',
			function ( $answer, $args ) use ( &$seen ) {
				$seen = $args;

				return $answer;
			},
			PHP_INT_MAX,
			2
		);

		$this->be( 'admin' );
		( new Fast_Path_Probe( new Token_Issuer( new Keys() ), new Settings() ) )->is_direct();

		$claims = json_decode( base64_decode( strtr( explode( '.', $seen['headers']['Authorization'] )[1], '-_', '+/' ) ), true );
		$this->assertLessThan( time(), $claims['exp'] );
	}

	/**
	 * Where the web server has another address for WordPress, it is asked there, and told which site is meant.
	 */
	public function test_the_probe_can_have_an_address_of_its_own(): void {
		$seen  = array();
		$probe = new Fast_Path_Probe( new Token_Issuer( new Keys() ), new Settings() );

		add_filter(
			'pre_http_request',
			function ( $answer, $args, $url ) use ( &$seen ) {
				$seen = array( $url, $args['headers']['Host'] ?? null );

				return $this->http_answer( 401, '', array( 'X-Jetonomy-Sidecar' => '0.1.0' ) );
			},
			PHP_INT_MAX,
			3
		);

		$public = rest_url( 'jetonomy/v1/conversations/unread-count' );
		$this->assertTrue( $probe->is_direct() );
		$this->assertSame( array( $public, null ), $seen );

		putenv( 'JETONOMY_SIDECAR_PROBE_URL=http://nginx/' );

		try {
			$this->assertTrue( $probe->is_direct() );
		} finally {
			putenv( 'JETONOMY_SIDECAR_PROBE_URL' );
		}

		$host = wp_parse_url( $public, PHP_URL_HOST ) . ':' . wp_parse_url( $public, PHP_URL_PORT );
		$this->assertSame( array( str_replace( 'http://' . $host, 'http://nginx', $public ), $host ), $seen );
	}

	/*
	 * The card.
	 */

	public function test_the_card_shows_switch_state_and_events(): void {
		$this->be( 'admin' );
		$this->fake_service( static fn(): array => self::status( array(), array( 'last_delivered_at' => time() - 7200, 'parked' => 1 ) ) ); // phpcs:ignore

		$card = new Extension_Card( new Extension_Switch(), new Settings(), new Service_Watch( $this->operator(), new Extension_Switch() ), $this->checks() );
		$html = $this->output_of( static fn() => $card->render( true ) );

		$this->assertStringContainsString( 'aria-checked="true"', $html );
		$this->assertStringContainsString( 'name="enable" value="0"', $html );
		$this->assertStringContainsString( ( new Settings() )->sidecar_url(), $html );
		$this->assertStringContainsString( '2 hours ago', $html );
		$this->assertStringContainsString( 'Try these events again', $html );

		$this->switch_extension( false );
		$this->assertStringContainsString( 'name="enable" value="1"', $this->output_of( static fn() => $card->render( true ) ) );
		$this->assertStringNotContainsString( 'role="switch"', $this->output_of( static fn() => $card->render( false ) ) );
	}
}
