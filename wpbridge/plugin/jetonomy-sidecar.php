<?php
/**
 * Plugin Name:       Jetonomy Sidecar
 * Description:       Private messages for Jetonomy, served by the jetonomy-sidecar service that runs beside WordPress.
 * Version:           0.1.0
 * Requires at least: 6.7
 * Requires PHP:      8.1
 * License:           GPL-2.0-or-later
 * License URI:       https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:       jetonomy-sidecar
 *
 * This file alone must also parse on old versions of PHP, so that it can say what is missing.
 *
 * @package Jetonomy_Sidecar
 */

defined( 'ABSPATH' ) || exit;

if ( defined( 'JETONOMY_SIDECAR_VERSION' ) ) {
	return; // Already loaded, for example from mu-plugins.
}

define( 'JETONOMY_SIDECAR_VERSION', '0.1.0' );
define( 'JETONOMY_SIDECAR_FILE', __FILE__ );

if ( version_compare( PHP_VERSION, '8.1', '<' ) || version_compare( $GLOBALS['wp_version'], '6.7', '<' ) ) {
	add_action(
		'admin_notices',
		function () {
			if ( ! current_user_can( 'activate_plugins' ) ) {
				return;
			}

			printf(
				'<div class="notice notice-error"><p>%s</p></div>',
				esc_html(
					sprintf(
						/* translators: 1: version of PHP, 2: version of WordPress. */
						__( 'Jetonomy Sidecar is not running: it needs PHP 8.1 and WordPress 6.7 or newer, and this site has PHP %1$s and WordPress %2$s.', 'jetonomy-sidecar' ),
						PHP_VERSION,
						$GLOBALS['wp_version']
					)
				)
			);
		}
	);
	return;
}

require_once __DIR__ . '/includes/autoload.php';

register_activation_hook( __FILE__, array( 'Jetonomy_Sidecar\Plugin', 'activate' ) );
register_deactivation_hook( __FILE__, array( 'Jetonomy_Sidecar\Member\Routes', 'remove_rules' ) );

Jetonomy_Sidecar\Plugin::boot();
