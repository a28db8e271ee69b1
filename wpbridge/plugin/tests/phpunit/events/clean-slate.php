<?php
/**
 * What tests of events begin with.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Notify\Preferences;

/**
 * Forgets, for the time of the test, what happened on the site before: which events were handled, which
 * bells rang, and what members chose.
 */
trait Clean_Slate {

	/**
	 * Begins.
	 */
	protected function setUp(): void {
		global $wpdb;

		parent::setUp();

		$wpdb->query( "DELETE FROM `{$wpdb->prefix}jt_sidecar_handled`" );
		$wpdb->delete( $wpdb->prefix . 'jt_notifications', array( 'type' => Preferences::TYPE ) );
		delete_metadata( 'user', 0, Preferences::META, '', true );
		delete_metadata( 'user', 0, Preferences::OPT_OUT_META, '', true );
	}
}
