<?php
/**
 * The bell.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Notify;

use Jetonomy\Models\Notification;
use Jetonomy\Notifications\Notifier;
use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Urls;

defined( 'ABSPATH' ) || exit;

/**
 * Jetonomy's notifications about private messages: one row for each conversation and recipient, which a
 * further message renews and reading removes. It names the sender and quotes nothing, so there is no
 * message in Jetonomy's table. Without Jetonomy there is no bell, and nothing happens here.
 */
final class Bell {

	/**
	 * The rows' object type; the object's id is the conversation's.
	 */
	public const OBJECT_TYPE = 'message';

	/**
	 * Characters of a row's sentence at most.
	 */
	private const MAX_MESSAGE = 500;

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch      The switch.
	 * @param Preferences      $preferences The members' switches.
	 */
	public function __construct(
		private readonly Extension_Switch $switch,
		private readonly Preferences $preferences
	) {}

	/**
	 * Makes Jetonomy link a row to its conversation.
	 */
	public function register(): void {
		add_filter( 'jetonomy_notification_deep_link', array( $this, 'link' ), 10, 3 );
	}

	/**
	 * The conversation's URL. While the extension is off there is no page to lead to: Jetonomy then takes the
	 * community's.
	 *
	 * @param mixed $url         URL so far.
	 * @param mixed $object_type Type of the object that a notification is about.
	 * @param mixed $object_id   Its id.
	 * @return mixed
	 */
	public function link( $url, $object_type = '', $object_id = 0 ) {
		return self::OBJECT_TYPE === $object_type && '' === (string) $url && (int) $object_id > 0 && $this->switch->is_enabled()
			? Urls::conversation( (int) $object_id )
			: $url;
	}

	/**
	 * Writes or renews the rows of recipients who want one.
	 *
	 * @param int   $conversation_id The conversation.
	 * @param int   $sender_id       Who wrote.
	 * @param int[] $user_ids        The recipients.
	 * @return array For announce().
	 */
	public function ring( int $conversation_id, int $sender_id, array $user_ids ): array {
		// Jetonomy's own veto, for the time of an import. Notification::create() asks it too.
		if ( ! $this->is_there() || array() === $user_ids || ! apply_filters( 'jetonomy_notification_should_send', true ) ) {
			return array();
		}

		$rung = array();
		$rows = $this->rows( $conversation_id, $user_ids );

		foreach ( $user_ids as $user_id ) {
			if ( ! get_userdata( $user_id ) || ! $this->preferences->is_on( $user_id, Preferences::WEB ) ) {
				continue;
			}

			$message = $this->sentence( $user_id, $sender_id );
			$id      = $this->write( $user_id, $sender_id, $conversation_id, $message, $rows[ $user_id ] ?? array() );

			if ( $id > 0 ) {
				$rung[] = array( $id, $user_id, $sender_id, Preferences::TYPE, self::OBJECT_TYPE, $conversation_id, $message, Urls::conversation( $conversation_id ) );
			}
		}

		return $rung;
	}

	/**
	 * Tells web push and others of rows.
	 *
	 * @param array $rung What ring() gave.
	 */
	public function announce( array $rung ): void {
		if ( ! method_exists( Notifier::class, 'emit_notification_created' ) ) {
			return;
		}

		foreach ( $rung as $arguments ) {
			Notifier::emit_notification_created( ...$arguments );
		}
	}

	/**
	 * Removes the rows of a conversation.
	 *
	 * @param int   $conversation_id The conversation.
	 * @param int[] $user_ids        Whose rows.
	 */
	public function silence( int $conversation_id, array $user_ids ): void {
		if ( ! $this->is_there() || array() === $user_ids ) {
			return;
		}

		foreach ( $this->rows( $conversation_id, $user_ids ) as $user_id => $rows ) {
			Notification::delete_for_user( $user_id, array_keys( $rows ) );
		}
	}

	/**
	 * Writes one row, in place of those there are.
	 *
	 * @param int    $user_id         The recipient.
	 * @param int    $sender_id       Who wrote.
	 * @param int    $conversation_id The conversation.
	 * @param string $message         The sentence.
	 * @param bool[] $rows            Rows there are: whether each is read, by id.
	 * @return int Its id, 0 where Jetonomy has not written it.
	 */
	private function write( int $user_id, int $sender_id, int $conversation_id, string $message, array $rows ): int {
		$data = array(
			'actor_id'   => $sender_id,
			'message'    => $message,
			'created_at' => current_time( 'mysql', true ),
		);
		$kept = (int) array_search( false, $rows, true );

		unset( $rows[ $kept ] );

		if ( array() !== $rows ) {
			Notification::delete_for_user( $user_id, array_keys( $rows ) );
		}

		if ( 0 !== $kept ) {
			Notification::update( $kept, $data );
			Notification::bust_user_cache( $user_id );
			return $kept;
		}

		return (int) Notification::create(
			$data + array(
				'user_id'     => $user_id,
				'type'        => Preferences::TYPE,
				'object_type' => self::OBJECT_TYPE,
				'object_id'   => $conversation_id,
			)
		);
	}

	/**
	 * The rows of a conversation.
	 *
	 * @param int   $conversation_id The conversation.
	 * @param int[] $user_ids        Whose rows.
	 * @return array Whether a row is read, by user and row; the newest row first.
	 */
	private function rows( int $conversation_id, array $user_ids ): array {
		global $wpdb;

		$found   = array();
		$results = $wpdb->get_results(
			$wpdb->prepare(
				// phpcs:ignore WordPress.DB.PreparedSQLPlaceholders.UnfinishedPrepare -- One placeholder for each user.
				'SELECT id, user_id, is_read FROM %i WHERE user_id IN (' . implode( ', ', array_fill( 0, count( $user_ids ), '%d' ) ) . ') AND object_type = %s AND object_id = %d AND type = %s ORDER BY id DESC',
				\Jetonomy\table( 'notifications' ),
				...array_values( $user_ids ),
				...array( self::OBJECT_TYPE, $conversation_id, Preferences::TYPE )
			)
		);

		foreach ( (array) $results as $row ) {
			$found[ (int) $row->user_id ][ (int) $row->id ] = (bool) $row->is_read;
		}

		return $found;
	}

	/**
	 * What a row says, in the recipient's language.
	 *
	 * @param int $user_id   The recipient.
	 * @param int $sender_id Who wrote.
	 */
	private function sentence( int $user_id, int $sender_id ): string {
		$is_switched = switch_to_user_locale( $user_id );

		/* translators: %s: a member's name. */
		$sentence = sprintf( __( 'New message from %s', 'jetonomy-sidecar' ), Names::of( $sender_id ) );

		if ( $is_switched ) {
			restore_previous_locale();
		}

		return mb_substr( $sentence, 0, self::MAX_MESSAGE );
	}

	/**
	 * Whether Jetonomy has a bell.
	 */
	private function is_there(): bool {
		return function_exists( 'Jetonomy\table' )
			&& method_exists( Notification::class, 'create' )
			&& method_exists( Notification::class, 'update' )
			&& method_exists( Notification::class, 'delete_for_user' )
			&& method_exists( Notification::class, 'bust_user_cache' );
	}
}
