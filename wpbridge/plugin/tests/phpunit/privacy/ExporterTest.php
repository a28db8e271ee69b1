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
	 * Pages are those of the sidecar, and every group comes with its label.
	 */
	public function test_pages_until_the_sidecar_is_done(): void {
		$member = $this->user( 'member1' );

		$this->fake_service(
			fn( $method, $path, $json ) => array(
				'items' => 1 === $json['page']
					? array( self::item( 'conversations', 'message-1', array( 'From' => 'Member 2', 'Message' => "1 < 2 & <b>so</b>\non" ) ) )
					: array( self::item( 'settings', 'conversation-1', array( 'Muted' => 'Yes' ) ), self::item( 'blocks', 'block-5', array( 'Blocked member' => 'Member 2' ) ) ),
				'done'  => 2 === $json['page'],
			)
		);

		$first  = $this->export( $member->user_email );
		$second = $this->export( $member->user_email, 2 );

		$this->assertFalse( $first['done'] );
		$this->assertTrue( $second['done'] );
		$this->assertSame( array( 'message-1' ), array_column( $first['data'], 'item_id' ) );
		$this->assertSame( array( 'conversation-1', 'block-5' ), array_column( $second['data'], 'item_id' ) );
		$this->assertSame( 'Private messages', $first['data'][0]['group_label'] );
		$this->assertSame(
			array(
				'name'  => 'Message',
				'value' => "1 &lt; 2 &amp; &lt;b&gt;so&lt;/b&gt;<br />\non",
			),
			$first['data'][0]['data'][1]
		);
		$this->assertSame( '/jetonomy-sidecar/v1/members/export', $this->service_calls[0]['path'] );
		$this->assertSame( array( 'user_id' => $member->ID, 'page' => 2 ), $this->service_calls[1]['json'] );
		$this->assert_signed( $this->service_calls[0] );
	}

	/**
	 * The switches of notifications are WordPress's, and come once.
	 */
	public function test_has_the_members_own_switches_on_the_first_page(): void {
		$member = $this->user( 'member1' );
		update_user_meta( $member->ID, Preferences::META, array( 'email' => 0 ) );

		$this->fake_service( fn( $method, $path, $json ) => array( 'items' => array(), 'done' => 2 === $json['page'] ) );

		$this->assertSame( array( 'notifications' ), array_column( $this->export( $member->user_email )['data'], 'item_id' ) );
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
