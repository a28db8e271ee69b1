<?php
/**
 * A member's page.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Admin\Admin_Action;
use Jetonomy_Sidecar\Admin\Block_Clearing;
use Jetonomy_Sidecar\Admin\Clearing_Log;
use Jetonomy_Sidecar\Admin\Member_Links;
use Jetonomy_Sidecar\Admin\Member_Page;
use Jetonomy_Sidecar\Admin\Screens;
use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Operator_Client;
use Jetonomy_Sidecar\Bridge\Sidecar_Client;
use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Settings;

/**
 * Blocks and counts: who sees them, what clearing does, what is logged.
 */
final class MemberPageTest extends Site_Test_Case {

	/**
	 * Loads what wp-admin has.
	 */
	protected function setUp(): void {
		parent::setUp();
		require_once ABSPATH . 'wp-admin/includes/admin.php';
		$this->visit_admin();
	}

	/**
	 * The way to the sidecar.
	 */
	private function operator(): Operator_Client {
		return new Operator_Client( new Keys(), new Sidecar_Client( new Settings() ) );
	}

	/**
	 * The page of a member.
	 *
	 * @param array $query The query besides the member.
	 */
	private function page( array $query = array() ): string {
		$_GET = $query + array( 'user' => (string) $this->user( 'member1' )->ID );

		return $this->output_of( array( new Member_Page( new Extension_Switch(), $this->operator() ), 'render' ) );
	}

	public function test_it_shows_counts_and_blocks(): void {
		$this->be( 'admin' );
		$this->fake_service(
			fn(): array => array(
				'conversations' => 14,
				'messages'      => 1203,
				'blocks'        => array(
					array(
						'user_id' => $this->user( 'member2' )->ID,
						'since'   => 1700000000,
					),
					array(
						'user_id' => 999999,
						'since'   => 0,
					),
				),
				'block_count'   => 8000,
				'blocked_by'    => array(),
			)
		);

		$html = $this->page();

		$this->assertSame( array( 'user_id' => $this->user( 'member1' )->ID ), $this->service_calls[0]['json'] );
		$this->assertStringContainsString( '<dd>14</dd>', $html );
		$this->assertStringContainsString( '<dd>1,203</dd>', $html );
		$this->assertStringContainsString( esc_html( $this->user( 'member2' )->display_name ), $html );
		$this->assertStringContainsString( wp_date( get_option( 'date_format' ), 1700000000 ), $html );
		$this->assertStringContainsString( 'Deleted user (999999)', $html );
		$this->assertStringContainsString( 'Nobody.', $html );
		$this->assertStringContainsString( 'clear=made&#038;other=0', $html, 'all' );
		$this->assertStringContainsString( 'Clear all 8,000 …', $html );
		$this->assertStringContainsString( '(8,000)</span></h2>', $html );
		$this->assertStringContainsString( '2 of 8,000 are listed.', $html );
		$this->assertStringNotContainsString( 'clear=received', $html );
		$this->assertStringNotContainsString( '<form', $html, 'clearing asks first' );
	}

	/**
	 * Blocks in the whole community stop messages, too. They are shown, and nothing here clears them.
	 */
	public function test_it_shows_jetonomys_blocks(): void {
		global $wpdb;

		$member = $this->user( 'member1' )->ID;
		$table  = $wpdb->prefix . 'jt_blocked_users';
		$block  = static fn( int $by, int $whom, string $at ) => $wpdb->replace( $table, array( 'blocker_id' => $by, 'blocked_id' => $whom, 'created_at' => $at ) ); // phpcs:ignore

		$wpdb->query( "DELETE FROM $table" ); // phpcs:ignore
		$this->be( 'admin' );
		$this->fake_service( static fn(): array => array() );
		$this->assertMatchesRegularExpression( '~Blocks in the whole community .*\(0\).*None\.~s', $this->page() );

		$block( $member, $this->user( 'member2' )->ID, '2026-01-02 03:04:05' );
		$block( 999999, $member, '0000-00-00 00:00:00' );

		foreach ( range( 1, 120 ) as $i ) {
			$block( $member, 1000000 + $i, '2026-01-02 03:04:05' );
		}

		foreach ( array( static fn(): array => array(), static fn() => new \WP_Error( 'http_request_failed', 'down' ) ) as $service ) {
			$this->fake_service( $service );
			$html = strstr( $this->page(), 'Blocks in the whole community' );

			$this->assertStringContainsString( '(122)', $html );
			$this->assertSame( 1 + 100 + 1, substr_count( $html, '<tr>' ), 'a heading, 100 of 121, and one' );
			$this->assertStringContainsString( esc_html( $this->user( 'member2' )->display_name ), $html );
			$this->assertStringContainsString( wp_date( get_option( 'date_format' ), strtotime( '2026-01-02 03:04:05 UTC' ) ), $html );
			$this->assertStringContainsString( '<td>Deleted user (999999)</td>', $html );
			$this->assertStringContainsString( 'Not known', $html );
			$this->assertStringContainsString( 'Unblock', $html );
			$this->assertStringNotContainsString( 'clear=', $html );
		}

		add_filter( 'query', static fn( $query ) => str_starts_with( $query, 'SHOW TABLES' ) ? "SHOW TABLES LIKE 'no such table'" : $query );
		$this->assertStringNotContainsString( 'whole community', $this->page() );
	}

	public function test_without_the_sidecar_it_says_so(): void {
		$this->be( 'admin' );

		$this->assertStringContainsString( 'notice-error', $this->page() );
	}

	public function test_a_name_is_escaped(): void {
		$evil = $this->make_user( 'subscriber', array( 'display_name' => 'Tom <b onclick=x> & Jerry' ) );

		wp_update_user(
			array(
				'ID'           => $evil->ID,
				'display_name' => 'Tom & Jerry "x"',
			)
		);

		$this->be( 'admin' );
		$this->fake_service( static fn(): array => array( 'blocks' => array( array( 'user_id' => $evil->ID ) ) ) ); // phpcs:ignore

		$html = $this->page();

		$this->assertStringContainsString( 'Tom &amp; Jerry', $html );
		$this->assertStringNotContainsString( 'Tom & Jerry', $html );
	}

	public function test_clearing_asks_first_and_calls_nobody(): void {
		$this->be( 'admin' );

		$html = $this->page( array( 'clear' => 'received', 'other' => (string) $this->user( 'member2' )->ID ) ); // phpcs:ignore

		$this->assertSame( array(), $this->service_calls );
		$this->assertStringContainsString( '<form method="post"', $html );
		$this->assertStringContainsString( 'name="_wpnonce"', $html );
		$this->assertStringContainsString( 'name="direction" value="received"', $html );
	}

	/**
	 * Ways to clear.
	 *
	 * @return array[] Direction, other, blocker and blocked as logins, '' for all.
	 */
	public static function ways(): array {
		return array(
			array( 'made', 'member2', 'member1', 'member2' ),
			array( 'made', '', 'member1', '' ),
			array( 'received', 'member2', 'member2', 'member1' ),
			array( 'received', '', '', 'member1' ),
		);
	}

	/**
	 * Sends the form.
	 *
	 * @param string $direction Which blocks.
	 * @param string $other     Login, '' for all.
	 */
	private function clear( string $direction, string $other ): Request_End {
		$this->be( 'admin' );
		( new Block_Clearing( $this->operator() ) )->register();
		$this->submit(
			array(
				'user'      => (string) $this->user( 'member1' )->ID,
				'other'     => '' === $other ? '0' : (string) $this->user( $other )->ID,
				'direction' => $direction,
			),
			Block_Clearing::ACTION
		);

		return $this->end_of( static fn() => do_action( 'admin_post_' . Block_Clearing::ACTION ) );
	}

	/**
	 * The query of the page that a form leads to.
	 *
	 * @param Request_End $end The form's end.
	 */
	private function query( Request_End $end ): array {
		$this->assertStringStartsWith( Screens::member_url( $this->user( 'member1' )->ID ), $end->location );
		wp_parse_str( (string) wp_parse_url( $end->location, PHP_URL_QUERY ), $query );

		return $query;
	}

	/**
	 * @dataProvider ways
	 */
	public function test_clearing_calls_the_sidecar_and_is_logged( string $direction, string $other, string $blocker, string $blocked ): void {
		$ids = array_map( fn( string $login ): int => '' === $login ? 0 : $this->user( $login )->ID, array( $blocker, $blocked ) );

		$this->record( 'jetonomy_sidecar_blocks_cleared' );
		$this->fake_service( static fn(): array => array( 'removed' => 2, 'done' => true ) ); // phpcs:ignore

		$end = $this->clear( $direction, $other );

		$this->assertSame( 'cleared', $this->query( $end )[ Admin_Action::DONE ] );
		$this->assertStringContainsString( '2 blocks cleared.', $this->page( $this->query( $end ) ) );
		array_pop( $this->service_calls ); // The page's.
		$this->assertCount( 1, $this->service_calls );
		$this->assertSame( '/jetonomy-sidecar/v1/members/unblock', $this->service_calls[0]['path'] );
		$this->assertSame( array( 'blocker_id' => $ids[0], 'blocked_id' => $ids[1] ), $this->service_calls[0]['json'] ); // phpcs:ignore
		$this->assert_signed( $this->service_calls[0] );
		$this->assertSame( array( array( $ids[0], $ids[1], 2, $this->user( 'admin' )->ID ) ), $this->calls( 'jetonomy_sidecar_blocks_cleared' ) );
	}

	/**
	 * @group        jetonomy
	 * @dataProvider ways
	 */
	public function test_clearing_is_in_jetonomys_log( string $direction, string $other, string $blocker, string $blocked ): void {
		$this->fake_service( static fn(): array => array( 'removed' => 2, 'done' => true ) ); // phpcs:ignore
		$this->clear( $direction, $other );

		$name = fn( string $login ): int|string => '' === $login ? 'all' : $this->user( $login )->ID;
		$rows = $this->rows( 'jt_activity_log', array( 'action' => 'messaging_blocks_cleared', 'user_id' => $this->user( 'admin' )->ID ) ); // phpcs:ignore
		$row  = end( $rows );

		$this->assertSame( '0', (string) $row['object_id'], 'members see the object' );
		$this->assertSame( array( 'blocker' => $name( $blocker ), 'blocked' => $name( $blocked ), 'removed' => 2 ), json_decode( $row['metadata'], true ) ); // phpcs:ignore
	}

	public function test_nothing_cleared_is_not_logged(): void {
		$this->record( 'jetonomy_sidecar_blocks_cleared' );
		$this->fake_service( static fn(): array => array( 'removed' => 0, 'done' => true ) ); // phpcs:ignore
		$this->assertStringContainsString( 'nothing-to-clear', $this->clear( 'made', 'member2' )->location );

		$this->fake_service( static fn() => new \WP_Error( 'down' ) );
		$this->assertStringContainsString( 'not-cleared', $this->clear( 'made', 'member2' )->location );

		$this->assertSame( array(), $this->calls( 'jetonomy_sidecar_blocks_cleared' ) );
	}

	/**
	 * The sidecar clears many in parts. What was cleared is said and logged, also where it broke off.
	 */
	public function test_many_are_cleared_in_parts(): void {
		$answers = array(
			array(
				'removed' => 3000,
				'done'    => false,
			),
			array(
				'removed' => 1005,
				'done'    => false,
			),
		);
		$rest    = array(
			array(
				'removed' => 3995,
				'done'    => true,
			),
		);
		$service = static function () use ( &$answers ) {
			return array_shift( $answers ) ?? new \WP_Error( 'http_request_failed', 'timeout' );
		};
		$logged  = fn(): array => Clearing_Log::of( $this->user( 'member1' )->ID, 2 );

		$this->record( 'jetonomy_sidecar_blocks_cleared' );
		$this->fake_service( $service );
		$end = $this->clear( 'received', '' );

		$this->assertCount( 3, $this->service_calls );
		$this->assertSame( array( array( 0, $this->user( 'member1' )->ID, 4005, $this->user( 'admin' )->ID ) ), $this->calls( 'jetonomy_sidecar_blocks_cleared' ) );
		$this->assertSame( array( 4005, 0 ), array( $logged()[0]['removed'], $logged()[0]['done'] ) );
		$this->assertStringContainsString( '4,005 blocks cleared, and then it broke off.', $this->page( $this->query( $end ) ) );

		$answers = $rest;
		$end     = $this->clear( 'received', '' );
		$this->assertStringContainsString( '3,995 blocks cleared.', $this->page( $this->query( $end ) ) );
		$this->assertSame( array( array( 3995, 1 ), array( 4005, 0 ) ), array_map( static fn( array $entry ): array => array( $entry['removed'], $entry['done'] ), $logged() ) );
	}

	public function test_an_incomplete_form_is_refused(): void {
		$this->assertSame( 400, $this->clear( 'sideways', 'member2' )->status );
		$this->assertSame( array(), $this->service_calls );
	}

	public function test_only_who_manages_members_may(): void {
		$manager = $this->make_user();
		$manager->add_cap( 'jetonomy_manage_users' );

		$moderator = $this->make_user();
		$moderator->add_cap( 'jetonomy_moderate' ); // And not what else Jetonomy gives to editors.

		foreach ( array( array( 'admin', true ), array( $manager, true ), array( $moderator, false ), array( 'member1', false ) ) as list( $user, $may ) ) {
			$this->be( $user );
			$this->assertSame( $may, current_user_can( Screens::members_capability() ) );
			$this->assertSame( $may, isset( ( new Member_Links( new Extension_Switch() ) )->add_row_action( array(), $this->user( 'member1' ) )['jetonomy-sidecar'] ) );
		}
	}

	public function test_no_links_while_the_extension_is_off(): void {
		$this->switch_extension( false );
		$this->be( 'admin' );

		$links = new Member_Links( new Extension_Switch() );

		$this->assertSame( array(), $links->add_row_action( array(), $this->user( 'member1' ) ) );
		$this->assertSame( '', $this->output_of( fn() => $links->render_in_editor( $this->user( 'member1' ) ) ) );
	}

	public function test_jetonomys_rows_get_the_link(): void {
		$row   = '<tr data-user-id="%d"><td><strong>x</strong><div class="row-actions"><span class="edit"><a href="#">View</a></span></div></td></tr>';
		$links = new Member_Links( new Extension_Switch() );
		$html  = $links->add_to_jetonomy_rows( '<table>' . sprintf( $row, 7 ) . sprintf( $row, 8 ) . '</table>' );

		$this->assertSame( 1, substr_count( $html, 'user=7"' ) );
		$this->assertSame( 1, substr_count( $html, 'user=8"' ) );
		$this->assertLessThan( strpos( $html, '</tr>' ), strpos( $html, 'user=7"' ) );
		$this->assertSame( '<p>Something else</p>', $links->add_to_jetonomy_rows( '<p>Something else</p>' ) );
	}
}
