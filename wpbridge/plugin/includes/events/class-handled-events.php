<?php
/**
 * Remembers what was handled.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Events;

defined( 'ABSPATH' ) || exit;

/**
 * Keeps the table {prefix}jt_sidecar_handled, which the sidecar's migrations make: which events were
 * handled, which are being handled right now, and which signatures were used.
 *
 * handled_at of an event that is being handled lies 10 years ahead of when that began. So a process that
 * was killed in the middle of an event leaves a trace, and the event is handled again later. A signature is
 * kept under an id made of its first 64 bits, the highest one set, where no event's id ever gets to.
 */
final class Handled_Events {

	/**
	 * Years by which the time of an event that is being handled lies ahead.
	 */
	private const AHEAD_YEARS = 10;

	/**
	 * Seconds after which whoever handles an event is taken for dead.
	 */
	private const DEAD_AFTER = 10 * MINUTE_IN_SECONDS;

	/**
	 * Seconds for which a used signature is kept: twice as long as one is good for, in each direction.
	 */
	private const SIGNATURE_LIFETIME = 20 * MINUTE_IN_SECONDS;

	/**
	 * Seconds for which a handled event is remembered.
	 */
	private const EVENT_LIFETIME = 30 * DAY_IN_SECONDS;

	/**
	 * The ids from which on a row is a signature.
	 */
	private const FIRST_SIGNATURE = '9223372036854775808';

	/**
	 * Rows that one call of prune() removes at most, of each kind.
	 */
	private const PRUNE_ROWS = 200;

	/**
	 * Answers of claim().
	 */
	public const CLAIMED = 'claimed';
	public const DONE    = 'done';
	public const BUSY    = 'busy';

	/**
	 * Remembers a signature. False where it is known already.
	 *
	 * @param string $signature Hexadecimal, 64 digits.
	 * @throws Event_Failure When the table cannot be written.
	 */
	public function use_signature( string $signature ): bool {
		// The highest bit is set.
		$id = dechex( hexdec( $signature[0] ) | 8 ) . substr( $signature, 1, 15 );

		return 1 === $this->write( 'INSERT IGNORE INTO %i (event_id, handled_at) VALUES (CONV(%s, 16, 10), %s)', $this->table(), $id, self::time( 0 ) );
	}

	/**
	 * Takes an event for this request: CLAIMED means that it is ours, DONE that it was handled before, BUSY
	 * that another request is at it.
	 *
	 * @param int $id The event's id.
	 * @throws Event_Failure When the table cannot be written.
	 */
	public function claim( int $id ): string {
		global $wpdb;

		$table = $this->table();
		$now   = self::claim_time( 0 );

		if ( 1 === $this->write( 'INSERT IGNORE INTO %i (event_id, handled_at) VALUES (%d, %s)', $table, $id, $now ) ) {
			return self::CLAIMED;
		}

		$handled_at = (string) $wpdb->get_var( $wpdb->prepare( 'SELECT handled_at FROM %i WHERE event_id = %d', $table, $id ) );

		if ( '' === $handled_at ) {
			return self::BUSY; // Released a moment ago.
		}

		if ( $handled_at <= self::time( YEAR_IN_SECONDS ) ) {
			return self::DONE;
		}

		if ( $handled_at > self::claim_time( -self::DEAD_AFTER ) ) {
			return self::BUSY;
		}

		return 1 === $this->write( 'UPDATE %i SET handled_at = %s WHERE event_id = %d AND handled_at = %s', $table, $now, $id, $handled_at )
			? self::CLAIMED
			: self::BUSY;
	}

	/**
	 * Notes that a claimed event was handled.
	 *
	 * @param int $id The event's id.
	 * @throws Event_Failure When the table cannot be written.
	 */
	public function finish( int $id ): void {
		$this->write( 'UPDATE %i SET handled_at = %s WHERE event_id = %d', $this->table(), self::time( 0 ), $id );
	}

	/**
	 * Gives a claimed event back, to be handled another time.
	 *
	 * @param int $id The event's id.
	 * @throws Event_Failure When the table cannot be written.
	 */
	public function release( int $id ): void {
		$this->write( 'DELETE FROM %i WHERE event_id = %d', $this->table(), $id );
	}

	/**
	 * Forgets what is old.
	 *
	 * @throws Event_Failure When the table cannot be written.
	 */
	public function prune(): void {
		$table = $this->table();

		$this->write(
			'DELETE FROM %i WHERE event_id >= ' . self::FIRST_SIGNATURE . ' AND handled_at < %s LIMIT %d',
			$table,
			self::time( -self::SIGNATURE_LIFETIME ),
			self::PRUNE_ROWS
		);
		$this->write( 'DELETE FROM %i WHERE handled_at < %s LIMIT %d', $table, self::time( -self::EVENT_LIFETIME ), self::PRUNE_ROWS );
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		global $wpdb;

		return $wpdb->prefix . 'jt_sidecar_handled';
	}

	/**
	 * A statement that changes rows.
	 *
	 * @param string $sql  The statement with its placeholders.
	 * @param mixed  ...$args Their values.
	 * @return int Rows changed.
	 * @throws Event_Failure When the database refuses.
	 */
	private function write( string $sql, ...$args ): int {
		global $wpdb;

		$was_suppressed = $wpdb->suppress_errors();
		$rows           = $wpdb->query( $wpdb->prepare( $sql, ...$args ) ); // phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared -- All callers are above.
		$wpdb->suppress_errors( $was_suppressed );

		if ( false === $rows ) {
			throw new Event_Failure( 'the table of handled events cannot be written' );
		}

		return (int) $rows;
	}

	/**
	 * A time as the database has it, UTC.
	 *
	 * @param int $offset Seconds from now.
	 */
	private static function time( int $offset ): string {
		return gmdate( 'Y-m-d H:i:s', time() + $offset );
	}

	/**
	 * The handled_at of an event that somebody began to handle.
	 *
	 * @param int $offset Seconds from now at which that was.
	 */
	private static function claim_time( int $offset ): string {
		return self::time( self::AHEAD_YEARS * YEAR_IN_SECONDS + $offset );
	}
}
