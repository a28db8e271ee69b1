<?php
/**
 * Handles a batch of events.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Events;

use Throwable;

defined( 'ABSPATH' ) || exit;

/**
 * Handles events one after the other, each once, and keeps their order within each conversation: behind an
 * event that could not be handled, those of its conversation wait. Whatever a listener of some other
 * plugin does (throws, prints, calls wp_die(), ends the process), the other events are not harmed by it.
 */
final class Event_Batch {

	/**
	 * What is said of an event that was not tried, because it is behind another one.
	 */
	public const WAITING = 'waiting';

	/**
	 * Seconds after which no further event is begun, and those that are left come again. The sidecar waits 30
	 * seconds for the answer.
	 */
	public const MAX_SECONDS = 15;

	/**
	 * Characters of an error at most.
	 */
	private const MAX_ERROR = 200;

	/**
	 * The event that is being handled, 0 for none.
	 *
	 * @var int
	 */
	private int $open = 0;

	/**
	 * Constructor.
	 *
	 * @param Handled_Events $handled     Remembers what was handled.
	 * @param Event_Handler  $handler     Does what an event asks for.
	 * @param int            $max_seconds Seconds after which no further event is begun.
	 */
	public function __construct(
		private readonly Handled_Events $handled,
		private readonly Event_Handler $handler,
		private readonly int $max_seconds = self::MAX_SECONDS
	) {}

	/**
	 * Handles events.
	 *
	 * @param Event[] $events The events, in order.
	 * @return array Results by the event's id: ok and, where that is false, error.
	 */
	public function handle( array $events ): array {
		$results = array();
		$stopped = array();
		$end     = time() + $this->max_seconds;

		register_shutdown_function( array( $this, 'release_open' ) );
		ignore_user_abort( true );

		foreach ( $events as $event ) {
			$must_wait = time() >= $end || ( 0 !== $event->conversation_id && isset( $stopped[ $event->conversation_id ] ) );
			$error     = $must_wait ? self::WAITING : $this->handle_one( $event );

			$results[ $event->id ] = array( 'ok' => null === $error );

			if ( null !== $error ) {
				$results[ $event->id ]['error']     = $error;
				$stopped[ $event->conversation_id ] = true;
			}
		}

		return $results;
	}

	/**
	 * Gives back an event in the middle of which the process ended. Called when it does.
	 */
	public function release_open(): void {
		if ( 0 !== $this->open ) {
			$this->handler->interrupt();
			$this->handled->release( $this->open );
			$this->open = 0;
		}
	}

	/**
	 * Replaces what wp_die() does while an event is handled. Called by WordPress.
	 *
	 * @return callable
	 */
	public function die_handler(): callable {
		return static function (): void {
			throw new Event_Failure( 'a listener called wp_die()' );
		};
	}

	/**
	 * Handles one event, unless it was handled before.
	 *
	 * @param Event $event The event.
	 * @return string|null Why it could not be handled.
	 */
	private function handle_one( Event $event ): ?string {
		try {
			switch ( $this->handled->claim( $event->id ) ) {
				case Handled_Events::DONE:
					return null;

				case Handled_Events::BUSY:
					return self::WAITING;
			}

			$this->open = $event->id;

			$this->guarded( $event );
			$this->handled->finish( $event->id );

			$this->open = 0;

			return null;
		} catch ( Throwable $e ) {
			try {
				$this->release_open();
			} catch ( Event_Failure $failure ) {
				$this->open = 0; // It looks as if somebody were at it, and is tried again later.
			}

			return self::describe( $e );
		}
	}

	/**
	 * Handles an event with listeners held off from the answer.
	 *
	 * @param Event $event The event.
	 * @throws Throwable Whatever a listener throws.
	 */
	private function guarded( Event $event ): void {
		$die   = array( $this, 'die_handler' );
		$hooks = array( 'wp_die_handler', 'wp_die_json_handler', 'wp_die_xml_handler' );
		$level = ob_get_level();

		ob_start();
		array_map( static fn( string $hook ) => add_filter( $hook, $die, PHP_INT_MAX ), $hooks );

		try {
			$this->handler->handle( $event );
		} finally {
			array_map( static fn( string $hook ) => remove_filter( $hook, $die, PHP_INT_MAX ), $hooks );

			while ( ob_get_level() > $level ) {
				ob_end_clean();
			}
		}
	}

	/**
	 * A failure in words that can be shown. What a listener of some other plugin says may quote the message
	 * it was about, so of its exceptions only kind and place are told.
	 *
	 * @param Throwable $e The failure.
	 */
	private static function describe( Throwable $e ): string {
		$text = $e instanceof Event_Failure
			? $e->getMessage()
			: sprintf( '%s in %s:%d', preg_replace( '/@anonymous.*$/s', '', get_class( $e ) ), self::short_path( $e->getFile() ), $e->getLine() );

		return mb_substr( $text, 0, self::MAX_ERROR );
	}

	/**
	 * A file's path below the folder of plugins, or of WordPress.
	 *
	 * @param string $file Its path.
	 */
	private static function short_path( string $file ): string {
		$file = wp_normalize_path( $file );

		foreach ( array( WP_PLUGIN_DIR, WP_CONTENT_DIR, ABSPATH ) as $folder ) {
			$folder = trailingslashit( wp_normalize_path( $folder ) );

			if ( str_starts_with( $file, $folder ) ) {
				return substr( $file, strlen( $folder ) );
			}
		}

		return basename( $file );
	}
}
