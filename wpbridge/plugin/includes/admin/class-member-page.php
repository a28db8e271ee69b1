<?php
/**
 * A member's messaging.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Admin\Conversations\Conversations_Page;
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
			Member_Blocks::render_question( $member, $direction, $other_id );
		} else {
			$this->render_result();
			$this->render_links( $member );
			$this->render_overview( $member );
			Community_Blocks::render( $member );
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
		Member_Blocks::render( $member, Block_Clearing::MADE, sprintf( __( 'Blocked by %s', 'jetonomy-sidecar' ), $member->display_name ), (array) ( $overview['blocks'] ?? array() ), (int) ( $overview['block_count'] ?? 0 ) );
		/* translators: %s: a member's name. */
		Member_Blocks::render( $member, Block_Clearing::RECEIVED, sprintf( __( 'Have blocked %s', 'jetonomy-sidecar' ), $member->display_name ), (array) ( $overview['blocked_by'] ?? array() ), (int) ( $overview['blocked_by_count'] ?? 0 ) );
		Member_Clearings::render( $member );
	}

	/**
	 * Says what was just done.
	 */
	private function render_result(): void {
		$count   = absint( $_GET[ Block_Clearing::COUNT ] ?? 0 ); // phpcs:ignore WordPress.Security.NonceVerification.Recommended -- Only shows.
		$number  = number_format_i18n( $count );
		$results = array(
			/* translators: %s: number of blocks. */
			'cleared'          => array( 'success', sprintf( _n( '%s block cleared.', '%s blocks cleared.', $count, 'jetonomy-sidecar' ), $number ) ),
			/* translators: %s: number of blocks. */
			'partly-cleared'   => array( 'warning', sprintf( _n( '%s block cleared, and then it broke off. What is left is below: clear it again to go on.', '%s blocks cleared, and then it broke off. What is left is below: clear it again to go on.', $count, 'jetonomy-sidecar' ), $number ) ),
			'nothing-to-clear' => array( 'info', __( 'There was no such block any more.', 'jetonomy-sidecar' ) ),
			'not-cleared'      => array( 'error', __( 'The sidecar did not say that it did it. What there is now is below. Look whether the sidecar answers, then try again.', 'jetonomy-sidecar' ) ),
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

		if ( current_user_can( 'manage_options' ) ) {
			$everything = array(
				'view' => 'member',
				'user' => $member->ID,
			);

			$links[ Conversations_Page::url( array( 'member' => $member->user_login ) ) ]     = __( 'Conversations', 'jetonomy-sidecar' );
			$links[ Conversations_Page::url( $everything ) ]             = __( 'Export conversations', 'jetonomy-sidecar' );
			$links[ Conversations_Page::url( $everything ) . '#delete' ] = __( 'Delete all conversations of this member', 'jetonomy-sidecar' );
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
}
