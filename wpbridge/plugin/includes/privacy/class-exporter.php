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
		$exporters                     = (array) $exporters;
		$exporters['jetonomy-sidecar'] = array(
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
			return Export_Error::give(
				new WP_Error(
					'jetonomy_sidecar_out_of_step',
					__( 'This page of the export does not follow the one before it, and private messages would be missing. Start the export again.', 'jetonomy-sidecar' )
				)
			);
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

		$progress->reached( $page, $cursor, $answer['next'] );

		$data = array_map( array( $this, 'item' ), $answer['items'] );

		if ( 1 === $page ) {
			$data = array( ...$data, ...$this->own_settings( $user->ID ) );
		}

		return array(
			'data' => $data,
			'done' => '' === $answer['next'],
		);
	}

	/**
	 * One thing that the sidecar keeps, as WordPress exports it. Values become HTML, which WordPress expects.
	 *
	 * @param array $item Keys group, id, fields.
	 */
	private function item( array $item ): array {
		$group = (string) ( $item['group'] ?? '' );
		$data  = array();

		foreach ( array_filter( (array) ( $item['fields'] ?? array() ), 'is_array' ) as $field ) {
			$name  = (string) ( $field['name'] ?? '' );
			$value = (string) ( $field['value'] ?? '' );

			$data[] = array(
				'name'  => Export_Labels::field( $name ),
				'value' => nl2br( esc_html( Export_Labels::value( $name, $value ) ) ),
			);
		}

		return $this->in_group( $group, (string) ( $item['id'] ?? '' ), $data );
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

		return array() === $data ? array() : array( $this->in_group( 'settings', 'notifications', $data ) );
	}

	/**
	 * An item of the export.
	 *
	 * @param string $group The sidecar's name of the group.
	 * @param string $id    The item's id in it.
	 * @param array  $data  Names and values.
	 */
	private function in_group( string $group, string $id, array $data ): array {
		return array(
			'group_id'    => 'jetonomy-sidecar-' . sanitize_key( $group ),
			'group_label' => Export_Labels::group( $group ),
			'item_id'     => $id,
			'data'        => $data,
		);
	}
}
