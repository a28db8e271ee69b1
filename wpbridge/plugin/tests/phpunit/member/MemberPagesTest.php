<?php
/**
 * What members meet.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Member\Draft;
use Jetonomy_Sidecar\Member\Message_Format;
use Jetonomy_Sidecar\Member\Navigation;
use Jetonomy_Sidecar\Member\Recipients;
use Jetonomy_Sidecar\Urls;

/**
 * Addresses, recipients, links and what is printed of messages.
 */
final class MemberPagesTest extends Site_Test_Case {

	public function test_addresses_with_and_without_pretty_permalinks(): void {
		update_option( 'jetonomy_settings', array( 'base_slug' => 'forum' ) );
		update_option( 'permalink_structure', '/%postname%/' );
		$this->assertSame( home_url( '/forum/messages/7/' ), Urls::conversation( 7 ) );
		$this->assertSame( home_url( '/forum/messages/?to=a%26b' ), Urls::compose( 'a&b' ) );

		update_option( 'permalink_structure', '' );
		$this->assertSame( home_url( '/?jetonomy_route=conversation&jetonomy_slug=7' ), Urls::conversation( 7 ) );
		$this->assertSame( home_url( '/?jetonomy_route=messages' ), Urls::inbox() );
	}

	public function test_templates_are_there_only_while_the_extension_is_on(): void {
		$this->assertFileExists( apply_filters( 'jetonomy_template_map', array() )['messages'] );
		$this->assertFileExists( apply_filters( 'jetonomy_template_map', array() )['conversation'] );

		( new Extension_Switch() )->disable();
		$this->assertSame( array(), apply_filters( 'jetonomy_template_map', array() ) );
	}

	public function test_the_switch_renews_the_rewrite_rules(): void {
		update_option( 'rewrite_rules', array( 'a' => 'b' ) );
		( new Extension_Switch() )->disable();
		$this->assertFalse( get_option( 'rewrite_rules' ) );

		update_option( 'rewrite_rules', array( 'a' => 'b' ) );
		( new Extension_Switch() )->enable();
		$this->assertFalse( get_option( 'rewrite_rules' ) );
	}

	public function test_another_base_renews_the_rewrite_rules(): void {
		update_option( 'rewrite_rules', array( 'a' => 'b' ) );
		update_option( 'jetonomy_settings', array( 'base_slug' => 'another-forum' ) );
		$this->assertFalse( get_option( 'rewrite_rules' ) );
	}

	public function test_recipients_are_logins_or_ids(): void {
		$one = $this->user( 'member1' )->ID;
		$two = $this->user( 'member2' )->ID;

		$this->assertSame( array( array( $one, $two ), array( 'nobody' ) ), Recipients::parse( "@member1, nobody,{$two}, member1" ) );
		$this->assertSame( 'member2', Recipients::prefill( (string) $two ) );
	}

	public function test_links_are_for_members_and_print_no_number(): void {
		$navigation = new Navigation( new Extension_Switch() );
		$this->assertSame( '', $navigation->link() );

		$this->sign_in( 'member1' );
		$this->assertMatchesRegularExpression( '#<jetonomy-unread-badge [^>]+></jetonomy-unread-badge>#', $navigation->link() );
		$this->assertStringContainsString( esc_url( Urls::compose( 'member2' ) ), $navigation->button( 'member2' ) );
		$this->assertSame( '', $navigation->button( 'member1' ) );
		$this->assertSame( array(), $this->service_calls );

		( new Extension_Switch() )->disable();
		$this->assertSame( '', $navigation->link() );
		$this->assertSame( '', $navigation->button( 'member2' ) );
	}

	public function test_only_elements_of_the_service_are_printed(): void {
		$html = '<p dir="auto">a<br><a href="https://example.org/" rel="nofollow ugc noopener" target="_blank">b</a></p>';

		$this->assertSame( $html, Message_Format::content( array( 'content' => $html ) ) );
		$this->assertSame( '<p>x</p>', Message_Format::content( array( 'content' => '<p onclick="y()">x</p><img src=x onerror=z>' ) ) );
		$this->assertStringNotContainsString( 'javascript', Message_Format::content( array( 'content' => '<a href="javascript:x">x</a>' ) ) );
	}

	public function test_refused_forms_are_kept_each_for_its_own_page(): void {
		Draft::keep( 5, 'send:1', array( 'message' => 'text' ) );
		Draft::keep( 5, 'report:1', array( 'note' => 'note' ) );
		$this->assertSame( 'text', Draft::of( 5, 'send:1' )['message'] );
		$this->assertSame( 'note', Draft::of( 5, 'report:1' )['note'] );
		$this->assertSame( array(), Draft::of( 5, 'send:2' ) );
		$this->assertSame( array(), Draft::of( 6, 'send:1' ) );

		Draft::forget( 5, 'report:1' );
		$this->assertSame( array(), Draft::of( 5, 'report:1' ) );
		$this->assertSame( 'text', Draft::of( 5, 'send:1' )['message'] );

		Draft::keep( 5, 'start', array( 'message' => 'another' ) );
		Draft::forget_all( 5 );
		$this->assertSame( array(), Draft::of( 5, 'send:1' ) + Draft::of( 5, 'start' ) );
	}

	public function test_of_refused_forms_the_newest_five_are_kept(): void {
		foreach ( array( 1, 2, 3, 1, 4, 5, 6 ) as $n => $id ) {
			Draft::keep( 5, "send:$id", array( 'message' => "text $n" ) );
		}

		$this->assertSame(
			array( 'text 3', null, 'text 2', 'text 4', 'text 5', 'text 6' ),
			array_map( static fn( int $id ): ?string => Draft::of( 5, "send:$id" )['message'] ?? null, range( 1, 6 ) )
		);
	}

	public function test_what_was_wrong_with_a_form_is_said_once(): void {
		Draft::keep( 5, 'send:1', array( 'message' => 'text', 'error' => 'No.' ) ); // phpcs:ignore

		$this->assertSame( array( 'message' => 'text', 'error' => 'No.' ), Draft::show( 5, 'send:1' ) ); // phpcs:ignore
		$this->assertSame( array( 'message' => 'text' ), Draft::show( 5, 'send:1' ) );
	}
}
