<?php
/**
 * The switch.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Extension_Switch;

/**
 * The option jetonomy_pro_extensions, which holds other extensions too.
 */
final class ExtensionSwitchTest extends Site_Test_Case {

	public function test_others_survive_both_ways(): void {
		$this->set_option( 'jetonomy_pro_extensions', array( 'polls', 'reactions' ) );

		$switch = new Extension_Switch();

		$this->assertFalse( $switch->is_enabled() );
		$switch->enable();
		$this->assertTrue( $switch->is_enabled() );
		$this->assertSame( array( 'polls', 'reactions', 'private-messaging' ), get_option( 'jetonomy_pro_extensions' ) );

		$this->set_option( 'jetonomy_pro_extensions', array( 'polls', 'private-messaging', 'reactions' ) );
		$switch->disable();
		$this->assertFalse( $switch->is_enabled() );
		$this->assertSame( array( 'polls', 'reactions' ), get_option( 'jetonomy_pro_extensions' ), 'a list without a hole' );
	}

	public function test_works_where_there_is_no_option_yet(): void {
		$this->set_option( 'jetonomy_pro_extensions', null );

		$switch = new Extension_Switch();

		$this->assertFalse( $switch->is_enabled() );
		$switch->disable();
		$this->assertFalse( get_option( 'jetonomy_pro_extensions' ), 'switching off what is off writes nothing' );
		$switch->enable();
		$this->assertSame( array( 'private-messaging' ), get_option( 'jetonomy_pro_extensions' ) );
	}

	public function test_twice_is_once(): void {
		$this->set_option( 'jetonomy_pro_extensions', array() );

		( new Extension_Switch() )->enable();
		( new Extension_Switch() )->enable();

		$this->assertSame( array( 'private-messaging' ), get_option( 'jetonomy_pro_extensions' ) );
	}

	public function test_reads_what_is_no_list(): void {
		foreach ( array( 'private-messaging' => true, '' => false, 'polls' => false ) as $value => $is_enabled ) {
			$this->set_option( 'jetonomy_pro_extensions', $value );
			$this->assertSame( $is_enabled, ( new Extension_Switch() )->is_enabled(), "the text '$value'" );
		}

		$this->set_option( 'jetonomy_pro_extensions', array( 1, array( 'private-messaging' ), null ) );
		$this->assertFalse( ( new Extension_Switch() )->is_enabled() );
	}
}
