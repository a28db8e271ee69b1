<?php
/**
 * The mailer that our mails go out by.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Notify;

use PHPMailer\PHPMailer\PHPMailer;

defined( 'ABSPATH' ) || exit;

/**
 * Puts the Long_Header_Mailer in the place of WordPress's own while our mail is sent. A mailer that another
 * plugin put there stays: it knows how this site sends.
 */
final class Mail_Transport {

	/**
	 * What WordPress makes by itself.
	 */
	private const OF_WORDPRESS = array( 'WP_PHPMailer', PHPMailer::class );

	/**
	 * Sends a mail.
	 *
	 * @param callable $send Sends it by wp_mail(), or by something that does.
	 * @return mixed What it returned.
	 */
	public function within( callable $send ): mixed {
		global $phpmailer;

		$before = $phpmailer ?? null;

		if ( $before instanceof PHPMailer && ! in_array( get_class( $before ), self::OF_WORDPRESS, true ) ) {
			return $send();
		}

		require_once ABSPATH . WPINC . '/PHPMailer/PHPMailer.php';
		require_once ABSPATH . WPINC . '/PHPMailer/SMTP.php';
		require_once ABSPATH . WPINC . '/PHPMailer/Exception.php';

		// phpcs:disable WordPress.WP.GlobalVariablesOverride.Prohibited -- It is put back.
		$phpmailer             = new Long_Header_Mailer( true );
		$phpmailer::$validator = static fn( $email ): bool => (bool) is_email( $email ); // As WordPress does.

		try {
			return $send();
		} finally {
			$phpmailer = $before;
		}
		// phpcs:enable
	}
}
