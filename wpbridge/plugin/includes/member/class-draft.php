<?php
/**
 * What a member typed into a form that was not accepted.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Member;

defined( 'ABSPATH' ) || exit;

/**
 * Keeps one refused form per member, with what was wrong, from the redirect to the page that shows it again
 * and for reloads of that page: a quarter of an hour, or until a form of theirs is accepted.
 */
final class Draft {

	private const LIFETIME = 15 * MINUTE_IN_SECONDS;

	/**
	 * Keeps a form.
	 *
	 * @param int    $user_id The member.
	 * @param string $form    Which form: 'start', or 'send:' or 'report:' with the conversation's id.
	 * @param array  $fields  What was typed, by field, with 'client_key' and 'error'.
	 */
	public static function keep( int $user_id, string $form, array $fields ): void {
		set_transient( self::name( $user_id ), array( 'form' => $form ) + $fields, self::LIFETIME );
	}

	/**
	 * The form as it was typed, or an empty array.
	 *
	 * @param int    $user_id The member.
	 * @param string $form    Which form.
	 * @return array Strings by field.
	 */
	public static function of( int $user_id, string $form ): array {
		$draft = get_transient( self::name( $user_id ) );

		return is_array( $draft ) && ( $draft['form'] ?? '' ) === $form ? array_filter( $draft, 'is_string' ) : array();
	}

	/**
	 * Forgets it: the member's form was accepted, or their data is erased.
	 *
	 * @param int $user_id The member.
	 */
	public static function forget( int $user_id ): void {
		delete_transient( self::name( $user_id ) );
	}

	/**
	 * Name of the transient.
	 *
	 * @param int $user_id The member.
	 */
	private static function name( int $user_id ): string {
		return 'jetonomy_sidecar_draft_' . $user_id;
	}
}
