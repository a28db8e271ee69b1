<?php
/**
 * The call after a change of options.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Poke;

/**
 * POST poke: once, at the end of a request that changed what the sidecar reads.
 */
final class PokeTest extends Site_Test_Case {

	protected function setUp(): void {
		parent::setUp();

		$this->end_request(); // The harness may have switched the extension on.
		$this->service_calls = array();
		$this->fake_service( static fn() => null );
	}

	public function test_changes_of_one_request_make_one_signed_call_that_nobody_waits_for(): void {
		$this->set_settings( array( 'group_limit' => 5 ) );
		$this->switch_extension( false );
		$this->set_option( 'home', 'http://127.0.0.1:1' );

		$this->assertSame( array(), $this->pokes(), 'not before the end of the request' );

		$this->end_request();
		$pokes = $this->pokes();

		$this->assertCount( 1, $pokes );
		$this->assert_signed( $pokes[0] );
		$this->assertFalse( $pokes[0]['blocking'] );

		$this->end_request();
		$this->assertCount( 1, $this->pokes() );
	}

	public function test_every_option_that_the_sidecar_reads_counts(): void {
		global $wpdb;

		$changes = array(
			'jetonomy_pro_extensions'               => array( 'polls' ),
			'jetonomy_sidecar_settings'             => array( 'group_limit' => 4 ),
			'home'                                  => 'http://127.0.0.1:1',
			'siteurl'                               => 'http://127.0.0.1:1',
			$wpdb->get_blog_prefix() . 'user_roles' => array_slice( wp_roles()->roles, 0, 2 ),
		);

		foreach ( $changes as $option => $value ) {
			$this->service_calls = array();
			$this->set_option( $option, $value );
			$this->end_request();
			$this->assertCount( 1, $this->pokes(), "a change of $option" );
		}

		foreach ( array( 'jetonomy_pro_extensions', 'jetonomy_sidecar_settings' ) as $option ) {
			$this->service_calls = array();
			$this->set_option( $option, null );
			$this->end_request();
			$this->assertCount( 1, $this->pokes(), "the end of $option" );
		}
	}

	public function test_other_options_count_for_nothing(): void {
		$this->set_option( 'blogname', 'Another name' );
		$this->set_option( 'an_option_of_a_test', '1' );
		$this->end_request();

		$this->assertSame( array(), $this->pokes() );
	}

	public function test_a_value_that_stays_is_no_change(): void {
		$this->switch_extension( true );
		$this->end_request();

		$this->assertSame( array(), $this->pokes() );
	}

	public function test_new_keys_are_told_with_the_key_that_the_sidecar_knows(): void {
		$keys = new Keys();
		$old  = $keys->current();

		$keys->rotate();
		$this->end_request();
		$call = $this->pokes()[0];

		$this->assertNotSame( $old->kid(), $keys->current()->kid() );
		$this->assertSame( $old->kid(), $call['headers']['X-Jetonomy-Key'] );
		$this->assertTrue( $old->verify_request( $call['headers']['X-Jetonomy-Signature'], 'POST', Poke::PATH, (int) $call['headers']['X-Jetonomy-Timestamp'], $call['body'], time() ) );
	}

	/**
	 * The pokes so far.
	 *
	 * @return array[]
	 */
	private function pokes(): array {
		return array_values( array_filter( $this->service_calls, static fn( array $call ): bool => Poke::PATH === $call['path'] ) );
	}
}
