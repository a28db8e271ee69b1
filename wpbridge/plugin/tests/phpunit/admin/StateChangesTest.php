<?php
/**
 * The doors through which a browser changes something.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Operator_Client;
use Jetonomy_Sidecar\Bridge\Sidecar_Client;
use Jetonomy_Sidecar\Bridge\Token_Issuer;
use Jetonomy_Sidecar\Admin\Site_Owner;
use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Member\Form_Handler;
use Jetonomy_Sidecar\Member\Read_Mark;
use Jetonomy_Sidecar\Settings;

require_once __DIR__ . '/OwnerTest.php';

/**
 * Every one of them is known to the tests of capabilities and nonces, so that a new one cannot be forgotten,
 * and none does anything without a nonce.
 */
final class StateChangesTest extends Site_Test_Case {

	/**
	 * A request to wp-admin, with the plugin's pages.
	 */
	protected function setUp(): void {
		parent::setUp();

		$keys = new Keys();

		$this->visit_admin();
		Site_Owner::connect( new Extension_Switch(), $keys, new Operator_Client( $keys, new Sidecar_Client( new Settings() ) ), new Token_Issuer( $keys ) );
	}

	/**
	 * The hooks on which the plugin takes forms.
	 *
	 * @return string[]
	 */
	private function doors(): array {
		$doors = array();

		foreach ( $GLOBALS['wp_filter'] as $hook => $listeners ) {
			foreach ( preg_match( '/^(admin_post|wp_ajax|admin_action)_/', $hook ) ? array_merge( ...array_values( $listeners->callbacks ) ) : array() as $callback ) {
				$of = is_array( $callback['function'] ) ? $callback['function'][0] : $callback['function'];

				if ( str_starts_with( is_object( $of ) ? get_class( $of ) : (string) $of, 'Jetonomy_Sidecar\\' ) ) {
					$doors[] = $hook;
				}
			}
		}

		sort( $doors );

		return array_values( array_unique( $doors ) );
	}

	public function test_every_form_is_known_to_the_tests(): void {
		$known = array( 'admin_post_' . Form_Handler::ACTION, 'admin_post_nopriv_' . Form_Handler::ACTION, 'admin_post_' . Read_Mark::ACTION );

		foreach ( OwnerTest::forms() as list( $action ) ) {
			$known[] = 'admin_post_' . $action;
		}

		sort( $known );
		$this->assertSame( $known, $this->doors() );
	}

	public function test_none_does_anything_without_a_nonce(): void {
		foreach ( array( 'member1', 'admin' ) as $login ) {
			$this->sign_in( $login );

			foreach ( $this->doors() as $hook ) {
				if ( str_starts_with( $hook, 'admin_post_nopriv_' ) ) {
					continue;
				}

				foreach ( array( null, 'another-action' ) as $nonce ) {
					$this->submit( array( 'task' => 'read_all', 'conversation' => '0', 'enable' => '0', 'user' => '1', 'direction' => 'made' ), $nonce ); // phpcs:ignore
					$this->assertSame( 403, $this->end_of( static fn() => do_action( $hook ) )->status, "$hook for $login" );
				}
			}
		}

		$this->assertSame( array(), $this->service_calls );
		$this->assertTrue( ( new Extension_Switch() )->is_enabled() );
	}
}
