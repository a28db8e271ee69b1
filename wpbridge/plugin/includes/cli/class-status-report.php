<?php
/**
 * How everything stands.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Cli;

use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Signing_Key;
use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Privacy\Erasure_Queue;
use Jetonomy_Sidecar\Settings;

defined( 'ABSPATH' ) || exit;

/**
 * Puts together what the sidecar says of itself and what WordPress knows.
 */
final class Status_Report {

	/**
	 * Seconds that the clocks may differ without a warning.
	 */
	private const CLOCK_TOLERANCE = 30;

	/**
	 * Seconds that an event may wait without a warning.
	 */
	private const EVENT_TOLERANCE = 5 * MINUTE_IN_SECONDS;

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch   The switch.
	 * @param Keys             $keys     The keys.
	 * @param Settings         $settings The settings.
	 * @param Erasure_Queue    $erasures The deleted users who are still to be erased.
	 */
	public function __construct(
		private readonly Extension_Switch $switch,
		private readonly Keys $keys,
		private readonly Settings $settings,
		private readonly Erasure_Queue $erasures
	) {}

	/**
	 * Names and values. The names are for scripts and not translated.
	 *
	 * @param array $answer What the sidecar says; array() where it says nothing.
	 * @return array<int, array{name: string, value: bool|int|string}>
	 */
	public function rows( array $answer ): array {
		$outbox = (array) ( $answer['outbox'] ?? array() );
		$rows   = array();
		$values = array(
			'enabled'           => $this->switch->is_enabled() ? 'yes' : 'no',
			'sidecar_url'       => $this->settings->sidecar_url(),
			'reachable'         => array() === $answer ? 'no' : 'yes',
			'sidecar_version'   => (string) ( $answer['version'] ?? '' ),
			'plugin_version'    => JETONOMY_SIDECAR_VERSION,
			'sidecar_enabled'   => array() === $answer ? '' : ( empty( $answer['extension_on'] ) ? 'no' : 'yes' ),
			'site'              => (string) ( $answer['site'] ?? '' ),
			'clock_difference'  => isset( $answer['time'] ) ? (int) $answer['time'] - time() : '',
			'key'               => (string) $this->keys->existing()?->kid(),
			'previous_key'      => (string) $this->keys->previous()?->kid(),
			'events_pending'    => (string) ( $outbox['pending'] ?? '' ),
			'events_failing'    => (string) ( $outbox['failing'] ?? '' ),
			'events_parked'     => (string) ( $outbox['parked'] ?? '' ),
			'oldest_event'      => (string) ( $outbox['oldest_seconds'] ?? '' ),
			'last_delivered_at' => empty( $outbox['last_delivered_at'] ) ? '' : gmdate( 'Y-m-d\TH:i:s\Z', (int) $outbox['last_delivered_at'] ),
			'last_error'        => (string) ( $outbox['last_error'] ?? '' ),
			'erasures_pending'  => count( $this->erasures->all() ),
			'erasures_held'     => (string) ( $answer['erasures_held'] ?? '' ),
		);

		foreach ( $values as $name => $value ) {
			$rows[] = array(
				'name'  => $name,
				'value' => $value,
			);
		}

		return $rows;
	}

	/**
	 * What is to be done about.
	 *
	 * @param array $answer What the sidecar says.
	 * @return string[]
	 */
	public function warnings( array $answer ): array {
		$warnings = array();
		$outbox   = (array) ( $answer['outbox'] ?? array() );
		$version  = (string) ( $answer['version'] ?? '' );
		$site     = untrailingslashit( (string) ( $answer['site'] ?? '' ) );
		$home     = untrailingslashit( (string) get_option( 'home' ) );

		if ( '' !== $site && $site !== $home ) {
			/* translators: 1: URL, 2: URL. */
			$warnings[] = sprintf( __( 'The sidecar serves %1$s, and this site is %2$s. It refuses this site\'s members until it knows the right address (SIDECAR_SITE_URL, or the option home).', 'jetonomy-sidecar' ), $site, $home );
		}

		if ( is_bool( $answer['extension_on'] ?? null ) && $answer['extension_on'] !== $this->switch->is_enabled() ) {
			$warnings[] = sprintf(
				/* translators: 1: name of an option, 2: a command. */
				__( 'The sidecar takes private messages to be switched the other way than WordPress does. It reads the option %1$s from the database every few seconds: either it works on another database or table prefix than this site, or WordPress has an old value in its object cache ("%2$s" clears that).', 'jetonomy-sidecar' ),
				Extension_Switch::OPTION,
				'wp cache flush'
			);
		}

		if ( JETONOMY_SIDECAR_VERSION !== ltrim( $version, 'v' ) ) {
			/* translators: 1: version, 2: version, 3: a command. */
			$warnings[] = sprintf( __( 'The sidecar is version %1$s, the plugin %2$s. Update the older one; "%3$s" writes the plugin that belongs to a sidecar.', 'jetonomy-sidecar' ), $version, JETONOMY_SIDECAR_VERSION, 'jetonomy-sidecar plugin' );
		}

		if ( abs( (int) ( $answer['time'] ?? time() ) - time() ) > self::CLOCK_TOLERANCE ) {
			/* translators: %d: number of seconds. */
			$warnings[] = sprintf( __( 'The clocks of WordPress and the sidecar differ. From %d seconds on nothing works: let both be set by NTP.', 'jetonomy-sidecar' ), Signing_Key::MAX_SKEW );
		}

		if ( $this->keys->is_override_refused() ) {
			/* translators: 1: name of a constant, 2: number of bytes. */
			$warnings[] = sprintf( __( '%1$s is shorter than %2$d bytes and refused.', 'jetonomy-sidecar' ), Keys::OVERRIDE, Signing_Key::MIN_BYTES );
		}

		if ( (int) ( $outbox['parked'] ?? 0 ) > 0 ) {
			$warnings[] = __( 'WordPress failed on some events for a day, and they were put aside: see last_error, and Tools → Site Health to have them tried again.', 'jetonomy-sidecar' );
		} elseif ( (int) ( $outbox['failing'] ?? 0 ) > 0 ) {
			$warnings[] = __( 'WordPress fails on some events, which are tried again: see last_error. Most often a plugin that listens to messages has an error.', 'jetonomy-sidecar' );
		} elseif ( (int) ( $outbox['oldest_seconds'] ?? 0 ) > self::EVENT_TOLERANCE ) {
			/* translators: %s: address of the site. */
			$warnings[] = sprintf( __( 'Events wait for WordPress: can the sidecar reach %s? Where that address does not lead back to this server, give it another one as SIDECAR_WP_URL.', 'jetonomy-sidecar' ), $home );
		}

		return $warnings;
	}
}
