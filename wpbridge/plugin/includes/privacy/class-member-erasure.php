<?php
/**
 * The erasure of one member.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

use Jetonomy_Sidecar\Bridge\Operator_Client;
use Jetonomy_Sidecar\Member\Draft;
use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * Asks the sidecar to erase what it keeps of a member, then deletes what WordPress keeps: rows in the bell,
 * what was typed and refused, user meta but for the choice of notifications. In that order, because until the sidecar
 * has erased a message the bell may still be told of it. The member's account need not exist any more.
 */
final class Member_Erasure {

	/**
	 * Constructor.
	 *
	 * @param Operator_Client $sidecar   The sidecar.
	 * @param Bell_Rows       $bell_rows The rows in the bell.
	 */
	public function __construct( private readonly Operator_Client $sidecar, private readonly Bell_Rows $bell_rows ) {}

	/**
	 * One step, 2 seconds at most; to be repeated until done. Doing it again does no harm.
	 *
	 * @param int $user_id The member.
	 * @return array{removed: int, done: bool, retained: int}|WP_Error Retained are messages that had to stay as they are.
	 */
	public function step( int $user_id ): array|WP_Error {
		$answer = $this->sidecar->erase_member( $user_id );

		if ( is_wp_error( $answer ) ) {
			return $answer;
		}

		Draft::forget_all( $user_id );

		return array(
			'removed'  => (int) ( $answer['removed'] ?? 0 ) + $this->bell_rows->erase( $user_id ) + Own_Meta::delete( $user_id ),
			'done'     => true === ( $answer['done'] ?? null ),
			'retained' => (int) ( $answer['retained'] ?? 0 ),
		);
	}
}
