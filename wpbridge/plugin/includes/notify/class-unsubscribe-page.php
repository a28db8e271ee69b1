<?php
/**
 * Where the link that ends mail leads.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Notify;

defined( 'ABSPATH' ) || exit;

/**
 * Switches a member's mail about private messages off by POST, as mail programs do in one click (RFC 8058).
 * A GET asks first: programs that look for harmful links open every link of a mail.
 *
 * Nobody needs to sign in for it: the signature in the link says who is meant.
 */
final class Unsubscribe_Page {

	/**
	 * Before Jetonomy, which would act on GET.
	 */
	private const EARLY = 5;

	/**
	 * Constructor.
	 *
	 * @param Preferences $preferences The members' switches.
	 */
	public function __construct( private readonly Preferences $preferences ) {}

	/**
	 * Hooks the page in.
	 */
	public function register(): void {
		add_action( 'init', array( $this, 'answer' ), self::EARLY );
	}

	/**
	 * Answers, where this request is for such a link.
	 */
	public function answer(): void {
		// phpcs:disable WordPress.Security.NonceVerification.Recommended, WordPress.Security.ValidatedSanitizedInput -- The link is signed and compared as it is.
		$query  = wp_unslash( $_GET );
		$method = strtoupper( (string) ( $_SERVER['REQUEST_METHOD'] ?? '' ) );
		// phpcs:enable

		if ( ! Unsubscribe_Link::is_one( $query ) ) {
			return;
		}

		$user_id = Unsubscribe_Link::user_id( $query );

		if ( 0 === $user_id ) {
			$this->page( __( 'This link is no longer valid', 'jetonomy-sidecar' ), '<p>' . esc_html__( 'The link is incomplete, or too old. You find the switch for these mails among your notification settings.', 'jetonomy-sidecar' ) . '</p>', 403 );
			return;
		}

		if ( 'POST' !== $method ) {
			$this->page(
				__( 'No more mail about private messages?', 'jetonomy-sidecar' ),
				sprintf(
					'<p>%1$s</p><form method="post"><p><button type="submit" class="button">%2$s</button></p></form>',
					esc_html__( 'You will still find new messages in your inbox.', 'jetonomy-sidecar' ),
					esc_html__( 'Unsubscribe', 'jetonomy-sidecar' )
				),
				200
			);
			return;
		}

		$this->preferences->choose( $user_id, array( Preferences::EMAIL => false ) );
		$this->page(
			__( 'You are unsubscribed', 'jetonomy-sidecar' ),
			'<p>' . esc_html__( 'You get no more mail about private messages. You can switch it on again among your notification settings.', 'jetonomy-sidecar' ) . '</p>',
			200
		);
	}

	/**
	 * Prints a page and ends the request.
	 *
	 * @param string $title  Its title.
	 * @param string $html   Its body below the title, escaped.
	 * @param int    $status HTTP status.
	 */
	private function page( string $title, string $html, int $status ): void {
		wp_die(
			'<h1>' . esc_html( $title ) . '</h1>' . $html, // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Escaped above.
			esc_html( $title ),
			array( 'response' => (int) $status ) // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- A number.
		);
	}
}
