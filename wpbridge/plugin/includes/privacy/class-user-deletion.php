<?php
/**
 * The erasure of deleted users.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Browser;

defined( 'ABSPATH' ) || exit;

/**
 * A deleted user's messages are erased, too. Deleting a user never waits for it: the id is kept in the
 * Erasure_Queue, the erasure is tried once at the end of the request, and cron goes on until it is done,
 * however long the sidecar is away. What a legal hold keeps beyond that is the sidecar's to erase when it ends.
 */
final class User_Deletion {

	/**
	 * The cron event.
	 */
	public const CRON = 'jetonomy_sidecar_erase';

	/**
	 * Seconds a request may last longer because of a deleted user.
	 */
	private const AT_SHUTDOWN = 2.0;

	/**
	 * Seconds one run of cron may take.
	 */
	private const IN_CRON = 20.0;

	/**
	 * Seconds of waiting before a call that WordPress's HTTP API may need at least.
	 */
	private const SHORTEST_CALL = 1.0;

	/**
	 * Users noted in this request and not yet erased: keys are ids.
	 *
	 * @var array<int, int>
	 */
	private array $noted = array();

	/**
	 * Whether the sidecar could not be asked in this request.
	 *
	 * @var bool
	 */
	private bool $has_failed = false;

	/**
	 * Constructor.
	 *
	 * @param Member_Erasure $erasure   The erasure of one member.
	 * @param Erasure_Queue  $queue     Who is to be erased.
	 * @param Bell_Rows      $bell_rows The rows in the bell.
	 */
	public function __construct(
		private readonly Member_Erasure $erasure,
		private readonly Erasure_Queue $queue,
		private readonly Bell_Rows $bell_rows
	) {}

	/**
	 * Hooks it in.
	 */
	public function register(): void {
		// Before Jetonomy takes the user's name off the rows in other members' bells.
		add_action( 'delete_user', array( $this, 'before_deletion' ), 1 );
		add_action( 'wpmu_delete_user', array( $this, 'before_deletion_from_network' ), 1 );
		add_action( 'deleted_user', array( $this, 'on_deleted' ) );
		add_action( 'jetonomy_purge_orphan_user', array( $this, 'on_orphan' ) );
		add_action( self::CRON, array( $this, 'run' ) );
		// WordPress's own daily event, in case ours got lost: two requests that schedule at the same moment can do that.
		add_action( 'delete_expired_transients', array( $this, 'run' ) );
	}

	/**
	 * A user is about to be deleted.
	 *
	 * @param int $user_id The user.
	 */
	public function before_deletion( $user_id ): void {
		$this->bell_rows->erase( (int) $user_id );
	}

	/**
	 * A user was deleted. On a network this is also said of one who was only removed from a site.
	 *
	 * @param int $user_id The user.
	 */
	public function on_deleted( $user_id ): void {
		if ( ! get_userdata( (int) $user_id ) ) {
			$this->note( (int) $user_id );
		}
	}

	/**
	 * A user is about to be deleted from a network. Each of the user's sites erases on its own.
	 *
	 * @param int $user_id The user.
	 */
	public function before_deletion_from_network( $user_id ): void {
		foreach ( array_keys( get_blogs_of_user( (int) $user_id, true ) ) as $site_id ) {
			switch_to_blog( (int) $site_id );

			if ( false !== get_option( Keys::OPTION ) ) { // The plugin is at work there.
				$this->bell_rows->erase( (int) $user_id );
				$this->queue->add( (int) $user_id );
				$this->schedule();
			}

			restore_current_blog();
		}
	}

	/**
	 * Jetonomy sweeps up what a user left who was deleted long ago. Somebody waits for the result.
	 *
	 * @param int $user_id The user.
	 */
	public function on_orphan( $user_id ): void {
		$user_id = (int) $user_id;

		if ( $user_id <= 0 || get_userdata( $user_id ) ) {
			return;
		}

		$this->queue->add( $user_id );
		$this->schedule();

		if ( ! $this->has_failed ) {
			$this->erase( $user_id, microtime( true ) + self::IN_CRON );
		}
	}

	/**
	 * The one try at the end of a request. The browser does not wait for it, where PHP can let it go.
	 */
	public function try_now(): void {
		Browser::let_go();

		$deadline = microtime( true ) + self::AT_SHUTDOWN;

		foreach ( array_keys( $this->noted ) as $user_id ) {
			if ( ! $this->erase( $user_id, $deadline ) ) {
				break;
			}
		}

		$this->noted = array();
	}

	/**
	 * Erases who is in the queue, and comes back later for whom there was no time.
	 */
	public function run(): void {
		$deadline = microtime( true ) + self::IN_CRON;

		foreach ( array_keys( $this->queue->all() ) as $user_id ) {
			if ( ! $this->erase( $user_id, $deadline ) ) {
				break;
			}
		}

		$this->schedule();
	}

	/**
	 * Remembers a deleted user.
	 *
	 * @param int $user_id The user.
	 */
	private function note( int $user_id ): void {
		$this->queue->add( $user_id );
		$this->schedule();

		if ( array() === $this->noted ) {
			add_action( 'shutdown', array( $this, 'try_now' ), PHP_INT_MAX );
		}

		$this->noted[ $user_id ] = $user_id;
	}

	/**
	 * Erases one user.
	 *
	 * @param int   $user_id  The user.
	 * @param float $deadline When to stop.
	 * @return bool Whether the next user may follow.
	 */
	private function erase( int $user_id, float $deadline ): bool {
		if ( get_userdata( $user_id ) ) {
			$this->queue->remove( $user_id ); // Not deleted after all, or back from a backup.
			return true;
		}

		while ( $deadline - microtime( true ) >= self::SHORTEST_CALL ) {
			$step = $this->within( $deadline, fn() => $this->erasure->step( $user_id ) );

			if ( is_wp_error( $step ) ) {
				$this->has_failed = true;
				return false;
			}

			if ( $step['done'] ) {
				$this->queue->remove( $user_id );
				return true;
			}
		}

		return false;
	}

	/**
	 * Does something that calls the sidecar, and does not wait for it beyond a point in time.
	 *
	 * @param float    $deadline The point in time.
	 * @param callable $task     What to do.
	 */
	private function within( float $deadline, callable $task ): mixed {
		$limit = static function ( array $args ) use ( $deadline ): array {
			$args['timeout'] = min( (float) $args['timeout'], max( self::SHORTEST_CALL, $deadline - microtime( true ) ) );
			return $args;
		};

		add_filter( 'http_request_args', $limit );

		try {
			return $task();
		} finally {
			remove_filter( 'http_request_args', $limit );
		}
	}

	/**
	 * Makes cron come while somebody is in the queue: after a minute, and then in as much time again as has
	 * passed since the deletion, an hour at most.
	 */
	private function schedule(): void {
		$waiting = $this->queue->all( 1 );

		if ( array() === $waiting || wp_next_scheduled( self::CRON ) ) {
			return;
		}

		$age = time() - (int) reset( $waiting );

		wp_schedule_single_event( time() + max( MINUTE_IN_SECONDS, min( HOUR_IN_SECONDS, $age ) ), self::CRON );
	}
}
