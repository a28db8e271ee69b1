<?php
/**
 * A member's rows in Jetonomy's bell.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

use Jetonomy\Models\Notification;

defined( 'ABSPATH' ) || exit;

/**
 * Deletes the bell rows about private messages that a member got, and those that others got because of
 * this member. Through Jetonomy where it is active, which counts anew then; where it is not, what it left
 * in its table is deleted all the same.
 */
final class Bell_Rows {

	/**
	 * What Jetonomy's column object_type says of a row about a private message.
	 */
	private const OBJECT_TYPE = 'message';

	/**
	 * Rows deleted in one go.
	 */
	private const BATCH = 500;

	/**
	 * Deletes them.
	 *
	 * @param int $user_id The member, who may be gone.
	 * @return int Rows deleted.
	 */
	public function erase( int $user_id ): int {
		global $wpdb;

		$table   = $wpdb->prefix . 'jt_notifications';
		$deleted = 0;

		if ( $user_id <= 0 || ! $this->exists( $table ) ) {
			return 0;
		}

		do {
			// phpcs:ignore WordPress.DB.PreparedSQL.InterpolatedNotPrepared -- The table's name.
			$sql  = "SELECT id, user_id FROM `$table` WHERE object_type = %s AND ( user_id = %d OR actor_id = %d ) LIMIT %d";
			$rows = (array) $wpdb->get_results( $wpdb->prepare( $sql, self::OBJECT_TYPE, $user_id, $user_id, self::BATCH ) );
			$gone = 0;
			$ids  = array();

			foreach ( $rows as $row ) {
				$ids[ (int) $row->user_id ][] = (int) $row->id;
			}

			foreach ( $ids as $recipient => $of_recipient ) {
				$gone += $this->delete( $table, $recipient, $of_recipient );
			}

			$deleted += $gone;
		} while ( $gone > 0 && self::BATCH === count( $rows ) );

		return $deleted;
	}

	/**
	 * Deletes rows of one recipient.
	 *
	 * @param string $table     The table.
	 * @param int    $recipient Whose bell it is.
	 * @param int[]  $ids       The rows' ids.
	 */
	private function delete( string $table, int $recipient, array $ids ): int {
		global $wpdb;

		if ( method_exists( Notification::class, 'delete_for_user' ) ) {
			return (int) Notification::delete_for_user( $recipient, $ids );
		}

		$list = implode( ', ', array_map( 'absint', $ids ) );

		return (int) $wpdb->query( "DELETE FROM `$table` WHERE id IN ( $list )" ); // phpcs:ignore WordPress.DB.PreparedSQL.InterpolatedNotPrepared -- Numbers.
	}

	/**
	 * Whether there is such a table.
	 *
	 * @param string $table Its name.
	 */
	private function exists( string $table ): bool {
		global $wpdb;

		return $table === $wpdb->get_var( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $table ) ) );
	}
}
