<?php
/**
 * Says who serves the messages beside Jetonomy Pro.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Extension_Switch;

defined( 'ABSPATH' ) || exit;

/**
 * One notice for each person who may switch the extension, until they put it away.
 */
final class Pro_Notice {

	public const ACTION = 'jetonomy_sidecar_dismiss_pro_notice';

	/**
	 * User meta: '1' for those who put the notice away.
	 */
	public const META = 'jetonomy_sidecar_pro_notice_dismissed';

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch The switch.
	 */
	public function __construct( private readonly Extension_Switch $switch ) {}

	/**
	 * Hooks the notice in.
	 */
	public function register(): void {
		add_action( 'admin_notices', array( $this, 'render' ) );
		add_action( 'admin_post_' . self::ACTION, array( $this, 'handle' ) );
	}

	/**
	 * Prints the notice where it is due.
	 */
	public function render(): void {
		if (
			! Screens::has_pro()
			|| ! $this->switch->is_enabled()
			|| ! current_user_can( Screens::settings_capability() )
			|| get_user_meta( get_current_user_id(), self::META, true )
		) {
			return;
		}

		printf(
			'<div class="notice notice-info"><p>%1$s</p>%2$s<p><button type="submit" class="button">%3$s</button></p></form></div>',
			esc_html__( 'Private messages are served by Jetonomy Sidecar: it answers the private messaging requests in the place of Jetonomy Pro, with the same conversations and messages. Everything else of Jetonomy Pro works as before.', 'jetonomy-sidecar' ),
			Admin_Action::open_form( self::ACTION ), // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Escaped there.
			esc_html__( 'Dismiss', 'jetonomy-sidecar' )
		);
	}

	/**
	 * Puts the notice away for this person.
	 */
	public function handle(): void {
		Admin_Action::check( self::ACTION, Screens::settings_capability() );

		update_user_meta( get_current_user_id(), self::META, '1' );

		wp_safe_redirect( wp_get_referer() ? wp_get_referer() : admin_url() );
		exit;
	}
}
