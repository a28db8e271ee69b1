<?php
/**
 * Jetonomy → Extensions.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

defined( 'ABSPATH' ) || exit;

/**
 * The page with the extension's card: in Jetonomy's menu, or under Settings on plain WordPress. Where
 * Jetonomy Pro is active the page is Pro's, with a switch of its own, and only the card's state is added.
 */
final class Extensions_Page {

	/**
	 * Constructor.
	 *
	 * @param Extension_Card $card The card.
	 */
	public function __construct( private readonly Extension_Card $card ) {}

	/**
	 * Hooks the page in.
	 */
	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add_page' ), 20 ); // After Jetonomy's menu.
		add_action( 'admin_enqueue_scripts', array( $this, 'add_style' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( JETONOMY_SIDECAR_FILE ), array( $this, 'add_plugin_links' ) );
	}

	/**
	 * Adds the page.
	 */
	public function add_page(): void {
		if ( Screens::has_pro() ) {
			add_action( 'jetonomy_admin_render_extensions', array( $this, 'render_below_pro' ), 20 );
			return;
		}

		add_submenu_page(
			Screens::parent(),
			__( 'Extensions', 'jetonomy-sidecar' ),
			__( 'Extensions', 'jetonomy-sidecar' ),
			Screens::settings_capability(),
			Screens::EXTENSIONS,
			array( $this, 'render' )
		);
	}

	/**
	 * Adds the style to the plugin's pages.
	 *
	 * @param string $hook The page that is shown.
	 */
	public function add_style( $hook ): void {
		foreach ( array( Screens::EXTENSIONS, Screens::SETTINGS, Screens::MEMBER ) as $page ) {
			if ( str_ends_with( (string) $hook, '_page_' . $page ) ) {
				wp_enqueue_style( 'jetonomy-sidecar-admin', plugins_url( 'assets/admin.css', JETONOMY_SIDECAR_FILE ), array(), JETONOMY_SIDECAR_VERSION );
			}
		}
	}

	/**
	 * Adds the way from the list of plugins.
	 *
	 * @param array $links Links in HTML.
	 */
	public function add_plugin_links( $links ): array {
		return current_user_can( Screens::settings_capability() )
			? array_merge(
				array(
					'extensions' => sprintf( '<a href="%1$s">%2$s</a>', esc_url( Screens::extensions_url() ), esc_html__( 'Extensions', 'jetonomy-sidecar' ) ),
					'settings'   => sprintf( '<a href="%1$s">%2$s</a>', esc_url( Screens::settings_url() ), esc_html__( 'Settings', 'jetonomy-sidecar' ) ),
				),
				(array) $links
			)
			: (array) $links;
	}

	/**
	 * Prints the page.
	 */
	public function render(): void {
		echo '<div class="wrap jetonomy-sidecar"><h1>' . esc_html__( 'Extensions', 'jetonomy-sidecar' ) . '</h1><hr class="wp-header-end">';
		$this->render_result();
		$this->card->render( true );
		echo '</div>';
	}

	/**
	 * Prints the card's state below Jetonomy Pro's page.
	 */
	public function render_below_pro(): void {
		echo '<div class="wrap jetonomy-sidecar">';
		$this->card->render( false );
		echo '</div>';
	}

	/**
	 * Says what the switch just did.
	 */
	private function render_result(): void {
		$texts = array(
			'enabled'  => __( 'Private Messaging is on.', 'jetonomy-sidecar' ),
			'disabled' => __( 'Private Messaging is off. Conversations and messages are kept.', 'jetonomy-sidecar' ),
		);
		$done  = Admin_Action::done();

		if ( isset( $texts[ $done ] ) ) {
			wp_admin_notice( esc_html( $texts[ $done ] ), array( 'type' => 'success' ) );
		}
	}
}
