<?php
/**
 * WordPress's mailer, for headers with long links.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Notify;

use PHPMailer\PHPMailer\PHPMailer;

defined( 'ABSPATH' ) || exit;

/**
 * PHPMailer encodes every header of more than 47 bytes that goes out by PHP's mail(), and a List-Unsubscribe
 * that is encoded is none: RFC 8058 wants the link as it is. Here a header may be as long as by any other way.
 */
final class Long_Header_Mailer extends PHPMailer {

	/**
	 * Bytes of a line of a header at most.
	 */
	const MAIL_MAX_LINE_LENGTH = self::MAX_LINE_LENGTH;
}
