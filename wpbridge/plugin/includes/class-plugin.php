<?php
/**
 * The plugin's wiring.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar;

use Jetonomy_Sidecar\Admin\Secret_Notice;
use Jetonomy_Sidecar\Admin\Site_Owner;
use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Operator_Client;
use Jetonomy_Sidecar\Bridge\Password_Change;
use Jetonomy_Sidecar\Bridge\Poke;
use Jetonomy_Sidecar\Bridge\Sidecar_Client;
use Jetonomy_Sidecar\Bridge\Token_Issuer;
use Jetonomy_Sidecar\Cli\Command;
use Jetonomy_Sidecar\Events\Call_Verifier;
use Jetonomy_Sidecar\Events\Event_Batch;
use Jetonomy_Sidecar\Events\Event_Handler;
use Jetonomy_Sidecar\Events\Events_Controller;
use Jetonomy_Sidecar\Events\Handled_Events;
use Jetonomy_Sidecar\Member\Member_Pages;
use Jetonomy_Sidecar\Notify\Bell;
use Jetonomy_Sidecar\Notify\Jetonomy_Switches;
use Jetonomy_Sidecar\Notify\Preferences;
use Jetonomy_Sidecar\Notify\Profile_Switches;
use Jetonomy_Sidecar\Notify\Unread_Mail;
use Jetonomy_Sidecar\Notify\Unsubscribe_Page;
use Jetonomy_Sidecar\Privacy\Personal_Data;
use Jetonomy_Sidecar\Reports\Activity_Feed;
use Jetonomy_Sidecar\Reports\Activity_Lines;
use Jetonomy_Sidecar\Reports\Notices;
use Jetonomy_Sidecar\Reports\Report_Events;
use Jetonomy_Sidecar\Reports\Silence;
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
		( new Password_Change() )->register();
		( new Token_Controller( $switch, $tokens ) )->register();
		( new Proxy_Routes( $switch, new Proxy_Controller( $tokens, $client ) ) )->register();
		Personal_Data::connect( new Operator_Client( $keys, $client ) );
		Command::connect( $switch, $keys, $tokens, new Operator_Client( $keys, $client ) );
		self::boot_events( $switch, $keys );
		Member_Pages::boot( $switch, $tokens, $client );

		Site_Owner::connect( $switch, $keys, new Operator_Client( $keys, $client ), $tokens );

		if ( is_admin() ) {
			add_action( 'admin_init', array( new Capabilities(), 'grant_if_missing' ) );
			( new Secret_Notice( $keys ) )->register();
		}
	}

	/**
	 * Connects what happens in the sidecar with WordPress, and the members' switches for that.
	 *
	 * @param Extension_Switch $switch The switch.
	 * @param Keys             $keys   The keys.
	 */
	private static function boot_events( Extension_Switch $switch, Keys $keys ): void {
		$preferences = new Preferences();
		$bell        = new Bell( $switch, $preferences );
		$handled     = new Handled_Events();
		$reports     = new Report_Events( $switch, new Notices(), new Silence(), new Activity_Lines() );
		$handler     = new Event_Handler( $switch, $bell, new Unread_Mail( new Settings(), $preferences ), $reports );

		( new Events_Controller( new Call_Verifier( $keys ), $handled, new Event_Batch( $handled, $handler ) ) )->register();
		$bell->register();
		( new Activity_Feed() )->register();
		( new Unsubscribe_Page( $preferences ) )->register();
		( new Jetonomy_Switches( $switch, $preferences ) )->register();
		( new Profile_Switches( $switch, $preferences ) )->register();
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
