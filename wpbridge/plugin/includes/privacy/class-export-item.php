<?php
/**
 * An item of WordPress's export.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

defined( 'ABSPATH' ) || exit;

/**
 * Makes items as WordPress wants them: grouped, with labels in the site's language, values as HTML.
 */
final class Export_Item {

	/**
	 * An item of the sidecar's fields. WordPress takes a backslash away each time it keeps an item, which it
	 * does for every page that follows: as an entity it stays.
	 *
	 * @param string $group  The sidecar's name of the group.
	 * @param string $id     The item's id in it.
	 * @param array  $fields Values by the sidecar's name of the field, in their order.
	 */
	public static function of( string $group, string $id, array $fields ): array {
		$data = array();

		foreach ( $fields as $name => $value ) {
			$data[] = array(
				'name'  => Export_Labels::field( (string) $name ),
				'value' => str_replace( '\\', '&#92;', nl2br( esc_html( Export_Labels::value( (string) $name, (string) $value ) ) ) ),
			);
		}

		return self::in_group( $group, $id, $data );
	}

	/**
	 * An item.
	 *
	 * @param string $group The sidecar's name of the group.
	 * @param string $id    The item's id in it.
	 * @param array  $data  Names and values, as WordPress prints them.
	 */
	public static function in_group( string $group, string $id, array $data ): array {
		return array(
			'group_id'    => 'jetonomy-sidecar-' . sanitize_key( $group ),
			'group_label' => Export_Labels::group( $group ),
			'item_id'     => $id,
			'data'        => $data,
		);
	}
}
