<?php
/**
 * The command of WP-CLI.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Operator_Client;
use Jetonomy_Sidecar\Bridge\Sidecar_Client;
use Jetonomy_Sidecar\Bridge\Token_Issuer;
use Jetonomy_Sidecar\Cli\Command;
use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Settings;
use RuntimeException;
use WP_CLI;

/**
 * What the subcommands do; WP-CLI itself is a stub.
 */
final class CommandTest extends Site_Test_Case {

	/**
	 * Loads the stub.
	 */
	public static function setUpBeforeClass(): void {
		if ( ! class_exists( 'WP_CLI', false ) ) {
			require __DIR__ . '/wp-cli-stub.php';
		}
	}

	/**
	 * Begins.
	 */
	protected function setUp(): void {
		parent::setUp();

		WP_CLI::$printed = array();
		WP_CLI::$answer  = true;
	}

	/**
	 * The command.
	 */
	private function command(): Command {
		$keys = new Keys();

		return new Command( new Extension_Switch(), $keys, new Token_Issuer( $keys ), new Operator_Client( $keys, new Sidecar_Client( new Settings() ) ) );
	}

	/**
	 * The error a call ends with.
	 *
	 * @param callable $call The call.
	 */
	private function error_of( callable $call ): string {
		try {
			$call();
		} catch ( RuntimeException $error ) {
			return $error->getMessage();
		}

		$this->fail( 'no error' );
	}

	/**
	 * The switch is thrown, and other extensions stay.
	 */
	public function test_enable_and_disable(): void {
		update_option( 'jetonomy_pro_extensions', array( 'other' ) );
		$this->fake_service( fn() => array( 'version' => JETONOMY_SIDECAR_VERSION ) );

		$this->command()->enable();
		$this->assertSame( array( 'other', 'private-messaging' ), get_option( 'jetonomy_pro_extensions' ) );

		$this->command()->disable();
		$this->assertSame( array( 'other' ), get_option( 'jetonomy_pro_extensions' ) );
		$this->assertSame( array( 'Success: Private messages are on.', 'Success: Private messages are off. All conversations are kept.' ), WP_CLI::$printed );
	}

	/**
	 * An owner who enables learns that the sidecar is down.
	 */
	public function test_enable_warns_of_a_sidecar_that_is_down(): void {
		$this->command()->enable();

		$this->assertStringContainsString( 'Start the service', end( WP_CLI::$printed ) );
	}

	/**
	 * The new key is another one, and the old one is still good.
	 */
	public function test_rotate_key(): void {
		$keys = new Keys();
		$old  = $keys->current()->kid();

		$this->command()->rotate_key( array(), array() );

		$this->assertNotSame( $old, $keys->current()->kid() );
		$this->assertSame( $old, $keys->previous()->kid() );
		$this->assertStringContainsString( $keys->current()->kid(), WP_CLI::$printed[0] );
		$this->assertStringContainsString( 'another hour', WP_CLI::$printed[0] );

		$this->command()->rotate_key( array(), array( 'now' => true ) );

		$this->assertNull( $keys->previous() );
		$this->assertStringContainsString( $keys->current()->kid(), WP_CLI::$printed[1] );
		$this->assertStringContainsString( 'refused', WP_CLI::$printed[1] );
	}

	/**
	 * A token names its user and no session.
	 */
	public function test_token(): void {
		$this->command()->token( array( 'member1' ), array( 'lifetime' => '60' ) );

		$claims = json_decode( base64_decode( strtr( explode( '.', WP_CLI::$printed[0] )[1], '-_', '+/' ) ), true );

		$this->assertSame( (string) $this->user( 'member1' )->ID, $claims['sub'] );
		$this->assertSame( 'operator', $claims['sid'] );
		$this->assertSame( 60, $claims['exp'] - $claims['iat'] );
		$this->assertStringContainsString( 'no user "nobody"', $this->error_of( fn() => $this->command()->token( array( 'nobody' ), array() ) ) );
		$this->assertStringContainsString( '10 to 600', $this->error_of( fn() => $this->command()->token( array( 'member1' ), array( 'lifetime' => '86400' ) ) ) );
	}

	/**
	 * All pages are listed, with logins, and without control characters.
	 */
	public function test_conversations(): void {
		$this->fake_service(
			fn( $method, $path, $json ) => array(
				'conversations' => array(
					array(
						'id'              => $json['after'] + 1,
						'type'            => 'group',
						'title'           => "a\x1b[2Jb",
						'participants'    => array( $this->user( 'member1' )->ID, 999999 ),
						'message_count'   => 3,
						'last_message_at' => 1735689600,
					),
				),
				'next'          => 0 === $json['after'] ? 1 : 0,
			)
		);

		$this->command()->conversations( array(), array( 'limit' => '0' ) );

		$this->assertSame(
			array( '1|group|a [2Jb|member1, #999999|3|2025-01-01T00:00:00Z', '2|group|a [2Jb|member1, #999999|3|2025-01-01T00:00:00Z' ),
			WP_CLI::$printed
		);

		foreach ( array( 'text', '', ' , ' ) as $fields ) {
			$this->assertSame(
				'There are these columns: id, type, title, participants, message_count, last_message_at.',
				$this->error_of( fn() => $this->command()->conversations( array(), array( 'fields' => $fields ) ) )
			);
		}
	}

	/**
	 * Nothing is deleted without a yes, and the administrator is named.
	 */
	public function test_purge(): void {
		$this->be( 'admin' );
		WP_CLI::$answer = false;

		$this->assertStringContainsString( 'not confirmed', $this->error_of( fn() => $this->command()->purge( array( '7' ), array() ) ) );
		$this->assertStringContainsString( 'not the id', $this->error_of( fn() => $this->command()->purge( array( '7', 'all' ), array( 'yes' => true ) ) ) );
		$this->assertSame( array(), $this->service_calls );

		$this->fake_service( fn( $method, $path, $json ) => array( 'purged' => 7 === $json['conversation_id'] ) );
		$this->command()->purge( array( '7', '8', '7' ), array( 'yes' => true ) );

		$this->assertSame( array( 'conversation_id' => 7, 'admin_id' => $this->user( 'admin' )->ID ), $this->service_calls[0]['json'] );
		$this->assertCount( 2, $this->service_calls );
		$this->assertSame( 'Success: 1 of 2 deleted.', end( WP_CLI::$printed ) );
	}

	/**
	 * What is under a legal hold stays, and the others go.
	 */
	public function test_purge_of_a_held_one(): void {
		$this->be( 'admin' );
		$this->fake_service(
			fn( $method, $path, $json ) => 7 === $json['conversation_id']
				? $this->http_answer( 409, array( 'code' => 'jetonomy_conversation_held' ) )
				: array( 'purged' => true )
		);
		$this->command()->purge( array( '7', '8' ), array( 'yes' => true ) );

		$this->assertStringContainsString( '7: The conversation is under a legal hold', implode( "\n", WP_CLI::$printed ) );
		$this->assertSame( 'Success: 1 of 2 deleted.', end( WP_CLI::$printed ) );
	}

	/**
	 * All pages are in the file, which is its owner's only; a broken one is not left behind.
	 */
	public function test_export_to_a_file(): void {
		$path = get_temp_dir() . 'jetonomy-sidecar-export-' . wp_generate_password( 12, false ) . '.json';

		$this->assertStringContainsString( 'does not answer', $this->error_of( fn() => $this->command()->export( array( 'member1' ), array( 'file' => $path ) ) ) );
		$this->assertFileDoesNotExist( $path );

		$this->fake_service(
			fn( $method, $path, $json ) => array(
				'items' => array( array( 'group' => 'conversations', 'id' => "message-{$json['cursor']}", 'fields' => array( array( 'name' => 'Message', 'value' => 'größer' ) ) ) ),
				'volume' => array( 'items' => 3, 'bytes' => 18 ),
				'next'  => array( '' => 'm:1:2', 'm:1:2' => 's:3:0', 's:3:0' => '' )[ $json['cursor'] ],
			)
		);
		$this->be( 'admin' );
		$this->command()->export( array( 'member1' ), array( 'file' => $path ) );

		$this->assertSame(
			array(
				'user_id'  => $this->user( 'member1' )->ID,
				'cursor'   => '',
				'actor_id' => $this->user( 'admin' )->ID,
				'reason'   => 'other',
				'note'     => 'WP-CLI',
			),
			array_slice( $this->service_calls, -3 )[0]['json']
		);
		$this->assertArrayNotHasKey( 'actor_id', end( $this->service_calls )['json'] );

		try {
			$export = json_decode( (string) file_get_contents( $path ), true );

			$this->assertSame( 0600, fileperms( $path ) & 0777 );
			$this->assertSame( 'member1', $export['login'] );
			$this->assertSame( array( 'message-', 'message-m:1:2', 'message-s:3:0' ), array_column( $export['items'], 'id' ) );
			$this->assertSame( array( 'Message' => 'größer' ), $export['items'][0]['fields'] );
			$this->assertStringContainsString( 'cannot be made', $this->error_of( fn() => $this->command()->export( array( 'member1' ), array( 'file' => $path ) ) ) );
		} finally {
			unlink( $path );
		}
	}

	/**
	 * An answer that does not say whether there is more is no end.
	 */
	public function test_half_an_answer_is_no_export(): void {
		$path = get_temp_dir() . 'jetonomy-sidecar-export-' . wp_generate_password( 12, false ) . '.json';

		foreach ( array( array( 'items' => array() ), array( 'next' => '' ), array( 'items' => array(), 'next' => '' ), array( 'items' => array(), 'done' => true ) ) as $answer ) {
			$this->fake_service( fn() => $answer );
			$this->assertStringContainsString( 'did not accept', $this->error_of( fn() => $this->command()->export( array( 'member1' ), array( 'file' => $path ) ) ) );
			$this->assertFileDoesNotExist( $path );
		}
	}

	/**
	 * The status is shown where the sidecar is down too, and then is an error that says what to do.
	 */
	public function test_status(): void {
		$this->assertStringContainsString( 'Start the service', $this->error_of( fn() => $this->command()->status( array(), array() ) ) );
		$this->assertContains( 'reachable|no', WP_CLI::$printed );

		WP_CLI::$printed = array();
		$this->fake_service(
			fn() => array(
				'version'      => '0.0.1',
				'time'         => time() + 120,
				'site'         => 'https://elsewhere.example',
				'extension_on' => false,
				'outbox'       => array( 'pending' => 4, 'parked' => 1, 'oldest_seconds' => 9, 'last_delivered_at' => null, 'last_error' => 'PHP failed' ),
			)
		);
		$this->command()->status( array(), array() );

		$this->assertContains( 'events_parked|1', WP_CLI::$printed );
		$this->assertContains( 'last_error|PHP failed', WP_CLI::$printed );
		$this->assertCount( 5, array_filter( WP_CLI::$printed, fn( $line ) => str_starts_with( $line, 'Warning: ' ) ) );
	}

	/**
	 * Every call that is refused says what to do.
	 */
	public function test_refused_calls_say_what_to_do(): void {
		foreach ( array( 404 => 'another key', 503 => 'its log' ) as $status => $advice ) {
			$this->fake_service( fn() => $this->http_answer( $status ) );
			$this->assertStringContainsString( $advice, $this->error_of( fn() => $this->command()->conversations( array(), array() ) ) );
		}

		$this->fake_service( fn() => $this->http_answer( 503, array( 'code' => 'jetonomy_sidecar_no_tables' ) ) );
		$this->assertStringContainsString( 'jetonomy-sidecar migrate', $this->error_of( fn() => $this->command()->conversations( array(), array() ) ) );
	}
}
