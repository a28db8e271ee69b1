<?php
/**
 * Words of the export.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

use Jetonomy_Sidecar\Notify\Preferences;

defined( 'ABSPATH' ) || exit;

/**
 * The sidecar names groups, fields and some values in English; here they are in the site's language. A name
 * that is not known here is shown as it is.
 */
final class Export_Labels {

	/**
	 * A group.
	 *
	 * @param string $name The sidecar's name.
	 */
	public static function group( string $name ): string {
		return match ( $name ) {
			'conversations' => __( 'Private messages', 'jetonomy-sidecar' ),
			'settings'      => __( 'Settings of private messages', 'jetonomy-sidecar' ),
			'blocks'        => __( 'Blocked members', 'jetonomy-sidecar' ),
			'reports'       => __( 'Reports to the moderators', 'jetonomy-sidecar' ),
			default         => $name,
		};
	}

	/**
	 * A field.
	 *
	 * @param string $name The sidecar's name.
	 */
	public static function field( string $name ): string {
		return match ( $name ) {
			'Conversation'   => __( 'Conversation', 'jetonomy-sidecar' ),
			'Date'           => __( 'Date', 'jetonomy-sidecar' ),
			'From'           => __( 'From', 'jetonomy-sidecar' ),
			'Message'        => __( 'Message', 'jetonomy-sidecar' ),
			'Messages'       => __( 'Messages', 'jetonomy-sidecar' ),
			'Conversations'  => __( 'Conversations', 'jetonomy-sidecar' ),
			'First message'  => __( 'First message', 'jetonomy-sidecar' ),
			'Last message'   => __( 'Last message', 'jetonomy-sidecar' ),
			'File'           => __( 'File', 'jetonomy-sidecar' ),
			'Joined'         => __( 'Joined', 'jetonomy-sidecar' ),
			'Left'           => __( 'Left', 'jetonomy-sidecar' ),
			'Muted'          => __( 'Muted', 'jetonomy-sidecar' ),
			'Archived'       => __( 'Archived', 'jetonomy-sidecar' ),
			'Blocked member' => __( 'Blocked member', 'jetonomy-sidecar' ),
			'Since'          => __( 'Since', 'jetonomy-sidecar' ),
			'Reason'         => __( 'Reason', 'jetonomy-sidecar' ),
			'Note'           => __( 'Note', 'jetonomy-sidecar' ),
			'Reviewed'       => __( 'Reviewed', 'jetonomy-sidecar' ),
			default          => $name,
		};
	}

	/**
	 * A value: the fields that hold yes or no, and the reasons of reports, have words of their own.
	 *
	 * @param string $name  The sidecar's name of the field.
	 * @param string $value Its value.
	 */
	public static function value( string $name, string $value ): string {
		return match ( in_array( $name, array( 'Muted', 'Archived', 'Reviewed', 'Reason' ), true ) ? $value : '' ) {
			'Yes'        => __( 'Yes', 'jetonomy-sidecar' ),
			'No'         => __( 'No', 'jetonomy-sidecar' ),
			'spam'       => __( 'Spam', 'jetonomy-sidecar' ),
			'harassment' => __( 'Harassment', 'jetonomy-sidecar' ),
			'threat'     => __( 'Threat', 'jetonomy-sidecar' ),
			'illegal'    => __( 'Illegal content', 'jetonomy-sidecar' ),
			'other'      => __( 'Other', 'jetonomy-sidecar' ),
			default      => $value,
		};
	}

	/**
	 * A switch of notifications.
	 *
	 * @param string $name Its name in the user meta.
	 */
	public static function notification( string $name ): string {
		return match ( $name ) {
			Preferences::WEB   => __( 'Notifications of private messages on this site', 'jetonomy-sidecar' ),
			Preferences::EMAIL => __( 'E-mails about private messages', 'jetonomy-sidecar' ),
			Preferences::TEXT  => __( 'Text of private messages in e-mails', 'jetonomy-sidecar' ),
			default            => $name,
		};
	}
}
