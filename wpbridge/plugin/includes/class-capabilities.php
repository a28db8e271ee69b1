<?php
/**
 * The moderators' capability.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar;

defined( 'ABSPATH' ) || exit;

/**
 * Moderators must stay reachable and may always write, so the sidecar asks who they are. Jetonomy gives
 * them the capability jetonomy_moderate; on a site that never had Jetonomy no role has it, and its
 * editors and administrators get it from here.
 */
final class Capabilities {

	public const MODERATE = 'jetonomy_moderate';

	/**
	 * The option that lists the roles which got the capability from here, so that uninstalling takes it
	 * back from them and from nobody else.
	 */
	public const OPTION = 'jetonomy_sidecar_moderator_roles';

	private const ROLES = array( 'administrator', 'editor' );

	/**
	 * Gives the capability to editors and administrators, once, unless a role has it or Jetonomy, whose it
	 * is, is active. Once, because an owner may take it away again.
	 */
	public function grant_if_missing(): void {
		if ( defined( 'JETONOMY_VERSION' ) || false !== get_option( self::OPTION ) ) {
			return;
		}

		$granted = array();

		foreach ( wp_roles()->roles as $role ) {
			if ( isset( $role['capabilities'][ self::MODERATE ] ) ) {
				return;
			}
		}

		foreach ( self::ROLES as $name ) {
			$role = get_role( $name );

			if ( $role ) {
				$role->add_cap( self::MODERATE );
				$granted[] = $name;
			}
		}

		update_option( self::OPTION, $granted, true ); // Read at every visit to wp-admin.
	}

	/**
	 * Takes back what grant_if_missing() gave, unless Jetonomy has come meanwhile: it is Jetonomy's then.
	 */
	public static function revoke(): void {
		if ( ! defined( 'JETONOMY_VERSION' ) ) {
			foreach ( (array) get_option( self::OPTION, array() ) as $name ) {
				$role = get_role( (string) $name );

				if ( $role ) {
					$role->remove_cap( self::MODERATE );
				}
			}
		}

		delete_option( self::OPTION );
	}
}
