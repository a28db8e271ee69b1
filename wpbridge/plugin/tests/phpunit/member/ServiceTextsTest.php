<?php
/**
 * What the service says, in the reader's language.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Member\Form_Handler;
use Jetonomy_Sidecar\Member\Service_Texts;
use Jetonomy_Sidecar\Urls;
use ReflectionClass;

require_once __DIR__ . '/member-page-case.php';

/**
 * Refusals, notes and erased messages on the pages without JavaScript. The language of these tests puts what is
 * translated into brackets.
 */
final class ServiceTextsTest extends Member_Page_Case {

	protected function setUp(): void {
		parent::setUp();

		add_filter( 'gettext_jetonomy-sidecar', static fn( string $text ): string => "[$text]" );
		add_filter( 'ngettext_jetonomy-sidecar', static fn( string $text ): string => "[$text]" );
	}

	/**
	 * Refusals as the service answers with them, and what is shown.
	 */
	public static function refusals(): array {
		$invalid = static fn( string $param, string $sentence ): array => array( 'rest_invalid_param', "Invalid parameter(s): $param", array( 'params' => array( $param => $sentence ) ) );

		return array(
			'not theirs'        => array( array( 'jetonomy_forbidden', 'You are not part of this conversation.', array() ), '[You are not part of this conversation.]' ),
			'silenced'          => array( array( 'jetonomy_forbidden', 'Your account is silenced. You can read your conversations, but not write for now.', array() ), '[Your account is silenced. You can read your conversations, but not write for now.]' ),
			'trust'             => array( array( 'jetonomy_forbidden', 'Private messages need trust level 3. Take part in the community to reach it.', array() ), '[Private messages need trust level 3. Take part in the community to reach it.]' ),
			'refused'           => array( array( 'jetonomy_cannot_message', 'Unable to send message', array() ), '[Unable to send message]' ),
			'banned'            => array( array( 'jetonomy_user_banned', 'Your account is banned. You can read your conversations, but not write.', array() ), '[Your account is banned. You can read your conversations, but not write.]' ),
			'unverified'        => array( array( 'jetonomy_pending_verification', 'Please verify your e-mail address first. The link is in the mail we sent you.', array() ), '[Please verify your e-mail address first. The link is in the mail we sent you.]' ),
			'moderator'         => array( array( 'jetonomy_cannot_block_moderator', 'Moderators cannot be blocked, so that they stay reachable.', array() ), '[Moderators cannot be blocked, so that they stay reachable.]' ),
			'too many'          => array( array( 'jetonomy_too_many_participants', 'A conversation can have at most 20 participants, you included.', array() ), '[A group can have at most 20 people, you included.]' ),
			'too fast'          => array( array( 'jetonomy_rate_limited', 'You are sending too fast. Please try again in 1 seconds.', array( 'retry_after' => 1 ) ), '[You have reached a limit. Please wait 1 second.]' ),
			'a day\'s limit'     => array( array( 'jetonomy_rate_limited', 'You are sending too fast. Please try again in 86000 seconds.', array( 'retry_after' => 86000 ) ), '[You have reached a limit. Please wait 24 hours.]' ),
			'too long'          => array( $invalid( 'content', 'The message is 10001 characters long; at most 10000 can be sent at once.' ), '[The message is 10001 characters long; at most 10000 can be sent at once.]' ),
			'blank'             => array( $invalid( 'content', 'The message is empty. Write something that can be seen.' ), '[The message is empty. Write something that can be seen.]' ),
			'to oneself'        => array( $invalid( 'recipients', 'Name at least one other member to write to.' ), '[Name at least one other member to write to.]' ),
			'title'             => array( $invalid( 'title', 'The title can have at most 120 characters.' ), '[The title can have at most 120 characters.]' ),
			'search'            => array( $invalid( 'search', 'Search for at most 64 characters.' ), '[Search for at most 64 characters.]' ),
			'report: no reason' => array( $invalid( 'reason', 'reason is not one of spam harassment threat illegal other.' ), '[Choose one of these.]' ),
			'report: no note'   => array( $invalid( 'note', 'Say in a few words what is wrong.' ), '[Say in a few words what is wrong.]' ),
			'report: long note' => array( $invalid( 'note', 'The note is 1001 characters long; at most 1000 are kept.' ), '[The note is 1001 characters long; at most 1000 are kept.]' ),
			'a new sentence'    => array( $invalid( 'title', 'The title can have at most 120 characters & no more.' ), 'The title can have at most 120 characters & no more.' ),
			'two inputs'        => array( array( 'rest_invalid_param', 'Invalid parameter(s): a, b', array( 'params' => array( 'a' => 'No a.', 'b' => 'No b.' ) ) ), 'No a.' ), // phpcs:ignore
			'no sentence'       => array( array( 'rest_invalid_param', 'Invalid parameter(s): a', array( 'params' => 'a' ) ), 'Invalid parameter(s): a' ),
			'a new code'        => array( array( 'jetonomy_new', 'Something new.', array() ), 'Something new.' ),
		);
	}

	/**
	 * @dataProvider refusals
	 */
	public function test_a_refusal_says_what_is_wrong_in_the_readers_language( array $refusal, string $shown ): void {
		list( $code, $message, $data ) = $refusal;

		$this->sign_in( 'member1' );
		$this->fake_service( fn() => $this->http_answer( 400, array( 'code' => $code, 'message' => $message, 'data' => array( 'status' => 400 ) + $data ) ) ); // phpcs:ignore

		$fields = $this->output_of( static fn() => Form_Handler::print_fields( 'start' ) );
		$end    = $this->send( array( 'to' => 'member2', 'title' => '', 'message' => 'Hello' ) + $this->fields( "<form>$fields", 'start' ) ); // phpcs:ignore

		$this->assertStringContainsString( 'role="alert" id="jt-msg-error">' . esc_html( $shown ) . '</p>', $this->open( $end->location ) );
		$this->assertStringContainsString( 'role="alert">' . esc_html( $shown ) . '</p>', $this->open( add_query_arg( 'search', 'x', Urls::inbox() ) ) );
	}

	/**
	 * What stands here twice is the same: the service's sentences, and the inbox's reading of codes.
	 */
	public function test_the_service_says_this(): void {
		$root    = dirname( __DIR__, 5 );
		$service = '';

		foreach ( new \RegexIterator( new \RecursiveIteratorIterator( new \RecursiveDirectoryIterator( "$root/messaging", \FilesystemIterator::SKIP_DOTS ) ), '/(?<!_test)\.go$/' ) as $file ) {
			$service .= file_get_contents( (string) $file );
		}

		$texts     = new ReflectionClass( Service_Texts::class );
		$call      = static fn( string $method ): array => $texts->getMethod( $method )->invoke( null );
		$sentences = array( ...array_keys( $call( 'sentences' ) ), ...array_column( $call( 'numbered' ), 'plural' ), $texts->getConstant( 'FORMER_MEMBER' ), $texts->getConstant( 'DELETED_USER' ) );

		foreach ( $sentences as $sentence ) {
			$this->assertStringContainsString( '"' . preg_replace( '/%\d\$d/', '%d', $sentence ) . '"', $service );
		}

		$inbox = (string) file_get_contents( "$root/wpbridge/inbox/src/ui/problems.ts" );

		foreach ( $texts->getConstant( 'BY_CODE' ) as $code => $key ) {
			$this->assertStringContainsString( "$code: '$key'", $inbox );
			$this->assertStringContainsString( "\"$code\"", $service );
		}
	}

	public function test_notes_and_erased_messages(): void {
		$this->sign_in( 'member1' );

		$message = static fn( string $plain, bool $is_system ): array => array(
			'id'            => 1,
			'is_system'     => $is_system,
			'sender_name'   => 'Deleted User',
			'content'       => 'Message deleted' === $plain ? "<p dir=\"auto\"><em>$plain</em></p>" : "<p dir=\"auto\">$plain</p>",
			'content_plain' => $plain,
		);

		$this->fake_service(
			static fn( string $method, string $path ): array => str_ends_with( $path, '/7' )
				? array(
					'id'           => 7,
					'type'         => 'group',
					'title'        => 'Tea',
					'participants' => array( array( 'display_name' => 'Deleted User' ) ),
				)
				: array(
					'data' => array(
						$message( 'Member 5 left the conversation', true ),
						$message( 'A former member left the conversation', true ),
						$message( 'Member 5 added A former member', true ),
						$message( 'Message deleted', true ),
						$message( 'Message deleted', false ),
						$message( 'Member 5 left the conversation', false ),
						$message( 'Something new', true ),
					),
				)
		);

		$html = $this->open( Urls::conversation( 7 ) );

		foreach ( array( '[Member 5 left the conversation]', '[[A former member] left the conversation]', '[Member 5 added [A former member]]', '[Message deleted]', 'Something new' ) as $text ) {
			$this->assertStringContainsString( "<span dir=\"auto\">$text</span>", $html );
		}

		$this->assertStringContainsString( '<p dir="auto"><em>[Message deleted]</em></p>', $html );
		$this->assertStringContainsString( '<p dir="auto">Member 5 left the conversation</p>', $html, 'as a member wrote it' );
		$this->assertStringContainsString( '<strong dir="auto">[Deleted User]</strong>', $html );
		$this->assertStringContainsString( '<span dir="auto">[Deleted User]</span>', $html, 'among the people' );
	}

	public function test_previews(): void {
		$this->sign_in( 'member1' );

		$previews = array(
			'Member 5 left the conversation'        => '[Member 5 left the conversation]',
			'A former member added Member 5'        => '[[A former member] added Member 5]',
			'Member 6 left the conversation'        => 'Member 6 left the conversation',
			'My last guest left the conversation'   => 'My last guest left the conversation',
			'Message deleted'                       => '[Message deleted]',
		);

		$this->fake_service(
			static fn(): array => array(
				'data' => array_map(
					static fn( string $preview ): array => array(
						'id'                   => 7,
						'type'                 => 'group',
						'title'                => 'Deleted User',
						'last_message_preview' => $preview,
						'participants'         => array( array( 'display_name' => 'Member 5' ) ),
					),
					array_keys( $previews )
				),
			)
		);

		$html = $this->open( Urls::inbox() );

		foreach ( $previews as $shown ) {
			$this->assertStringContainsString( "<span class=\"jt-msg-row-preview\" dir=\"auto\">$shown</span>", $html );
		}

		$this->assertStringContainsString( '<span class="jt-msg-row-title" dir="auto">[Deleted User]</span>', $html );
	}
}
