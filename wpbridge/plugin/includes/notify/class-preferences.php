<?php
/**
 * What a member wants to be told, and how.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Notify;

use Jetonomy\Models\UserProfile;

defined( 'ABSPATH' ) || exit;

/**
 * The members' switches about private messages: web (the bell), email, and text (whether a mail quotes the
 * messages). They belong to the member: the site's owner may set what holds before a member has chosen
 * (Jetonomy's notification defaults), and cannot override a choice.
 *
 * Choices are kept in the user's meta. Jetonomy's own place for them, in the profile's settings, is only
 * read, where there is no choice here yet: a save of Jetonomy's form drops from it every type it does not
 * know.
 */
final class Preferences {

	/**
	 * The type of notification.
	 */
	public const TYPE = 'private_message';

	/**
	 * The switches.
	 */
	public const WEB   = 'web';
	public const EMAIL = 'email';
	public const TEXT  = 'text';

	/**
	 * User meta: an array with 1 or 0 by switch, of those that the member has set.
	 */
	public const META = 'jetonomy_sidecar_notifications';

	/**
	 * Jetonomy's user meta that stops all mail.
	 */
	public const OPT_OUT_META = 'jetonomy_email_opt_out';

	/**
	 * Whether a switch is on: by the member's choice, else by the site's default, else on.
	 *
	 * @param int    $user_id The member.
	 * @param string $name    WEB, EMAIL or TEXT.
	 */
	public function is_on( int $user_id, string $name ): bool {
		$choices = $this->choices( $user_id ) + $this->jetonomy_choices( $user_id );

		if ( isset( $choices[ $name ] ) ) {
			return 1 === $choices[ $name ];
		}

		$settings = get_option( 'jetonomy_settings', array() );

		return (bool) ( is_array( $settings ) ? ( $settings['notification_defaults'][ self::TYPE ][ $name ] ?? true ) : true );
	}

	/**
	 * Whether the member wants no mail at all.
	 *
	 * @param int $user_id The member.
	 */
	public function has_opted_out( int $user_id ): bool {
		return (bool) get_user_meta( $user_id, self::OPT_OUT_META, true );
	}

	/**
	 * Keeps choices. Switches that are not named stay as they are.
	 *
	 * @param int   $user_id The member, who made the choice.
	 * @param array $chosen  Anything that is true or false by name; other names are ignored.
	 */
	public function choose( int $user_id, array $chosen ): void {
		$choices = $this->choices( $user_id ) + $this->jetonomy_choices( $user_id );

		foreach ( array( self::WEB, self::EMAIL, self::TEXT ) as $name ) {
			if ( isset( $chosen[ $name ] ) && is_scalar( $chosen[ $name ] ) ) {
				$choices[ $name ] = rest_sanitize_boolean( $chosen[ $name ] ) ? 1 : 0;
			}
		}

		if ( array() !== $choices ) {
			update_user_meta( $user_id, self::META, $choices );
		}
	}

	/**
	 * What the member has chosen here.
	 *
	 * @param int $user_id The member.
	 * @return int[] 1 or 0 by name.
	 */
	private function choices( int $user_id ): array {
		return self::switches( get_user_meta( $user_id, self::META, true ) );
	}

	/**
	 * What Jetonomy's profile says about this type.
	 *
	 * @param int $user_id The member.
	 * @return int[] 1 or 0 by name.
	 */
	private function jetonomy_choices( int $user_id ): array {
		if ( ! method_exists( UserProfile::class, 'find_by_user' ) ) {
			return array();
		}

		$settings = json_decode( (string) ( UserProfile::find_by_user( $user_id )->settings ?? '' ), true );

		return self::switches( is_array( $settings ) ? ( $settings['notifications'][ self::TYPE ] ?? null ) : null );
	}

	/**
	 * Switches of a stored value.
	 *
	 * @param mixed $stored Anything.
	 * @return int[] 1 or 0 by name.
	 */
	private static function switches( mixed $stored ): array {
		$known = array_intersect_key( is_array( $stored ) ? $stored : array(), array_flip( array( self::WEB, self::EMAIL, self::TEXT ) ) );

		return array_map( static fn( $value ): int => empty( $value ) ? 0 : 1, $known );
	}
}
