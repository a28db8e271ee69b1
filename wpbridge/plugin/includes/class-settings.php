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
 * absent, or whose value is out of its range, has its default. The sidecar (messaging/settings.go) reads the
 * same option with the same defaults and ranges, and applies all rules; both are tested against the vectors in
 * wpbridge/testdata/vectors.json.
 */
final class Settings {

	/**
	 * The option: an array of some of the keys of DEFAULTS. Nothing writes it before a setting is saved.
	 */
	public const OPTION = 'jetonomy_sidecar_settings';

	/**
	 * Every key with its default; the numbers' ranges are in RANGES:
	 *
	 * - min_trust_level: trust level from which a member may start conversations and send.
	 * - reply_below_trust: 1 lets a member under that level reply where somebody wrote to them.
	 * - recipient_scope: 'anyone', or 'shared_space' for members who share a space with the sender.
	 * - group_limit: participants of a group at most, its creator included.
	 * - message_length: characters of a message at most.
	 * - messages_per_minute (0 for no limit): messages that one member may send.
	 * - conversations_per_day (0 for no limit): conversations that one member may start.
	 * - email_delay (0 for no mail): minutes after which an unread message is told by mail.
	 * - mail_text: 0 keeps the messages' text out of mails.
	 * - retention_months (0 for never): months without a message after which a conversation is deleted.
	 * - delete_on_uninstall: 1 deletes all messages with the plugin.
	 * - trust_without_jetonomy: everybody's trust level on a site without Jetonomy's tables.
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
	 * The least and the greatest value of every number.
	 */
	public const RANGES = array(
		'min_trust_level'        => array( 0, 5 ),
		'reply_below_trust'      => self::SWITCH,
		'group_limit'            => array( 3, 20 ),
		'message_length'         => array( 1, 10000 ),
		'messages_per_minute'    => array( 0, 10000 ),
		'conversations_per_day'  => array( 0, 100000 ),
		'email_delay'            => array( 0, 1440 ),
		'mail_text'              => self::SWITCH,
		'retention_months'       => array( 0, 120 ),
		'delete_on_uninstall'    => self::SWITCH,
		'trust_without_jetonomy' => array( 0, 5 ),
	);

	/**
	 * What recipient_scope can be.
	 */
	public const SCOPES = array( 'anyone', 'shared_space' );

	/**
	 * The range of what is on or off.
	 */
	private const SWITCH = array( 0, 1 );

	/**
	 * All settings, defaults filled in, each of its default's type and within its range.
	 *
	 * @return array Keys as in DEFAULTS, no others.
	 */
	public function all(): array {
		return self::read( get_option( self::OPTION, array() ) );
	}

	/**
	 * The settings that a value of the option stands for.
	 *
	 * @param mixed $stored The option's value.
	 * @return array As of all().
	 */
	public static function read( mixed $stored ): array {
		$all    = self::DEFAULTS;
		$stored = is_array( $stored ) ? array_intersect_key( $stored, $all ) : array();

		foreach ( array_filter( $stored, 'is_scalar' ) as $key => $value ) {
			$all[ $key ] = self::parse( $key, (string) $value ) ?? $all[ $key ];
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
	 * A value as it was stored, or null where the key cannot have it. The sidecar reads the option as texts, too.
	 *
	 * @param string $key  Key of DEFAULTS.
	 * @param string $text The value.
	 */
	private static function parse( string $key, string $text ): int|string|null {
		if ( 'recipient_scope' === $key ) {
			return in_array( $text, self::SCOPES, true ) ? $text : null;
		}

		if ( ! isset( self::RANGES[ $key ] ) ) {
			return $text;
		}

		if ( self::SWITCH === self::RANGES[ $key ] ) {
			return match ( $text ) {
				'1'     => 1,
				'0', '' => 0, // The empty text is PHP's false.
				default => null,
			};
		}

		list( $least, $greatest ) = self::RANGES[ $key ];

		return preg_match( '/^[+-]?\d+$/D', $text ) && (int) $text >= $least && (int) $text <= $greatest ? (int) $text : null;
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
