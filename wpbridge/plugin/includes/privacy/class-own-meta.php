<?php
/**
 * The plugin's user meta.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

use Jetonomy_Sidecar\Notify\Preferences;

defined( 'ABSPATH' ) || exit;

/**
 * What the plugin stores with users: all keys that begin with one of PREFIXES.
 */
final class Own_Meta {

	/**
	 * What the keys begin with.
	 */
	public const PREFIXES = array( 'jetonomy_sidecar_', '_jetonomy_sidecar_' );

	/**
	 * What is stored with a user.
	 *
	 * @param int $user_id The user.
	 * @return array<string, mixed> Values by key.
	 */
	public static function of( int $user_id ): array {
		$own = array();

		foreach ( array_keys( (array) get_user_meta( $user_id ) ) as $key ) {
			foreach ( self::PREFIXES as $prefix ) {
				if ( str_starts_with( (string) $key, $prefix ) ) {
					$own[ (string) $key ] = get_user_meta( $user_id, (string) $key, true );
				}
			}
		}

		return $own;
	}

	/**
	 * Deletes what is stored with a user, except for the choice of notifications: without it, mail would begin to
	 * come again that the member has turned off. With an account, WordPress deletes it.
	 *
	 * @param int $user_id The user.
	 * @return int Keys deleted.
	 */
	public static function delete( int $user_id ): int {
		$deleted = 0;

		foreach ( array_diff( array_keys( self::of( $user_id ) ), array( Preferences::META ) ) as $key ) {
			$deleted += (int) delete_user_meta( $user_id, $key );
		}

		return $deleted;
	}
}
