<?php
/**
 * Makes members for a test: members.php LOGIN… prints their ids by login, as JSON. The password is the login,
 * the display name is the login's part before the first dash with a capital and a space: member1-x is "Member 1".
 * Where Jetonomy is active they have trust level 1.
 *
 * @package Jetonomy_Sidecar
 */

require __DIR__ . '/load.php';

$ids = array();

foreach ( array_slice( $argv, 1 ) as $login ) {
	$name = preg_replace( '/^([a-z]+)(\d*).*$/', '$1 $2', $login );

	$ids[ $login ] = site_must(
		wp_insert_user(
			array(
				'user_login'   => $login,
				'user_pass'    => $login,
				'user_email'   => "$login@example.org",
				'display_name' => trim( ucfirst( $name ) ),
				'role'         => 'subscriber',
			)
		)
	);

	if ( defined( 'JETONOMY_VERSION' ) ) {
		$wpdb->query(
			$wpdb->prepare(
				"INSERT INTO {$wpdb->prefix}jt_user_profiles (user_id, display_name, trust_level, created_at)
				VALUES (%d, %s, 1, %s) ON DUPLICATE KEY UPDATE trust_level = 1",
				$ids[ $login ],
				$name,
				current_time( 'mysql', true )
			)
		);
	}
}

echo wp_json_encode( $ids ), "\n";
