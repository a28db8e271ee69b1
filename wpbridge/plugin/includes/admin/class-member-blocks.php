<?php
/**
 * A member's blocks.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * What a member's page has of blocks: both lists, and the screen that asks before they are cleared.
 */
final class Member_Blocks {

	/**
	 * Prints a list of blocks.
	 *
	 * @param WP_User $member    The member.
	 * @param string  $direction Which of Block_Clearing's two.
	 * @param string  $heading   Its heading.
	 * @param array   $blocks    Arrays of user_id, since: the first ones.
	 * @param int     $count     How many there are.
	 */
	public static function render( WP_User $member, string $direction, string $heading, array $blocks, int $count ): void {
		$count = max( $count, count( $blocks ) );

		printf(
			'<h2>%1$s%2$s</h2>',
			esc_html( $heading ),
			0 === $count ? '' : ' <span class="count">(' . esc_html( number_format_i18n( $count ) ) . ')</span>'
		);

		if ( array() === $blocks ) {
			echo '<p>' . esc_html__( 'Nobody.', 'jetonomy-sidecar' ) . '</p>';
			return;
		}

		cache_users( array_map( static fn( $block ): int => (int) ( $block['user_id'] ?? 0 ), $blocks ) );

		printf(
			'<table class="widefat striped jetonomy-sidecar-blocks"><thead><tr><th scope="col">%1$s</th><th scope="col">%2$s</th><th scope="col"><span class="screen-reader-text">%3$s</span></th></tr></thead><tbody>',
			esc_html__( 'Member', 'jetonomy-sidecar' ),
			esc_html__( 'Since', 'jetonomy-sidecar' ),
			esc_html__( 'Clear', 'jetonomy-sidecar' )
		);

		foreach ( $blocks as $block ) {
			self::render_block( $member, $direction, (int) ( $block['user_id'] ?? 0 ), (int) ( $block['since'] ?? 0 ) );
		}

		echo '</tbody></table>';

		if ( $count > count( $blocks ) ) {
			printf(
				'<p class="description">%s</p>',
				/* translators: 1: number of rows shown, 2: number of all. */
				esc_html( sprintf( __( '%1$s of %2$s are listed. To clear a single one of the others, open the page of the other member: it is in the list there.', 'jetonomy-sidecar' ), number_format_i18n( count( $blocks ) ), number_format_i18n( $count ) ) )
			);
		}

		if ( $count > 1 ) {
			printf(
				'<p><a class="button" href="%1$s">%2$s</a></p>',
				esc_url( self::question_url( $member->ID, $direction, 0 ) ),
				/* translators: %s: number of blocks. */
				esc_html( sprintf( __( 'Clear all %s …', 'jetonomy-sidecar' ), number_format_i18n( $count ) ) )
			);
		}
	}

	/**
	 * Prints a block.
	 *
	 * @param WP_User $member    The member.
	 * @param string  $direction Which of Block_Clearing's two.
	 * @param int     $other_id  The other one.
	 * @param int     $since     Unix seconds; 0 where it is not known.
	 */
	private static function render_block( WP_User $member, string $direction, int $other_id, int $since ): void {
		$name = Screens::member_name( $other_id );

		printf(
			'<tr><td>%1$s</td><td>%2$s</td><td><a class="button button-small" href="%3$s" aria-label="%4$s">%5$s</a></td></tr>',
			get_userdata( $other_id ) ? sprintf( '<a href="%1$s">%2$s</a>', esc_url( Screens::member_url( $other_id ) ), esc_html( $name ) ) : esc_html( $name ), // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Escaped in place.
			esc_html( self::since( $since ) ),
			esc_url( self::question_url( $member->ID, $direction, $other_id ) ),
			/* translators: %s: a member's name. */
			esc_attr( sprintf( __( 'Clear … (%s)', 'jetonomy-sidecar' ), $name ) ),
			esc_html__( 'Clear …', 'jetonomy-sidecar' )
		);
	}

	/**
	 * Since when a block is there, plain text.
	 *
	 * @param int $since Unix seconds; 0 or less where it is not known.
	 */
	public static function since( int $since ): string {
		return $since <= 0 ? __( 'Not known', 'jetonomy-sidecar' ) : (string) wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), $since );
	}

	/**
	 * Prints the screen that asks whether to clear.
	 *
	 * @param WP_User $member    The member.
	 * @param string  $direction Which of Block_Clearing's two.
	 * @param int     $other_id  The other one; 0 for all.
	 */
	public static function render_question( WP_User $member, string $direction, int $other_id ): void {
		$name  = $member->display_name;
		$other = Screens::member_name( $other_id );
		$made  = Block_Clearing::MADE === $direction;

		if ( 0 === $other_id ) {
			$question = $made
				/* translators: %s: a member's name. */
				? sprintf( __( 'Clear all blocks that %s has made?', 'jetonomy-sidecar' ), $name )
				/* translators: %s: a member's name. */
				: sprintf( __( 'Clear all blocks that others have made against %s?', 'jetonomy-sidecar' ), $name );
		} else {
			/* translators: 1: who blocked, 2: who is blocked. */
			$question = sprintf( __( 'Clear the block that %1$s has made against %2$s?', 'jetonomy-sidecar' ), $made ? $name : $other, $made ? $other : $name );
		}

		printf( '<h2>%1$s</h2><p>%2$s</p>', esc_html( $question ), 0 === $other_id ? esc_html__( 'They can then write to each other again. Nobody is told. This is logged, with your name, and cannot be undone from here: only the members themselves can block again.', 'jetonomy-sidecar' ) : esc_html__( 'The two can then write to each other again. They are not told. This is logged, with your name, and cannot be undone from here: only the members themselves can block again.', 'jetonomy-sidecar' ) );

		echo Admin_Action::open_form( // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Escaped there.
			Block_Clearing::ACTION,
			array(
				'user'      => $member->ID,
				'other'     => $other_id,
				'direction' => $direction,
			)
		);

		printf(
			'<p class="jetonomy-sidecar-choice"><button type="submit" class="button button-primary">%1$s</button> <a class="button" href="%2$s">%3$s</a></p></form>',
			0 === $other_id ? esc_html__( 'Clear all', 'jetonomy-sidecar' ) : esc_html__( 'Clear this block', 'jetonomy-sidecar' ),
			esc_url( Screens::member_url( $member->ID ) ),
			esc_html__( 'Cancel', 'jetonomy-sidecar' )
		);
	}

	/**
	 * The screen that asks whether to clear.
	 *
	 * @param int    $user_id   The member.
	 * @param string $direction Which of Block_Clearing's two.
	 * @param int    $other_id  The other one; 0 for all.
	 */
	private static function question_url( int $user_id, string $direction, int $other_id ): string {
		return add_query_arg(
			array(
				'clear' => $direction,
				'other' => $other_id,
			),
			Screens::member_url( $user_id )
		);
	}
}
