<?php
/**
 * Jetonomy's own blocks.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * What a member's page has of blocks that hold in the whole community. They stop messages too, and are Jetonomy's
 * to make and to clear: they are only shown here, where Jetonomy has, or left, its table of them.
 */
final class Community_Blocks {

	/**
	 * Blocks shown of each kind at most.
	 */
	private const LISTED = 100;

	/**
	 * Prints the blocks that the member made, and those that others made against the member.
	 *
	 * @param WP_User $member The member.
	 */
	public static function render( WP_User $member ): void {
		global $wpdb;

		$table = $wpdb->prefix . 'jt_blocked_users';

		if ( $table !== $wpdb->get_var( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $table ) ) ) ) {
			return;
		}

		list( $made, $made_count )         = self::blocks( $table, 'blocker_id', 'blocked_id', $member->ID );
		list( $received, $received_count ) = self::blocks( $table, 'blocked_id', 'blocker_id', $member->ID );

		printf(
			'<h2>%1$s <span class="count">(%2$s)</span></h2>',
			esc_html__( 'Blocks in the whole community', 'jetonomy-sidecar' ),
			esc_html( number_format_i18n( $made_count + $received_count ) )
		);

		if ( array() === $made && array() === $received ) {
			echo '<p>' . esc_html__( 'None.', 'jetonomy-sidecar' ) . '</p>';
			return;
		}

		echo '<p>' . esc_html__( 'These are Jetonomy’s. They hide posts, and no messages go either way. They cannot be cleared here: whoever made one takes it back in the community, with Unblock beside a post of the other member, or in the app.', 'jetonomy-sidecar' ) . '</p>';

		cache_users( array_column( array_merge( $made, $received ), 'other' ) );
		printf(
			'<table class="widefat striped jetonomy-sidecar-community-blocks"><thead><tr><th scope="col">%1$s</th><th scope="col">%2$s</th><th scope="col">%3$s</th></tr></thead><tbody>',
			esc_html__( 'Blocked by', 'jetonomy-sidecar' ),
			esc_html__( 'Blocked member', 'jetonomy-sidecar' ),
			esc_html__( 'Since', 'jetonomy-sidecar' )
		);

		foreach ( $made as $block ) {
			self::render_row( $member->ID, $block['other'], $block['since'] );
		}

		foreach ( $received as $block ) {
			self::render_row( $block['other'], $member->ID, $block['since'] );
		}

		echo '</tbody></table>';

		if ( $made_count > count( $made ) || $received_count > count( $received ) ) {
			/* translators: %s: a number. */
			echo '<p class="description">' . esc_html( sprintf( __( 'Of those by the member, and of those against the member, %s each are listed.', 'jetonomy-sidecar' ), number_format_i18n( self::LISTED ) ) ) . '</p>';
		}
	}

	/**
	 * The first blocks that have the member in a column, and how many there are.
	 *
	 * @param string $table   Jetonomy's table.
	 * @param string $mine    The member's column.
	 * @param string $theirs  The other one's.
	 * @param int    $user_id The member.
	 * @return array{0: list<array{other: int, since: string}>, 1: int}
	 */
	private static function blocks( string $table, string $mine, string $theirs, int $user_id ): array {
		global $wpdb;

		$rows = (array) $wpdb->get_results(
			$wpdb->prepare( 'SELECT %i AS other, created_at AS since FROM %i WHERE %i = %d ORDER BY %i LIMIT %d', $theirs, $table, $mine, $user_id, $theirs, self::LISTED ),
			ARRAY_A
		);

		$blocks = array_map(
			static fn( array $row ): array => array(
				'other' => (int) $row['other'],
				'since' => (string) $row['since'],
			),
			$rows
		);

		return array(
			$blocks,
			count( $blocks ) < self::LISTED ? count( $blocks ) : (int) $wpdb->get_var( $wpdb->prepare( 'SELECT COUNT(*) FROM %i WHERE %i = %d', $table, $mine, $user_id ) ),
		);
	}

	/**
	 * Prints a block.
	 *
	 * @param int    $blocker_id Who blocked.
	 * @param int    $blocked_id Who is blocked.
	 * @param string $since      As Jetonomy stores it, in UTC.
	 */
	private static function render_row( int $blocker_id, int $blocked_id, string $since ): void {
		printf(
			'<tr><td>%1$s</td><td>%2$s</td><td>%3$s</td></tr>',
			esc_html( Screens::member_name( $blocker_id ) ),
			esc_html( Screens::member_name( $blocked_id ) ),
			esc_html( Member_Blocks::since( (int) strtotime( $since . ' UTC' ) ) )
		);
	}
}
