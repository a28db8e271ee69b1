<?php
/**
 * The file of a large export while it is written.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

defined( 'ABSPATH' ) || exit;

/**
 * A file in WordPress's folder of exports, under a name that cannot be guessed, and how far it is: the newest
 * page in it, and where it was before and after that page. It belongs to one of WordPress's requests, and what
 * is known of it is a meta of that. Where an export is aborted, WordPress deletes the file with its own old ones.
 */
final class Messages_Draft {

	/**
	 * Meta of the request: file (its name), cursor and next (of the newest page), before and after (bytes,
	 * items, sums), is_whole.
	 */
	private const META = '_jetonomy_sidecar_export';

	/**
	 * Constructor.
	 *
	 * @param int   $request_id The request.
	 * @param array $state      What is known of the file.
	 */
	private function __construct( private readonly int $request_id, private array $state ) {}

	/**
	 * Begins a file. Null where none can be made.
	 *
	 * @param int    $request_id WordPress's request.
	 * @param int    $user_id    The member.
	 * @param string $login      Their login.
	 */
	public static function begin( int $request_id, int $user_id, string $login ): ?self {
		$name  = 'jetonomy-sidecar-' . wp_generate_password( 32, false, false ) . '.json';
		$file  = self::make_folder() ? Export_File::open( self::folder() . $name ) : null;
		$bytes = null;

		if ( null !== $file ) {
			$file->begin( $user_id, $login );
			$bytes = $file->bytes();
		}

		if ( null === $bytes ) {
			$file?->abandon( self::folder() . $name );
			return null;
		}

		$file->close();

		$start = array(
			'bytes' => $bytes,
			'items' => 0,
			'sums'  => Conversation_Sums::BEGINNING,
		);
		$draft = new self(
			$request_id,
			array(
				'file'     => $name,
				'cursor'   => null,
				'next'     => '',
				'before'   => $start,
				'after'    => $start,
				'is_whole' => false,
			)
		);

		$draft->save();

		return $draft;
	}

	/**
	 * The file of a request, or null.
	 *
	 * @param int $request_id WordPress's request.
	 */
	public static function of( int $request_id ): ?self {
		wp_cache_delete( $request_id, 'post_meta' ); // Another request may have been faster.

		$state = get_post_meta( $request_id, self::META, true );

		return is_array( $state ) ? new self( $request_id, $state ) : null;
	}

	/**
	 * Deletes the file of a request, and what is known of it.
	 *
	 * @param int $request_id WordPress's request.
	 */
	public static function discard( int $request_id ): void {
		$draft = self::of( $request_id );

		if ( null !== $draft ) {
			wp_delete_file( $draft->path() );
			delete_post_meta( $request_id, self::META );
		}
	}

	/**
	 * Forgets files that WordPress has deleted.
	 */
	public static function forget_deleted(): void {
		global $wpdb;

		$ids = $wpdb->get_col( $wpdb->prepare( "SELECT post_id FROM $wpdb->postmeta WHERE meta_key = %s", self::META ) ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery -- WordPress has no function for it.

		foreach ( $ids as $id ) {
			$draft = self::of( (int) $id );

			if ( null !== $draft && ! is_file( $draft->path() ) ) {
				delete_post_meta( (int) $id, self::META );
			}
		}
	}

	/**
	 * Adds a page. False where it does not follow the newest one, nor is that one again, or where it cannot be
	 * written: then the file is as if it had not been tried.
	 *
	 * @param array    $page  Keys cursor, next.
	 * @param callable $write Gets the Export_File and the sums as they are before the page; gives those after it.
	 */
	public function add( array $page, callable $write ): bool {
		$file = Export_File::lock( $this->path() );

		if ( null === $file ) {
			return false;
		}

		try {
			$now  = self::of( $this->request_id );
			$from = $now?->place( $page['cursor'] );

			if ( null === $from || $now->path() !== $this->path() || ! $file->go_on( $from['bytes'], $from['items'] ) ) {
				return false;
			}

			$sums  = $write( $file, $from['sums'] );
			$bytes = $file->bytes();

			if ( null === $bytes ) {
				return false;
			}

			$this->state = array(
				'cursor'   => $page['cursor'],
				'next'     => $page['next'],
				'before'   => $from,
				'after'    => array(
					'bytes' => $bytes,
					'items' => $file->count(),
					'sums'  => $sums,
				),
				'is_whole' => '' === $page['next'],
			) + $now->state;

			$this->save();

			return true;
		} finally {
			$file->close();
		}
	}

	/**
	 * Whether all pages are in the file, and it is as it was written.
	 */
	public function is_whole(): bool {
		clearstatcache( true, $this->path() );

		return $this->state['is_whole'] && is_file( $this->path() ) && filesize( $this->path() ) === $this->state['after']['bytes'];
	}

	/**
	 * Path of the file.
	 */
	public function path(): string {
		return self::folder() . basename( (string) $this->state['file'] );
	}

	/**
	 * Where a page begins in the file; null where that is not known.
	 *
	 * @param string $cursor The page's cursor.
	 */
	private function place( string $cursor ): ?array {
		return match ( true ) {
			$cursor === $this->state['cursor']                             => $this->state['before'],
			$cursor === $this->state['next'] && ! $this->state['is_whole'] => $this->state['after'],
			default                                                        => null,
		};
	}

	/**
	 * Remembers what is known.
	 */
	private function save(): void {
		update_post_meta( $this->request_id, self::META, wp_slash( $this->state ) );
	}

	/**
	 * Makes WordPress's folder of exports, if it is not there, as WordPress does.
	 */
	private static function make_folder(): bool {
		$index = self::folder() . 'index.php';

		return wp_mkdir_p( self::folder() )
			&& ( is_file( $index ) || false !== file_put_contents( $index, "<?php\n// Silence is golden.\n" ) ); // phpcs:ignore WordPress.WP.AlternativeFunctions.file_system_operations_file_put_contents -- As WordPress does.
	}

	/**
	 * WordPress's folder of exports.
	 */
	private static function folder(): string {
		return trailingslashit( wp_privacy_exports_dir() );
	}
}
