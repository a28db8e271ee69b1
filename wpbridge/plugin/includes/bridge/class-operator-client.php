<?php
/**
 * Signed calls to the sidecar that concern no member.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Bridge;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * Makes the calls that wpbridge/doc.go lists under "Plugin to service", one method for each. They answer
 * whether the extension is on or off, and wait 2 seconds at most: call them from a screen that is about
 * the sidecar, from cron or from WP-CLI, and never while any other page renders.
 *
 * Errors:
 *
 * - jetonomy_sidecar_no_key: there is no key to sign with; nothing was sent.
 * - jetonomy_sidecar_unavailable: no connection, or no answer in time.
 * - jetonomy_sidecar_refused: an answer of its own, but not to this call: another key, a clock more than
 *   5 minutes off, a version without this call, or not the sidecar at all. Data: status, time (Unix
 *   seconds by the other side's clock, 0 where it did not say).
 * - jetonomy_sidecar_failed: the sidecar says that it cannot now. Data as above.
 * - jetonomy_sidecar_no_tables: somebody deleted the sidecar's tables. Data as above.
 * - jetonomy_conversation_held: a legal hold forbids it. Data as above.
 */
final class Operator_Client {

	/**
	 * What all paths begin with, behind /wp-json.
	 */
	private const BASE = '/jetonomy-sidecar/v1/';

	/**
	 * Constructor.
	 *
	 * @param Keys           $keys   The keys to sign with.
	 * @param Sidecar_Client $client The way to the sidecar.
	 */
	public function __construct( private readonly Keys $keys, private readonly Sidecar_Client $client ) {}

	/**
	 * What the sidecar says of itself.
	 *
	 * @return array|WP_Error Keys version, time, site, extension_on, listen, outbox, erasures_held.
	 */
	public function status(): array|WP_Error {
		return $this->call( 'status' );
	}

	/**
	 * Makes the sidecar read its options again at once.
	 *
	 * @return array|WP_Error Nothing.
	 */
	public function refresh(): array|WP_Error {
		return $this->call( 'poke' );
	}

	/**
	 * Makes events that failed due at once, also those that were given up.
	 *
	 * @return array|WP_Error Key retried.
	 */
	public function retry_events(): array|WP_Error {
		return $this->call( 'events/retry' );
	}

	/**
	 * A member's counts and blocks.
	 *
	 * @param int $user_id The member.
	 * @return array|WP_Error Keys conversations, messages; blocks and blocked_by, the first 100 of each; block_count
	 *                        and blocked_by_count.
	 */
	public function member_overview( int $user_id ): array|WP_Error {
		return $this->call( 'members/overview', array( 'user_id' => $user_id ) );
	}

	/**
	 * Takes blocks back, for a second at most; to be repeated until done. One of the two may be 0, for all of the
	 * other's.
	 *
	 * @param int $blocker_id Who blocked.
	 * @param int $blocked_id Who was blocked.
	 * @return array|WP_Error Keys removed, done.
	 */
	public function unblock( int $blocker_id, int $blocked_id ): array|WP_Error {
		return $this->call(
			'members/unblock',
			array(
				'blocker_id' => $blocker_id,
				'blocked_id' => $blocked_id,
			)
		);
	}

	/**
	 * One page of what there is of a member. The first one is a row of the access log, in the current user's
	 * name.
	 *
	 * @param int    $user_id The member.
	 * @param string $cursor  '' for the first page, then next of the page before.
	 * @param array  $visit   What the access log says: reason (one of its own), note, address.
	 * @return array|WP_Error Keys items (a list of arrays), next ('' after the last page), on the first page volume.
	 */
	public function export_member( int $user_id, string $cursor, array $visit ): array|WP_Error {
		$args = array(
			'user_id' => $user_id,
			'cursor'  => $cursor,
		);

		$answer = $this->call( 'members/export', '' === $cursor ? $args + array( 'actor_id' => get_current_user_id() ) + $visit : $args );

		// Half of an answer must not look like the end.
		$is_whole = is_wp_error( $answer ) || (
			is_string( $answer['next'] ?? null ) && is_array( $answer['items'] ?? null ) && ( '' !== $cursor || is_array( $answer['volume'] ?? null ) )
		);

		if ( ! $is_whole ) {
			return new WP_Error( 'jetonomy_sidecar_refused', __( 'The sidecar did not accept the call.', 'jetonomy-sidecar' ), array( 'status' => 200 ) );
		}

		return $answer;
	}

	/**
	 * Erases a part of what there is of a member; to be repeated until done. What is retained under a legal hold,
	 * the sidecar erases by itself when the hold is lifted.
	 *
	 * @param int $user_id The member.
	 * @return array|WP_Error Keys removed, done, retained.
	 */
	public function erase_member( int $user_id ): array|WP_Error {
		return $this->call( 'members/erase', array( 'user_id' => $user_id ) );
	}

	/**
	 * Conversations by id.
	 *
	 * @param int $after Id after which to begin.
	 * @param int $limit Conversations at most.
	 * @return array|WP_Error Keys conversations, next.
	 */
	public function list_conversations( int $after, int $limit ): array|WP_Error {
		return $this->call(
			'conversations/list',
			array(
				'after' => $after,
				'limit' => $limit,
			)
		);
	}

	/**
	 * Deletes a conversation with its messages, for good.
	 *
	 * @param int $conversation_id The conversation.
	 * @param int $admin_id        Who does it.
	 * @return array|WP_Error Key purged; the error jetonomy_conversation_held under a legal hold.
	 */
	public function purge_conversation( int $conversation_id, int $admin_id ): array|WP_Error {
		return $this->call(
			'conversations/purge',
			array(
				'conversation_id' => $conversation_id,
				'admin_id'        => $admin_id,
			)
		);
	}

	/**
	 * One signed call.
	 *
	 * @param string $name What to call, as doc.go names it.
	 * @param array  $args Its JSON object, by name.
	 * @return array|WP_Error The JSON object of a good answer; array() where it has no body.
	 */
	public function call( string $name, array $args = array() ): array|WP_Error {
		$key = $this->keys->current();

		if ( null === $key ) {
			return new WP_Error( 'jetonomy_sidecar_no_key', __( 'There is no key to sign the call with.', 'jetonomy-sidecar' ) );
		}

		$path     = self::BASE . $name;
		$body     = (string) wp_json_encode( (object) $args );
		$response = $this->client->request(
			'POST',
			$path,
			array( 'Content-Type' => 'application/json' ) + $key->headers( 'POST', $path, time(), $body ),
			$body
		);

		if ( is_wp_error( $response ) ) {
			return new WP_Error(
				'jetonomy_sidecar_unavailable',
				__( 'The sidecar does not answer.', 'jetonomy-sidecar' ),
				array( 'reason' => $response->get_error_message() )
			);
		}

		return $this->read( $response );
	}

	/**
	 * The answer to a call.
	 *
	 * @param array $response As of wp_remote_request().
	 */
	private function read( array $response ): array|WP_Error {
		$status = (int) wp_remote_retrieve_response_code( $response );
		$answer = json_decode( wp_remote_retrieve_body( $response ), true );

		if ( 204 === $status ) {
			return array();
		}

		if ( 200 === $status && is_array( $answer ) ) {
			return $answer;
		}

		$data = array(
			'status' => $status,
			'time'   => (int) strtotime( (string) wp_remote_retrieve_header( $response, 'date' ) ),
		);

		if ( 409 === $status && 'jetonomy_conversation_held' === ( $answer['code'] ?? '' ) ) {
			return new WP_Error( 'jetonomy_conversation_held', __( 'The conversation is under a legal hold, which has to be lifted first.', 'jetonomy-sidecar' ), $data );
		}

		if ( 503 === $status && 'jetonomy_sidecar_no_tables' === ( $answer['code'] ?? '' ) ) {
			return new WP_Error( 'jetonomy_sidecar_no_tables', __( 'The sidecar’s tables are gone from the database.', 'jetonomy-sidecar' ), $data );
		}

		return 429 === $status || $status >= 500
			? new WP_Error( 'jetonomy_sidecar_failed', __( 'The sidecar cannot do this at the moment.', 'jetonomy-sidecar' ), $data )
			: new WP_Error( 'jetonomy_sidecar_refused', __( 'The sidecar did not accept the call.', 'jetonomy-sidecar' ), $data );
	}
}
