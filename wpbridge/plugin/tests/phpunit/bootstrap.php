<?php
/**
 * Loads the real WordPress of a site of `make up` for the tests, on a copy of the site's tables.
 *
 *     . .run/env && phpunit -c wpbridge/plugin/tests/phpunit
 *     . .run/env && phpunit -c wpbridge/plugin/tests/phpunit/jetonomy.xml
 *
 * The copy has a table prefix of its own, so nothing a test does is seen by the site or by the service
 * that works on it, and it is deleted at the end.
 *
 * There are two passes. The first is a WordPress without Jetonomy, also on a site that has it. The second,
 * with JETONOMY_SIDECAR_TEST_JETONOMY in the environment, is one with Jetonomy: the real one where the site
 * has it active, else the stand-in among the fixtures. Jetonomy's tables are there in both. A test that has a
 * meaning in one pass only is in the group plain or jetonomy.
 *
 * @package Jetonomy_Sidecar
 */

use Jetonomy_Sidecar\Tests\Jetonomy_Tables;
use Jetonomy_Sidecar\Tests\Site_Copy;

// PHPUnit includes this file inside a function, and these are variables of WordPress's main files.
global $table_prefix, $wpdb, $wp, $wp_query, $wp_the_query, $wp_rewrite, $wp_roles, $wp_locale, $wp_locale_switcher,
	$wp_version, $wp_db_version, $wp_customize, $wp_embed, $wp_widget_factory, $wp_textdomain_registry, $shortcode_tags,
	$phpmailer, $wp_theme_directories, $current_site, $current_blog, $pagenow, $menu, $submenu, $wp_plugin_paths;

error_reporting( E_ALL );

require_once __DIR__ . '/fixtures/site-copy.php';
require_once __DIR__ . '/fixtures/jetonomy-tables.php';
require_once __DIR__ . '/fixtures/query-guard.php';
require_once __DIR__ . '/fixtures/request-end.php';

$jetonomy_sidecar_folder = getenv( 'WORDPRESS_DIR' );

if ( ! is_string( $jetonomy_sidecar_folder ) || ! is_file( $jetonomy_sidecar_folder . '/wp-load.php' ) ) {
	fwrite( STDERR, "WORDPRESS_DIR names no WordPress. Start a site and read its settings: make up && . .run/env\n" );
	exit( 1 );
}

// A key from the caller's environment would take the place of the one that the tests change.
putenv( 'JETONOMY_SIDECAR_SECRET' );

define( 'ABSPATH', rtrim( (string) realpath( $jetonomy_sidecar_folder ), '/' ) . '/' );

// The site's own wp-config.php up to where it loads WordPress: the table prefix is changed in between.
$jetonomy_sidecar_config = preg_replace(
	array( '/^<\?php/', '/^\s*require(?:_once)?\b.*wp-settings\.php.*$/m' ),
	'',
	(string) file_get_contents( ABSPATH . 'wp-config.php' ),
	1
);
eval( $jetonomy_sidecar_config ); // phpcs:ignore

// So that the plugin connects what belongs to wp-admin too. Every test begins outside of it.
define( 'WP_ADMIN', true );

// A fatal error is for the one who runs the tests, not for a visitor.
if ( ! defined( 'WP_DISABLE_FATAL_ERROR_HANDLER' ) ) {
	define( 'WP_DISABLE_FATAL_ERROR_HANDLER', true );
}

$_SERVER['HTTP_HOST']       = preg_replace( '#^https?://#', '', (string) ( getenv( 'SITE_URL' ) ?: 'http://localhost' ) );
$_SERVER['SERVER_NAME']     = '127.0.0.1';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD']  = 'GET';
$_SERVER['REQUEST_URI']     = '/';
$_SERVER['REMOTE_ADDR']     = '127.0.0.1';
$PHP_SELF                   = '/index.php';
$GLOBALS['PHP_SELF']        = $PHP_SELF;
$_SERVER['PHP_SELF']        = $PHP_SELF;

$jetonomy_sidecar_copy = new Site_Copy( $table_prefix );
$jetonomy_sidecar_copy->make();
$table_prefix = Site_Copy::PREFIX;

$jetonomy_sidecar_has_jetonomy = (bool) getenv( 'JETONOMY_SIDECAR_TEST_JETONOMY' );
$jetonomy_sidecar_has_stand_in = $jetonomy_sidecar_has_jetonomy && ! $jetonomy_sidecar_copy->has_plugin( 'jetonomy/jetonomy.php' );

if ( ! $jetonomy_sidecar_has_jetonomy ) {
	$jetonomy_sidecar_copy->deactivate( 'jetonomy/jetonomy.php' );
}

if ( $jetonomy_sidecar_has_stand_in ) {
	require_once ABSPATH . 'wp-includes/plugin.php';

	// What activation leaves is there before this plugin is; the rest comes after it, as Jetonomy does.
	add_action(
		'muplugins_loaded',
		static function (): void {
			require_once __DIR__ . '/fixtures/jetonomy/class-site-setup.php';
			\Jetonomy\Site_Setup::activate();
		}
	);
	add_action(
		'plugins_loaded',
		static function (): void {
			require_once __DIR__ . '/fixtures/jetonomy/jetonomy.php';
		},
		PHP_INT_MIN
	);
}

// Registered before WordPress registers its own: nothing of a test's request is left for the end.
register_shutdown_function(
	static function () use ( $jetonomy_sidecar_copy ): void {
		if ( function_exists( 'remove_all_actions' ) ) {
			remove_all_actions( 'shutdown' );
		}

		$jetonomy_sidecar_copy->delete();
	}
);

require_once ABSPATH . 'wp-settings.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';

ini_set( 'display_errors', 'stderr' );

if ( ! defined( 'JETONOMY_SIDECAR_VERSION' ) ) {
	fwrite( STDERR, "The plugin is not active on the site in WORDPRESS_DIR.\n" );
	exit( 1 );
}

if ( defined( 'JETONOMY_VERSION' ) !== $jetonomy_sidecar_has_jetonomy ) {
	fwrite( STDERR, $jetonomy_sidecar_has_jetonomy ? "Jetonomy is not there.\n" : "Jetonomy is there.\n" );
	exit( 1 );
}

Jetonomy_Tables::make();

require_once __DIR__ . '/site-test-case.php';
