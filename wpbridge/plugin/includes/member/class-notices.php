<?php
/**
 * Says what a form did.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Member;

defined( 'ABSPATH' ) || exit;

/**
 * The one sentence above a page after a form without text of its own led back to it.
 */
final class Notices {

	/**
	 * The sentence for this request, and whether it tells of a failure; null for none.
	 *
	 * @return array{0: string, 1: bool}|null
	 */
	public static function current(): ?array {
		$done = sanitize_key( wp_unslash( is_string( $_GET['done'] ?? null ) ? $_GET['done'] : '' ) ); // phpcs:ignore WordPress.Security -- Reading.

		if ( 'failed' === $done ) {
			$error = Draft::of( get_current_user_id(), 'action' )['error'] ?? '';

			return array( '' === $error ? __( 'This did not work.', 'jetonomy-sidecar' ) : $error, true );
		}

		$text = match ( $done ) {
			'mute'      => __( 'Muted. You will not be told of new messages here.', 'jetonomy-sidecar' ),
			'unmute'    => __( 'No longer muted.', 'jetonomy-sidecar' ),
			'archive'   => __( 'Archived.', 'jetonomy-sidecar' ),
			'unarchive' => __( 'Back in the inbox.', 'jetonomy-sidecar' ),
			'block'     => __( 'Blocked. Neither of you can write here now.', 'jetonomy-sidecar' ),
			'unblock'   => __( 'No longer blocked.', 'jetonomy-sidecar' ),
			'leave'     => __( 'You have left the conversation.', 'jetonomy-sidecar' ),
			'unread'    => __( 'Marked as unread.', 'jetonomy-sidecar' ),
			'report'    => __( 'Thank you. The moderators will look at it.', 'jetonomy-sidecar' ),
			'read_all'  => __( 'Everything is marked as read.', 'jetonomy-sidecar' ),
			default     => '',
		};

		return '' === $text ? null : array( $text, false );
	}
}
