<?php
/**
 * The addresses of the members' pages.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Member;

use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Urls;

defined( 'ABSPATH' ) || exit;

/**
 * Makes WordPress know /{base}/messages/ and /{base}/messages/{id}/ while the extension is on. The query
 * variables are Jetonomy's own, so that the same addresses work with and without it, and by a query where
 * there are no pretty permalinks.
 */
final class Routes {

	public const INBOX        = 'messages';
	public const CONVERSATION = 'conversation';

	/**
	 * The option in which WordPress keeps the rules that it made. Without it, the next request makes them.
	 */
	private const RULES = 'rewrite_rules';

	/**
	 * Options that the rules depend on.
	 */
	private const DEPENDS_ON = array( Extension_Switch::OPTION, 'jetonomy_settings' );

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch The switch; off means that there are no such addresses.
	 */
	public function __construct( private readonly Extension_Switch $switch ) {}

	/**
	 * Hooks everything in.
	 */
	public function register(): void {
		add_action( 'init', array( $this, 'add_rules' ) );
		add_action( 'wp_loaded', array( $this, 'renew_rules' ) );
		add_filter( 'query_vars', array( $this, 'add_query_vars' ) );
		add_filter( 'request', array( $this, 'ask_for_no_posts' ) );
		add_action( 'parse_query', array( $this, 'be_no_archive' ) );
		add_filter( 'pre_handle_404', array( $this, 'be_found' ), 10, 2 );

		foreach ( self::DEPENDS_ON as $option ) {
			add_action( "add_option_{$option}", array( self::class, 'forget_rules' ) );
			add_action( "update_option_{$option}", array( self::class, 'forget_rules' ) );
			add_action( "delete_option_{$option}", array( self::class, 'forget_rules' ) );
		}
	}

	/**
	 * Which of our pages this request is for: INBOX, CONVERSATION, or '' for none. Says so too while the
	 * extension is off.
	 */
	public static function current(): string {
		$route = get_query_var( 'jetonomy_route' );

		return in_array( $route, array( self::INBOX, self::CONVERSATION ), true ) ? $route : '';
	}

	/**
	 * The id of the conversation that this request is for, 0 for none.
	 */
	public static function conversation_id(): int {
		$slug = get_query_var( 'jetonomy_slug' );

		return self::CONVERSATION === self::current() && is_scalar( $slug ) && ctype_digit( (string) $slug ) ? (int) $slug : 0;
	}

	/**
	 * Adds the rewrite rules, while the extension is on.
	 */
	public function add_rules(): void {
		if ( ! $this->switch->is_enabled() ) {
			return;
		}

		foreach ( self::rules() as $pattern => $query ) {
			add_rewrite_rule( $pattern, $query, 'top' );
		}
	}

	/**
	 * Lets WordPress make its rules anew where ours should be in them and are not, or the other way round:
	 * also after a change that no hook told of.
	 */
	public function renew_rules(): void {
		$stored = get_option( self::RULES );

		if ( ! is_array( $stored ) || array() === $stored ) {
			return; // They are made when they are needed, or there are no pretty permalinks.
		}

		$missing = array_diff_key( self::rules(), $stored );

		if ( $this->switch->is_enabled() ? array() !== $missing : array() === $missing && ! defined( 'JETONOMY_PRO_VERSION' ) ) {
			self::forget_rules();
		}
	}

	/**
	 * Lets the next request make the rules.
	 */
	public static function forget_rules(): void {
		delete_option( self::RULES );
	}

	/**
	 * Deactivation: takes the rules out of this request too, which may go on to store them.
	 */
	public static function remove_rules(): void {
		global $wp_rewrite;

		$wp_rewrite->extra_rules_top = array_diff_key( $wp_rewrite->extra_rules_top, self::rules() );
		self::forget_rules();
	}

	/**
	 * Makes WordPress keep our query variables.
	 *
	 * @param array $vars Names.
	 * @return array
	 */
	public function add_query_vars( $vars ): array {
		return array_values( array_unique( array( ...(array) $vars, 'jetonomy_route', 'jetonomy_slug' ) ) );
	}

	/**
	 * Keeps the main query of our pages from looking for the latest posts.
	 *
	 * @param array $vars Query variables of the request.
	 * @return array
	 */
	public function ask_for_no_posts( $vars ): array {
		$vars = (array) $vars;

		if ( $this->is_ours( $vars['jetonomy_route'] ?? '' ) ) {
			unset( $vars['pagename'], $vars['name'], $vars['page'] );
			$vars['post__in'] = array( 0 );
		}

		return $vars;
	}

	/**
	 * Our pages are not the blog, which is what WordPress takes a query for that names nothing it knows.
	 *
	 * @param \WP_Query $query A query.
	 */
	public function be_no_archive( $query ): void {
		if ( ! is_admin() && $query->is_main_query() && $this->is_ours( $query->get( 'jetonomy_route' ) ) ) {
			$query->is_home = false;
		}
	}

	/**
	 * Our pages are found although they hold no posts.
	 *
	 * @param bool      $preempt Whether somebody else has decided.
	 * @param \WP_Query $query   The main query.
	 * @return bool
	 */
	public function be_found( $preempt, $query ): bool {
		return (bool) $preempt || $this->is_ours( $query->get( 'jetonomy_route' ) );
	}

	/**
	 * The rewrite rules.
	 *
	 * @return array Queries by pattern.
	 */
	private static function rules(): array {
		$base = '^' . preg_quote( Urls::base_slug(), '#' ) . '/messages';

		return array(
			$base . '/?$'        => 'index.php?jetonomy_route=messages',
			$base . '/(\d+)/?$' => 'index.php?jetonomy_route=conversation&jetonomy_slug=$matches[1]',
		);
	}

	/**
	 * Whether a route is one of ours, and there.
	 *
	 * @param mixed $route Value of the query variable.
	 */
	private function is_ours( $route ): bool {
		return in_array( $route, array( self::INBOX, self::CONVERSATION ), true ) && $this->switch->is_enabled();
	}
}
