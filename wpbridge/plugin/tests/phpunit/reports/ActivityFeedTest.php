<?php
/**
 * What members see of the activity log.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Admin\Block_Clearing;
use Jetonomy_Sidecar\Reports\Activity_Lines;

/**
 * Jetonomy's route of updates, which everybody who is signed in may ask: nobody sees there that somebody looks at
 * messages, or when, and the lines that it is made for are all there.
 *
 * @group jetonomy
 */
final class ActivityFeedTest extends Site_Test_Case {

	/**
	 * Unix seconds behind all lines that the site has.
	 *
	 * @var int
	 */
	private int $since;

	protected function setUp(): void {
		parent::setUp();
		$this->since = time() + DAY_IN_SECONDS;
	}

	/**
	 * Writes a line.
	 *
	 * @param int    $second    Seconds behind $since.
	 * @param string $action    Its action.
	 * @param int    $object_id Its object.
	 */
	private function line( int $second, string $action, int $object_id ): void {
		global $wpdb;

		$wpdb->insert(
			$wpdb->prefix . 'jt_activity_log',
			array(
				'user_id'     => $this->user( 'admin' )->ID,
				'action'      => $action,
				'object_type' => Activity_Lines::ACTION === $action ? Activity_Lines::OBJECT_TYPE : 'post',
				'object_id'   => $object_id,
				'created_at'  => gmdate( 'Y-m-d H:i:s', $this->since + $second ),
			)
		);
	}

	/**
	 * What a member sees.
	 *
	 * @param string $route The route.
	 */
	private function feed( string $route = '/jetonomy/v1/updates' ): array {
		$response = $this->rest( 'GET', $route, array( 'since' => gmdate( 'Y-m-d H:i:s', $this->since ) ), 'member1' );

		$this->assertSame( 200, $response->get_status() );

		return $response->get_data();
	}

	public function test_nobody_sees_that_somebody_looks_at_messages(): void {
		$this->line( 1, 'created_post', 11 );
		$this->line( 2, Activity_Lines::ACTION, 345678 );
		$this->line( 3, Block_Clearing::LOGGED, 0 );
		$this->line( 4, 'created_post', 12 );

		$expected = array(
			array(
				'action'      => 'created_post',
				'object_type' => 'post',
				'object_id'   => 12,
				'created_at'  => gmdate( 'Y-m-d H:i:s', $this->since + 4 ),
			),
			array(
				'action'      => 'created_post',
				'object_type' => 'post',
				'object_id'   => 11,
				'created_at'  => gmdate( 'Y-m-d H:i:s', $this->since + 1 ),
			),
		);

		// WordPress finds a route in any case, and with a line break at its end.
		foreach ( array( '/jetonomy/v1/updates', '/Jetonomy/V1/Updates', "/jetonomy/v1/updates\n" ) as $route ) {
			$feed = $this->feed( $route );

			$this->assertSame( $expected, $feed['data'], $route );
			$this->assertSame( 2, $feed['meta']['count'] );
		}
	}

	public function test_where_there_is_nothing_else_the_feed_is_empty(): void {
		$this->line( 1, Activity_Lines::ACTION, 345678 );

		$feed = $this->feed();

		$this->assertSame( array(), $feed['data'] );
		$this->assertSame( 0, $feed['meta']['count'] );
	}

	public function test_others_are_not_crowded_out(): void {
		foreach ( range( 1, 60 ) as $n ) {
			$this->line( $n, 'created_post', $n );
			$this->line( 100 + $n, Activity_Lines::ACTION, 345600 + $n );
		}

		$this->assertSame( range( 60, 11 ), array_column( $this->feed()['data'], 'object_id' ) );
	}

	public function test_other_answers_are_left_as_they_are(): void {
		$this->line( 1, 'created_post', 11 );

		$this->assertSame( array( 11 ), array_column( $this->feed()['data'], 'object_id' ) );

		register_rest_route(
			'jetonomy/v1',
			'/texts',
			array(
				'methods'             => 'GET',
				'callback'            => static fn(): array => array( 'data' => 'text' ),
				'permission_callback' => '__return_true',
			)
		);
		$this->assertSame( array( 'data' => 'text' ), $this->rest( 'GET', '/jetonomy/v1/texts' )->get_data() );
	}
}
