<?php
/**
 * The endpoint that hands out tokens.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Bridge\Keys;

/**
 * POST /jetonomy-sidecar/v1/token.
 */
final class TokenRouteTest extends Site_Test_Case {

	private const ROUTE = '/jetonomy-sidecar/v1/token';

	public function test_a_session_gets_a_token_that_names_it(): void {
		$session  = $this->sign_in( 'member1' );
		$before   = time();
		$response = $this->rest( 'POST', self::ROUTE );

		$this->assertSame( 200, $response->get_status() );
		$this->assertSame( 'no-store', $response->get_headers()['Cache-Control'] );
		$this->assertSame( 600, $response->get_data()['expires_in'] );

		$key = ( new Keys() )->current();

		list( $header, $claims ) = self::parse( $response->get_data()['token'] );

		$this->assertSame(
			array(
				'typ' => 'JWT',
				'alg' => 'HS256',
				'kid' => $key->kid(),
			),
			$header
		);
		$this->assertSame( untrailingslashit( get_option( 'home' ) ), $claims['iss'] );
		$this->assertSame( 'jetonomy-sidecar', $claims['aud'] );
		$this->assertSame( (string) $this->user( 'member1' )->ID, $claims['sub'] );
		$this->assertSame( 'session:' . $session, $claims['sid'] );
		$this->assertSame( 600, $claims['exp'] - $claims['iat'] );
		$this->assertGreaterThanOrEqual( $before, $claims['iat'] );
		$this->assertSame( $key->sign_token( $claims ), $response->get_data()['token'] );
	}

	public function test_an_application_password_gets_a_token_that_names_it(): void {
		$user                 = $this->user( 'member1' );
		list( , $application ) = \WP_Application_Passwords::create_new_application_password( $user->ID, array( 'name' => 'phone' ) );

		$GLOBALS['wp_rest_application_password_uuid'] = $application['uuid'];

		$response = $this->rest( 'POST', self::ROUTE, array(), $user );

		$this->assertSame( 200, $response->get_status() );
		$this->assertSame( 'app:' . $application['uuid'], self::parse( $response->get_data()['token'] )[1]['sid'] );
	}

	public function test_nobody_gets_none(): void {
		$response = $this->rest( 'POST', self::ROUTE );

		$this->assertSame( 401, $response->get_status() );
		$this->assertSame( 'rest_not_logged_in', $response->get_data()['code'] );
	}

	public function test_a_user_without_a_session_gets_none(): void {
		$response = $this->rest( 'POST', self::ROUTE, array(), 'member1' );

		$this->assertSame( 403, $response->get_status() );
		$this->assertSame( 'jetonomy_sidecar_no_session', $response->get_data()['code'] );
	}

	public function test_the_session_of_another_user_counts_for_nothing(): void {
		$this->sign_in( 'member2' );

		$this->assertSame( 403, $this->rest( 'POST', self::ROUTE, array(), 'member1' )->get_status() );
	}

	public function test_a_session_that_was_ended_counts_for_nothing(): void {
		$this->sign_in( 'member1' );
		\WP_Session_Tokens::get_instance( get_current_user_id() )->destroy_all();

		$this->assertSame( 403, $this->rest( 'POST', self::ROUTE )->get_status() );
	}

	public function test_only_post_exists(): void {
		$this->sign_in( 'member1' );

		$this->assertSame( 404, $this->rest( 'GET', self::ROUTE )->get_status() );
	}

	public function test_off_means_gone(): void {
		$this->sign_in( 'admin' );
		$this->switch_extension( false );

		$response = $this->rest( 'POST', self::ROUTE );

		$this->assertSame( 404, $response->get_status() );
		$this->assertSame( 'rest_no_route', $response->get_data()['code'] );
	}

	/**
	 * Header and claims of a token.
	 *
	 * @param string $token A compact JWT.
	 * @return array{array, array}
	 */
	private static function parse( string $token ): array {
		return array_map(
			static fn( string $part ): mixed => json_decode( (string) base64_decode( strtr( $part, '-_', '+/' ) ), true ),
			array_slice( explode( '.', $token ), 0, 2 )
		);
	}
}
