<?php
/**
 * The members' pages as requests meet them.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Sidecar_Client;
use Jetonomy_Sidecar\Bridge\Token_Issuer;
use Jetonomy_Sidecar\Member\Member_Client;
use Jetonomy_Sidecar\Member\Page;
use Jetonomy_Sidecar\Settings;
use Jetonomy_Sidecar\Urls;

require_once __DIR__ . '/member-page-case.php';

/**
 * Who may see a page, at which addresses, and what frames it.
 */
final class PageControllerTest extends Member_Page_Case {

	/**
	 * Answers as a service on which there is one conversation, 7.
	 */
	private function have_a_conversation(): void {
		$this->fake_service(
			fn( string $method, string $path ) => match ( true ) {
				str_ends_with( $path, '/conversations' ), str_ends_with( $path, '/messages' ) => array( 'data' => array() ),
				str_ends_with( $path, '/conversations/7' ) => array(
					'id'    => 7,
					'title' => 'Tea & <cake>',
					'type'  => 'group',
				),
				default => $this->http_answer( 403, array( 'code' => 'jetonomy_forbidden', 'message' => 'You are not part of this conversation.' ) ), // phpcs:ignore
			}
		);
	}

	/**
	 * @dataProvider pages
	 * @param callable $address Gives the page's address.
	 */
	public function test_a_page_needs_somebody_who_is_signed_in( callable $address ): void {
		$url = $address();
		$end = $this->end_of( fn() => $this->request( $url ) );

		$this->assertSame( 302, $end->status );
		$this->assertSame( wp_login_url( $url ), $end->location, 'back to the same page' );
		$this->assertSame( array(), $this->service_calls );
		$this->assertNull( Page::current() );
	}

	/**
	 * @dataProvider pages
	 * @param callable $address Gives the page's address.
	 */
	public function test_a_page_is_not_there_while_the_extension_is_off( callable $address ): void {
		foreach ( array( '/%postname%/', '' ) as $structure ) {
			$this->set_permalinks( $structure );
			$this->switch_extension( true );
			$url = $address();
			$this->switch_extension( false );
			$this->sign_in( 'member1' );
			$this->record( 'status_header' );
			$this->request( $url );

			$this->assertTrue( is_404(), $url );
			$this->assertSame( '', (string) get_query_var( 'jetonomy_route' ), 'nothing is left for Jetonomy to show' );
			$this->assertContains( 404, array_column( $this->calls( 'status_header' ), 1 ), $url );
			$this->assertNull( Page::current() );
			$this->assertSame( 'theme.php', apply_filters( 'template_include', 'theme.php' ) );
		}

		$this->assertSame( array(), $this->service_calls );
	}

	/**
	 * @dataProvider pages
	 * @param callable $address Gives the page's address.
	 * @param string   $title   The page's.
	 * @param string[] $crumbs  The way to it.
	 */
	public function test_a_page_has_its_title_and_the_way_to_it( callable $address, string $title, array $crumbs ): void {
		$this->have_a_conversation();
		$this->sign_in( 'member1' );

		foreach ( array( '/%postname%/', '/index.php/%postname%/', '' ) as $structure ) {
			$this->set_permalinks( $structure );
			$this->record( 'status_header' );
			$html = $this->open( $address() );

			$this->assertFalse( is_404() );
			$this->assertFalse( is_home() );
			$calls = $this->calls( 'status_header' );
			$this->assertSame( 200, end( $calls )[1] );
			$this->assertStringStartsWith( esc_html( $title ), str_replace( '&#038;', '&amp;', wp_get_document_title() ) );
			$this->assertStringContainsString( '<h1 class="jt-msg-title jt-page-title"', $html );
			$this->assertMatchesRegularExpression( '#<h1 class="jt-msg-title[^>]*>' . preg_quote( esc_html( $title ), '#' ) . '</h1>#', $html );

			preg_match( '#<nav class="jt-(?:msg-crumbs|crumb)".*?</nav>#s', $html, $nav );
			$at = 0;

			foreach ( $crumbs as $crumb ) {
				$found = strpos( $nav[0], '>' . esc_html( $crumb ) . '<' );
				$this->assertGreaterThan( $at, $found, "$crumb in $nav[0]" );
				$at = $found;
			}

			$this->assertSame( count( $crumbs ), substr_count( $nav[0], '<a ' ), 'home and all but the last are links' );
		}
	}

	/**
	 * Pages.
	 *
	 * @return array[] Address, title, and the way to it without the home page.
	 */
	public function pages(): array {
		return array(
			'inbox'        => array( fn(): string => Urls::inbox(), 'Messages', array( 'Messages' ) ),
			'archive'      => array( fn(): string => add_query_arg( 'filter', 'archived', Urls::inbox() ), 'Archived messages', array( 'Messages', 'Archived messages' ) ),
			'composer'     => array( fn(): string => Urls::compose( 'member2' ), 'New message', array( 'Messages', 'New message' ) ),
			'conversation' => array( fn(): string => Urls::conversation( 7 ), 'Tea & <cake>', array( 'Messages', 'Tea & <cake>' ) ),
		);
	}

	/**
	 * @group jetonomy
	 */
	public function test_the_way_is_jetonomys(): void {
		$this->have_a_conversation();
		$this->sign_in( 'member1' );

		$this->assertStringContainsString( '<nav class="jt-crumb"', $this->open( Urls::inbox() ) );
	}

	/**
	 * @group plain
	 */
	public function test_the_way_says_where_one_is(): void {
		$this->have_a_conversation();
		$this->sign_in( 'member1' );

		$this->assertStringContainsString( '<li aria-current="page">New message</li>', $this->open( Urls::compose( 'member2' ) ) );
	}

	public function test_a_page_is_for_no_search_engine_and_no_cache(): void {
		$this->have_a_conversation();
		$this->sign_in( 'member1' );
		$this->record( 'nocache_headers' );
		$this->open( Urls::inbox() );

		$this->assertTrue( apply_filters( 'wp_robots', array() )['noindex'] );
		$this->assertTrue( constant( 'DONOTCACHEPAGE' ) );
		$this->assertNotSame( array(), $this->calls( 'nocache_headers' ) );
	}

	public function test_a_refusal_is_told(): void {
		$this->have_a_conversation();
		$this->sign_in( 'member1' );
		$html = $this->open( Urls::conversation( 8 ) );

		$this->assertSame( 403, Page::current()->status() );
		$this->assertStringContainsString( 'You are not part of this conversation.', $html );
		$this->assertStringNotContainsString( '<form', $html );
		$this->assertSame( 'HTTP/1.1 403 Forbidden', apply_filters( 'status_header', 'HTTP/1.1 200 OK', 200, 'OK', 'HTTP/1.1' ) );
	}

	public function test_a_service_that_is_down_is_asked_once(): void {
		$this->sign_in( 'member1' );
		$html = $this->open( Urls::conversation( 7 ) );

		$this->assertCount( 1, $this->service_calls );
		$this->assertSame( 503, Page::current()->status() );
		$this->assertStringContainsString( 'Messages cannot be reached', $html );
	}

	public function test_nothing_in_a_request_waits_a_second_time(): void {
		$this->sign_in( 'member1' );
		$client = new Member_Client( new Token_Issuer( new Keys() ), new Sidecar_Client( new Settings() ) );

		foreach ( array( $client->get( '/conversations' ), $client->post( '/conversations/read-all' ) ) as $answer ) {
			$this->assertSame( Member_Client::UNAVAILABLE, $answer->get_error_code() );
		}

		$this->assertCount( 1, $this->service_calls );
	}

	public function test_a_theme_may_replace_the_views(): void {
		$theme = get_temp_dir() . uniqid( 'theme' );
		wp_mkdir_p( "$theme/jetonomy/views" );
		file_put_contents( "$theme/jetonomy/views/messages.php", '<?php echo "the theme shows ", esc_html( \Jetonomy_Sidecar\Member\Page::current()->title() );' );
		add_filter( 'stylesheet_directory', static fn(): string => $theme );

		try {
			$this->have_a_conversation();
			$this->sign_in( 'member1' );

			$map = apply_filters( 'jetonomy_template_map', array() );
			$this->assertSame( "$theme/jetonomy/views/messages.php", $map['messages'] );
			$this->assertStringStartsWith( dirname( JETONOMY_SIDECAR_FILE ) . '/templates/', $map['conversation'], 'what the theme has not is the plugin\'s' );
			$this->assertSame( 'the theme shows Messages', $this->open( Urls::inbox() ) );
		} finally {
			unlink( "$theme/jetonomy/views/messages.php" );
			rmdir( "$theme/jetonomy/views" );
			rmdir( "$theme/jetonomy" );
			rmdir( $theme );
		}
	}

	/**
	 * @group plain
	 */
	public function test_the_canvas_puts_the_view_into_the_themes_frame(): void {
		$this->have_a_conversation();
		$this->sign_in( 'member1' );
		$this->request( Urls::conversation( 7 ) );

		$template = apply_filters( 'template_include', 'theme.php' );
		$this->assertSame( dirname( JETONOMY_SIDECAR_FILE ) . '/templates/canvas.php', $template );

		$html = $this->output_of( static fn() => load_template( $template, false ) );
		$this->assertSame( 1, substr_count( $html, '<jetonomy-messages ' ) );
		$this->assertSame( 1, preg_match_all( '#<title>[^<]*</title>#', $html ), 'one title' );
		$this->assertMatchesRegularExpression( '#<header.*<main.*<jetonomy-messages .*</jetonomy-messages>.*</main>.*<footer#s', $html );
		$this->assertStringContainsString( 'jetonomy-sidecar-page', $html );
	}

	public function test_the_composer_is_for_whom_the_address_names(): void {
		$this->sign_in( 'member1' );
		$id = $this->user( 'member2' )->ID;

		foreach ( array( 'member2', '@member2', (string) $id ) as $to ) {
			$this->assertStringContainsString( 'name="to" type="text" value="member2"', $this->open( Urls::compose( $to ) ), $to );
		}

		$this->assertStringContainsString( 'name="to" type="text" value="a&quot;b"', $this->open( Urls::compose( 'a"b' ) ) );
		$this->assertSame( array(), $this->changes(), 'opening a page changes nothing' );
	}
}
