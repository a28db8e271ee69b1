<?php
/**
 * What a new password ends.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use WP_Application_Passwords;
use WP_Session_Tokens;

/**
 * Sessions, which tokens are good for as long as, after the password was changed in each of WordPress's ways.
 */
final class PasswordChangeTest extends Site_Test_Case {

	/**
	 * The session of the user's other device.
	 *
	 * @var string
	 */
	private string $other;

	/**
	 * The session of this request, for a user who is signed in here.
	 *
	 * @var string
	 */
	private string $own;

	protected function setUp(): void {
		parent::setUp();
		add_filter( 'send_auth_cookies', '__return_false' );

		foreach ( array( 'member1', 'member2', 'admin' ) as $login ) {
			WP_Session_Tokens::get_instance( $this->user( $login )->ID )->destroy_all();
		}

		$this->other = $this->sign_in( 'member1' );
		$this->own   = $this->sign_in( 'member1' );

		$this->assertEqualsCanonicalizing( array( $this->other, $this->own ), $this->sessions() );
	}

	public function test_a_lost_password_that_was_replaced(): void {
		$this->sign_out();
		reset_password( $this->user( 'member1' ), 'new' );

		$this->assertSame( array(), $this->sessions() );
	}

	public function test_a_password_set_by_code(): void {
		$this->sign_out();
		wp_set_password( 'new', $this->user( 'member1' )->ID );

		$this->assertSame( array(), $this->sessions() );
	}

	public function test_a_password_set_by_an_administrator(): void {
		$this->sign_in( 'admin' );
		wp_update_user(
			array(
				'ID'        => $this->user( 'member1' )->ID,
				'user_pass' => 'new',
			)
		);

		$this->assertSame( array(), $this->sessions() );
		$this->assertCount( 1, get_user_meta( $this->user( 'admin' )->ID, 'session_tokens', true ), 'the administrator stays signed in' );
	}

	public function test_ones_own_password_set_in_the_profile(): void {
		wp_update_user(
			array(
				'ID'        => $this->user( 'member1' )->ID,
				'user_pass' => 'new',
			)
		);

		$this->assertSame( array( $this->own ), $this->sessions() );
	}

	public function test_ones_own_password_set_by_code(): void {
		wp_set_password( 'new', $this->user( 'member1' )->ID );

		$this->assertSame( array( $this->own ), $this->sessions() );
	}

	public function test_ones_own_password_set_with_an_application_password(): void {
		$this->sign_out();
		$this->be( 'member1' );
		wp_set_password( 'new', $this->user( 'member1' )->ID );

		$this->assertSame( array(), $this->sessions() );
	}

	public function test_what_stays(): void {
		$id = $this->user( 'member1' )->ID;

		WP_Application_Passwords::create_new_application_password( $id, array( 'name' => 'phone' ) );
		$this->sign_in( 'member2' );
		wp_update_user(
			array(
				'ID'           => $id,
				'display_name' => 'Another',
			)
		);

		$this->assertCount( 2, $this->sessions(), 'nothing is ended by a new name' );

		wp_set_password( 'new', $id );

		$this->assertCount( 1, WP_Application_Passwords::get_user_application_passwords( $id ) );
		$this->assertCount( 1, get_user_meta( $this->user( 'member2' )->ID, 'session_tokens', true ), 'nor is anybody else concerned' );
	}

	/**
	 * The member's sessions.
	 *
	 * @return string[]
	 */
	private function sessions(): array {
		return array_keys( array_filter( (array) get_user_meta( $this->user( 'member1' )->ID, 'session_tokens', true ) ) );
	}

	/**
	 * Makes the rest of the test a request without a session.
	 */
	private function sign_out(): void {
		unset( $_COOKIE[ LOGGED_IN_COOKIE ] );
		$this->be( null );
	}
}
