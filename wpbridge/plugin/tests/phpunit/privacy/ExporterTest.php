<?php
/**
 * The exporter of personal data.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Notify\Preferences;
use WP_Error;

/**
 * What WordPress exports of a member's private messages.
 */
final class ExporterTest extends Site_Test_Case {

	/**
	 * Exports a page.
	 *
	 * @param string $email Whose.
	 * @param int    $page  From 1.
	 */
	private function export( string $email, int $page = 1 ): array|WP_Error {
		$exporters = apply_filters( 'wp_privacy_personal_data_exporters', array() );

		return $exporters['jetonomy-sidecar']['callback']( $email, $page );
	}

	/**
	 * An item as the sidecar gives it.
	 *
	 * @param string $group  Its group.
	 * @param string $id     Its id.
	 * @param array  $fields Values by name.
	 */
	private static function item( string $group, string $id, array $fields ): array {
		$list = array();

		foreach ( $fields as $name => $value ) {
			$list[] = compact( 'name', 'value' );
		}

		return array(
			'group'  => $group,
			'id'     => $id,
			'fields' => $list,
		);
	}

	/**
	 * Answers with pages in the order of their cursors.
	 *
	 * @param array[] $pages The items of each page by its cursor, the first one's is ''.
	 */
	private function fake_pages( array $pages ): void {
		$cursors = array_keys( $pages );

		$this->fake_service(
			fn( $method, $path, $json ) => array(
				'items'  => $pages[ $json['cursor'] ],
				'next'   => $cursors[ array_search( $json['cursor'], $cursors, true ) + 1 ] ?? '',
				'volume' => array( 'items' => 3, 'bytes' => 100 ),
			)
		);
	}

	/**
	 * Makes this one of WordPress's requests.
	 *
	 * @param int $id The request's id.
	 */
	private function in_request( int $id ): void {
		$_POST['id'] = (string) $id;
	}

	/**
	 * Ids of the items of a page.
	 *
	 * @param array $page A page.
	 */
	private static function ids( array $page ): array {
		return array_column( $page['data'], 'item_id' );
	}

	/**
	 * Pages are those of the sidecar, and every group comes with its label.
	 */
	public function test_pages_until_the_sidecar_is_done(): void {
		$member = $this->user( 'member1' );

		$this->fake_pages(
			array(
				''      => array( self::item( 'conversations', 'message-1', array( 'From' => 'Member 2', 'Message' => "1 < 2 & <b>so</b>\non" ) ) ),
				'm:1:1' => array( self::item( 'settings', 'conversation-1', array( 'Muted' => 'Yes' ) ), self::item( 'blocks', 'block-5', array( 'Blocked member' => 'Member 2' ) ) ),
			)
		);

		$first  = $this->export( $member->user_email );
		$second = $this->export( $member->user_email, 2 );

		$this->assertFalse( $first['done'] );
		$this->assertTrue( $second['done'] );
		$this->assertSame( array( 'message-1' ), self::ids( $first ) );
		$this->assertSame( array( 'conversation-1', 'block-5' ), self::ids( $second ) );
		$this->assertSame( 'Private messages', $first['data'][0]['group_label'] );
		$this->assertSame(
			array(
				'name'  => 'Message',
				'value' => "1 &lt; 2 &amp; &lt;b&gt;so&lt;/b&gt;<br />\non",
			),
			$first['data'][0]['data'][1]
		);
		$this->assertSame( '/jetonomy-sidecar/v1/members/export', $this->service_calls[0]['path'] );
		$this->assertSame( array( 'user_id' => $member->ID, 'cursor' => 'm:1:1' ), $this->service_calls[1]['json'] );
		$this->assert_signed( $this->service_calls[0] );
		$this->assertSame( '', get_user_meta( $member->ID, '_jetonomy_sidecar_export', true ), 'a finished export is forgotten' );
	}

	/**
	 * The first page tells the access log who exports, from where and why; the others do not.
	 */
	public function test_the_access_log_is_told_once(): void {
		$member = $this->user( 'member1' );
		$this->be( 'admin' );
		$this->fake_pages( array( '' => array(), 'm:1:1' => array() ) );

		$_SERVER['REMOTE_ADDR'] = '192.0.2.7';
		$this->export( $member->user_email );
		$this->export( $member->user_email, 2 );

		$this->assertSame(
			array(
				'user_id'  => $member->ID,
				'cursor'   => '',
				'actor_id' => $this->user( 'admin' )->ID,
				'reason'   => 'privacy_request',
				'address'  => '192.0.2.7',
			),
			$this->service_calls[0]['json']
		);
		$this->assertSame( array( 'user_id' => $member->ID, 'cursor' => 'm:1:1' ), $this->service_calls[1]['json'] );

		foreach ( array( null, '', 'unix:', 'fe80::1%eth0' ) as $address ) {
			$_SERVER['REMOTE_ADDR'] = $address;
			$this->export( $member->user_email );
			$this->assertSame( '', end( $this->service_calls )['json']['address'] );
		}
	}

	/**
	 * A page may be asked for again, and the export may begin anew; what cannot be known is an error, and never
	 * another part of the messages.
	 */
	public function test_repeated_and_skipped_pages(): void {
		$email = $this->user( 'member1' )->user_email;
		$this->be( 'admin' );
		$this->fake_pages(
			array(
				''      => array( self::item( 'conversations', 'message-1', array() ) ),
				'm:1:1' => array( self::item( 'conversations', 'message-2', array() ) ),
				'm:1:2' => array( self::item( 'conversations', 'message-3', array() ) ),
				'm:1:3' => array( self::item( 'conversations', 'message-4', array() ) ),
			)
		);

		$this->assertSame( array( 'message-1' ), self::ids( $this->export( $email ) ) );
		$this->assertSame( array( 'message-2' ), self::ids( $this->export( $email, 2 ) ) );
		$this->assertSame( array( 'message-2' ), self::ids( $this->export( $email, 2 ) ) );
		$this->assertSame( array( 'message-3' ), self::ids( $this->export( $email, 3 ) ) );

		foreach ( array( 2, 5 ) as $page ) {
			$answer = $this->export( $email, $page );

			$this->assertInstanceOf( WP_Error::class, $answer );
			$this->assertStringContainsString( 'Start the export again', $answer->get_error_message() );
		}

		$this->assertSame( array( 'message-1' ), self::ids( $this->export( $email ) ) );
		$this->assertSame( array( 'message-2' ), self::ids( $this->export( $email, 2 ) ) );
		$this->assertInstanceOf( WP_Error::class, $this->export( $this->user( 'member2' )->user_email, 2 ), "another member's" );
	}

	/**
	 * Two exports of one member at once do not know of each other, and aborted ones are not kept for ever.
	 */
	public function test_two_exports_at_once(): void {
		$member = $this->user( 'member1' );
		$this->be( 'admin' );
		$this->fake_pages(
			array(
				''      => array( self::item( 'conversations', 'message-1', array() ) ),
				'm:1:1' => array( self::item( 'conversations', 'message-2', array() ) ),
				'm:1:2' => array( self::item( 'conversations', 'message-3', array() ) ),
			)
		);

		$this->in_request( 7 );
		$this->export( $member->user_email );
		$this->in_request( 8 );
		$this->export( $member->user_email );
		$this->assertSame( array( 'message-2' ), self::ids( $this->export( $member->user_email, 2 ) ) );
		$this->assertSame( array( 'message-3' ), self::ids( $this->export( $member->user_email, 3 ) ) );
		$this->in_request( 7 );
		$this->assertSame( array( 'message-2' ), self::ids( $this->export( $member->user_email, 2 ) ) );
		$this->be( 'moderator' );
		$this->assertInstanceOf( WP_Error::class, $this->export( $member->user_email, 3 ) );

		$this->be( 'admin' );
		foreach ( range( 11, 20 ) as $id ) {
			$this->in_request( $id );
			$this->export( $member->user_email );
		}

		$this->assertCount( 5, get_user_meta( $member->ID, '_jetonomy_sidecar_export', true ) );
		$this->assertSame( array( 'message-2' ), self::ids( $this->export( $member->user_email, 2 ) ) );
	}

	/**
	 * The switches of notifications are WordPress's, and come once.
	 */
	public function test_has_the_members_own_switches_on_the_first_page(): void {
		$member = $this->user( 'member1' );
		update_user_meta( $member->ID, Preferences::META, array( 'email' => 0 ) );

		$this->fake_pages( array( '' => array(), 's:1:0' => array() ) );

		$this->assertSame( array( 'notifications' ), self::ids( $this->export( $member->user_email ) ) );
		$this->assertSame( array(), $this->export( $member->user_email, 2 )['data'] );
	}

	/**
	 * An address without an account has nothing, and nobody is asked.
	 */
	public function test_an_unknown_address_has_nothing(): void {
		$this->assertSame( array( 'data' => array(), 'done' => true ), $this->export( 'nobody@example.test' ) );
		$this->assertSame( array(), $this->service_calls );
	}

	/**
	 * An incomplete export must not look complete.
	 */
	public function test_a_sidecar_that_is_down_is_an_error(): void {
		$answer = $this->export( $this->user( 'member1' )->user_email );

		$this->assertInstanceOf( WP_Error::class, $answer );
		$this->assertSame( 'jetonomy_sidecar_unavailable', $answer->get_error_code() );
		$this->assertStringContainsString( 'Site Health', $answer->get_error_message() );
	}
}
