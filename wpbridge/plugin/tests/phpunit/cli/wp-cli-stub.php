<?php
/**
 * As much of WP-CLI as the command uses.
 *
 * @package Jetonomy_Sidecar
 */

// phpcs:disable

namespace {
	/**
	 * Keeps what would be printed; an error is an exception.
	 */
	final class WP_CLI {
		public static array $printed = array();
		public static bool $answer   = true;

		public static function line( $text ) { self::$printed[] = $text; }
		public static function log( $text ) { self::$printed[] = $text; }
		public static function success( $text ) { self::$printed[] = "Success: $text"; }
		public static function warning( $text ) { self::$printed[] = "Warning: $text"; }
		public static function error( $text ) { throw new RuntimeException( $text ); }

		public static function confirm( $question, $assoc_args ) {
			if ( empty( $assoc_args['yes'] ) && ! self::$answer ) {
				throw new RuntimeException( "not confirmed: $question" );
			}
		}
	}
}

namespace WP_CLI\Utils {
	function format_items( $format, $items, $fields ) {
		foreach ( $items as $item ) {
			\WP_CLI::$printed[] = implode( '|', array_map( static fn( $field ) => $item[ $field ], $fields ) );
		}
	}
}
