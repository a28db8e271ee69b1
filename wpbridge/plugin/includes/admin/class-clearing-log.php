<?php
/**
 * Remembers who cleared members' blocks.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

defined( 'ABSPATH' ) || exit;

/**
 * The last clearings, for those in charge to look up on a member's page: with Jetonomy and without it. An
 * option and not user meta, which members are given with their own data: it would tell them who blocked them.
 */
final class Clearing_Log {

	/**
	 * The option: a list of arrays of at (Unix seconds), actor, blocker, blocked (user ids; 0 for all of the
	 * other's) and removed (how many blocks), the newest first.
	 */
	public const OPTION = 'jetonomy_sidecar_cleared_blocks';

	/**
	 * How many are kept.
	 */
	private const KEPT = 500;

	/**
	 * Adds a clearing.
	 *
	 * @param int $blocker_id Who had blocked, or 0.
	 * @param int $blocked_id Who was blocked, or 0.
	 * @param int $removed    How many blocks.
	 * @param int $actor_id   Who cleared them.
	 */
	public static function add( int $blocker_id, int $blocked_id, int $removed, int $actor_id ): void {
		$entry = array(
			'at'      => time(),
			'actor'   => $actor_id,
			'blocker' => $blocker_id,
			'blocked' => $blocked_id,
			'removed' => $removed,
		);

		update_option( self::OPTION, array_slice( array( $entry, ...self::all() ), 0, self::KEPT ), false );
	}

	/**
	 * The clearings that a member's page shows, the newest first.
	 *
	 * @param int $user_id The member.
	 * @param int $limit   At most so many.
	 * @return array[] As in the option.
	 */
	public static function of( int $user_id, int $limit ): array {
		$theirs = array_filter( self::all(), static fn( array $entry ): bool => in_array( $user_id, array( $entry['blocker'], $entry['blocked'] ), true ) );

		return array_slice( array_values( $theirs ), 0, $limit );
	}

	/**
	 * All that is kept, the newest first.
	 *
	 * @return array[] As in the option.
	 */
	private static function all(): array {
		$stored = get_option( self::OPTION );
		$whole  = static fn( $entry ): bool => is_array( $entry )
			&& 5 === count( array_filter( array_intersect_key( $entry, array_flip( array( 'at', 'actor', 'blocker', 'blocked', 'removed' ) ) ), 'is_int' ) );

		return is_array( $stored ) ? array_values( array_filter( $stored, $whole ) ) : array();
	}
}
