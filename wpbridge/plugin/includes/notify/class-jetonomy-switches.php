<?php
/**
 * The switches on Jetonomy's Profile → edit.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Notify;

use Jetonomy_Sidecar\Extension_Switch;
use WP_REST_Request;

defined( 'ABSPATH' ) || exit;

/**
 * Prints "Private messages: web, e-mail" in Jetonomy's form, in its markup, and keeps what comes of it.
 * Jetonomy's script sends all fields of that name to PATCH /jetonomy/v1/users/me, whose answer we see:
 * nonce, sign-in and whose profile it is were checked by then.
 */
final class Jetonomy_Switches {

	/**
	 * The request that saves the form.
	 */
	private const ROUTE = '/jetonomy/v1/users/me';

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch      The extension's switch.
	 * @param Preferences      $preferences The members' switches.
	 */
	public function __construct( private readonly Extension_Switch $switch, private readonly Preferences $preferences ) {}

	/**
	 * Hooks in.
	 */
	public function register(): void {
		add_action( 'jetonomy_profile_edit_fields', array( $this, 'render' ), 5 );
		add_filter( 'rest_request_before_callbacks', array( $this, 'adopt' ), 10, 3 );
		add_filter( 'rest_request_after_callbacks', array( $this, 'save' ), 10, 3 );
	}

	/**
	 * Prints the switches.
	 *
	 * @param mixed $user_id The member whose form it is.
	 */
	public function render( $user_id ): void {
		$user_id = (int) $user_id;

		if ( ! $this->switch->is_enabled() || get_current_user_id() !== $user_id ) {
			return;
		}

		?>
		<div class="jt-form-group">
			<div class="jt-notif-prefs">
				<div class="jt-notif-row jt-notif-header">
					<span></span>
					<span><?php esc_html_e( 'Web', 'jetonomy-sidecar' ); ?></span>
					<span><?php esc_html_e( 'Email', 'jetonomy-sidecar' ); ?></span>
				</div>
				<div class="jt-notif-row">
					<span><?php esc_html_e( 'Private messages', 'jetonomy-sidecar' ); ?></span>
					<?php
					$this->toggle( $user_id, Preferences::WEB, __( 'Private messages: web', 'jetonomy-sidecar' ) );
					$this->toggle( $user_id, Preferences::EMAIL, __( 'Private messages: email', 'jetonomy-sidecar' ) );
					?>
				</div>
				<div class="jt-notif-row">
					<span><?php esc_html_e( 'Quote private messages in emails', 'jetonomy-sidecar' ); ?></span>
					<span></span>
					<?php $this->toggle( $user_id, Preferences::TEXT, __( 'Quote private messages in emails', 'jetonomy-sidecar' ) ); ?>
				</div>
			</div>
		</div>
		<?php
	}

	/**
	 * Takes over what Jetonomy has stored for this type, before it saves its form and forgets that.
	 *
	 * @param mixed           $response Answer so far.
	 * @param mixed           $handler  The route's handler.
	 * @param WP_REST_Request $request  The request.
	 * @return mixed
	 */
	public function adopt( $response, $handler, $request ) {
		if ( $this->saves_form( $request ) ) {
			$this->preferences->choose( get_current_user_id(), array() );
		}

		return $response;
	}

	/**
	 * Keeps the switches of a form that Jetonomy has saved.
	 *
	 * @param mixed           $response Jetonomy's answer.
	 * @param mixed           $handler  The route's handler.
	 * @param WP_REST_Request $request  The request.
	 * @return mixed
	 */
	public function save( $response, $handler, $request ) {
		if ( is_wp_error( $response ) || ! $this->saves_form( $request ) ) {
			return $response;
		}

		foreach ( array( $request['notification_preferences'], $request['settings']['notifications'] ?? null ) as $sent ) {
			if ( is_array( $sent ) && is_array( $sent[ Preferences::TYPE ] ?? null ) ) {
				$this->preferences->choose( get_current_user_id(), $sent[ Preferences::TYPE ] );
			}
		}

		return $response;
	}

	/**
	 * Whether a request saves a member's own profile.
	 *
	 * @param WP_REST_Request $request The request.
	 */
	private function saves_form( WP_REST_Request $request ): bool {
		return 0 === strcasecmp( self::ROUTE, $request->get_route() )
			&& in_array( $request->get_method(), array( 'POST', 'PUT', 'PATCH' ), true )
			&& is_user_logged_in()
			&& ( null !== $request['notification_preferences'] || null !== $request['settings'] );
	}

	/**
	 * Prints one switch.
	 *
	 * @param int    $user_id The member.
	 * @param string $name    The switch.
	 * @param string $label   What it is for, to those who do not see the table.
	 */
	private function toggle( int $user_id, string $name, string $label ): void {
		?>
		<label class="jt-toggle">
			<input type="checkbox" name="notification_preferences[<?php echo esc_attr( Preferences::TYPE ); ?>][<?php echo esc_attr( $name ); ?>]" value="1" aria-label="<?php echo esc_attr( $label ); ?>"<?php checked( $this->preferences->is_on( $user_id, $name ) ); ?>>
			<span class="jt-toggle-slider"></span>
		</label>
		<?php
	}
}
