<?php
/**
 * The page Conversations.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin\Conversations;

use Jetonomy_Sidecar\Admin\Admin_Action;
use Jetonomy_Sidecar\Admin\Screens;
use Jetonomy_Sidecar\Capabilities;
use Jetonomy_Sidecar\Client_Address;
use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Reports\Silence;
use WP_Error;
use WP_Screen;

defined( 'ABSPATH' ) || exit;

/**
 * Jetonomy → Conversations, on plain WordPress Users → Conversations: members' conversations for administrators,
 * reports for moderators. The service makes it; here is who may see it, its frame, and the way there and back.
 * It is made before wp-admin prints anything, so that it can go on to another page. Gone while the extension
 * is off.
 */
final class Conversations_Page {

	public const SLUG = 'jetonomy-sidecar-conversations';

	/**
	 * What the nonce of its forms is for.
	 */
	public const ACTION = 'jetonomy_sidecar_conversations';

	/**
	 * Parameters of the address that the service gets, and fields of its forms.
	 */
	private const QUERY = array( 'id', 'ids', 'bulk', 'bulk2', 'text', 'before', 'after', 'at', 'q', 's', 'member', 'user', 'type', 'from', 'until', 'orderby', 'order', 'cursor', 'back', 'verify', 'conversation', 'closed', 'done', 'count', 'held' );
	private const FORM  = array( 'task', 'reason', 'note', 'hold_reason', 'format', 'ids', 'after', 'done', 'held', 'total', 'decision', 'member', 'days' );

	/**
	 * Tasks that answer with a file.
	 */
	private const EXPORTS = array( 'export', 'export_member' );

	/**
	 * What is printed: the service's HTML, or why there is none.
	 *
	 * @var string|WP_Error
	 */
	private string|WP_Error $content = '';

	/**
	 * The page's title, '' for the one of the menu.
	 *
	 * @var string
	 */
	private string $title = '';

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch     $switch The switch.
	 * @param Conversations_Client $client The way to the service.
	 * @param Report_Count         $count  Knows how many reports are open.
	 */
	public function __construct( private readonly Extension_Switch $switch, private readonly Conversations_Client $client, private readonly Report_Count $count ) {}

	/**
	 * Hooks the page in.
	 */
	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add_page' ), 20 );
		add_filter( 'removable_query_args', array( $this, 'remove_from_address' ) );
	}

	/**
	 * Who may see it: the one of two capabilities that this user has.
	 */
	public static function capability(): string {
		return current_user_can( 'manage_options' ) ? 'manage_options' : Capabilities::MODERATE;
	}

	/**
	 * The address of one of its views, from the hook admin_menu on.
	 *
	 * @param array $query Parameters.
	 */
	public static function url( array $query = array() ): string {
		return add_query_arg( array_map( static fn( $value ): string => rawurlencode( (string) $value ), $query ), html_entity_decode( menu_page_url( self::SLUG, false ) ) );
	}

	/**
	 * Adds the page.
	 */
	public function add_page(): void {
		if ( ! $this->switch->is_enabled() || ! current_user_can( self::capability() ) ) {
			return;
		}

		$name = current_user_can( 'manage_options' ) ? __( 'Conversations', 'jetonomy-sidecar' ) : __( 'Message reports', 'jetonomy-sidecar' );
		$hook = add_submenu_page(
			Screens::has_jetonomy() ? 'jetonomy' : 'users.php',
			$name,
			esc_html( $name ) . self::bubble( $this->count->remembered() ),
			self::capability(),
			self::SLUG,
			array( $this, 'render' )
		);

		if ( $hook ) {
			add_action( 'load-' . $hook, array( $this, 'load' ) );
		}
	}

	/**
	 * A number of open reports, as WordPress shows that of comments.
	 *
	 * @param int $count The number.
	 */
	private static function bubble( int $count ): string {
		if ( $count < 1 ) {
			return '';
		}

		return sprintf(
			' <span class="awaiting-mod count-%1$d"><span class="pending-count" aria-hidden="true">%2$s</span><span class="screen-reader-text">%3$s</span></span>',
			$count,
			esc_html( number_format_i18n( $count ) ),
			/* translators: %s: number of reports. */
			esc_html( sprintf( _n( '%s open report', '%s open reports', $count, 'jetonomy-sidecar' ), number_format_i18n( $count ) ) )
		);
	}

	/**
	 * Puts the number that the service said just now into the menu, which is not printed yet.
	 *
	 * @param int $count The number.
	 */
	private function renew_bubble( int $count ): void {
		global $submenu;

		$before = self::bubble( $this->count->remembered() );
		$this->count->remember( $count );

		foreach ( $submenu as $parent => $items ) {
			foreach ( $items as $place => $item ) {
				if ( self::SLUG === ( $item[2] ?? '' ) ) {
					$name = '' !== $before && str_ends_with( $item[0], $before ) ? substr( $item[0], 0, -strlen( $before ) ) : $item[0];

					$submenu[ $parent ][ $place ][0] = $name . self::bubble( $count ); // phpcs:ignore WordPress.WP.GlobalVariablesOverride.Prohibited -- The page's own line.
				}
			}
		}
	}

	/**
	 * Makes the page, before anything is printed.
	 */
	public function load(): void {
		$is_form = 'POST' === ( $_SERVER['REQUEST_METHOD'] ?? '' );

		if ( $is_form ) {
			Admin_Action::check( self::ACTION, self::capability() );
		}

		$screen = get_current_screen();

		if ( $screen instanceof WP_Screen ) {
			$this->add_columns( $screen );
		}

		add_action( 'admin_enqueue_scripts', array( $this, 'add_assets' ) );
		add_filter( 'admin_title', array( $this, 'title' ), 10, 2 );

		$request = $this->request( $screen, $is_form );

		if ( in_array( $request['form']['task'] ?? '', self::EXPORTS, true ) ) {
			$answer = ( new Export_Download( $this->client ) )->send( $request );

			if ( null === $answer ) {
				exit;
			}
		} else {
			$answer = $this->client->page( $request );
		}

		if ( is_wp_error( $answer ) ) {
			$this->fail( $answer );
			return;
		}

		$this->renew_bubble( (int) ( $answer['open_reports'] ?? 0 ) );

		if ( is_array( $answer['redirect'] ?? null ) ) {
			wp_safe_redirect( self::url( array_filter( $answer['redirect'], 'is_scalar' ) ) );
			exit;
		}

		$this->title   = (string) ( $answer['title'] ?? '' );
		$this->content = $answer['html'];
		status_header( (int) ( $answer['status'] ?? 200 ) );
	}

	/**
	 * Prints it.
	 */
	public function render(): void {
		if ( is_wp_error( $this->content ) ) {
			printf( '<div class="wrap jetonomy-sidecar"><h1>%s</h1><hr class="wp-header-end">', esc_html( get_admin_page_title() ) );
			wp_admin_notice(
				sprintf(
					'%1$s <a href="%2$s">%3$s</a>',
					esc_html( $this->content->get_error_message() ),
					esc_url( self::url() ),
					esc_html__( 'Try again', 'jetonomy-sidecar' )
				),
				array( 'type' => 'error' )
			);
			echo '</div>';
			return;
		}

		printf(
			'<div id="jetonomy-sidecar-conversations" data-users="%1$s" data-nonce="%2$s">',
			esc_url( current_user_can( 'list_users' ) ? rest_url( 'wp/v2/users' ) : '' ),
			esc_attr( wp_create_nonce( 'wp_rest' ) )
		);
		echo $this->content; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Escaped by the service, which it came from over a call of this site's own.
		echo '</div>';
	}

	/**
	 * Says that there is no page.
	 *
	 * @param WP_Error $error Why.
	 */
	private function fail( WP_Error $error ): void {
		$this->content = $error;
		status_header( (int) ( $error->get_error_data()['status'] ?? 503 ) );
	}

	/**
	 * What the service is asked for.
	 *
	 * @param WP_Screen|null $screen  The screen.
	 * @param bool           $is_form Whether a form was sent, whose nonce was checked.
	 */
	private function request( ?WP_Screen $screen, bool $is_form ): array {
		global $wp_locale;

		$hidden  = null === $screen ? array() : get_hidden_columns( $screen );
		$request = array(
			'page'    => sanitize_key( wp_unslash( $_GET['view'] ?? '' ) ), // phpcs:ignore WordPress.Security.NonceVerification.Recommended -- Only shows.
			'query'   => (object) self::values( $_GET, self::QUERY ), // phpcs:ignore WordPress.Security.NonceVerification.Recommended -- Only shows.
			'frame'   => array(
				'url'         => self::url(),
				'nonce'       => wp_create_nonce( self::ACTION ),
				'address'     => Client_Address::get(),
				'can_silence' => Silence::is_possible(),
				'columns'     => array_values( array_diff( array_keys( $this->columns() ), $hidden ) ),
				'date_format' => (string) get_option( 'date_format' ),
				'time_format' => (string) get_option( 'time_format' ),
				'thousands'   => (string) ( $wp_locale->number_format['thousands_sep'] ?? ',' ),
				'decimal'     => (string) ( $wp_locale->number_format['decimal_point'] ?? '.' ),
			),
			'strings' => Conversations_Strings::all(),
		);

		if ( $is_form ) {
			$request['form'] = self::values( $_POST, self::FORM ) + array( 'task' => '' ); // phpcs:ignore WordPress.Security.NonceVerification.Missing -- Checked in load().
		}

		return $request;
	}

	/**
	 * Some of a request's parameters, as they were sent: the service escapes what it shows.
	 *
	 * @param array    $from  WordPress's $_GET or $_POST.
	 * @param string[] $names Which.
	 * @return array<string, string|string[]>
	 */
	private static function values( array $from, array $names ): array {
		$values = array();

		foreach ( array_intersect_key( wp_unslash( $from ), array_flip( $names ) ) as $name => $value ) {
			$values[ $name ] = is_array( $value )
				? array_values( array_map( 'wp_check_invalid_utf8', array_map( 'strval', array_filter( $value, 'is_scalar' ) ) ) )
				: wp_check_invalid_utf8( (string) $value );
		}

		return $values;
	}

	/**
	 * Lets the screen options have the columns of the list, where that is what the page shows.
	 *
	 * @param WP_Screen $screen The screen.
	 */
	private function add_columns( WP_Screen $screen ): void {
		$view = sanitize_key( wp_unslash( $_GET['view'] ?? '' ) ); // phpcs:ignore WordPress.Security.NonceVerification.Recommended -- Only shows.

		if ( in_array( $view, array( '', 'list', 'bulk', 'bulk2' ), true ) && current_user_can( 'manage_options' ) ) {
			add_filter( 'manage_' . $screen->id . '_columns', array( $this, 'columns' ) );
		}
	}

	/**
	 * The columns of the list. WordPress never offers the title's to be hidden.
	 *
	 * @return array<string, string>
	 */
	public function columns(): array {
		return array(
			'title'        => __( 'Conversation', 'jetonomy-sidecar' ),
			'id'           => __( 'ID', 'jetonomy-sidecar' ),
			'type'         => __( 'Type', 'jetonomy-sidecar' ),
			'participants' => __( 'Participants', 'jetonomy-sidecar' ),
			'messages'     => __( 'Messages', 'jetonomy-sidecar' ),
			'created'      => __( 'Created', 'jetonomy-sidecar' ),
			'activity'     => __( 'Last activity', 'jetonomy-sidecar' ),
			'reports'      => __( 'Open reports', 'jetonomy-sidecar' ),
		);
	}

	/**
	 * Adds the page's style and script.
	 */
	public function add_assets(): void {
		wp_enqueue_style( 'jetonomy-sidecar-conversations', plugins_url( 'assets/conversations.css', JETONOMY_SIDECAR_FILE ), array(), JETONOMY_SIDECAR_VERSION );
		wp_enqueue_script( 'jetonomy-sidecar-conversations', plugins_url( 'assets/conversations.js', JETONOMY_SIDECAR_FILE ), array(), JETONOMY_SIDECAR_VERSION, array( 'in_footer' => true ) );
	}

	/**
	 * The title of the browser's window.
	 *
	 * @param string $title The one that WordPress made.
	 * @param string $name  The page's name in it.
	 */
	public function title( $title, $name ): string {
		return '' === $this->title ? (string) $title : $this->title . ' ‹ ' . trim( str_replace( (string) $name . ' ‹ ', '', (string) $title ) );
	}

	/**
	 * Takes what says that something was done out of the address bar, and leaves what the page before a deletion
	 * is about: WordPress's own pages have 'ids' there for what was done.
	 *
	 * @param string[] $names Parameters that WordPress takes out.
	 * @return string[]
	 */
	public function remove_from_address( $names ): array {
		if ( self::SLUG !== ( $GLOBALS['plugin_page'] ?? '' ) ) {
			return (array) $names;
		}

		return array_values( array_diff( array_merge( (array) $names, array( 'done', 'count', 'held' ) ), array( 'ids' ) ) );
	}
}
