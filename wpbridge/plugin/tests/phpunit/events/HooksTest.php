<?php
/**
 * The hooks that other plugins listen to.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Events\Event_Batch;
use RuntimeException;

require_once __DIR__ . '/clean-slate.php';

/**
 * Every hook with its arguments, and once.
 */
final class HooksTest extends Site_Test_Case {

	use Clean_Slate;

	private const HOOKS = array(
		'jetonomy_pro_conversation_created',
		'jetonomy_pro_message_sent',
		'jetonomy_pro_dm_received',
		'jetonomy_pro_message_notified',
		'jetonomy_pro_conversation_archived',
		'jetonomy_pro_conversation_blocked',
		'jetonomy_pro_conversation_left',
		'jetonomy_pro_conversation_purged',
	);

	/**
	 * Delivers events twice and gives the calls of each hook that was called.
	 *
	 * @param array ...$events The events, without id, time and conversation.
	 */
	private function calls_of( array ...$events ): array {
		array_map( fn( string $hook ) => $this->record( $hook ), self::HOOKS );

		foreach ( $events as $i => $event ) {
			$events[ $i ] += array(
				'id'              => 101 + $i,
				'created_at'      => time(),
				'conversation_id' => 7,
			);
		}

		foreach ( array( 1, 2 ) as $time ) {
			foreach ( $this->deliver( ...$events ) as $result ) {
				$this->assertSame( array( 'ok' => true ), $result );
			}
		}

		$calls = array_combine( self::HOOKS, array_map( array( $this, 'calls' ), self::HOOKS ) );

		return array_filter( $calls );
	}

	/**
	 * A message of member1 to member2, member3 (muted) and member4 (has read it).
	 */
	private function message(): array {
		$id = fn( string $login ): int => $this->user( $login )->ID;

		return array(
			'type'            => 'message.sent',
			'user_id'         => $id( 'member1' ),
			'message_id'      => 55,
			'participant_ids' => array( $id( 'member2' ), $id( 'member3' ), $id( 'member4' ) ),
			'recipient_ids'   => array( $id( 'member2' ), $id( 'member4' ) ),
			'unread_ids'      => array( $id( 'member2' ) ),
			'preview'         => 'Hello & <b>',
		);
	}

	public function test_created(): void {
		$this->assertSame(
			array( 'jetonomy_pro_conversation_created' => array( array( 7, 2, array( 2, 3, 4 ) ) ) ),
			$this->calls_of(
				array(
					'type'            => 'conversation.created',
					'user_id'         => 2,
					'participant_ids' => array( 2, 3, 4 ),
				)
			)
		);
	}

	public function test_sent(): void {
		$id = fn( int $n ): int => $this->user( "member$n" )->ID;

		$this->assertSame(
			array(
				'jetonomy_pro_message_sent'     => array( array( 55, 7, $id( 1 ) ) ),
				'jetonomy_pro_dm_received'      => array(
					array( 55, 7, $id( 1 ), $id( 2 ) ),
					array( 55, 7, $id( 1 ), $id( 3 ) ),
					array( 55, 7, $id( 1 ), $id( 4 ) ),
				),
				'jetonomy_pro_message_notified' => array( array( 7, $id( 1 ), 'Hello & <b>' ) ),
			),
			$this->calls_of( $this->message() )
		);
	}

	public function test_what_is_done_of_an_event_that_failed_is_not_done_again(): void {
		array_map( fn( string $hook ) => $this->record( $hook ), self::HOOKS );

		$id     = fn( int $n ): int => $this->user( "member$n" )->ID;
		$broken = $id( 2 );
		$ends   = static function ( $message_id, $conversation_id, $sender_id, $recipient_id ) use ( &$broken ): void {
			if ( $recipient_id === $broken ) {
				throw new RuntimeException( 'broken' );
			}
		};

		add_action( 'jetonomy_pro_dm_received', $ends, 20, 4 );

		$event = $this->message() + array(
			'id'              => 101,
			'created_at'      => time(),
			'conversation_id' => 7,
		);

		foreach ( array( false, false, true ) as $is_ok ) {
			$broken = $is_ok ? 0 : $broken;

			$this->assertSame( $is_ok, $this->deliver( $event )[101]['ok'] );
			$this->assertCount( 1, $this->calls( 'jetonomy_pro_message_sent' ) );
			$this->assertCount( 1, $this->calls( 'jetonomy_pro_message_notified' ), 'it waits for nobody' );
		}

		$this->assertSame(
			array( $id( 2 ), $id( 3 ), $id( 4 ), $id( 2 ), $id( 2 ) ),
			array_column( $this->calls( 'jetonomy_pro_dm_received' ), 3 )
		);
		$this->assertFalse( get_option( 'jetonomy_sidecar_event_steps' ), 'nothing is kept of what is done' );
	}

	public function test_what_is_done_is_known_when_the_process_ends_in_the_middle(): void {
		$this->record( 'jetonomy_pro_message_sent' );

		add_action(
			'jetonomy_pro_dm_received',
			static function (): void {
				// What PHP calls at the end of the process; nothing after it counts.
				foreach ( debug_backtrace() as $frame ) { // phpcs:ignore
					if ( ( $frame['object'] ?? null ) instanceof Event_Batch ) {
						$frame['object']->release_open();
						break;
					}
				}

				throw new RuntimeException( 'the end' );
			}
		);

		$event = $this->message() + array(
			'id'              => 101,
			'created_at'      => time(),
			'conversation_id' => 7,
		);

		$this->deliver( $event );
		$this->assertSame( array( 101 => array( 'sent', 'announced', 'notified' ) ), get_option( 'jetonomy_sidecar_event_steps' ) );

		remove_all_actions( 'jetonomy_pro_dm_received' );
		$this->assertTrue( $this->deliver( $event )[101]['ok'] );
		$this->assertCount( 1, $this->calls( 'jetonomy_pro_message_sent' ) );
	}

	public function test_sent_with_nobody_to_notify(): void {
		$calls = $this->calls_of( array( 'recipient_ids' => array() ) + $this->message() );

		$this->assertArrayNotHasKey( 'jetonomy_pro_message_notified', $calls );
		$this->assertCount( 3, $calls['jetonomy_pro_dm_received'] );
	}

	public function test_sent_while_the_extension_is_off(): void {
		$this->switch_extension( false );

		$calls = $this->calls_of( $this->message() );

		$this->assertCount( 1, $calls['jetonomy_pro_message_sent'] );
		$this->assertCount( 3, $calls['jetonomy_pro_dm_received'] );
		$this->assertArrayNotHasKey( 'jetonomy_pro_message_notified', $calls );
	}

	/**
	 * @dataProvider simple
	 * @param array  $event     The event.
	 * @param string $hook      The hook.
	 * @param array  $arguments Its arguments.
	 */
	public function test_simple( array $event, string $hook, array $arguments ): void {
		$this->assertSame( array( $hook => array( $arguments ) ), $this->calls_of( $event ) );
	}

	/**
	 * Events that only fire a hook.
	 */
	public function simple(): array {
		$event = static fn( string $type, array $more = array() ): array => $more + array(
			'type'    => $type,
			'user_id' => 2,
		);

		return array(
			'archived'   => array( $event( 'conversation.archived', array( 'value' => true ) ), 'jetonomy_pro_conversation_archived', array( 7, 2, true ) ),
			'unarchived' => array( $event( 'conversation.archived', array( 'value' => false ) ), 'jetonomy_pro_conversation_archived', array( 7, 2, false ) ),
			'blocked'    => array(
				$event(
					'conversation.blocked',
					array(
						'participant_ids' => array( 3 ),
						'value'           => true,
					)
				),
				'jetonomy_pro_conversation_blocked',
				array( 7, 2, true, 3 ),
			),
			'unblocked'  => array(
				$event(
					'conversation.blocked',
					array(
						'participant_ids' => array( 3 ),
						'value'           => false,
					)
				),
				'jetonomy_pro_conversation_blocked',
				array( 7, 2, false, 3 ),
			),
			'left'       => array( $event( 'conversation.left', array( 'message_id' => 9 ) ), 'jetonomy_pro_conversation_left', array( 7, 2 ) ),
			'purged'     => array( $event( 'conversation.purged', array( 'participant_ids' => array( 3, 4 ) ) ), 'jetonomy_pro_conversation_purged', array( 7, 2 ) ),
		);
	}

	public function test_events_without_a_hook(): void {
		$this->assertSame(
			array(),
			$this->calls_of(
				array(
					'type'       => 'conversation.read',
					'user_id'    => 2,
					'message_id' => 9,
					'unread_ids' => array( 2 ),
				),
				array(
					'type'            => 'participants.added',
					'user_id'         => 2,
					'participant_ids' => array( 3 ),
				),
				array( 'type' => 'something.new' )
			)
		);
	}

	public function test_hooks_fire_for_nobody(): void {
		$user = null;

		add_action(
			'jetonomy_pro_conversation_left',
			static function () use ( &$user ): void {
				$user = get_current_user_id();
			}
		);

		$this->calls_of(
			array(
				'type'    => 'conversation.left',
				'user_id' => 2,
			)
		);

		$this->assertSame( 0, $user );
	}
}
