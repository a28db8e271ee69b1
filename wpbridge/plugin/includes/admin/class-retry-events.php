<?php
/**
 * Tries events again that were given up.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Bridge\Operator_Client;

defined( 'ABSPATH' ) || exit;

/**
 * The button in Site Health and on the extension's card, and what it does.
 */
final class Retry_Events {

	public const ACTION = 'jetonomy_sidecar_retry_events';

	/**
	 * Constructor.
	 *
	 * @param Operator_Client $operator The way to the sidecar.
	 * @param Service_Watch   $watch    Remembers how it was.
	 */
	public function __construct( private readonly Operator_Client $operator, private readonly Service_Watch $watch ) {}

	/**
	 * Hooks the handler in.
	 */
	public function register(): void {
		add_action( 'admin_post_' . self::ACTION, array( $this, 'handle' ) );
		add_action( 'admin_notices', array( $this, 'render_result' ) );
	}

	/**
	 * The button.
	 *
	 * @param string $from The page to come back to: 'site-health' or 'extensions'.
	 * @return string Escaped HTML.
	 */
	public static function form( string $from ): string {
		return Admin_Action::open_form( self::ACTION, array( 'from' => $from ) )
			. '<button type="submit" class="button">' . esc_html__( 'Try these events again', 'jetonomy-sidecar' ) . '</button></form>';
	}

	/**
	 * Does it.
	 */
	public function handle(): void {
		Admin_Action::check( self::ACTION, Screens::settings_capability() );

		$answer = $this->operator->retry_events();
		$this->watch->forget();

		// phpcs:ignore WordPress.Security.NonceVerification.Missing -- Checked above.
		$url = 'site-health' === ( $_POST['from'] ?? '' ) ? Screens::site_health_url() : Screens::extensions_url();

		Admin_Action::leave( $url, is_wp_error( $answer ) ? 'not-retried' : 'retried' );
	}

	/**
	 * Says what came of it.
	 */
	public function render_result(): void {
		$texts = array(
			'retried'     => __( 'The events are tried again now.', 'jetonomy-sidecar' ),
			'not-retried' => __( 'The sidecar did not take the order to try the events again. Look whether it answers, then repeat it.', 'jetonomy-sidecar' ),
		);
		$done  = Admin_Action::done();

		if ( isset( $texts[ $done ] ) && current_user_can( Screens::settings_capability() ) ) {
			wp_admin_notice( esc_html( $texts[ $done ] ), array( 'type' => 'retried' === $done ? 'success' : 'error' ) );
		}
	}
}
