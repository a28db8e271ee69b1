<?php
/**
 * What members see of the activity log.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Reports;

use Jetonomy_Sidecar\Admin\Block_Clearing;
use WP_REST_Request;

defined( 'ABSPATH' ) || exit;

/**
 * Keeps this plugin's lines of Jetonomy's activity log out of Jetonomy's route of updates, which shows action,
 * object and time of the newest lines to everybody who is signed in: that somebody looks at messages right now
 * would be a tip-off, and so many lines would leave no place for others.
 */
final class Activity_Feed {

	/**
	 * The lines that stay out of it.
	 */
	private const ACTIONS = array( Activity_Lines::ACTION, Block_Clearing::LOGGED );

	/**
	 * What the route begins with. WordPress matches routes in any case, and with more behind them than there
	 * seems to be, so that the answer tells what it is.
	 */
	private const ROUTES = '/jetonomy/v1/';

	/**
	 * Hooks in.
	 */
	public function register(): void {
		add_filter( 'rest_request_after_callbacks', array( $this, 'leave_out' ), 10, 3 );
	}

	/**
	 * Leaves the lines out of an answer, and fills it with those that they had taken the place of.
	 *
	 * @param mixed           $response The answer.
	 * @param array           $handler  The route's handler.
	 * @param WP_REST_Request $request  The request.
	 * @return mixed The answer.
	 */
	public function leave_out( $response, $handler, $request ) {
		if ( is_wp_error( $response ) || 0 !== stripos( $request->get_route(), self::ROUTES ) ) {
			return $response;
		}

		$response = rest_ensure_response( $response );
		$answer   = $response->get_data();
		$shown    = is_array( $answer ) && is_array( $answer['data'] ?? null ) ? $answer['data'] : array();
		$others   = array_filter( $shown, static fn( $line ): bool => ! is_array( $line ) || ! in_array( $line['action'] ?? null, self::ACTIONS, true ) );

		if ( count( $others ) === count( $shown ) ) {
			return $response;
		}

		$answer['data'] = $this->lines( (string) ( $answer['since'] ?? '' ), count( $shown ) );

		if ( isset( $answer['meta']['count'] ) ) {
			$answer['meta']['count'] = count( $answer['data'] );
		}

		$response->set_data( $answer );

		return $response;
	}

	/**
	 * The newest other lines since a time, as the route shows them.
	 *
	 * @param string $since Time in the database.
	 * @param int    $limit Lines at most.
	 */
	private function lines( string $since, int $limit ): array {
		global $wpdb;

		$lines = $wpdb->get_results(
			$wpdb->prepare(
				'SELECT action, object_type, object_id, created_at FROM %i WHERE created_at > %s AND action NOT IN (%s, %s) ORDER BY created_at DESC LIMIT %d',
				\Jetonomy\table( 'activity_log' ),
				$since,
				...array( ...self::ACTIONS, $limit )
			),
			ARRAY_A
		);

		return array_map( static fn( array $line ): array => array_merge( $line, array( 'object_id' => (int) $line['object_id'] ) ), (array) $lines );
	}
}
