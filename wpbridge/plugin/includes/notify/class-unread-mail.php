<?php
/**
 * Mail about what is unread.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Notify;

use Jetonomy\Models\Restriction;
use Jetonomy\Notifications\Notifier;
use Jetonomy_Sidecar\Settings;
use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * Decides whether a member gets the mail that is due, and has it written and sent.
 */
final class Unread_Mail {

	/**
	 * Constructor.
	 *
	 * @param Settings    $settings    The site's settings.
	 * @param Preferences $preferences The members' switches.
	 */
	public function __construct( private readonly Settings $settings, private readonly Preferences $preferences ) {}

	/**
	 * Sends one mail about conversations, unless the member gets none.
	 *
	 * @param int   $user_id       The member.
	 * @param array $conversations As of the event mail.due.
	 * @param array $totals        As of the event mail.due.
	 * @return bool False where the mail was not accepted and is to be tried again.
	 */
	public function send( int $user_id, array $conversations, array $totals ): bool {
		$user          = get_userdata( $user_id );
		$conversations = array_values( array_filter( array_map( Unread_Conversation::from_json( ... ), $conversations ) ) );

		if ( ! $user || array() === $conversations || ! $this->is_wanted( $user ) ) {
			return true;
		}

		$has_text    = 1 === (int) ( $this->settings->all()['mail_text'] ?? 1 ) && $this->preferences->is_on( $user_id, Preferences::TEXT );
		$is_switched = switch_to_user_locale( $user_id );

		try {
			return ( new Mail_Sender() )->send( $user, new Mail_Content( $user, $conversations, $has_text, $totals ) );
		} finally {
			if ( $is_switched ) {
				restore_previous_locale();
			}
		}
	}

	/**
	 * Whether the member can and wants to get mail about messages.
	 *
	 * @param WP_User $user The member.
	 */
	private function is_wanted( WP_User $user ): bool {
		$is_on = $this->preferences->is_on( $user->ID, Preferences::EMAIL );

		if ( ! is_email( $user->user_email ) || ! $is_on || $this->preferences->has_opted_out( $user->ID ) ) {
			return false;
		}

		if ( method_exists( Restriction::class, 'is_banned' ) && Restriction::is_banned( $user->ID ) ) {
			return false;
		}

		// Jetonomy decides with the member's choice from here: it does not know this type, and its own answer
		// for a member who has chosen nothing would be no.
		return ! method_exists( Notifier::class, 'should_email' )
			|| Notifier::should_email( $user->ID, Preferences::TYPE, array( Preferences::TYPE => array( Preferences::EMAIL => $is_on ) ), array() );
	}
}
