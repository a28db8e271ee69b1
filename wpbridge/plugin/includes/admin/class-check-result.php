<?php
/**
 * What a check says.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

defined( 'ABSPATH' ) || exit;

/**
 * Makes
 *
 *     array( 'status' => 'good' | 'recommended' | 'critical', 'label' => a line, 'text' => list of paragraphs )
 *
 * as plain text: whoever prints it escapes it.
 */
final class Check_Result {

	/**
	 * A result.
	 *
	 * @param string $status  One of 'good', 'recommended' and 'critical'.
	 * @param string $label   A line.
	 * @param string ...$text Paragraphs; '' for none.
	 */
	public static function of( string $status, string $label, string ...$text ): array {
		return array(
			'status' => $status,
			'label'  => $label,
			'text'   => array_values( array_filter( $text, 'strlen' ) ),
		);
	}
}
