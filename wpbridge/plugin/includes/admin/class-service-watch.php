<?php
/**
 * Looks after the sidecar.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Bridge\Operator_Client;
use Jetonomy_Sidecar\Browser;
use Jetonomy_Sidecar\Extension_Switch;

defined( 'ABSPATH' ) || exit;

/**
 * Asks the sidecar how it is and remembers the answer, so that pages can show it without waiting: what
 * is remembered is renewed after a page was sent, or by the pages that are about the sidecar.
 */
final class Service_Watch {

	/**
	 * The transient that the state is remembered in.
	 */
	public const TRANSIENT = 'jetonomy_sidecar_state';

	/**
	 * Seconds after which the state is asked for again.
	 */
	private const RENEWED_AFTER = 60;

	/**
	 * Seconds after which what is remembered says nothing about now.
	 */
	private const FORGOTTEN_AFTER = 300;

	/**
	 * Whether the state is to be renewed at the end of this request.
	 *
	 * @var bool
	 */
	private bool $is_due = false;

	/**
	 * Constructor.
	 *
	 * @param Operator_Client  $operator The way to the sidecar.
	 * @param Extension_Switch $switch   The switch, as WordPress has it.
	 */
	public function __construct( private readonly Operator_Client $operator, private readonly Extension_Switch $switch ) {}

	/**
	 * The state as it is remembered, or null where nobody has looked for some minutes. Asks for it after
	 * this request where it is a minute old.
	 */
	public function remembered(): ?Service_State {
		$state = Service_State::from_array( get_transient( self::TRANSIENT ) );

		if ( ( null === $state || $state->age() >= self::RENEWED_AFTER ) && ! $this->is_due ) {
			$this->is_due = true;
			add_action( 'shutdown', array( $this, 'renew' ), PHP_INT_MAX );
		}

		return $state;
	}

	/**
	 * The state now: asks the sidecar, and waits 2 seconds for it at most. One that takes the switch to be in
	 * another position is made to look again before that is believed: it may have been thrown a moment ago.
	 *
	 * @param int $max_age Seconds; what is remembered and not older will do.
	 */
	public function now( int $max_age = 0 ): Service_State {
		$state = $max_age > 0 ? Service_State::from_array( get_transient( self::TRANSIENT ) ) : null;

		if ( null === $state || $state->age() > $max_age ) {
			$state = $this->ask();

			if ( $state->differs() && ! is_wp_error( $this->operator->refresh() ) ) {
				$state = $this->ask();
			}

			set_transient( self::TRANSIENT, $state->to_array(), self::FORGOTTEN_AFTER );
		}

		return $state;
	}

	/**
	 * The answer to one question.
	 */
	private function ask(): Service_State {
		return Service_State::from_answer( $this->operator->status(), time(), $this->switch->is_enabled() );
	}

	/**
	 * Renews the state at the end of a request. The page was sent by then: where PHP can say so, the
	 * browser is let go before the sidecar is asked.
	 */
	public function renew(): void {
		$this->is_due = false;

		Browser::let_go();
		$this->now( self::RENEWED_AFTER - 1 );
	}

	/**
	 * Forgets the state, after something was done that changes it.
	 */
	public function forget(): void {
		delete_transient( self::TRANSIENT );
	}
}
