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
 * The badge's module goes with every page that a member opens: Jetonomy swaps parts of a page in place, and
 * a badge that comes in that way finds its module loaded.
 */
final class Assets {

	public const PAGE  = 'jetonomy-sidecar-member';
	public const BADGE = 'jetonomy-sidecar-unread-badge';

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
		add_action( 'wp_enqueue_scripts', array( $this, 'enqueue_badge' ) );
		add_action( 'admin_enqueue_scripts', array( $this, 'enqueue_badge_in_admin' ) );
	}

	/**
	 * Makes the styles known, for blocks too.
	 */
	public function register_styles(): void {
		wp_register_style( self::PAGE, self::url( 'member.css' ), array(), JETONOMY_SIDECAR_VERSION );
		wp_register_style( self::BADGE, self::url( 'unread-badge.css' ), array(), JETONOMY_SIDECAR_VERSION );
	}

	/**
	 * What every page needs that may show the badge.
	 */
	public function enqueue_badge(): void {
		if ( is_user_logged_in() && $this->switch->is_enabled() ) {
			wp_enqueue_style( self::BADGE );
			wp_enqueue_script_module( self::BADGE, self::url( 'unread-badge.js' ), array(), JETONOMY_SIDECAR_VERSION );
		}
	}

	/**
	 * The same in wp-admin, where only the admin bar shows it.
	 */
	public function enqueue_badge_in_admin(): void {
		if ( Navigation::is_in_admin_bar() ) {
			$this->enqueue_badge();
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
}
