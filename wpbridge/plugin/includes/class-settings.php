<?php
/**
 * The settings.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar;

defined( 'ABSPATH' ) || exit;

/**
 * Reads the option jetonomy_sidecar_settings, which holds only what somebody changed: a key that is
 * absent has its default. The sidecar reads the same option with the same defaults, and applies all
 * rules; the plugin itself needs only the sidecar's address.
 */
final class Settings {

	/**
	 * The option: an array of some of the keys of DEFAULTS. Nothing writes it before a setting is saved.
	 */
	public const OPTION = 'jetonomy_sidecar_settings';

	/**
	 * Every key with its default:
	 *
	 * - min_trust_level (0 to 5): trust level from which a member may start conversations and send.
	 * - reply_below_trust (0 or 1): 1 lets a member under that level reply where somebody wrote to them.
	 * - recipient_scope: 'anyone', or 'shared_space' for members who share a space with the sender.
	 * - group_limit (3 to 20): participants of a group at most, its creator included.
	 * - message_length: characters of a message at most.
	 * - messages_per_minute (0 for no limit): messages that one member may send.
	 * - conversations_per_day (0 for no limit): conversations that one member may start.
	 * - email_delay (0 to 1440, 0 for no mail): minutes after which an unread message is told by mail.
	 * - mail_text (0 or 1): 0 keeps the messages' text out of mails.
	 * - retention_months (0 to 120, 0 for never): months without a message after which a conversation is deleted.
	 * - delete_on_uninstall (0 or 1): 1 deletes all messages with the plugin.
	 * - trust_without_jetonomy (0 to 5): everybody's trust level on a site without Jetonomy's tables.
	 * - sidecar_url: where the sidecar listens, as this server reaches it; see sidecar_url().
	 */
	public const DEFAULTS = array(
		'min_trust_level'        => 1,
		'reply_below_trust'      => 0,
		'recipient_scope'        => 'anyone',
		'group_limit'            => 20,
		'message_length'         => 10000,
		'messages_per_minute'    => 60,
		'conversations_per_day'  => 100,
		'email_delay'            => 5,
		'mail_text'              => 1,
		'retention_months'       => 0,
		'delete_on_uninstall'    => 0,
		'trust_without_jetonomy' => 1,
		'sidecar_url'            => 'http://127.0.0.1:8787',
	);

	/**
	 * All settings, defaults filled in, each of its default's type.
	 *
	 * @return array Keys as in DEFAULTS, no others.
	 */
	public function all(): array {
		$stored = get_option( self::OPTION, array() );
		$all    = self::DEFAULTS;

		foreach ( is_array( $stored ) ? array_intersect_key( $stored, $all ) : array() as $key => $value ) {
			if ( is_scalar( $value ) ) {
				$all[ $key ] = is_int( $all[ $key ] ) ? (int) $value : (string) $value;
			}
		}

		return $all;
	}

	/**
	 * Stores some settings. What is as by default is not stored, and what is not named stays.
	 *
	 * @param array $values Values by key, within their ranges.
	 */
	public function save( array $values ): void {
		$stored = get_option( self::OPTION, array() );
		$stored = is_array( $stored ) ? $stored : array();

		foreach ( array_intersect_key( $values, self::DEFAULTS ) as $key => $value ) {
			if ( self::DEFAULTS[ $key ] === $value ) {
				unset( $stored[ $key ] );
			} else {
				$stored[ $key ] = $value;
			}
		}

		if ( array() === $stored ) {
			delete_option( self::OPTION );
		} else {
			update_option( self::OPTION, $stored );
		}
	}

	/**
	 * The sidecar's base URL, without a trailing slash: the constant JETONOMY_SIDECAR_URL, else the
	 * environment variable of that name, else the setting, else the default.
	 */
	public function sidecar_url(): string {
		$forced = defined( 'JETONOMY_SIDECAR_URL' ) ? constant( 'JETONOMY_SIDECAR_URL' ) : getenv( 'JETONOMY_SIDECAR_URL' );
		$url    = is_string( $forced ) && '' !== $forced ? $forced : $this->all()['sidecar_url'];

		return untrailingslashit( '' !== $url ? $url : self::DEFAULTS['sidecar_url'] );
	}

	/**
	 * Where this server reaches its own web server, if that is not the site's address, without a trailing slash;
	 * '' for the site's address. The constant JETONOMY_SIDECAR_PROBE_URL, else the environment variable of that
	 * name.
	 */
	public function probe_url(): string {
		$forced = defined( 'JETONOMY_SIDECAR_PROBE_URL' ) ? constant( 'JETONOMY_SIDECAR_PROBE_URL' ) : getenv( 'JETONOMY_SIDECAR_PROBE_URL' );

		return is_string( $forced ) ? untrailingslashit( $forced ) : '';
	}
}
