<?php
/**
 * Events about reports, and about the access log.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Reports;

use Jetonomy_Sidecar\Events\Event;
use Jetonomy_Sidecar\Events\Event_Failure;
use Jetonomy_Sidecar\Extension_Switch;

defined( 'ABSPATH' ) || exit;

/**
 * Does in WordPress what moderators decided in the sidecar. What was decided holds with the extension off,
 * too; but nobody is notified then, as of any other thing that has to do with messages.
 */
final class Report_Events {

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch      The switch.
	 * @param Notices          $notices     What members are told.
	 * @param Silence          $silence     Jetonomy's silence.
	 * @param Activity_Lines   $lines       Jetonomy's activity log.
	 */
	public function __construct(
		private readonly Extension_Switch $switch,
		private readonly Notices $notices,
		private readonly Silence $silence,
		private readonly Activity_Lines $lines
	) {}

	/**
	 * Handles one event. Doing it again does no harm.
	 *
	 * @param Event $event The event.
	 * @throws Event_Failure When it is to be tried again.
	 */
	public function handle( Event $event ): void {
		match ( $event->type ) {
			'report.reviewed' => $this->tell( $event, fn(): array => $this->notices->reviewed() ),
			'report.warned'   => $this->tell( $event, fn(): array => $this->notices->warned() ),
			'report.silenced' => $this->silenced( $event ),
			'access.logged'   => $this->lines->write( $event->user_id(), $event->id_of( 'entry_id' ), $event->map_of( 'entry' ), $event->id_of( 'created_at' ) ),
			default           => null,
		};
	}

	/**
	 * Silences members, and tells them.
	 *
	 * @param Event $event The event.
	 */
	private function silenced( Event $event ): void {
		$days  = $event->id_of( 'days' );
		$until = 0 === $days ? 0 : $event->id_of( 'created_at' ) + $days * DAY_IN_SECONDS;

		if ( 0 !== $until && $until <= time() ) {
			return; // It was over before it could begin.
		}

		foreach ( $event->ids_of( 'recipient_ids' ) as $user_id ) {
			$this->silence->impose( $user_id, $event->user_id(), $until, $event->id_of( 'report_id' ) );
		}

		$this->tell( $event, fn(): array => $this->notices->silenced( $until ) );
	}

	/**
	 * Tells the recipients something, unless the extension is off.
	 *
	 * @param Event    $event The event.
	 * @param callable $words Gives subject and text in the language that is switched to.
	 */
	private function tell( Event $event, callable $words ): void {
		if ( ! $this->switch->is_enabled() ) {
			return;
		}

		foreach ( $event->ids_of( 'recipient_ids' ) as $user_id ) {
			$this->notices->send( $user_id, $words, $event->id_of( 'created_at' ) );
		}
	}
}
