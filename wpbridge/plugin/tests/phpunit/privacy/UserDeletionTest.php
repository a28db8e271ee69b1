<?php
/**
 * Deleted users.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Operator_Client;
use Jetonomy_Sidecar\Bridge\Sidecar_Client;
use Jetonomy_Sidecar\Privacy\Bell_Rows;
use Jetonomy_Sidecar\Privacy\Erasure_Queue;
use Jetonomy_Sidecar\Privacy\Member_Erasure;
use Jetonomy_Sidecar\Privacy\User_Deletion;
use Jetonomy_Sidecar\Settings;

require_once dirname( __DIR__ ) . '/events/clean-slate.php';

/**
 * A deleted user is erased, now or later.
 */
final class UserDeletionTest extends Site_Test_Case {

	use Clean_Slate;

	/**
	 * Ids that wait.
	 *
	 * @return int[]
	 */
	private function waiting(): array {
		return array_keys( ( new Erasure_Queue() )->all() );
	}

	/**
	 * Ids that the sidecar was asked to erase.
	 *
	 * @return int[]
	 */
	private function asked(): array {
		$calls = array_filter( $this->service_calls, fn( $call ) => str_ends_with( $call['path'], '/members/erase' ) );

		return array_values( array_map( fn( $call ) => $call['json']['user_id'], $calls ) );
	}

	/**
	 * The deletion does not wait, the end of the request does it.
	 */
	public function test_is_erased_at_the_end_of_the_request(): void {
		$user = $this->make_user();
		$left = 2;

		$this->fake_service(
			function () use ( &$left ) {
				return array( 'removed' => 1, 'done' => 0 === --$left );
			}
		);

		wp_delete_user( $user->ID );

		$this->assertSame( array(), $this->asked() );
		$this->assertSame( array( $user->ID ), $this->waiting() );
		$this->assertNotFalse( wp_next_scheduled( User_Deletion::CRON ) );

		$this->end_request();

		$this->assertSame( array( $user->ID, $user->ID ), $this->asked() );
		$this->assertSame( array(), $this->waiting() );
	}

	/**
	 * Whoever deletes a user has the page before the sidecar is asked, and what others print at the end is in it.
	 */
	public function test_the_browser_does_not_wait(): void {
		if ( ! function_exists( 'fastcgi_finish_request' ) ) {
			require dirname( __DIR__ ) . '/fixtures/finish-request.php';
		}

		$order = array();
		add_action(
			'jetonomy_sidecar_test_browser_is_let_go',
			static function () use ( &$order ): void {
				$order[] = 'let go';
			}
		);
		$this->fake_service(
			static function () use ( &$order ): array {
				$order[] = 'asked';

				return array( 'removed' => 1, 'done' => true ); // phpcs:ignore
			}
		);

		wp_delete_user( $this->make_user()->ID );
		$this->assertSame( PHP_INT_MAX, max( array_keys( array_filter( $GLOBALS['wp_filter']['shutdown']->callbacks, static fn( $at ) => array_filter( $at, static fn( $callback ) => is_array( $callback['function'] ) && $callback['function'][0] instanceof User_Deletion ) ) ) ) );
		$this->end_request();

		$this->assertSame( array( 'let go', 'asked' ), $order );
	}

	/**
	 * With the sidecar down everybody is kept, one try is made, and cron goes on.
	 */
	public function test_waits_for_a_sidecar_that_is_down(): void {
		$first  = $this->make_user();
		$second = $this->make_user();

		wp_delete_user( $first->ID );
		wp_delete_user( $second->ID );
		$this->end_request();

		$this->assertSame( array( $first->ID ), $this->asked(), 'one call that fails is enough' );
		$this->assertSame( array( $first->ID, $second->ID ), $this->waiting() );

		wp_clear_scheduled_hook( User_Deletion::CRON );
		do_action( User_Deletion::CRON );
		$this->assertNotFalse( wp_next_scheduled( User_Deletion::CRON ) );
		$this->assertSame( array( $first->ID, $second->ID ), $this->waiting() );

		$this->fake_service( fn() => array( 'removed' => 1, 'done' => true ) );
		wp_clear_scheduled_hook( User_Deletion::CRON );
		do_action( User_Deletion::CRON );

		$this->assertSame( array(), $this->waiting() );
		$this->assertFalse( wp_next_scheduled( User_Deletion::CRON ) );
	}

	/**
	 * The longer it lasts the rarer the tries, an hour at most.
	 */
	public function test_tries_again_after_as_long_as_it_lasted(): void {
		foreach ( array( 0 => 60, 600 => 600, 100000 => 3600 ) as $age => $pause ) {
			wp_clear_scheduled_hook( User_Deletion::CRON );
			delete_option( Erasure_Queue::PREFIX . '999999' );
			add_option( Erasure_Queue::PREFIX . '999999', time() - $age, '', false );

			do_action( User_Deletion::CRON );

			$this->assertEqualsWithDelta( time() + $pause, wp_next_scheduled( User_Deletion::CRON ), 3 );
		}
	}

	/**
	 * Nobody who has an account is erased, whatever the queue says.
	 */
	public function test_an_account_that_exists_is_left_alone(): void {
		$user = $this->make_user();
		( new Erasure_Queue() )->add( $user->ID );

		do_action( User_Deletion::CRON );

		$this->assertSame( array(), $this->asked() );
		$this->assertSame( array(), $this->waiting() );
	}

	/**
	 * The rows in others' bells are deleted before Jetonomy takes the name off them.
	 */
	public function test_rows_in_others_bells_are_deleted(): void {
		global $wpdb;

		$user = $this->make_user();
		$wpdb->insert(
			$wpdb->prefix . 'jt_notifications',
			array(
				'user_id'     => $this->user( 'member2' )->ID,
				'actor_id'    => $user->ID,
				'type'        => 'private_message',
				'object_type' => 'message',
				'object_id'   => 7,
				'message'     => 'New message from ' . $user->display_name,
				'created_at'  => '2026-01-01 00:00:00',
			)
		);

		wp_delete_user( $user->ID );

		$this->assertSame( array(), $this->rows( 'jt_notifications', array( 'object_id' => '7', 'object_type' => 'message' ) ) );
	}

	/**
	 * Jetonomy's sweep erases at once.
	 */
	public function test_the_sweep_of_jetonomy_erases(): void {
		$this->fake_service( fn() => array( 'removed' => 1, 'done' => true ) );
		$deletion = $this->deletion();

		$deletion->on_orphan( 999998 );
		$this->assertSame( array( 999998 ), $this->asked() );
		$this->assertSame( array(), $this->waiting() );

		$deletion->on_orphan( $this->user( 'member1' )->ID );
		$this->assertSame( array( 999998 ), $this->asked(), 'no account that exists' );

		$this->assertNotFalse( has_action( 'jetonomy_purge_orphan_user' ) );
	}

	/**
	 * In one request a sidecar that is down is asked once.
	 */
	public function test_the_sweep_does_not_wait_again_and_again(): void {
		$deletion = $this->deletion();

		$deletion->on_orphan( 999997 );
		$deletion->on_orphan( 999998 );

		$this->assertSame( array( 999997 ), $this->asked() );
		$this->assertSame( array( 999997, 999998 ), $this->waiting() );
		$this->assertNotFalse( wp_next_scheduled( User_Deletion::CRON ) );
	}

	/**
	 * As in a request of its own.
	 */
	private function deletion(): User_Deletion {
		$bell_rows = new Bell_Rows();
		$sidecar   = new Operator_Client( new Keys(), new Sidecar_Client( new Settings() ) );

		return new User_Deletion( new Member_Erasure( $sidecar, $bell_rows ), new Erasure_Queue(), $bell_rows );
	}

	/**
	 * The sweep looks where an erasure removes something.
	 */
	public function test_the_sweep_is_told_where_to_look(): void {
		global $wpdb;

		$columns = apply_filters( 'jetonomy_privacy_orphan_columns', array() );

		$this->assertContains( $wpdb->prefix . 'jt_pro_messages', array_column( $columns, 'table' ) );

		foreach ( $columns as $column ) {
			$where = '' === $column['where'] ? '' : " AND ( {$column['where']} )";
			$this->assertIsArray( $wpdb->get_col( "SELECT DISTINCT t.{$column['column']} FROM {$column['table']} t WHERE t.{$column['column']} <> 0$where" ) );
			$this->assertSame( '', $wpdb->last_error );
		}
	}
}
