<?php
/**
 * Switches the extension.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Extension_Switch;

defined( 'ABSPATH' ) || exit;

/**
 * The switch on the extension's card, and what it does.
 */
final class Extension_Action {

	public const ACTION = 'jetonomy_sidecar_switch';

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch The switch.
	 */
	public function __construct( private readonly Extension_Switch $switch ) {}

	/**
	 * Hooks the handler in.
	 */
	public function register(): void {
		add_action( 'admin_post_' . self::ACTION, array( $this, 'handle' ) );
	}

	/**
	 * The switch: a button that sends the other state.
	 *
	 * @param bool $is_enabled The state now.
	 * @return string Escaped HTML.
	 */
	public static function form( bool $is_enabled ): string {
		return Admin_Action::open_form( self::ACTION, array( 'enable' => $is_enabled ? '0' : '1' ) )
			. sprintf(
				'<button type="submit" class="jetonomy-sidecar-switch" role="switch" aria-checked="%1$s" aria-labelledby="%2$s jetonomy-sidecar-switch-text"><span class="jetonomy-sidecar-switch__track" aria-hidden="true"></span><span id="jetonomy-sidecar-switch-text">%3$s</span></button></form>',
				$is_enabled ? 'true' : 'false',
				esc_attr( Extension_Card::TITLE_ID ),
				$is_enabled ? esc_html__( 'Enabled', 'jetonomy-sidecar' ) : esc_html__( 'Enable', 'jetonomy-sidecar' )
			);
	}

	/**
	 * Does it.
	 */
	public function handle(): void {
		Admin_Action::check( self::ACTION, Screens::settings_capability() );

		$enable = '1' === ( $_POST['enable'] ?? '' ); // phpcs:ignore WordPress.Security.NonceVerification.Missing -- Checked above.

		if ( $enable ) {
			$this->switch->enable();
		} else {
			$this->switch->disable();
		}

		Admin_Action::leave( Screens::extensions_url(), $enable ? 'enabled' : 'disabled' );
	}
}
