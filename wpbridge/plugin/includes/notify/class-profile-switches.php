<?php
/**
 * The switches on WordPress's own profile screen.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Notify;

use Jetonomy_Sidecar\Extension_Switch;

defined( 'ABSPATH' ) || exit;

/**
 * On a site without Jetonomy, lets members say on their profile (Personal Options) whether they want mail
 * about messages. Only they: the screen on which administrators edit others has no such switch.
 */
final class Profile_Switches {

	/**
	 * The nonce's action and field.
	 */
	private const NONCE_ACTION = 'jetonomy_sidecar_notifications';
	private const NONCE_FIELD  = 'jetonomy_sidecar_notifications_nonce';

	/**
	 * The fields' name.
	 */
	private const FIELD = 'jetonomy_sidecar_notifications';

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
		add_action( 'personal_options', array( $this, 'render' ) );
		add_action( 'personal_options_update', array( $this, 'save' ) );
	}

	/**
	 * Prints the switches.
	 *
	 * @param mixed $user The user whose screen it is.
	 */
	public function render( $user ): void {
		if ( ! $user instanceof \WP_User || ! $this->is_for( $user->ID ) ) {
			return;
		}

		?>
		<tr class="jetonomy-sidecar-notifications-wrap">
			<th scope="row"><?php esc_html_e( 'Private messages', 'jetonomy-sidecar' ); ?></th>
			<td>
				<?php wp_nonce_field( self::NONCE_ACTION, self::NONCE_FIELD, false ); ?>
				<fieldset>
					<legend class="screen-reader-text"><span><?php esc_html_e( 'Private messages', 'jetonomy-sidecar' ); ?></span></legend>
					<?php
					$this->checkbox( $user->ID, Preferences::EMAIL, __( 'Send me an email when messages stay unread', 'jetonomy-sidecar' ) );
					$this->checkbox( $user->ID, Preferences::TEXT, __( 'Quote the messages in it', 'jetonomy-sidecar' ) );
					?>
				</fieldset>
			</td>
		</tr>
		<?php
	}

	/**
	 * Saves the switches.
	 *
	 * @param mixed $user_id The user whose screen was saved.
	 */
	public function save( $user_id ): void {
		$user_id = (int) $user_id;
		$nonce   = isset( $_POST[ self::NONCE_FIELD ] ) ? sanitize_key( wp_unslash( $_POST[ self::NONCE_FIELD ] ) ) : '';

		if ( ! $this->is_for( $user_id ) || ! wp_verify_nonce( $nonce, self::NONCE_ACTION ) || ! current_user_can( 'edit_user', $user_id ) ) {
			return;
		}

		$chosen = isset( $_POST[ self::FIELD ] ) && is_array( $_POST[ self::FIELD ] ) ? array_map( 'absint', wp_unslash( $_POST[ self::FIELD ] ) ) : array();

		$this->preferences->choose(
			$user_id,
			array(
				Preferences::EMAIL => ! empty( $chosen[ Preferences::EMAIL ] ),
				Preferences::TEXT  => ! empty( $chosen[ Preferences::TEXT ] ),
			)
		);
	}

	/**
	 * Whether this screen is where the switches of this user are.
	 *
	 * @param int $user_id The user.
	 */
	private function is_for( int $user_id ): bool {
		return $user_id > 0
			&& get_current_user_id() === $user_id
			&& $this->switch->is_enabled()
			&& ! defined( 'JETONOMY_VERSION' );
	}

	/**
	 * Prints one switch.
	 *
	 * @param int    $user_id The user.
	 * @param string $name    The switch.
	 * @param string $label   What it says.
	 */
	private function checkbox( int $user_id, string $name, string $label ): void {
		printf(
			'<label><input type="checkbox" name="%1$s[%2$s]" value="1"%3$s> %4$s</label><br>',
			esc_attr( self::FIELD ),
			esc_attr( $name ),
			checked( $this->preferences->is_on( $user_id, $name ), true, false ),
			esc_html( $label )
		);
	}
}
