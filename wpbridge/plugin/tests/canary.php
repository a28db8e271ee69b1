<?php
/**
 * Looks for a string everywhere a site of `make up` keeps something: every column of every table, its logs,
 * the mail it wanted to send. Prints where it is; ends with status 1 if it is anywhere.
 *
 *     .run/wp eval-file wpbridge/plugin/tests/canary.php THE-STRING
 *
 * @package Jetonomy_Sidecar
 */

// phpcs:disable WordPress.DB, WordPress.WP.AlternativeFunctions

( static function ( string $canary ): void {
	global $wpdb;

	if ( '' === $canary ) {
		WP_CLI::error( 'Name the string to look for.' );
	}

	$found = array();

	foreach ( $wpdb->get_col( 'SHOW TABLES' ) as $table ) {
		foreach ( $wpdb->get_col( "SHOW COLUMNS FROM `$table`" ) as $column ) {
			$rows = (int) $wpdb->get_var( $wpdb->prepare( "SELECT COUNT(*) FROM `$table` WHERE INSTR( CAST( `$column` AS BINARY ), %s ) > 0", $canary ) );

			if ( $rows > 0 ) {
				$found[] = "$table.$column: $rows";
			}
		}
	}

	foreach ( array( 'log', 'mail' ) as $folder ) {
		foreach ( (array) glob( dirname( untrailingslashit( ABSPATH ) ) . "/$folder/*" ) as $file ) {
			if ( is_file( $file ) && str_contains( (string) file_get_contents( $file ), $canary ) ) {
				$found[] = "$folder/" . basename( $file );
			}
		}
	}

	array_map( array( 'WP_CLI', 'line' ), $found );

	if ( array() !== $found ) {
		WP_CLI::error( sprintf( 'It is in %d places.', count( $found ) ) );
	}

	WP_CLI::success( 'It is nowhere.' );
} )( (string) ( $args[0] ?? '' ) );
