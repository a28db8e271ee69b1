<?php
/**
 * Silences members.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Reports;

use Jetonomy\Models\Restriction;
use Jetonomy_Sidecar\Events\Event_Failure;

defined( 'ABSPATH' ) || exit;

/**
 * A silence is Jetonomy's restriction of that name, for the whole community: its moderators see it among the
 * others and lift it there. WordPress alone has none.
 */
final class Silence {

	/**
	 * Jetonomy's name for it.
	 */
	private const TYPE = 'silence';

	/**
	 * Restrictions of one member that are looked at.
	 */
	private const LOOKED_AT = 100;

	/**
	 * Whether members can be silenced here.
	 */
	public static function is_possible(): bool {
		return method_exists( Restriction::class, 'ban' );
	}

	/**
	 * Silences a member, once for each report.
	 *
	 * @param int $user_id      The member.
	 * @param int $moderator_id Who decided it.
	 * @param int $until        When it ends; 0 for no end.
	 * @param int $report_id    The report.
	 * @throws Event_Failure When Jetonomy is not there, or has not done it.
	 */
	public function impose( int $user_id, int $moderator_id, int $until, int $report_id ): void {
		if ( ! self::is_possible() ) {
			throw new Event_Failure( 'Jetonomy is not active: nobody can be silenced' );
		}

		if ( ! get_userdata( $user_id ) ) {
			return;
		}

		/* translators: %d: a number. */
		$reason = sprintf( __( 'Report %d of a private message', 'jetonomy-sidecar' ), $report_id );

		if ( $this->is_imposed( $user_id, $reason ) ) {
			return;
		}

		$id = Restriction::ban( $user_id, self::TYPE, $moderator_id, null, $reason, 0 === $until ? null : gmdate( 'Y-m-d H:i:s', $until ) );

		if ( ! $id ) {
			throw new Event_Failure( 'Jetonomy has not silenced the member' );
		}
	}

	/**
	 * Whether a member is silenced for a reason.
	 *
	 * @param int    $user_id The member.
	 * @param string $reason  The reason.
	 */
	private function is_imposed( int $user_id, string $reason ): bool {
		if ( ! method_exists( Restriction::class, 'list_active' ) ) {
			return false;
		}

		$active = Restriction::list_active(
			array(
				'user_id' => $user_id,
				'type'    => self::TYPE,
				'limit'   => self::LOOKED_AT,
			)
		);

		return in_array( $reason, array_column( (array) $active, 'reason' ), true );
	}
}
