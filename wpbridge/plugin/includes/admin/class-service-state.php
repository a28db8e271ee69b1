<?php
/**
 * What is known of the sidecar.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * One answer to the call 'status', or the lack of one. Decides nothing and asks nobody.
 */
final class Service_State {

	/**
	 * Use from_answer() and from_array().
	 *
	 * @param int   $seen_at    Unix seconds by this server's clock.
	 * @param array $answer     The sidecar's answer; array() where there was none.
	 * @param array $error      Keys code, status, time, reason of what came instead; array() where there was an answer.
	 * @param bool  $is_enabled Whether WordPress had the extension switched on at that time.
	 */
	private function __construct(
		private readonly int $seen_at,
		private readonly array $answer,
		private readonly array $error,
		private readonly bool $is_enabled
	) {}

	/**
	 * The state that a call to 'status' shows.
	 *
	 * @param array|WP_Error $answer     What Operator_Client::status() returned.
	 * @param int            $seen_at    When it came, Unix seconds.
	 * @param bool           $is_enabled Whether WordPress has the extension switched on.
	 */
	public static function from_answer( array|WP_Error $answer, int $seen_at, bool $is_enabled ): self {
		if ( ! is_wp_error( $answer ) ) {
			return new self( $seen_at, $answer, array(), $is_enabled );
		}

		$data = (array) $answer->get_error_data();

		return new self(
			$seen_at,
			array(),
			array(
				'code'   => (string) $answer->get_error_code(),
				'status' => (int) ( $data['status'] ?? 0 ),
				'time'   => (int) ( $data['time'] ?? 0 ),
				'reason' => (string) ( $data['reason'] ?? '' ),
			),
			$is_enabled
		);
	}

	/**
	 * What to_array() wrote, or null where it is something else.
	 *
	 * @param mixed $value Anything.
	 */
	public static function from_array( mixed $value ): ?self {
		return is_array( $value ) && is_int( $value['seen_at'] ?? null ) && is_array( $value['answer'] ?? null ) && is_array( $value['error'] ?? null ) && is_bool( $value['is_enabled'] ?? null )
			? new self( $value['seen_at'], $value['answer'], $value['error'], $value['is_enabled'] )
			: null;
	}

	/**
	 * For storing.
	 */
	public function to_array(): array {
		return array(
			'seen_at'    => $this->seen_at,
			'answer'     => $this->answer,
			'error'      => $this->error,
			'is_enabled' => $this->is_enabled,
		);
	}

	/**
	 * Seconds since it was seen.
	 */
	public function age(): int {
		return max( 0, time() - $this->seen_at );
	}

	/**
	 * Whether the sidecar answered a signed call.
	 */
	public function answers(): bool {
		return array() === $this->error;
	}

	/**
	 * Why it did not: an error code of Operator_Client, or ''.
	 */
	public function error_code(): string {
		return (string) ( $this->error['code'] ?? '' );
	}

	/**
	 * What the HTTP client said of it, in English; '' for nothing.
	 */
	public function error_reason(): string {
		return (string) ( $this->error['reason'] ?? '' );
	}

	/**
	 * The sidecar's version; '' where it is not known.
	 */
	public function version(): string {
		return (string) ( $this->answer['version'] ?? '' );
	}

	/**
	 * The site it serves; '' where it is not known.
	 */
	public function site(): string {
		return untrailingslashit( (string) ( $this->answer['site'] ?? '' ) );
	}

	/**
	 * Whether WordPress had the extension switched on.
	 */
	public function is_enabled(): bool {
		return $this->is_enabled;
	}

	/**
	 * Whether the sidecar took the extension to be switched the other way than WordPress did.
	 */
	public function differs(): bool {
		$on = $this->answer['extension_on'] ?? null;

		return is_bool( $on ) && $on !== $this->is_enabled;
	}

	/**
	 * Seconds by which the sidecar's clock is ahead of this server's; null where it is not known. Exact to
	 * about two seconds.
	 */
	public function clock_difference(): ?int {
		$time = (int) ( $this->answer['time'] ?? $this->error['time'] ?? 0 );

		return $time > 0 ? $time - $this->seen_at : null;
	}

	/**
	 * Events that wait for WordPress.
	 */
	public function pending(): int {
		return (int) $this->outbox( 'pending' );
	}

	/**
	 * Events that WordPress fails on and that are tried again.
	 */
	public function failing(): int {
		return (int) $this->outbox( 'failing' );
	}

	/**
	 * Events that were given up.
	 */
	public function parked(): int {
		return (int) $this->outbox( 'parked' );
	}

	/**
	 * Whether there are events that can be tried again at once.
	 */
	public function has_failed_events(): bool {
		return $this->failing() > 0 || $this->parked() > 0;
	}

	/**
	 * Seconds for which the oldest event has waited.
	 */
	public function oldest_seconds(): int {
		return (int) $this->outbox( 'oldest_seconds' );
	}

	/**
	 * When WordPress last took an event, Unix seconds; 0 for never, or not known.
	 */
	public function last_delivered_at(): int {
		return (int) $this->outbox( 'last_delivered_at' );
	}

	/**
	 * What the last failed delivery said, in English; '' for none.
	 */
	public function last_error(): string {
		return (string) $this->outbox( 'last_error' );
	}

	/**
	 * Members whose erasure waits for a legal hold; 0 where it is not known.
	 */
	public function held_erasures(): int {
		return max( 0, (int) ( $this->answer['erasures_held'] ?? 0 ) );
	}

	/**
	 * A number or text about the events; null where it is not known.
	 *
	 * @param string $name Its name.
	 */
	private function outbox( string $name ): int|float|string|null {
		$value = $this->answer['outbox'][ $name ] ?? null;

		return is_scalar( $value ) && ! is_bool( $value ) ? $value : null;
	}
}
