<?php
/**
 * What the service says, in the reader's language.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Member;

use Jetonomy_Sidecar\Privacy\Orphan_Columns;

defined( 'ABSPATH' ) || exit;

/**
 * The service speaks English: why it refused something, in notes of a conversation, where a message was erased, and
 * of whom the account is gone. What is not known here stays as it is. The live inbox does the same in problems.ts and
 * notes.ts of wpbridge/inbox/src/ui, with the same texts.
 */
final class Service_Texts {

	/**
	 * Codes that mean one thing, with the text of Inbox_Strings.
	 */
	private const BY_CODE = array(
		'jetonomy_cannot_message'         => 'refused',
		'jetonomy_user_banned'            => 'banned',
		'jetonomy_pending_verification'   => 'unverified',
		'jetonomy_cannot_block_moderator' => 'moderator',
		'jetonomy_idempotency_conflict'   => 'sentBefore',
		'jetonomy_body_too_large'         => 'tooLong',
	);

	private const FORMER_MEMBER = 'A former member';
	private const DELETED_USER  = 'Deleted User';

	/**
	 * What stands in the place of an erased message.
	 */
	private const ERASED = '<p dir="auto"><em>' . Orphan_Columns::TOMBSTONE . '</em></p>';

	/**
	 * Why something was refused, as plain text.
	 *
	 * @param string $code    The error's code.
	 * @param string $message Its message.
	 * @param array  $data    Its data. Of an input that was not accepted, params says what is wrong with it.
	 */
	public static function error( string $code, string $message, array $data ): string {
		$params = array_filter( is_array( $data['params'] ?? null ) ? $data['params'] : array(), 'is_string' );
		$wait   = is_int( $data['retry_after'] ?? null ) ? $data['retry_after'] : 0;

		return match ( true ) {
			isset( self::BY_CODE[ $code ] )        => Inbox_Strings::text( self::BY_CODE[ $code ] ),
			'jetonomy_forbidden' === $code         => self::forbidden( $message ),
			'jetonomy_rate_limited' === $code && $wait > 0 => sprintf( Inbox_Strings::text( 'limitedFor' ), human_time_diff( 0, $wait ) ),
			'jetonomy_too_many_participants' === $code && preg_match( '/\d+/', $message, $limit ) => Inbox_Strings::plural( 'groupFull', (int) $limit[0] ),
			// Of the choices that a form gives.
			'rest_invalid_param' === $code && isset( $params['reason'] ) => __( 'Choose one of these.', 'jetonomy-sidecar' ),
			'rest_invalid_param' === $code && array() !== $params => self::sentence( reset( $params ) ),
			default                                => $message,
		};
	}

	/**
	 * A note that the service wrote into a conversation, as plain text; any other text as it is.
	 *
	 * @param string        $text  The text.
	 * @param string[]|null $names Who can have left or added others, where the text may be a member's own; null where it
	 *                             is a note for sure.
	 */
	public static function note( string $text, ?array $names = null ): string {
		$is_known = static fn( string $name ): bool => null === $names || self::FORMER_MEMBER === $name || in_array( $name, $names, true );
		$shown    = static fn( string $name ): string => self::FORMER_MEMBER === $name ? Inbox_Strings::text( 'formerMember' ) : $name;

		if ( preg_match( '/^(.+) left the conversation$/Ds', $text, $found ) && $is_known( $found[1] ) ) {
			return sprintf( Inbox_Strings::text( 'noteLeft' ), $shown( $found[1] ) );
		}

		if ( preg_match( '/^(.+?) added (.+)$/Ds', $text, $found ) && $is_known( $found[1] ) ) {
			return sprintf( Inbox_Strings::text( 'noteAdded' ), $shown( $found[1] ), $shown( $found[2] ) );
		}

		return Orphan_Columns::TOMBSTONE === $text ? self::erased() : $text;
	}

	/**
	 * A message's HTML. Print it by Message_Format::content().
	 *
	 * @param string $html The HTML.
	 */
	public static function content( string $html ): string {
		return self::ERASED === $html ? str_replace( Orphan_Columns::TOMBSTONE, esc_html( self::erased() ), $html ) : $html;
	}

	/**
	 * The name of somebody, also of whom the account is gone.
	 *
	 * @param string $name The name.
	 */
	public static function name( string $name ): string {
		return self::DELETED_USER === $name ? Inbox_Strings::text( 'deletedUser' ) : $name;
	}

	/**
	 * What stands in the place of an erased message, as plain text.
	 */
	private static function erased(): string {
		return Inbox_Strings::text( 'erased' );
	}

	/**
	 * One code for three refusals.
	 *
	 * @param string $message The error's message.
	 */
	private static function forbidden( string $message ): string {
		if ( preg_match( '/trust level (\d+)/', $message, $level ) ) {
			return sprintf( Inbox_Strings::text( 'needsTrust' ), $level[1] );
		}

		return Inbox_Strings::text( str_contains( $message, 'silenced' ) ? 'silenced' : 'notParticipant' );
	}

	/**
	 * What is wrong with an input.
	 *
	 * @param string $said As the service says it.
	 */
	private static function sentence( string $said ): string {
		foreach ( self::numbered() as $sentence ) {
			$numbers = sscanf( $said, $sentence['plural'] );

			if ( is_array( $numbers ) && ! in_array( null, $numbers, true ) && vsprintf( $sentence['plural'], $numbers ) === $said ) {
				return vsprintf( translate_nooped_plural( $sentence, $numbers[0], 'jetonomy-sidecar' ), $numbers );
			}
		}

		return self::sentences()[ $said ] ?? $said;
	}

	/**
	 * Sentences about inputs of the members' forms by what the service says.
	 *
	 * @return array<string, string>
	 */
	private static function sentences(): array {
		return array(
			'The message is empty. Write something that can be seen.' => __( 'The message is empty. Write something that can be seen.', 'jetonomy-sidecar' ),
			'The message contains characters that cannot be stored. Type it again, or paste it as plain text.' => __( 'The message contains characters that cannot be stored. Type it again, or paste it as plain text.', 'jetonomy-sidecar' ),
			'Name at least one other member to write to.' => __( 'Name at least one other member to write to.', 'jetonomy-sidecar' ),
			'Say in a few words what is wrong.'           => __( 'Say in a few words what is wrong.', 'jetonomy-sidecar' ),
			'Nobody else has written here yet, so there is nothing to report.' => __( 'Nobody else has written here yet, so there is nothing to report.', 'jetonomy-sidecar' ),
		);
	}

	/**
	 * Those with numbers. The service says the plural always.
	 *
	 * @return array[] As of _n_noop().
	 */
	private static function numbered(): array {
		return array(
			/* translators: 1: number of characters, 2: the most that there can be. */
			_n_noop( 'The message is %1$d character long; at most %2$d can be sent at once.', 'The message is %1$d characters long; at most %2$d can be sent at once.', 'jetonomy-sidecar' ),
			/* translators: 1: number of characters, 2: the most that there can be. */
			_n_noop( 'The note is %1$d character long; at most %2$d are kept.', 'The note is %1$d characters long; at most %2$d are kept.', 'jetonomy-sidecar' ),
			/* translators: %d: number of characters. */
			_n_noop( 'The title can have at most %d character.', 'The title can have at most %d characters.', 'jetonomy-sidecar' ),
			/* translators: %d: number of characters. */
			_n_noop( 'Search for at most %d character.', 'Search for at most %d characters.', 'jetonomy-sidecar' ),
		);
	}
}
