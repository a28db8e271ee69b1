<?php
/**
 * Judges how the sidecar is.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Signing_Key;
use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Settings;

defined( 'ABSPATH' ) || exit;

/**
 * What is right or wrong, and what to do about it, in the owner's words. Asks nobody: it is given what was
 * seen. Each check returns a Check_Result.
 */
final class Health_Checks {

	/**
	 * Seconds between the clocks from which tokens may be refused.
	 */
	private const CLOCK_TOLERANCE = 30;

	/**
	 * Seconds for which an event may wait before something is wrong.
	 */
	private const EVENT_PATIENCE = 300;

	/**
	 * Constructor.
	 *
	 * @param Settings $settings Knows where the sidecar is.
	 * @param Keys     $keys     The keys.
	 */
	public function __construct( private readonly Settings $settings, private readonly Keys $keys ) {}

	/**
	 * What there is to say while the extension is off.
	 *
	 * @param Service_State $state What was seen.
	 */
	public function not_enabled( Service_State $state ): array {
		return $state->differs() ? $this->reachable( $state ) : Check_Result::of(
			'good',
			__( 'Private Messaging is not enabled', 'jetonomy-sidecar' ),
			__( 'The sidecar is not needed for as long. What there is of messages is kept.', 'jetonomy-sidecar' )
		);
	}

	/**
	 * Whether the sidecar answers, for this site, and takes the extension to be switched as it is.
	 *
	 * @param Service_State $state What was seen.
	 */
	public function reachable( Service_State $state ): array {
		$address = $this->settings->sidecar_url();
		$home    = untrailingslashit( (string) get_option( 'home' ) );

		if ( ! $state->answers() ) {
			return Check_Result::of(
				$state->is_enabled() ? 'critical' : 'recommended',
				$state->is_enabled()
					? __( 'The sidecar does not answer, so private messages do not work', 'jetonomy-sidecar' )
					: __( 'The sidecar does not answer', 'jetonomy-sidecar' ),
				$this->explain_silence( $state ),
				'' === $state->error_reason()
					? ''
					/* translators: %s: an error message in English. */
					: sprintf( __( 'The connection failed with: %s', 'jetonomy-sidecar' ), $state->error_reason() ),
				$state->is_enabled() ? __( 'What members write while it is down stays in their browser; nothing that was sent is lost.', 'jetonomy-sidecar' ) : ''
			);
		}

		if ( '' !== $state->site() && $state->site() !== $home ) {
			return Check_Result::of(
				'critical',
				__( 'The sidecar serves another address than this site’s', 'jetonomy-sidecar' ),
				sprintf(
					/* translators: 1: address the sidecar serves, 2: this site's address, 3: name of an environment variable. */
					__( 'The sidecar takes members of %1$s, and this site is %2$s, so it refuses this site’s members. Start it with this site’s wp-config.php, or correct %3$s if it is set.', 'jetonomy-sidecar' ),
					$state->site(),
					$home,
					'SIDECAR_SITE_URL'
				)
			);
		}

		if ( $state->differs() ) {
			return Check_Result::of(
				'critical',
				$state->is_enabled()
					? __( 'The sidecar takes Private Messaging to be switched off, so private messages do not work', 'jetonomy-sidecar' )
					: __( 'The sidecar takes Private Messaging to be switched on, and goes on serving messages', 'jetonomy-sidecar' ),
				sprintf(
					/* translators: 1: name of an option, 2: a command. */
					__( 'It reads the option %1$s from the database every few seconds, and finds it in the other position there. Either it works on another database or table prefix than this site: start it with this site’s wp-config.php. Or WordPress has an old value in its object cache: clear that (%2$s).', 'jetonomy-sidecar' ),
					Extension_Switch::OPTION,
					'wp cache flush'
				)
			);
		}

		return Check_Result::of(
			'good',
			__( 'The sidecar answers', 'jetonomy-sidecar' ),
			/* translators: %s: address of the sidecar. */
			sprintf( __( 'The service that keeps the private messages answers at %s.', 'jetonomy-sidecar' ), $address )
		);
	}

	/**
	 * Why the sidecar does not answer and what to do, in one or two sentences.
	 *
	 * @param Service_State $state What was seen instead of an answer.
	 */
	private function explain_silence( Service_State $state ): string {
		$address = $this->settings->sidecar_url();

		switch ( $state->error_code() ) {
			case 'jetonomy_sidecar_no_key':
				return __( 'There is no key to sign calls with, because the database did not store one. Look at the database’s free space and rights, then deactivate and activate the plugin.', 'jetonomy-sidecar' );

			case 'jetonomy_sidecar_failed':
				/* translators: %s: address of the sidecar. */
				return sprintf( __( 'The sidecar at %s answers that it cannot work now. Look at its log: most often the database does not answer it.', 'jetonomy-sidecar' ), $address );

			case 'jetonomy_sidecar_no_tables':
				return sprintf(
					/* translators: %s: a command. */
					__( 'The sidecar’s tables are gone from the database. While Private Messaging is enabled it makes new ones within a minute: look again then. If they are still missing, its database user may not make tables, or only some of them are gone; its log says which. Run %s on its machine with a database user who may, or bring the tables back from a backup. The sidecar need not be restarted.', 'jetonomy-sidecar' ),
					'jetonomy-sidecar migrate'
				);

			case 'jetonomy_sidecar_refused':
				$difference = $state->clock_difference();

				if ( null !== $difference && abs( $difference ) > Signing_Key::MAX_SKEW ) {
					/* translators: %s: a span of time. */
					return sprintf( __( 'The clocks of this server and of the sidecar’s are %s apart, so the sidecar refuses all calls. Turn on time synchronization (NTP) on both.', 'jetonomy-sidecar' ), human_time_diff( 0, abs( $difference ) ) );
				}

				/* translators: %s: address of the sidecar. */
				return sprintf( __( 'Something answers at %s, but not to this site’s key. Start the sidecar with this site’s wp-config.php, in the version that belongs to this plugin; where a secret is configured, both need the same one.', 'jetonomy-sidecar' ), $address );

			default:
				return sprintf(
					/* translators: 1: address of the sidecar, 2: name of a constant, 3: name of a file. */
					__( 'Nothing answers at %1$s. Start the sidecar there; its log says why it stopped. If it listens at another address, set %2$s in %3$s.', 'jetonomy-sidecar' ),
					$address,
					'JETONOMY_SIDECAR_URL',
					'wp-config.php'
				);
		}
	}

	/**
	 * Whether the sidecar and the plugin are of one release.
	 *
	 * @param Service_State $state What was seen.
	 */
	public function same_version( Service_State $state ): array {
		if ( ! $state->answers() ) {
			return self::not_looked_at( __( 'The sidecar’s version was not looked at', 'jetonomy-sidecar' ) );
		}

		if ( JETONOMY_SIDECAR_VERSION === $state->version() ) {
			return Check_Result::of(
				'good',
				__( 'The sidecar and its plugin have the same version', 'jetonomy-sidecar' ),
				/* translators: %s: a version. */
				sprintf( __( 'Both are version %s.', 'jetonomy-sidecar' ), JETONOMY_SIDECAR_VERSION )
			);
		}

		return Check_Result::of(
			'recommended',
			__( 'The sidecar and its plugin have different versions', 'jetonomy-sidecar' ),
			sprintf(
				/* translators: 1: version of the sidecar, 2: version of the plugin. */
				__( 'The sidecar is version %1$s and the plugin is version %2$s. They are made for each other in one version, and what is newer in one may not work with the other.', 'jetonomy-sidecar' ),
				$state->version(),
				JETONOMY_SIDECAR_VERSION
			),
			version_compare( $state->version(), JETONOMY_SIDECAR_VERSION, '>' )
				/* translators: %s: a command. */
				? sprintf( __( 'Update the plugin: the command %s writes the one that belongs to the sidecar.', 'jetonomy-sidecar' ), 'jetonomy-sidecar plugin' )
				: __( 'Update the sidecar: install the newer program and restart it.', 'jetonomy-sidecar' )
		);
	}

	/**
	 * Whether the two clocks agree.
	 *
	 * @param Service_State $state What was seen.
	 */
	public function clock( Service_State $state ): array {
		$difference = $state->clock_difference();

		if ( null === $difference || ! $state->answers() ) {
			return self::not_looked_at( __( 'The sidecar’s clock was not looked at', 'jetonomy-sidecar' ) );
		}

		if ( abs( $difference ) <= self::CLOCK_TOLERANCE ) {
			return Check_Result::of(
				'good',
				__( 'The clocks of WordPress and the sidecar agree', 'jetonomy-sidecar' ),
				__( 'Sign-ins and calls between the two are valid for a short time only, so their clocks must agree. They do.', 'jetonomy-sidecar' )
			);
		}

		return Check_Result::of(
			abs( $difference ) > Signing_Key::MAX_SKEW ? 'critical' : 'recommended',
			__( 'The clocks of WordPress and the sidecar differ', 'jetonomy-sidecar' ),
			sprintf(
				$difference > 0
					/* translators: %s: a span of time. */
					? __( 'The sidecar’s clock is %s ahead of this server’s.', 'jetonomy-sidecar' )
					/* translators: %s: a span of time. */
					: __( 'The sidecar’s clock is %s behind this server’s.', 'jetonomy-sidecar' ),
				human_time_diff( 0, abs( $difference ) )
			),
			__( 'Members are signed out of their messages early, or not let in at all. Turn on time synchronization (NTP) on both machines.', 'jetonomy-sidecar' )
		);
	}

	/**
	 * Whether there is a key, and whether it is long enough.
	 */
	public function key_length(): array {
		if ( $this->keys->is_override_refused() ) {
			return Check_Result::of(
				'critical',
				__( 'The configured secret is too short', 'jetonomy-sidecar' ),
				sprintf(
					/* translators: 1: name of a constant, 2: number of bytes, 3: a command. */
					__( '%1$s has fewer than %2$d bytes, so it is refused. Set a longer one, the same for WordPress and the sidecar (for example from %3$s), or remove it.', 'jetonomy-sidecar' ),
					Keys::OVERRIDE,
					Signing_Key::MIN_BYTES,
					'openssl rand -hex 32'
				)
			);
		}

		if ( null === $this->keys->existing() ) {
			return Check_Result::of(
				'critical',
				__( 'There is no key for signing members in to their messages', 'jetonomy-sidecar' ),
				__( 'Deactivate and activate the plugin: activation makes a key. If it is missing afterwards, the database does not store it.', 'jetonomy-sidecar' )
			);
		}

		return Check_Result::of(
			'good',
			__( 'The key shared with the sidecar is long enough', 'jetonomy-sidecar' ),
			/* translators: %d: number of bytes. */
			sprintf( __( 'It has %d bytes or more.', 'jetonomy-sidecar' ), Signing_Key::MIN_BYTES )
		);
	}

	/**
	 * Whether WordPress is told of what happens, in time.
	 *
	 * @param Service_State $state What was seen.
	 */
	public function events( Service_State $state ): array {
		if ( ! $state->answers() ) {
			return self::not_looked_at( __( 'Whether events wait for WordPress was not looked at', 'jetonomy-sidecar' ) );
		}

		/* translators: %s: an error message in English. */
		$reason = '' === $state->last_error() ? '' : sprintf( __( 'The last error was: %s', 'jetonomy-sidecar' ), $state->last_error() );

		$advice = __( 'Most often a plugin that listens to messages has an error; this site’s PHP error log names it. Remove the cause, then try again.', 'jetonomy-sidecar' );

		if ( $state->parked() > 0 ) {
			return Check_Result::of(
				'recommended',
				sprintf(
					/* translators: %s: number of events. */
					_n( '%s event about private messages was given up', '%s events about private messages were given up', $state->parked(), 'jetonomy-sidecar' ),
					number_format_i18n( $state->parked() )
				),
				__( 'WordPress failed on them ten times over a day, so their notifications, mails and hooks did not happen. The messages themselves arrived.', 'jetonomy-sidecar' ),
				$reason,
				$advice
			);
		}

		if ( $state->failing() > 0 ) {
			return Check_Result::of(
				'recommended',
				sprintf(
					/* translators: %s: number of events. */
					_n( 'WordPress fails on %s event about private messages', 'WordPress fails on %s events about private messages', $state->failing(), 'jetonomy-sidecar' ),
					number_format_i18n( $state->failing() )
				),
				__( 'They are tried again by themselves, ten times over a day. Until then their notifications, mails and hooks wait, and those that come after them in the same conversations. The messages themselves have arrived.', 'jetonomy-sidecar' ),
				$reason,
				$advice
			);
		}

		if ( $state->oldest_seconds() > self::EVENT_PATIENCE ) {
			return Check_Result::of(
				'recommended',
				__( 'WordPress is not told of new private messages', 'jetonomy-sidecar' ),
				sprintf(
					/* translators: 1: number of events, 2: a span of time. */
					_n( '%1$s event waits, for %2$s.', '%1$s events wait, the oldest for %2$s.', $state->pending(), 'jetonomy-sidecar' ),
					number_format_i18n( $state->pending() ),
					human_time_diff( 0, $state->oldest_seconds() )
				),
				$reason,
				sprintf(
					/* translators: %s: name of an environment variable. */
					__( 'The sidecar cannot reach this site, or the site refuses it. If the site has another address inside the server’s network, give it to the sidecar as %s; if a firewall or a security plugin stands between, let the sidecar pass.', 'jetonomy-sidecar' ),
					'SIDECAR_WP_URL'
				)
			);
		}

		return Check_Result::of(
			'good',
			__( 'WordPress is told of new private messages', 'jetonomy-sidecar' ),
			__( 'Notifications, mails and hooks follow the messages without delay.', 'jetonomy-sidecar' )
		);
	}

	/**
	 * Whether requests that carry a token reach the sidecar without PHP.
	 *
	 * @param bool|null     $is_direct What Fast_Path_Probe saw.
	 * @param Service_State $state     What was seen of the sidecar.
	 */
	public function fast_path( ?bool $is_direct, Service_State $state ): array {
		if ( ! $state->answers() ) {
			return self::not_looked_at( __( 'Whether private messages take the fast way was not looked at', 'jetonomy-sidecar' ) );
		}

		if ( true === $is_direct ) {
			return Check_Result::of(
				'good',
				__( 'The web server passes private messages straight to the sidecar', 'jetonomy-sidecar' ),
				__( 'Such a request costs no PHP.', 'jetonomy-sidecar' )
			);
		}

		if ( false === $is_direct ) {
			return Check_Result::of(
				'recommended',
				__( 'Private messages take the way through PHP', 'jetonomy-sidecar' ),
				__( 'Everything works, but each request starts WordPress first, which is many times slower.', 'jetonomy-sidecar' ),
				/* translators: %s: name of a file. */
				sprintf( __( 'If the web server is nginx, include the file %s that comes with the sidecar, and reload nginx.', 'jetonomy-sidecar' ), 'nginx-fast-path.conf' )
			);
		}

		return Check_Result::of(
			'recommended',
			__( 'Whether private messages take the fast way could not be seen', 'jetonomy-sidecar' ),
			__( 'The site could not reach itself at its own address, so this cannot be tried from here. Core’s test of loopback requests on this page says more.', 'jetonomy-sidecar' ),
			sprintf(
				/* translators: 1: name of a constant, 2: name of a file. */
				__( 'Where the web server has another address for WordPress, as between containers, set %1$s to it in %2$s.', 'jetonomy-sidecar' ),
				'JETONOMY_SIDECAR_PROBE_URL',
				'wp-config.php'
			)
		);
	}

	/**
	 * The result of a check that needs the sidecar's answer, without one. That is a fault of its own, which
	 * reachable() tells; each further one would say the same again.
	 *
	 * @param string $label What is not known.
	 */
	private static function not_looked_at( string $label ): array {
		return Check_Result::of( 'good', $label, __( 'The sidecar does not answer. That is a problem with an entry of its own; when it is solved, this is looked at again.', 'jetonomy-sidecar' ) );
	}
}
