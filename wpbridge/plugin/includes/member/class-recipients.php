<?php
/**
 * Recipients as they are typed and linked to.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Member;

use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * Turns what a member types, or what stands behind ?to=, into users.
 */
final class Recipients {

	/**
	 * The user with this login or, where there is none, this id.
	 *
	 * @param string $name Login or id, with or without an @ in front.
	 */
	public static function find( string $name ): ?WP_User {
		$name = ltrim( trim( $name ), '@' );

		// WordPress looks for what is left of it as a login, and complains of nothing.
		if ( '' === sanitize_user( $name ) ) {
			return null;
		}

		$user = get_user_by( 'login', $name );

		if ( ! $user && ctype_digit( $name ) ) {
			$user = get_user_by( 'id', (int) $name );
		}

		return $user ? $user : null;
	}

	/**
	 * The users in a list of logins with commas between them.
	 *
	 * @param string $typed The list.
	 * @return array{0: int[], 1: string[]} Ids, each once, and the names that nobody has.
	 */
	public static function parse( string $typed ): array {
		$ids     = array();
		$unknown = array();

		foreach ( preg_split( '/[,;\r\n]+/', $typed ) as $name ) {
			$name = trim( $name );

			if ( '' === $name ) {
				continue;
			}

			$user = self::find( $name );

			if ( $user ) {
				$ids[] = $user->ID;
			} else {
				$unknown[] = $name;
			}
		}

		return array( array_values( array_unique( $ids ) ), $unknown );
	}

	/**
	 * The list to begin with for ?to=: logins where they are known, else what was given.
	 *
	 * @param string $to Logins or ids with commas between them.
	 */
	public static function prefill( string $to ): string {
		$names = array();

		foreach ( preg_split( '/[,;\r\n]+/', $to ) as $name ) {
			$names[] = self::find( $name )?->user_login ?? trim( $name );
		}

		return implode( ', ', array_filter( $names, static fn( string $name ): bool => '' !== $name ) );
	}
}
