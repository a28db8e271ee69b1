<?php
/**
 * Reading without JavaScript.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Member;

use Jetonomy_Sidecar\Extension_Switch;

defined( 'ABSPATH' ) || exit;

/**
 * Marks a conversation as read for a member whose browser runs no JavaScript: the page has an image that only
 * such a browser asks for. Where the live element works, it says what was truly seen.
 */
final class Read_Mark {

	public const ACTION = 'jetonomy_sidecar_read';

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch The switch; off means that nothing is read.
	 * @param Member_Client    $client Asks the service.
	 */
	public function __construct( private readonly Extension_Switch $switch, private readonly Member_Client $client ) {}

	/**
	 * Hooks the image in.
	 */
	public function register(): void {
		add_action( 'admin_post_' . self::ACTION, array( $this, 'answer' ) );
	}

	/**
	 * Address of the image.
	 *
	 * @param int $conversation_id The conversation.
	 * @param int $message_id      The newest message of the page.
	 */
	public static function url( int $conversation_id, int $message_id ): string {
		return add_query_arg(
			array(
				'action'       => self::ACTION,
				'conversation' => $conversation_id,
				'message'      => $message_id,
				'_wpnonce'     => wp_create_nonce( self::nonce( $conversation_id ) ),
			),
			admin_url( 'admin-post.php' )
		);
	}

	/**
	 * Marks as read, and answers with nothing to show.
	 */
	public function answer(): void {
		$id = self::number( 'conversation' );

		check_admin_referer( self::nonce( $id ) );
		nocache_headers();

		$status = 204;

		if ( ! $this->switch->is_enabled() ) {
			$status = 404;
		} elseif ( self::is_looked_at() ) {
			// What the service says of it is nothing that an image could show.
			$this->client->post( "/conversations/{$id}/read", array( 'message_id' => self::number( 'message' ) ) );
		}

		wp_die( '', '', array( 'response' => $status ) );
	}

	/**
	 * Whether a person sees the page, and not a browser that loads ahead.
	 */
	private static function is_looked_at(): bool {
		$purpose = sanitize_text_field( wp_unslash( $_SERVER['HTTP_SEC_PURPOSE'] ?? $_SERVER['HTTP_PURPOSE'] ?? '' ) );

		return ! str_contains( $purpose, 'prefetch' );
	}

	/**
	 * A number of the address, 0 for none.
	 *
	 * @param string $name Its name.
	 */
	private static function number( string $name ): int {
		$value = $_GET[ $name ] ?? ''; // phpcs:ignore WordPress.Security -- The nonce is checked before anything is done; a number.

		return is_string( $value ) && ctype_digit( $value ) ? (int) $value : 0;
	}

	/**
	 * Name of the nonce.
	 *
	 * @param int $conversation_id The conversation.
	 */
	private static function nonce( int $conversation_id ): string {
		return self::ACTION . ':' . $conversation_id;
	}
}
