<?php
/**
 * How far an export is.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

defined( 'ABSPATH' ) || exit;

/**
 * WordPress asks for the pages of an export by number, the sidecar gives the next one by a cursor. This
 * remembers the cursors of the newest page, for each export of a member that is under way: who exports, and
 * which of WordPress's requests. In a user meta, because caches may forget, and a forgotten cursor is an export
 * that cannot go on. Whether the export is a large one is decided on the first page and remembered, too.
 */
final class Export_Progress {

	/**
	 * The member's user meta: for each export, the oldest first, page, cursor (where that page begins), next
	 * (where the one behind it does) and is_large.
	 */
	private const META = '_jetonomy_sidecar_export';

	/**
	 * Exports that are remembered. Those that were never finished are the oldest.
	 */
	private const KEPT = 5;

	/**
	 * All exports of the member.
	 *
	 * @var array<string, array{page: int, cursor: string, next: string, is_large: bool}>
	 */
	private array $exports;

	/**
	 * This export.
	 *
	 * @var string
	 */
	private string $name;

	/**
	 * Constructor.
	 *
	 * @param int $user_id The member.
	 */
	public function __construct( private readonly int $user_id ) {
		$exports = get_user_meta( $user_id, self::META, true );
		$request = absint( $_POST['id'] ?? 0 ); // phpcs:ignore WordPress.Security.NonceVerification.Missing -- WordPress has checked it, and here it only tells exports apart.

		$this->exports = is_array( $exports ) ? $exports : array();
		$this->name    = get_current_user_id() . ':' . $request;
	}

	/**
	 * Where a page begins: the first, the newest again, or the next. Null for any other, of which nothing is
	 * known.
	 *
	 * @param int $page From 1.
	 */
	public function cursor( int $page ): ?string {
		$newest = $this->exports[ $this->name ] ?? array(
			'page' => 0,
			'next' => null,
		);

		return match ( $page ) {
			1                   => '',
			$newest['page']     => $newest['cursor'],
			$newest['page'] + 1 => $newest['next'],
			default             => null,
		};
	}

	/**
	 * Whether the export is a large one, as its first page said.
	 */
	public function is_large(): bool {
		return ! empty( $this->exports[ $this->name ]['is_large'] );
	}

	/**
	 * Remembers a page that was given. After the last one, forgets the export.
	 *
	 * @param int    $page     From 1.
	 * @param string $cursor   Where it begins.
	 * @param string $next     Where the one behind it does; '' where there is none.
	 * @param bool   $is_large Whether the export is a large one.
	 */
	public function reached( int $page, string $cursor, string $next, bool $is_large ): void {
		unset( $this->exports[ $this->name ] );

		if ( '' !== $next ) {
			$this->exports[ $this->name ] = compact( 'page', 'cursor', 'next', 'is_large' );
		}

		$this->exports = array_slice( $this->exports, -self::KEPT );

		if ( array() === $this->exports ) {
			delete_user_meta( $this->user_id, self::META );
		} else {
			update_user_meta( $this->user_id, self::META, $this->exports );
		}
	}
}
