<?php
/**
 * One event.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Events;

defined( 'ABSPATH' ) || exit;

/**
 * Something that happened in the sidecar, as wpbridge/doc.go describes it. What an event does not have is
 * 0, '' or an empty list here.
 */
final class Event {

	/**
	 * Use from_json().
	 *
	 * @param int    $id              Its id, never 0.
	 * @param string $type            Its type.
	 * @param int    $conversation_id The conversation; 0 for an event that concerns none.
	 * @param array  $values          All of it, by name.
	 */
	private function __construct(
		public readonly int $id,
		public readonly string $type,
		public readonly int $conversation_id,
		private readonly array $values
	) {}

	/**
	 * Reads an event, or gives null where it is none.
	 *
	 * @param mixed $json Decoded JSON.
	 */
	public static function from_json( mixed $json ): ?self {
		$id   = is_array( $json ) ? ( $json['id'] ?? null ) : null;
		$type = is_array( $json ) ? ( $json['type'] ?? null ) : null;

		if ( ! is_int( $id ) || $id < 1 || ! is_string( $type ) ) {
			return null;
		}

		return new self( $id, $type, self::to_id( $json['conversation_id'] ?? 0 ), $json );
	}

	/**
	 * Who did it; of mail.due, to whom it is due.
	 */
	public function user_id(): int {
		return $this->id_of( 'user_id' );
	}

	/**
	 * An id.
	 *
	 * @param string $name Its name.
	 */
	public function id_of( string $name ): int {
		return self::to_id( $this->values[ $name ] ?? 0 );
	}

	/**
	 * A list of ids, none of them 0 or twice.
	 *
	 * @param string $name Its name.
	 * @return int[]
	 */
	public function ids_of( string $name ): array {
		return array_values( array_unique( array_filter( array_map( self::to_id( ... ), $this->list_of( $name ) ) ) ) );
	}

	/**
	 * A list of anything.
	 *
	 * @param string $name Its name.
	 */
	public function list_of( string $name ): array {
		$value = $this->values[ $name ] ?? array();

		return is_array( $value ) ? array_values( $value ) : array();
	}

	/**
	 * Anything by name.
	 *
	 * @param string $name Its name.
	 */
	public function map_of( string $name ): array {
		$value = $this->values[ $name ] ?? array();

		return is_array( $value ) ? $value : array();
	}

	/**
	 * A text.
	 *
	 * @param string $name Its name.
	 */
	public function text_of( string $name ): string {
		$value = $this->values[ $name ] ?? '';

		return is_string( $value ) ? $value : '';
	}

	/**
	 * Whether something is so. True where the event does not say.
	 *
	 * @param string $name Its name.
	 */
	public function is( string $name ): bool {
		return (bool) ( $this->values[ $name ] ?? true );
	}

	/**
	 * An id from JSON.
	 *
	 * @param mixed $value Anything.
	 */
	private static function to_id( mixed $value ): int {
		return is_int( $value ) && $value > 0 ? $value : 0;
	}
}
