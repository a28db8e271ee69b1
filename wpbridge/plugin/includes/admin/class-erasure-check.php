<?php
/**
 * Judges how the erasure of deleted users stands.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Privacy\User_Deletion;

defined( 'ABSPATH' ) || exit;

/**
 * Who waits for it, and what to do about it. Asks nobody, as the Health_Checks.
 */
final class Erasure_Check {

	/**
	 * Seconds for which a deleted user may wait for the erasure before something is wrong.
	 */
	private const PATIENCE = 900;

	/**
	 * Whether the messages of deleted users are erased, in time, and who waits for a legal hold.
	 *
	 * @param array<int, int> $waiting When each deleted user who is not erased yet was deleted, in Unix seconds, by user id.
	 * @param Service_State   $state   What was seen.
	 */
	public static function judge( array $waiting, Service_State $state ): array {
		$held = self::held( $state->held_erasures() );

		if ( array() === $waiting ) {
			return Check_Result::of(
				'good',
				'' === $held ? __( 'The private messages of deleted users are erased', 'jetonomy-sidecar' ) : __( 'The private messages of deleted users are erased, except for what waits for a legal hold', 'jetonomy-sidecar' ),
				'' === $held ? __( 'No deleted user waits for it.', 'jetonomy-sidecar' ) : $held,
				$state->answers() ? '' : __( 'Whether a legal hold keeps something of them cannot be seen while the sidecar does not answer.', 'jetonomy-sidecar' )
			);
		}

		$age   = max( 0, time() - min( $waiting ) );
		$count = number_format_i18n( count( $waiting ) );

		if ( $age <= self::PATIENCE ) {
			return Check_Result::of(
				'good',
				__( 'The private messages of deleted users are being erased', 'jetonomy-sidecar' ),
				sprintf(
					/* translators: %s: number of users. */
					_n( '%s deleted user is not erased yet. This takes some minutes at most.', '%s deleted users are not erased yet. This takes some minutes at most.', count( $waiting ), 'jetonomy-sidecar' ),
					$count
				),
				$held
			);
		}

		return Check_Result::of(
			'recommended',
			sprintf(
				/* translators: %s: number of users. */
				_n( 'The private messages of %s deleted user are not erased yet', 'The private messages of %s deleted users are not erased yet', count( $waiting ), 'jetonomy-sidecar' ),
				$count
			),
			/* translators: %s: a span of time. */
			sprintf( __( 'With a user, the text of their private messages is to go. This has been waiting for %s.', 'jetonomy-sidecar' ), human_time_diff( 0, $age ) ),
			$state->answers()
				? sprintf(
					/* translators: 1: name of a constant, 2: name of a file, 3: a command. */
					__( 'WordPress’s scheduled events do it, so make sure that they run: where %1$s is set, the server has to call %2$s every few minutes. To go on at once, run %3$s.', 'jetonomy-sidecar' ),
					'DISABLE_WP_CRON',
					'wp-cron.php',
					'wp cron event run ' . User_Deletion::CRON
				)
				: __( 'The sidecar does not answer. Make it answer first; WordPress then goes on by itself, within an hour.', 'jetonomy-sidecar' ),
			$held
		);
	}

	/**
	 * What is to be said of erasures that wait for a legal hold; '' for nothing.
	 *
	 * @param int $count Members.
	 */
	private static function held( int $count ): string {
		return 0 === $count ? '' : sprintf(
			/* translators: %s: number of members. */
			_n( 'What %s erased member wrote in conversations under a legal hold waits for the hold to be lifted; within a minute of that, the sidecar erases it by itself.', 'What %s erased members wrote in conversations under a legal hold waits for the holds to be lifted; within a minute of that, the sidecar erases it by itself.', $count, 'jetonomy-sidecar' ),
			number_format_i18n( $count )
		);
	}
}
