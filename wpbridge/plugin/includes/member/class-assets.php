<?php
/**
 * Scripts and styles of the members' pages.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Member;

use Jetonomy_Sidecar\Extension_Switch;

defined( 'ABSPATH' ) || exit;

/**
 * The module with <jetonomy-messages> and <jetonomy-unread-badge> goes with every page that a member opens:
 * Jetonomy swaps parts of a page in place, and an element that comes in that way finds its module loaded.
 */
final class Assets {

	public const PAGE   = 'jetonomy-sidecar-member';
	public const BADGE  = 'jetonomy-sidecar-unread-badge';
	public const MODULE = 'jetonomy-sidecar-messages';

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch The switch; off means that nothing is loaded.
	 */
	public function __construct( private readonly Extension_Switch $switch ) {}

	/**
	 * Hooks everything in.
	 */
	public function register(): void {
		add_action( 'init', array( $this, 'register_styles' ), 9 );
		add_action( 'wp_enqueue_scripts', array( $this, 'enqueue' ) );
		add_action( 'admin_enqueue_scripts', array( $this, 'enqueue_in_admin' ) );
	}

	/**
	 * Makes the styles known, for blocks too.
	 */
	public function register_styles(): void {
		wp_register_style( self::PAGE, self::url( 'member.css' ), array(), self::version( 'member.css' ) );
		wp_register_style( self::BADGE, self::url( 'unread-badge.css' ), array(), self::version( 'unread-badge.css' ) );
	}

	/**
	 * What every page needs that may show the badge, or become a page of messages in place.
	 */
	public function enqueue(): void {
		if ( ! is_user_logged_in() || ! $this->switch->is_enabled() ) {
			return;
		}

		wp_enqueue_style( self::BADGE );
		wp_enqueue_script_module( self::MODULE, self::url( 'messages.js' ), array(), self::version( 'messages.js' ) );

		if ( defined( 'JETONOMY_VERSION' ) && get_query_var( 'jetonomy_route' ) ) {
			self::enqueue_page();
		}
	}

	/**
	 * The same in wp-admin, where only the admin bar shows the badge.
	 */
	public function enqueue_in_admin(): void {
		if ( Navigation::is_in_admin_bar() ) {
			$this->enqueue();
		}
	}

	/**
	 * What the pages of messages need.
	 */
	public static function enqueue_page(): void {
		wp_enqueue_style( self::PAGE );
	}

	/**
	 * The address of a file.
	 *
	 * @param string $file Its name.
	 */
	private static function url( string $file ): string {
		return plugins_url( 'assets/' . $file, JETONOMY_SIDECAR_FILE );
	}

	/**
	 * A file's version: the plugin's, and a hash, so that browsers and what caches between fetch every change of
	 * the file and nothing else.
	 *
	 * @param string $file Its name.
	 */
	private static function version( string $file ): string {
		return JETONOMY_SIDECAR_VERSION . '-' . hash_file( 'xxh64', dirname( JETONOMY_SIDECAR_FILE ) . '/assets/' . $file );
	}
}
