<?php
/**
 * Says that messages do not work.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Extension_Switch;

defined( 'ABSPATH' ) || exit;

/**
 * A notice in wp-admin, for those who can do something about it, while the extension is on and the
 * sidecar did not answer when it was last asked, or not for this site.
 */
final class Outage_Notice {

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch The switch.
	 * @param Service_Watch    $watch  Knows how the sidecar is.
	 * @param Health_Checks    $checks Knows what to do about it.
	 */
	public function __construct(
		private readonly Extension_Switch $switch,
		private readonly Service_Watch $watch,
		private readonly Health_Checks $checks
	) {}

	/**
	 * Hooks the notice in.
	 */
	public function register(): void {
		add_action( 'admin_notices', array( $this, 'render' ) );
	}

	/**
	 * Prints the notice where it is due.
	 */
	public function render(): void {
		if ( ! $this->switch->is_enabled() || ! current_user_can( Screens::settings_capability() ) || $this->is_on_extensions_page() ) {
			return;
		}

		$state = $this->watch->remembered();

		$result = null === $state ? null : $this->checks->reachable( $state );

		if ( null === $result || 'good' === $result['status'] ) {
			return;
		}

		wp_admin_notice(
			sprintf(
				'<strong>%1$s</strong> %2$s <a href="%3$s">%4$s</a>',
				esc_html__( 'Private messages do not work at the moment.', 'jetonomy-sidecar' ),
				esc_html( $result['text'][0] ),
				esc_url( Screens::extensions_url() ),
				esc_html__( 'Look again', 'jetonomy-sidecar' )
			),
			array( 'type' => 'error' )
		);
	}

	/**
	 * Whether this page says the same by itself.
	 */
	private function is_on_extensions_page(): bool {
		return str_ends_with( (string) get_current_screen()?->id, '_page_' . Screens::EXTENSIONS ) && ! Screens::has_pro();
	}
}
