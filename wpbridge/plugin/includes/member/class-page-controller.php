<?php
/**
 * Answers requests for the members' pages.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Member;

use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Urls;

defined( 'ABSPATH' ) || exit;

/**
 * Sees to who may see a page and how it goes out, before Jetonomy or WordPress prints it. With Jetonomy its
 * template loader puts our view into the community's frame; without it, our own canvas puts it into the theme's.
 */
final class Page_Controller {

	/**
	 * Before Jetonomy, which prints and exits at 10.
	 */
	private const EARLY = 1;

	/**
	 * After others who have an opinion on these templates.
	 */
	private const LATE = 100;

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch The switch; off means 404.
	 * @param Member_Client    $client Asks the service.
	 */
	public function __construct( private readonly Extension_Switch $switch, private readonly Member_Client $client ) {}

	/**
	 * Hooks everything in.
	 */
	public function register(): void {
		add_action( 'template_redirect', array( $this, 'prepare' ), self::EARLY );
		add_filter( 'jetonomy_template_map', array( $this, 'add_templates' ), self::LATE );
		add_filter( 'template_include', array( $this, 'choose_canvas' ), self::LATE );
	}

	/**
	 * Before anything is printed: 404 while the extension is off, signing in, and the page's data.
	 */
	public function prepare(): void {
		global $wp_query;

		if ( '' === Routes::current() ) {
			return;
		}

		if ( ! $this->switch->is_enabled() ) {
			set_query_var( 'jetonomy_route', '' );
			$wp_query->set_404();
			status_header( 404 );
			nocache_headers();
			return;
		}

		nocache_headers();
		add_filter( 'wp_robots', 'wp_robots_no_robots' );
		remove_action( 'template_redirect', 'redirect_canonical' );

		if ( ! is_user_logged_in() ) {
			wp_safe_redirect( wp_login_url( self::address() ) );
			exit;
		}

		if ( ! defined( 'DONOTCACHEPAGE' ) ) {
			define( 'DONOTCACHEPAGE', true ); // Caching plugins look at it.
		}

		$page   = Page::load( $this->client );
		$status = $page->status();
		$title  = $page->title();

		add_filter(
			'document_title_parts',
			static function ( $parts ) use ( $title ): array {
				$parts          = (array) $parts;
				$parts['title'] = $title;
				unset( $parts['tagline'] );

				return $parts;
			},
			self::LATE
		);
		add_action( 'wp_head', array( $this, 'complete_head' ), 0 );
		add_filter(
			'jetonomy_seo_meta',
			static fn( $meta ): array => array( 'title' => '', 'noindex' => true ) + (array) $meta,
			self::LATE
		);
		add_filter( 'body_class', static fn( $classes ): array => array( ...(array) $classes, 'jetonomy-sidecar-page' ) );
		add_action( 'wp_enqueue_scripts', array( Assets::class, 'enqueue_page' ) );

		if ( 200 !== $status ) {
			add_filter( 'status_header', static fn( $header ): string => str_replace( ' 200 OK', " {$status} " . get_status_header_desc( $status ), (string) $header ) );
		}

		status_header( 200 );
	}

	/**
	 * Jetonomy's document for block themes leaves these two to the theme, which has no place for them.
	 */
	public function complete_head(): void {
		if ( ! defined( 'JETONOMY_VERSION' ) || ! wp_is_block_theme() ) {
			return;
		}

		echo '<meta name="viewport" content="width=device-width, initial-scale=1">' . "\n";

		if ( ! current_theme_supports( 'title-tag' ) ) {
			echo '<title>' . esc_html( wp_get_document_title() ) . "</title>\n";
		}
	}

	/**
	 * Gives Jetonomy our views, while the extension is on. It shows its Message buttons from then on.
	 *
	 * @param array $map Files by route.
	 * @return array
	 */
	public function add_templates( $map ): array {
		$map = (array) $map;

		if ( $this->switch->is_enabled() ) {
			$map[ Routes::INBOX ]        = Templates::locate( 'views/messages.php' );
			$map[ Routes::CONVERSATION ] = Templates::locate( 'views/conversation.php' );
		}

		return $map;
	}

	/**
	 * Gives WordPress our canvas, where Jetonomy has not printed the page already.
	 *
	 * @param string $template File.
	 * @return string
	 */
	public function choose_canvas( $template ): string {
		return Page::current() ? Templates::locate( 'canvas.php' ) : (string) $template;
	}

	/**
	 * The address of the page that this request is for, with what belongs to it.
	 */
	public static function address(): string {
		$id     = Routes::conversation_id();
		$url    = 0 !== $id ? Urls::conversation( $id ) : Urls::inbox();
		$params = array();

		foreach ( array( 'to', 'filter', 'search', 'cursor', 'before' ) as $name ) {
			$value = $_GET[ $name ] ?? null; // phpcs:ignore WordPress.Security -- Goes back into an address, encoded.

			if ( is_string( $value ) ) {
				$params[ $name ] = rawurlencode( wp_unslash( $value ) );
			}
		}

		return add_query_arg( $params, $url );
	}
}
