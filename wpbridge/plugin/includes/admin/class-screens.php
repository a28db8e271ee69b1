<?php
/**
 * Where the plugin's pages in wp-admin are, and for whom.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

defined( 'ABSPATH' ) || exit;

/**
 * The pages are in Jetonomy's menu where Jetonomy is active, and in WordPress's own menus where it is not.
 * Ask from the hook admin_menu on: before, Jetonomy may not be loaded yet.
 */
final class Screens {

	/**
	 * Jetonomy → Extensions. Jetonomy Pro has a page of this name, and keeps it.
	 */
	public const EXTENSIONS = 'jetonomy-extensions';

	public const SETTINGS = 'jetonomy-sidecar-settings';

	public const MEMBER = 'jetonomy-sidecar-member';

	/**
	 * Whether Jetonomy is active.
	 */
	public static function has_jetonomy(): bool {
		return defined( 'JETONOMY_VERSION' );
	}

	/**
	 * Whether Jetonomy Pro is active.
	 */
	public static function has_pro(): bool {
		return defined( 'JETONOMY_PRO_VERSION' );
	}

	/**
	 * The menu that the pages about the extension are in.
	 */
	public static function parent(): string {
		return self::has_jetonomy() ? 'jetonomy' : 'options-general.php';
	}

	/**
	 * Who may switch the extension and change its settings.
	 */
	public static function settings_capability(): string {
		return self::has_jetonomy() ? 'jetonomy_manage_settings' : 'manage_options';
	}

	/**
	 * Who may see a member's blocks and clear them: the one of two capabilities that this user has.
	 */
	public static function members_capability(): string {
		return current_user_can( 'manage_options' ) ? 'manage_options' : 'jetonomy_manage_users';
	}

	/**
	 * The page with the switch.
	 */
	public static function extensions_url(): string {
		return self::url( self::EXTENSIONS, self::has_jetonomy() ? 'admin.php' : 'options-general.php' );
	}

	/**
	 * The page with the settings.
	 */
	public static function settings_url(): string {
		return self::url( self::SETTINGS, self::has_jetonomy() ? 'admin.php' : 'options-general.php' );
	}

	/**
	 * A member's page.
	 *
	 * @param int $user_id The member.
	 */
	public static function member_url( int $user_id ): string {
		return add_query_arg( 'user', $user_id, self::url( self::MEMBER, 'admin.php' ) );
	}

	/**
	 * A member's name as WordPress stores it, for esc_html() and esc_attr(), which leave its entities alone.
	 *
	 * @param int $user_id The user, who may be gone.
	 */
	public static function member_name( int $user_id ): string {
		$user = get_userdata( $user_id );

		/* translators: %d: a number. */
		return $user ? $user->display_name : sprintf( __( 'Deleted user (%d)', 'jetonomy-sidecar' ), $user_id );
	}

	/**
	 * Tools → Site Health.
	 */
	public static function site_health_url(): string {
		return admin_url( 'site-health.php' );
	}

	/**
	 * A page's URL.
	 *
	 * @param string $page Its name.
	 * @param string $file The file that shows it.
	 */
	private static function url( string $page, string $file ): string {
		return add_query_arg( 'page', $page, admin_url( $file ) );
	}
}
