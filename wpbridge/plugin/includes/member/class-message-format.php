<?php
/**
 * Shows what the service gives.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Member;

use DateTimeImmutable;
use Exception;

defined( 'ABSPATH' ) || exit;

/**
 * A message's HTML and the times of conversations, in the site's time zone and formats.
 */
final class Message_Format {

	/**
	 * The elements that the service makes, with their attributes.
	 */
	private const ELEMENTS = array(
		'p'          => array( 'dir' => true ),
		'br'         => array(),
		'strong'     => array(),
		'em'         => array(),
		'u'          => array(),
		's'          => array(),
		'del'        => array(),
		'code'       => array(),
		'pre'        => array(),
		'blockquote' => array(),
		'ul'         => array( 'dir' => true ),
		'ol'         => array(
			'dir'   => true,
			'start' => true,
		),
		'li'         => array(),
		'a'          => array(
			'href'   => true,
			'rel'    => true,
			'target' => true,
		),
	);

	/**
	 * A message's HTML, safe to print.
	 *
	 * @param array $message The message, as the service gives it.
	 */
	public static function content( array $message ): string {
		return wp_kses( Service_Texts::content( (string) ( $message['content'] ?? '' ) ), self::ELEMENTS, array( 'http', 'https', 'mailto' ) );
	}

	/**
	 * The time of day.
	 *
	 * @param mixed $time ISO 8601.
	 */
	public static function time( mixed $time ): string {
		return self::format( $time, (string) get_option( 'time_format' ) );
	}

	/**
	 * The day: today, yesterday, or its date.
	 *
	 * @param mixed $time ISO 8601.
	 */
	public static function day( mixed $time ): string {
		return match ( self::format( $time, 'Y-m-d' ) ) {
			''                                        => '',
			wp_date( 'Y-m-d' )                        => __( 'Today', 'jetonomy-sidecar' ),
			wp_date( 'Y-m-d', time() - DAY_IN_SECONDS ) => __( 'Yesterday', 'jetonomy-sidecar' ),
			default                                   => self::format( $time, (string) get_option( 'date_format' ) ),
		};
	}

	/**
	 * As short as a list needs it: the time today, else the day.
	 *
	 * @param mixed $time ISO 8601.
	 */
	public static function moment( mixed $time ): string {
		return self::format( $time, 'Y-m-d' ) === wp_date( 'Y-m-d' ) ? self::time( $time ) : self::day( $time );
	}

	/**
	 * A time in a format of WordPress's.
	 *
	 * @param mixed  $time   ISO 8601.
	 * @param string $format Format.
	 */
	private static function format( mixed $time, string $format ): string {
		if ( ! is_string( $time ) || '' === $time ) {
			return '';
		}

		try {
			return (string) wp_date( $format, ( new DateTimeImmutable( $time ) )->getTimestamp() );
		} catch ( Exception ) {
			return '';
		}
	}
}
