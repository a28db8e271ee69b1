<?php
/**
 * Whose blocks were cleared, and by whom.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * What a member's page has of the Clearing_Log.
 */
final class Member_Clearings {

	/**
	 * How many of the last clearings are shown.
	 */
	private const LINES = 10;

	/**
	 * Prints who cleared what, where somebody did.
	 *
	 * @param WP_User $member The member.
	 */
	public static function render( WP_User $member ): void {
		$entries = Clearing_Log::of( $member->ID, self::LINES );

		if ( array() === $entries ) {
			return;
		}

		echo '<h2>' . esc_html__( 'Cleared before', 'jetonomy-sidecar' ) . '</h2><ul class="jetonomy-sidecar-log">';

		foreach ( $entries as $entry ) {
			$actor = Screens::member_name( (int) $entry['actor'] );
			$count = number_format_i18n( (int) $entry['removed'] );

			if ( 0 === $entry['blocked'] ) {
				/* translators: 1: who cleared, 2: number of blocks, 3: a member's name. */
				$text = sprintf( _n( '%1$s cleared %2$s block that %3$s had made.', '%1$s cleared %2$s blocks that %3$s had made.', (int) $entry['removed'], 'jetonomy-sidecar' ), $actor, $count, Screens::member_name( (int) $entry['blocker'] ) );
			} elseif ( 0 === $entry['blocker'] ) {
				/* translators: 1: who cleared, 2: number of blocks, 3: a member's name. */
				$text = sprintf( _n( '%1$s cleared %2$s block against %3$s.', '%1$s cleared %2$s blocks against %3$s.', (int) $entry['removed'], 'jetonomy-sidecar' ), $actor, $count, Screens::member_name( (int) $entry['blocked'] ) );
			} else {
				/* translators: 1: who cleared, 2: who had blocked, 3: who was blocked. */
				$text = sprintf( __( '%1$s cleared the block that %2$s had made against %3$s.', 'jetonomy-sidecar' ), $actor, Screens::member_name( (int) $entry['blocker'] ), Screens::member_name( (int) $entry['blocked'] ) );
			}

			if ( 1 !== $entry['done'] ) {
				$text .= ' ' . __( 'It broke off before all were cleared.', 'jetonomy-sidecar' );
			}

			printf(
				'<li>%1$s <span class="description">%2$s</span></li>',
				esc_html( $text ),
				esc_html( wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), (int) $entry['at'] ) )
			);
		}

		echo '</ul>';
	}
}
