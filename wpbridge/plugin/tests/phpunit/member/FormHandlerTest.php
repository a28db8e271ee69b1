<?php
/**
 * The forms of the members' pages.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Member\Form_Handler;
use Jetonomy_Sidecar\Urls;
use WP_Error;

require_once __DIR__ . '/member-page-case.php';

/**
 * Every form needs its own nonce and somebody who is signed in, is passed on once, and leads back to where
 * the member was. What was refused is not lost.
 */
final class FormHandlerTest extends Member_Page_Case {

	/**
	 * Messages that the service has taken, by client key.
	 *
	 * @var string[]
	 */
	private array $taken = array();

	/**
	 * All forms.
	 *
	 * @return array[] Task, the call it makes and its body without the client key, and where it leads.
	 */
	public function forms(): array {
		$there = static fn( string $done ): callable => static fn(): string => add_query_arg( 'done', $done, Urls::conversation( 7 ) );
		$inbox = static fn( string $done ): callable => static fn(): string => add_query_arg( 'done', $done, Urls::inbox() );

		return array(
			'send'      => array( 'send', '/7/messages', array( 'content' => 'Hello' ), static fn(): string => Urls::conversation( 7 ) . '#latest' ),
			'start'     => array( 'start', '', array( 'recipients' => array( 'member2' ), 'message' => 'Hello' ), static fn(): string => Urls::conversation( 7 ) . '#latest' ), // phpcs:ignore
			'read all'  => array( 'read_all', '/read-all', array(), $inbox( 'read_all' ) ),
			'mute'      => array( 'mute', '/7/mute', array( 'muted' => true ), $there( 'mute' ) ),
			'unmute'    => array( 'unmute', '/7/mute', array( 'muted' => false ), $there( 'unmute' ) ),
			'archive'   => array( 'archive', '/7/archive', array( 'archived' => true ), $inbox( 'archive' ) ),
			'unarchive' => array( 'unarchive', '/7/archive', array( 'archived' => false ), $there( 'unarchive' ) ),
			'block'     => array( 'block', '/7/block', array( 'blocked' => true ), $there( 'block' ) ),
			'unblock'   => array( 'unblock', '/7/block', array( 'blocked' => false ), $there( 'unblock' ) ),
			'report'    => array( 'report', '/7/report', array( 'reason' => 'spam', 'note' => 'Look' ), $there( 'report' ) ), // phpcs:ignore
			'leave'     => array( 'leave', '/7/leave', array(), $inbox( 'leave' ) ),
			'unread'    => array( 'unread', '/7/read', array( 'unread' => true ), $inbox( 'unread' ) ),
		);
	}

	/**
	 * A form as its page has it, filled in.
	 *
	 * @param string $task What it does.
	 * @param array  $more Other values by field.
	 */
	private function form( string $task, array $more = array() ): array {
		$html = '<form>' . $this->output_of( static fn() => Form_Handler::print_fields( $task, in_array( $task, array( 'start', 'read_all' ), true ) ? 0 : 7 ) );

		return $more + $this->fields( $html, $task ) + array(
			'to'      => 'member2',
			'title'   => '',
			'message' => 'Hello',
			'reason'  => 'spam',
			'note'    => 'Look',
		);
	}

	/**
	 * Answers as the service does: a client key that was used before gives the first answer again, with another
	 * text a conflict.
	 */
	private function have_a_service(): void {
		$this->fake_service(
			function ( string $method, string $path, ?array $body ) {
				if ( 'GET' === $method ) {
					return str_ends_with( $path, '/7' )
						? array(
							'id'    => 7,
							'title' => 'Tea',
							'type'  => 'direct',
						)
						: array( 'data' => array() );
				}

				$text = $body['content'] ?? $body['message'] ?? null;

				if ( '' === $text ) {
					return $this->http_answer( 400, array( 'code' => 'rest_invalid_param', 'message' => 'Write <something>.' ) ); // phpcs:ignore
				}

				if ( null !== $text ) {
					$first = $this->taken[ $body['client_key'] ] ?? $text;

					if ( $first !== $text ) {
						return $this->http_answer( 409, array( 'code' => 'jetonomy_idempotency_conflict', 'message' => 'The key was used before.' ) ); // phpcs:ignore
					}

					$this->taken[ $body['client_key'] ] = $text;
				}

				return array( 'conversation_id' => 7 );
			}
		);
	}

	/**
	 * @dataProvider forms
	 */
	public function test_a_form_is_passed_on_and_leads_back( string $task, string $path, array $body, callable $location ): void {
		$this->have_a_service();
		$this->sign_in( 'member1' );

		$form = $this->form( $task );
		$end  = $this->send( $form );

		if ( isset( $body['recipients'] ) ) {
			$body['recipients'] = array( $this->user( 'member2' )->ID );
		}

		if ( 'read_all' !== $task ) {
			$body['client_key'] = $form['client_key'];
		}

		$call = $this->changes()[0];
		$this->assertSame( array( $location(), 303 ), array( $end->location, $end->status ) );
		$this->assertCount( 1, $this->changes() );
		$this->assertSame( array( 'POST', '/jetonomy/v1/conversations' . $path ), array( $call['method'], $call['path'] ) );
		$this->assertEquals( $body, $call['json'] );
		$this->assertMatchesRegularExpression( '/^[0-9a-f-]{36}$/', $form['client_key'] );

		list( , $claims ) = explode( '.', substr( $call['headers']['Authorization'], strlen( 'Bearer ' ) ) );
		$this->assertSame( (string) $this->user( 'member1' )->ID, json_decode( (string) base64_decode( strtr( $claims, '-_', '+/' ) ), true )['sub'] );
	}

	/**
	 * @dataProvider forms
	 */
	public function test_a_form_needs_its_own_nonce( string $task ): void {
		$this->have_a_service();
		$this->sign_in( 'member2' );
		$anothers = $this->form( $task )['_wpnonce'];

		$this->sign_in( 'member1' );
		$bad = array(
			'none'         => array( '_wpnonce' => '' ),
			'any'          => array( '_wpnonce' => wp_create_nonce( 'wp_rest' ) ),
			'another task' => array( '_wpnonce' => $this->form( 'mute' === $task ? 'block' : 'mute' )['_wpnonce'] ),
			'another id'   => array( 'conversation' => '8' ),
			'another\'s'   => array( '_wpnonce' => $anothers ),
		);

		foreach ( $bad as $name => $fields ) {
			$this->assertSame( 403, $this->send( $this->form( $task, $fields ) )->status, $name );
		}

		$this->assertSame( array(), $this->service_calls );
	}

	/**
	 * @dataProvider forms
	 */
	public function test_a_form_needs_somebody_who_is_signed_in( string $task ): void {
		$this->have_a_service();
		$this->sign_in( 'member1' );
		$form = $this->form( $task );
		$this->be( null );
		$end = $this->send( $form );

		if ( isset( $form['message'] ) ) {
			$this->assertSame( 403, $end->status );
		} else {
			$this->assertSame( wp_login_url( 'read_all' === $task ? Urls::inbox() : Urls::conversation( 7 ) ), $end->location );
		}

		$this->assertSame( array(), $this->service_calls );
	}

	public function test_a_message_typed_in_a_session_that_ended_is_given_back(): void {
		$this->have_a_service();
		$this->sign_in( 'member1' );
		$form = $this->form( 'send', array( 'message' => ( "First line\n</textarea><b>'second'" ) ) );
		$this->be( null );
		$end = $this->send( $form );

		$this->assertSame( 403, $end->status );
		$this->assertStringContainsString( "First line\n&lt;/textarea&gt;&lt;b&gt;&#039;second&#039;</textarea>", $end->getMessage() );
		$this->assertStringContainsString( esc_url( wp_login_url( Urls::conversation( 7 ) ) ), $end->getMessage() );
		$this->assertSame( array(), $this->service_calls );
	}

	public function test_a_message_with_a_nonce_of_yesterday_is_given_back(): void {
		$this->have_a_service();
		$this->sign_in( 'member1' );
		$end = $this->send( $this->form( 'start', array( 'message' => 'Hello', '_wpnonce' => 'abcdef0123' ) ) ); // phpcs:ignore

		$this->assertSame( 403, $end->status );
		$this->assertStringContainsString( '>Hello</textarea>', $end->getMessage() );
		$this->assertStringContainsString( esc_url( Urls::compose( '' ) ), $end->getMessage() );
		$this->assertSame( array(), $this->service_calls );
	}

	/**
	 * @dataProvider forms
	 */
	public function test_a_form_does_nothing_while_the_extension_is_off( string $task ): void {
		$this->have_a_service();
		$this->sign_in( 'member1' );
		$form = $this->form( $task );
		$this->switch_extension( false );

		$this->assertSame( 404, $this->send( $form )->status );
		$this->assertSame( array(), $this->changes() );
	}

	public function test_an_unknown_task_does_nothing(): void {
		$this->have_a_service();
		$this->sign_in( 'member1' );

		foreach ( array( 'explode', '', 'send' ) as $task ) {
			$end = $this->send( $this->form( $task, array( 'conversation' => '0', '_wpnonce' => wp_create_nonce( Form_Handler::ACTION . ":$task:0" ) ) ) ); // phpcs:ignore
			$this->assertSame( Urls::inbox(), $end->location );
		}

		$this->assertSame( array(), $this->changes() );
	}

	public function test_a_form_that_is_sent_twice_is_one_message(): void {
		$this->have_a_service();
		$this->sign_in( 'member1' );

		foreach ( array( 'send' => $this->open( Urls::conversation( 7 ) ), 'start' => $this->open( Urls::compose( 'member2' ) ) ) as $task => $html ) { // phpcs:ignore
			$form  = array( 'message' => 'Hello', 'to' => 'member2', 'title' => '' ) + $this->fields( $html, $task ); // phpcs:ignore
			$count = count( $this->taken );

			$this->assertSame( $this->send( $form )->location, $this->send( $form )->location );
			$this->assertCount( $count + 1, $this->taken, $task );
		}
	}

	public function test_a_form_of_a_new_page_is_another_message(): void {
		$this->have_a_service();
		$this->sign_in( 'member1' );

		for ( $n = 1; $n <= 2; $n++ ) {
			$this->send( array( 'message' => 'Hello' ) + $this->fields( $this->open( Urls::conversation( 7 ) ), 'send' ) );
			$this->assertCount( $n, $this->taken );
		}
	}

	public function test_what_was_typed_arrives_as_it_is(): void {
		$this->have_a_service();
		$this->sign_in( 'member1' );
		$this->send( $this->form( 'send', array( 'message' => "  \\'\"<b>%20&amp;\r\n\t\u{1F600} " ) ) );

		$this->assertSame( "  \\'\"<b>%20&amp;\n\t\u{1F600} ", $this->changes()[0]['json']['content'] );
	}

	public function test_an_unknown_recipient_keeps_the_form(): void {
		$this->have_a_service();
		$this->sign_in( 'member1' );

		$form = $this->form( 'start', array( 'to' => 'member2, <nobody>', 'title' => 'A "title"', 'message' => "One\n</textarea>" ) ); // phpcs:ignore
		$end  = $this->send( $form );

		$this->assertSame( Urls::compose( '' ), $end->location );
		$this->assertSame( array(), $this->changes() );

		$html = $this->open( $end->location );
		$this->assertStringContainsString( 'role="alert" id="jt-msg-error">There is no member with this login: &lt;nobody&gt;</p>', $html );
		$this->assertStringContainsString( 'name="to" type="text" value="member2, &lt;nobody&gt;"', $html );
		$this->assertStringContainsString( 'value="A &quot;title&quot;"', $html );
		$this->assertStringContainsString( ">\nOne\n&lt;/textarea&gt;</textarea>", $html );

		// It is theirs alone, and on this page alone.
		$this->assertStringNotContainsString( '&lt;nobody&gt;', $this->open( Urls::compose( 'member3' ) ) );
		$this->assertStringNotContainsString( 'jt-msg-error', $this->open( Urls::conversation( 7 ) ) );
		$this->sign_in( 'member2' );
		$this->assertStringNotContainsString( '&lt;nobody&gt;', $this->open( Urls::compose( '' ) ) );

		// Corrected, it goes out and is gone.
		$this->sign_in( 'member1' );
		$html = $this->open( Urls::compose( '' ) );
		$end  = $this->send( array( 'to' => 'member2', 'title' => '', 'message' => 'One' ) + $this->fields( $html, 'start' ) ); // phpcs:ignore
		$this->assertSame( Urls::conversation( 7 ) . '#latest', $end->location );
		$this->assertStringNotContainsString( '&lt;nobody&gt;', $this->open( Urls::compose( '' ) ) );
	}

	public function test_a_refusal_keeps_the_reply_and_says_why(): void {
		$this->have_a_service();
		$this->sign_in( 'member1' );
		$this->fake_service(
			fn( string $method, string $path ) => match ( true ) {
				'POST' === $method => $this->http_answer( 403, array( 'code' => 'jetonomy_new', 'message' => 'Unable to send <message>' ) ), // phpcs:ignore
				str_ends_with( $path, '/7' ) => array( 'id' => 7, 'type' => 'direct' ), // phpcs:ignore
				default            => array( 'data' => array() ),
			}
		);

		$form = $this->form( 'send', array( 'message' => 'Please' ) );
		$end  = $this->send( $form );
		$this->assertSame( Urls::conversation( 7 ) . '#reply', $end->location );

		$html = $this->open( $end->location );
		$this->assertStringContainsString( 'Unable to send &lt;message&gt;', $html );
		$this->assertStringContainsString( ">\nPlease</textarea>", $html );
		$this->assertNotSame( $form['client_key'], $this->fields( $html, 'send' )['client_key'], 'it is another try' );
	}

	public function test_without_an_answer_the_next_try_is_the_same_message(): void {
		$this->sign_in( 'member1' );

		$form = $this->form( 'send', array( 'message' => 'Is it there?' ) );
		$this->fake_service( static fn() => new WP_Error( 'http_request_failed', 'Operation timed out' ) );
		$end = $this->send( $form );
		$this->assertSame( Urls::conversation( 7 ) . '#reply', $end->location );

		$html  = $this->open( $end->location );
		$again = $this->fields( $html, 'send' );
		$this->assertStringContainsString( 'Messages cannot be reached', $html );
		$this->assertStringContainsString( ">\nIs it there?</textarea>", $html, 'the form is there although the conversation is not' );
		$this->assertSame( $form['client_key'], $again['client_key'] );

		// It had arrived, and is sent with another text now.
		$this->have_a_service();
		$this->taken[ $form['client_key'] ] = 'Is it there?';
		$end                                = $this->send( array( 'message' => 'Something else' ) + $again );
		$html                               = $this->open( $end->location );
		$this->assertStringContainsString( 'that message has arrived', $html );
		$this->assertStringContainsString( ">\nSomething else</textarea>", $html );

		// Sent once more it is a message of its own.
		$this->send( array( 'message' => 'Something else' ) + $this->fields( $html, 'send' ) );
		$this->assertSame( array( 'Is it there?', 'Something else' ), array_values( $this->taken ) );
	}

	public function test_a_refused_report_is_shown_again_as_it_was_typed(): void {
		$this->sign_in( 'member1' );
		$this->fake_service(
			fn( string $method, string $path ) => match ( true ) {
				'POST' === $method => $this->http_answer( 400, array( 'code' => 'rest_invalid_param', 'message' => 'Say <what> is wrong.' ) ), // phpcs:ignore
				str_ends_with( $path, '/7' ) => array( 'id' => 7, 'type' => 'direct' ), // phpcs:ignore
				default            => array( 'data' => array() ),
			}
		);
		$this->assertStringNotContainsString( 'id="report" open', $this->open( Urls::conversation( 7 ) ) );

		$end = $this->send( $this->form( 'report', array( 'reason' => 'other', 'note' => 'It is <b>odd</b>' ) ) ); // phpcs:ignore
		$this->assertSame( Urls::conversation( 7 ) . '#report', $end->location );

		$html = $this->open( $end->location );
		$this->assertStringContainsString( 'id="report" open', $html );
		$this->assertStringContainsString( 'Say &lt;what&gt; is wrong.', $html );
		$this->assertStringContainsString( ">\nIt is &lt;b&gt;odd&lt;/b&gt;</textarea>", $html );
		$this->assertMatchesRegularExpression( '/value="other" required\s+checked/', $html );
	}

	public function test_what_is_typed_into_one_form_outlives_the_others(): void {
		$this->sign_in( 'member1' );
		$refuses = true;
		$this->fake_service(
			function ( string $method, string $path ) use ( &$refuses ) {
				return match ( true ) {
					'POST' === $method && $refuses => $this->http_answer( 400, array( 'code' => 'rest_invalid_param', 'message' => 'Not this.' ) ), // phpcs:ignore
					'POST' === $method   => array( 'conversation_id' => 8 ),
					str_ends_with( $path, '/7' ) => array( 'id' => 7, 'type' => 'direct' ), // phpcs:ignore
					default              => array( 'data' => array() ),
				};
			}
		);

		$this->send( $this->form( 'send', array( 'message' => 'A long reply' ) ) );
		$html = $this->open( $this->send( $this->form( 'report', array( 'note' => 'A long note' ) ) )->location ); // phpcs:ignore
		$this->assertStringContainsString( ">\nA long reply</textarea>", $html );
		$this->assertStringContainsString( ">\nA long note</textarea>", $html );

		$this->send( $this->form( 'mute' ) );
		$refuses = false;
		$this->send( $this->form( 'start' ) );
		$html = $this->open( Urls::conversation( 7 ) );
		$this->assertStringContainsString( ">\nA long reply</textarea>", $html, 'after a message elsewhere' );
		$this->assertStringContainsString( ">\nA long note</textarea>", $html );

		$this->send( $this->form( 'report' ) );
		$html = $this->open( Urls::conversation( 7 ) );
		$this->assertStringContainsString( ">\nA long reply</textarea>", $html, 'after the report' );
		$this->assertStringNotContainsString( 'A long note', $html );

		$this->send( $this->form( 'send', array( 'message' => 'A reply' ) ) );
		$this->assertStringNotContainsString( 'A long reply', $this->open( Urls::conversation( 7 ) ) );
	}

	public function test_a_refusal_does_not_stand_beside_a_later_success(): void {
		$this->sign_in( 'member1' );
		$this->fake_service(
			fn( string $method, string $path ) => match ( true ) {
				str_ends_with( $path, '/messages' ) && 'POST' === $method => $this->http_answer( 403, array( 'code' => 'jetonomy_cannot_message', 'message' => 'Unable to send message' ) ), // phpcs:ignore
				str_ends_with( $path, '/messages' ) => array( 'data' => array() ),
				default => array( 'id' => 7, 'type' => 'direct' ), // phpcs:ignore
			}
		);

		$this->assertStringContainsString( 'Unable to send message', $this->open( $this->send( $this->form( 'send' ) )->location ) );

		$html = $this->open( $this->send( $this->form( 'unblock' ) )->location );
		$this->assertStringContainsString( 'No longer blocked.', $html );
		$this->assertStringNotContainsString( 'role="alert"', $html );
		$this->assertStringContainsString( ">\nHello</textarea>", $html, 'what was typed is there still' );
	}

	public function test_an_unsaid_refusal_waits_for_its_page(): void {
		$this->have_a_service();
		$this->sign_in( 'member1' );
		$this->send( $this->form( 'start', array( 'to' => 'nobody' ) ) );

		$this->assertStringNotContainsString( 'jt-msg-error', $this->open( Urls::compose( 'member2' ) ) );
		$this->assertStringContainsString( 'There is no member with this login: nobody', $this->open( Urls::compose( '' ) ) );
	}

	public function test_the_unread_mark_leads_to_the_list_that_the_conversation_is_in(): void {
		$this->sign_in( 'member1' );

		foreach ( array( array( true, Urls::archive() ), array( false, Urls::inbox() ) ) as list( $is_archived, $url ) ) {
			$this->fake_service( static fn(): array => array( 'id' => 7, 'is_archived' => $is_archived ) ); // phpcs:ignore
			$this->assertSame( add_query_arg( 'done', 'unread', $url ), $this->send( $this->form( 'unread' ) )->location );
		}

		$this->fake_service( static fn(): array => array( 'id' => 7, 'is_archived' => true ) ); // phpcs:ignore
		$this->assertSame( add_query_arg( 'done', 'archive', Urls::inbox() ), $this->send( $this->form( 'archive' ) )->location );
	}

	public function test_a_note_with_a_nonce_of_yesterday_is_given_back(): void {
		$this->have_a_service();
		$this->sign_in( 'member1' );
		$end = $this->send( $this->form( 'report', array( '_wpnonce' => 'old', 'note' => 'They <threaten> me' ) ) ); // phpcs:ignore
		$this->assertSame( array(), $this->changes() );
		$this->assertStringContainsString( 'They &lt;threaten&gt; me', $end->getMessage() );
	}

	public function test_an_action_that_fails_says_why(): void {
		$this->sign_in( 'member1' );
		$this->fake_service(
			fn( string $method, string $path ) => match ( true ) {
				'POST' === $method => $this->http_answer( 403, array( 'code' => 'jetonomy_new', 'message' => 'Moderators & you' ) ), // phpcs:ignore
				str_ends_with( $path, '/7' ) => array( 'id' => 7, 'type' => 'direct' ), // phpcs:ignore
				default            => array( 'data' => array() ),
			}
		);

		foreach ( array( 'block', 'leave', 'read_all' ) as $task ) {
			$end = $this->send( $this->form( $task ) );
			$this->assertSame( add_query_arg( 'done', 'failed', 'read_all' === $task ? Urls::inbox() : Urls::conversation( 7 ) ), $end->location );
			$this->assertStringContainsString( '<p class="jt-msg-notice jt-msg-notice-error" role="alert">Moderators &amp; you</p>', $this->open( $end->location ), $task );
		}
	}

	public function test_a_page_has_the_forms_of_its_conversation(): void {
		$this->sign_in( 'member1' );
		$tasks = function ( array $conversation ): array {
			$this->fake_service( static fn( string $method, string $path ): array => str_ends_with( $path, '/7' ) ? $conversation + array( 'id' => 7 ) : array( 'data' => array() ) );
			preg_match_all( '/name="task" value="([^"]+)"/', $this->open( Urls::conversation( 7 ) ), $found );

			return $found[1];
		};

		$this->assertSame( array( 'unread', 'mute', 'archive', 'block', 'send', 'report' ), $tasks( array( 'type' => 'direct' ) ) );
		$this->assertSame( array( 'unread', 'unmute', 'unarchive', 'unblock', 'send', 'report' ), $tasks( array( 'type' => 'direct', 'is_muted' => true, 'is_archived' => true, 'is_blocked' => true ) ) ); // phpcs:ignore
		$this->assertSame( array( 'unread', 'mute', 'archive', 'leave', 'send', 'report' ), $tasks( array( 'type' => 'group' ) ) );
	}
}
