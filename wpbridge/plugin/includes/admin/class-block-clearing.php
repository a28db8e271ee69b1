<?php
/**
 * Clears members' blocks.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Bridge\Operator_Client;

defined( 'ABSPATH' ) || exit;

/**
 * What the button on a member's confirmation screen does.
 */
final class Block_Clearing {

	public const ACTION = 'jetonomy_sidecar_clear_blocks';

	/**
	 * What Jetonomy's activity log calls it.
	 */
	public const LOGGED = 'messaging_blocks_cleared';

	/**
	 * The blocks that the member made.
	 */
	public const MADE = 'made';

	/**
	 * The blocks that others made against the member.
	 */
	public const RECEIVED = 'received';

	/**
	 * Constructor.
	 *
	 * @param Operator_Client $operator The way to the sidecar.
	 */
	public function __construct( private readonly Operator_Client $operator ) {}

	/**
	 * Hooks the handler in.
	 */
	public function register(): void {
		add_action( 'admin_post_' . self::ACTION, array( $this, 'handle' ) );
	}

	/**
	 * Does what the form says and goes back to the member's page.
	 */
	public function handle(): void {
		Admin_Action::check( self::ACTION, Screens::members_capability() );

		// phpcs:disable WordPress.Security.NonceVerification.Missing -- Checked above.
		$user_id   = absint( $_POST['user'] ?? 0 );
		$other_id  = absint( $_POST['other'] ?? 0 );
		$direction = sanitize_key( wp_unslash( $_POST['direction'] ?? '' ) );
		// phpcs:enable

		if ( 0 === $user_id || ! in_array( $direction, array( self::MADE, self::RECEIVED ), true ) ) {
			wp_die( esc_html__( 'This form is not complete.', 'jetonomy-sidecar' ), '', array( 'response' => 400 ) );
		}

		$removed = self::MADE === $direction
			? $this->clear( $user_id, $other_id, get_current_user_id() )
			: $this->clear( $other_id, $user_id, get_current_user_id() );

		Admin_Action::leave(
			Screens::member_url( $user_id ),
			match ( $removed ) {
				null    => 'not-cleared',
				0       => 'nothing-to-clear',
				default => 'cleared',
			}
		);
	}

	/**
	 * Clears blocks, and logs it.
	 *
	 * @param int $blocker_id Who blocked; 0 for everybody who blocked the other.
	 * @param int $blocked_id Who was blocked; 0 for everybody whom the other blocked.
	 * @param int $actor_id   Who clears.
	 * @return int|null How many; null where the sidecar did not do it.
	 */
	public function clear( int $blocker_id, int $blocked_id, int $actor_id ): ?int {
		$answer = $this->operator->unblock( $blocker_id, $blocked_id );

		if ( is_wp_error( $answer ) ) {
			return null;
		}

		$removed = (int) ( $answer['removed'] ?? 0 );

		if ( $removed > 0 ) {
			Clearing_Log::add( $blocker_id, $blocked_id, $removed, $actor_id );
			$this->log( $blocker_id, $blocked_id, $removed, $actor_id );

			/**
			 * Fires after somebody in charge cleared blocks between members.
			 *
			 * @param int $blocker_id Who had blocked; 0 for everybody who had blocked the other.
			 * @param int $blocked_id Who was blocked; 0 for everybody whom the other had blocked.
			 * @param int $removed    How many blocks.
			 * @param int $actor_id   Who cleared them.
			 */
			do_action( 'jetonomy_sidecar_blocks_cleared', $blocker_id, $blocked_id, $removed, $actor_id );
		}

		return $removed;
	}

	/**
	 * Writes it into Jetonomy's activity log too, where there is one.
	 *
	 * Jetonomy shows the log's actions and objects to members, though not its details (Activity_Feed keeps
	 * this plugin's out of that), so who blocked whom is among the details only.
	 *
	 * @param int $blocker_id Who had blocked, or 0.
	 * @param int $blocked_id Who was blocked, or 0.
	 * @param int $removed    How many blocks.
	 * @param int $actor_id   Who cleared them.
	 */
	private function log( int $blocker_id, int $blocked_id, int $removed, int $actor_id ): void {
		if ( ! Screens::has_jetonomy() || ! is_callable( array( '\Jetonomy\Models\ActivityLog', 'log' ) ) ) {
			return;
		}

		\Jetonomy\Models\ActivityLog::log(
			$actor_id,
			self::LOGGED,
			'messaging',
			0,
			array(
				'blocker' => 0 === $blocker_id ? 'all' : $blocker_id,
				'blocked' => 0 === $blocked_id ? 'all' : $blocked_id,
				'removed' => $removed,
			)
		);
	}
}
