<?php
/**
 * Remembers who cleared members' blocks.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

defined( 'ABSPATH' ) || exit;

/**
 * The last clearings, for those in charge to look up on a member's page: with Jetonomy and without it. Options
 * and not user meta, which members are given with their own data: it would tell them who blocked them. One
 * option for each clearing: two at the same time would overwrite each other's in a shared one.
 */
final class Clearing_Log {

	/**
	 * What the options' names begin with; something unique follows. The value is an array of at (Unix seconds),
	 * actor, blocker, blocked (user ids; 0 for all of the other's), removed (how many blocks) and done (1 if
	 * these were all, else 0).
	 */
	public const PREFIX = 'jetonomy_sidecar_clearing_';

	/**
	 * How many are kept.
	 */
	private const KEPT = 500;

	/**
	 * Adds a clearing.
	 *
	 * @param int  $blocker_id Who had blocked, or 0.
	 * @param int  $blocked_id Who was blocked, or 0.
	 * @param int  $removed    How many blocks.
	 * @param bool $done       Whether these were all.
	 * @param int  $actor_id   Who cleared them.
	 */
	public static function add( int $blocker_id, int $blocked_id, int $removed, bool $done, int $actor_id ): void {
		$entry = array(
			'at'      => time(),
			'actor'   => $actor_id,
			'blocker' => $blocker_id,
			'blocked' => $blocked_id,
			'removed' => $removed,
			'done'    => $done ? 1 : 0,
		);

		add_option( self::PREFIX . wp_generate_uuid4(), $entry, '', false );
		array_map( 'delete_option', self::column( 'option_name', self::KEPT, self::KEPT ) );
	}

	/**
	 * The clearings that a member's page shows, the newest first.
	 *
	 * @param int $user_id The member.
	 * @param int $limit   At most so many.
	 * @return array[] As in the options.
	 */
	public static function of( int $user_id, int $limit ): array {
		$theirs = array_filter( self::all(), static fn( array $entry ): bool => in_array( $user_id, array( $entry['blocker'], $entry['blocked'] ), true ) );

		return array_slice( array_values( $theirs ), 0, $limit );
	}

	/**
	 * All that is kept, the newest first.
	 *
	 * @return array[] As in the options.
	 */
	private static function all(): array {
		$whole = static fn( $entry ): bool => is_array( $entry )
			&& 6 === count( array_filter( array_intersect_key( $entry, array_flip( array( 'at', 'actor', 'blocker', 'blocked', 'removed', 'done' ) ) ), 'is_int' ) );

		return array_values( array_filter( array_map( 'maybe_unserialize', self::column( 'option_value', 0, self::KEPT ) ), $whole ) );
	}

	/**
	 * A column of the options, those of the newest first.
	 *
	 * @param string $name   Its name.
	 * @param int    $offset How many to leave out.
	 * @param int    $limit  At most so many.
	 * @return string[]
	 */
	private static function column( string $name, int $offset, int $limit ): array {
		global $wpdb;

		return (array) $wpdb->get_col(
			$wpdb->prepare(
				"SELECT %i FROM `$wpdb->options` WHERE option_name LIKE %s ORDER BY option_id DESC LIMIT %d OFFSET %d",
				$name,
				$wpdb->esc_like( self::PREFIX ) . '%',
				$limit,
				$offset
			)
		);
	}
}
