<?php
/**
 * The eraser of personal data.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * Takes part in Tools → Erase Personal Data. While the sidecar cannot be asked the answer is an error, which
 * keeps WordPress's request open: anything else would call it fulfilled.
 */
final class Eraser {

	/**
	 * Constructor.
	 *
	 * @param Member_Erasure $erasure The erasure of one member.
	 */
	public function __construct( private readonly Member_Erasure $erasure ) {}

	/**
	 * Hooks it in.
	 */
	public function register(): void {
		add_filter( 'wp_privacy_personal_data_erasers', array( $this, 'add' ), PHP_INT_MAX );
	}

	/**
	 * Puts it before WordPress's other erasers: Jetonomy's takes the member's name off the rows in other
	 * members' bells, which could not be found any more.
	 *
	 * @param array $erasers WordPress's erasers.
	 */
	public function add( $erasers ): array {
		$own = array(
			'eraser_friendly_name' => __( 'Private messages', 'jetonomy-sidecar' ),
			'callback'             => array( $this, 'erase' ),
		);

		return array( 'jetonomy-sidecar' => $own ) + (array) $erasers;
	}

	/**
	 * Erases a part; WordPress repeats it until done.
	 *
	 * @param string $email The person's e-mail address.
	 * @param int    $page  From 1.
	 * @return array|WP_Error
	 */
	public function erase( $email, $page = 1 ): array|WP_Error {
		unset( $page ); // What was erased is not found again.

		$user   = get_user_by( 'email', (string) $email );
		$answer = array(
			'items_removed'  => false,
			'items_retained' => false,
			'messages'       => array(),
			'done'           => true,
		);

		if ( ! $user ) {
			return $answer;
		}

		$step = $this->erasure->step( $user->ID );

		if ( is_wp_error( $step ) ) {
			return Service_Error::of( $step );
		}

		$answer['items_removed']  = $step['removed'] > 0;
		$answer['items_retained'] = $step['retained'] > 0;
		$answer['done']           = $step['done'];

		if ( $step['done'] ) {
			$answer['messages'][] = __( 'Private messages: the text of the messages this person sent was removed. A placeholder stands in their place, so that the others can still follow the conversations. Names of groups stay: nobody\'s name is kept with them; look at the conversations if one of them is about this person. So does this person\'s choice which notifications they want, for as long as the account is there. E-mails that were sent before are in the recipients\' mailboxes and cannot be taken back.', 'jetonomy-sidecar' );
		}

		if ( $step['done'] && $step['retained'] > 0 ) {
			/* translators: %s: number of messages. */
			$answer['messages'][] = sprintf( _n( 'Private messages: %s message had to stay as it is, because its conversation is under a legal hold or because it was reported to the moderators. What a hold keeps is erased by itself when the hold is lifted, and what was reported 90 days after the decision: there is nothing to repeat.', 'Private messages: %s messages had to stay as they are, because their conversation is under a legal hold or because they were reported to the moderators. What a hold keeps is erased by itself when the hold is lifted, and what was reported 90 days after the decision: there is nothing to repeat.', $step['retained'], 'jetonomy-sidecar' ), number_format_i18n( $step['retained'] ) );
		}

		return $answer;
	}
}
