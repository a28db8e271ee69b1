<?php
/**
 * The templates.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Member;

defined( 'ABSPATH' ) || exit;

/**
 * Finds and prints templates: the theme's, in its folder jetonomy/, else the plugin's.
 */
final class Templates {

	/**
	 * The file of a template.
	 *
	 * @param string $name Path below the folder of templates, for example views/messages.php.
	 */
	public static function locate( string $name ): string {
		$folders = array( get_stylesheet_directory() . '/jetonomy/', get_template_directory() . '/jetonomy/' );

		foreach ( $folders as $folder ) {
			if ( is_file( $folder . $name ) ) {
				return $folder . $name;
			}
		}

		return dirname( JETONOMY_SIDECAR_FILE ) . '/templates/' . $name;
	}

	/**
	 * Prints a partial.
	 *
	 * @param string $name Its name: partials/messages-{name}.php.
	 * @param array  $args What it shows, as $args there.
	 */
	public static function partial( string $name, array $args = array() ): void {
		load_template( self::locate( "partials/messages-{$name}.php" ), false, $args );
	}
}
