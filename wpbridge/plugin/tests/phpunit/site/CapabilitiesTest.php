<?php
/**
 * The moderators' capability.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Capabilities;

/**
 * The capability jetonomy_moderate on a site that has it from nobody else.
 */
final class CapabilitiesTest extends Site_Test_Case {

	protected function setUp(): void {
		parent::setUp();

		foreach ( array_keys( wp_roles()->roles ) as $role ) {
			get_role( $role )->remove_cap( Capabilities::MODERATE );
		}

		$this->set_option( Capabilities::OPTION, null );
	}

	/**
	 * @group plain
	 */
	public function test_editors_and_administrators_get_it_where_nobody_has_it(): void {
		( new Capabilities() )->grant_if_missing();

		$this->assertSame( array( 'administrator', 'editor' ), $this->roles() );
		$this->assertSame( array( 'administrator', 'editor' ), get_option( Capabilities::OPTION ) );
		$this->assertTrue( user_can( $this->user( 'moderator' ), 'jetonomy_moderate' ) );
		$this->assertFalse( user_can( $this->user( 'member1' ), 'jetonomy_moderate' ) );
	}

	/**
	 * @group plain
	 */
	public function test_it_is_given_once(): void {
		( new Capabilities() )->grant_if_missing();
		get_role( 'editor' )->remove_cap( Capabilities::MODERATE );
		get_role( 'administrator' )->remove_cap( Capabilities::MODERATE );
		( new Capabilities() )->grant_if_missing();

		$this->assertSame( array(), $this->roles(), 'an owner may take it away' );
	}

	public function test_nothing_is_given_where_a_role_has_it(): void {
		get_role( 'author' )->add_cap( Capabilities::MODERATE );
		( new Capabilities() )->grant_if_missing();

		$this->assertSame( array( 'author' ), $this->roles() );
		$this->assertFalse( get_option( Capabilities::OPTION ) );
	}

	/**
	 * @group plain
	 */
	public function test_what_was_given_is_taken_back_and_no_more(): void {
		( new Capabilities() )->grant_if_missing();
		get_role( 'author' )->add_cap( Capabilities::MODERATE );
		Capabilities::revoke();

		$this->assertSame( array( 'author' ), $this->roles() );
		$this->assertFalse( get_option( Capabilities::OPTION ) );
	}

	/**
	 * @group jetonomy
	 */
	public function test_jetonomy_keeps_what_is_jetonomys(): void {
		( new Capabilities() )->grant_if_missing();
		$this->assertSame( array(), $this->roles(), 'Jetonomy gives it itself' );

		get_role( 'editor' )->add_cap( Capabilities::MODERATE );
		$this->set_option( Capabilities::OPTION, array( 'editor' ) );
		Capabilities::revoke();
		$this->assertSame( array( 'editor' ), $this->roles() );
	}

	/**
	 * The roles that have it.
	 *
	 * @return string[]
	 */
	private function roles(): array {
		$roles = array_keys( array_filter( wp_roles()->roles, static fn( array $role ): bool => ! empty( $role['capabilities'][ Capabilities::MODERATE ] ) ) );
		sort( $roles );

		return $roles;
	}
}
