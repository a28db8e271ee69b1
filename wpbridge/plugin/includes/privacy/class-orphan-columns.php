<?php
/**
 * Where deleted users leave traces.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

defined( 'ABSPATH' ) || exit;

/**
 * Tells Jetonomy's sweep (`wp jetonomy privacy`) in which columns to look for users who were deleted while
 * this plugin was not there to see it. Only what an erasure removes is named: what it keeps, such as who
 * took part, would be found again and again.
 */
final class Orphan_Columns {

	/**
	 * The text that the sidecar puts in the place of an erased message; wpbridge/doc.go names it, too.
	 */
	public const TOMBSTONE = 'Message deleted';

	/**
	 * Hooks it in.
	 */
	public function register(): void {
		add_filter( 'jetonomy_privacy_orphan_columns', array( $this, 'add' ) );
	}

	/**
	 * Adds the columns.
	 *
	 * @param array $columns Arrays with the keys table, column and where.
	 */
	public function add( $columns ): array {
		global $wpdb;

		$left = "COALESCE( t.is_system, 0 ) = 0 AND COALESCE( t.content_plain, '' ) <> '" . self::TOMBSTONE . "'";
		$own  = array(
			array( 'jt_pro_messages', 'sender_id', $left ),
			array( 'jt_sidecar_blocks', 'blocker_id', '' ),
			array( 'jt_sidecar_blocks', 'blocked_id', '' ),
			array( 'jt_sidecar_mail', 'user_id', '' ),
			array( 'jt_sidecar_names', 'user_id', '' ),
			array( 'jt_sidecar_reports', 'reporter_id', "t.note <> ''" ),
			array( 'jt_sidecar_requests', 'user_id', '' ),
		);

		foreach ( $own as list( $table, $column, $where ) ) {
			$columns[] = array(
				'table'  => $wpdb->prefix . $table,
				'column' => $column,
				'where'  => $where,
			);
		}

		return $columns;
	}
}
