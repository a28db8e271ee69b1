<?php
/**
 * Every string can be translated.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use PHPUnit\Framework\TestCase;

/**
 * Calls of WordPress's translation functions in the plugin's files.
 */
final class TranslationTest extends TestCase {

	/**
	 * Number of texts that come first, by function.
	 */
	private const FUNCTIONS = array(
		'__'           => 1,
		'_e'           => 1,
		'_x'           => 2,
		'_ex'          => 2,
		'_n'           => 2,
		'_nx'          => 2,
		'_n_noop'      => 2,
		'_nx_noop'     => 3,
		'esc_html__'   => 1,
		'esc_html_e'   => 1,
		'esc_html_x'   => 2,
		'esc_attr__'   => 1,
		'esc_attr_e'   => 1,
		'esc_attr_x'   => 2,
	);

	/**
	 * Texts of WordPress itself, where an answer must be WordPress's own.
	 */
	private const WORDPRESS = array( "'No route was found matching the URL and request method.'" );

	public function test_every_text_is_a_literal_of_the_plugins_domain(): void {
		$root  = dirname( __DIR__, 3 );
		$calls = 0;

		foreach ( new \RegexIterator( new \RecursiveIteratorIterator( new \RecursiveDirectoryIterator( $root, \FilesystemIterator::SKIP_DOTS ) ), '/\.php$/' ) as $file ) {
			$path = substr( (string) $file, strlen( $root ) + 1 );

			if ( str_starts_with( $path, 'tests/' ) ) {
				continue;
			}

			foreach ( self::calls( (string) file_get_contents( (string) $file ) ) as list( $name, $line, $arguments ) ) {
				++$calls;

				if ( 1 === count( $arguments ) && in_array( $arguments[0], self::WORDPRESS, true ) ) {
					continue;
				}

				$where = "$name() in $path:$line";

				$this->assertSame( "'jetonomy-sidecar'", end( $arguments ), $where );

				for ( $n = 0; $n < self::FUNCTIONS[ $name ]; $n++ ) {
					$this->assertMatchesRegularExpression( '/^(?:\'(?:[^\'\\\\]|\\\\.)+\'|"(?:[^"\\\\$]|\\\\.)+")$/s', $arguments[ $n ], $where );
				}
			}
		}

		$this->assertGreaterThan( 4, $calls );
	}

	/**
	 * Calls of the translation functions.
	 *
	 * @param string $source PHP.
	 * @return array[] Each with the function's name, its line and the sources of its arguments.
	 */
	private static function calls( string $source ): array {
		$tokens = array_values( array_filter( \PhpToken::tokenize( $source ), static fn( $token ): bool => ! $token->isIgnorable() ) );
		$calls  = array();

		foreach ( $tokens as $i => $token ) {
			if ( ! isset( self::FUNCTIONS[ $token->text ] ) || ! $token->is( T_STRING ) || '(' !== ( $tokens[ $i + 1 ]->text ?? '' ) ) {
				continue;
			}

			$arguments = array( '' );
			$depth     = 1;

			for ( $j = $i + 2; $depth > 0; $j++ ) {
				$text = $tokens[ $j ]->text;

				if ( in_array( $text, array( '(', '[', '{' ), true ) ) {
					++$depth;
				} elseif ( in_array( $text, array( ')', ']', '}' ), true ) ) {
					--$depth;
				}

				if ( ',' === $text && 1 === $depth ) {
					$arguments[] = '';
				} elseif ( $depth > 0 ) {
					$arguments[ array_key_last( $arguments ) ] .= $text;
				}
			}

			// After a trailing comma.
			if ( '' === end( $arguments ) ) {
				array_pop( $arguments );
			}

			$calls[] = array( $token->text, $token->line, $arguments );
		}

		return $calls;
	}
}
