<?php
/**
 * The exporter of personal data.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

use Jetonomy_Sidecar\Bridge\Operator_Client;
use Jetonomy_Sidecar\Client_Address;
use Jetonomy_Sidecar\Notify\Preferences;
use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * Takes part in Tools → Export Personal Data: what the sidecar keeps of a member, page by page, with labels
 * in the site's language, and the member's own settings that WordPress keeps.
 */
final class Exporter {

	/**
	 * Its name among WordPress's exporters.
	 */
	public const NAME = 'jetonomy-sidecar';

	/**
	 * Key of a page of a large export for the Messages_File: user_id, login, cursor, next, and the items as
	 * the sidecar gives them. The first ones in data are the same items.
	 */
	public const LARGE = 'jetonomy_sidecar_large';

	/**
	 * Items, and bytes of their texts, up to which WordPress is given all of them.
	 */
	private const MOST_ITEMS = 2000;
	private const MOST_BYTES = 1000000;

	/**
	 * Constructor.
	 *
	 * @param Operator_Client $sidecar The sidecar.
	 */
	public function __construct( private readonly Operator_Client $sidecar ) {}

	/**
	 * Hooks it in.
	 */
	public function register(): void {
		add_filter( 'wp_privacy_personal_data_exporters', array( $this, 'add' ) );
	}

	/**
	 * Adds it to WordPress's exporters.
	 *
	 * @param array $exporters WordPress's exporters.
	 */
	public function add( $exporters ): array {
		$exporters               = (array) $exporters;
		$exporters[ self::NAME ] = array(
			'exporter_friendly_name' => __( 'Private messages', 'jetonomy-sidecar' ),
			'callback'               => array( $this, 'export' ),
		);

		return $exporters;
	}

	/**
	 * One page; WordPress asks for the next until done.
	 *
	 * @param string $email The person's e-mail address.
	 * @param int    $page  From 1.
	 * @return array|WP_Error
	 */
	public function export( $email, $page = 1 ): array|WP_Error {
		$user = get_user_by( 'email', (string) $email );
		$page = max( 1, (int) $page );

		if ( ! $user ) {
			return array(
				'data' => array(),
				'done' => true,
			);
		}

		$progress = new Export_Progress( $user->ID );
		$cursor   = $progress->cursor( $page );

		if ( null === $cursor ) {
			return Export_Error::out_of_step();
		}

		$answer = $this->sidecar->export_member(
			$user->ID,
			$cursor,
			array(
				'reason'  => 'privacy_request',
				'address' => Client_Address::get(),
			)
		);

		if ( is_wp_error( $answer ) ) {
			return Export_Error::give( Service_Error::of( $answer ) );
		}

		$is_large = '' === $cursor ? self::is_large( $answer['volume'] ) : $progress->is_large();
		$progress->reached( $page, $cursor, $answer['next'], $is_large );

		$data = array_map( array( $this, 'item' ), $answer['items'] );

		if ( 1 === $page ) {
			$data = array( ...$data, ...$this->own_settings( $user->ID ) );
		}

		$response = array(
			'data' => $data,
			'done' => '' === $answer['next'],
		);

		if ( $is_large ) {
			$response[ self::LARGE ] = array(
				'user_id' => $user->ID,
				'login'   => $user->user_login,
				'cursor'  => $cursor,
				'next'    => $answer['next'],
				'items'   => $answer['items'],
			);
		}

		return $response;
	}

	/**
	 * Whether there is more than WordPress can be given. It keeps all items of an export in one post meta,
	 * which it reads and writes again for each page; where that outgrows a packet of the database (4 MB on
	 * MySQL 5.7), it loses items without a word.
	 *
	 * @param array $volume Keys items, bytes.
	 */
	private static function is_large( array $volume ): bool {
		return (int) ( $volume['items'] ?? 0 ) > self::MOST_ITEMS || (int) ( $volume['bytes'] ?? 0 ) > self::MOST_BYTES;
	}

	/**
	 * One thing that the sidecar keeps, as WordPress exports it. Values become HTML, which WordPress expects.
	 *
	 * @param array $item Keys group, id, fields.
	 */
	private function item( array $item ): array {
		$fields = array_column( array_filter( (array) ( $item['fields'] ?? array() ), 'is_array' ), 'value', 'name' );

		return Export_Item::of( (string) ( $item['group'] ?? '' ), (string) ( $item['id'] ?? '' ), $fields );
	}

	/**
	 * The switches of notifications that the member has set.
	 *
	 * @param int $user_id The member.
	 */
	private function own_settings( int $user_id ): array {
		$switches = get_user_meta( $user_id, Preferences::META, true );
		$data     = array();

		foreach ( is_array( $switches ) ? $switches : array() as $name => $is_on ) {
			$data[] = array(
				'name'  => Export_Labels::notification( (string) $name ),
				'value' => $is_on ? __( 'Yes', 'jetonomy-sidecar' ) : __( 'No', 'jetonomy-sidecar' ),
			);
		}

		return array() === $data ? array() : array( Export_Item::in_group( 'settings', 'notifications', $data ) );
	}
}
