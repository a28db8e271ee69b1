<?php
/**
 * A member's export as a file.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

defined( 'ABSPATH' ) || exit;

// phpcs:disable WordPress.WP.AlternativeFunctions -- Written bit by bit, which WP_Filesystem cannot.

/**
 * Writes JSON item by item, so that a long history needs no memory:
 *
 *     {"user_id": 4, "login": "member1", "items": [{"group": …, "id": …, "fields": {"Message": …}}, …]}
 *
 * It can be written in one go, or with pauses, over several requests.
 */
final class Export_File {

	/**
	 * Whether everything could be written.
	 *
	 * @var bool
	 */
	private bool $is_whole = true;

	/**
	 * Use open().
	 *
	 * @param resource $stream Where to write.
	 * @param int      $count  Items that are there already.
	 */
	private function __construct( private readonly mixed $stream, private int $count = 0 ) {}

	/**
	 * Makes a file that only its owner can read, or opens a stream. Null where that is not possible, as
	 * where the file exists.
	 *
	 * @param string $path Path or php://stdout.
	 */
	public static function open( string $path ): ?self {
		$is_stream = str_starts_with( $path, 'php://' );

		if ( ! $is_stream && ( file_exists( $path ) || ! is_writable( dirname( $path ) ) ) ) {
			return null;
		}

		$mask   = umask( 0077 );
		$stream = fopen( $path, $is_stream ? 'w' : 'x' );
		umask( $mask );

		return false === $stream ? null : new self( $stream );
	}

	/**
	 * Opens a file that was begun, for this request alone: it waits while another one has it. Null where that
	 * is not possible.
	 *
	 * @param string $path Path of the file.
	 */
	public static function lock( string $path ): ?self {
		$stream = is_file( $path ) ? fopen( $path, 'r+' ) : false;

		return false !== $stream && flock( $stream, LOCK_EX ) ? new self( $stream ) : null;
	}

	/**
	 * Goes on behind a pause, and takes away what was written later. False where that is not possible.
	 *
	 * @param int $bytes What bytes() said at the pause.
	 * @param int $count What count() said.
	 */
	public function go_on( int $bytes, int $count ): bool {
		$this->count = $count;

		return fstat( $this->stream )['size'] >= $bytes && ftruncate( $this->stream, $bytes ) && 0 === fseek( $this->stream, $bytes );
	}

	/**
	 * Begins.
	 *
	 * @param int    $user_id The member.
	 * @param string $login   Their login, '' where they are gone.
	 */
	public function begin( int $user_id, string $login ): void {
		$this->write( '{"user_id":' . $user_id . ',"login":' . self::json( $login ) . ',"items":[' );
	}

	/**
	 * Adds an item.
	 *
	 * @param array $item As the sidecar gives it: group, id, fields.
	 */
	public function add( array $item ): void {
		$fields = array();

		foreach ( array_filter( (array) ( $item['fields'] ?? array() ), 'is_array' ) as $field ) {
			$fields[ (string) ( $field['name'] ?? '' ) ] = (string) ( $field['value'] ?? '' );
		}

		$this->write(
			( 0 === $this->count ? "\n" : ",\n" ) . self::json(
				array(
					'group'  => (string) ( $item['group'] ?? '' ),
					'id'     => (string) ( $item['id'] ?? '' ),
					'fields' => (object) $fields,
				)
			)
		);

		++$this->count;
	}

	/**
	 * Writes the end.
	 */
	public function end(): void {
		$this->write( "\n]}\n" );
	}

	/**
	 * Its size so far; null where not everything could be written.
	 */
	public function bytes(): ?int {
		return fflush( $this->stream ) && $this->is_whole ? (int) ftell( $this->stream ) : null;
	}

	/**
	 * Closes it, and lets others have it. False where not everything could be written.
	 */
	public function close(): bool {
		return fclose( $this->stream ) && $this->is_whole;
	}

	/**
	 * Ends and closes. False where not everything could be written.
	 */
	public function finish(): bool {
		$this->end();

		return $this->close();
	}

	/**
	 * Deletes a file that did not become whole.
	 *
	 * @param string $path Its path, '' where it is none.
	 */
	public function abandon( string $path ): void {
		if ( is_resource( $this->stream ) ) {
			fclose( $this->stream );
		}

		if ( '' !== $path ) {
			unlink( $path );
		}
	}

	/**
	 * Items written.
	 */
	public function count(): int {
		return $this->count;
	}

	/**
	 * Writes.
	 *
	 * @param string $text What to write.
	 */
	private function write( string $text ): void {
		$this->is_whole = strlen( $text ) === fwrite( $this->stream, $text ) && $this->is_whole;
	}

	/**
	 * JSON that people can read.
	 *
	 * @param mixed $value What to write.
	 */
	private static function json( mixed $value ): string {
		return (string) wp_json_encode( $value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES );
	}
}
