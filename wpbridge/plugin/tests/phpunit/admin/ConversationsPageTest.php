<?php
/**
 * The page Conversations.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Admin\Conversations\Conversations_Client;
use Jetonomy_Sidecar\Admin\Conversations\Conversations_Page;
use Jetonomy_Sidecar\Admin\Conversations\Conversations_Strings;
use Jetonomy_Sidecar\Admin\Conversations\Export_Download;
use Jetonomy_Sidecar\Admin\Conversations\Report_Count;
use Jetonomy_Sidecar\Admin\Member_Page;
use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Operator_Client;
use Jetonomy_Sidecar\Bridge\Sidecar_Client;
use Jetonomy_Sidecar\Bridge\Token_Issuer;
use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Settings;

/**
 * Who sees it, what goes to the service and what comes back, and what is said when nothing does.
 */
final class ConversationsPageTest extends Site_Test_Case {

	/**
	 * The way to the service.
	 */
	private function client(): Conversations_Client {
		return new Conversations_Client( new Keys(), new Token_Issuer( new Keys() ), new Sidecar_Client( new Settings() ) );
	}

	/**
	 * A new page object, as each request makes one, in somebody's menu.
	 *
	 * @return array{Conversations_Page, string} With the hook of its screen, '' where it is not in the menu.
	 */
	private function page(): array {
		global $menu, $submenu, $_registered_pages, $_parent_pages, $_wp_submenu_nopriv, $_wp_real_parent_file;

		$menu                = array();
		$submenu             = array();
		$_registered_pages   = array();
		$_parent_pages       = array();
		$_wp_submenu_nopriv  = array();
		$_wp_real_parent_file = array();

		$GLOBALS['plugin_page'] = Conversations_Page::SLUG;

		$page = new Conversations_Page( new Extension_Switch(), $this->client(), new Report_Count( $this->client() ) );
		$page->add_page();

		foreach ( array_keys( $_registered_pages ) as $hook ) {
			if ( str_ends_with( $hook, '_page_' . Conversations_Page::SLUG ) ) {
				set_current_screen( $hook );

				return array( $page, $hook );
			}
		}

		return array( $page, '' );
	}

	/**
	 * What the service answers.
	 *
	 * @param array $replace Parts that differ.
	 */
	private function answer( array $replace = array() ): array {
		return $replace + array(
			'status'       => 200,
			'title'        => 'A title',
			'html'         => '<div class="wrap">From the service</div>',
			'open_reports' => 0,
		);
	}

	/**
	 * Who sees it.
	 *
	 * @return array[]
	 */
	public static function roles(): array {
		return array(
			'administrator' => array( 'administrator', array(), 'manage_options' ),
			'moderator'     => array( 'subscriber', array( 'jetonomy_moderate' ), 'jetonomy_moderate' ),
			'author'        => array( 'author', array(), null ),
			'subscriber'    => array( 'subscriber', array(), null ),
			'user manager'  => array( 'subscriber', array( 'jetonomy_manage_users', 'list_users' ), null ),
		);
	}

	/**
	 * @dataProvider roles
	 */
	public function test_who_sees_it_and_who_may_send_its_forms( string $role, array $capabilities, ?string $needs ): void {
		$user = $this->make_user( $role );
		array_map( array( $user, 'add_cap' ), $capabilities );
		$this->sign_in( $user );
		$this->fake_service( fn(): array => $this->answer() );

		list( $page, $hook ) = $this->page();

		$this->assertSame( null !== $needs, '' !== $hook );

		if ( null !== $needs ) {
			$this->assertSame( $needs, Conversations_Page::capability() );
			$page->load();
			$this->assertCount( 1, $this->service_calls );
			$this->assertStringContainsString( 'From the service', $this->output_of( array( $page, 'render' ) ) );
			return;
		}

		$this->submit( array( 'task' => 'purge', 'ids' => '1' ), Conversations_Page::ACTION ); // phpcs:ignore
		$this->assertSame( 403, $this->end_of( array( $page, 'load' ) )->status );
		$this->assertSame( array(), $this->service_calls );
	}

	public function test_nobody_without_the_extension(): void {
		$this->sign_in( 'admin' );
		( new Extension_Switch() )->disable();
		$this->assertSame( '', $this->page()[1] );
	}

	public function test_every_task_needs_a_nonce(): void {
		$this->sign_in( 'admin' );
		$this->fake_service( fn(): array => $this->answer() );

		foreach ( array( 'open', 'hold', 'release', 'purge', 'purge_member', 'decide', 'export', 'export_member', '' ) as $task ) {
			foreach ( array( null, 'another-action' ) as $nonce ) {
				list( $page ) = $this->page();
				$this->submit( array( 'task' => $task, 'ids' => '1' ), $nonce ); // phpcs:ignore
				$this->assertSame( 403, $this->end_of( array( $page, 'load' ) )->status, "task $task" );
			}
		}

		$this->assertSame( array(), $this->service_calls );
	}

	public function test_the_service_gets_the_page_and_no_more(): void {
		$session = $this->sign_in( 'admin' );
		$this->fake_service( fn(): array => $this->answer() );

		$_GET = wp_slash(
			array(
				'page'       => Conversations_Page::SLUG,
				'view'       => 'purge',
				's'          => "<b>it's",
				'ids'        => array( '1', '2', array( 'x' ) ),
				'wp_http'    => 'no',
				'_wpnonce'   => 'no',
			)
		);

		list( $page, $hook ) = $this->page();
		update_user_meta( get_current_user_id(), "manage{$hook}columnshidden", array( 'created' ) );
		$page->load();

		$call = $this->service_calls[0];
		$this->assertSame( array( 'POST', '/jetonomy-sidecar/v1/admin/page', '' ), array( $call['method'], $call['path'], $call['query'] ) );
		$this->assertSame( array( 'Authorization', 'Content-Type', 'X-Jetonomy-Key', 'X-Jetonomy-Timestamp', 'X-Jetonomy-Signature' ), array_keys( $call['headers'] ) );
		$this->assert_signed( $call );

		$claims = json_decode( base64_decode( strtr( explode( '.', $call['headers']['Authorization'] )[1], '-_', '+/' ) ), true ); // phpcs:ignore
		$this->assertSame( (string) get_current_user_id(), $claims['sub'] );
		$this->assertSame( 'session:' . $session, $claims['sid'] );
		$this->assertLessThanOrEqual( 60, $claims['exp'] - $claims['iat'] );

		$this->assertSame( 'purge', $call['json']['page'] );
		$this->assertSame(
			array(
				's'   => "<b>it's",
				'ids' => array( '1', '2' ),
			),
			$call['json']['query']
		);
		$this->assertArrayNotHasKey( 'form', $call['json'] );
		$this->assertSame( '127.0.0.1', $call['json']['frame']['address'] );
		$this->assertNotContains( 'created', $call['json']['frame']['columns'] );
		$this->assertContains( 'activity', $call['json']['frame']['columns'] );
		$this->assertStringContainsString( 'page=' . Conversations_Page::SLUG, $call['json']['frame']['url'] );
		$this->assertSame( 1, wp_verify_nonce( $call['json']['frame']['nonce'], Conversations_Page::ACTION ) );
	}

	public function test_a_form_goes_on_to_where_the_service_says(): void {
		$this->sign_in( 'admin' );
		$this->fake_service(
			fn(): array => $this->answer(
				array(
					'html'     => '',
					'redirect' => array(
						'done'  => 'purged',
						'count' => '1',
					),
				)
			)
		);
		list( $page ) = $this->page();
		$this->submit( array( 'task' => 'purge', 'ids' => '1', 'note' => "it's", 'else' => 'no' ), Conversations_Page::ACTION ); // phpcs:ignore
		$end = $this->end_of( array( $page, 'load' ) );

		$this->assertSame( 302, $end->status );
		$this->assertStringContainsString( 'page=' . Conversations_Page::SLUG . '&done=purged&count=1', $end->location );
		$this->assertSame(
			array(
				'task' => 'purge',
				'ids'  => '1',
				'note' => "it's",
			),
			$this->service_calls[0]['json']['form']
		);
		$this->assertSame( array( 'deleted', 'done', 'count', 'held' ), $page->remove_from_address( array( 'ids', 'deleted' ) ), 'the page before a deletion is about these ids' );
	}

	public function test_it_says_that_the_service_is_down(): void {
		$this->sign_in( 'admin' );

		foreach ( array( null, fn() => $this->http_answer( 500, '{}' ), fn() => $this->http_answer( 200, '<html>' ), fn() => $this->http_answer( 404, '{"message":"No route"}' ) ) as $service ) {
			if ( null !== $service ) {
				$this->fake_service( $service );
			}
			list( $page ) = $this->page();
			$page->load();
			$html = $this->output_of( array( $page, 'render' ) );
			$this->assertStringContainsString( 'The messages service does not answer, so conversations cannot be shown at the moment.', $html );
			$this->assertStringContainsString( 'Try again', $html );
		}
	}

	public function test_a_refusal_of_the_service_is_shown(): void {
		$this->sign_in( 'admin' );

		foreach (
			array(
				'{"code":"new","message":"No <b>such</b> thing"}' => 'No &lt;b&gt;such&lt;/b&gt; thing',
				'{"code":"jetonomy_body_too_large","message":"1 MiB"}' => 'That was too much at once.',
				'{"code":"jetonomy_invalid_token","message":"Ask WordPress for a new token"}' => 'does not accept your sign-in',
			) as $answer => $text
		) {
			$this->fake_service( fn() => $this->http_answer( 403, $answer ) );
			list( $page ) = $this->page();
			$page->load();
			$this->assertStringContainsString( $text, $this->output_of( array( $page, 'render' ) ) );
		}
	}

	public function test_a_refused_export_is_the_page_that_says_so(): void {
		$this->sign_in( 'admin' );
		$this->fake_service( fn() => $this->http_answer( 400 ) );
		$file = '';
		add_filter(
			'pre_http_request',
			function ( $answer, $args ) use ( &$file ) {
				$file = $args['filename'];
				$page = $this->answer(
					array(
						'status'       => 400,
						'title'        => 'Conversations of Member 1',
						'html'         => '<div class="wrap"><div class="notice" role="alert">Say in words why.</div>' . str_repeat( 'x', 100000 ) . 'whole</div>',
						'open_reports' => 3,
					)
				);
				file_put_contents( $file, wp_json_encode( $page ) ); // phpcs:ignore

				return $answer;
			},
			1,
			2
		);
		list( $page ) = $this->page();
		$this->submit( array( 'task' => 'export_member', 'format' => 'csv', 'reason' => 'other' ), Conversations_Page::ACTION ); // phpcs:ignore
		$page->load();
		$html = $this->output_of( array( $page, 'render' ) );

		$this->assertSame( '/jetonomy-sidecar/v1/admin/export', $this->service_calls[0]['path'] );
		$this->assertStringContainsString( 'Say in words why.', $html );
		$this->assertStringContainsString( 'whole</div>', $html );
		$this->assertStringNotContainsString( 'Try again', $html );
		$this->assertStringContainsString( 'Conversations of Member 1', $page->title( 'Conversations ‹ Site', 'Conversations' ) );
		$this->assertFileDoesNotExist( $file );
	}

	public function test_the_columns_are_options_of_the_lists_screen(): void {
		$this->fake_service( fn(): array => $this->answer() );

		foreach ( array( 'admin' => 8, 'moderator' => 0 ) as $login => $count ) { // phpcs:ignore
			$this->sign_in( $login );
			list( $page, $hook ) = $this->page();
			remove_all_filters( "manage_{$hook}_columns" );
			$page->load();
			$this->assertCount( $count, apply_filters( "manage_{$hook}_columns", array() ), $login );
		}
	}

	public function test_the_menu_shows_the_number_and_waits_for_nobody(): void {
		global $submenu;

		$this->sign_in( 'admin' );
		delete_transient( Report_Count::TRANSIENT . get_current_user_id() );
		$this->fake_service( fn(): array => $this->answer( array( 'open_reports' => 3 ) ) );
		$this->page();
		$this->assertSame( array(), $this->service_calls, 'the menu waited' );

		// The number comes at the end of the request, and is shown from the next one on.
		$this->end_request();
		$this->assertSame( 'count', $this->service_calls[0]['json']['page'] );
		$this->page();
		$titles = implode( array_map( static fn( $item ): string => $item[0], array_merge( ...array_values( $submenu ) ) ) );
		$this->assertStringContainsString( 'count-3', $titles );
		$this->assertStringContainsString( '3 open reports', $titles );
		$this->end_request();
		$this->assertCount( 1, $this->service_calls, 'it asked again at once' );

		// On the page itself it is what the service says now.
		$this->fake_service( fn(): array => $this->answer( array( 'open_reports' => 12 ) ) );
		list( $page ) = $this->page();
		$page->load();
		$titles = implode( array_map( static fn( $item ): string => $item[0], array_merge( ...array_values( $submenu ) ) ) );
		$this->assertStringContainsString( 'count-12', $titles );
		$this->assertStringNotContainsString( 'count-3', $titles );

		// Everybody has their own.
		$this->sign_in( 'moderator' );
		delete_transient( Report_Count::TRANSIENT . get_current_user_id() );
		$this->page();
		$this->assertStringNotContainsString( 'awaiting-mod', implode( array_map( static fn( $item ): string => $item[0], array_merge( ...array_values( $submenu ) ) ) ) );
		remove_all_actions( 'shutdown' );
	}

	public function test_an_export_is_whole_or_none(): void {
		$this->sign_in( 'admin' );
		$files = array();
		$this->fake_service(
			function () {
				return $this->http_answer(
					200,
					'',
					array(
						'Content-Type'        => 'text/csv; charset=UTF-8',
						'Content-Disposition' => 'attachment; filename="conversation-7.csv"',
					)
				);
			}
		);
		add_filter(
			'pre_http_request',
			static function ( $answer, $args ) use ( &$files ) {
				$files[] = $args['filename'];
				file_put_contents( $args['filename'], "id\n1\n" ); // phpcs:ignore

				return $answer;
			},
			1,
			2
		);
		$depth = ob_get_level();
		ob_start();
		$failure = ( new Export_Download( $this->client() ) )->send( array( 'form' => array( 'task' => 'export' ) ) );
		$left    = ob_get_level();

		for ( ; $left < $depth; $left++ ) {
			ob_start();
		}

		$this->assertNull( $failure );
		$this->assertFileDoesNotExist( $files[0] );

		$this->fake_service( fn() => new \WP_Error( 'http_request_failed', 'cURL error 18: transfer closed' ) );
		$failure = ( new Export_Download( $this->client() ) )->send( array( 'form' => array( 'task' => 'export' ) ) );
		$this->assertWPError( $failure );
		$this->assertFileDoesNotExist( $files[1] );
	}

	/**
	 * Asserts an error.
	 *
	 * @param mixed $value Anything.
	 */
	private function assertWPError( mixed $value ): void { // phpcs:ignore
		$this->assertInstanceOf( \WP_Error::class, $value );
	}

	public function test_a_members_page_leads_to_it(): void {
		$_GET = array( 'user' => (string) $this->user( 'member1' )->ID );
		$show = function ( string $login ): string {
			$this->sign_in( $login );
			$this->page();

			return $this->output_of( array( new Member_Page( new Extension_Switch(), new Operator_Client( new Keys(), new Sidecar_Client( new Settings() ) ) ), 'render' ) );
		};

		$html = $show( 'admin' );
		$this->assertStringContainsString( 'Delete all conversations of this member', $html );
		$this->assertStringContainsString( 'member=member1', $html );
		$this->assertStringNotContainsString( 'Delete all conversations', $show( 'moderator' ) );
	}

	/**
	 * Where the language declines months the service gets both forms, as WordPress has them.
	 */
	public function test_months_have_a_genitive_where_the_language_wants_it(): void {
		global $wp_locale;

		$this->assertArrayNotHasKey( 'month_genitive_1', Conversations_Strings::all() );

		$months = array( $wp_locale->month, $wp_locale->month_genitive, $wp_locale->month_abbrev );
		$polish = static fn( $translation, $text, $context ) => 'decline months names: on or off' === $context ? 'on' : $translation;
		add_filter( 'gettext_with_context', $polish, 10, 3 );
		foreach ( array( '01' => array( 'styczeń', 'stycznia', 'sty' ), '02' => array( 'luty', 'lutego', 'lut' ) ) as $month => $names ) { // phpcs:ignore
			list( $wp_locale->month[ $month ], $wp_locale->month_genitive[ $month ], $wp_locale->month_abbrev[ $names[0] ] ) = $names;
		}

		try {
			$texts = Conversations_Strings::all();
		} finally {
			remove_filter( 'gettext_with_context', $polish );
			list( $wp_locale->month, $wp_locale->month_genitive, $wp_locale->month_abbrev ) = $months;
		}

		$this->assertSame( array( 'luty', 'lutego' ), array( $texts['month_2'], $texts['month_genitive_2'] ) );
		$this->assertSame( 'December', $texts['month_genitive_12'] );
	}

	/**
	 * The service's tests render with the English texts, and know no others.
	 */
	public function test_the_texts_are_those_that_the_service_knows(): void {
		$file  = dirname( __DIR__, 5 ) . '/messaging/adminpage/testdata/strings.json';
		$known = json_decode( (string) file_get_contents( $file ), true ); // phpcs:ignore
		$texts = Conversations_Strings::all();

		ksort( $known );
		ksort( $texts );
		$this->assertSame( $known, $texts, 'write them into messaging/adminpage/testdata/strings.json' );

		foreach ( $texts as $key => $text ) {
			foreach ( (array) ( $text['forms'] ?? $text ) as $form ) {
				$this->assertDoesNotMatchRegularExpression( '/%(?!\d\$s|s)/', str_replace( '%%', '', (string) $form ), $key );
			}
		}
	}
}
