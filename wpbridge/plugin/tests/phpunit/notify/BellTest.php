<?php
/**
 * The bell.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy\Models\Notification;
use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Notify\Preferences;
use Jetonomy_Sidecar\Urls;

require_once dirname( __DIR__ ) . '/events/clean-slate.php';

/**
 * Who gets a row in Jetonomy's notifications, and when it goes.
 */
final class BellTest extends Site_Test_Case {

	use Clean_Slate;

	/**
	 * Id of the next event.
	 *
	 * @var int
	 */
	private int $next = 1;

	/**
	 * An account's id.
	 *
	 * @param int $n Of which member.
	 */
	private function id( int $n ): int {
		return $this->user( "member$n" )->ID;
	}

	/**
	 * Delivers an event about conversation 7.
	 *
	 * @param string $type    Its type.
	 * @param int    $user_id Who did it.
	 * @param array  $more    What else it has.
	 */
	private function happens( string $type, int $user_id, array $more = array() ): void {
		$id      = $this->next++;
		$results = $this->deliver(
			$more + array(
				'id'              => $id,
				'type'            => $type,
				'created_at'      => time(),
				'conversation_id' => 7,
				'user_id'         => $user_id,
			)
		);

		$this->assertSame( array( $id => array( 'ok' => true ) ), $results );
	}

	/**
	 * A message for some members who have not read it.
	 *
	 * @param int   $sender_id Who wrote.
	 * @param int[] $ids       To whom.
	 * @param array $more      What else the event has.
	 */
	private function message( int $sender_id, array $ids, array $more = array() ): void {
		$this->happens(
			'message.sent',
			$sender_id,
			$more + array(
				'message_id'      => 50 + $this->next,
				'participant_ids' => $ids,
				'recipient_ids'   => $ids,
				'unread_ids'      => $ids,
				'preview'         => 'The canary sings',
			)
		);
	}

	/**
	 * The rows of a member.
	 *
	 * @param int $user_id The member.
	 */
	private function bells( int $user_id ): array {
		return $this->rows(
			'jt_notifications',
			array(
				'user_id' => $user_id,
				'type'    => 'private_message',
			)
		);
	}

	/**
	 * @group plain
	 */
	public function test_without_jetonomy_there_is_none(): void {
		$this->message( $this->id( 1 ), array( $this->id( 2 ) ) );
		$this->happens( 'conversation.read', $this->id( 2 ) );

		$this->assertSame( array(), $this->bells( $this->id( 2 ) ) );
	}

	/**
	 * @group jetonomy
	 */
	public function test_one_row_for_each_recipient_without_text(): void {
		$this->message( $this->id( 1 ), array( $this->id( 2 ), $this->id( 3 ) ) );

		foreach ( array( 2, 3 ) as $n ) {
			$rows = $this->bells( $this->id( $n ) );

			$this->assertCount( 1, $rows );
			$this->assertSame( 'message', $rows[0]['object_type'] );
			$this->assertSame( '7', (string) $rows[0]['object_id'] );
			$this->assertSame( (string) $this->id( 1 ), (string) $rows[0]['actor_id'] );
			$this->assertSame( '0', (string) $rows[0]['is_read'] );
			$this->assertStringContainsString( \Jetonomy\user_display_name( $this->user( 'member1' ) ), $rows[0]['message'] );
			$this->assertStringNotContainsString( 'canary', $rows[0]['message'] );
		}
	}

	/**
	 * Jetonomy's bell puts the text into the page as text.
	 *
	 * @group jetonomy
	 */
	public function test_says_a_name_as_it_is_read(): void {
		$sender = $this->make_user( 'subscriber', array( 'display_name' => 'Fun & Games' ) );
		$this->message( $sender->ID, array( $this->id( 2 ) ) );

		$this->assertSame( 'Fun &amp; Games', $sender->display_name );
		$this->assertSame( 'New message from Fun & Games', $this->bells( $this->id( 2 ) )[0]['message'] );
	}

	/**
	 * @group jetonomy
	 */
	public function test_a_further_message_renews_the_row(): void {
		global $wpdb;

		$this->message( $this->id( 1 ), array( $this->id( 2 ) ) );
		$first = $this->bells( $this->id( 2 ) )[0];
		$wpdb->update( $wpdb->prefix . 'jt_notifications', array( 'created_at' => '2020-01-01 00:00:00' ), array( 'id' => $first['id'] ) );

		$this->message( $this->id( 3 ), array( $this->id( 2 ) ) );
		$rows = $this->bells( $this->id( 2 ) );

		$this->assertCount( 1, $rows );
		$this->assertSame( $first['id'], $rows[0]['id'] );
		$this->assertSame( (string) $this->id( 3 ), (string) $rows[0]['actor_id'] );
		$this->assertGreaterThan( '2021', $rows[0]['created_at'] );

		$this->message( $this->id( 3 ), array( $this->id( 2 ) ), array( 'conversation_id' => 8 ) );
		$this->assertCount( 2, $this->bells( $this->id( 2 ) ) );
	}

	/**
	 * @group jetonomy
	 */
	public function test_a_row_that_was_seen_makes_room_for_a_new_one(): void {
		$this->message( $this->id( 1 ), array( $this->id( 2 ) ) );
		$first = $this->bells( $this->id( 2 ) )[0];
		Notification::mark_read( (int) $first['id'] );
		$this->message( $this->id( 1 ), array( $this->id( 2 ) ) );

		$rows = $this->bells( $this->id( 2 ) );
		$this->assertCount( 1, $rows );
		$this->assertNotSame( $first['id'], $rows[0]['id'] );
		$this->assertSame( '0', (string) $rows[0]['is_read'] );
	}

	/**
	 * @group jetonomy
	 */
	public function test_counts_are_right_at_once(): void {
		$before = Notification::unread_count( $this->id( 2 ) );
		$this->message( $this->id( 1 ), array( $this->id( 2 ) ) );
		$this->assertSame( $before + 1, Notification::unread_count( $this->id( 2 ) ) );
		$this->message( $this->id( 1 ), array( $this->id( 2 ) ) );
		$this->assertSame( $before + 1, Notification::unread_count( $this->id( 2 ) ) );
		$this->happens( 'conversation.read', $this->id( 2 ) );
		$this->assertSame( $before, Notification::unread_count( $this->id( 2 ) ) );
	}

	/**
	 * @group jetonomy
	 * @dataProvider ends
	 * @param string $type Of the event.
	 * @param array  $more What else it has.
	 */
	public function test_is_gone_after( string $type, array $more ): void {
		$this->message( $this->id( 1 ), array( $this->id( 2 ), $this->id( 3 ) ) );
		$this->message( $this->id( 1 ), array( $this->id( 2 ) ), array( 'conversation_id' => 8 ) );
		$this->happens( $type, $this->id( 2 ), $more );

		$this->assertSame( array( '8' ), array_map( 'strval', array_column( $this->bells( $this->id( 2 ) ), 'object_id' ) ) );
		$this->assertCount( 1, $this->bells( $this->id( 3 ) ) );
	}

	/**
	 * Events that end a member's bell.
	 */
	public function ends(): array {
		return array(
			'read'    => array( 'conversation.read', array( 'message_id' => 60, 'unread_ids' => array() ) ), // phpcs:ignore
			'left'    => array( 'conversation.left', array( 'message_id' => 60 ) ),
			'blocked' => array( 'conversation.blocked', array( 'value' => true ) ),
		);
	}

	/**
	 * @group jetonomy
	 */
	public function test_stays_after(): void {
		$this->message( $this->id( 1 ), array( $this->id( 2 ) ) );
		$this->happens( 'conversation.archived', $this->id( 2 ), array( 'value' => true ) );
		$this->happens( 'conversation.blocked', $this->id( 2 ), array( 'value' => false ) );
		$this->happens( 'conversation.read', $this->id( 2 ), array( 'unread_ids' => array( $this->id( 2 ) ) ) );
		$this->happens( 'conversation.read', $this->id( 1 ) );

		$this->assertCount( 1, $this->bells( $this->id( 2 ) ) );
	}

	/**
	 * Messages come while the member reads: before the reading was told, and after it.
	 *
	 * @group jetonomy
	 */
	public function test_a_message_at_the_moment_of_reading_keeps_its_row(): void {
		$read = fn( array $unread_ids ) => $this->happens( 'conversation.read', $this->id( 2 ), array( 'message_id' => 60, 'unread_ids' => $unread_ids ) ); // phpcs:ignore

		$this->message( $this->id( 1 ), array( $this->id( 2 ) ) );
		$row = $this->bells( $this->id( 2 ) )[0]['id'];
		$read( array( $this->id( 2 ) ) );
		$this->message( $this->id( 1 ), array( $this->id( 2 ) ) );
		$this->assertSame( array( $row ), array_column( $this->bells( $this->id( 2 ) ), 'id' ) );

		$read( array() );
		$this->assertCount( 0, $this->bells( $this->id( 2 ) ) );

		$this->message( $this->id( 1 ), array( $this->id( 2 ) ) );
		$read( array( $this->id( 3 ) ) );
		$this->assertCount( 0, $this->bells( $this->id( 2 ) ), 'what somebody else has not read is theirs' );
	}

	/**
	 * @group jetonomy
	 */
	public function test_a_purge_ends_everybodys(): void {
		$this->message( $this->id( 1 ), array( $this->id( 2 ), $this->id( 3 ) ) );
		$this->happens( 'conversation.purged', $this->user( 'admin' )->ID, array( 'participant_ids' => array( $this->id( 1 ), $this->id( 2 ), $this->id( 3 ) ) ) );

		$this->assertSame( array(), array( ...$this->bells( $this->id( 2 ) ), ...$this->bells( $this->id( 3 ) ) ) );
	}

	/**
	 * @group jetonomy
	 */
	public function test_only_for_those_whom_the_service_names(): void {
		$all = array( $this->id( 2 ), $this->id( 3 ), $this->id( 4 ) );

		// member3 is muted, left, blocked or banned; member4 has read it meanwhile.
		$this->message(
			$this->id( 1 ),
			$all,
			array(
				'recipient_ids' => array( $this->id( 2 ), $this->id( 4 ) ),
				'unread_ids'    => array( $this->id( 2 ), $this->id( 3 ) ),
			)
		);

		$this->assertCount( 1, $this->bells( $this->id( 2 ) ) );
		$this->assertCount( 0, $this->bells( $this->id( 3 ) ) );
		$this->assertCount( 0, $this->bells( $this->id( 4 ) ) );
	}

	public function test_not_while_the_extension_is_off(): void {
		$this->switch_extension( false );
		$this->message( $this->id( 1 ), array( $this->id( 2 ) ) );

		$this->assertSame( array(), $this->bells( $this->id( 2 ) ) );
	}

	public function test_not_for_a_deleted_user(): void {
		$this->message( $this->id( 1 ), array( 999999 ) );

		$this->assertSame( array(), $this->bells( 999999 ) );
	}

	/**
	 * @group jetonomy
	 */
	public function test_the_member_decides(): void {
		$set = function ( array $defaults ): void {
			update_option( 'jetonomy_settings', array( 'notification_defaults' => $defaults ) + (array) get_option( 'jetonomy_settings', array() ) );
		};

		( new Preferences() )->choose( $this->id( 2 ), array( 'web' => false ) );
		$set( array( 'private_message' => array( 'web' => true ) ) );
		$this->message( $this->id( 1 ), array( $this->id( 2 ), $this->id( 3 ) ) );
		$this->assertCount( 0, $this->bells( $this->id( 2 ) ) );
		$this->assertCount( 1, $this->bells( $this->id( 3 ) ) );

		( new Preferences() )->choose( $this->id( 2 ), array( 'web' => true ) );
		$set( array( 'private_message' => array( 'web' => false ) ) );
		$this->message( $this->id( 1 ), array( $this->id( 2 ), $this->id( 4 ) ) );
		$this->assertCount( 1, $this->bells( $this->id( 2 ) ) );
		$this->assertCount( 0, $this->bells( $this->id( 4 ) ), 'the default holds where nothing was chosen' );
	}

	/**
	 * @group jetonomy
	 */
	public function test_others_are_told_of_every_message(): void {
		$created = $this->record( 'jetonomy_notification_created' );
		$this->message( $this->id( 1 ), array( $this->id( 2 ) ) );
		$row = $this->bells( $this->id( 2 ) )[0];
		$this->message( $this->id( 1 ), array( $this->id( 2 ) ) );

		$expected = array( (int) $row['id'], $this->id( 2 ), 'private_message', 'message', 7, $row['message'], Urls::conversation( 7 ) );
		$this->assertSame( array( $expected, $expected ), $created->getArrayCopy() );
	}

	/**
	 * @group jetonomy
	 */
	public function test_jetonomys_veto_holds(): void {
		$this->message( $this->id( 1 ), array( $this->id( 2 ) ) );
		add_filter( 'jetonomy_notification_should_send', '__return_false' );
		$this->message( $this->id( 3 ), array( $this->id( 2 ), $this->id( 4 ) ) );

		$this->assertSame( array( (string) $this->id( 1 ) ), array_map( 'strval', array_column( $this->bells( $this->id( 2 ) ), 'actor_id' ) ) );
		$this->assertCount( 0, $this->bells( $this->id( 4 ) ) );
	}

	/**
	 * @group jetonomy
	 */
	public function test_a_failing_listener_does_not_hold_up_the_bell(): void {
		add_action(
			'jetonomy_pro_message_sent',
			static function (): void {
				throw new \RuntimeException( 'no' );
			}
		);

		$event = array(
			'id'              => 900,
			'type'            => 'message.sent',
			'conversation_id' => 7,
			'user_id'         => $this->id( 1 ),
			'message_id'      => 3,
			'participant_ids' => array( $this->id( 2 ) ),
			'recipient_ids'   => array( $this->id( 2 ) ),
			'unread_ids'      => array( $this->id( 2 ) ),
			'preview'         => 'x',
		);

		$created = $this->record( 'jetonomy_notification_created' );
		$this->deliver( $event );
		$this->deliver( $event );

		$this->assertCount( 1, $this->bells( $this->id( 2 ) ) );
		$this->assertCount( 1, $created, 'nor web push, which is told once' );
	}

	public function test_links_to_the_conversation(): void {
		$this->assertSame( Urls::conversation( 7 ), apply_filters( 'jetonomy_notification_deep_link', '', 'message', 7 ) );
		$this->assertSame( '', apply_filters( 'jetonomy_notification_deep_link', '', 'other', 7 ) );
		$this->assertSame( 'https://example.test/', apply_filters( 'jetonomy_notification_deep_link', 'https://example.test/', 'message', 7 ) );
		$this->assertSame( '', apply_filters( 'jetonomy_notification_deep_link', '', 'message', 0 ) );
	}

	public function test_links_nowhere_while_the_extension_is_off(): void {
		( new Extension_Switch() )->disable();

		$this->assertSame( '', apply_filters( 'jetonomy_notification_deep_link', '', 'message', 7 ), 'a page that is not there' );
	}

	/**
	 * @group jetonomy
	 */
	public function test_jetonomys_links_lead_there(): void {
		$this->assertSame( Urls::conversation( 7 ), \Jetonomy\notification_deep_link( 'message', 7 ) );
	}
}
