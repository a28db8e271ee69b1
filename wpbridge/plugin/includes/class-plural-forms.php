<?php
/**
 * Plural forms of a translated text, for those who count outside of PHP.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar;

defined( 'ABSPATH' ) || exit;

/**
 * The rules of a language are known to WordPress alone: scripts and the service get the forms, and which of them
 * each number takes.
 */
final class Plural_Forms {

	/**
	 * Numbers are looked at up to this one. Larger ones have the form of their last hundred.
	 */
	private const COUNTED = 200;

	/**
	 * The forms that a text has in this language, and which of them each number takes.
	 *
	 * @param array $text From _n_noop().
	 * @return array{forms: string[], index: string}
	 */
	public static function of( array $text ): array {
		$forms = array();
		$index = '';

		for ( $number = 0; $number < self::COUNTED; $number++ ) {
			$form   = translate_nooped_plural( $text, $number, 'jetonomy-sidecar' );
			$forms += array( $form => count( $forms ) );
			$index .= $forms[ $form ];
		}

		return array(
			'forms' => array_map( 'strval', array_keys( $forms ) ),
			'index' => $index,
		);
	}
}
