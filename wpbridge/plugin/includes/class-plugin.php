<?php
/**
 * The plugin's wiring.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar;

use Jetonomy_Sidecar\Admin\Secret_Notice;
use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Poke;
use Jetonomy_Sidecar\Bridge\Sidecar_Client;
use Jetonomy_Sidecar\Bridge\Token_Issuer;
use Jetonomy_Sidecar\Rest\Proxy_Controller;
use Jetonomy_Sidecar\Rest\Proxy_Routes;
use Jetonomy_Sidecar\Rest\Token_Controller;

defined( 'ABSPATH' ) || exit;

/**
 * Makes the plugin's objects and connects them to WordPress. Holds no rules.
 */
final class Plugin {

	/**
	 * Connects everything. Called once, when the plugin is loaded.
	 */
	public static function boot(): void {
		$switch = new Extension_Switch();
		$keys   = new Keys();
		$tokens = new Token_Issuer( $keys );
		$client = new Sidecar_Client( new Settings() );

		( new Poke( $keys, $client ) )->register();
		( new Token_Controller( $switch, $tokens ) )->register();
		( new Proxy_Routes( $switch, new Proxy_Controller( $tokens, $client ) ) )->register();

		if ( is_admin() ) {
			add_action( 'admin_init', array( new Capabilities(), 'grant_if_missing' ) );
			( new Secret_Notice( $keys ) )->register();
		}
	}

	/**
	 * Activation: the signing key is made now, so that the sidecar finds it at its first start, and
	 * somebody is a moderator. Where activation never runs (must-use plugins, other sites of a network) the
	 * first need makes the key, and the first visit to wp-admin the moderators.
	 */
	public static function activate(): void {
		( new Keys() )->create_if_missing();
		( new Capabilities() )->grant_if_missing();
	}
}
