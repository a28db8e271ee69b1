<?php
/**
 * The ways to the inbox.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Member;

use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Urls;
use WP_Admin_Bar;
use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * The Messages link with its badge, in Jetonomy's navigation, in the admin bar of a plain WordPress and as a
 * shortcode, and the Message button. No number is printed here, so that no page waits for the service: the
 * badge, a custom element, asks for it in the browser.
 */
final class Navigation {

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch The switch; off means that there are no links.
	 */
	public function __construct( private readonly Extension_Switch $switch ) {}

	/**
	 * Hooks everything in.
	 */
	public function register(): void {
		add_action( 'jetonomy_header_nav_items', array( $this, 'print_nav_item' ) );
		add_action( 'admin_bar_menu', array( $this, 'add_node' ), 75 );
		add_shortcode( 'jetonomy_messages_link', array( $this, 'link' ) );
	}

	/**
	 * Whether the link is in the admin bar: on a site without Jetonomy's own navigation.
	 */
	public static function is_in_admin_bar(): bool {
		return ! defined( 'JETONOMY_VERSION' ) && is_admin_bar_showing();
	}

	/**
	 * Prints the link into Jetonomy's navigation.
	 */
	public function print_nav_item(): void {
		if ( ! $this->is_for_viewer() ) {
			return;
		}

		?>
		<a href="<?php echo esc_url( Urls::inbox() ); ?>" class="<?php echo '' === Routes::current() ? '' : 'active'; ?>" title="<?php esc_attr_e( 'Messages', 'jetonomy-sidecar' ); ?>">
			<?php $this->print_icon(); ?>
			<span class="jt-nav-label"><?php esc_html_e( 'Messages', 'jetonomy-sidecar' ); ?></span>
			<?php $this->print_badge(); ?>
		</a>
		<?php
	}

	/**
	 * Adds the link to the admin bar.
	 *
	 * @param WP_Admin_Bar $bar The bar.
	 */
	public function add_node( $bar ): void {
		if ( ! $bar instanceof WP_Admin_Bar || ! self::is_in_admin_bar() || ! $this->is_for_viewer() ) {
			return;
		}

		ob_start();
		$this->print_badge();

		$bar->add_node(
			array(
				'id'    => 'jetonomy-messages',
				'title' => '<span class="ab-icon dashicons dashicons-format-chat" aria-hidden="true"></span><span class="ab-label">'
					. esc_html__( 'Messages', 'jetonomy-sidecar' ) . '</span>' . ob_get_clean(),
				'href'  => Urls::inbox(),
			)
		);
	}

	/**
	 * The shortcode [jetonomy_messages_link]: the link, or nothing for somebody who is not signed in.
	 */
	public function link(): string {
		if ( ! $this->is_for_viewer() ) {
			return '';
		}

		ob_start();
		?>
		<a class="jt-messages-link" href="<?php echo esc_url( Urls::inbox() ); ?>"><?php esc_html_e( 'Messages', 'jetonomy-sidecar' ); ?> <?php $this->print_badge(); ?></a>
		<?php
		return trim( (string) ob_get_clean() );
	}

	/**
	 * The Message button for a user's page, or nothing: to nobody, to oneself, or for somebody who is not
	 * signed in. Whether the message may be sent is the service's to say.
	 *
	 * @param WP_User|int|string $user The user, their id or their login.
	 */
	public function button( WP_User|int|string $user ): string {
		$user = $user instanceof WP_User ? $user : Recipients::find( (string) $user );

		if ( ! $user || ! $user->exists() || ! $this->is_for_viewer() || get_current_user_id() === $user->ID ) {
			return '';
		}

		return sprintf(
			'<a class="jt-message-button wp-element-button" href="%1$s" aria-label="%2$s">%3$s</a>',
			esc_url( Urls::compose( $user->user_login ) ),
			/* translators: %s: name of a member. */
			esc_attr( sprintf( __( 'Message %s', 'jetonomy-sidecar' ), $user->display_name ) ),
			esc_html__( 'Message', 'jetonomy-sidecar' )
		);
	}

	/**
	 * Whether there is anything to link to for whoever sees this page.
	 */
	private function is_for_viewer(): bool {
		return is_user_logged_in() && $this->switch->is_enabled();
	}

	/**
	 * Prints the badge, without a number.
	 */
	private function print_badge(): void {
		printf(
			'<jetonomy-unread-badge data-user="%1$d" data-rest="%2$s" data-direct="%3$s" data-nonce="%4$s" data-renew="%5$s" data-label="%6$s"></jetonomy-unread-badge>',
			get_current_user_id(),
			esc_url( rest_url() ),
			esc_url( Inbox_Config::direct_url() ),
			esc_attr( wp_create_nonce( 'wp_rest' ) ),
			esc_url( Inbox_Config::renew_url() ),
			/* translators: %s: a number, which may be "99+". */
			esc_attr__( 'Unread conversations: %s', 'jetonomy-sidecar' )
		);
	}

	/**
	 * Prints the link's icon.
	 */
	private function print_icon(): void {
		if ( function_exists( 'jetonomy_echo_icon' ) ) {
			jetonomy_echo_icon( 'message-circle', 18 );
		}
	}
}
