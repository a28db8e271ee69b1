<?php
/**
 * What every test in WordPress builds on.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use ArrayObject;
use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Extension_Switch;
use PHPUnit\Framework\TestCase;
use WP_Error;
use WP_Hook;
use WP_REST_Request;
use WP_REST_Response;
use WP_Session_Tokens;
use WP_User;

/**
 * A test that begins and ends with the site as it is: what it writes is rolled back, its hooks, its user
 * and its request are forgotten. It begins outside of wp-admin, with nobody signed in and the extension on.
 *
 * No mail leaves and no HTTP request: mails() has the mails, and a request to the sidecar fails until
 * fake_service() answers it.
 */
abstract class Site_Test_Case extends TestCase {

	/**
	 * Requests to the sidecar: arrays with method, path (behind /wp-json), query, headers, body, json, blocking.
	 *
	 * @var array[]
	 */
	protected array $service_calls = array();

	/**
	 * URLs of all other requests; they fail.
	 *
	 * @var string[]
	 */
	protected array $outside_calls = array();

	/**
	 * Answers requests to the sidecar.
	 *
	 * @var callable|null
	 */
	private $service = null;

	/**
	 * Whether requests to the sidecar go to the real one.
	 *
	 * @var bool
	 */
	private bool $has_real_service = false;

	/**
	 * Arguments of wp_mail() by name.
	 *
	 * @var array[]
	 */
	private array $mails = array();

	/**
	 * What pre_wp_mail answers.
	 *
	 * @var bool
	 */
	private bool $mail_works = true;

	/**
	 * Whether the test expects errors of the database.
	 *
	 * @var bool
	 */
	private bool $may_fail_in_database = false;

	/**
	 * Recorded calls by hook.
	 *
	 * @var ArrayObject[]
	 */
	private array $recorded = array();

	/**
	 * Signatures that were used.
	 *
	 * @var true[]
	 */
	private array $signatures = array();

	/**
	 * What is restored after the test.
	 *
	 * @var array
	 */
	private array $backup = array();

	/**
	 * Keeps the test in its transaction.
	 *
	 * @var Query_Guard
	 */
	protected Query_Guard $database;

	/**
	 * Begins.
	 */
	protected function setUp(): void {
		parent::setUp();

		$this->back_up();
		$this->forget_request();
		wp_cache_flush();

		$this->database = new Query_Guard();
		$this->database->begin();

		add_filter( 'pre_wp_mail', array( $this, 'catch_mail' ), PHP_INT_MAX, 2 );
		add_filter( 'pre_http_request', array( $this, 'catch_http' ), PHP_INT_MAX, 3 );
		add_filter( 'wp_redirect', array( $this, 'catch_redirect' ), PHP_INT_MAX, 2 );

		foreach ( array( 'wp_die_handler', 'wp_die_ajax_handler', 'wp_die_json_handler', 'wp_die_jsonp_handler', 'wp_die_xml_handler', 'wp_die_xmlrpc_handler' ) as $filter ) {
			add_filter( $filter, fn(): array => array( $this, 'catch_death' ), PHP_INT_MAX );
		}

		( new Extension_Switch() )->enable();
	}

	/**
	 * Ends.
	 */
	protected function tearDown(): void {
		try {
			$this->end_request();
		} finally {
			$this->database->roll_back();
			wp_cache_flush();
			$this->restore();
			$this->forget_request();

			parent::tearDown();
		}
	}

	/**
	 * No query may have failed unnoticed.
	 */
	protected function assertPostConditions(): void {
		if ( ! $this->may_fail_in_database ) {
			$this->assertSame( array(), array_column( (array) ( $GLOBALS['EZSQL_ERROR'] ?? array() ), 'error_str' ), 'queries failed' );
		}
	}

	/*
	 * Users.
	 */

	/**
	 * One of the site's accounts: admin, moderator, member1 to member6, newcomer.
	 *
	 * @param string $login The account.
	 */
	protected function user( string $login ): WP_User {
		$user = get_user_by( 'login', $login );

		$this->assertInstanceOf( WP_User::class, $user, "the site has no account $login" );

		return $user;
	}

	/**
	 * A new user.
	 *
	 * @param string $role   Its role.
	 * @param array  $fields As of wp_insert_user().
	 */
	protected function make_user( string $role = 'subscriber', array $fields = array() ): WP_User {
		static $n = 0;

		++$n;

		$id = wp_insert_user(
			$fields + array(
				'user_login' => "made$n",
				'user_email' => "made$n@example.test",
				'user_pass'  => wp_generate_password(),
				'role'       => $role,
			)
		);

		$this->assertIsInt( $id, is_wp_error( $id ) ? $id->get_error_message() : '' );

		return new WP_User( $id );
	}

	/**
	 * Makes somebody the current user, as a request without a session would.
	 *
	 * @param WP_User|int|string|null $user A user, an id, a login; null for nobody.
	 */
	protected function be( WP_User|int|string|null $user ): void {
		wp_set_current_user( $this->id_of( $user ) );
	}

	/**
	 * Makes somebody the current user, with a session whose cookie came with the request.
	 *
	 * @param WP_User|int|string $user A user, an id, a login.
	 * @return string The session's key in the user meta session_tokens.
	 */
	protected function sign_in( WP_User|int|string $user ): string {
		$id    = $this->id_of( $user );
		$until = time() + HOUR_IN_SECONDS;
		$token = WP_Session_Tokens::get_instance( $id )->create( $until );

		$_COOKIE[ LOGGED_IN_COOKIE ] = wp_generate_auth_cookie( $id, $until, 'logged_in', $token );
		wp_set_current_user( $id );

		return hash( 'sha256', $token );
	}

	/*
	 * Options.
	 */

	/**
	 * Sets an option.
	 *
	 * @param string $name  The option.
	 * @param mixed  $value Its value; null deletes it.
	 */
	protected function set_option( string $name, mixed $value ): void {
		if ( null === $value ) {
			delete_option( $name );
		} else {
			update_option( $name, $value );
		}
	}

	/**
	 * Changes some of the plugin's settings.
	 *
	 * @param array $settings Values by name.
	 */
	protected function set_settings( array $settings ): void {
		update_option( 'jetonomy_sidecar_settings', $settings + (array) get_option( 'jetonomy_sidecar_settings', array() ) );
	}

	/**
	 * Switches the extension, for the routes too.
	 *
	 * @param bool $on On or off.
	 */
	protected function switch_extension( bool $on ): void {
		$switch = new Extension_Switch();

		$on ? $switch->enable() : $switch->disable();
		$this->forget_routes();
	}

	/**
	 * The rows of one of the site's tables.
	 *
	 * @param string $table Its name without the prefix.
	 * @param array  $where Values by column.
	 * @return array[] In the order of their first column.
	 */
	protected function rows( string $table, array $where = array() ): array {
		global $wpdb;

		$sql = "SELECT * FROM `{$wpdb->prefix}{$table}`";

		if ( array() !== $where ) {
			$sql .= ' WHERE ' . implode( ' AND ', array_map( static fn( $column ) => "`$column` = %s", array_keys( $where ) ) );
			$sql  = $wpdb->prepare( $sql, array_values( $where ) ); // phpcs:ignore
		}

		return $wpdb->get_results( "$sql ORDER BY 1", ARRAY_A ); // phpcs:ignore
	}

	/**
	 * Lets queries fail in this test.
	 */
	protected function expect_database_errors(): void {
		global $wpdb;

		$this->may_fail_in_database = true;
		$wpdb->suppress_errors( true );
	}

	/*
	 * Hooks and mail.
	 */

	/**
	 * Records the calls of a hook from now on.
	 *
	 * @param string $hook Action or filter.
	 * @return ArrayObject Grows with every call: the list of its arguments.
	 */
	protected function record( string $hook ): ArrayObject {
		$calls = new ArrayObject();

		add_filter(
			$hook,
			static function ( ...$arguments ) use ( $calls ) {
				$calls[] = $arguments;

				return $arguments[0] ?? null;
			},
			PHP_INT_MIN,
			PHP_INT_MAX
		);

		$this->recorded[ $hook ] = $calls;

		return $calls;
	}

	/**
	 * What record() saw of a hook.
	 *
	 * @param string $hook Action or filter.
	 * @return array[] The arguments of each call.
	 */
	protected function calls( string $hook ): array {
		return $this->recorded[ $hook ]->getArrayCopy();
	}

	/**
	 * The mails that were sent.
	 *
	 * @param string|null $to Only those to this address.
	 * @return array[] With to, subject, message, headers and attachments, as wp_mail() got them.
	 */
	protected function mails( ?string $to = null ): array {
		return array_values(
			array_filter( $this->mails, static fn( array $mail ): bool => null === $to || in_array( $to, (array) $mail['to'], true ) )
		);
	}

	/**
	 * Makes wp_mail() fail, or work again.
	 *
	 * @param bool $works Whether it works.
	 */
	protected function mail_works( bool $works ): void {
		$this->mail_works = $works;
	}

	/**
	 * Catches a mail.
	 *
	 * @param mixed $answer Of another plugin.
	 * @param array $mail   Arguments of wp_mail().
	 */
	public function catch_mail( $answer, $mail ): bool {
		if ( $this->mail_works ) {
			$this->mails[] = $mail;
		}

		return $this->mail_works;
	}

	/*
	 * REST.
	 */

	/**
	 * Calls a REST route as a browser would.
	 *
	 * @param string                  $method  HTTP method.
	 * @param string                  $route   The route, with the namespace.
	 * @param array                   $params  The query of a GET, HEAD or DELETE; the JSON of others.
	 * @param WP_User|int|string|null $user    Who calls; null for the current user, 0 for nobody.
	 * @param array                   $headers Values by name.
	 */
	protected function rest( string $method, string $route, array $params = array(), WP_User|int|string|null $user = null, array $headers = array() ): WP_REST_Response {
		$request = new WP_REST_Request( $method, $route );

		if ( in_array( $method, array( 'GET', 'HEAD', 'DELETE', 'OPTIONS' ), true ) ) {
			$request->set_query_params( $params );
		} elseif ( array() !== $params ) {
			$request->set_header( 'Content-Type', 'application/json' );
			$request->set_body( (string) wp_json_encode( $params ) );
		}

		foreach ( $headers as $name => $value ) {
			$request->set_header( $name, $value );
		}

		if ( null !== $user ) {
			$this->be( $user );
		}

		return $this->dispatch( $request );
	}

	/**
	 * Dispatches a request, up to what is sent.
	 *
	 * @param WP_REST_Request $request The request.
	 */
	protected function dispatch( WP_REST_Request $request ): WP_REST_Response {
		$server   = rest_get_server();
		$response = rest_ensure_response( $server->dispatch( $request ) );

		return apply_filters( 'rest_post_dispatch', $response, $server, $request );
	}

	/**
	 * Makes the next REST call register all routes again, as the next request would.
	 */
	protected function forget_routes(): void {
		$GLOBALS['wp_rest_server'] = null;
	}

	/**
	 * A call of the sidecar to this plugin, with a good signature. Two of them never have the same.
	 *
	 * @param string $path    REST path.
	 * @param string $body    The body.
	 * @param array  $replace Header values to replace, by name.
	 */
	protected function signed_request( string $path, string $body, array $replace = array() ): WP_REST_Request {
		$key  = ( new Keys() )->current();
		$time = time();

		// The same body in the same second has the same signature, which is how a replay is recognised.
		while ( isset( $this->signatures[ $key->sign_request( 'POST', $path, $time, $body ) ] ) ) {
			--$time;
		}

		$this->signatures[ $key->sign_request( 'POST', $path, $time, $body ) ] = true;

		$headers = $replace + array(
			'Content-Type'         => 'application/json',
			'X-Jetonomy-Key'       => $key->kid(),
			'X-Jetonomy-Timestamp' => (string) $time,
			'X-Jetonomy-Signature' => $key->sign_request( 'POST', $path, $time, $body ),
		);

		$request = new WP_REST_Request( 'POST', $path );
		$request->set_body( $body );

		foreach ( $headers as $name => $value ) {
			$request->set_header( $name, $value );
		}

		return $request;
	}

	/**
	 * A delivery of events, with a good signature.
	 *
	 * @param array[] $events  As wpbridge/doc.go describes them.
	 * @param array   $replace Header values to replace, by name.
	 */
	protected function signed_events( array $events, array $replace = array() ): WP_REST_Request {
		return $this->signed_request( '/jetonomy-sidecar/v1/events', (string) wp_json_encode( array( 'events' => $events ) ), $replace );
	}

	/**
	 * Delivers events as the sidecar does: nobody is signed in.
	 *
	 * @param array ...$events As wpbridge/doc.go describes them.
	 * @return array The results by event id.
	 */
	protected function deliver( array ...$events ): array {
		$this->be( null );

		$response = $this->dispatch( $this->signed_events( $events ) );
		$data     = json_decode( (string) wp_json_encode( $response->get_data() ), true );

		$this->assertSame( 200, $response->get_status(), (string) wp_json_encode( $data ) );

		return $data['results'];
	}

	/*
	 * The sidecar.
	 */

	/**
	 * Answers all requests to the sidecar from now on.
	 *
	 * @param callable $service Gets method, path behind /wp-json without the query, decoded JSON body (null for
	 *                          none) and the call as in $service_calls. Gives what http_answer() makes, a WP_Error
	 *                          for no connection, null for 204, anything else as the JSON of a 200.
	 */
	protected function fake_service( callable $service ): void {
		$this->service = $service;
	}

	/**
	 * Lets requests to the sidecar reach the real one, which works on the site's own tables: it sees nothing
	 * that this test writes.
	 */
	protected function use_real_service(): void {
		$this->has_real_service = true;
	}

	/**
	 * An answer of wp_remote_request().
	 *
	 * @param int    $status  HTTP status.
	 * @param mixed  $data    Written as JSON, a string as it is.
	 * @param array  $headers Values by name.
	 */
	protected function http_answer( int $status, mixed $data = '', array $headers = array() ): array {
		return array(
			'headers'  => new \WpOrg\Requests\Utility\CaseInsensitiveDictionary( $headers + array( 'Content-Type' => 'application/json' ) ),
			'body'     => is_string( $data ) ? $data : (string) wp_json_encode( $data ),
			'response' => array(
				'code'    => $status,
				'message' => get_status_header_desc( $status ),
			),
			'cookies'  => array(),
			'filename' => null,
		);
	}

	/**
	 * Answers an HTTP request.
	 *
	 * @param mixed  $answer Of another plugin.
	 * @param array  $args   Arguments of wp_remote_request().
	 * @param string $url    The URL.
	 */
	public function catch_http( $answer, $args, $url ): mixed {
		$base = ( new \Jetonomy_Sidecar\Settings() )->sidecar_url() . '/wp-json';

		if ( ! str_starts_with( $url, $base . '/' ) ) {
			$this->outside_calls[] = $url;

			return new WP_Error( 'http_request_not_executed', 'Tests make no requests.' );
		}

		list( $path, $query ) = array_pad( explode( '?', substr( $url, strlen( $base ) ), 2 ), 2, '' );

		$call = array(
			'method'   => $args['method'],
			'path'     => $path,
			'query'    => $query,
			'headers'  => $args['headers'],
			'body'     => (string) $args['body'],
			'json'     => json_decode( (string) $args['body'], true ),
			'blocking' => $args['blocking'],
		);

		$this->service_calls[] = $call;

		if ( null === $this->service ) {
			return $this->has_real_service ? $answer : new WP_Error( 'http_request_failed', 'The sidecar does not run in this test.' );
		}

		$answer = ( $this->service )( $call['method'], $path, $call['json'], $call );

		if ( is_wp_error( $answer ) || ( is_array( $answer ) && isset( $answer['response']['code'] ) ) ) {
			return $answer;
		}

		return null === $answer ? $this->http_answer( 204 ) : $this->http_answer( 200, (string) wp_json_encode( $answer ) );
	}

	/**
	 * Asserts that a call to the sidecar carries a good signature of the current key.
	 *
	 * @param array $call One of $service_calls.
	 */
	protected function assert_signed( array $call ): void {
		$key     = ( new Keys() )->current();
		$headers = array_change_key_case( $call['headers'] );

		$this->assertSame( 'POST', $call['method'] );
		$this->assertSame( $key->kid(), $headers['x-jetonomy-key'] ?? null );
		$this->assertTrue(
			$key->verify_request(
				(string) ( $headers['x-jetonomy-signature'] ?? '' ),
				'POST',
				$call['path'],
				(int) ( $headers['x-jetonomy-timestamp'] ?? 0 ),
				$call['body'],
				time()
			),
			"the signature of {$call['path']}"
		);
	}

	/**
	 * Does what the plugin left for the end of the request.
	 */
	protected function end_request(): void {
		global $wp_filter;

		foreach ( $wp_filter['shutdown']->callbacks ?? array() as $priority => $callbacks ) {
			foreach ( $callbacks as $callback ) {
				$function = $callback['function'];
				$object   = is_array( $function ) ? $function[0] : null;
				$class    = is_object( $object ) ? get_class( $object ) : (string) ( is_string( $object ) ? $object : '' );

				if ( str_starts_with( $class, 'Jetonomy_Sidecar\\' ) ) {
					remove_action( 'shutdown', $function, $priority );
					$function();
				}
			}
		}
	}

	/*
	 * wp-admin.
	 */

	/**
	 * Makes this a request to wp-admin.
	 *
	 * @param string $screen Id of a screen.
	 */
	protected function visit_admin( string $screen = 'dashboard' ): void {
		set_current_screen( $screen );
	}

	/**
	 * Makes this a form that was sent.
	 *
	 * @param array       $fields The form's fields.
	 * @param string|null $action Action of a nonce of the current user to add as _wpnonce.
	 */
	protected function submit( array $fields, ?string $action = null ): void {
		if ( null !== $action ) {
			$fields['_wpnonce'] = wp_create_nonce( $action );
		}

		$_SERVER['REQUEST_METHOD'] = 'POST';
		$_POST                     = wp_slash( $fields );
		$_REQUEST                  = $_POST + $_GET;
	}

	/**
	 * Runs code that must redirect or die.
	 *
	 * @param callable $code The code.
	 * @return Request_End How it ended.
	 */
	protected function end_of( callable $code ): Request_End {
		ob_start();

		try {
			$code();
		} catch ( Request_End $end ) {
			return $end;
		} finally {
			ob_end_clean();
		}

		$this->fail( 'neither a redirect nor wp_die()' );
	}

	/**
	 * What code prints.
	 *
	 * @param callable $code The code.
	 */
	protected function output_of( callable $code ): string {
		ob_start();

		try {
			$code();

			return (string) ob_get_contents();
		} finally {
			ob_end_clean();
		}
	}

	/**
	 * A redirect ends the request.
	 *
	 * @param string $location Where to.
	 * @param int    $status   HTTP status.
	 * @throws Request_End Always.
	 */
	public function catch_redirect( $location, $status ): never {
		throw new Request_End( (string) $location, (int) $status );
	}

	/**
	 * Dying ends the request.
	 *
	 * @param string|WP_Error $message What it says.
	 * @param string          $title   Title or status.
	 * @param array           $args    As of wp_die().
	 * @throws Request_End Always.
	 */
	public function catch_death( $message, $title = '', $args = array() ): never {
		list( $text, , $parsed ) = _wp_die_process_input( $message, $title, $args );

		throw new Request_End( '', (int) $parsed['response'], (string) $text );
	}

	/*
	 * Before and after.
	 */

	/**
	 * Remembers hooks and the request.
	 */
	private function back_up(): void {
		global $wpdb;

		$this->backup = array(
			'hooks'    => array_map( static fn( WP_Hook $hook ): WP_Hook => clone $hook, $GLOBALS['wp_filter'] ),
			'globals'  => array(),
			'super'    => array( $_GET, $_POST, $_REQUEST, $_COOKIE, $_FILES, $_SERVER ),
			'suppress' => $wpdb->suppress_errors,
		);

		foreach ( array( 'wp_actions', 'wp_filters', 'wp_current_filter', 'menu', 'submenu', 'pagenow', 'wp_meta_boxes', 'wp_settings_errors', 'wp_registered_settings', 'shortcode_tags' ) as $name ) {
			$this->backup['globals'][ $name ] = $GLOBALS[ $name ] ?? null;
		}

		$GLOBALS['EZSQL_ERROR'] = array();
	}

	/**
	 * Restores what back_up() remembered.
	 */
	private function restore(): void {
		global $wpdb;

		$GLOBALS['wp_filter'] = $this->backup['hooks'];

		foreach ( $this->backup['globals'] as $name => $value ) {
			$GLOBALS[ $name ] = $value;
		}

		list( $_GET, $_POST, $_REQUEST, $_COOKIE, $_FILES, $_SERVER ) = $this->backup['super'];

		$wpdb->suppress_errors( $this->backup['suppress'] );
		$GLOBALS['EZSQL_ERROR'] = array();
		$this->backup           = array();
	}

	/**
	 * Makes this a new request of nobody, outside of wp-admin.
	 */
	private function forget_request(): void {
		$GLOBALS['current_user']                       = null;
		$GLOBALS['wp_rest_auth_cookie']                = null;
		$GLOBALS['wp_rest_application_password_uuid']  = null;
		$GLOBALS['wp_rest_application_password_status'] = null;

		$this->forget_routes();
		set_current_screen( 'front' );
		wp_roles()->for_site( get_current_blog_id() );
		wp_set_current_user( 0 );
	}

	/**
	 * A user's id.
	 *
	 * @param WP_User|int|string|null $user A user, an id, a login; null for nobody.
	 */
	private function id_of( WP_User|int|string|null $user ): int {
		return match ( true ) {
			null === $user, 0 === $user => 0,
			is_string( $user )          => $this->user( $user )->ID,
			$user instanceof WP_User    => $user->ID,
			default                     => $user,
		};
	}
}
