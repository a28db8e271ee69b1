<?php
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'wordpress' );
define( 'DB_PASSWORD', '@DB_PASSWORD@' );
define( 'DB_HOST', '@DB_HOST@' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );

define( 'AUTH_KEY', '@AUTH_KEY@' );
define( 'SECURE_AUTH_KEY', '@SECURE_AUTH_KEY@' );
define( 'LOGGED_IN_KEY', '@LOGGED_IN_KEY@' );
define( 'NONCE_KEY', '@NONCE_KEY@' );
define( 'AUTH_SALT', '@AUTH_SALT@' );
define( 'SECURE_AUTH_SALT', '@SECURE_AUTH_SALT@' );
define( 'LOGGED_IN_SALT', '@LOGGED_IN_SALT@' );
define( 'NONCE_SALT', '@NONCE_SALT@' );

$table_prefix = 'wp_';

define( 'WP_HOME', '@SITE_URL@' );
define( 'WP_SITEURL', '@SITE_URL@' );

// Application passwords work without https only on a local site.
define( 'WP_ENVIRONMENT_TYPE', 'local' );
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_LOG', '@LOG_DIR@/wordpress.log' );
define( 'WP_DEBUG_DISPLAY', false );

// Nothing happens behind a test's back, and no page waits for the outside world.
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1,localhost' );
define( 'DISALLOW_FILE_MODS', @FILE_MODS_REFUSED@ );

define( 'JETONOMY_SIDECAR_URL', '@SIDECAR_URL@' );

if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
