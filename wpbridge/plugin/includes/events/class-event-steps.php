<?php
/**
 * The steps of an event.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Events;

use Throwable;

defined( 'ABSPATH' ) || exit;

/**
 * Takes the steps of an event, each once: one that fails keeps none of the others back, and when the event is
 * tried again, only what has failed is done again. A listener that adds points for each message is not to add
 * them again because another one is broken. (Listeners of one and the same hook are one step: WordPress calls
 * them together.)
 *
 * What is done of an event that failed is kept in an option, which WordPress does not load by itself and
 * which is not there where all is well.
 */
final class Event_Steps {

	/**
	 * The option: names of steps that are done, by event id.
	 */
	private const OPTION = 'jetonomy_sidecar_event_steps';

	/**
	 * Events that are remembered at most, the oldest ones are forgotten.
	 */
	private const MOST = 500;

	/**
	 * Names of the steps that are done.
	 *
	 * @var string[]
	 */
	private array $done;

	/**
	 * How many of them are kept already.
	 *
	 * @var int
	 */
	private readonly int $kept;

	/**
	 * The first failure.
	 *
	 * @var Throwable|null
	 */
	private ?Throwable $failure = null;

	/**
	 * Constructor.
	 *
	 * @param int $event_id The event.
	 */
	public function __construct( private readonly int $event_id ) {
		$this->done = self::all()[ $event_id ] ?? array();
		$this->kept = count( $this->done );
	}

	/**
	 * Takes a step, unless that was done before.
	 *
	 * @param string   $name The step's name within its event.
	 * @param callable $take Does it.
	 */
	public function take( string $name, callable $take ): void {
		if ( in_array( $name, $this->done, true ) ) {
			return;
		}

		try {
			$take();
			$this->done[] = $name;
		} catch ( Throwable $e ) {
			$this->failure ??= $e;
		}
	}

	/**
	 * Ends the event.
	 *
	 * @throws Throwable The first failure of a step.
	 */
	public function end(): void {
		if ( null !== $this->failure ) {
			$this->keep();

			throw $this->failure;
		}

		if ( 0 !== $this->kept ) {
			$this->store( array() );
		}
	}

	/**
	 * Keeps what is done so far.
	 */
	public function keep(): void {
		if ( count( $this->done ) > $this->kept ) {
			$this->store( $this->done );
		}
	}

	/**
	 * Writes the option.
	 *
	 * @param string[] $done The steps, none to forget the event.
	 */
	private function store( array $done ): void {
		$all = self::all();

		unset( $all[ $this->event_id ] );

		if ( array() !== $done ) {
			$all[ $this->event_id ] = $done;
		}

		if ( array() === $all ) {
			delete_option( self::OPTION );
		} else {
			update_option( self::OPTION, array_slice( $all, -self::MOST, null, true ), false );
		}
	}

	/**
	 * What is kept of all events.
	 *
	 * @return array<int, string[]>
	 */
	private static function all(): array {
		$all = get_option( self::OPTION, array() );

		return is_array( $all ) ? $all : array();
	}
}
