<?php
/**
 * The messages of a large export.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Notify\Preferences;
use WP_Error;
use WP_User;
use ZipArchive;

/**
 * Exports as WordPress's screen makes them, down to the archive, of which the parts are counted.
 */
final class MessagesFileTest extends Site_Test_Case {

	/**
	 * WordPress's folder of exports for a test.
	 *
	 * @var string
	 */
	private string $folder;

	/**
	 * Whose export it is.
	 *
	 * @var WP_User
	 */
	private WP_User $member;

	/**
	 * Begins: a folder of its own, no exporter but the plugin's, the administrator on WordPress's screen.
	 */
	protected function setUp(): void {
		parent::setUp();

		require_once ABSPATH . 'wp-admin/includes/ajax-actions.php';

		$this->folder = get_temp_dir() . 'jetonomy-sidecar-exports-' . wp_generate_password( 12, false ) . '/';
		$this->member = $this->user( 'member1' );

		add_filter( 'wp_privacy_exports_dir', fn() => $this->folder );
		add_filter( 'wp_privacy_personal_data_exporters', static fn( array $all ): array => array( 'jetonomy-sidecar' => $all['jetonomy-sidecar'] ), PHP_INT_MAX );
		add_filter( 'wp_doing_ajax', '__return_true' );
		add_action( 'wp_ajax_wp-privacy-export-personal-data', 'wp_ajax_wp_privacy_export_personal_data' );

		$this->be( 'admin' );
	}

	/**
	 * Ends.
	 */
	protected function tearDown(): void {
		if ( is_dir( $this->folder ) ) {
			array_map( 'unlink', $this->files( true ) );
			rmdir( $this->folder );
		}

		parent::tearDown();
	}

	/**
	 * Files in the folder.
	 *
	 * @param bool $all Whether WordPress's index.php, too.
	 * @return string[] Paths.
	 */
	private function files( bool $all = false ): array {
		return array_values( array_filter( (array) glob( $this->folder . '*' ), static fn( string $path ): bool => $all || 'index.php' !== basename( $path ) ) );
	}

	/**
	 * A new request for an export.
	 */
	private function request(): int {
		$id = wp_create_user_request( $this->member->user_email, 'export_personal_data', array(), 'confirmed' );

		$this->assertIsInt( $id, is_wp_error( $id ) ? $id->get_error_message() : '' );

		return $id;
	}

	/**
	 * What WordPress answers to its screen.
	 *
	 * @param int  $request_id The request.
	 * @param int  $page       From 1.
	 * @param bool $is_sent    Whether the archive is sent by mail.
	 * @return array Keys success, data.
	 */
	private function ajax( int $request_id, int $page, bool $is_sent = false ): array {
		$this->submit(
			array(
				'id'          => (string) $request_id,
				'exporter'    => '1',
				'page'        => (string) $page,
				'security'    => wp_create_nonce( 'wp-privacy-export-personal-data-' . $request_id ),
				'sendAsEmail' => $is_sent ? 'true' : 'false',
			)
		);

		$output = $this->output_of(
			static function (): void {
				try {
					do_action( 'wp_ajax_wp-privacy-export-personal-data' );
				} catch ( Request_End $end ) {
					unset( $end ); // The output is the answer.
				}
			}
		);
		$answer = json_decode( $output, true );

		$this->assertIsArray( $answer, $output );

		return $answer;
	}

	/**
	 * Makes WordPress's screen export until the end.
	 *
	 * @param int $request_id The request.
	 * @param int $page       Where to begin.
	 */
	private function run_export( int $request_id, int $page = 1 ): void {
		do {
			$answer = $this->ajax( $request_id, $page++ );

			$this->assertTrue( $answer['success'], (string) wp_json_encode( $answer ) );
		} while ( ! $answer['data']['done'] );
	}

	/**
	 * The files in the archive of a request, by name.
	 *
	 * @param int $request_id The request.
	 * @return string[]
	 */
	private function archive( int $request_id ): array {
		$zip   = new ZipArchive();
		$files = array();

		$this->assertTrue( $zip->open( $this->folder . get_post_meta( $request_id, '_export_file_name', true ) ) );

		for ( $i = 0; $i < $zip->count(); $i++ ) {
			$files[ $zip->getNameIndex( $i ) ] = $zip->getFromIndex( $i );
		}

		$zip->close();

		return $files;
	}

	/**
	 * Items as the sidecar gives them: messages of conversations, then of each conversation the settings.
	 *
	 * @param int[] $conversations Numbers of messages by conversation.
	 */
	private static function items( array $conversations ): array {
		$items = array();
		$id    = 0;

		foreach ( $conversations as $conversation => $messages ) {
			for ( $n = 1; $n <= $messages; $n++ ) {
				$items[] = self::item(
					'conversations',
					'message-' . ++$id,
					$conversation,
					array(
						'Conversation' => "C:\\new <$conversation>",
						'Date'         => "2026-01-01 00:00:$n UTC",
						'From'         => 'Member 2',
						'Message'      => "canary \"$id\"\n\\ größer <b>",
					)
				);
			}
		}

		foreach ( array_keys( $conversations ) as $conversation ) {
			$items[] = self::item( 'settings', "conversation-$conversation", $conversation, array( 'Muted' => 'Yes' ) );
		}

		return $items;
	}

	/**
	 * An item.
	 *
	 * @param string $group           Its group.
	 * @param string $id              Its id.
	 * @param int    $conversation_id The conversation.
	 * @param array  $values          Values by name.
	 */
	private static function item( string $group, string $id, int $conversation_id, array $values ): array {
		$fields = array();

		foreach ( $values as $name => $value ) {
			$fields[] = compact( 'name', 'value' );
		}

		return compact( 'group', 'id', 'conversation_id', 'fields' );
	}

	/**
	 * Answers as the sidecar: pages of items, whose cursors say how many have been given.
	 *
	 * @param array[] $items  All items.
	 * @param int     $size   Items of a page.
	 * @param int     $volume Items that there are said to be.
	 */
	private function fake_export( array $items, int $size, int $volume = 2001 ): void {
		$this->fake_service(
			static function ( $method, $path, $json ) use ( $items, $size, $volume ): array {
				$from = (int) substr( $json['cursor'], 2 );

				return array(
					'items'  => array_slice( $items, $from, $size ),
					'next'   => $from + $size < count( $items ) ? 'm:' . ( $from + $size ) : '',
					'volume' => array(
						'items' => $volume,
						'bytes' => 100,
					),
				);
			}
		);
	}

	/**
	 * All of it is in the file, and WordPress's page has a line for each conversation.
	 */
	public function test_messages_of_a_large_export_are_in_a_file_of_their_own(): void {
		update_user_meta( $this->member->ID, Preferences::META, array( 'email' => 0 ) );

		$items = self::items( array( 3 => 4, 5 => 1, 9 => 6 ) );
		$this->fake_export( $items, 3 );

		$id = $this->request();
		$this->run_export( $id );

		$files = $this->archive( $id );
		$this->assertSame( array( 'export.json', 'index.html', 'private-messages.json' ), array_keys( $files ) );

		$file = json_decode( $files['private-messages.json'], true );
		$this->assertSame( $this->member->ID, $file['user_id'] );
		$this->assertSame( 'member1', $file['login'] );
		$this->assertSame( array_column( $items, 'id' ), array_column( $file['items'], 'id' ) );
		$this->assertSame( "canary \"11\"\n\\ größer <b>", $file['items'][10]['fields']['Message'] );

		$this->assertStringNotContainsString( 'canary', $files['export.json'] );
		$this->assertStringNotContainsString( 'canary', $files['index.html'] );

		$groups = array_values( json_decode( $files['export.json'], true ) )[0];
		$group  = $groups['jetonomy-sidecar-conversations'];
		$this->assertStringContainsString( 'in the file private-messages.json', $group['group_description'] );
		$this->assertStringContainsString( 'in the file private-messages.json', $files['index.html'] );
		$this->assertSame( array( 'conversation-3', 'conversation-5', 'conversation-9', 'file' ), array_keys( $group['items'] ) );
		$this->assertSame(
			array(
				'Conversation'  => 'C:&#92;new &lt;3&gt;',
				'Messages'      => '4',
				'First message' => '2026-01-01 00:00:1 UTC',
				'Last message'  => '2026-01-01 00:00:4 UTC',
			),
			array_column( $group['items']['conversation-3'], 'value', 'name' )
		);
		$this->assertSame(
			array(
				'File'          => 'private-messages.json',
				'Conversations' => '3',
				'Messages'      => '11',
			),
			array_column( $group['items']['file'], 'value', 'name' )
		);
		$this->assertSame( array( 'notifications', 'conversation-3', 'conversation-5', 'conversation-9' ), array_keys( $groups['jetonomy-sidecar-settings']['items'] ) );

		$this->assertCount( 1, $this->files(), 'the archive alone is left' );
		$this->assertSame( '', get_post_meta( $id, '_jetonomy_sidecar_export', true ) );
	}

	/**
	 * What WordPress can keep it is given, as it is.
	 */
	public function test_a_small_export_has_no_file(): void {
		$this->fake_export( self::items( array( 3 => 5 ) ), 4, 2000 );

		$id = $this->request();
		$this->run_export( $id );

		$files = $this->archive( $id );
		$this->assertSame( array( 'export.json', 'index.html' ), array_keys( $files ) );
		$this->assertSame( 5, substr_count( $files['index.html'], 'canary' ) );
		$this->assertSame( 5, substr_count( html_entity_decode( $files['index.html'] ), "\n\\ größer <b>" ), 'backslashes stay' );
		$this->assertStringNotContainsString( 'jetonomy_sidecar_large', $files['export.json'] );
	}

	/**
	 * Few messages may be long ones.
	 */
	public function test_long_messages_are_a_large_export(): void {
		$this->fake_service(
			fn() => array(
				'items'  => self::items( array( 3 => 2 ) ),
				'next'   => '',
				'volume' => array( 'items' => 4, 'bytes' => 1000001 ),
			)
		);

		$id = $this->request();
		$this->run_export( $id );

		$this->assertCount( 3, json_decode( $this->archive( $id )['private-messages.json'], true )['items'] );
	}

	/**
	 * The file is nobody's to read or to guess while it is written.
	 */
	public function test_the_unfinished_file_cannot_be_guessed(): void {
		$this->fake_export( self::items( array( 3 => 5 ) ), 2 );
		$this->ajax( $this->request(), 1 );

		$files = $this->files();
		$this->assertCount( 1, $files );
		$this->assertMatchesRegularExpression( '/^jetonomy-sidecar-[A-Za-z0-9]{32}\.json$/', basename( $files[0] ) );
		$this->assertSame( 0600, fileperms( $files[0] ) & 0777 );
		$this->assertFileExists( $this->folder . 'index.php' );
	}

	/**
	 * A page that comes again is in the file once; one that does not follow is an error, also after the
	 * exporter's own memory was lost.
	 */
	public function test_repeated_and_skipped_pages(): void {
		$items = self::items( array( 3 => 5, 5 => 5 ) );
		$this->fake_export( $items, 3 );

		$id = $this->request();
		$this->ajax( $id, 1 );
		$this->ajax( $id, 2 );
		$this->ajax( $id, 2 );
		$this->assertStringContainsString( 'Start the export again', $this->ajax( $id, 4 )['data'] );
		$this->run_export( $id, 3 );

		$file = json_decode( $this->archive( $id )['private-messages.json'], true );
		$this->assertSame( array_column( $items, 'id' ), array_column( $file['items'], 'id' ) );

		$this->ajax( $id, 1 );
		delete_user_meta( $this->member->ID, '_jetonomy_sidecar_export' );
		$this->assertStringContainsString( 'Start the export again', $this->ajax( $id, 2 )['data'] );

		$this->ajax( $id, 1 );
		delete_post_meta( $id, '_jetonomy_sidecar_export' );
		$this->assertStringContainsString( 'Start the export again', $this->ajax( $id, 2 )['data'] );
	}

	/**
	 * Two administrators who export for the same request do not mix what they get: one is told to start again.
	 */
	public function test_two_administrators_and_one_request(): void {
		$other = $this->make_user( 'administrator' );
		$items = self::items( array( 3 => 9 ) );
		$this->fake_export( $items, 4 );

		$id = $this->request();
		$this->ajax( $id, 1 );
		$this->ajax( $id, 2 );
		$this->be( $other );
		$this->ajax( $id, 1 );
		$this->be( 'admin' );
		$this->assertFalse( $this->ajax( $id, 3 )['success'] );
		$this->be( $other );
		$this->run_export( $id, 2 );

		$file = json_decode( $this->archive( $id )['private-messages.json'], true );
		$this->assertSame( array_column( $items, 'id' ), array_column( $file['items'], 'id' ) );
	}

	/**
	 * An archive that lacks the messages is none.
	 */
	public function test_an_archive_without_the_messages_is_deleted(): void {
		$this->fake_export( self::items( array( 3 => 5 ) ), 2 );
		$id = $this->request();

		foreach (
			array(
				'the file has gone'         => fn() => array_map( 'unlink', preg_grep( '/jetonomy-sidecar-/', $this->files() ) ),
				'the file was cut'          => fn() => array_map( static fn( $path ) => file_put_contents( $path, '{' ), preg_grep( '/jetonomy-sidecar-/', $this->files() ) ),
				'the archive is none'       => static fn( $archive ) => file_put_contents( $archive, 'no archive' ),
				'the archive is a folder'   => static fn( $archive ) => unlink( $archive ) && mkdir( $archive ),
			) as $what => $break
		) {
			add_action( 'wp_privacy_personal_data_export_file_created', $break, 0 );
			for ( $page = 1; $page <= 3; $page++ ) {
				$answer = $this->ajax( $id, $page );
			}
			remove_action( 'wp_privacy_personal_data_export_file_created', $break, 0 );

			array_map( 'rmdir', array_filter( $this->files(), 'is_dir' ) );
			$this->assertFalse( $answer['success'], $what );
			$this->assertStringContainsString( 'could not be added to the archive', $answer['data'], $what );
			$this->assertSame( array(), $this->files(), $what );

			$this->run_export( $id );
			$this->assertArrayHasKey( 'private-messages.json', $this->archive( $id ), $what );
			array_map( 'unlink', $this->files() );
		}
	}

	/**
	 * Another plugin may make the archive in WordPress's place and not say so: it lacks the messages, and is not
	 * sent.
	 */
	public function test_an_archive_that_somebody_else_makes(): void {
		$this->fake_export( self::items( array( 3 => 5 ) ), 10 );

		remove_action( 'wp_privacy_personal_data_export_file', 'wp_privacy_generate_personal_data_export_file' );
		add_action(
			'wp_privacy_personal_data_export_file',
			function ( $request_id ): void {
				file_put_contents( $this->folder . 'other.zip', 'an archive' );
				update_post_meta( $request_id, '_export_file_name', 'other.zip' );
			}
		);

		$answer = $this->ajax( $this->request(), 1, true );

		$this->assertFalse( $answer['success'] );
		$this->assertStringContainsString( 'could not be added to the archive', $answer['data'] );
		$this->assertSame( array(), $this->files() );
		$this->assertSame( array(), $this->mails( $this->member->user_email ) );
	}

	/**
	 * WordPress sends a whole archive.
	 */
	public function test_a_whole_archive_is_sent(): void {
		$this->fake_export( self::items( array( 3 => 5 ) ), 10 );
		$this->assertTrue( $this->ajax( $this->request(), 1, true )['success'] );
		$this->assertCount( 1, $this->mails( $this->member->user_email ) );
	}

	/**
	 * What cannot be written is an error at once.
	 */
	public function test_a_folder_that_cannot_be_written(): void {
		$this->fake_export( self::items( array( 3 => 5 ) ), 2 );
		add_filter( 'wp_privacy_exports_dir', static fn() => '/dev/null/exports/', 20 );

		$answer = $this->ajax( $this->request(), 1 );

		$this->assertFalse( $answer['success'] );
		$this->assertStringContainsString( 'could not be written into a file in /dev/null/exports/', $answer['data'] );
	}

	/**
	 * On WordPress's screen an error is a text that it can print as HTML.
	 */
	public function test_the_screen_can_print_errors(): void {
		$this->fake_service( static fn() => new WP_Error( 'http_request_failed', 'refused' ) );
		add_filter( 'gettext', static fn( $text ) => str_replace( 'does not answer', '<does not answer>', $text ) );

		$answer = $this->ajax( $this->request(), 1 );

		$this->assertFalse( $answer['success'] );
		$this->assertStringContainsString( '&lt;does not answer&gt;', $answer['data'] );
	}

	/**
	 * An export that begins anew takes the place of the one before, also where there is not much any more.
	 */
	public function test_an_aborted_export_is_replaced(): void {
		$id = $this->request();

		$this->fake_export( self::items( array( 3 => 5 ) ), 2 );
		$this->ajax( $id, 1 );
		$first = $this->files();
		$this->ajax( $id, 1 );
		$this->assertCount( 1, $this->files() );
		$this->assertNotSame( $first, $this->files() );

		$this->fake_export( self::items( array( 3 => 1 ) ), 5, 2 );
		$this->run_export( $id );
		$this->assertSame( array( 'export.json', 'index.html' ), array_keys( $this->archive( $id ) ) );
		$this->assertCount( 1, $this->files() );
	}

	/**
	 * WordPress deletes what is left of aborted exports with its own old files, and then nothing is known of
	 * them any more.
	 */
	public function test_leftovers_go_with_wordpress_own(): void {
		$this->fake_export( self::items( array( 3 => 5 ) ), 2 );
		$old = $this->request();
		$this->ajax( $old, 1 );
		touch( $this->files()[0], time() - 4 * DAY_IN_SECONDS );
		$gone = $this->files();

		$this->member = $this->user( 'member2' );
		$new          = $this->request();
		$this->ajax( $new, 1 );
		do_action( 'wp_privacy_delete_old_export_files' );

		$this->assertFileDoesNotExist( $gone[0] );
		$this->assertCount( 1, $this->files() );
		$this->assertSame( '', get_post_meta( $old, '_jetonomy_sidecar_export', true ) );
		$this->run_export( $new, 2 );
		$this->assertArrayHasKey( 'private-messages.json', $this->archive( $new ) );
	}

	/**
	 * WordPress is given no more than it can keep, however many conversations there are.
	 */
	public function test_what_wordpress_is_given_is_bounded(): void {
		$this->fake_export( self::items( array_fill( 1, 2500, 1 ) ), 1000 );

		$id = $this->request();
		$this->run_export( $id );

		$files  = $this->archive( $id );
		$groups = array_values( json_decode( $files['export.json'], true ) )[0];
		$this->assertCount( 2001, $groups['jetonomy-sidecar-conversations']['items'] );
		$this->assertSame( '2,500', $groups['jetonomy-sidecar-conversations']['items']['file'][1]['value'] );
		$this->assertArrayNotHasKey( 'jetonomy-sidecar-settings', $groups );
		$this->assertCount( 5000, json_decode( $files['private-messages.json'], true )['items'] );
	}

	/**
	 * Whoever collects pages without WordPress gets all messages, and no file is made.
	 */
	public function test_without_wordpress_all_messages_are_in_the_pages(): void {
		$this->fake_export( self::items( array( 3 => 5 ) ), 4 );

		$export = apply_filters( 'wp_privacy_personal_data_exporters', array() )['jetonomy-sidecar']['callback'];
		$ids    = array();

		for ( $page = 1, $done = false; ! $done; $page++ ) {
			$answer = $export( $this->member->user_email, $page );
			$ids    = array( ...$ids, ...array_column( $answer['data'], 'item_id' ) );
			$done   = $answer['done'];
		}

		$this->assertSame( array( 'message-1', 'message-2', 'message-3', 'message-4', 'message-5', 'conversation-3' ), $ids );
		$this->assertSame( array(), $this->files() );
	}

	/**
	 * Other exporters' pages are theirs.
	 */
	public function test_other_exporters_are_left_alone(): void {
		$page = array(
			'data' => array(),
			'done' => true,
		);

		$this->fake_export( self::items( array( 3 => 5 ) ), 2 );
		$id = $this->request();
		$this->ajax( $id, 1 );
		remove_filter( 'wp_privacy_personal_data_export_page', 'wp_privacy_process_personal_data_export_page', 10 );

		$this->assertSame( $page, apply_filters( 'wp_privacy_personal_data_export_page', $page, 2, $this->member->user_email, 1, $id, false, 'another' ) );
		$this->assertCount( 1, $this->files() );
	}
}
