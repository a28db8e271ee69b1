<?php
/**
 * The switch of the extension.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar;

defined( 'ABSPATH' ) || exit;

/**
 * Private Messaging is on while its id is in the list of enabled extensions, which is an option of
 * Jetonomy's that holds the ids of other extensions too.
 */
final class Extension_Switch {

	/**
	 * The option: a list of extension ids.
	 */
	public const OPTION = 'jetonomy_pro_extensions';

	/**
	 * Our id in it.
	 */
	public const ID = 'private-messaging';

	/**
	 * Whether Private Messaging is on.
	 */
	public function is_enabled(): bool {
		return in_array( self::ID, $this->ids(), true );
	}

	/**
	 * Switches Private Messaging on. Other extensions stay as they are.
	 */
	public function enable(): void {
		if ( ! $this->is_enabled() ) {
			update_option( self::OPTION, array( ...$this->ids(), self::ID ) );
		}
	}

	/**
	 * Switches Private Messaging off. Other extensions stay as they are, and nothing is deleted.
	 */
	public function disable(): void {
		if ( $this->is_enabled() ) {
			update_option( self::OPTION, array_values( array_diff( $this->ids(), array( self::ID ) ) ) );
		}
	}

	/**
	 * The enabled ids.
	 *
	 * @return array List of strings.
	 */
	private function ids(): array {
		return array_values( array_filter( (array) get_option( self::OPTION, array() ), 'is_string' ) );
	}
}
