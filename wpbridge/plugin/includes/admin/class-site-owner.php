<?php
/**
 * The wiring of all that is for the site's owner.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Admin\Conversations\Conversations_Client;
use Jetonomy_Sidecar\Admin\Conversations\Conversations_Page;
use Jetonomy_Sidecar\Admin\Conversations\Report_Count;
use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Operator_Client;
use Jetonomy_Sidecar\Bridge\Sidecar_Client;
use Jetonomy_Sidecar\Bridge\Token_Issuer;
use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Privacy\Erasure_Queue;
use Jetonomy_Sidecar\Settings;

defined( 'ABSPATH' ) || exit;

/**
 * Makes the objects of this folder and connects them to WordPress. Holds no rules.
 */
final class Site_Owner {

	/**
	 * Connects everything.
	 *
	 * @param Extension_Switch $switch   The switch.
	 * @param Keys             $keys     The keys.
	 * @param Operator_Client  $operator The way to the sidecar.
	 * @param Token_Issuer     $tokens   Mints tokens.
	 */
	public static function connect( Extension_Switch $switch, Keys $keys, Operator_Client $operator, Token_Issuer $tokens ): void {
		$settings = new Settings();

		// Site Health also runs from cron and over REST, and nothing of it is needed anywhere else.
		$health = static function () use ( $switch, $settings, $keys, $operator, $tokens ): Site_Health {
			return new Site_Health( $switch, new Service_Watch( $operator, $switch ), new Health_Checks( $settings, $keys ), new Fast_Path_Probe( $tokens, $settings ), new Erasure_Queue() );
		};

		add_filter( 'site_status_tests', static fn( $tests ): array => $health()->add_tests( (array) $tests ) );
		add_action( 'rest_api_init', static fn() => $health()->add_route() );

		if ( ! is_admin() ) {
			return;
		}

		$watch  = new Service_Watch( $operator, $switch );
		$checks = new Health_Checks( $settings, $keys );

		( new Extensions_Page( new Extension_Card( $switch, $settings, $watch, $checks ) ) )->register();
		( new Extension_Action( $switch ) )->register();
		( new Settings_Page( $settings ) )->register();
		( new Member_Page( $switch, $operator ) )->register();
		self::connect_conversations( $switch, new Conversations_Client( $keys, $tokens, new Sidecar_Client( $settings ) ) );
		( new Member_Links( $switch ) )->register();
		( new Block_Clearing( $operator ) )->register();
		( new Retry_Events( $operator, $watch ) )->register();
		( new Outage_Notice( $switch, $watch, $checks ) )->register();
		( new Pro_Notice( $switch ) )->register();
	}

	/**
	 * Connects the page Conversations.
	 *
	 * @param Extension_Switch     $switch The switch.
	 * @param Conversations_Client $client The way to the service, as whoever is signed in.
	 */
	private static function connect_conversations( Extension_Switch $switch, Conversations_Client $client ): void {
		( new Conversations_Page( $switch, $client, new Report_Count( $client ) ) )->register();
	}
}
