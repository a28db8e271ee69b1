<?php
/**
 * What the live inbox gets to know.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Sidecar_Client;
use Jetonomy_Sidecar\Bridge\Token_Issuer;
use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Member\Assets;
use Jetonomy_Sidecar\Member\Inbox_Config;
use Jetonomy_Sidecar\Member\Member_Client;
use Jetonomy_Sidecar\Member\Page;
use Jetonomy_Sidecar\Member\Templates;
use Jetonomy_Sidecar\Settings;
use WP_HTML_Tag_Processor;
use WP_Query;

/**
 * The attribute data-config, what is in it, and how it gets through HTML.
 */
final class InboxConfigTest extends Site_Test_Case {

	/**
	 * The main query of the site.
	 *
	 * @var WP_Query|null
	 */
	private ?WP_Query $query = null;

	protected function setUp(): void {
		parent::setUp();

		$this->query         = $GLOBALS['wp_query'] ?? null;
		$GLOBALS['wp_query'] = new WP_Query();
	}

	protected function tearDown(): void {
		$GLOBALS['wp_query'] = $this->query;

		parent::tearDown();
	}

	public function test_it_has_the_shape_that_the_script_reads(): void {
		$config = $this->config_of( 'messages' );

		$this->assertSame(
			array( 'user', 'rest', 'direct', 'nonce', 'renew', 'urls', 'limits', 'conversation', 'to', 'compose', 'locale', 'poll', 'strings' ),
			array_keys( $config )
		);
		$this->assertSame( $this->user( 'member1' )->ID, $config['user'] );
		$this->assertSame( 1, wp_verify_nonce( $config['nonce'], 'wp_rest' ) );
		$this->assertSame( admin_url( 'admin-ajax.php?action=rest-nonce' ), $config['renew'] );
		$this->assertSame(
			array(
				'message' => 10000,
				'group'   => 20,
				'title'   => 120,
				'search'  => 3,
			),
			$config['limits']
		);
		$this->assertSame(
			array(
				'thread' => 10000,
				'list'   => 30000,
			),
			$config['poll']
		);
		$this->assertSame( 'New message', $config['strings']['newMessage'] );
		$this->assertSame( array( 0, null, false ), array( $config['conversation'], $config['to'], $config['compose'] ) );
	}

	public function test_addresses_with_pretty_permalinks(): void {
		$this->set_option( 'permalink_structure', '/%postname%/' );
		$this->set_option( 'jetonomy_settings', array( 'base_slug' => 'forum' ) );

		$config = $this->config_of( 'conversation', array(), 7 );

		$this->assertSame( rest_url(), $config['rest'] );
		$this->assertSame( home_url( '/wp-json/' ), $config['direct'] );
		$this->assertSame( 7, $config['conversation'] );
		$this->assertSame(
			array(
				'inbox'        => home_url( '/forum/messages/' ),
				'conversation' => home_url( '/forum/messages/%s/' ),
				'compose'      => home_url( '/forum/messages/?to=%s' ),
				'login'        => wp_login_url( home_url( '/forum/messages/7/' ) ),
			),
			$config['urls']
		);
	}

	public function test_addresses_with_plain_permalinks(): void {
		$this->set_option( 'permalink_structure', '' );
		$GLOBALS['wp_rewrite']->init();

		try {
			$config = $this->config_of( 'messages', array( 'to' => 'member2' ) );
		} finally {
			$this->set_option( 'permalink_structure', '/%postname%/' );
			$GLOBALS['wp_rewrite']->init();
		}

		$this->assertStringEndsWith( '?rest_route=/', $config['rest'] );
		$this->assertSame( home_url( '/wp-json/' ), $config['direct'] );
		$this->assertSame(
			array(
				'inbox'        => home_url( '/?jetonomy_route=messages' ),
				'conversation' => home_url( '/?jetonomy_route=conversation&jetonomy_slug=%s' ),
				'compose'      => home_url( '/?jetonomy_route=messages&to=%s' ),
				'login'        => wp_login_url( home_url( '/?jetonomy_route=messages&to=member2' ) ),
			),
			$config['urls']
		);
	}

	public function test_limits_are_the_settings_as_the_sidecar_understands_them(): void {
		$this->set_settings(
			array(
				'message_length' => 500,
				'group_limit'    => 5,
			)
		);
		$this->assertSame( array( 500, 5 ), array_values( array_slice( $this->config_of( 'messages' )['limits'], 0, 2 ) ) );

		$this->set_settings(
			array(
				'message_length' => 0,
				'group_limit'    => 21,
			)
		);
		$this->assertSame( array( 10000, 20 ), array_values( array_slice( $this->config_of( 'messages' )['limits'], 0, 2 ) ) );
	}

	public function test_to_is_a_login_or_an_id(): void {
		$user   = $this->make_user( 'subscriber', array( 'display_name' => 'Fun & Games' ) );
		$config = $this->config_of( 'messages', array( 'to' => $user->user_login ) );

		$this->assertTrue( $config['compose'] );
		$this->assertSame(
			array(
				'id'           => $user->ID,
				'login'        => $user->user_login,
				'display_name' => 'Fun & Games',
				'avatar'       => get_avatar_url( $user->ID, array( 'size' => 40 ) ),
			),
			$config['to']
		);
		$this->assertSame( $config['to'], $this->config_of( 'messages', array( 'to' => (string) $user->ID ) )['to'] );
		$this->assertSame( $config['to'], $this->config_of( 'messages', array( 'to' => '@' . $user->user_login ) )['to'] );
	}

	public function test_to_may_be_nobody(): void {
		foreach ( array( '', 'nobody', '0', '999999999', '-1' ) as $to ) {
			$config = $this->config_of( 'messages', array( 'to' => $to ) );

			$this->assertNull( $config['to'], "to=$to" );
			$this->assertTrue( $config['compose'], "to=$to" );
		}

		$this->assertNull( $this->config_of( 'messages', array( 'to' => array( 'member2' ) ) )['to'] );
		$this->assertFalse( $this->config_of( 'messages', array( 'to' => '@member1, member1' ) )['to'], 'nobody writes to themselves, though they are there' );
		$this->assertNull( $this->config_of( 'conversation', array( 'to' => 'member2' ), 7 )['to'], 'a conversation has no recipients to choose' );
	}

	public function test_of_several_the_first_that_there_is(): void {
		$config = $this->config_of( 'messages', array( 'to' => 'nobody, member1, member3, member2' ) );

		$this->assertSame( 'member3', $config['to']['login'] );
	}

	public function test_every_text_comes_through_the_attribute_unchanged(): void {
		global $wpdb;

		$name = '"><script>alert(1)</script> \' &quot;&amp;&lt; \\ é 😀';
		$user = $this->make_user();

		// Other code and older versions store what WordPress itself would clean.
		$wpdb->update( $wpdb->users, array( 'display_name' => str_replace( '&', '&amp;', $name ) ), array( 'ID' => $user->ID ) );
		clean_user_cache( $user );

		$config = $this->config_of( 'messages', array( 'to' => $user->user_login ) );

		$this->assertSame( $name, $config['to']['display_name'] );
	}

	/**
	 * Locales of WordPress with what browsers take.
	 *
	 * @return array[]
	 */
	public static function locales(): array {
		return array(
			array( 'en_US', 'en-US' ),
			array( 'de_DE_formal', 'de-DE' ),
			array( 'pt_PT_ao90', 'pt-PT' ),
			array( 'ca_valencia', 'ca' ),
			array( 'sr_Latn_RS', 'sr-Latn-RS' ),
			array( 'es_419', 'es-419' ),
			array( 'art_xemoji', 'art' ),
			array( 'ckb', 'ckb' ),
			array( 'ar', 'ar' ),
			array( '', 'en' ),
			array( 'x', 'en' ),
			array( 'klingon', 'en' ),
		);
	}

	/**
	 * @dataProvider locales
	 *
	 * @param string $locale WordPress's.
	 * @param string $tag    BCP 47.
	 */
	public function test_the_locale_is_one_that_browsers_take( string $locale, string $tag ): void {
		$this->assertSame( $tag, Inbox_Config::language_tag( $locale ) );
	}

	public function test_templates_put_all_below_the_breadcrumb_into_the_element(): void {
		foreach ( array( 'views/messages.php', 'views/conversation.php' ) as $view ) {
			$this->load_page( 'messages', array( 'to' => 'member2' ) );

			$html = $this->output_of( static fn() => require Templates::locate( $view ) );
			$this->assertMatchesRegularExpression( '#<nav.*<div class="jt-msg">\s*<h1 class="jt-msg-live-title" hidden>[^<]+</h1>\s*<jetonomy-messages [^>]+>(.*)</jetonomy-messages>\s*</div>\s*$#s', $html );
			$this->assertStringContainsString( 'New message</h1>', explode( '<jetonomy-messages', $html )[1] );
		}
	}

	public function test_the_list_can_be_searched_without_the_script(): void {
		$this->set_option( 'permalink_structure', '' );
		$this->fake_service(
			static fn(): array => array(
				'data' => array(),
				'meta' => array(
					'has_more'    => true,
					'cursor_next' => 'AQE',
				),
			)
		);
		$this->load_page(
			'messages',
			array(
				'search' => 'a "b" & 50%',
				'filter' => 'archived',
			)
		);

		parse_str( $this->service_calls[0]['query'], $query );
		$this->assertSame( array( 'a "b" & 50%', 'archived' ), array( $query['search'], $query['filter'] ) );

		$html = $this->output_of( static fn() => require Templates::locate( 'views/messages.php' ) );
		$tags = new WP_HTML_Tag_Processor( $html );
		$form = array();

		$this->assertTrue( $tags->next_tag( array( 'class_name' => 'jt-msg-search' ) ) );
		$this->assertSame( home_url( '/' ), $tags->get_attribute( 'action' ) );

		while ( $tags->next_tag( 'input' ) ) {
			$form[ $tags->get_attribute( 'name' ) ] = $tags->get_attribute( 'value' );
		}

		$this->assertSame(
			array(
				'jetonomy_route' => 'messages',
				'filter'         => 'archived',
				'search'         => 'a "b" & 50%',
			),
			$form
		);

		parse_str( (string) wp_parse_url( Page::current()->older_url, PHP_URL_QUERY ), $older );
		$this->assertSame( array( 'a "b" & 50%', 'AQE', 'archived' ), array( $older['search'], $older['cursor'], $older['filter'] ) );
	}

	public function test_nothing_is_inline(): void {
		$this->load_page( 'messages' );

		$html = $this->output_of( static fn() => require Templates::locate( 'views/messages.php' ) );
		$tags = new WP_HTML_Tag_Processor( $html );

		while ( $tags->next_tag() ) {
			$this->assertNotContains( $tags->get_tag(), array( 'SCRIPT', 'STYLE' ) );
			$this->assertNull( $tags->get_attribute( 'style' ) );
			$this->assertSame( array(), (array) $tags->get_attribute_names_with_prefix( 'on' ) );
		}
	}

	public function test_the_module_is_for_members_while_the_extension_is_on(): void {
		$assets = new Assets( new Extension_Switch() );

		$assets->enqueue();
		$this->assertNotContains( Assets::MODULE, $this->modules() );

		$this->sign_in( 'member1' );
		$this->switch_extension( false );
		$assets->enqueue();
		$this->assertNotContains( Assets::MODULE, $this->modules() );

		$this->switch_extension( true );
		$assets->enqueue();
		$this->assertContains( Assets::MODULE, $this->modules() );
	}

	/**
	 * Modules that the page would load.
	 *
	 * @return string[] Ids.
	 */
	private function modules(): array {
		$html = $this->output_of( static fn() => wp_script_modules()->print_enqueued_script_modules() );
		preg_match_all( '/<script[^>]* id="([^"]+)-js-module"/', $html, $matches );

		return $matches[1];
	}

	/**
	 * Makes this a request of member1 for a page.
	 *
	 * @param string $route  messages or conversation.
	 * @param array  $params Its query.
	 * @param int    $id     The conversation.
	 */
	private function load_page( string $route, array $params = array(), int $id = 0 ): void {
		$this->sign_in( 'member1' );

		$_GET = wp_slash( $params );
		set_query_var( 'jetonomy_route', $route );
		set_query_var( 'jetonomy_slug', 0 === $id ? '' : (string) $id );

		Page::load( new Member_Client( new Token_Issuer( new Keys() ), new Sidecar_Client( new Settings() ) ) );
	}

	/**
	 * The configuration that the script finds in a page.
	 *
	 * @param string $route  messages or conversation.
	 * @param array  $params Its query.
	 * @param int    $id     The conversation.
	 */
	private function config_of( string $route, array $params = array(), int $id = 0 ): array {
		$this->load_page( $route, $params, $id );

		$html = $this->output_of( static fn() => Templates::partial( 'frame-start', array( 'view' => Page::current()->view ) ) );
		$tags = new WP_HTML_Tag_Processor( $html );

		$this->assertTrue( $tags->next_tag( 'jetonomy-messages' ) );

		return json_decode( (string) $tags->get_attribute( 'data-config' ), true, 512, JSON_THROW_ON_ERROR );
	}
}
