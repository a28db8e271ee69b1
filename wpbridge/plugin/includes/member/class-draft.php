<?php
/**
 * What a member typed into forms that were not accepted.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Member;

defined( 'ABSPATH' ) || exit;

/**
 * Keeps a member's refused forms, the newest few, from the redirect to the page that shows them again and for
 * reloads of that page: each for a quarter of an hour, or until that form is accepted. What was wrong is said once.
 */
final class Draft {

	private const LIFETIME = 15 * MINUTE_IN_SECONDS;

	/**
	 * Forms that are kept for one member.
	 */
	private const MOST = 5;

	/**
	 * Keeps a form.
	 *
	 * @param int    $user_id The member.
	 * @param string $form    Which form: 'start', 'action', or 'send:' or 'report:' with the conversation's id.
	 * @param array  $fields  What was typed, by field, with 'client_key' and 'error'.
	 */
	public static function keep( int $user_id, string $form, array $fields ): void {
		$forms = self::all( $user_id );
		unset( $forms[ $form ] );

		$forms[ $form ] = array(
			'until'  => time() + self::LIFETIME,
			'fields' => array_filter( $fields, 'is_string' ),
		);

		self::store( $user_id, array_slice( $forms, -self::MOST ) );
	}

	/**
	 * The form as it was typed, or an empty array.
	 *
	 * @param int    $user_id The member.
	 * @param string $form    Which form.
	 * @return array Strings by field.
	 */
	public static function of( int $user_id, string $form ): array {
		return self::all( $user_id )[ $form ]['fields'] ?? array();
	}

	/**
	 * The form for its page, or an empty array. What was wrong is in it the first time only: later, something else
	 * may have made it untrue.
	 *
	 * @param int    $user_id The member.
	 * @param string $form    Which form.
	 * @return array Strings by field.
	 */
	public static function show( int $user_id, string $form ): array {
		$forms  = self::all( $user_id );
		$fields = $forms[ $form ]['fields'] ?? array();

		if ( isset( $fields['error'] ) ) {
			unset( $forms[ $form ]['fields']['error'] );
			self::store( $user_id, $forms );
		}

		return $fields;
	}

	/**
	 * Forgets a form, which was accepted.
	 *
	 * @param int    $user_id The member.
	 * @param string $form    Which form.
	 */
	public static function forget( int $user_id, string $form ): void {
		$forms = self::all( $user_id );

		if ( isset( $forms[ $form ] ) ) {
			unset( $forms[ $form ] );
			self::store( $user_id, $forms );
		}
	}

	/**
	 * Forgets all forms of a member, whose data is erased.
	 *
	 * @param int $user_id The member.
	 */
	public static function forget_all( int $user_id ): void {
		delete_transient( self::name( $user_id ) );
	}

	/**
	 * All forms that are kept, the newest last.
	 *
	 * @param int $user_id The member.
	 * @return array[] By form, each with 'until', a Unix time, and 'fields'.
	 */
	private static function all( int $user_id ): array {
		$forms = get_transient( self::name( $user_id ) );

		return is_array( $forms ) ? array_filter( $forms, static fn( array $form ): bool => $form['until'] > time() ) : array();
	}

	/**
	 * Stores all forms.
	 *
	 * @param int     $user_id The member.
	 * @param array[] $forms   As of all().
	 */
	private static function store( int $user_id, array $forms ): void {
		if ( array() === $forms ) {
			self::forget_all( $user_id );
		} else {
			set_transient( self::name( $user_id ), $forms, self::LIFETIME );
		}
	}

	/**
	 * Name of the transient.
	 *
	 * @param int $user_id The member.
	 */
	private static function name( int $user_id ): string {
		return 'jetonomy_sidecar_drafts_' . $user_id;
	}
}
