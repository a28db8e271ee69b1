<?php
/**
 * What the access log says of a member: access-log.php USER_ID prints its rows, the oldest first, as JSON.
 *
 * @package Jetonomy_Sidecar
 */

require __DIR__ . '/load.php';

echo wp_json_encode(
	$wpdb->get_results(
		$wpdb->prepare( "SELECT login, address, action, reason, note FROM {$wpdb->prefix}jt_sidecar_access_log WHERE member_id = %d ORDER BY id", (int) $argv[1] )
	)
), "\n";
