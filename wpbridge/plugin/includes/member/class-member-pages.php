<?php
/**
 * The wiring of what members meet.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Member;

use Jetonomy_Sidecar\Blocks\Blocks;
use Jetonomy_Sidecar\Bridge\Sidecar_Client;
use Jetonomy_Sidecar\Bridge\Token_Issuer;
use Jetonomy_Sidecar\Extension_Switch;

defined( 'ABSPATH' ) || exit;

/**
 * Makes the objects of the members' pages, links and blocks, and connects them to WordPress.
 */
final class Member_Pages {

	/**
	 * Connects everything.
	 *
	 * @param Extension_Switch $switch The switch.
	 * @param Token_Issuer     $tokens Mints members' tokens.
	 * @param Sidecar_Client   $client The way to the service.
	 */
	public static function boot( Extension_Switch $switch, Token_Issuer $tokens, Sidecar_Client $client ): void {
		$member     = new Member_Client( $tokens, $client );
		$navigation = new Navigation( $switch );

		( new Routes( $switch ) )->register();
		( new Page_Controller( $switch, $member ) )->register();
		( new Form_Handler( $switch, $member ) )->register();
		( new Read_Mark( $switch, $member ) )->register();
		( new Assets( $switch ) )->register();
		$navigation->register();
		( new Blocks( $navigation ) )->register();

		require_once __DIR__ . '/template-tags.php';
	}
}
