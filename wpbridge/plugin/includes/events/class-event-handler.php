<?php
/**
 * Does what an event asks for.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Events;

use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Notify\Bell;
use Jetonomy_Sidecar\Notify\Unread_Mail;
use Jetonomy_Sidecar\Reports\Report_Events;

defined( 'ABSPATH' ) || exit;

/**
 * Tells an event to other plugins, through the hooks they know from Jetonomy Pro, and to the member, by
 * bell and mail. With the extension off the hooks still say what happened, but no member is notified, and mail
 * waits.
 *
 * The bell comes first: handled twice, it is the same bell, and it does not wait until somebody's listener
 * works again.
 */
final class Event_Handler {

	/**
	 * The steps of the event that is being handled.
	 *
	 * @var Event_Steps|null
	 */
	private ?Event_Steps $steps = null;

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch  The switch.
	 * @param Bell             $bell    The bell.
	 * @param Unread_Mail      $mail    Mail about what is unread.
	 * @param Report_Events    $reports What is about reports and the access log.
	 */
	public function __construct(
		private readonly Extension_Switch $switch,
		private readonly Bell $bell,
		private readonly Unread_Mail $mail,
		private readonly Report_Events $reports
	) {}

	/**
	 * Handles one event. A type that is not known, from a newer sidecar, asks for nothing.
	 *
	 * @param Event $event The event.
	 * @throws Event_Failure When it is to be tried again.
	 */
	public function handle( Event $event ): void {
		$this->steps = new Event_Steps( $event->id );

		try {
			$this->tell( $event );
			$this->steps->end();
		} finally {
			$this->steps = null;
		}
	}

	/**
	 * Keeps what is done of the event in the middle of which the process ends.
	 */
	public function interrupt(): void {
		$this->steps?->keep();
	}

	/**
	 * Does what an event of this type asks for.
	 *
	 * @param Event $event The event.
	 * @throws Event_Failure When it is to be tried again.
	 */
	private function tell( Event $event ): void {
		match ( $event->type ) {
			'conversation.created'  => $this->created( $event ),
			'message.sent'          => $this->sent( $event ),
			'conversation.archived' => $this->archived( $event ),
			'conversation.blocked'  => $this->blocked( $event ),
			'conversation.left'     => $this->left( $event ),
			'conversation.read'     => $this->read( $event ),
			'conversation.purged'   => $this->purged( $event ),
			'mail.due'              => $this->mail_due( $event ),
			default                 => $this->reports->handle( $event ),
		};
	}

	/**
	 * A new conversation.
	 *
	 * @param Event $event The event.
	 */
	private function created( Event $event ): void {
		/**
		 * Fires after a conversation was created.
		 *
		 * @param int   $conversation_id The conversation.
		 * @param int   $user_id         Who created it.
		 * @param int[] $participant_ids All who are in it.
		 */
		do_action( 'jetonomy_pro_conversation_created', $event->conversation_id, $event->user_id(), $event->ids_of( 'participant_ids' ) );
	}

	/**
	 * A message.
	 *
	 * @param Event $event The event.
	 */
	private function sent( Event $event ): void {
		$message_id      = $event->id_of( 'message_id' );
		$conversation_id = $event->conversation_id;
		$sender_id       = $event->user_id();
		$is_on           = $this->switch->is_enabled();
		$recipient_ids   = $event->ids_of( 'recipient_ids' );
		$bells           = array();

		if ( $is_on ) {
			$bells = $this->bell->ring( $conversation_id, $sender_id, array_intersect( $event->ids_of( 'unread_ids' ), $recipient_ids ) );
		}

		$this->steps->take(
			'sent',
			static function () use ( $message_id, $conversation_id, $sender_id ): void {
				/**
				 * Fires after a message was sent.
				 *
				 * @param int $message_id      The message.
				 * @param int $conversation_id Its conversation.
				 * @param int $sender_id       Who sent it.
				 */
				do_action( 'jetonomy_pro_message_sent', $message_id, $conversation_id, $sender_id );
			}
		);

		// All who have the message now, not only those who are told of it: listeners count what members
		// receive, and who has muted a conversation is nobody else's business.
		foreach ( array_diff( $event->ids_of( 'participant_ids' ), array( $sender_id ) ) as $recipient_id ) {
			$this->steps->take(
				"received:$recipient_id",
				static function () use ( $message_id, $conversation_id, $sender_id, $recipient_id ): void {
					/**
					 * Fires after a message was received, once for every participant except its sender.
					 *
					 * @param int $message_id      The message.
					 * @param int $conversation_id Its conversation.
					 * @param int $sender_id       Who sent it.
					 * @param int $recipient_id    Who received it.
					 */
					do_action( 'jetonomy_pro_dm_received', $message_id, $conversation_id, $sender_id, $recipient_id );
				}
			);
		}

		if ( ! $is_on || array() === $recipient_ids ) {
			return;
		}

		$this->steps->take( 'announced', fn() => $this->bell->announce( $bells ) );
		$this->steps->take(
			'notified',
			static function () use ( $conversation_id, $sender_id, $event ): void {
				/**
				 * Fires after recipients were notified of a message; not where there was nobody to notify.
				 *
				 * @param int    $conversation_id The conversation.
				 * @param int    $sender_id       Who sent the message.
				 * @param string $preview         The beginning of its text, plain.
				 */
				do_action( 'jetonomy_pro_message_notified', $conversation_id, $sender_id, $event->text_of( 'preview' ) );
			}
		);
	}

	/**
	 * Somebody has archived a conversation for themselves, or taken it out again.
	 *
	 * @param Event $event The event.
	 */
	private function archived( Event $event ): void {
		/**
		 * Fires after a member archived or unarchived a conversation.
		 *
		 * @param int  $conversation_id The conversation.
		 * @param int  $user_id         Whose inbox it is.
		 * @param bool $is_archived     Whether it is archived now.
		 */
		do_action( 'jetonomy_pro_conversation_archived', $event->conversation_id, $event->user_id(), $event->is( 'value' ) );
	}

	/**
	 * Somebody has blocked the other one in a direct conversation, or taken that back.
	 *
	 * @param Event $event The event.
	 */
	private function blocked( Event $event ): void {
		if ( $event->is( 'value' ) ) {
			$this->bell->silence( $event->conversation_id, array( $event->user_id() ) );
		}

		/**
		 * Fires after a member blocked or unblocked the other one in a direct conversation.
		 *
		 * @param int  $conversation_id The conversation.
		 * @param int  $user_id         Who did it.
		 * @param bool $is_blocked      Whether the other one is blocked now.
		 * @param int  $blocked_id      The other one.
		 */
		do_action(
			'jetonomy_pro_conversation_blocked',
			$event->conversation_id,
			$event->user_id(),
			$event->is( 'value' ),
			$event->ids_of( 'participant_ids' )[0] ?? 0
		);
	}

	/**
	 * Somebody has left a group.
	 *
	 * @param Event $event The event.
	 */
	private function left( Event $event ): void {
		$this->bell->silence( $event->conversation_id, array( $event->user_id() ) );

		/**
		 * Fires after a member left a group.
		 *
		 * @param int $conversation_id The conversation.
		 * @param int $user_id         Who left it.
		 */
		do_action( 'jetonomy_pro_conversation_left', $event->conversation_id, $event->user_id() );
	}

	/**
	 * Somebody has read a conversation. Where the event says that something is unread still (a message came
	 * at the same moment), the bell stays.
	 *
	 * @param Event $event The event.
	 */
	private function read( Event $event ): void {
		$this->bell->silence( $event->conversation_id, array_diff( array( $event->user_id() ), $event->ids_of( 'unread_ids' ) ) );
	}

	/**
	 * A conversation was deleted for good.
	 *
	 * @param Event $event The event.
	 */
	private function purged( Event $event ): void {
		$this->bell->silence( $event->conversation_id, $event->ids_of( 'participant_ids' ) );

		/**
		 * Fires after an administrator deleted a conversation with all its messages.
		 *
		 * @param int $conversation_id The conversation.
		 * @param int $admin_id        The administrator.
		 */
		do_action( 'jetonomy_pro_conversation_purged', $event->conversation_id, $event->user_id() );
	}

	/**
	 * Somebody has had unread messages for a while. The service keeps such events while the extension is off;
	 * one that it sends before it knows of that must come again.
	 *
	 * @param Event $event The event.
	 * @throws Event_Failure When the extension is off, or the mail is not accepted.
	 */
	private function mail_due( Event $event ): void {
		if ( ! $this->switch->is_enabled() ) {
			throw new Event_Failure( 'the extension is off' );
		}

		if ( ! $this->mail->send( $event->user_id(), $event->list_of( 'conversations' ), $event->map_of( 'totals' ) ) ) {
			throw new Event_Failure( 'the mail was not accepted for sending' );
		}
	}
}
