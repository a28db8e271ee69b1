<?php
/**
 * The ways to a member's messaging.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Extension_Switch;
use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * A link in each row of WordPress's and Jetonomy's lists of users, and in the user editor.
 */
final class Member_Links {

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch The switch.
	 */
	public function __construct( private readonly Extension_Switch $switch ) {}

	/**
	 * Hooks the links in.
	 */
	public function register(): void {
		add_filter( 'user_row_actions', array( $this, 'add_row_action' ), 10, 2 );
		add_action( 'edit_user_profile', array( $this, 'render_in_editor' ) );
		add_action( 'show_user_profile', array( $this, 'render_in_editor' ) );
		add_action( 'current_screen', array( $this, 'watch_jetonomy_users' ) );
	}

	/**
	 * Adds the link to a row of WordPress's list.
	 *
	 * @param array   $actions Links in HTML.
	 * @param WP_User $user    The row's user.
	 */
	public function add_row_action( $actions, $user ): array {
		$actions = (array) $actions;

		if ( $this->is_allowed() ) {
			$actions['jetonomy-sidecar'] = self::link( $user->ID, $user->display_name );
		}

		return $actions;
	}

	/**
	 * Prints the link in the user editor.
	 *
	 * @param WP_User $user The edited user.
	 */
	public function render_in_editor( $user ): void {
		if ( ! $this->is_allowed() ) {
			return;
		}

		printf(
			'<h2>%1$s</h2><table class="form-table" role="presentation"><tr><th scope="row">%2$s</th><td><a class="button" href="%3$s">%4$s</a><p class="description">%5$s</p></td></tr></table>',
			esc_html__( 'Private messages', 'jetonomy-sidecar' ),
			esc_html__( 'Messaging', 'jetonomy-sidecar' ),
			esc_url( Screens::member_url( $user->ID ) ),
			esc_html__( 'Blocks and counts', 'jetonomy-sidecar' ),
			esc_html__( 'Whom this member has blocked, who has blocked them, and how much they write.', 'jetonomy-sidecar' )
		);
	}

	/**
	 * Looks for Jetonomy's list of users. It has no hook for its rows, so its output is held while it is
	 * printed, and the link is put where each row's actions end. A list that looks otherwise stays as it is;
	 * the way through the user editor is always there.
	 */
	public function watch_jetonomy_users(): void {
		if ( ! Screens::has_jetonomy() || 'jetonomy-users' !== ( $GLOBALS['plugin_page'] ?? '' ) || ! $this->is_allowed() ) {
			return;
		}

		$page = get_plugin_page_hookname( 'jetonomy-users', 'jetonomy' );

		add_action( $page, array( $this, 'begin_jetonomy_users' ), PHP_INT_MIN );
		add_action( $page, array( $this, 'end_jetonomy_users' ), PHP_INT_MAX );
	}

	/**
	 * Begins to hold Jetonomy's list.
	 */
	public function begin_jetonomy_users(): void {
		ob_start( array( $this, 'add_to_jetonomy_rows' ) );
	}

	/**
	 * Lets Jetonomy's list go.
	 */
	public function end_jetonomy_users(): void {
		ob_end_flush();
	}

	/**
	 * Adds the link to the rows of Jetonomy's list.
	 *
	 * @param string $html The page.
	 */
	public function add_to_jetonomy_rows( $html ): string {
		$changed = preg_replace_callback(
			'#(<tr\b[^>]*\bdata-user-id="(\d+)"(?:(?!</tr>).)*?<div class="row-actions">(?:(?!</div>).)*)(?=</div>)#s',
			static fn( array $found ): string => rtrim( $found[1] ) . '<span class="jetonomy-sidecar"> | ' . self::link( (int) $found[2], '' ) . '</span>',
			(string) $html
		);

		return $changed ?? (string) $html;
	}

	/**
	 * Whether there is such a page for this person.
	 */
	private function is_allowed(): bool {
		return $this->switch->is_enabled() && current_user_can( Screens::members_capability() );
	}

	/**
	 * A link.
	 *
	 * @param int    $user_id The member.
	 * @param string $name    The member's name, for those who hear the link without its row; '' leaves it out.
	 */
	private static function link( int $user_id, string $name ): string {
		return sprintf(
			'<a href="%1$s"%2$s>%3$s</a>',
			esc_url( Screens::member_url( $user_id ) ),
			/* translators: %s: a member's name. */
			'' === $name ? '' : ' aria-label="' . esc_attr( sprintf( __( 'Messaging of %s', 'jetonomy-sidecar' ), $name ) ) . '"',
			esc_html__( 'Messaging', 'jetonomy-sidecar' )
		);
	}
}
