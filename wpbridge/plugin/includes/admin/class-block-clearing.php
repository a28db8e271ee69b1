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
	 * Query argument that tells the member's page how many were cleared.
	 */
	public const COUNT = 'jetonomy-sidecar-cleared';

	/**
	 * Seconds one form may take. What is left then is for another one.
	 */
	private const PATIENCE = 15.0;

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

		$cleared = self::MADE === $direction
			? $this->clear( $user_id, $other_id, get_current_user_id() )
			: $this->clear( $other_id, $user_id, get_current_user_id() );

		Admin_Action::leave(
			add_query_arg( self::COUNT, $cleared['removed'], Screens::member_url( $user_id ) ),
			$cleared['removed'] > 0
				? ( $cleared['done'] ? 'cleared' : 'partly-cleared' )
				: ( $cleared['done'] ? 'nothing-to-clear' : 'not-cleared' )
		);
	}

	/**
	 * Clears blocks, as many as there is time for, and logs it.
	 *
	 * @param int $blocker_id Who blocked; 0 for everybody who blocked the other.
	 * @param int $blocked_id Who was blocked; 0 for everybody whom the other blocked.
	 * @param int $actor_id   Who clears.
	 * @return array{removed: int, done: bool} How many, and whether these were all.
	 */
	public function clear( int $blocker_id, int $blocked_id, int $actor_id ): array {
		$deadline = microtime( true ) + self::PATIENCE;
		$removed  = 0;

		do {
			$answer   = $this->operator->unblock( $blocker_id, $blocked_id );
			$is_error = is_wp_error( $answer );
			$removed += $is_error ? 0 : (int) ( $answer['removed'] ?? 0 );
			$done     = ! $is_error && true === ( $answer['done'] ?? null );
		} while ( ! $done && ! $is_error && microtime( true ) < $deadline );

		if ( $removed > 0 ) {
			Clearing_Log::add( $blocker_id, $blocked_id, $removed, $done, $actor_id );
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

		return array(
			'removed' => $removed,
			'done'    => $done,
		);
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
