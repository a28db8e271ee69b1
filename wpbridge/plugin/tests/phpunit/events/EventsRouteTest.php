<?php
/**
 * Who may deliver events, and how they are handled.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Events\Event;
use Jetonomy_Sidecar\Events\Event_Batch;
use Jetonomy_Sidecar\Events\Event_Failure;
use Jetonomy_Sidecar\Events\Event_Handler;
use Jetonomy_Sidecar\Events\Handled_Events;
use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Notify\Bell;
use Jetonomy_Sidecar\Notify\Preferences;
use Jetonomy_Sidecar\Notify\Unread_Mail;
use Jetonomy_Sidecar\Reports\Activity_Lines;
use Jetonomy_Sidecar\Reports\Notices;
use Jetonomy_Sidecar\Reports\Report_Events;
use Jetonomy_Sidecar\Reports\Silence;
use Jetonomy_Sidecar\Settings;
use RuntimeException;
use WP_REST_Request;

require_once __DIR__ . '/clean-slate.php';

/**
 * The endpoint of events.
 */
final class EventsRouteTest extends Site_Test_Case {

	use Clean_Slate;

	private const PATH = '/jetonomy-sidecar/v1/events';

	/**
	 * An event.
	 *
	 * @param int    $id   Its id.
	 * @param string $type Its type.
	 * @param array  $more What else it has.
	 */
	private function event( int $id, string $type = 'conversation.left', array $more = array() ): array {
		return $more + array(
			'id'              => $id,
			'type'            => $type,
			'created_at'      => time(),
			'conversation_id' => 7,
			'user_id'         => $this->user( 'member1' )->ID,
			'message_id'      => 3,
		);
	}

	/**
	 * Asserts that a request gets exactly what an unknown route gets.
	 *
	 * @param WP_REST_Request $request The request.
	 */
	private function assert_unknown( WP_REST_Request $request ): void {
		$answer  = $this->dispatch( $request );
		$unknown = $this->dispatch( new WP_REST_Request( 'POST', '/jetonomy-sidecar/v1/nothing-here' ) );

		$this->assertSame( 404, $answer->get_status() );
		$this->assertSame( $unknown->get_data(), $answer->get_data() );
		$this->assertSame( $unknown->get_headers(), $answer->get_headers() );
	}

	public function test_refuses_what_is_not_signed_well(): void {
		$left = $this->record( 'jetonomy_pro_conversation_left' );
		$key  = ( new Keys() )->current();
		$body = (string) wp_json_encode( array( 'events' => array( $this->event( 1 ) ) ) );
		$now  = time();
		$sign = static fn( int $time, string $path = self::PATH, string $method = 'POST' ): array => array(
			'X-Jetonomy-Timestamp' => (string) $time,
			'X-Jetonomy-Signature' => $key->sign_request( $method, $path, $time, $body ),
		);

		$refused = array(
			'no signature'     => array( 'X-Jetonomy-Signature' => '' ),
			'another one'      => array( 'X-Jetonomy-Signature' => str_repeat( '0', 64 ) ),
			'no key'           => array( 'X-Jetonomy-Key' => '' ),
			'unknown key'      => array( 'X-Jetonomy-Key' => str_repeat( '0', 16 ) ),
			'no time'          => array( 'X-Jetonomy-Timestamp' => '' ),
			'no number'        => array( 'X-Jetonomy-Timestamp' => "$now " ),
			'too old'          => $sign( $now - 310 ),
			'too far ahead'    => $sign( $now + 310 ),
			'of another path'  => $sign( $now, '/jetonomy-sidecar/v1/poke' ),
			'of another method' => $sign( $now, self::PATH, 'GET' ),
		);

		foreach ( $refused as $headers ) {
			$this->assert_unknown( $this->signed_request( self::PATH, $body, $headers ) );
		}

		$changed = $this->signed_request( self::PATH, $body );
		$changed->set_body( $body . ' ' );
		$this->assert_unknown( $changed );

		$broken = $this->signed_request( self::PATH, '{', array( 'X-Jetonomy-Signature' => str_repeat( '0', 64 ) ) );
		$this->assert_unknown( $broken );

		foreach ( array( 'GET', 'PUT', 'OPTIONS', 'DELETE' ) as $method ) {
			$this->assert_unknown( new WP_REST_Request( $method, self::PATH ) );
		}

		$this->assertCount( 0, $left );
		$this->assertSame( array(), $this->rows( 'jt_sidecar_handled', array( 'event_id' => 1 ) ) );
	}

	public function test_takes_times_within_the_tolerance(): void {
		$key = ( new Keys() )->current();

		foreach ( array( -290, 290 ) as $i => $offset ) {
			$body   = (string) wp_json_encode( array( 'events' => array( $this->event( 10 + $i ) ) ) );
			$time   = time() + $offset;
			$answer = $this->dispatch(
				$this->signed_request(
					self::PATH,
					$body,
					array(
						'X-Jetonomy-Timestamp' => (string) $time,
						'X-Jetonomy-Signature' => $key->sign_request( 'POST', self::PATH, $time, $body ),
					)
				)
			);

			$this->assertSame( 200, $answer->get_status() );
		}
	}

	public function test_takes_the_previous_key_until_its_time(): void {
		$keys = new Keys();
		$old  = $this->signed_events( array( $this->event( 1 ) ) );

		$this->assertTrue( $keys->rotate() );
		$this->assertSame( 200, $this->dispatch( $old )->get_status() );
		$this->assertSame( array( 2 => array( 'ok' => true ) ), $this->deliver( $this->event( 2 ) ) );

		$stored                      = get_option( Keys::OPTION );
		$stored['previous']['until'] = time() - 1;
		update_option( Keys::OPTION, $stored );

		$this->assert_unknown( $old );
	}

	public function test_refuses_a_replay(): void {
		$left    = $this->record( 'jetonomy_pro_conversation_left' );
		$request = $this->signed_events( array( $this->event( 1 ) ) );

		$this->assertSame( 200, $this->dispatch( $request )->get_status() );

		$again = $this->dispatch( $request );
		$this->assertSame( 409, $again->get_status() );
		$this->assertSame( 'jetonomy_sidecar_replayed', $again->get_data()['code'] );

		$request->set_header( 'X-Jetonomy-Signature', strtoupper( (string) $request->get_header( 'x_jetonomy_signature' ) ) );
		$this->assertSame( 409, $this->dispatch( $request )->get_status() );

		$this->assertCount( 1, $left );
	}

	public function test_refuses_what_is_no_batch(): void {
		$bodies = array(
			'{}',
			'{"events":{"a":1}}',
			'{"events":[1]}',
			'{"events":[{"id":0,"type":"x"}]}',
			'{"events":[{"id":"1","type":"x"}]}',
			(string) wp_json_encode( array( 'events' => array_map( fn( int $id ): array => $this->event( $id ), range( 1, 65 ) ) ) ),
			(string) wp_json_encode( array( 'events' => array( $this->event( 1, 'x', array( 'preview' => str_repeat( 'x', 256 * 1024 ) ) ) ) ) ),
		);

		foreach ( $bodies as $body ) {
			$this->assertSame( 400, $this->dispatch( $this->signed_request( self::PATH, $body ) )->get_status(), substr( $body, 0, 80 ) );
		}

		$this->assertSame( array(), $this->rows( 'jt_sidecar_handled' ) );
	}

	public function test_takes_the_largest_batch_and_an_empty_one(): void {
		$this->assertSame( array(), $this->deliver() );

		$results = $this->deliver( ...array_map( fn( int $id ): array => $this->event( $id ), range( 1, 64 ) ) );

		$this->assertSame( array_fill_keys( range( 1, 64 ), array( 'ok' => true ) ), $results );
	}

	public function test_results_are_an_object_by_id(): void {
		$answer = $this->dispatch( $this->signed_events( array() ) );
		$this->assertSame( '{"results":{}}', wp_json_encode( $answer->get_data() ) );

		$answer = $this->dispatch( $this->signed_events( array( $this->event( 1 ) ) ) );
		$this->assertSame( '{"results":{"1":{"ok":true}}}', wp_json_encode( $answer->get_data() ) );
	}

	public function test_handles_each_event_once(): void {
		$left = $this->record( 'jetonomy_pro_conversation_left' );

		$this->assertSame( array( 5 => array( 'ok' => true ) ), $this->deliver( $this->event( 5 ), $this->event( 5 ) ) );
		$this->assertSame(
			array(
				5 => array( 'ok' => true ),
				6 => array( 'ok' => true ),
			),
			$this->deliver( $this->event( 5 ), $this->event( 6 ) )
		);
		$this->assertCount( 2, $left );
	}

	public function test_a_failing_listener_holds_up_its_conversation_only(): void {
		$order = array();

		add_action(
			'jetonomy_pro_conversation_left',
			static function ( $conversation_id, $user_id ) use ( &$order ): void {
				$order[] = array( $conversation_id, $user_id );

				if ( 7 === $conversation_id && 1 === $user_id && 1 === count( $order ) ) {
					throw new RuntimeException( 'a secret of the members' );
				}
			},
			10,
			2
		);

		$batch = array(
			$this->event( 1, 'conversation.left', array( 'user_id' => 1 ) ),
			$this->event( 2, 'conversation.left', array( 'user_id' => 2 ) ),
			$this->event(
				3,
				'conversation.left',
				array(
					'conversation_id' => 8,
					'user_id'         => 1,
				)
			),
		);

		$results = $this->deliver( ...$batch );

		$this->assertFalse( $results[1]['ok'] );
		$this->assertStringContainsString( 'RuntimeException in ', $results[1]['error'] );
		$this->assertStringContainsString( 'EventsRouteTest.php:', $results[1]['error'] );
		$this->assertStringNotContainsString( 'secret', $results[1]['error'] );
		$this->assertLessThanOrEqual( 200, mb_strlen( $results[1]['error'] ) );
		$this->assertSame(
			array(
				'ok'    => false,
				'error' => 'waiting',
			),
			$results[2]
		);
		$this->assertSame( array( 'ok' => true ), $results[3] );

		$this->assertSame( array( true, true, true ), array_column( $this->deliver( ...$batch ), 'ok' ) );
		$this->assertSame( array( array( 7, 1 ), array( 8, 1 ), array( 7, 1 ), array( 7, 2 ) ), $order );
	}

	/**
	 * @dataProvider deeds
	 * @param callable $deed  What a listener does.
	 * @param bool     $is_ok Whether the event counts as handled.
	 */
	public function test_listeners_cannot_break_the_answer( callable $deed, bool $is_ok ): void {
		add_action( 'jetonomy_pro_conversation_left', $deed );

		$level   = ob_get_level();
		$results = $this->deliver( $this->event( 1 ), $this->event( 2, 'conversation.archived', array( 'conversation_id' => 9 ) ) );

		$this->assertSame( $is_ok, $results[1]['ok'] );
		$this->assertTrue( $results[2]['ok'] );
		$this->assertSame( $level, ob_get_level() );
	}

	/**
	 * Deeds of listeners.
	 */
	public function deeds(): array {
		return array(
			'prints'     => array( static fn() => print( 'hello' ), true ),
			'buffers'    => array( static fn() => ob_start() && print( 'hello' ), true ),
			'dies'       => array( static fn() => wp_die( 'no' ), false ),
			'type error' => array( static fn() => strlen( array() ), false ),
			'no such'    => array( static fn() => \no_such_function(), false ),
		);
	}

	public function test_an_event_that_another_request_handles_waits(): void {
		global $wpdb;

		$left  = $this->record( 'jetonomy_pro_conversation_left' );
		$claim = static fn( int $seconds ) => $wpdb->replace(
			$wpdb->prefix . 'jt_sidecar_handled',
			array(
				'event_id'   => 1,
				'handled_at' => gmdate( 'Y-m-d H:i:s', time() + 10 * YEAR_IN_SECONDS - $seconds ),
			)
		);

		$claim( 30 );
		$this->assertSame( array( 'waiting', 'waiting' ), array_column( $this->deliver( $this->event( 1 ), $this->event( 2 ) ), 'error' ) );
		$this->assertCount( 0, $left );

		// Whoever it was did not finish.
		$claim( 700 );
		$this->assertSame( array( true, true ), array_column( $this->deliver( $this->event( 1 ), $this->event( 2 ) ), 'ok' ) );
		$this->assertCount( 2, $left );
		$this->assertLessThanOrEqual( gmdate( 'Y-m-d H:i:s' ), $this->rows( 'jt_sidecar_handled', array( 'event_id' => 1 ) )[0]['handled_at'] );
	}

	public function test_an_event_is_given_back_when_the_process_ends_in_it(): void {
		$batch = null;

		add_action(
			'jetonomy_pro_conversation_left',
			function () use ( &$batch ): void {
				// What PHP calls at the end of the process.
				foreach ( debug_backtrace() as $frame ) { // phpcs:ignore
					$batch ??= ( $frame['object'] ?? null ) instanceof \Jetonomy_Sidecar\Events\Event_Batch ? $frame['object'] : null;
				}

				$this->assertCount( 1, $this->rows( 'jt_sidecar_handled', array( 'event_id' => 1 ) ) );
				$batch->release_open();
				$this->assertCount( 0, $this->rows( 'jt_sidecar_handled', array( 'event_id' => 1 ) ) );
			}
		);

		$this->deliver( $this->event( 1 ) );
		$this->assertNotNull( $batch );
	}

	public function test_when_time_is_up_the_rest_waits(): void {
		$left        = $this->record( 'jetonomy_pro_conversation_left' );
		$switch      = new Extension_Switch();
		$preferences = new Preferences();
		$handled     = new Handled_Events();
		$handler     = new Event_Handler(
			$switch,
			new Bell( $switch, $preferences ),
			new Unread_Mail( new Settings(), $preferences ),
			new Report_Events( $switch, new Notices(), new Silence(), new Activity_Lines() )
		);
		$events      = array( Event::from_json( $this->event( 1 ) ), Event::from_json( $this->event( 2, 'conversation.left', array( 'conversation_id' => 8 ) ) ) );
		$waits       = array(
			'ok'    => false,
			'error' => Event_Batch::WAITING,
		);

		$this->assertSame(
			array(
				1 => $waits,
				2 => $waits,
			),
			( new Event_Batch( $handled, $handler, 0 ) )->handle( $events )
		);
		$this->assertCount( 0, $left );

		( new Event_Batch( $handled, $handler ) )->handle( $events );
		$this->assertCount( 2, $left, 'nothing kept them from coming again' );
	}

	public function test_old_rows_are_forgotten(): void {
		global $wpdb;

		$table = $wpdb->prefix . 'jt_sidecar_handled';

		foreach ( array( '1' => 31 * DAY_IN_SECONDS, '2' => 29 * DAY_IN_SECONDS, '9223372036854775809' => HOUR_IN_SECONDS, '18446744073709551615' => MINUTE_IN_SECONDS ) as $id => $age ) {
			$wpdb->query( $wpdb->prepare( "INSERT INTO `$table` VALUES (%s, %s)", $id, gmdate( 'Y-m-d H:i:s', time() - $age ) ) ); // phpcs:ignore
		}

		$this->deliver();

		$left = array_column( $this->rows( 'jt_sidecar_handled' ), 'event_id' );
		$this->assertNotContains( '1', $left );
		$this->assertContains( '2', $left );
		$this->assertNotContains( '9223372036854775809', $left );
		$this->assertContains( '18446744073709551615', $left );
		$this->assertCount( 3, $left, 'with the signature of this call' );
	}

	public function test_without_its_table_nothing_is_handled(): void {
		$this->expect_database_errors();
		$left = $this->record( 'jetonomy_pro_conversation_left' );

		add_filter( 'query', static fn( string $sql ): string => str_replace( 'jt_sidecar_handled', 'jt_sidecar_not_there', $sql ) );

		$this->assertSame( 503, $this->dispatch( $this->signed_events( array( $this->event( 1 ) ) ) )->get_status() );
		$this->assertCount( 0, $left );
	}

	public function test_is_not_listed(): void {
		$index = $this->rest( 'GET', '/jetonomy-sidecar/v1' );

		$this->assertArrayNotHasKey( self::PATH, $index->get_data()['routes'] );
	}

	public function test_own_failures_are_told_in_words(): void {
		add_action(
			'jetonomy_pro_conversation_left',
			static function (): void {
				throw new Event_Failure( str_repeat( 'ä', 300 ) );
			}
		);

		$this->assertSame( str_repeat( 'ä', 200 ), $this->deliver( $this->event( 1 ) )[1]['error'] );
	}
}
