<?php
/**
 * The log of cleared blocks.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Admin\Block_Clearing;
use Jetonomy_Sidecar\Admin\Clearing_Log;
use Jetonomy_Sidecar\Admin\Member_Clearings;
use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Operator_Client;
use Jetonomy_Sidecar\Bridge\Sidecar_Client;
use Jetonomy_Sidecar\Settings;

/**
 * Who cleared whose blocks: on a site with Jetonomy and on one without it.
 */
final class ClearingLogTest extends Site_Test_Case {

	/**
	 * Begins with an empty log.
	 */
	protected function setUp(): void {
		parent::setUp();
		array_map( 'delete_option', $this->names() );
	}

	/**
	 * The options that the log is in.
	 *
	 * @return string[]
	 */
	private function names(): array {
		global $wpdb;

		return $wpdb->get_col( "SELECT option_name FROM $wpdb->options WHERE option_name LIKE 'jetonomy\\_sidecar\\_clear%'" );
	}

	/**
	 * What a member's page shows of the log, as text.
	 *
	 * @param string $login The member.
	 */
	private function shown( string $login ): string {
		return wp_strip_all_tags( $this->output_of( fn() => Member_Clearings::render( $this->user( $login ) ) ) );
	}

	public function test_a_clearing_is_on_the_pages_of_both_and_of_nobody_else(): void {
		$this->fake_service( static fn(): array => array( 'removed' => 1, 'done' => true ) ); // phpcs:ignore

		$names    = array_map( fn( string $login ): string => $this->user( $login )->display_name, array( 'admin', 'member1', 'member2' ) );
		$clearing = new Block_Clearing( new Operator_Client( new Keys(), new Sidecar_Client( new Settings() ) ) );

		$this->assertSame( array( 'removed' => 1, 'done' => true ), $clearing->clear( $this->user( 'member1' )->ID, $this->user( 'member2' )->ID, $this->user( 'admin' )->ID ) ); // phpcs:ignore

		$line = vsprintf( '%1$s cleared the block that %2$s had made against %3$s.', $names );

		$this->assertStringContainsString( $line, $this->shown( 'member1' ) );
		$this->assertStringContainsString( $line, $this->shown( 'member2' ) );
		$this->assertStringContainsString( wp_date( get_option( 'date_format' ) ), $this->shown( 'member1' ) );
		$this->assertSame( '', $this->shown( 'member3' ) );
	}

	public function test_all_of_a_members_blocks_are_one_line_on_that_members_page(): void {
		list( $admin, $one, $two ) = array_map( fn( string $login ) => $this->user( $login ), array( 'admin', 'member1', 'member2' ) );

		Clearing_Log::add( $one->ID, 0, 3, true, $admin->ID );
		Clearing_Log::add( 0, $one->ID, 1, true, $admin->ID );
		Clearing_Log::add( 0, $two->ID, 2, false, 999999 );

		$this->assertStringContainsString( "$admin->display_name cleared 3 blocks that $one->display_name had made.", $this->shown( 'member1' ) );
		$this->assertStringContainsString( "$admin->display_name cleared 1 block against $one->display_name.", $this->shown( 'member1' ) );
		$this->assertStringContainsString( "Deleted user (999999) cleared 2 blocks against $two->display_name. It broke off before all were cleared.", $this->shown( 'member2' ) );
		$this->assertSame( 2, substr_count( $this->shown( 'member1' ), ' cleared ' ) );
	}

	public function test_the_newest_are_kept_and_come_first(): void {
		foreach ( range( 1, 501 ) as $blocked ) {
			Clearing_Log::add( 999999, $blocked, 1, true, 1 );
		}

		$kept = Clearing_Log::of( 999999, 1000 );

		$this->assertSame( range( 501, 2 ), array_column( $kept, 'blocked' ) );
		$this->assertSame( array( 501, 500 ), array_column( Clearing_Log::of( 999999, 2 ), 'blocked' ) );
		$this->assertEqualsWithDelta( time(), $kept[0]['at'], 60 );
	}

	/**
	 * Another request clears between this one's reading and its writing.
	 */
	public function test_two_at_once_are_both_kept(): void {
		$other = fn() => Clearing_Log::add( $this->user( 'member1' )->ID, 0, 7, true, 1 );

		add_filter(
			'query',
			static function ( $query ) use ( &$other ) {
				if ( null !== $other && preg_match( '/^\s*(INSERT|UPDATE)\b.*jetonomy_sidecar_clear/s', $query ) ) {
					list( $add, $other ) = array( $other, null );
					$add();
				}

				return $query;
			}
		);

		Clearing_Log::add( $this->user( 'member1' )->ID, 0, 5, true, 1 );

		$this->assertNull( $other );
		$this->assertEqualsCanonicalizing( array( 5, 7 ), array_column( Clearing_Log::of( $this->user( 'member1' )->ID, 10 ), 'removed' ) );
	}

	public function test_the_page_shows_the_last_ones(): void {
		foreach ( range( 1, 12 ) as $removed ) {
			Clearing_Log::add( $this->user( 'member1' )->ID, 0, $removed, true, $this->user( 'admin' )->ID );
		}

		$this->assertSame( 10, substr_count( $this->shown( 'member1' ), ' cleared ' ) );
		$this->assertStringContainsString( 'cleared 12 blocks', $this->shown( 'member1' ) );
		$this->assertStringNotContainsString( 'cleared 2 blocks', $this->shown( 'member1' ) );
	}

	public function test_names_are_escaped(): void {
		$evil = $this->make_user();

		wp_update_user(
			array(
				'ID'           => $evil->ID,
				'display_name' => 'Tom & Jerry',
			)
		);
		Clearing_Log::add( $this->user( 'member1' )->ID, $evil->ID, 1, true, $evil->ID );

		$html = $this->output_of( fn() => Member_Clearings::render( $this->user( 'member1' ) ) );

		$this->assertSame( 2, substr_count( $html, 'Tom &amp; Jerry' ) );
		$this->assertStringNotContainsString( 'Tom & Jerry', $html );
	}

	public function test_an_option_of_another_shape_shows_nothing(): void {
		foreach ( array( 'x', array( 'x', array() ), array( array( 'blocker' => $this->user( 'member1' )->ID ) ) ) as $value ) {
			update_option( Clearing_Log::PREFIX . 'x', $value, false );
			$this->assertSame( '', $this->shown( 'member1' ) );
		}
	}
}
