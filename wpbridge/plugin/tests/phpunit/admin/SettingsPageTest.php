<?php
/**
 * The settings page.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Admin\Settings_Fields;
use Jetonomy_Sidecar\Admin\Settings_Page;
use Jetonomy_Sidecar\Privacy\Policy_Text;
use Jetonomy_Sidecar\Settings;

/**
 * What is saved, what is refused, and what is stored of it.
 */
final class SettingsPageTest extends Site_Test_Case {

	/**
	 * The form as it is with the defaults.
	 *
	 * @param array $changed Values by key; null for a box that is not ticked.
	 */
	private function form( array $changed = array() ): array {
		$fields = array_intersect_key( Settings::DEFAULTS, Settings_Fields::all() );

		return array_filter(
			$changed + array_map( 'strval', array_filter( $fields, static fn( $value, $key ): bool => ! isset( Settings_Fields::all()[ $key ]['check'] ) || 1 === $value, ARRAY_FILTER_USE_BOTH ) ),
			static fn( $value ): bool => null !== $value
		);
	}

	/**
	 * Saves a form.
	 *
	 * @param array $form Values by key.
	 * @return array What was refused.
	 */
	private function save( array $form ): array {
		return array_keys( ( new Settings_Page( new Settings() ) )->save( $form ) );
	}

	public function test_every_setting_has_a_field_with_a_sentence(): void {
		$fields = Settings_Fields::all();

		$this->assertSame(
			array( 'trust_without_jetonomy', 'sidecar_url' ),
			array_keys( array_diff_key( Settings::DEFAULTS, $fields ) )
		);

		foreach ( $fields as $field ) {
			$this->assertNotSame( '', $field['label'] );
			$this->assertStringEndsWith( '.', $field['help'] );
		}
	}

	public function test_defaults_are_not_stored(): void {
		$this->set_option( Settings::OPTION, null );

		$this->assertSame( array(), $this->save( $this->form() ) );
		$this->assertFalse( get_option( Settings::OPTION ) );
	}

	public function test_what_differs_is_stored_and_what_is_not_on_the_page_stays(): void {
		$this->set_option( Settings::OPTION, array( 'sidecar_url' => 'http://127.0.0.1:9', 'group_limit' => 5, 'unknown' => 'x' ) ); // phpcs:ignore

		$refused = $this->save( $this->form( array( 'email_delay' => ' 30 ', 'mail_text' => null, 'delete_on_uninstall' => '1', 'recipient_scope' => 'shared_space' ) ) ); // phpcs:ignore

		$this->assertSame( array(), $refused );
		$this->assertEquals(
			array(
				'sidecar_url'         => 'http://127.0.0.1:9',
				'unknown'             => 'x',
				'email_delay'         => 30,
				'mail_text'           => 0,
				'delete_on_uninstall' => 1,
				'recipient_scope'     => 'shared_space',
			),
			get_option( Settings::OPTION )
		);
		$this->assertSame( 20, ( new Settings() )->all()['group_limit'], 'back at its default' );
	}

	/**
	 * Values that are no good.
	 */
	public static function bad_values(): array {
		return array(
			array( 'min_trust_level', '6' ),
			array( 'min_trust_level', '-1' ),
			array( 'group_limit', '2' ),
			array( 'group_limit', '21' ),
			array( 'group_limit', '' ),
			array( 'group_limit', '10.5' ),
			array( 'group_limit', '1e1' ),
			array( 'group_limit', array( '5' ) ),
			array( 'group_limit', null ),
			array( 'message_length', '0' ),
			array( 'message_length', '10001' ),
			array( 'messages_per_minute', '10001' ),
			array( 'conversations_per_day', '100001' ),
			array( 'email_delay', '1441' ),
			array( 'retention_months', '121' ),
			array( 'retention_months', '99999999999999999999' ),
			array( 'recipient_scope', 'nobody' ),
		);
	}

	/**
	 * @dataProvider bad_values
	 */
	public function test_a_bad_value_is_refused_at_its_field_and_the_others_are_saved( string $key, mixed $bad ): void {
		$this->set_option( Settings::OPTION, null );

		$other = 'email_delay' === $key ? 'group_limit' : 'email_delay';
		$page  = new Settings_Page( new Settings() );
		$form  = $this->form( array( $key => $bad, $other => '7' ) ); // phpcs:ignore

		$this->be( 'admin' );
		$this->assertSame( array( $key ), array_keys( $page->save( $form ) ) );
		$this->assertSame( array( $other => 7 ), get_option( Settings::OPTION ) );

		$html = $this->output_of( array( $page, 'render' ) );
		$id   = 'jetonomy-sidecar-' . str_replace( '_', '-', $key );

		$this->assertSame( 1, substr_count( $html, 'class="jetonomy-sidecar-error"' ) );
		$this->assertStringContainsString( "id=\"$id-error\"", $html );
		$this->assertMatchesRegularExpression( "/id=\"$id\"[^>]*aria-describedby=\"$id-help $id-error\"[^>]*aria-invalid=\"true\"/", $html );

		if ( is_string( $bad ) && '' !== $bad && 'recipient_scope' !== $key ) {
			$this->assertStringContainsString( 'value="' . $bad . '"', $html, 'what was typed is there still' );
		}
	}

	/**
	 * Values that something else stored, as PHP has them, and the settings that they are to the sidecar, too.
	 */
	public static function stored_values(): array {
		return array(
			array( 'min_trust_level', 9, 1 ),
			array( 'min_trust_level', -1, 1 ),
			array( 'min_trust_level', 2.0, 2 ),
			array( 'min_trust_level', 2.5, 1 ),
			array( 'min_trust_level', false, 1 ),
			array( 'min_trust_level', null, 1 ),
			array( 'min_trust_level', array( 2 ), 1 ),
			array( 'reply_below_trust', true, 1 ),
			array( 'reply_below_trust', 2, 0 ),
			array( 'group_limit', 50, 20 ),
			array( 'email_delay', 'abc', 5 ),
			array( 'email_delay', 0, 0 ),
			array( 'mail_text', 2, 1 ),
			array( 'mail_text', false, 0 ),
			array( 'mail_text', '0', 0 ),
			array( 'retention_months', 500, 0 ),
			array( 'retention_months', '12', 12 ),
			array( 'delete_on_uninstall', 2, 0 ),
			array( 'recipient_scope', 'nobody', 'anyone' ),
		);
	}

	/**
	 * @dataProvider stored_values
	 */
	public function test_what_is_stored_is_shown_as_it_applies( string $key, mixed $stored, int|string $applies ): void {
		$this->set_option( Settings::OPTION, array( $key => $stored ) );
		$this->be( 'admin' );

		$this->assertSame( array_replace( Settings::DEFAULTS, array( $key => $applies ) ), ( new Settings() )->all() );

		$html  = $this->output_of( array( new Settings_Page( new Settings() ), 'render' ) );
		$field = Settings_Fields::all()[ $key ];
		$id    = 'jetonomy-sidecar-' . str_replace( '_', '-', $key );

		if ( isset( $field['check'] ) ) {
			$this->assertSame( $applies, preg_match( "/id=\"$id\"[^>]* checked=/", $html ) );
		} elseif ( isset( $field['options'] ) ) {
			$this->assertMatchesRegularExpression( "/value=\"$applies\" selected=/", $html );
		} else {
			$this->assertMatchesRegularExpression( "/value=\"$applies\" id=\"$id\"/", $html );
		}
	}

	public function test_the_privacy_policy_says_what_applies(): void {
		$this->set_option( Settings::OPTION, array( 'retention_months' => 500 ) );
		$this->assertStringContainsString( 'We keep messages until they are deleted.', ( new Policy_Text() )->text() );

		$this->set_option( Settings::OPTION, array( 'retention_months' => 24 ) );
		$this->assertStringContainsString( 'nobody has written for 24 months', ( new Policy_Text() )->text() );
	}

	public function test_what_was_typed_is_escaped(): void {
		$page = new Settings_Page( new Settings() );

		$this->be( 'admin' );
		$page->save( $this->form( array( 'group_limit' => '"><script>alert(1)</script>' ) ) );

		$this->assertStringNotContainsString( '<script>alert', $this->output_of( array( $page, 'render' ) ) );
	}

	public function test_a_good_form_ends_with_a_redirect(): void {
		$page = new Settings_Page( new Settings() );

		$this->be( 'admin' );
		$this->submit( array( Settings_Page::FIELDS => $this->form( array( 'group_limit' => '9' ) ) ), Settings_Page::ACTION );

		$this->assertStringContainsString( 'jetonomy-sidecar-done=saved', $this->end_of( array( $page, 'handle' ) )->location );
		$this->assertSame( array( 'group_limit' => 9 ), get_option( Settings::OPTION ) );
	}
}
