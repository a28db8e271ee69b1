<?php
/**
 * Judges how the sidecar is.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Signing_Key;
use Jetonomy_Sidecar\Privacy\User_Deletion;
use Jetonomy_Sidecar\Settings;

defined( 'ABSPATH' ) || exit;

/**
 * What is right or wrong, and what to do about it, in the owner's words. Asks nobody: it is given what was
 * seen. Each check returns
 *
 *     array( 'status' => 'good' | 'recommended' | 'critical', 'label' => a line, 'text' => list of paragraphs )
 *
 * as plain text: whoever prints it escapes it.
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
	 * Seconds for which a deleted user may wait for the erasure before something is wrong.
	 */
	private const ERASURE_PATIENCE = 900;

	/**
	 * Constructor.
	 *
	 * @param Settings $settings Knows where the sidecar is.
	 * @param Keys     $keys     The keys.
	 */
	public function __construct( private readonly Settings $settings, private readonly Keys $keys ) {}

	/**
	 * Whether the sidecar answers, and for this site.
	 *
	 * @param Service_State $state What was seen.
	 */
	public function reachable( Service_State $state ): array {
		$address = $this->settings->sidecar_url();
		$home    = untrailingslashit( (string) get_option( 'home' ) );

		if ( ! $state->answers() ) {
			return self::result(
				'critical',
				__( 'The sidecar does not answer, so private messages do not work', 'jetonomy-sidecar' ),
				$this->explain_silence( $state ),
				'' === $state->error_reason()
					? ''
					/* translators: %s: an error message in English. */
					: sprintf( __( 'The connection failed with: %s', 'jetonomy-sidecar' ), $state->error_reason() ),
				__( 'What members write while it is down stays in their browser; nothing that was sent is lost.', 'jetonomy-sidecar' )
			);
		}

		if ( '' !== $state->site() && $state->site() !== $home ) {
			return self::result(
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

		return self::result(
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
	public function explain_silence( Service_State $state ): string {
		$address = $this->settings->sidecar_url();

		switch ( $state->error_code() ) {
			case 'jetonomy_sidecar_no_key':
				return __( 'There is no key to sign calls with, because the database did not store one. Look at the database’s free space and rights, then deactivate and activate the plugin.', 'jetonomy-sidecar' );

			case 'jetonomy_sidecar_failed':
				/* translators: %s: address of the sidecar. */
				return sprintf( __( 'The sidecar at %s answers that it cannot work now. Look at its log: most often the database does not answer it.', 'jetonomy-sidecar' ), $address );

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
			return self::unknown( __( 'The sidecar’s version is not known', 'jetonomy-sidecar' ) );
		}

		if ( JETONOMY_SIDECAR_VERSION === $state->version() ) {
			return self::result(
				'good',
				__( 'The sidecar and its plugin have the same version', 'jetonomy-sidecar' ),
				/* translators: %s: a version. */
				sprintf( __( 'Both are version %s.', 'jetonomy-sidecar' ), JETONOMY_SIDECAR_VERSION )
			);
		}

		return self::result(
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

		if ( null === $difference ) {
			return self::unknown( __( 'The sidecar’s clock is not known', 'jetonomy-sidecar' ) );
		}

		if ( abs( $difference ) <= self::CLOCK_TOLERANCE ) {
			return self::result(
				'good',
				__( 'The clocks of WordPress and the sidecar agree', 'jetonomy-sidecar' ),
				__( 'Sign-ins and calls between the two are valid for a short time only, so their clocks must agree. They do.', 'jetonomy-sidecar' )
			);
		}

		return self::result(
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
			return self::result(
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
			return self::result(
				'critical',
				__( 'There is no key for signing members in to their messages', 'jetonomy-sidecar' ),
				__( 'Deactivate and activate the plugin: activation makes a key. If it is missing afterwards, the database does not store it.', 'jetonomy-sidecar' )
			);
		}

		return self::result(
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
			return self::unknown( __( 'Whether events wait for WordPress is not known', 'jetonomy-sidecar' ) );
		}

		/* translators: %s: an error message in English. */
		$reason = '' === $state->last_error() ? '' : sprintf( __( 'The last error was: %s', 'jetonomy-sidecar' ), $state->last_error() );

		if ( $state->parked() > 0 ) {
			return self::result(
				'recommended',
				sprintf(
					/* translators: %s: number of events. */
					_n( '%s event about private messages was given up', '%s events about private messages were given up', $state->parked(), 'jetonomy-sidecar' ),
					number_format_i18n( $state->parked() )
				),
				__( 'WordPress failed on them ten times over a day, so their notifications, mails and hooks did not happen. The messages themselves arrived.', 'jetonomy-sidecar' ),
				$reason,
				__( 'Most often a plugin that listens to messages has an error; this site’s PHP error log names it. Remove the cause, then try again.', 'jetonomy-sidecar' )
			);
		}

		if ( $state->oldest_seconds() > self::EVENT_PATIENCE ) {
			return self::result(
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

		return self::result(
			'good',
			__( 'WordPress is told of new private messages', 'jetonomy-sidecar' ),
			__( 'Notifications, mails and hooks follow the messages without delay.', 'jetonomy-sidecar' )
		);
	}

	/**
	 * Whether the messages of deleted users are erased, in time, and who waits for a legal hold.
	 *
	 * @param array<int, int> $waiting When each deleted user who is not erased yet was deleted, in Unix seconds, by user id.
	 * @param Service_State   $state   What was seen.
	 */
	public function erasures( array $waiting, Service_State $state ): array {
		$held = $this->held( $state->held_erasures() );

		if ( array() === $waiting ) {
			return self::result(
				'good',
				'' === $held ? __( 'The private messages of deleted users are erased', 'jetonomy-sidecar' ) : __( 'The private messages of deleted users are erased, except for what waits for a legal hold', 'jetonomy-sidecar' ),
				'' === $held ? __( 'No deleted user waits for it.', 'jetonomy-sidecar' ) : $held,
				$state->answers() ? '' : __( 'Whether a legal hold keeps something of them cannot be seen while the sidecar does not answer.', 'jetonomy-sidecar' )
			);
		}

		$age   = max( 0, time() - min( $waiting ) );
		$count = number_format_i18n( count( $waiting ) );

		if ( $age <= self::ERASURE_PATIENCE ) {
			return self::result(
				'good',
				__( 'The private messages of deleted users are being erased', 'jetonomy-sidecar' ),
				sprintf(
					/* translators: %s: number of users. */
					_n( '%s deleted user is not erased yet. This takes some minutes at most.', '%s deleted users are not erased yet. This takes some minutes at most.', count( $waiting ), 'jetonomy-sidecar' ),
					$count
				),
				$held
			);
		}

		return self::result(
			'recommended',
			sprintf(
				/* translators: %s: number of users. */
				_n( 'The private messages of %s deleted user are not erased yet', 'The private messages of %s deleted users are not erased yet', count( $waiting ), 'jetonomy-sidecar' ),
				$count
			),
			/* translators: %s: a span of time. */
			sprintf( __( 'With a user, the text of their private messages is to go. This has been waiting for %s.', 'jetonomy-sidecar' ), human_time_diff( 0, $age ) ),
			$state->answers()
				? sprintf(
					/* translators: 1: name of a constant, 2: name of a file, 3: a command. */
					__( 'WordPress’s scheduled events do it, so make sure that they run: where %1$s is set, the server has to call %2$s every few minutes. To go on at once, run %3$s.', 'jetonomy-sidecar' ),
					'DISABLE_WP_CRON',
					'wp-cron.php',
					'wp cron event run ' . User_Deletion::CRON
				)
				: __( 'The sidecar does not answer. Make it answer first; WordPress then goes on by itself, within an hour.', 'jetonomy-sidecar' ),
			$held
		);
	}

	/**
	 * What is to be said of erasures that wait for a legal hold; '' for nothing.
	 *
	 * @param int $count Members.
	 */
	private function held( int $count ): string {
		return 0 === $count ? '' : sprintf(
			/* translators: %s: number of members. */
			_n( 'What %s erased member wrote in conversations under a legal hold waits for the hold to be lifted; within a minute of that, the sidecar erases it by itself.', 'What %s erased members wrote in conversations under a legal hold waits for the holds to be lifted; within a minute of that, the sidecar erases it by itself.', $count, 'jetonomy-sidecar' ),
			number_format_i18n( $count )
		);
	}

	/**
	 * Whether requests that carry a token reach the sidecar without PHP.
	 *
	 * @param bool|null $is_direct What Fast_Path_Probe saw.
	 */
	public function fast_path( ?bool $is_direct ): array {
		if ( true === $is_direct ) {
			return self::result(
				'good',
				__( 'The web server passes private messages straight to the sidecar', 'jetonomy-sidecar' ),
				__( 'Such a request costs no PHP.', 'jetonomy-sidecar' )
			);
		}

		if ( false === $is_direct ) {
			return self::result(
				'recommended',
				__( 'Private messages take the way through PHP', 'jetonomy-sidecar' ),
				__( 'Everything works, but each request starts WordPress first, which is many times slower.', 'jetonomy-sidecar' ),
				/* translators: %s: name of a file. */
				sprintf( __( 'If the web server is nginx, include the file %s that comes with the sidecar, and reload nginx.', 'jetonomy-sidecar' ), 'nginx-fast-path.conf' )
			);
		}

		return self::result(
			'recommended',
			__( 'Whether private messages take the fast way could not be seen', 'jetonomy-sidecar' ),
			__( 'The site could not reach itself at its own address, so this cannot be tried from here. Core’s test of loopback requests on this page says more.', 'jetonomy-sidecar' )
		);
	}

	/**
	 * The result of a check that needs the sidecar's answer, without one.
	 *
	 * @param string $label What is not known.
	 */
	private static function unknown( string $label ): array {
		return self::result( 'recommended', $label, __( 'The sidecar does not answer. Make it answer first, then look again.', 'jetonomy-sidecar' ) );
	}

	/**
	 * A result.
	 *
	 * @param string $status  One of 'good', 'recommended' and 'critical'.
	 * @param string $label   A line.
	 * @param string ...$text Paragraphs; '' for none.
	 */
	private static function result( string $status, string $label, string ...$text ): array {
		return array(
			'status' => $status,
			'label'  => $label,
			'text'   => array_values( array_filter( $text, 'strlen' ) ),
		);
	}
}
