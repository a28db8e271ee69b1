<?php
/**
 * Prints how many tests of a JUnit report passed, failed and were skipped: junit-counts.php FILE.
 *
 * @package Jetonomy_Sidecar
 */

$report = simplexml_load_file( $argv[1] );

if ( false === $report ) {
	exit( 1 );
}

$counts = array( 0, 0, 0 );

foreach ( $report->xpath( '//testcase' ) as $case ) {
	++$counts[ isset( $case->failure ) || isset( $case->error ) || isset( $case->warning ) ? 1 : ( isset( $case->skipped ) ? 2 : 0 ) ];
}

echo implode( ' ', $counts ), "\n";
