<?php
/**
 * WordPress's tables, its address, its permalinks and the accounts.
 *
 * @package Jetonomy_Sidecar
 */

define( 'WP_INSTALLING', true );

/**
 * Stands in for the mail that a fresh installation sends to its administrator.
 */
function wp_new_blog_notification() {}

require __DIR__ . '/load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

// The web server may not run yet, and nothing outside is asked.
add_filter( 'pre_http_request', static fn () => new WP_Error( 'offline', 'No requests while installing.' ) );

$accounts = array(
	'admin'     => array( 'Admin', 'administrator' ),
	'moderator' => array( 'Moderator', 'editor' ),
	'newcomer'  => array( 'Newcomer', 'subscriber' ),
);
for ( $n = 1; $n <= 6; $n++ ) {
	$accounts[ "member$n" ] = array( "Member $n", 'subscriber' );
}

if ( ! is_blog_installed() ) {
	wp_install( 'Jetonomy Sidecar', 'admin', 'admin@example.test', false, '', 'admin' );
	echo "WordPress is installed\n";
}
if ( (int) get_option( 'db_version' ) !== $wp_db_version ) {
	wp_upgrade();
	echo "the database is upgraded\n";
}

// wp-config.php has the address; the rows are what a program sees that reads the tables.
$address = getenv( 'SITE_URL' );
$wpdb->query( $wpdb->prepare( "UPDATE $wpdb->options SET option_value = %s WHERE option_name IN ( 'home', 'siteurl' )", $address ) );
wp_cache_flush();

foreach ( $accounts as $login => list( $name, $role ) ) {
	$user = get_user_by( 'login', $login );
	if ( $user && $user->display_name === $name && in_array( $role, $user->roles, true ) ) {
		continue;
	}
	$fields = array(
		'user_login'   => $login,
		'user_email'   => "$login@example.test",
		'display_name' => $name,
		'nickname'     => $name,
		'role'         => $role,
	);
	if ( $user ) {
		site_must( wp_update_user( array( 'ID' => $user->ID ) + $fields ) );
	} else {
		site_must( wp_insert_user( $fields + array( 'user_pass' => $login ) ) );
		echo "account $login is made\n";
	}
}
