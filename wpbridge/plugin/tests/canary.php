<?php
/**
 * Looks for a string everywhere a site of `make up` keeps something: every column of every table, its logs, the
 * mail it wanted to send, in whatever encoding. Prints the places, a line each; ends with status 1 if there are any.
 *
 *     .run/wp eval-file wpbridge/plugin/tests/canary.php THE-STRING
 *
 * @package Jetonomy_Sidecar
 */

// phpcs:disable WordPress.DB, WordPress.WP.AlternativeFunctions

$jetonomy_sidecar_places = ( static function ( string $canary ): array {
	global $wpdb;

	if ( '' === $canary ) {
		fwrite( STDERR, "Name the string to look for.\n" );
		exit( 2 );
	}

	$found = array();

	foreach ( $wpdb->get_col( 'SHOW TABLES' ) as $table ) {
		foreach ( $wpdb->get_col( "SHOW COLUMNS FROM `$table`" ) as $column ) {
			$rows = (int) $wpdb->get_var( $wpdb->prepare( "SELECT COUNT(*) FROM `$table` WHERE INSTR( CAST( `$column` AS BINARY ), %s ) > 0", $canary ) );

			if ( '' !== $wpdb->last_error ) {
				fwrite( STDERR, "$table.$column cannot be read: $wpdb->last_error\n" );
				exit( 2 );
			}

			if ( $rows > 0 ) {
				$found[] = "$table.$column: $rows";
			}
		}
	}

	// A mail is encoded in lines, which may break the string in two.
	$encoded = '#(?:^[A-Za-z0-9+/]{40,}={0,2}\r?\n)+(?:^[A-Za-z0-9+/]+={0,2}\r?\n)?#m';

	foreach ( array( 'log', 'mail' ) as $folder ) {
		foreach ( (array) glob( dirname( untrailingslashit( ABSPATH ) ) . "/$folder/*" ) as $file ) {
			if ( ! is_file( $file ) ) {
				continue;
			}

			$content = (string) file_get_contents( $file );
			$decoded = 'mail' === $folder ? quoted_printable_decode( $content ) . preg_replace_callback( $encoded, static fn( array $block ): string => base64_decode( $block[0] ), $content ) : '';

			if ( str_contains( $content, $canary ) || str_contains( $decoded, $canary ) ) {
				$found[] = "$folder/" . basename( $file );
			}
		}
	}

	return $found;
} )( (string) ( $args[0] ?? '' ) );

foreach ( $jetonomy_sidecar_places as $jetonomy_sidecar_place ) {
	echo $jetonomy_sidecar_place, "\n"; // phpcs:ignore WordPress.Security.EscapeOutput -- For a terminal.
}

exit( array() === $jetonomy_sidecar_places ? 0 : 1 );
