<?php
/**
 * What the site's owner may do, and by which forms.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Admin\Admin_Action;
use Jetonomy_Sidecar\Admin\Block_Clearing;
use Jetonomy_Sidecar\Admin\Extension_Action;
use Jetonomy_Sidecar\Admin\Pro_Notice;
use Jetonomy_Sidecar\Admin\Retry_Events;
use Jetonomy_Sidecar\Admin\Screens;
use Jetonomy_Sidecar\Admin\Settings_Page;
use Jetonomy_Sidecar\Admin\Site_Owner;
use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Operator_Client;
use Jetonomy_Sidecar\Bridge\Sidecar_Client;
use Jetonomy_Sidecar\Bridge\Token_Issuer;
use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Settings;

/**
 * Every form needs its capability, its nonce and POST; the switch and the retry button do what they say.
 */
final class OwnerTest extends Site_Test_Case {

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
	 * All forms.
	 *
	 * @return array[] Action, fields, and who may not send it.
	 */
	public static function forms(): array {
		$blocks = array(
			'user'      => '1',
			'other'     => '0',
			'direction' => Block_Clearing::MADE,
		);

		return array(
			'switch'  => array( Extension_Action::ACTION, array( 'enable' => '0' ) ),
			'retry'   => array( Retry_Events::ACTION, array( 'from' => 'extensions' ) ),
			'unblock' => array( Block_Clearing::ACTION, $blocks ),
			'dismiss' => array( Pro_Notice::ACTION, array() ),
		);
	}

	/**
	 * Sends a form.
	 *
	 * @param string      $action The form.
	 * @param array       $fields Its fields.
	 * @param string|null $nonce  What its nonce is for.
	 */
	private function send( string $action, array $fields, ?string $nonce ): Request_End {
		$this->submit( $fields, $nonce );

		return $this->end_of( static fn() => do_action( 'admin_post_' . $action ) );
	}

	/**
	 * @dataProvider forms
	 */
	public function test_a_form_needs_the_capability( string $action, array $fields ): void {
		$moderator = $this->make_user();
		$moderator->add_cap( 'jetonomy_moderate' ); // And not what else Jetonomy gives to editors.

		foreach ( array( 'member1', $moderator ) as $user ) {
			$this->be( $user );
			$this->assertSame( 403, $this->send( $action, $fields, $action )->status );
		}

		$this->assertSame( array(), $this->service_calls );
		$this->assertTrue( ( new Extension_Switch() )->is_enabled() );
	}

	/**
	 * @dataProvider forms
	 */
	public function test_a_form_needs_its_own_nonce( string $action, array $fields ): void {
		$this->be( 'admin' );

		$this->assertSame( 403, $this->send( $action, $fields, null )->status );
		$this->assertSame( 403, $this->send( $action, $fields, 'another-action' )->status );
		$this->assertSame( array(), $this->service_calls );
		$this->assertTrue( ( new Extension_Switch() )->is_enabled() );
	}

	/**
	 * @dataProvider forms
	 */
	public function test_a_link_does_nothing( string $action, array $fields ): void {
		$this->be( 'admin' );
		$this->submit( $fields, $action );
		$_SERVER['REQUEST_METHOD'] = 'GET';

		$end = $this->end_of( static fn() => do_action( 'admin_post_' . $action ) );

		$this->assertSame( 405, $end->status );
		$this->assertSame( array(), $this->service_calls );
		$this->assertTrue( ( new Extension_Switch() )->is_enabled() );
	}

	public function test_the_switch_leaves_other_extensions_alone(): void {
		$this->set_option( Extension_Switch::OPTION, array( 'polls', Extension_Switch::ID, 'badges' ) );
		$this->be( 'admin' );

		$end = $this->send( Extension_Action::ACTION, array( 'enable' => '0' ), Extension_Action::ACTION );
		$this->assertSame( add_query_arg( Admin_Action::DONE, 'disabled', Screens::extensions_url() ), $end->location );
		$this->assertSame( array( 'polls', 'badges' ), get_option( Extension_Switch::OPTION ) );

		$end = $this->send( Extension_Action::ACTION, array( 'enable' => '1' ), Extension_Action::ACTION );
		$this->assertSame( add_query_arg( Admin_Action::DONE, 'enabled', Screens::extensions_url() ), $end->location );
		$this->assertSame( array( 'polls', 'badges', Extension_Switch::ID ), get_option( Extension_Switch::OPTION ) );
	}

	public function test_retry_asks_the_sidecar_and_says_so(): void {
		$this->be( 'admin' );
		$this->fake_service( static fn(): array => array( 'retried' => 3 ) );

		$end = $this->send( Retry_Events::ACTION, array( 'from' => 'site-health' ), Retry_Events::ACTION );

		$this->assertSame( add_query_arg( Admin_Action::DONE, 'retried', admin_url( 'site-health.php' ) ), $end->location );
		$this->assertCount( 1, $this->service_calls );
		$this->assertSame( '/jetonomy-sidecar/v1/events/retry', $this->service_calls[0]['path'] );
		$this->assertSame( '{}', $this->service_calls[0]['body'] );
		$this->assert_signed( $this->service_calls[0] );
	}

	public function test_retry_without_the_sidecar_says_so(): void {
		$this->be( 'admin' );

		$end = $this->send( Retry_Events::ACTION, array( 'from' => 'extensions' ), Retry_Events::ACTION );

		$this->assertSame( add_query_arg( Admin_Action::DONE, 'not-retried', Screens::extensions_url() ), $end->location );
	}

	public function test_settings_need_capability_and_nonce(): void {
		$page   = new Settings_Page( new Settings() );
		$fields = array( Settings_Page::FIELDS => array( 'group_limit' => '5' ) );

		$this->be( 'moderator' );
		$this->submit( $fields, Settings_Page::ACTION );
		$this->assertSame( 403, $this->end_of( array( $page, 'handle' ) )->status );

		$this->be( 'admin' );
		$this->submit( $fields );
		$this->assertSame( 403, $this->end_of( array( $page, 'handle' ) )->status );

		$this->assertSame( 20, ( new Settings() )->all()['group_limit'] );
	}
}
