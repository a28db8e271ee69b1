<?php
/**
 * One conversation of a mail.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Notify;

defined( 'ABSPATH' ) || exit;

/**
 * A conversation with unread messages, as the event mail.due tells of it. All texts are plain and of one
 * line.
 */
final class Unread_Conversation {

	/**
	 * Use from_json().
	 *
	 * @param int    $id      Its id.
	 * @param string $title   Its title, '' for none.
	 * @param string $sender  Name of who wrote last.
	 * @param int    $unread  Unread messages, 1 at least.
	 * @param string $preview The beginning of the last one's text.
	 */
	private function __construct(
		public readonly int $id,
		public readonly string $title,
		public readonly string $sender,
		public readonly int $unread,
		public readonly string $preview
	) {}

	/**
	 * Reads a conversation, or gives null where it is none.
	 *
	 * @param mixed $json Decoded JSON.
	 */
	public static function from_json( mixed $json ): ?self {
		if ( ! is_array( $json ) || ! is_int( $json['conversation_id'] ?? null ) || $json['conversation_id'] < 1 ) {
			return null;
		}

		$sender = self::line( $json['sender_name'] ?? '' );

		return new self(
			$json['conversation_id'],
			self::line( $json['title'] ?? '' ),
			'' !== $sender ? $sender : Names::of( is_int( $json['sender_id'] ?? null ) ? $json['sender_id'] : 0 ),
			max( 1, is_int( $json['unread_count'] ?? null ) ? $json['unread_count'] : 1 ),
			self::line( $json['preview'] ?? '' )
		);
	}

	/**
	 * Whether the title says what is unread, and not the sender: of several messages in a group who wrote last
	 * need not have written the others.
	 */
	public function is_under_title(): bool {
		return $this->unread > 1 && $this->has_title();
	}

	/**
	 * What the conversation is called in a list: by its title or its sender, or both where that is exact.
	 */
	public function label(): string {
		if ( $this->is_under_title() ) {
			return $this->title;
		}

		if ( ! $this->has_title() ) {
			return $this->sender;
		}

		/* translators: 1: a member's name, 2: title of a conversation. */
		return sprintf( __( '%1$s in “%2$s”', 'jetonomy-sidecar' ), $this->sender, $this->title );
	}

	/**
	 * The beginning of the last message, with who wrote it where the label does not say so; '' for none.
	 */
	public function quotation(): string {
		if ( '' === $this->preview || ! $this->is_under_title() ) {
			return $this->preview;
		}

		/* translators: 1: a member's name, 2: the beginning of that member's message. */
		return sprintf( __( '%1$s: %2$s', 'jetonomy-sidecar' ), $this->sender, $this->preview );
	}

	/**
	 * Whether the conversation has a title other than the sender's name, as conversations of two have.
	 */
	private function has_title(): bool {
		return '' !== $this->title && $this->title !== $this->sender;
	}

	/**
	 * A text with its white space and control characters as single spaces. Not sanitize_text_field(): a
	 * message may well be about <b> and 100 %20.
	 *
	 * @param mixed $value Anything.
	 */
	private static function line( mixed $value ): string {
		return is_string( $value ) ? trim( (string) preg_replace( '/[\s\p{Cc}]+/u', ' ', $value ) ) : '';
	}
}
