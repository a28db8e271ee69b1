<?php
/**
 * The routes that are passed on.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Rest\Proxy_Routes;
use WP_Error;
use WP_REST_Request;

/**
 * /jetonomy/v1/conversations and /jetonomy/v1/messaging, as far as WordPress has a part in them.
 */
final class ProxyRoutesTest extends Site_Test_Case {

	private const LIST = '/jetonomy/v1/conversations';

	/**
	 * @return array<string, array{string, string}>
	 */
	public function routes(): array {
		return array(
			'list'        => array( 'GET', self::LIST ),
			'create'      => array( 'POST', self::LIST ),
			'unread'      => array( 'GET', self::LIST . '/unread-count' ),
			'read all'    => array( 'POST', self::LIST . '/read-all' ),
			'one'         => array( 'GET', self::LIST . '/7' ),
			'change'      => array( 'PATCH', self::LIST . '/7' ),
			'delete'      => array( 'DELETE', self::LIST . '/7' ),
			'messages'    => array( 'GET', self::LIST . '/7/messages' ),
			'send'        => array( 'POST', self::LIST . '/7/messages' ),
			'mute'        => array( 'POST', self::LIST . '/7/mute' ),
			'archive'     => array( 'POST', self::LIST . '/7/archive' ),
			'leave'       => array( 'POST', self::LIST . '/7/leave' ),
			'block'       => array( 'POST', self::LIST . '/7/block' ),
			'read'        => array( 'POST', self::LIST . '/7/read' ),
			'report'      => array( 'POST', self::LIST . '/7/report' ),
			'people'      => array( 'POST', self::LIST . '/7/participants' ),
			'suggestions' => array( 'GET', '/jetonomy/v1/messaging/recipient-suggestions' ),
		);
	}

	/**
	 * @dataProvider routes
	 */
	public function test_passes_every_route_on( string $method, string $route ): void {
		$this->fake_service( static fn(): array => array( 'good' => true ) );

		$response = $this->rest( $method, $route, array(), 'member1' );

		$this->assertSame( 200, $response->get_status() );
		$this->assertSame( array( 'good' => true ), $response->get_data() );
		$this->assertCount( 1, $this->service_calls );
		$this->assertSame( $method, $this->service_calls[0]['method'] );
		$this->assertSame( $route, $this->service_calls[0]['path'] );
	}

	/**
	 * @dataProvider routes
	 */
	public function test_off_means_gone( string $method, string $route ): void {
		$this->switch_extension( false );

		$response = $this->rest( $method, $route, array(), 'admin' );

		$this->assertSame( 404, $response->get_status() );
		$this->assertSame( 'rest_no_route', $response->get_data()['code'] );
		$this->assertSame( array(), $this->service_calls );
	}

	public function test_no_page_cache_keeps_an_answer(): void {
		$this->fake_service( static fn(): array => array() );
		remove_all_filters( 'rest_send_nocache_headers' );
		$this->assertFalse( apply_filters( 'rest_send_nocache_headers', false ) );

		$this->rest( 'GET', self::LIST, array(), 'member1' );

		$this->assertTrue( apply_filters( 'rest_send_nocache_headers', false ) );
		$this->assertTrue( defined( 'DONOTCACHEPAGE' ) && DONOTCACHEPAGE );
	}

	public function test_other_paths_are_wordpress_404(): void {
		foreach ( array( self::LIST . '/7/secrets', self::LIST . '/seven', '/jetonomy/v1/messaging' ) as $route ) {
			$this->assertSame( 'rest_no_route', $this->rest( 'GET', $route, array(), 'member1' )->get_data()['code'], $route );
		}

		$this->assertSame( array(), $this->service_calls );
	}

	public function test_the_token_is_the_users_and_short_lived(): void {
		$this->fake_service( static fn(): array => array() );

		$session = $this->sign_in( 'member1' );
		$this->rest( 'GET', self::LIST );

		$token  = substr( $this->service_calls[0]['headers']['Authorization'], 7 );
		$claims = self::claims( $token );

		$this->assertSame( (string) $this->user( 'member1' )->ID, $claims['sub'] );
		$this->assertSame( 'session:' . $session, $claims['sid'] );
		$this->assertSame( 60, $claims['exp'] - $claims['iat'] );
		$this->assertSame( ( new Keys() )->current()->sign_token( $claims ), $token );
	}

	public function test_a_user_of_this_request_alone_gets_an_operators_token(): void {
		$this->fake_service( static fn(): array => array() );
		$this->rest( 'GET', self::LIST, array(), 'member1' );

		$this->assertSame( 'operator', self::claims( substr( $this->service_calls[0]['headers']['Authorization'], 7 ) )['sid'] );
	}

	public function test_nobody_is_passed_on_as_nobody(): void {
		$this->fake_service( fn(): array => $this->http_answer( 401, array( 'code' => 'rest_not_logged_in' ) ) );

		$this->assertSame( 401, $this->rest( 'GET', self::LIST )->get_status() );
		$this->assertArrayNotHasKey( 'Authorization', $this->service_calls[0]['headers'] );
	}

	public function test_a_bearer_token_is_passed_on_as_it_came(): void {
		$this->fake_service( static fn(): array => array() );
		$this->rest( 'GET', self::LIST, array(), 0, array( 'Authorization' => 'Bearer a.b.c' ) );

		$this->assertSame( 'Bearer a.b.c', $this->service_calls[0]['headers']['Authorization'] );
	}

	public function test_of_the_headers_only_three_are_passed_on(): void {
		$this->fake_service( static fn(): array => array() );
		$this->rest(
			'POST',
			self::LIST,
			array( 'message' => 'x' ),
			'member1',
			array(
				'Idempotency-Key' => 'k1',
				'Accept-Language' => 'de',
				'Cookie'          => 'secret=1',
				'X-WP-Nonce'      => 'n',
				'X-Forwarded-For' => '192.0.2.1',
			)
		);

		$headers = $this->service_calls[0]['headers'];
		ksort( $headers );

		$this->assertSame( array( 'Accept-Language', 'Authorization', 'Content-Type', 'Idempotency-Key', 'Via' ), array_keys( $headers ) );
		$this->assertSame( 'k1', $headers['Idempotency-Key'] );
		$this->assertSame( 'de', $headers['Accept-Language'] );
	}

	public function test_a_body_is_passed_on_byte_by_byte(): void {
		$this->fake_service( static fn(): array => array() );
		$this->be( 'member1' );

		$body    = "{ \"message\":\t\"\\u00e9 \u{1F600} \\\\ <b>\", \"n\": 12345678901234567890 }";
		$request = new WP_REST_Request( 'POST', self::LIST );
		$request->set_header( 'Content-Type', 'application/json' );
		$request->set_body( $body );
		$this->dispatch( $request );

		$this->assertSame( $body, $this->service_calls[0]['body'] );
		$this->assertSame( 'application/json', $this->service_calls[0]['headers']['Content-Type'] );
	}

	public function test_a_form_becomes_json(): void {
		$this->fake_service( static fn(): array => array() );
		$this->be( 'member1' );

		$request = new WP_REST_Request( 'POST', self::LIST );
		$request->set_header( 'Content-Type', 'application/x-www-form-urlencoded' );
		$request->set_body_params(
			array(
				'message'    => 'hello & good-bye',
				'recipients' => array( '2', '3' ),
				'_wpnonce'   => 'n',
			)
		);
		$this->dispatch( $request );

		$this->assertSame(
			array(
				'message'    => 'hello & good-bye',
				'recipients' => array( '2', '3' ),
			),
			$this->service_calls[0]['json']
		);
	}

	public function test_the_query_is_passed_on_without_wordpress_parameters(): void {
		$this->fake_service( static fn(): array => array() );
		$this->rest(
			'GET',
			'/jetonomy/v1/messaging/recipient-suggestions',
			array(
				'q'        => 'a b&c=ü',
				'_wpnonce' => 'n',
				'_locale'  => 'user',
			),
			'member1'
		);

		$this->assertSame( 'q=a%20b%26c%3D%C3%BC', $this->service_calls[0]['query'] );
	}

	public function test_text_that_is_not_utf8_is_refused_here(): void {
		$this->be( 'member1' );

		$request = new WP_REST_Request( 'POST', self::LIST );
		$request->set_body_params( array( 'message' => "\xff" ) );
		$response = $this->dispatch( $request );

		$this->assertSame( 400, $response->get_status() );
		$this->assertSame( 'rest_invalid_param', $response->get_data()['code'] );
		$this->assertSame( array(), $this->service_calls );
	}

	public function test_status_body_and_known_headers_come_back(): void {
		$this->fake_service(
			fn(): array => $this->http_answer(
				429,
				'{"code":"jetonomy_rate_limited","data":{"status":429},"empty":{},"list":[]}',
				array(
					'Retry-After'         => '7',
					'Idempotent-Replayed' => 'true',
					'X-WP-Total'          => '3',
					'Set-Cookie'          => 'a=b',
					'Server'              => 'x',
					'X-Jetonomy-Sidecar'  => '1.0',
				)
			)
		);

		$response = $this->rest( 'POST', self::LIST . '/7/messages', array( 'content' => 'x' ), 'member1' );
		$headers  = $response->get_headers();

		$this->assertSame( 429, $response->get_status() );
		$this->assertSame( '{"code":"jetonomy_rate_limited","data":{"status":429},"empty":{},"list":[]}', wp_json_encode( $response->get_data() ) );
		$this->assertSame( '7', $headers['Retry-After'] );
		$this->assertSame( 'true', $headers['Idempotent-Replayed'] );
		$this->assertSame( '3', $headers['X-WP-Total'] );
		$this->assertArrayNotHasKey( 'Set-Cookie', $headers );
		$this->assertArrayNotHasKey( 'Server', $headers );
		$this->assertArrayNotHasKey( 'X-Jetonomy-Sidecar', $headers );
	}

	public function test_the_allow_header_is_the_services(): void {
		$this->fake_service( fn(): array => $this->http_answer( 405, array( 'code' => 'x' ), array( 'Allow' => 'GET, PATCH' ) ) );

		$this->assertSame( 'GET, PATCH', $this->rest( 'PUT', self::LIST . '/7', array(), 'member1' )->get_headers()['Allow'] );
	}

	public function test_a_location_comes_back_only_where_cgi_leaves_the_answer_alone(): void {
		foreach ( array( 201 => true, 200 => false ) as $status => $is_there ) {
			$this->fake_service( fn(): array => $this->http_answer( $status, array( 'id' => 7 ), array( 'Location' => '/x' ) ) );

			$this->assertSame( $is_there, isset( $this->rest( 'POST', self::LIST, array( 'message' => 'x' ), 'member1' )->get_headers()['Location'] ), "status $status" );
		}
	}

	public function test_no_answer_is_a_503_in_wordpress_shape(): void {
		$this->fake_service( static fn(): WP_Error => new WP_Error( 'http_request_failed', 'timed out at 192.0.2.1' ) );

		$response = $this->rest( 'GET', self::LIST, array(), 'member1' );

		$this->assertSame( 503, $response->get_status() );
		$this->assertSame( 'jetonomy_sidecar_unavailable', $response->get_data()['code'] );
		$this->assertSame( 503, $response->get_data()['data']['status'] );
		$this->assertSame( '5', $response->get_headers()['Retry-After'] );
		$this->assertStringNotContainsString( '192.0.2.1', (string) wp_json_encode( $response->get_data() ) );
	}

	public function test_an_answer_that_is_no_json_is_a_502(): void {
		$this->fake_service( fn(): array => $this->http_answer( 200, '<html>a router of somebody else</html>' ) );

		$response = $this->rest( 'GET', self::LIST, array(), 'member1' );

		$this->assertSame( 502, $response->get_status() );
		$this->assertSame( 'jetonomy_sidecar_bad_answer', $response->get_data()['code'] );
	}

	public function test_a_call_that_came_from_here_goes_no_second_round(): void {
		$response = $this->rest( 'GET', self::LIST, array(), 'member1', array( 'Via' => '1.1 jetonomy-sidecar-plugin' ) );

		$this->assertSame( 503, $response->get_status() );
		$this->assertSame( array(), $this->service_calls );
	}

	public function test_routes_of_another_plugin_under_these_paths_are_replaced(): void {
		add_action(
			'rest_api_init',
			static function (): void {
				foreach ( array( '/conversations', '/conversations/(?P<conversation>[\d]+)', '/conversations-archive', '/spaces-of-a-test' ) as $route ) {
					register_rest_route(
						Proxy_Routes::API_NAMESPACE,
						$route,
						array(
							'methods'             => 'GET',
							'callback'            => static fn(): string => 'theirs',
							'permission_callback' => '__return_true',
						)
					);
				}
			}
		);
		$this->forget_routes();
		$this->fake_service( static fn(): string => 'ours' );

		$this->assertSame( 'ours', $this->rest( 'GET', self::LIST, array(), 'member1' )->get_data() );
		$this->assertSame( 'ours', $this->rest( 'GET', self::LIST . '/7', array(), 'member1' )->get_data() );
		$this->assertSame( 'theirs', $this->rest( 'GET', '/jetonomy/v1/conversations-archive', array(), 'member1' )->get_data() );
		$this->assertSame( 'theirs', $this->rest( 'GET', '/jetonomy/v1/spaces-of-a-test', array(), 'member1' )->get_data() );
		$this->assertCount( 2, $this->service_calls );
	}

	public function test_a_sidecar_token_is_not_refused_for_another_plugins_key(): void {
		$ours   = ( new Keys() )->current()->sign_token( array( 'aud' => 'jetonomy-sidecar' ) );
		$theirs = ( new Keys() )->current()->sign_token( array( 'aud' => 'somebody' ) );

		add_filter( 'rest_pre_dispatch', static fn(): WP_Error => new WP_Error( 'jwt_auth_invalid_token', 'no', array( 'status' => 403 ) ) );
		$this->fake_service( static fn(): array => array( 'good' => true ) );

		$this->assertSame( 200, $this->rest( 'GET', self::LIST, array(), 0, array( 'Authorization' => "Bearer $ours" ) )->get_status() );
		$this->assertSame( 403, $this->rest( 'GET', self::LIST, array(), 0, array( 'Authorization' => "Bearer $theirs" ) )->get_status() );
		$this->assertSame( 403, $this->rest( 'GET', '/wp/v2/posts', array(), 0, array( 'Authorization' => "Bearer $ours" ) )->get_status() );
	}

	/**
	 * Claims of a token.
	 *
	 * @param string $token A compact JWT.
	 */
	private static function claims( string $token ): array {
		return json_decode( (string) base64_decode( strtr( explode( '.', $token )[1], '-_', '+/' ) ), true );
	}
}
