<?php
/**
 * The access log's lines in Jetonomy's activity log.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Reports;

use Jetonomy\Models\ActivityLog;

defined( 'ABSPATH' ) || exit;

/**
 * Repeats the sidecar's access log in Jetonomy's activity log, where there is one. Jetonomy shows action,
 * object and time of a line to members (its REST route of updates, which Activity_Feed keeps these out of), and
 * the rest on an admin page only: so the object is the entry, never a conversation, and what was done stands
 * behind, without the note.
 */
final class Activity_Lines {

	/**
	 * The lines' action and object type.
	 */
	public const ACTION      = 'accessed_messages';
	public const OBJECT_TYPE = 'message_access';

	/**
	 * Writes one line for each entry.
	 *
	 * @param int   $user_id  Who did it; 0 for the sidecar itself.
	 * @param int   $entry_id The entry's id.
	 * @param array $entry    As of the event access.logged.
	 * @param int   $since    When the entry was made.
	 */
	public function write( int $user_id, int $entry_id, array $entry, int $since ): void {
		if ( ! method_exists( ActivityLog::class, 'log' ) || $this->is_written( $user_id, $entry_id, $since ) ) {
			return;
		}

		ActivityLog::log(
			$user_id,
			self::ACTION,
			self::OBJECT_TYPE,
			$entry_id,
			array_filter(
				array(
					'what'            => sanitize_key( (string) ( $entry['action'] ?? '' ) ),
					'reason'          => sanitize_key( (string) ( $entry['reason'] ?? '' ) ),
					'conversation_id' => absint( $entry['conversation_id'] ?? 0 ),
					'member_id'       => absint( $entry['member_id'] ?? 0 ),
				)
			)
		);
	}

	/**
	 * Whether there is the line already.
	 *
	 * @param int $user_id  Who did it.
	 * @param int $entry_id The entry's id.
	 * @param int $since    When the entry was made.
	 */
	private function is_written( int $user_id, int $entry_id, int $since ): bool {
		global $wpdb;

		// By Jetonomy's key of user and time.
		return null !== $wpdb->get_var(
			$wpdb->prepare(
				'SELECT id FROM %i WHERE user_id = %d AND created_at >= %s AND object_type = %s AND object_id = %d LIMIT 1',
				\Jetonomy\table( 'activity_log' ),
				$user_id,
				gmdate( 'Y-m-d H:i:s', $since - HOUR_IN_SECONDS ),
				self::OBJECT_TYPE,
				$entry_id
			)
		);
	}
}
