<?php
/**
 * Whoever waits for this request's answer.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar;

defined( 'ABSPATH' ) || exit;

/**
 * For work at the end of a request.
 */
final class Browser {

	/**
	 * Lets the browser go with what was sent, where PHP can say so: it need not wait for what is done after this.
	 * Nothing can be sent any more, so call it last: from the hook 'shutdown', at PHP_INT_MAX.
	 */
	public static function let_go(): void {
		if ( function_exists( 'fastcgi_finish_request' ) ) {
			fastcgi_finish_request();
		} elseif ( function_exists( 'litespeed_finish_request' ) ) {
			litespeed_finish_request();
		}
	}
}
