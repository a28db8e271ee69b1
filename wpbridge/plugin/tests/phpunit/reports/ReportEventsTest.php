<?php
/**
 * What moderators decided.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Reports\Activity_Lines;
use Jetonomy_Sidecar\Reports\Notices;
use Jetonomy_Sidecar\Reports\Silence;

require_once dirname( __DIR__ ) . '/events/clean-slate.php';

/**
 * Events about reports and about the access log: who is told what, and what is done, once.
 */
final class ReportEventsTest extends Site_Test_Case {

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
	 * @param string $login The account.
	 */
	private function id( string $login ): int {
		return $this->user( $login )->ID;
	}

	/**
	 * An event.
	 *
	 * @param string $type       Its type.
	 * @param int[]  $recipients Its recipients.
	 * @param array  $more       What else it has.
	 */
	private function event( string $type, array $recipients = array(), array $more = array() ): array {
		return $more + array(
			'id'              => $this->next++,
			'type'            => $type,
			'created_at'      => time(),
			'conversation_id' => 0,
			'user_id'         => 0,
			'report_id'       => 12,
			'recipient_ids'   => $recipients,
		);
	}

	/**
	 * Delivers an event twice, and once more as if the first had not been noted as handled.
	 *
	 * @param array $event The event.
	 */
	private function happens( array $event ): void {
		global $wpdb;

		foreach ( array( false, true, false ) as $is_noted ) {
			if ( ! $is_noted ) {
				$wpdb->query( "DELETE FROM `{$wpdb->prefix}jt_sidecar_handled`" );
			}

			$this->assertSame( array( $event['id'] => array( 'ok' => true ) ), $this->deliver( $event ) );
		}
	}

	/**
	 * The bell rows by moderators of a member.
	 *
	 * @param int $user_id The member.
	 */
	private function bells( int $user_id ): array {
		return $this->rows(
			'jt_notifications',
			array(
				'user_id'     => $user_id,
				'type'        => Notices::TYPE,
				'object_type' => 'message',
			)
		);
	}

	/**
	 * The silences of a member.
	 *
	 * @param int $user_id The member.
	 */
	private function silences( int $user_id ): array {
		return $this->rows(
			'jt_restrictions',
			array(
				'user_id' => $user_id,
				'type'    => 'silence',
			)
		);
	}

	/**
	 * The words for a member, by event type.
	 */
	private function words(): array {
		return array(
			'report.reviewed' => 'A moderator has reviewed the private message that you reported. Thank you for telling us.',
			'report.warned'   => 'A moderator warns you: private messages that you sent break the rules of this site. If it happens again, your account may be restricted.',
		);
	}

	/**
	 * @group jetonomy
	 */
	public function test_a_bell_that_names_nobody(): void {
		$told = $this->record( 'jetonomy_notification_created' );
		$time = time() - 90;

		foreach ( $this->words() as $type => $text ) {
			$member = $this->make_user();
			$this->happens( $this->event( $type, array( $member->ID ), array( 'created_at' => $time ) ) );

			$rows = $this->bells( $member->ID );
			$this->assertCount( 1, $rows, $type );
			$this->assertSame( $text, $rows[0]['message'] );
			$this->assertSame( array( '0', '0', '0' ), array( (string) $rows[0]['actor_id'], (string) $rows[0]['object_id'], (string) $rows[0]['is_read'] ) );
			$this->assertSame( gmdate( 'Y-m-d H:i:s', $time ), $rows[0]['created_at'] );
		}

		$this->assertCount( 2, $told );
		$this->assertSame( array(), $this->mails() );
	}

	/**
	 * @group plain
	 */
	public function test_a_mail_where_there_is_no_bell(): void {
		$subjects = array(
			'report.reviewed' => 'Your report was reviewed',
			'report.warned'   => 'A warning from the moderators',
		);

		foreach ( $this->words() as $type => $text ) {
			$member = $this->make_user( 'subscriber', array( 'display_name' => 'Some "Body"' ) );
			$this->assertSame( array( 1 => array( 'ok' => true ) ), $this->deliver( array( 'id' => 1 ) + $this->event( $type, array( $member->ID ) ) ) );
			$this->assertSame( array( 1 => array( 'ok' => true ) ), $this->deliver( array( 'id' => 1 ) + $this->event( $type, array( $member->ID ) ) ) );

			$mails = $this->mails( $member->user_email );
			$this->assertCount( 1, $mails, $type );
			$this->assertStringEndsWith( '] ' . $subjects[ $type ], $mails[0]['subject'] );
			$this->assertStringContainsString( $text, $mails[0]['message'] );
			$this->assertStringContainsString( 'Hello Some "Body",', $mails[0]['message'] );
			$this->assertContains( 'Content-Type: text/plain; charset=UTF-8', $mails[0]['headers'] );

			$this->assertSame( array(), $this->bells( $member->ID ) );

			$GLOBALS['wpdb']->query( "DELETE FROM `{$GLOBALS['wpdb']->prefix}jt_sidecar_handled`" );
		}
	}

	/**
	 * @group plain
	 */
	public function test_a_mail_that_is_refused_is_tried_again(): void {
		$this->mail_works( false );
		$event = $this->event( 'report.reviewed', array( $this->id( 'member1' ) ) );

		$this->assertSame( array( $event['id'] => array( 'ok' => false, 'error' => 'the mail was not accepted for sending' ) ), $this->deliver( $event ) );

		$this->mail_works( true );
		$this->assertSame( array( $event['id'] => array( 'ok' => true ) ), $this->deliver( $event ) );
	}

	/**
	 * Whoever did what: the texts have no name and no link to a conversation, in no language and in no place.
	 */
	public function test_nothing_tells_who_reported(): void {
		$reporter = $this->make_user( 'subscriber', array( 'user_login' => 'reporter_canary', 'display_name' => 'Reporter Canary' ) );
		$member   = $this->make_user();
		$given    = $this->record( 'jetonomy_notification_created' );

		$this->deliver( $this->event( 'report.warned', array( $member->ID ), array( 'reporter_id' => $reporter->ID ) ) );

		$everything = wp_json_encode( array( $this->bells( $member->ID ), $this->mails(), $given->getArrayCopy() ) );
		$this->assertStringNotContainsStringIgnoringCase( 'canary', $everything );
		$this->assertDoesNotMatchRegularExpression( '#messages\\\\?/\d|jetonomy_slug#', $everything );
		$this->assertCount( 1, array_merge( $this->bells( $member->ID ), $this->mails( $member->user_email ) ) );
	}

	/**
	 * @group jetonomy
	 */
	public function test_silences_through_jetonomy(): void {
		$moderator = $this->id( 'moderator' );
		$member    = $this->make_user();
		$time      = time() - 60;

		$this->happens(
			$this->event(
				'report.silenced',
				array( $member->ID ),
				array(
					'user_id'    => $moderator,
					'days'       => 7,
					'created_at' => $time,
				)
			)
		);

		$rows = $this->silences( $member->ID );
		$this->assertCount( 1, $rows );
		$this->assertSame( gmdate( 'Y-m-d H:i:s', $time + 7 * DAY_IN_SECONDS ), $rows[0]['expires_at'] );
		$this->assertSame( array( (string) $moderator, 'Report 12 of a private message' ), array( (string) $rows[0]['issued_by'], $rows[0]['reason'] ) );
		$this->assertNull( $rows[0]['space_id'] );

		$bells = $this->bells( $member->ID );
		$this->assertCount( 1, $bells );
		$this->assertStringContainsString( 'until ' . wp_date( get_option( 'date_format' ), $time + 7 * DAY_IN_SECONDS ), $bells[0]['message'] );
		$this->assertSame( '0', (string) $bells[0]['actor_id'] );
	}

	/**
	 * @group jetonomy
	 */
	public function test_a_silence_without_an_end_and_one_that_is_over(): void {
		$member = $this->make_user();

		$this->happens( $this->event( 'report.silenced', array( $member->ID ), array( 'days' => 0 ) ) );
		$this->assertNull( $this->silences( $member->ID )[0]['expires_at'] );
		$this->assertStringNotContainsString( 'until', $this->bells( $member->ID )[0]['message'] );

		$late = $this->make_user();
		$this->happens(
			$this->event(
				'report.silenced',
				array( $late->ID ),
				array(
					'days'       => 1,
					'created_at' => time() - 2 * DAY_IN_SECONDS,
				)
			)
		);
		$this->assertSame( array(), $this->silences( $late->ID ) );
		$this->assertSame( array(), $this->bells( $late->ID ) );
	}

	/**
	 * @group plain
	 */
	public function test_without_jetonomy_nobody_is_silenced(): void {
		$event = $this->event( 'report.silenced', array( $this->id( 'member1' ) ), array( 'days' => 7 ) );

		$this->assertSame(
			array( $event['id'] => array( 'ok' => false, 'error' => 'Jetonomy is not active: nobody can be silenced' ) ),
			$this->deliver( $event )
		);
		$this->assertFalse( Silence::is_possible() );
		$this->assertSame( array(), $this->mails() );
	}

	/**
	 * @group jetonomy
	 */
	public function test_a_line_in_the_activity_log_without_the_conversation_as_its_object(): void {
		$event = $this->event(
			'access.logged',
			array(),
			array(
				'user_id'  => $this->id( 'admin' ),
				'entry_id' => 345678,
				'entry'    => array(
					'action'          => 'open',
					'reason'          => 'court_order',
					'conversation_id' => 77,
					'member_id'       => 0,
				),
			)
		);

		$this->happens( $event );

		$rows = $this->rows( 'jt_activity_log', array( 'object_id' => 345678 ) );
		$this->assertCount( 1, $rows );
		$this->assertSame( array( Activity_Lines::ACTION, Activity_Lines::OBJECT_TYPE ), array( $rows[0]['action'], $rows[0]['object_type'] ) );
		$this->assertSame( (string) $this->id( 'admin' ), (string) $rows[0]['user_id'] );
		$this->assertSame(
			array(
				'what'            => 'open',
				'reason'          => 'court_order',
				'conversation_id' => 77,
			),
			json_decode( $rows[0]['metadata'], true )
		);
	}

	/**
	 * @group plain
	 */
	public function test_without_jetonomy_there_is_no_line(): void {
		$this->happens( $this->event( 'access.logged', array(), array( 'user_id' => $this->id( 'admin' ), 'entry_id' => 345678, 'entry' => array( 'action' => 'open' ) ) ) );

		$this->assertSame( array(), $this->rows( 'jt_activity_log', array( 'object_id' => 345678 ) ) );
	}

	/**
	 * @group jetonomy
	 */
	public function test_with_the_extension_off_the_ruling_holds_and_nobody_is_notified(): void {
		$this->switch_extension( false );
		$member = $this->make_user();

		$this->happens( $this->event( 'report.reviewed', array( $member->ID ) ) );
		$this->happens( $this->event( 'report.warned', array( $member->ID ) ) );
		$this->happens( $this->event( 'report.silenced', array( $member->ID ), array( 'days' => 3 ) ) );

		$this->assertSame( array(), $this->bells( $member->ID ) );
		$this->assertCount( 1, $this->silences( $member->ID ) );
	}

	public function test_an_account_that_is_gone_is_left_out(): void {
		$this->happens( $this->event( 'report.reviewed', array( 999999 ) ) );
		$this->happens( $this->event( 'report.warned', array( 999999 ) ) );

		$this->assertSame( array(), array_merge( $this->bells( 999999 ), $this->mails() ) );
	}
}
