<?php
/**
 * What tests of the members' pages build on.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Member\Form_Handler;
use Jetonomy_Sidecar\Member\Member_Client;
use Jetonomy_Sidecar\Member\Page;
use Jetonomy_Sidecar\Member\Page_Controller;
use Jetonomy_Sidecar\Member\Routes;
use Jetonomy_Sidecar\Member\Templates;
use WP;
use WP_Query;

/**
 * A test that opens pages of messages as a browser without JavaScript does, and sends their forms.
 */
abstract class Member_Page_Case extends Site_Test_Case {

	/**
	 * What WordPress keeps of a request.
	 */
	private const REQUEST = array( 'wp', 'wp_query', 'wp_the_query', 'wp_rewrite', 'post', 'posts' );

	/**
	 * The request before the test.
	 *
	 * @var array
	 */
	private array $request = array();

	/**
	 * Begins on pretty permalinks.
	 */
	protected function setUp(): void {
		parent::setUp();

		foreach ( self::REQUEST as $name ) {
			$value                  = $GLOBALS[ $name ] ?? null;
			$this->request[ $name ] = is_object( $value ) ? clone $value : $value;
		}

		$this->forget_page();
		$this->set_permalinks( '/%postname%/' );
	}

	/**
	 * Ends.
	 */
	protected function tearDown(): void {
		foreach ( $this->request as $name => $value ) {
			$GLOBALS[ $name ] = $value;
		}

		$this->forget_page();
		parent::tearDown();
	}

	/**
	 * Sets the form of the site's addresses.
	 *
	 * @param string $structure As of the option permalink_structure; '' for none.
	 */
	protected function set_permalinks( string $structure ): void {
		global $wp_rewrite;

		update_option( 'permalink_structure', $structure );
		$wp_rewrite->init();
	}

	/**
	 * Makes this the request of an address, up to where a template is chosen.
	 *
	 * @param string $url The address, on this site.
	 */
	protected function request( string $url ): void {
		global $wp_rewrite;

		$this->assertStringStartsWith( home_url( '/' ), $url );
		$this->forget_page();

		$url   = strtok( $url, '#' );
		$query = (string) wp_parse_url( $url, PHP_URL_QUERY );
		$path  = (string) wp_parse_url( $url, PHP_URL_PATH );

		parse_str( $query, $_GET );
		$_GET  = wp_slash( $_GET );
		$_POST = array();

		$_REQUEST                  = $_GET;
		$_SERVER['REQUEST_METHOD'] = 'GET';
		$_SERVER['REQUEST_URI']    = $path . ( '' === $query ? '' : '?' . $query );
		$_SERVER['QUERY_STRING']   = $query;
		$_SERVER['PATH_INFO']      = str_starts_with( $path, '/index.php/' ) ? substr( $path, strlen( '/index.php' ) ) : '';

		// What init does in each request.
		$wp_rewrite->extra_rules_top = array_filter( $wp_rewrite->extra_rules_top, static fn( string $target ): bool => ! str_contains( $target, 'jetonomy_route=' ) );
		( new Routes( new Extension_Switch() ) )->add_rules();

		$GLOBALS['wp_the_query'] = new WP_Query();
		$GLOBALS['wp_query']     = $GLOBALS['wp_the_query']; // phpcs:ignore
		$GLOBALS['wp']           = new WP(); // phpcs:ignore
		$GLOBALS['wp']->main();
		$this->prepare();
	}

	/**
	 * Opens an address and gives what its page shows of messages.
	 *
	 * @param string $url The address, on this site.
	 */
	protected function open( string $url ): string {
		$this->request( $url );
		$this->assertNotNull( Page::current(), "there is no page of messages at $url" );

		$view = Routes::CONVERSATION === Routes::current() ? 'views/conversation.php' : 'views/messages.php';

		return $this->output_of( static fn() => load_template( Templates::locate( $view ), false ) );
	}

	/**
	 * Runs the plugin's own listener of template_redirect. Jetonomy's prints the page and ends PHP.
	 */
	private function prepare(): void {
		list( $controller, $priority ) = $this->controller();

		$this->assertLessThan( 10, $priority, 'before Jetonomy' );
		$controller->prepare();
	}

	/**
	 * The plugin's listener of template_redirect, and its priority.
	 *
	 * @return array{0: Page_Controller, 1: int}
	 */
	private function controller(): array {
		global $wp_filter;

		$found = array();

		foreach ( $wp_filter['template_redirect']->callbacks as $priority => $callbacks ) {
			foreach ( $callbacks as $callback ) {
				if ( is_array( $callback['function'] ) && $callback['function'][0] instanceof Page_Controller ) {
					$found[] = array( $callback['function'][0], $priority );
				}
			}
		}

		$this->assertCount( 1, $found );

		return $found[0];
	}

	/**
	 * The fields of a form on a page.
	 *
	 * @param string $html The page.
	 * @param string $task What the form does.
	 * @return string[] Values of its hidden fields by name.
	 */
	protected function fields( string $html, string $task ): array {
		foreach ( explode( '<form', $html ) as $form ) {
			preg_match_all( '/<input type="hidden" name="([^"]+)" value="([^"]*)">/', strtok( $form, "\0" ), $found );
			$fields = array_map( 'html_entity_decode', array_combine( $found[1], $found[2] ) );

			if ( ( $fields['task'] ?? '' ) === $task ) {
				return $fields;
			}
		}

		$this->fail( "there is no form for $task on the page" );
	}

	/**
	 * Sends a form to admin-post.php as it would be sent by who is signed in.
	 *
	 * @param array $fields Its fields.
	 */
	protected function send( array $fields ): Request_End {
		$this->forget_page();
		$_GET = array();
		$this->submit( $fields );

		return $this->end_of( static fn() => do_action( ( is_user_logged_in() ? 'admin_post_' : 'admin_post_nopriv_' ) . Form_Handler::ACTION ) );
	}

	/**
	 * The address behind a link of a page.
	 *
	 * @param string $html The page.
	 * @param string $text What the link says.
	 * @return string '' where there is no such link.
	 */
	protected function link( string $html, string $text ): string {
		return preg_match( '/<a [^>]*href="([^"]+)"[^>]*>' . preg_quote( $text, '/' ) . '</', $html, $found ) ? html_entity_decode( $found[1] ) : '';
	}

	/**
	 * The service's calls that changed something.
	 *
	 * @return array[]
	 */
	protected function changes(): array {
		return array_values( array_filter( $this->service_calls, static fn( array $call ): bool => 'GET' !== $call['method'] && $call['blocking'] ) );
	}

	/**
	 * Forgets what the plugin keeps for one request: its page, and that the service did not answer.
	 */
	private function forget_page(): void {
		$client = ( new \ReflectionProperty( Page_Controller::class, 'client' ) )->getValue( $this->controller()[0] );

		( new \ReflectionProperty( Member_Client::class, 'is_down' ) )->setValue( $client, false );
		( new \ReflectionProperty( Page::class, 'current' ) )->setValue( null, null );
	}
}
