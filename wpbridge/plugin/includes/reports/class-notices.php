<?php
/**
 * What members are told of reports.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Reports;

use Jetonomy\Models\Notification;
use Jetonomy\Notifications\Notifier;
use Jetonomy_Sidecar\Events\Event_Failure;
use Jetonomy_Sidecar\Notify\Bell;
use Jetonomy_Sidecar\Notify\Names;
use Jetonomy_Sidecar\Urls;
use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * Tells a reporter that their report was reviewed, and a reported member that a moderator warns or silences
 * them: by a row in Jetonomy's bell, or by mail where there is no bell. A reporter is told nothing of what was
 * decided; a reported member nothing of which conversation it was, since in one of two that would be the name
 * of the reporter. The members' switches for messages do not turn this off, it is no news of a message.
 */
final class Notices {

	/**
	 * Jetonomy's own type for what moderators do.
	 */
	public const TYPE = 'moderation';

	/**
	 * To the reporter.
	 *
	 * @return array{subject: string, text: string}
	 */
	public function reviewed(): array {
		return array(
			'subject' => __( 'Your report was reviewed', 'jetonomy-sidecar' ),
			'text'    => __( 'A moderator has reviewed the private message that you reported. Thank you for telling us.', 'jetonomy-sidecar' ),
		);
	}

	/**
	 * To the reported member, as a warning.
	 *
	 * @return array{subject: string, text: string}
	 */
	public function warned(): array {
		return array(
			'subject' => __( 'A warning from the moderators', 'jetonomy-sidecar' ),
			'text'    => __( 'A moderator warns you: private messages that you sent break the rules of this site. If it happens again, your account may be restricted.', 'jetonomy-sidecar' ),
		);
	}

	/**
	 * To the reported member, about a silence.
	 *
	 * @param int $until When it ends; 0 where somebody has to lift it.
	 * @return array{subject: string, text: string}
	 */
	public function silenced( int $until ): array {
		return array(
			'subject' => __( 'Your account is silenced', 'jetonomy-sidecar' ),
			'text'    => 0 === $until
				? __( 'A moderator has silenced your account because of private messages that you sent. You can read, but not write.', 'jetonomy-sidecar' )
				: sprintf(
					/* translators: %s: a date. */
					__( 'A moderator has silenced your account until %s because of private messages that you sent. You can read, but not write until then.', 'jetonomy-sidecar' ),
					wp_date( (string) get_option( 'date_format' ), $until )
				),
		);
	}

	/**
	 * Tells one member something, once for each moment and text.
	 *
	 * @param int      $user_id    The member.
	 * @param callable $words      Gives subject and text in the language that is switched to.
	 * @param int      $decided_at When it was decided.
	 * @throws Event_Failure When a mail is not accepted.
	 */
	public function send( int $user_id, callable $words, int $decided_at ): void {
		$user = get_userdata( $user_id );

		if ( ! $user ) {
			return;
		}

		$is_switched = switch_to_user_locale( $user_id );

		try {
			$words = $words();

			if ( method_exists( Notification::class, 'create' ) ) {
				$this->ring( $user_id, $words['text'], gmdate( 'Y-m-d H:i:s', $decided_at ) );
			} else {
				$this->mail( $user, $words );
			}
		} finally {
			if ( $is_switched ) {
				restore_previous_locale();
			}
		}
	}

	/**
	 * Writes a row in the bell, by nobody: neither the moderator nor the other member is named.
	 *
	 * @param int    $user_id    The member.
	 * @param string $text       The text.
	 * @param string $created_at Its time in the database.
	 */
	private function ring( int $user_id, string $text, string $created_at ): void {
		global $wpdb;

		$row = array(
			'user_id'     => $user_id,
			'actor_id'    => 0,
			'type'        => self::TYPE,
			'object_type' => Bell::OBJECT_TYPE,
			'object_id'   => 0,
			'message'     => $text,
			'created_at'  => $created_at,
		);

		$is_there = $wpdb->get_var(
			$wpdb->prepare(
				'SELECT id FROM %i WHERE user_id = %d AND created_at = %s AND type = %s AND object_type = %s AND message = %s LIMIT 1',
				\Jetonomy\table( 'notifications' ),
				$user_id,
				$created_at,
				self::TYPE,
				Bell::OBJECT_TYPE,
				$text
			)
		);

		if ( null !== $is_there ) {
			return;
		}

		$id = (int) Notification::create( $row );

		if ( $id > 0 && method_exists( Notifier::class, 'emit_notification_created' ) ) {
			Notifier::emit_notification_created( $id, $user_id, 0, self::TYPE, Bell::OBJECT_TYPE, 0, $text, Urls::inbox() );
		}
	}

	/**
	 * Sends a mail.
	 *
	 * @param WP_User $user  The recipient.
	 * @param array   $words Subject and text.
	 * @throws Event_Failure When it is not accepted.
	 */
	private function mail( WP_User $user, array $words ): void {
		if ( ! is_email( $user->user_email ) ) {
			return;
		}

		$site    = wp_specialchars_decode( (string) get_bloginfo( 'name' ), ENT_QUOTES );
		$subject = sprintf( '[%s] %s', $site, $words['subject'] );
		$lines   = array(
			/* translators: %s: a member's name. */
			sprintf( __( 'Hello %s,', 'jetonomy-sidecar' ), Names::of( $user->ID ) ),
			$words['text'],
			'-- ' . "\n" . $site . ', ' . home_url( '/' ),
		);

		if ( ! wp_mail( $user->user_email, $subject, implode( "\n\n", $lines ), array( 'Content-Type: text/plain; charset=UTF-8', 'Auto-Submitted: auto-generated' ) ) ) {
			throw new Event_Failure( 'the mail was not accepted for sending' );
		}
	}
}
