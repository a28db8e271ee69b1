<?php
/**
 * What needs every active plugin loaded: finish.php [--trust-levels].
 *
 * @package Jetonomy_Sidecar
 */

require __DIR__ . '/load.php';

$wp_rewrite->set_permalink_structure( '/%postname%/' );
$wp_rewrite->flush_rules( false );

if ( in_array( '--trust-levels', $argv, true ) ) {
	$levels = array( 'newcomer' => 0 );
	for ( $n = 1; $n <= 6; $n++ ) {
		$levels[ "member$n" ] = 1;
	}
	foreach ( $levels as $login => $level ) {
		$user = get_user_by( 'login', $login );
		$rows = $wpdb->query(
			$wpdb->prepare(
				"INSERT INTO {$wpdb->prefix}jt_user_profiles (user_id, display_name, trust_level, created_at)
				VALUES (%d, %s, %d, %s) ON DUPLICATE KEY UPDATE trust_level = VALUES(trust_level)",
				$user->ID,
				$user->display_name,
				$level,
				current_time( 'mysql', true )
			)
		);
		if ( false === $rows ) {
			throw new RuntimeException( "the trust level of $login could not be set: $wpdb->last_error" );
		}
	}
	wp_cache_flush();
	echo "trust levels are set\n";
}
