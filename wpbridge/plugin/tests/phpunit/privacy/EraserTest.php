<?php
/**
 * The eraser of personal data.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Member\Draft;
use Jetonomy_Sidecar\Notify\Preferences;
use WP_Error;

require_once dirname( __DIR__ ) . '/events/clean-slate.php';

/**
 * What WordPress erases of a member's private messages.
 */
final class EraserTest extends Site_Test_Case {

	use Clean_Slate;

	private const CANARY = 'canary-in-the-coal-mine';

	/**
	 * Erases as Tools → Erase Personal Data does.
	 *
	 * @param string $email Whose.
	 */
	private function erase( string $email ): array|WP_Error {
		$page = 0;

		do {
			$answer = apply_filters( 'wp_privacy_personal_data_erasers', array() )['jetonomy-sidecar']['callback']( $email, ++$page );
		} while ( is_array( $answer ) && ! $answer['done'] && $page < 10 );

		return $answer;
	}

	/**
	 * A row in a bell.
	 *
	 * @param int    $user_id  Whose bell.
	 * @param int    $actor_id Who did it.
	 * @param string $type     Column object_type.
	 */
	private function ring( int $user_id, int $actor_id, string $type = 'message' ): void {
		global $wpdb;

		$wpdb->insert(
			$wpdb->prefix . 'jt_notifications',
			array(
				'user_id'     => $user_id,
				'actor_id'    => $actor_id,
				'type'        => 'message' === $type ? Preferences::TYPE : 'reply',
				'object_type' => $type,
				'object_id'   => 7,
				'message'     => 'message' === $type ? self::CANARY : 'about a reply',
				'created_at'  => '2026-01-01 00:00:00',
			)
		);
	}

	/**
	 * Tables and columns that hold the canary.
	 *
	 * @return string[]
	 */
	private function canaries(): array {
		global $wpdb;

		$found = array();

		foreach ( $wpdb->get_col( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $wpdb->prefix ) . '%' ) ) as $table ) {
			foreach ( $wpdb->get_col( "SHOW COLUMNS FROM `$table`" ) as $column ) {
				if ( $wpdb->get_var( $wpdb->prepare( "SELECT 1 FROM `$table` WHERE INSTR( CAST( `$column` AS BINARY ), %s ) > 0 LIMIT 1", self::CANARY ) ) ) {
					$found[] = "$table.$column";
				}
			}
		}

		return $found;
	}

	/**
	 * Nothing that WordPress keeps of a member's messages is left: not in a table, not in an option.
	 */
	public function test_leaves_no_trace_of_the_canary(): void {
		$member = $this->user( 'member1' );
		$other  = $this->user( 'member2' );

		$this->ring( $member->ID, $other->ID );
		$this->ring( $other->ID, $member->ID );
		Draft::keep( $member->ID, 'start', array( 'text' => self::CANARY ) );
		update_user_meta( $member->ID, 'jetonomy_sidecar_anything', self::CANARY );
		$this->assertCount( 3, array_unique( array_map( fn( $place ) => strtok( $place, '.' ), $this->canaries() ) ), 'notifications, options, user meta' );

		$this->fake_service( fn() => array( 'removed' => 2, 'done' => true ) );
		$answer = $this->erase( $member->user_email );

		$this->assertSame( array(), $this->canaries() );
		$this->assertTrue( $answer['items_removed'] );
		$this->assertFalse( $answer['items_retained'] );
		$this->assertNotEmpty( $answer['messages'] );
		$this->assertSame( array(), $this->mails() );
	}

	/**
	 * A member who wants no mail gets none after an erasure either. The account stays, and so does the choice.
	 */
	public function test_the_choice_of_notifications_stays(): void {
		$member = $this->user( 'member1' );

		( new Preferences() )->choose( $member->ID, array( Preferences::EMAIL => false ) );
		update_user_meta( $member->ID, 'jetonomy_sidecar_anything', 'x' );
		$this->fake_service( fn() => array( 'removed' => 0, 'done' => true ) ); // phpcs:ignore

		$answer = $this->erase( $member->user_email );

		$this->assertFalse( ( new Preferences() )->is_on( $member->ID, Preferences::EMAIL ) );
		$this->assertSame( '', get_user_meta( $member->ID, 'jetonomy_sidecar_anything', true ) );
		$this->assertStringContainsString( 'which notifications they want', $answer['messages'][0] );
		$this->assertFalse( $this->erase( $member->user_email )['items_removed'], 'it is not counted either' );
	}

	/**
	 * What a legal hold or a report keeps is said, at the end.
	 */
	public function test_what_is_retained_is_said(): void {
		$email = $this->user( 'member1' )->user_email;

		$this->fake_service( fn() => array( 'removed' => 1, 'done' => false ) ); // phpcs:ignore
		$answer = $this->erase( $email );
		$this->assertFalse( $answer['items_retained'] );
		$this->assertSame( array(), $answer['messages'] );

		$this->fake_service( fn() => array( 'removed' => 0, 'done' => true, 'retained' => 3 ) ); // phpcs:ignore
		$answer = $this->erase( $email );
		$this->assertTrue( $answer['done'] );
		$this->assertTrue( $answer['items_retained'] );
		$this->assertCount( 2, $answer['messages'] );
		$this->assertStringContainsString( '3 messages had to stay', $answer['messages'][1] );
		$this->assertStringContainsString( 'legal hold', $answer['messages'][1] );
		$this->assertStringContainsString( 'nothing to repeat', $answer['messages'][1] );
	}

	/**
	 * Only rows about private messages, by or for the member, are deleted.
	 */
	public function test_other_rows_of_the_bell_stay(): void {
		$member = $this->user( 'member1' );
		$other  = $this->user( 'member2' );

		$this->ring( $other->ID, $this->user( 'member3' )->ID );
		$this->ring( $other->ID, $member->ID, 'reply' );
		$this->ring( $member->ID, $other->ID, 'reply' );
		update_user_meta( $other->ID, Preferences::META, array( 'email' => 0 ) );
		$before = $this->rows( 'jt_notifications' );

		$this->fake_service( fn() => array( 'removed' => 0, 'done' => true ) );
		$answer = $this->erase( $member->user_email );

		$this->assertSame( $before, $this->rows( 'jt_notifications' ) );
		$this->assertSame( array( 'email' => 0 ), get_user_meta( $other->ID, Preferences::META, true ) );
		$this->assertFalse( $answer['items_removed'] );
	}

	/**
	 * The sidecar is asked until it is done.
	 */
	public function test_repeats_until_the_sidecar_is_done(): void {
		$member = $this->user( 'member1' );
		$left   = 3;

		$this->fake_service(
			function () use ( &$left ) {
				return array( 'removed' => 500, 'done' => 0 === --$left );
			}
		);

		$this->assertTrue( $this->erase( $member->user_email )['done'] );
		$this->assertSame( array_fill( 0, 3, '/jetonomy-sidecar/v1/members/erase' ), array_column( $this->service_calls, 'path' ) );
		$this->assertSame( array( 'user_id' => $member->ID ), $this->service_calls[2]['json'] );
	}

	/**
	 * A request that could not be fulfilled must stay open.
	 */
	public function test_a_sidecar_that_is_down_is_an_error(): void {
		$member = $this->user( 'member1' );
		update_user_meta( $member->ID, Preferences::META, array( 'email' => 0 ) );

		foreach ( array( new WP_Error( 'http_request_failed', 'down' ), $this->http_answer( 503 ), $this->http_answer( 404 ) ) as $response ) {
			$this->fake_service( fn() => $response );
			$this->assertInstanceOf( WP_Error::class, $this->erase( $member->user_email ) );
		}

		$this->assertSame( array( 'email' => 0 ), get_user_meta( $member->ID, Preferences::META, true ) );
	}

	/**
	 * An address without an account has nothing.
	 */
	public function test_an_unknown_address_has_nothing(): void {
		$this->assertTrue( $this->erase( 'nobody@example.test' )['done'] );
		$this->assertSame( array(), $this->service_calls );
	}

	/**
	 * Jetonomy's eraser takes names off the rows that ours has to find.
	 */
	public function test_comes_before_all_others(): void {
		$erasers = apply_filters( 'wp_privacy_personal_data_erasers', array( 'jetonomy' => array() ) );

		$this->assertSame( 'jetonomy-sidecar', array_key_first( $erasers ) );
		$this->assertArrayHasKey( 'jetonomy', $erasers );
	}

	/**
	 * The names of groups are kept with nobody's name, and stay: the owner reads it, and so do members in the
	 * policy, with all else that is not erased.
	 */
	public function test_what_stays_is_said(): void {
		$this->fake_service( fn() => array( 'removed' => 1, 'done' => true ) ); // phpcs:ignore

		$this->assertStringContainsString( 'Names of groups', $this->erase( $this->user( 'member1' )->user_email )['messages'][0] );

		$policy = ( new \Jetonomy_Sidecar\Privacy\Policy_Text() )->text();

		foreach ( array( 'names of groups', 'reported', 'required by law' ) as $kept ) {
			$this->assertStringContainsString( $kept, $policy );
		}
	}

	/**
	 * How long messages are kept is what the setting says.
	 */
	public function test_the_policy_follows_the_retention_setting(): void {
		$policy = new \Jetonomy_Sidecar\Privacy\Policy_Text();

		$this->assertStringContainsString( 'We keep messages until they are deleted.', $policy->text() );

		$this->set_settings( array( 'retention_months' => 18 ) );

		$this->assertStringContainsString( 'in which nobody has written for 18 months', $policy->text() );
		$this->assertStringNotContainsString( 'We keep messages until they are deleted.', $policy->text() );
	}

	/**
	 * The policy says who can read.
	 */
	public function test_the_policy_says_that_owners_can_read(): void {
		$this->assertStringContainsString( 'the people who run this site can read conversations', ( new \Jetonomy_Sidecar\Privacy\Policy_Text() )->text() );
	}
}
