<?php
/**
 * Says that the configured secret is refused.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Signing_Key;

defined( 'ABSPATH' ) || exit;

/**
 * A notice in wp-admin, for administrators, while JETONOMY_SIDECAR_SECRET is too short to be used.
 */
final class Secret_Notice {

	/**
	 * Constructor.
	 *
	 * @param Keys $keys The keys.
	 */
	public function __construct( private readonly Keys $keys ) {}

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
		if ( ! $this->keys->is_override_refused() || ! current_user_can( 'manage_options' ) ) {
			return;
		}

		wp_admin_notice(
			esc_html(
				sprintf(
					/* translators: 1: name of a constant, 2: number of bytes, 3: a command. */
					__( 'Jetonomy Sidecar: %1$s is set but shorter than %2$d bytes, so it is refused. The plugin goes on with the key stored in the database; the sidecar does not start with such a secret. Set a longer one, the same for both (for example from %3$s), or remove it.', 'jetonomy-sidecar' ),
					Keys::OVERRIDE,
					Signing_Key::MIN_BYTES,
					'openssl rand -hex 32'
				)
			),
			array( 'type' => 'error' )
		);
	}
}
