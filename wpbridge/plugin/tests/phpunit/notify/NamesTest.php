<?php
/**
 * Members' names.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Notify\Names;

/**
 * WordPress stores display names as HTML; what is not HTML has them as they are read.
 */
final class NamesTest extends Site_Test_Case {

	/**
	 * The service is tested against these names, too.
	 */
	public static function names(): array {
		$file = dirname( __DIR__, 4 ) . '/testdata/vectors.json';

		return array_map( 'array_values', json_decode( file_get_contents( $file ), true )['display_names'] );
	}

	/**
	 * @dataProvider names
	 * @param string $typed  What is entered.
	 * @param string $stored What WordPress makes of it.
	 * @param string $plain  What is read.
	 */
	public function test_is_what_somebody_reads( string $typed, string $stored, string $plain ): void {
		$user = $this->make_user( 'subscriber', array( 'display_name' => wp_slash( $typed ) ) );

		$this->assertSame( $stored, $user->display_name );
		$this->assertSame( $plain, Names::of( $user->ID ) );
	}
}
