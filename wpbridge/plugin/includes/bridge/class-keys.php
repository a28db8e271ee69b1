<?php
/**
 * The keys shared with the sidecar.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Bridge;

defined( 'ABSPATH' ) || exit;

/**
 * Keeps the option jetonomy_sidecar_keys, which the sidecar reads:
 *
 *     array( 'current' => array( kid, secret ), 'previous' => array( kid, secret, until ) )
 *
 * 'previous' appears with the first rotation, until says in Unix seconds how long it is accepted. A
 * secret in the constant JETONOMY_SIDECAR_SECRET, or in the environment, replaces the whole option; one
 * that is too short is refused, which leaves the option in force and is said in wp-admin.
 */
final class Keys {

	/**
	 * The option. Not autoloaded: few requests need it.
	 */
	public const OPTION = 'jetonomy_sidecar_keys';

	/**
	 * Name of the constant and of the environment variable that replace the option.
	 */
	public const OVERRIDE = 'JETONOMY_SIDECAR_SECRET';

	/**
	 * Seconds for which a replaced key is still accepted.
	 */
	public const PREVIOUS_LIFETIME = HOUR_IN_SECONDS;

	/**
	 * The key to sign with, made now where there is none yet. Null only where the database refuses to
	 * store one.
	 */
	public function current(): ?Signing_Key {
		$key = $this->existing();

		if ( null === $key ) {
			$this->create_if_missing();
			$key = $this->existing();
		}

		return $key;
	}

	/**
	 * The key to sign with, or null where none was made yet.
	 */
	public function existing(): ?Signing_Key {
		return $this->override() ?? $this->stored( 'current' );
	}

	/**
	 * The key before the last rotation, while it is accepted.
	 */
	public function previous(): ?Signing_Key {
		return null === $this->override() ? $this->stored( 'previous' ) : null;
	}

	/**
	 * Whether a secret was configured that is too short to be used.
	 */
	public function is_override_refused(): bool {
		return '' !== $this->override_secret() && null === $this->override();
	}

	/**
	 * Stores a key where there is none that can be used.
	 *
	 * The row is inserted with IGNORE and read back, because add_option() overwrites a row that another
	 * request inserted a moment ago, and with it the key of a token that is already in use.
	 */
	public function create_if_missing(): void {
		global $wpdb;

		if ( null !== $this->stored( 'current' ) || wp_installing() ) {
			return;
		}

		$value = array( 'current' => Signing_Key::generate()->to_array() );

		if ( false !== get_option( self::OPTION ) ) {
			update_option( self::OPTION, $value, false ); // There is something, and it is no key.
			return;
		}

		$wpdb->query(
			$wpdb->prepare(
				"INSERT IGNORE INTO `$wpdb->options` (`option_name`, `option_value`, `autoload`) VALUES (%s, %s, 'off')",
				self::OPTION,
				maybe_serialize( $value )
			)
		);

		$this->forget_cached();
	}

	/**
	 * Replaces the current key by a new one.
	 *
	 * @param bool $keep_old Whether the old one is accepted for another PREVIOUS_LIFETIME. Not where somebody may have
	 *                       it: all that it signed, and whatever they sign with it, is refused then.
	 * @return bool False where the key is configured elsewhere, or could not be stored.
	 */
	public function rotate( bool $keep_old = true ): bool {
		if ( null !== $this->override() ) {
			return false;
		}

		$value = array( 'current' => Signing_Key::generate()->to_array() );
		$old   = $this->stored( 'current' );

		if ( $keep_old && null !== $old ) {
			$value['previous']          = $old->to_array();
			$value['previous']['until'] = time() + self::PREVIOUS_LIFETIME;
		}

		return update_option( self::OPTION, $value, false );
	}

	/**
	 * The configured key, or null where none is configured or it is refused.
	 */
	private function override(): ?Signing_Key {
		return Signing_Key::from_secret( $this->override_secret() );
	}

	/**
	 * The configured secret, '' for none.
	 */
	private function override_secret(): string {
		$secret = defined( self::OVERRIDE ) ? constant( self::OVERRIDE ) : getenv( self::OVERRIDE );

		return is_string( $secret ) ? $secret : '';
	}

	/**
	 * A key of the option, or null where it is absent, unusable or past its time.
	 *
	 * @param string $which Either 'current' or 'previous'.
	 */
	private function stored( string $which ): ?Signing_Key {
		$value  = get_option( self::OPTION );
		$entry  = is_array( $value ) ? ( $value[ $which ] ?? null ) : null;
		$secret = is_array( $entry ) ? ( $entry['secret'] ?? null ) : null;

		if ( ! is_string( $secret ) || ( 'previous' === $which && (int) ( $entry['until'] ?? 0 ) <= time() ) ) {
			return null;
		}

		return Signing_Key::from_secret( $secret );
	}

	/**
	 * Makes the next get_option() read the row, after it was inserted behind the options API.
	 */
	private function forget_cached(): void {
		$missing = wp_cache_get( 'notoptions', 'options' );

		if ( is_array( $missing ) && isset( $missing[ self::OPTION ] ) ) {
			unset( $missing[ self::OPTION ] );
			wp_cache_set( 'notoptions', $missing, 'options' );
		}

		wp_cache_delete( self::OPTION, 'options' );
	}
}
