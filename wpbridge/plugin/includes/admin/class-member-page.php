<?php
/**
 * A member's messaging.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Bridge\Operator_Client;
use Jetonomy_Sidecar\Extension_Switch;
use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * Jetonomy → Users → [member] → Messaging: how much they write, whom they blocked, who blocked them. Not in
 * the menu: the lists of users lead to it. Gone while the extension is off.
 */
final class Member_Page {

	/**
	 * The menu the page is in, as far as WordPress asks who may see it.
	 */
	private const PARENT = 'users.php';

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch   The switch.
	 * @param Operator_Client  $operator The way to the sidecar.
	 */
	public function __construct( private readonly Extension_Switch $switch, private readonly Operator_Client $operator ) {}

	/**
	 * Hooks the page in.
	 */
	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add_page' ), 20 );
		add_action( 'admin_head', array( $this, 'leave_menu' ) );
		add_filter( 'parent_file', array( $this, 'mark_parent' ) );
		add_filter( 'submenu_file', array( $this, 'mark_menu' ) );
	}

	/**
	 * Adds the page.
	 */
	public function add_page(): void {
		if ( ! $this->switch->is_enabled() ) {
			return;
		}

		$hook = add_submenu_page(
			self::PARENT,
			__( 'Messaging', 'jetonomy-sidecar' ),
			__( 'Messaging', 'jetonomy-sidecar' ),
			Screens::members_capability(),
			Screens::MEMBER,
			array( $this, 'render' )
		);

		if ( $hook ) {
			add_action( 'load-' . $hook, array( $this, 'find_member' ) );
		}
	}

	/**
	 * Takes the page out of the menu, after WordPress looked up there who may see it.
	 */
	public function leave_menu(): void {
		remove_submenu_page( self::PARENT, Screens::MEMBER );
		remove_submenu_page( 'profile.php', Screens::MEMBER ); // The same menu for those who may not list users.
	}

	/**
	 * Marks Jetonomy's menu for those who come from there.
	 *
	 * @param string $file The marked one.
	 */
	public function mark_parent( $file ): string {
		return $this->is_in_jetonomy() ? 'jetonomy' : (string) $file;
	}

	/**
	 * Marks the page in the menu that leads here.
	 *
	 * @param string|null $file The marked one.
	 */
	public function mark_menu( $file ): ?string {
		if ( Screens::MEMBER !== ( $GLOBALS['plugin_page'] ?? '' ) ) {
			return $file;
		}

		return $this->is_in_jetonomy() ? 'jetonomy-users' : 'users.php';
	}

	/**
	 * Ends the request, before anything is printed, where there is no such member.
	 */
	public function find_member(): void {
		if ( null === $this->member() ) {
			wp_die( esc_html__( 'There is no such member.', 'jetonomy-sidecar' ), '', array( 'response' => 404 ) );
		}
	}

	/**
	 * Prints the page, or the screen that asks whether to clear.
	 */
	public function render(): void {
		$member = $this->member();

		if ( null === $member ) {
			return;
		}

		// phpcs:disable WordPress.Security.NonceVerification.Recommended -- Only asks, and changes nothing.
		$direction = sanitize_key( wp_unslash( $_GET['clear'] ?? '' ) );
		$other_id  = absint( $_GET['other'] ?? 0 );
		// phpcs:enable

		echo '<div class="wrap jetonomy-sidecar"><h1>';
		/* translators: %s: a member's name. */
		echo esc_html( sprintf( __( 'Messaging: %s', 'jetonomy-sidecar' ), $member->display_name ) );
		echo '</h1><hr class="wp-header-end">';

		if ( in_array( $direction, array( Block_Clearing::MADE, Block_Clearing::RECEIVED ), true ) ) {
			$this->render_question( $member, $direction, $other_id );
		} else {
			$this->render_result();
			$this->render_links( $member );
			$this->render_overview( $member );
		}

		echo '</div>';
	}

	/**
	 * Prints what there is of the member. Asks the sidecar, and waits 2 seconds for it at most.
	 *
	 * @param WP_User $member The member.
	 */
	private function render_overview( WP_User $member ): void {
		$overview = $this->operator->member_overview( $member->ID );

		if ( is_wp_error( $overview ) ) {
			wp_admin_notice(
				esc_html( $overview->get_error_message() . ' ' . __( 'So nothing can be said about this member’s messages at the moment.', 'jetonomy-sidecar' ) ),
				array(
					'type'               => 'error',
					'additional_classes' => array( 'inline' ),
				)
			);
			return;
		}

		printf(
			'<dl class="jetonomy-sidecar-counts"><div><dt>%1$s</dt><dd>%2$s</dd></div><div><dt>%3$s</dt><dd>%4$s</dd></div></dl>',
			esc_html__( 'Conversations', 'jetonomy-sidecar' ),
			esc_html( number_format_i18n( (int) ( $overview['conversations'] ?? 0 ) ) ),
			esc_html__( 'Messages sent', 'jetonomy-sidecar' ),
			esc_html( number_format_i18n( (int) ( $overview['messages'] ?? 0 ) ) )
		);

		/* translators: %s: a member's name. */
		$this->render_blocks( $member, Block_Clearing::MADE, sprintf( __( 'Blocked by %s', 'jetonomy-sidecar' ), $member->display_name ), (array) ( $overview['blocks'] ?? array() ) );
		/* translators: %s: a member's name. */
		$this->render_blocks( $member, Block_Clearing::RECEIVED, sprintf( __( 'Have blocked %s', 'jetonomy-sidecar' ), $member->display_name ), (array) ( $overview['blocked_by'] ?? array() ) );
	}

	/**
	 * Prints a list of blocks.
	 *
	 * @param WP_User $member    The member.
	 * @param string  $direction Which of Block_Clearing's two.
	 * @param string  $heading   Its heading.
	 * @param array   $blocks    Arrays of user_id, since.
	 */
	private function render_blocks( WP_User $member, string $direction, string $heading, array $blocks ): void {
		echo '<h2>' . esc_html( $heading ) . '</h2>';

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
			$this->render_block( $member, $direction, (int) ( $block['user_id'] ?? 0 ), (int) ( $block['since'] ?? 0 ) );
		}

		echo '</tbody></table>';

		if ( count( $blocks ) > 1 ) {
			printf(
				'<p><a class="button" href="%1$s">%2$s</a></p>',
				esc_url( self::question_url( $member->ID, $direction, 0 ) ),
				/* translators: %s: number of blocks. */
				esc_html( sprintf( __( 'Clear all %s …', 'jetonomy-sidecar' ), number_format_i18n( count( $blocks ) ) ) )
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
	private function render_block( WP_User $member, string $direction, int $other_id, int $since ): void {
		$name = self::name( $other_id );

		printf(
			'<tr><td>%1$s</td><td>%2$s</td><td><a class="button button-small" href="%3$s" aria-label="%4$s">%5$s</a></td></tr>',
			get_userdata( $other_id ) ? sprintf( '<a href="%1$s">%2$s</a>', esc_url( Screens::member_url( $other_id ) ), esc_html( $name ) ) : esc_html( $name ), // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Escaped in place.
			esc_html( 0 === $since ? __( 'Not known', 'jetonomy-sidecar' ) : wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), $since ) ),
			esc_url( self::question_url( $member->ID, $direction, $other_id ) ),
			/* translators: %s: a member's name. */
			esc_attr( sprintf( __( 'Clear … (%s)', 'jetonomy-sidecar' ), $name ) ),
			esc_html__( 'Clear …', 'jetonomy-sidecar' )
		);
	}

	/**
	 * Prints the screen that asks whether to clear.
	 *
	 * @param WP_User $member    The member.
	 * @param string  $direction Which of Block_Clearing's two.
	 * @param int     $other_id  The other one; 0 for all.
	 */
	private function render_question( WP_User $member, string $direction, int $other_id ): void {
		$name  = $member->display_name;
		$other = self::name( $other_id );
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

		printf( '<h2>%1$s</h2><p>%2$s</p>', esc_html( $question ), esc_html__( 'The two can then write to each other again. They are not told. This is logged, with your name, and cannot be undone from here: only the members themselves can block again.', 'jetonomy-sidecar' ) );

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
	 * Says what was just done.
	 */
	private function render_result(): void {
		$results = array(
			'cleared'          => array( 'success', __( 'Cleared.', 'jetonomy-sidecar' ) ),
			'nothing-to-clear' => array( 'info', __( 'There was no such block any more.', 'jetonomy-sidecar' ) ),
			'not-cleared'      => array( 'error', __( 'The sidecar did not do it, and nothing was changed. Look whether it answers, then try again.', 'jetonomy-sidecar' ) ),
		);
		$result  = $results[ Admin_Action::done() ] ?? null;

		if ( null !== $result ) {
			wp_admin_notice( esc_html( $result[1] ), array( 'type' => $result[0] ) );
		}
	}

	/**
	 * Prints the ways back.
	 *
	 * @param WP_User $member The member.
	 */
	private function render_links( WP_User $member ): void {
		$links = array();

		if ( current_user_can( 'edit_user', $member->ID ) ) {
			$links[ get_edit_user_link( $member->ID ) ] = __( 'Profile', 'jetonomy-sidecar' );
		}

		if ( $this->is_in_jetonomy() ) {
			$links[ admin_url( 'admin.php?page=jetonomy-users' ) ] = __( 'All users', 'jetonomy-sidecar' );
		} elseif ( current_user_can( 'list_users' ) ) {
			$links[ admin_url( 'users.php' ) ] = __( 'All users', 'jetonomy-sidecar' );
		}

		if ( array() !== $links ) {
			$html = array();

			foreach ( $links as $url => $text ) {
				$html[] = sprintf( '<a href="%1$s">%2$s</a>', esc_url( $url ), esc_html( $text ) );
			}

			echo '<p>' . implode( ' | ', $html ) . '</p>'; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Escaped above.
		}
	}

	/**
	 * The member the page is about.
	 */
	private function member(): ?WP_User {
		$user = get_userdata( absint( $_GET['user'] ?? 0 ) ); // phpcs:ignore WordPress.Security.NonceVerification.Recommended -- Only shows.

		return $user ? $user : null;
	}

	/**
	 * Whether this is the page, for somebody who has Jetonomy's list of users.
	 */
	private function is_in_jetonomy(): bool {
		return Screens::MEMBER === ( $GLOBALS['plugin_page'] ?? '' ) && Screens::has_jetonomy() && current_user_can( 'jetonomy_manage_settings' );
	}

	/**
	 * A user's name.
	 *
	 * @param int $user_id The user, who may be gone.
	 */
	private static function name( int $user_id ): string {
		$user = get_userdata( $user_id );

		/* translators: %d: a number. */
		return $user ? $user->display_name : sprintf( __( 'Deleted user (%d)', 'jetonomy-sidecar' ), $user_id );
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
