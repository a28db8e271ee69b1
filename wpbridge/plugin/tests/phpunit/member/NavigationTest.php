<?php
/**
 * The ways to the inbox.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Member\Navigation;
use Jetonomy_Sidecar\Urls;
use WP_Admin_Bar;
use WP_Block;

require_once __DIR__ . '/member-page-case.php';

/**
 * The link with its badge in Jetonomy's navigation, in the admin bar, as shortcode and block; the button.
 */
final class NavigationTest extends Member_Page_Case {

	/**
	 * A badge that has all it needs to ask for the number, and no number yet.
	 *
	 * @param string $html Where it is, once.
	 */
	private function assert_badge( string $html ): void {
		$this->assertSame( 1, preg_match_all( '#<jetonomy-unread-badge ([^>]*)></jetonomy-unread-badge>#', $html, $found ), $html );
		preg_match_all( '/([a-z-]+)="([^"]*)"/', $found[1][0], $pairs );
		$attributes = array_map( 'html_entity_decode', array_combine( $pairs[1], $pairs[2] ) );

		$this->assertSame( rest_url(), $attributes['data-rest'] );
		$this->assertSame( 1, wp_verify_nonce( $attributes['data-nonce'], 'wp_rest' ) );
		$this->assertSame( admin_url( 'admin-ajax.php?action=rest-nonce' ), $attributes['data-renew'] );
		$this->assertStringContainsString( '%s', $attributes['data-label'] );
		$this->assertSame( array(), $this->service_calls, 'no page waits for the service' );
	}

	/**
	 * What is printed into Jetonomy's navigation.
	 */
	private function jetonomys_navigation(): string {
		return $this->output_of( static fn() => ( new Navigation( new Extension_Switch() ) )->print_nav_item() );
	}

	public function test_jetonomys_navigation_has_the_link(): void {
		$this->sign_in( 'member1' );
		$html = $this->jetonomys_navigation();

		$this->assertMatchesRegularExpression( '#^\s*<a href="' . preg_quote( esc_url( Urls::inbox() ), '#' ) . '" class="" title="Messages">#', $html );
		$this->assertStringContainsString( '<span class="jt-nav-label">Messages</span>', $html );
		$this->assert_badge( $html );
		$this->assertNotFalse( has_action( 'jetonomy_header_nav_items' ) );
	}

	/**
	 * @group jetonomy
	 */
	public function test_jetonomys_navigation_has_its_icon(): void {
		$this->sign_in( 'member1' );
		$this->assertMatchesRegularExpression( '#<a [^>]*>\s*<svg [^>]*width="18"#', $this->jetonomys_navigation() );
	}

	public function test_the_link_is_marked_on_our_pages(): void {
		$this->sign_in( 'member1' );
		$this->request( Urls::inbox() );
		$this->assertStringContainsString( 'class="active"', $this->jetonomys_navigation() );

		$this->request( home_url( '/' ) );
		$this->assertStringContainsString( 'class=""', $this->jetonomys_navigation() );
	}

	/**
	 * The admin bar's link.
	 */
	private function node(): ?object {
		require_once ABSPATH . WPINC . '/class-wp-admin-bar.php';
		add_filter( 'show_admin_bar', '__return_true' );

		$bar = new WP_Admin_Bar();
		( new Navigation( new Extension_Switch() ) )->add_node( $bar );

		return $bar->get_node( 'jetonomy-messages' );
	}

	/**
	 * @group plain
	 */
	public function test_the_admin_bar_has_the_link(): void {
		$this->sign_in( 'member1' );
		$node = $this->node();

		$this->assertSame( Urls::inbox(), $node->href );
		$this->assertStringContainsString( 'Messages', $node->title );
		$this->assert_badge( $node->title );
		$this->assertNotFalse( has_action( 'admin_bar_menu' ) );

		$this->switch_extension( false );
		$this->assertNull( $this->node() );
	}

	/**
	 * @group jetonomy
	 */
	public function test_the_admin_bar_has_no_link_beside_jetonomys(): void {
		$this->sign_in( 'member1' );
		$this->assertNull( $this->node() );
	}

	public function test_shortcode_and_block_are_the_link(): void {
		$this->sign_in( 'member1' );
		$link = ( new Navigation( new Extension_Switch() ) )->link();

		$this->assertStringContainsString( '<a class="jt-messages-link" href="' . esc_url( Urls::inbox() ) . '">Messages ', $link );
		$this->assert_badge( $link );
		$this->assertSame( "<p>$link</p>", do_shortcode( '<p>[jetonomy_messages_link]</p>' ) );

		$block = do_blocks( '<!-- wp:jetonomy-sidecar/messages-link {"className":"mine"} /-->' );
		$this->assertStringContainsString( $link, $block );
		$this->assertMatchesRegularExpression( '#^<div class="[^"]*mine[^"]*">.*</div>$#s', $block );
	}

	public function test_the_button_is_for_a_member(): void {
		$this->sign_in( 'member1' );
		$author = $this->user( 'member3' )->ID;
		$post   = wp_insert_post( array( 'post_title' => 'x', 'post_author' => $author, 'post_status' => 'publish' ) ); // phpcs:ignore
		$parsed = parse_blocks( '<!-- wp:jetonomy-sidecar/message-button /-->' )[0];
		$to     = static fn( string $login ): string => 'href="' . esc_url( Urls::compose( $login ) ) . '"';

		$this->assertStringContainsString( $to( 'member2' ), do_blocks( '<!-- wp:jetonomy-sidecar/message-button {"user":"member2"} /-->' ) );
		$this->assertStringContainsString( $to( 'member3' ), ( new WP_Block( $parsed, array( 'postId' => $post ) ) )->render(), 'the author of the post around it' );
		$this->assertSame( '', ( new WP_Block( $parsed, array() ) )->render() );
		$this->assertSame( '', do_blocks( '<!-- wp:jetonomy-sidecar/message-button {"user":"member1"} /-->' ), 'not to oneself' );
		$this->assertSame( '', do_blocks( '<!-- wp:jetonomy-sidecar/message-button {"user":"nobody"} /-->' ) );

		foreach ( array( 'member2', $this->user( 'member2' )->ID, $this->user( 'member2' ) ) as $user ) {
			$html = $this->output_of( static fn() => jetonomy_sidecar_message_link( $user ) );
			$this->assertStringContainsString( $to( 'member2' ), $html );
			$this->assertStringContainsString( 'aria-label="Message ' . esc_attr( $this->user( 'member2' )->display_name ) . '"', $html );
		}
	}

	public function test_there_is_nothing_for_visitors_and_while_the_extension_is_off(): void {
		$all = fn(): string => $this->jetonomys_navigation()
			. do_shortcode( '[jetonomy_messages_link]' )
			. do_blocks( '<!-- wp:jetonomy-sidecar/messages-link /--><!-- wp:jetonomy-sidecar/message-button {"user":"member2"} /-->' )
			. $this->output_of( static fn() => jetonomy_sidecar_message_link( 'member2' ) );

		$this->assertSame( '', $all() );
		$this->assertNull( $this->node() );

		$this->sign_in( 'member1' );
		$this->assertNotSame( '', $all() );
		$this->switch_extension( false );
		$this->assertSame( '', $all() );
		$this->assertNull( $this->node() );
	}
}
