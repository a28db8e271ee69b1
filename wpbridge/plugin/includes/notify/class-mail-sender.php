<?php
/**
 * Sends mail.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Notify;

use Jetonomy\Adapters\Adapter_Registry;
use Jetonomy\Notifications\Notifier;
use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * Sends a mail in HTML with a plain alternative: with Jetonomy's template through the mailer that it is
 * set up with, or with a template of our own through wp_mail().
 */
final class Mail_Sender {

	/**
	 * Sends.
	 *
	 * @param WP_User      $user    The recipient.
	 * @param Mail_Content $content What to say.
	 * @return bool Whether it was accepted.
	 */
	public function send( WP_User $user, Mail_Content $content ): bool {
		$unsubscribe_url = Unsubscribe_Link::make( $user->ID );
		$plain           = $content->plain( $unsubscribe_url );
		$headers         = array(
			'List-Unsubscribe: <' . $unsubscribe_url . '>',
			'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
			'Auto-Submitted: auto-generated',
		);

		// WordPress has no argument for the alternative.
		$add_plain = static function ( $mailer ) use ( $plain ): void {
			$mailer->AltBody = $plain; // phpcs:ignore WordPress.NamingConventions.ValidVariableName.UsedPropertyNotSnakeCase
		};

		add_action( 'phpmailer_init', $add_plain );

		try {
			$adapter = self::jetonomy_adapter();

			return ( new Mail_Transport() )->within(
				fn(): bool => null === $adapter
					? wp_mail( $user->user_email, $content->subject(), self::html( $content, $unsubscribe_url ), array( 'Content-Type: text/html; charset=UTF-8', ...$headers ) )
					: $this->send_by_jetonomy( $adapter, $user, $content, $unsubscribe_url, $plain, $headers )
			);
		} finally {
			remove_action( 'phpmailer_init', $add_plain );
		}
	}

	/**
	 * Sends through Jetonomy, with all its filters.
	 *
	 * @param object       $adapter         Its mailer.
	 * @param WP_User      $user            The recipient.
	 * @param Mail_Content $content         What to say.
	 * @param string       $unsubscribe_url The link that ends mail.
	 * @param string       $plain           The plain alternative.
	 * @param string[]     $headers         Headers.
	 */
	private function send_by_jetonomy( object $adapter, WP_User $user, Mail_Content $content, string $unsubscribe_url, string $plain, array $headers ): bool {
		$type = Preferences::TYPE;

		// phpcs:disable WordPress.NamingConventions.PrefixAllGlobals.NonPrefixedHooknameFound -- Jetonomy's hooks.
		/** These filters are documented in Jetonomy's includes/notifications/class-notifier.php */
		$subject = (string) apply_filters( 'jetonomy_email_subject', $content->subject(), $type, $user );
		$body    = (string) apply_filters( 'jetonomy_email_body', $content->body(), $type, $user );
		$headers = (array) apply_filters( 'jetonomy_email_headers', $headers, $type, $user, Bell::OBJECT_TYPE, 0 );
		// phpcs:enable

		$label = static function ( $context, $of = '' ) use ( $content, $type ) {
			if ( $type === $of && is_array( $context ) ) {
				$context['type_label'] = esc_html__( 'Private message', 'jetonomy-sidecar' );
				$context['cta_text']   = $content->action();
			}

			return $context;
		};

		add_filter( 'jetonomy_email_template_context', $label, 5, 2 );

		try {
			$html = Notifier::render_email_template( $type, $body, $user, $unsubscribe_url, $content->url() );
		} finally {
			remove_filter( 'jetonomy_email_template_context', $label, 5 );
		}

		// The template prints one paragraph: its lines become lines.
		$html = str_replace( esc_html( $body ), nl2br( esc_html( $body ) ), $html );

		return (bool) $adapter->send( $user->user_email, $subject, $html, $plain, $headers );
	}

	/**
	 * The mail by our own template.
	 *
	 * @param Mail_Content $content         What to say.
	 * @param string       $unsubscribe_url The link that ends mail.
	 */
	private static function html( Mail_Content $content, string $unsubscribe_url ): string {
		ob_start();
		require __DIR__ . '/mail-template.php';

		return (string) ob_get_clean();
	}

	/**
	 * Jetonomy's mailer, or null where there is none.
	 */
	private static function jetonomy_adapter(): ?object {
		if ( ! method_exists( Adapter_Registry::class, 'get_email' ) || ! method_exists( Notifier::class, 'render_email_template' ) ) {
			return null;
		}

		$adapter = Adapter_Registry::get_email();

		return is_object( $adapter ) && method_exists( $adapter, 'send' ) ? $adapter : null;
	}
}
