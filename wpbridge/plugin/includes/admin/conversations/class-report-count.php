<?php
/**
 * The number of open reports.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin\Conversations;

defined( 'ABSPATH' ) || exit;

/**
 * The number in the menu, as it was when the service was last asked. It is asked again after a page was sent,
 * never while somebody waits for one. Everybody has a number of their own: nobody is told what was reported
 * of themselves.
 */
final class Report_Count {

	/**
	 * The transient is this and the user's id.
	 */
	public const TRANSIENT = 'jetonomy_sidecar_reports_';

	/**
	 * Seconds after which the number is asked for again, and is not shown any more.
	 */
	private const RENEWED_AFTER   = 120;
	private const FORGOTTEN_AFTER = DAY_IN_SECONDS;

	/**
	 * Whether the number is to be renewed at the end of this request.
	 *
	 * @var bool
	 */
	private bool $is_due = false;

	/**
	 * Constructor.
	 *
	 * @param Conversations_Client $client The way to the service.
	 */
	public function __construct( private readonly Conversations_Client $client ) {}

	/**
	 * The number as it is remembered; 0 where nobody has asked.
	 */
	public function remembered(): int {
		$known = get_transient( self::TRANSIENT . get_current_user_id() );
		$known = is_array( $known ) ? $known : array();

		if ( (int) ( $known['at'] ?? 0 ) <= time() - self::RENEWED_AFTER && ! $this->is_due ) {
			$this->is_due = true;
			add_action( 'shutdown', array( $this, 'renew' ), PHP_INT_MAX );
		}

		return (int) ( $known['count'] ?? 0 );
	}

	/**
	 * Remembers what the service said.
	 *
	 * @param int $count The number.
	 */
	public function remember( int $count ): void {
		$this->is_due = false;
		remove_action( 'shutdown', array( $this, 'renew' ), PHP_INT_MAX );
		set_transient(
			self::TRANSIENT . get_current_user_id(),
			array(
				'count' => $count,
				'at'    => time(),
			),
			self::FORGOTTEN_AFTER
		);
	}

	/**
	 * Asks the service at the end of a request. The page was sent by then: where PHP can say so, the browser
	 * is let go before.
	 */
	public function renew(): void {
		if ( function_exists( 'fastcgi_finish_request' ) ) {
			fastcgi_finish_request();
		} elseif ( function_exists( 'litespeed_finish_request' ) ) {
			litespeed_finish_request();
		}

		$known = get_transient( self::TRANSIENT . get_current_user_id() );

		// No answer is remembered too, with the number as it was, or every page would ask again.
		$this->remember( $this->client->open_reports() ?? (int) ( is_array( $known ) ? $known['count'] ?? 0 : 0 ) );
	}
}
