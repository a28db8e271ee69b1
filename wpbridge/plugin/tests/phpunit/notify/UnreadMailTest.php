<?php
/**
 * Mail about unread messages.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Notify\Preferences;
use Jetonomy_Sidecar\Notify\Unsubscribe_Link;
use Jetonomy_Sidecar\Urls;

require_once dirname( __DIR__ ) . '/events/clean-slate.php';

/**
 * Who gets mail, what it says, and how it ends.
 */
final class UnreadMailTest extends Site_Test_Case {

	use Clean_Slate;

	private const TEXT = 'The canary & <b>its</b> "song"';

	/**
	 * Delivers a mail that is due.
	 *
	 * @param int        $user_id       To whom.
	 * @param array|null $conversations About what; null for one.
	 * @param int        $event_id      The event's id.
	 * @param array      $more          What else the event has.
	 */
	private function due( int $user_id, ?array $conversations = null, int $event_id = 1, array $more = array() ): array {
		return $this->deliver(
			$more + array(
				'id'              => $event_id,
				'type'            => 'mail.due',
				'created_at'      => time(),
				'conversation_id' => 0,
				'user_id'         => $user_id,
				'conversations'   => $conversations ?? array( $this->conversation() ),
			)
		)[ $event_id ];
	}

	/**
	 * A conversation with something unread.
	 *
	 * @param array $more What differs.
	 */
	private function conversation( array $more = array() ): array {
		return $more + array(
			'conversation_id' => 7,
			'title'           => '',
			'sender_id'       => $this->user( 'member1' )->ID,
			'sender_name'     => 'Anna <3',
			'unread_count'    => 2,
			'preview'         => self::TEXT,
			'last_message_at' => time(),
		);
	}

	/**
	 * The headers of a mail as one text.
	 *
	 * @param array $mail The mail.
	 */
	private function headers( array $mail ): string {
		return implode( "\n", (array) $mail['headers'] );
	}

	/**
	 * The member whom mails are for.
	 */
	private function member(): \WP_User {
		return $this->user( 'member2' );
	}

	public function test_one_mail_once(): void {
		$this->assertSame( array( 'ok' => true ), $this->due( $this->member()->ID ) );
		$this->assertSame( array( 'ok' => true ), $this->due( $this->member()->ID ) );

		$this->assertCount( 1, $this->mails() );
		$mail = $this->mails( $this->member()->user_email )[0];

		$this->assertStringContainsString( '2 new messages from Anna <3', $mail['subject'] );
		$this->assertStringNotContainsString( 'canary', $mail['subject'] );
		$this->assertStringContainsString( esc_html( self::TEXT ), $mail['message'] );
		$this->assertStringNotContainsString( '<b>its</b>', $mail['message'] );
		$this->assertStringContainsString( esc_url( Urls::conversation( 7 ) ), $mail['message'] );
		$this->assertStringContainsString( 'Content-Type: text/html; charset=UTF-8', $this->headers( $mail ) );
		$this->assertMatchesRegularExpression( '/^List-Unsubscribe: <https?:\S+>$/m', $this->headers( $mail ) );
		$this->assertMatchesRegularExpression( '/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m', $this->headers( $mail ) );
	}

	public function test_has_a_plain_alternative(): void {
		$mailer = new \stdClass();

		add_filter(
			'pre_wp_mail',
			static function ( $answer ) use ( $mailer ) {
				do_action( 'phpmailer_init', $mailer );

				return $answer;
			}
		);

		$this->due( $this->member()->ID );

		$this->assertStringContainsString( self::TEXT, $mailer->AltBody ); // phpcs:ignore
		$this->assertStringContainsString( Urls::conversation( 7 ), $mailer->AltBody ); // phpcs:ignore

		$mailer->AltBody = ''; // phpcs:ignore
		do_action( 'phpmailer_init', $mailer );
		$this->assertSame( '', $mailer->AltBody, 'other mails are left alone' ); // phpcs:ignore
	}

	/**
	 * By the way out that WordPress has by itself, PHP's mail(), too: PHPMailer would encode each header of more
	 * than 47 bytes there, and mail programs do not take a link in such a one.
	 *
	 * @testWith ["mail"]
	 *           ["smtp"]
	 */
	public function test_the_link_in_the_header_is_not_encoded( string $way ): void {
		$sent = '';

		add_filter( 'pre_wp_mail', '__return_null', PHP_INT_MAX );
		add_action(
			'phpmailer_init',
			static function ( $mailer ) use ( $way, &$sent ): void {
				$mailer->Mailer = $way; // phpcs:ignore
				$mailer->preSend();
				$sent = str_replace( "\r\n", "\n", $mailer->getSentMIMEMessage() );
				$mailer->clearAllRecipients(); // It goes to nobody.
			},
			PHP_INT_MAX
		);

		$this->due( $this->member()->ID );

		$this->assertSame( 1, preg_match_all( '/^List-Unsubscribe: <http\S+>$/m', $sent ), $sent );
		$this->assertSame( 1, preg_match_all( '/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m', $sent ) );
		$this->assertStringContainsString( 'multipart/alternative', $sent );
	}

	/**
	 * What sends the site's other mails is the same after as before, and a mailer of another plugin's sends ours.
	 */
	public function test_the_sites_mailer_stays(): void {
		global $phpmailer;

		require_once ABSPATH . WPINC . '/PHPMailer/PHPMailer.php';
		require_once ABSPATH . WPINC . '/PHPMailer/Exception.php';

		$before = $phpmailer ?? null;
		$others = new class( true ) extends \PHPMailer\PHPMailer\PHPMailer {};
		$used   = null;

		add_filter(
			'pre_wp_mail',
			static function ( $answer ) use ( &$used ) {
				$used = $GLOBALS['phpmailer'] ?? null;

				return $answer;
			}
		);

		try {
			foreach ( array( null, new \PHPMailer\PHPMailer\PHPMailer( true ), $others ) as $n => $mailer ) {
				$phpmailer = $mailer; // phpcs:ignore WordPress.WP.GlobalVariablesOverride
				( new \Jetonomy_Sidecar\Notify\Mail_Transport() )->within( static fn(): bool => wp_mail( 'member2@example.test', 'x', 'x' ) );
				$this->assertSame( $mailer, $phpmailer );
				$this->assertSame( 2 === $n, $used === $others );
			}
		} finally {
			$phpmailer = $before; // phpcs:ignore WordPress.WP.GlobalVariablesOverride
		}
	}

	public function test_several_conversations_in_one_mail(): void {
		$this->due(
			$this->member()->ID,
			array(
				$this->conversation(),
				$this->conversation(
					array(
						'conversation_id' => 8,
						'title'           => 'Trip',
						'sender_name'     => 'Bea',
						'unread_count'    => 1,
						'preview'         => 'When?',
					)
				),
			)
		);

		$mail = $this->mails()[0];
		$this->assertStringContainsString( '3 new messages in 2 conversations', $mail['subject'] );
		$this->assertStringContainsString( 'Bea in “Trip”', $mail['message'] );
		$this->assertStringContainsString( 'When?', $mail['message'] );
		$this->assertStringContainsString( esc_url( Urls::inbox() ), $mail['message'] );
	}

	/**
	 * Who wrote last in a group need not have written all that is unread.
	 *
	 * @testWith [1, "1 new message from Bea in “Trip”", "When?"]
	 *           [2, "2 new messages in “Trip”", "Bea: When?"]
	 *           [1200, "1,200 new messages in “Trip”", "Bea: When?"]
	 */
	public function test_a_conversation_with_a_title( int $unread, string $summary, string $quotation ): void {
		$trip = $this->conversation(
			array(
				'title'        => 'Trip',
				'sender_name'  => 'Bea',
				'unread_count' => $unread,
				'preview'      => 'When?',
			)
		);

		$this->due( $this->member()->ID, array( $trip ) );
		$this->due( $this->member()->ID, array( array( 'preview' => '' ) + $trip ), 2 );

		foreach ( $this->mails() as $n => $mail ) {
			$this->assertStringEndsWith( "] $summary", $mail['subject'] );
			$this->assertStringContainsString( "$summary.", $mail['message'] );
			$this->assertSame( 0 === $n, str_contains( $mail['message'], $quotation ) );
			$this->assertSame( $unread > 1 && 0 === $n, str_contains( $mail['message'], 'Bea:' ) );
			$this->assertStringNotContainsString( 'messages from', $mail['message'] );
		}
	}

	public function test_titles_in_a_list(): void {
		$trip = $this->conversation(
			array(
				'conversation_id' => 8,
				'title'           => 'Trip',
				'sender_name'     => 'Bea',
				'preview'         => 'When?',
			)
		);

		$this->due( $this->member()->ID, array( $this->conversation(), $trip ) );
		$this->set_settings( array( 'mail_text' => 0 ) );
		$this->due( $this->member()->ID, array( $this->conversation(), $trip ), 2 );

		list( $quoting, $silent ) = array_map(
			static fn( array $mail ): string => (string) preg_replace( '/\s+/', ' ', wp_strip_all_tags( str_replace( '<br', ' <br', $mail['message'] ) ) ),
			$this->mails()
		);

		$this->assertMatchesRegularExpression( '/Anna &lt;3 \(2\):? The canary/', $quoting );
		$this->assertMatchesRegularExpression( '/ Trip \(2\):? Bea: When\?/', $quoting );
		$this->assertStringContainsString( ' Trip (2)', $silent );
		$this->assertStringNotContainsString( 'Bea', $silent );
	}

	/**
	 * A member with more unread conversations than a mail names gets the right numbers all the same.
	 */
	public function test_counts_what_is_not_named(): void {
		$named = array_map( fn( int $id ): array => $this->conversation( array( 'conversation_id' => $id ) ), range( 1, 10 ) );

		$this->due(
			$this->member()->ID,
			$named,
			1,
			array(
				'totals' => array(
					'conversations' => 1025,
					'messages'      => 1361,
				),
			)
		);

		$mail = $this->mails()[0];
		$this->assertStringContainsString( '1,361 new messages in 1,025 conversations', $mail['subject'] );
		$this->assertStringContainsString( 'And 1,015 more conversations.', $mail['message'] );

		$this->due(
			$this->member()->ID,
			array( $this->conversation() ),
			2,
			array(
				'totals' => array(
					'conversations' => 2,
					'messages'      => 3,
				),
			)
		);

		$mail = $this->mails()[1];
		$this->assertStringContainsString( '3 new messages in 2 conversations', $mail['subject'] );
		$this->assertStringContainsString( 'And 1 more conversation.', $mail['message'] );
		$this->assertStringContainsString( esc_url( Urls::inbox() ), $mail['message'] );
	}

	public function test_line_breaks_make_no_headers(): void {
		$this->due( $this->member()->ID, array( $this->conversation( array( 'sender_name' => "Eve\r\nBcc: all@example.test" ) ) ) );

		$mail = $this->mails()[0];
		$this->assertDoesNotMatchRegularExpression( '/[\r\n]/', $mail['subject'] );
		$this->assertStringNotContainsString( 'Bcc', $this->headers( $mail ) );
	}

	/**
	 * @dataProvider ways_to_turn_text_off
	 * @param callable $off Turns it off for a member.
	 */
	public function test_text_can_be_turned_off( callable $off ): void {
		$off = $off->bindTo( $this, self::class );
		$off( $this->member()->ID );

		$alternative = new \stdClass();
		add_filter(
			'pre_wp_mail',
			static function ( $answer ) use ( $alternative ) {
				do_action( 'phpmailer_init', $alternative );

				return $answer;
			}
		);

		$this->due( $this->member()->ID );

		$mail = $this->mails()[0];
		$this->assertStringNotContainsString( 'canary', $mail['message'] . $mail['subject'] . $this->headers( $mail ) . $alternative->AltBody ); // phpcs:ignore
		$this->assertStringContainsString( 'Anna', $mail['message'] );
	}

	/**
	 * Ways.
	 */
	public function ways_to_turn_text_off(): array {
		return array(
			'by the site'   => array(
				function (): void {
					$this->set_settings( array( 'mail_text' => 0 ) );
				},
			),
			'by the member' => array(
				function ( int $user_id ): void {
					( new Preferences() )->choose( $user_id, array( 'text' => false ) );
				},
			),
		);
	}

	public function test_not_for_who_wants_none(): void {
		( new Preferences() )->choose( $this->member()->ID, array( 'email' => false ) );
		$this->assertSame( array( 'ok' => true ), $this->due( $this->member()->ID ) );

		update_user_meta( $this->user( 'member3' )->ID, 'jetonomy_email_opt_out', 1 );
		$this->assertSame( array( 'ok' => true ), $this->due( $this->user( 'member3' )->ID, null, 2 ) );

		$this->assertSame( array(), $this->mails() );
	}

	public function test_the_owner_cannot_override_a_choice(): void {
		$defaults = static fn( bool $email ) => update_option(
			'jetonomy_settings',
			array( 'notification_defaults' => array( 'private_message' => array( 'email' => $email ) ) ) + (array) get_option( 'jetonomy_settings', array() )
		);

		$defaults( true );
		( new Preferences() )->choose( $this->member()->ID, array( 'email' => false ) );
		$this->due( $this->member()->ID );
		$this->assertCount( 0, $this->mails() );

		$defaults( false );
		( new Preferences() )->choose( $this->member()->ID, array( 'email' => true ) );
		$this->due( $this->member()->ID, null, 2 );
		$this->assertCount( 1, $this->mails() );

		$this->due( $this->user( 'member4' )->ID, null, 3 );
		$this->assertCount( 1, $this->mails(), 'the default holds where nothing was chosen' );
	}

	public function test_not_for_deleted_or_without_address(): void {
		$this->assertSame( array( 'ok' => true ), $this->due( 999999 ) );

		$nobody = $this->make_user( 'subscriber', array( 'user_email' => '' ) );
		$this->assertSame( array( 'ok' => true ), $this->due( $nobody->ID, null, 2 ) );
		$this->assertSame( array( 'ok' => true ), $this->due( $this->member()->ID, array(), 3 ) );

		$this->assertSame( array(), $this->mails() );
	}

	/**
	 * The service may not have noticed the switch yet.
	 */
	public function test_a_mail_waits_while_the_extension_is_off(): void {
		$this->switch_extension( false );
		$this->assertSame(
			array(
				'ok'    => false,
				'error' => 'the extension is off',
			),
			$this->due( $this->member()->ID )
		);
		$this->assertSame( array(), $this->mails() );

		$this->switch_extension( true );
		$this->assertSame( array( 'ok' => true ), $this->due( $this->member()->ID ) );
		$this->assertCount( 1, $this->mails() );
	}

	/**
	 * @group jetonomy
	 */
	public function test_not_for_the_banned(): void {
		global $wpdb;

		$wpdb->insert(
			$wpdb->prefix . 'jt_restrictions',
			array(
				'user_id' => $this->member()->ID,
				'type'    => 'global_ban',
			)
		);
		\Jetonomy\Models\Restriction::reset_memo();

		$this->due( $this->member()->ID );
		\Jetonomy\Models\Restriction::reset_memo();

		$this->assertSame( array(), $this->mails() );
	}

	public function test_a_mail_that_is_not_accepted_is_tried_again(): void {
		$this->mail_works( false );
		$result = $this->due( $this->member()->ID );

		$this->assertFalse( $result['ok'] );
		$this->assertStringNotContainsString( 'canary', $result['error'] );

		$this->mail_works( true );
		$this->assertSame( array( 'ok' => true ), $this->due( $this->member()->ID ) );
		$this->assertCount( 1, $this->mails() );
	}

	public function test_is_in_the_recipients_language(): void {
		$locales = array();

		// The site's is another one.
		add_filter( 'locale', static fn(): string => 'de_DE', 1 );
		update_user_meta( $this->member()->ID, 'locale', 'en_US' );
		$this->assertSame( 'de_DE', determine_locale() );
		add_filter(
			'pre_wp_mail',
			static function ( $answer ) use ( &$locales ) {
				$locales[] = determine_locale();

				return $answer;
			}
		);
		$this->due( $this->member()->ID );

		$this->assertSame( array( 'en_US' ), $locales );
		$this->assertFalse( is_locale_switched() );
	}

	/**
	 * The link of a mail as the query of a request.
	 */
	private function open_link(): void {
		$this->due( $this->member()->ID );
		preg_match( '/^List-Unsubscribe: <(\S+)>$/m', $this->headers( $this->mails()[0] ), $matches );
		parse_str( (string) wp_parse_url( $matches[1], PHP_URL_QUERY ), $_GET );
	}

	/**
	 * @group plain
	 */
	public function test_links_to_unsubscribe_end(): void {
		$user_id = $this->member()->ID;
		$query   = static fn( int $expires ): array => array(
			'jetonomy_sidecar_unsubscribe' => hash_hmac( 'sha256', "jetonomy-sidecar unsubscribe\n{$user_id}\n{$expires}", wp_salt() ),
			'jetonomy_sidecar_expires'     => (string) $expires,
			'uid'                          => (string) $user_id,
		);

		$this->assertSame( $user_id, Unsubscribe_Link::user_id( $query( time() + MINUTE_IN_SECONDS ) ) );
		$this->assertSame( 0, Unsubscribe_Link::user_id( $query( time() - 1 ) ) );
	}

	public function test_unsubscribing(): void {
		$this->open_link();

		$is_on  = fn(): bool => ( new Preferences() )->is_on( $this->member()->ID, Preferences::EMAIL );
		$answer = static fn() => do_action( 'init' );

		$_SERVER['REQUEST_METHOD'] = 'GET';
		$page                      = $this->page( $answer );
		$this->assertSame( 200, $page->status );
		$this->assertStringContainsString( '<form method="post">', $page->getMessage() );
		$this->assertTrue( $is_on(), 'opening the link changes nothing' );

		$_SERVER['REQUEST_METHOD'] = 'POST';
		$_POST                     = array( 'List-Unsubscribe' => 'One-Click' );
		$this->assertSame( 200, $this->page( $answer )->status );
		$this->assertFalse( $is_on() );
		$this->assertTrue( ( new Preferences() )->is_on( $this->member()->ID, Preferences::WEB ) );
	}

	public function test_a_link_is_for_one_member_and_its_time(): void {
		$this->open_link();
		$_SERVER['REQUEST_METHOD'] = 'POST';
		$good                      = $_GET;

		foreach ( $good as $name => $value ) {
			if ( 'type' === $name ) {
				continue;
			}

			$_GET = array( $name => 'uid' === $name ? (string) $this->user( 'member3' )->ID : $value . '1' ) + $good;
			$this->assertSame( 403, $this->page( static fn() => do_action( 'init' ) )->status, $name );
			$_GET = array( $name => array( 'x' ) ) + $good;
			$this->assertSame( 0, Unsubscribe_Link::user_id( $_GET ), $name );
		}

		foreach ( array( 'member2', 'member3' ) as $login ) {
			$this->assertTrue( ( new Preferences() )->is_on( $this->user( $login )->ID, Preferences::EMAIL ) );
		}
	}

	public function test_other_requests_are_left_alone(): void {
		$_GET = array(
			'jetonomy_unsubscribe' => 'x',
			'uid'                  => '1',
			'type'                 => 'mention',
		);

		$this->assertFalse( Unsubscribe_Link::is_one( $_GET ) );
	}

	/**
	 * What the plugin's page answers. Only the first listeners of init run: it is too late for the others.
	 *
	 * @param callable $code Fires init.
	 */
	private function page( callable $code ): Request_End {
		global $wp_filter;

		foreach ( array_keys( $wp_filter['init']->callbacks ) as $priority ) {
			if ( 5 !== $priority ) {
				remove_all_actions( 'init', $priority );
			}
		}

		foreach ( $wp_filter['init']->callbacks[5] ?? array() as $callback ) {
			if ( ! is_array( $callback['function'] ) || ! $callback['function'][0] instanceof \Jetonomy_Sidecar\Notify\Unsubscribe_Page ) {
				remove_action( 'init', $callback['function'], 5 );
			}
		}

		return $this->end_of( $code );
	}
}
