<?php
/**
 * The deleted users whose messages are still to be erased.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

defined( 'ABSPATH' ) || exit;

/**
 * A list in the options table, one option for each user: two requests that delete users at the same time
 * would overwrite each other's entries in a shared one.
 */
final class Erasure_Queue {

	/**
	 * What the options' names begin with; the user's id follows. The value is when the user was deleted.
	 */
	public const PREFIX = 'jetonomy_sidecar_erase_';

	/**
	 * Adds a user. One who is in it already keeps the time.
	 *
	 * @param int $user_id The user.
	 */
	public function add( int $user_id ): void {
		add_option( self::PREFIX . $user_id, time(), '', false );
	}

	/**
	 * Takes a user out.
	 *
	 * @param int $user_id The user.
	 */
	public function remove( int $user_id ): void {
		delete_option( self::PREFIX . $user_id );
	}

	/**
	 * Users in it, the first added first.
	 *
	 * @param int $limit Users at most.
	 * @return array<int, int> Unix seconds of being added, by user id.
	 */
	public function all( int $limit = 200 ): array {
		global $wpdb;

		$rows = (array) $wpdb->get_results(
			$wpdb->prepare(
				"SELECT option_name, option_value FROM `$wpdb->options` WHERE option_name LIKE %s ORDER BY option_id LIMIT %d",
				$wpdb->esc_like( self::PREFIX ) . '%',
				$limit
			)
		);
		$all  = array();

		foreach ( $rows as $row ) {
			$all[ (int) substr( $row->option_name, strlen( self::PREFIX ) ) ] = (int) $row->option_value;
		}

		return $all;
	}
}
