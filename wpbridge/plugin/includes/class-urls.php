<?php
/**
 * The members' URLs.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar;

defined( 'ABSPATH' ) || exit;

/**
 * Where the inbox and its conversations are: below Jetonomy's base slug, also where there is no Jetonomy,
 * and as a query on a site without pretty permalinks. Needs nothing that is loaded later than plugins.
 */
final class Urls {

	/**
	 * Jetonomy's option with the base slug.
	 */
	private const JETONOMY_OPTION = 'jetonomy_settings';

	/**
	 * The inbox.
	 */
	public static function inbox(): string {
		return self::build( array( 'jetonomy_route' => 'messages' ), 'messages' );
	}

	/**
	 * The archive.
	 */
	public static function archive(): string {
		return add_query_arg( 'filter', 'archived', self::inbox() );
	}

	/**
	 * One conversation.
	 *
	 * @param int|string $id Its id, or %s for an address to put one in.
	 */
	public static function conversation( int|string $id ): string {
		return self::build(
			array(
				'jetonomy_route' => 'conversation',
				'jetonomy_slug'  => $id,
			),
			'messages/' . $id
		);
	}

	/**
	 * The form for a new message.
	 *
	 * @param string|int $to The recipient's login or id; '' leaves the recipients open.
	 */
	public static function compose( string|int $to ): string {
		return add_query_arg( 'to', rawurlencode( (string) $to ), self::inbox() );
	}

	/**
	 * The first segment of the members' paths.
	 */
	public static function base_slug(): string {
		$settings = get_option( self::JETONOMY_OPTION, array() );
		$slug     = is_array( $settings ) ? sanitize_title( (string) ( $settings['base_slug'] ?? '' ) ) : '';

		return '' === $slug ? 'community' : $slug;
	}

	/**
	 * A URL in the form of the site's permalinks.
	 *
	 * @param array  $query Query variables, where there are no pretty permalinks.
	 * @param string $path  Path below the base slug, where there are.
	 */
	private static function build( array $query, string $path ): string {
		$structure = (string) get_option( 'permalink_structure' );

		if ( '' === $structure ) {
			return add_query_arg( $query, home_url( '/' ) );
		}

		// Permalinks that PHP resolves by its path info need no rewriting by the web server.
		$front = preg_match( '#^/*index\.php#', $structure ) ? 'index.php/' : '';

		return home_url( $front . self::base_slug() . '/' . $path . '/' );
	}
}
