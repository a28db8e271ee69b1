<?php
/**
 * The wiring of what concerns personal data.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

use Jetonomy_Sidecar\Bridge\Operator_Client;

defined( 'ABSPATH' ) || exit;

/**
 * Connects export, erasure, deleted users and the policy's text to WordPress.
 */
final class Personal_Data {

	/**
	 * Connects them.
	 *
	 * @param Operator_Client $sidecar The sidecar.
	 */
	public static function connect( Operator_Client $sidecar ): void {
		$bell_rows = new Bell_Rows();
		$erasure   = new Member_Erasure( $sidecar, $bell_rows );

		( new Exporter( $sidecar ) )->register();
		( new Messages_File() )->register();
		( new Eraser( $erasure ) )->register();
		( new User_Deletion( $erasure, new Erasure_Queue(), $bell_rows ) )->register();
		( new Orphan_Columns() )->register();
		( new Policy_Text() )->register();
	}
}
