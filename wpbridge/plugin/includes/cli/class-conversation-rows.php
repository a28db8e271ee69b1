<?php
/**
 * Conversations as a table.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Cli;

defined( 'ABSPATH' ) || exit;

/**
 * Makes rows of the sidecar's list of conversations.
 */
final class Conversation_Rows {

	/**
	 * The columns.
	 */
	public const FIELDS = array( 'id', 'type', 'title', 'participants', 'message_count', 'last_message_at' );

	/**
	 * The rows.
	 *
	 * @param array $conversations As the sidecar lists them.
	 * @return array<int, array<string, int|string>>
	 */
	public static function of( array $conversations ): array {
		$rows   = array();
		$logins = self::logins( array_merge( array(), ...array_map( static fn( $c ) => (array) ( $c['participants'] ?? array() ), $conversations ) ) );

		foreach ( $conversations as $c ) {
			$names = array_map( static fn( $id ) => $logins[ (int) $id ] ?? "#$id", (array) ( $c['participants'] ?? array() ) );
			$at    = (int) ( $c['last_message_at'] ?? 0 );

			$rows[] = array(
				'id'              => (int) ( $c['id'] ?? 0 ),
				'type'            => (string) ( $c['type'] ?? '' ),
				'title'           => self::printable( (string) ( $c['title'] ?? '' ) ),
				'participants'    => implode( ', ', $names ),
				'message_count'   => (int) ( $c['message_count'] ?? 0 ),
				'last_message_at' => 0 === $at ? '' : gmdate( 'Y-m-d\TH:i:s\Z', $at ),
			);
		}

		return $rows;
	}

	/**
	 * Logins of users.
	 *
	 * @param array $ids Ids, each as often as there are.
	 * @return array<int, string> Logins by id; who is gone is missing.
	 */
	private static function logins( array $ids ): array {
		$logins = array();

		foreach ( array_chunk( array_unique( array_map( 'intval', $ids ) ), 1000 ) as $some ) {
			$users = get_users(
				array(
					'include' => $some,
					'fields'  => array( 'ID', 'user_login' ),
					'blog_id' => 0,
				)
			);

			foreach ( $users as $user ) {
				$logins[ (int) $user->ID ] = $user->user_login;
			}
		}

		return $logins;
	}

	/**
	 * A text without what a terminal would take for commands.
	 *
	 * @param string $text What a member typed.
	 */
	private static function printable( string $text ): string {
		return (string) preg_replace( '/[[:cntrl:]]+/u', ' ', $text );
	}
}
