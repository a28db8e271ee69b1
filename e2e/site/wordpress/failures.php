<?php
/**
 * The events that WordPress failed on: failures.php prints how many there are and how many of them were given
 * up, as JSON. failures.php last-try lets them be due once more, as the last of their tries.
 *
 * @package Jetonomy_Sidecar
 */

require __DIR__ . '/load.php';

if ( 'last-try' === ( $argv[1] ?? '' ) ) {
	$wpdb->query( "UPDATE {$wpdb->prefix}jt_sidecar_failures SET attempts = 10, due_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE parked = 0" );
}

$counts = $wpdb->get_row( "SELECT COUNT(*) AS failed, COALESCE(SUM(parked), 0) AS parked FROM {$wpdb->prefix}jt_sidecar_failures" );

echo wp_json_encode( array_map( 'intval', (array) $counts ) ), "\n";
