<?php
/**
 * Prints how many tests of a JUnit report passed, failed and were skipped, and appends one line per failure to a
 * file: junit-counts.php REPORT FILE.
 *
 * @package Jetonomy_Sidecar
 */

$report = simplexml_load_file( $argv[1] );

if ( false === $report ) {
	exit( 1 );
}

$counts   = array( 0, 0, 0 );
$failures = '';

foreach ( $report->xpath( '//testcase' ) as $case ) {
	$fault = $case->failure[0] ?? $case->error[0] ?? $case->warning[0] ?? null;
	++$counts[ null !== $fault ? 1 : ( isset( $case->skipped ) ? 2 : 0 ) ];

	if ( null !== $fault ) {
		// Node has the error in an attribute too; PHPUnit has the test's name in its first line.
		$said      = preg_split( '/\s*\n\s*/', trim( (string) ( $fault['message'] ?? $fault ) ) );
		$names     = array_filter( array( (string) ( $case->xpath( 'parent::testsuite/@name' )[0] ?? '' ), (string) $case['name'] ) );
		$failures .= implode( ': ', array_merge( $names, array_slice( $said, 0, 4 ) ) ) . "\n";
	}
}

file_put_contents( $argv[2], $failures, FILE_APPEND );
echo implode( ' ', $counts ), "\n";
