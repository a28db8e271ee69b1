<?php
/**
 * The base configuration for WordPress, as an installation by hand leaves it.
 */

// ** Database settings ** //
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'wp' );
define( 'DB_PASSWORD', 'p\'a"s\\s$word' );
define( 'DB_HOST', 'localhost:/run/mysqld/mysqld.sock' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );

/**#@+ Keys and salts. */
define( 'AUTH_KEY',         'x/#1;y?>' );
define( 'SECURE_AUTH_KEY',  '*/ define( \'DB_NAME\', \'no\' );' );
/**#@-*/

$table_prefix = 'wp2_';

define( 'WP_DEBUG', false );

/* Add any custom values between this line and the "stop editing" line. */

if ( isset( $_SERVER['HTTP_X_FORWARDED_PROTO'] ) && 'https' === $_SERVER['HTTP_X_FORWARDED_PROTO'] ) {
	$_SERVER['HTTPS'] = 'on';
}
define( 'WP_HOME', 'https://site.test' );
define( 'WP_SITEURL', WP_HOME . '/wp' );
define( 'JETONOMY_SIDECAR_SECRET', '0123456789abcdef' . '0123456789abcdef' );
const JETONOMY_SIDECAR_URL = 'http://sidecar:8787';
define( 'JWT_AUTH_SECRET_KEY', 'jwt secret' );

/* That's all, stop editing! Happy publishing. */

/** Absolute path to the WordPress directory. */
if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}

/** Sets up WordPress vars and included files. */
require_once ABSPATH . 'wp-settings.php';
