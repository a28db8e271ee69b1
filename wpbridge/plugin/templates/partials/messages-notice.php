<?php
/**
 * What went wrong, or what a form did.
 *
 * @package Jetonomy_Sidecar
 * @var array $args 'error': WP_Error or null.
 */

use Jetonomy_Sidecar\Member\Notices;

defined( 'ABSPATH' ) || exit;

$notice = Notices::current();

if ( $args['error'] ) :
	?>
	<p class="jt-msg-notice jt-msg-notice-error" role="alert"><?php echo esc_html( $args['error']->get_error_message() ); ?></p>
	<?php
endif;

if ( $notice ) :
	?>
	<p class="jt-msg-notice <?php echo $notice[1] ? 'jt-msg-notice-error' : ''; ?>" role="<?php echo $notice[1] ? 'alert' : 'status'; ?>"><?php echo esc_html( $notice[0] ); ?></p>
	<?php
endif;
