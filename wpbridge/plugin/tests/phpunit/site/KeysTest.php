<?php
/**
 * The keys shared with the sidecar.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Admin\Secret_Notice;
use Jetonomy_Sidecar\Bridge\Keys;

/**
 * The option jetonomy_sidecar_keys.
 */
final class KeysTest extends Site_Test_Case {

	protected function tearDown(): void {
		putenv( Keys::OVERRIDE );

		parent::tearDown();
	}

	public function test_a_missing_key_is_made_once(): void {
		$this->set_option( Keys::OPTION, null );
		$keys = new Keys();

		$this->assertNull( $keys->existing() );

		$key = $keys->current();

		$this->assertNotNull( $key );
		$this->assertSame( $key->to_array(), ( new Keys() )->current()->to_array() );
		$this->assertSame( array( 'current' => $key->to_array() ), get_option( Keys::OPTION ) );
		$this->assertMatchesRegularExpression( '/^[0-9a-f]{64}$/', $key->to_array()['secret'] );
		$this->assertSame( substr( hash( 'sha256', $key->to_array()['secret'] ), 0, 16 ), $key->kid() );
		$this->assertSame( array( 'off' ), array_column( $this->rows( 'options', array( 'option_name' => Keys::OPTION ) ), 'autoload' ) );
	}

	public function test_what_is_no_key_is_replaced(): void {
		foreach ( array( 'nonsense', array(), array( 'current' => array( 'secret' => 'short' ) ) ) as $value ) {
			$this->set_option( Keys::OPTION, $value );
			$this->assertNull( ( new Keys() )->existing() );
			$this->assertNotNull( ( new Keys() )->current() );
		}
	}

	public function test_rotation_keeps_the_old_key_for_an_hour(): void {
		delete_option( Keys::OPTION ); // The site's own may have been rotated a moment ago.

		$keys   = new Keys();
		$old    = $keys->current();
		$before = time();

		$this->assertNull( $keys->previous() );
		$this->assertTrue( $keys->rotate() );
		$this->assertNotSame( $old->kid(), $keys->current()->kid() );
		$this->assertSame( $old->to_array(), $keys->previous()->to_array() );

		$stored = get_option( Keys::OPTION );

		$this->assertEqualsWithDelta( $before + HOUR_IN_SECONDS, $stored['previous']['until'], 5 );

		$stored['previous']['until'] = time();
		$this->set_option( Keys::OPTION, $stored );
		$this->assertNull( $keys->previous() );
	}

	public function test_a_key_that_leaked_is_replaced_at_once(): void {
		$keys = new Keys();

		$keys->rotate();
		$leaked = array( $keys->current()->kid(), $keys->previous()->kid() );

		$this->assertTrue( $keys->rotate( false ) );
		$this->assertNull( $keys->previous() );
		$this->assertNotContains( $keys->current()->kid(), $leaked );
		$this->assertSame( array( 'current' ), array_keys( get_option( Keys::OPTION ) ) );
	}

	public function test_a_configured_secret_replaces_the_option(): void {
		$secret = str_repeat( 's', 32 );
		putenv( Keys::OVERRIDE . '=' . $secret );
		$keys = new Keys();

		$this->assertSame( $secret, $keys->current()->to_array()['secret'] );
		$this->assertFalse( $keys->rotate() );
		$this->assertNull( $keys->previous() );
		$this->assertFalse( $keys->is_override_refused() );
	}

	public function test_a_short_configured_secret_is_refused_and_said_to_administrators(): void {
		$stored = ( new Keys() )->current();
		putenv( Keys::OVERRIDE . '=' . str_repeat( 's', 31 ) );
		$keys = new Keys();

		$this->assertTrue( $keys->is_override_refused() );
		$this->assertSame( $stored->to_array(), $keys->current()->to_array() );

		$notice = new Secret_Notice( $keys );

		$this->be( 'admin' );
		$this->assertStringContainsString( Keys::OVERRIDE, $this->output_of( array( $notice, 'render' ) ) );
		$this->assertStringNotContainsString( str_repeat( 's', 31 ), $this->output_of( array( $notice, 'render' ) ) );
		$this->be( 'moderator' );
		$this->assertSame( '', $this->output_of( array( $notice, 'render' ) ) );
	}
}
