<?php
/**
 * The members' switches.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Notify\Preferences;

require_once dirname( __DIR__ ) . '/events/clean-slate.php';

/**
 * Where members choose, and who may.
 */
final class SwitchesTest extends Site_Test_Case {

	use Clean_Slate;

	/**
	 * A member's switches.
	 *
	 * @param string $login The member.
	 */
	private function switches( string $login = 'member1' ): array {
		$names = array( Preferences::WEB, Preferences::EMAIL, Preferences::TEXT );

		return array_combine( $names, array_map( fn( string $name ): bool => ( new Preferences() )->is_on( $this->user( $login )->ID, $name ), $names ) );
	}

	/**
	 * What all switches are when somebody has switched some off.
	 *
	 * @param string ...$off Those.
	 */
	private function all_but( string ...$off ): array {
		return array(
			'web'   => ! in_array( 'web', $off, true ),
			'email' => ! in_array( 'email', $off, true ),
			'text'  => ! in_array( 'text', $off, true ),
		);
	}

	public function test_all_are_on_at_first(): void {
		$this->assertSame( $this->all_but(), $this->switches() );
	}

	public function test_a_choice_leaves_the_others_alone(): void {
		$preferences = new Preferences();
		$id          = $this->user( 'member1' )->ID;

		$preferences->choose( $id, array( 'email' => 'false' ) );
		$preferences->choose( $id, array( 'text' => 0, 'other' => 1, 'web' => array() ) ); // phpcs:ignore

		$this->assertSame( $this->all_but( 'email', 'text' ), $this->switches() );
		$this->assertSame( array( 'email', 'text' ), array_keys( get_user_meta( $id, Preferences::META, true ) ) );
	}

	/*
	 * Jetonomy.
	 */

	/**
	 * Jetonomy's form.
	 *
	 * @param string $login Whose.
	 */
	private function form( string $login = 'member1' ): string {
		return $this->output_of( fn() => do_action( 'jetonomy_profile_edit_fields', $this->user( $login )->ID ) );
	}

	public function test_jetonomys_form_has_the_fields(): void {
		$this->be( 'member1' );
		( new Preferences() )->choose( $this->user( 'member1' )->ID, array( 'email' => false ) );

		$form = $this->form();

		foreach ( array( 'web' => true, 'email' => false, 'text' => true ) as $name => $is_on ) { // phpcs:ignore
			$this->assertSame( 1, preg_match( '/<input[^>]*name="notification_preferences\[private_message\]\[' . $name . '\]"[^>]*>/', $form, $matches ) );
			$this->assertSame( $is_on, str_contains( $matches[0], 'checked' ) );
		}
	}

	public function test_jetonomys_form_is_for_oneself_and_while_the_extension_is_on(): void {
		$this->be( 'admin' );
		$this->assertStringNotContainsString( 'private_message', $this->form() );

		$this->be( 'member1' );
		$this->switch_extension( false );
		$this->assertStringNotContainsString( 'private_message', $this->form() );
	}

	/**
	 * Saves Jetonomy's form.
	 *
	 * @param array $preferences What its script sends.
	 * @param mixed $user        Who.
	 */
	private function save_form( array $preferences, $user = 'member1' ): int {
		return $this->rest( 'PATCH', '/jetonomy/v1/users/me', array( 'notification_preferences' => $preferences ), $user )->get_status();
	}

	/**
	 * @group jetonomy
	 */
	public function test_jetonomys_form_is_saved(): void {
		$others = array( 'mention' => array( 'web' => true, 'email' => true ) ); // phpcs:ignore
		$off    = array( 'private_message' => array( 'web' => false, 'email' => true, 'text' => false ) ); // phpcs:ignore

		$this->assertSame( 200, $this->save_form( $others + $off ) );
		$this->assertSame( $this->all_but( 'web', 'text' ), $this->switches() );
		$this->assertSame( $this->all_but(), $this->switches( 'member2' ) );

		// A client that does not know the type.
		$this->assertSame( 200, $this->save_form( $others ) );
		$this->assertSame( $this->all_but( 'web', 'text' ), $this->switches() );
	}

	/**
	 * @group jetonomy
	 */
	public function test_jetonomys_form_is_not_saved_for_nobody(): void {
		$this->assertSame( 401, $this->save_form( array( 'private_message' => array( 'email' => false ) ), 0 ) );
		$this->assertSame( $this->all_but(), $this->switches() );
	}

	/**
	 * @group jetonomy
	 */
	public function test_what_jetonomy_has_stored_is_honoured_and_survives(): void {
		$id = $this->user( 'member1' )->ID;
		\Jetonomy\Models\UserProfile::find_or_create( $id );
		\Jetonomy\Models\UserProfile::update_profile( $id, array( 'settings' => '{"notifications":{"private_message":{"web":"1","email":""}}}' ) );

		$this->assertSame( $this->all_but( 'email' ), $this->switches() );
		$this->save_form( array( 'mention' => array( 'web' => true ) ) );
		$this->assertSame( $this->all_but( 'email' ), $this->switches() );
	}

	/*
	 * WordPress's own profile.
	 */

	/**
	 * The profile's Personal Options.
	 *
	 * @param string $login Whose.
	 */
	private function profile( string $login = 'member1' ): string {
		return $this->output_of( fn() => do_action( 'personal_options', $this->user( $login ) ) );
	}

	/**
	 * @group plain
	 */
	public function test_profile_has_the_fields(): void {
		$this->be( 'member1' );

		$this->assertStringContainsString( 'name="jetonomy_sidecar_notifications[email]"', $this->profile() );
		$this->assertStringNotContainsString( 'jetonomy_sidecar_notifications', $this->profile( 'member2' ) );

		$this->be( 'admin' );
		$this->assertStringNotContainsString( 'jetonomy_sidecar_notifications', $this->profile() );
	}

	/**
	 * @group jetonomy
	 */
	public function test_profile_has_none_with_jetonomy(): void {
		$this->be( 'member1' );
		$this->assertStringNotContainsString( 'jetonomy_sidecar_notifications', $this->profile() );
	}

	public function test_profile_has_none_while_the_extension_is_off(): void {
		$this->be( 'member1' );
		$this->switch_extension( false );
		$this->assertStringNotContainsString( 'jetonomy_sidecar_notifications', $this->profile() );
	}

	/**
	 * @group plain
	 */
	public function test_profile_is_saved_with_its_nonce_by_oneself(): void {
		$save = fn( string $login ) => do_action( 'personal_options_update', $this->user( $login )->ID );
		$form = array(
			'jetonomy_sidecar_notifications' => array( 'text' => '1' ),
			'email'                          => $this->user( 'member1' )->user_email,
		);

		$this->be( 'member1' );
		$this->submit( $form );
		$save( 'member1' );
		$this->assertSame( $this->all_but(), $this->switches(), 'no nonce' );

		$this->submit( $form + array( 'jetonomy_sidecar_notifications_nonce' => wp_create_nonce( 'other' ) ) );
		$save( 'member1' );
		$this->assertSame( $this->all_but(), $this->switches(), 'another nonce' );

		$this->submit( $form + array( 'jetonomy_sidecar_notifications_nonce' => wp_create_nonce( 'jetonomy_sidecar_notifications' ) ) );
		$save( 'member2' );
		$this->assertSame( $this->all_but(), $this->switches( 'member2' ), 'somebody else' );

		$save( 'member1' );
		$this->assertSame( $this->all_but( 'email' ), $this->switches() );

		$this->be( 'admin' );
		$this->submit( array( 'jetonomy_sidecar_notifications_nonce' => wp_create_nonce( 'jetonomy_sidecar_notifications' ) ) + $form );
		$save( 'member2' );
		$this->assertSame( $this->all_but(), $this->switches( 'member2' ), 'an administrator' );
	}
}
