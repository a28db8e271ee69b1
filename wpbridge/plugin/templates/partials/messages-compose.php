<?php
/**
 * The form for a new message.
 *
 * @package Jetonomy_Sidecar
 * @var array $args 'form': what was typed before, or linked to.
 */

use Jetonomy_Sidecar\Member\Form_Handler;
use Jetonomy_Sidecar\Urls;

defined( 'ABSPATH' ) || exit;

$form = $args['form'];
?>
<form class="jt-msg-form" method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
	<?php if ( isset( $form['error'] ) ) : ?>
		<p class="jt-msg-notice jt-msg-notice-error" role="alert" id="jt-msg-error"><?php echo esc_html( $form['error'] ); ?></p>
	<?php endif; ?>
	<?php Form_Handler::print_fields( 'start', 0, $form['client_key'] ?? '' ); ?>
	<label for="jt-msg-to"><?php esc_html_e( 'To', 'jetonomy-sidecar' ); ?></label>
	<input id="jt-msg-to" name="to" type="text" value="<?php echo esc_attr( $form['to'] ?? '' ); ?>" required autocapitalize="none" autocomplete="off" spellcheck="false" aria-describedby="jt-msg-to-help">
	<p class="jt-msg-help" id="jt-msg-to-help"><?php esc_html_e( 'User names, with commas between them. Several make a group.', 'jetonomy-sidecar' ); ?></p>
	<label for="jt-msg-group-title"><?php esc_html_e( 'Title of the group (optional)', 'jetonomy-sidecar' ); ?></label>
	<input id="jt-msg-group-title" name="title" type="text" value="<?php echo esc_attr( $form['title'] ?? '' ); ?>" dir="auto">
	<label for="jt-msg-text"><?php esc_html_e( 'Message', 'jetonomy-sidecar' ); ?></label>
	<textarea id="jt-msg-text" name="message" rows="6" dir="auto" required <?php echo isset( $form['error'] ) ? 'aria-describedby="jt-msg-error"' : ''; ?>><?php echo "\n" . esc_textarea( $form['message'] ?? '' ); ?></textarea>
	<p class="jt-msg-form-end">
		<a class="jt-btn jt-btn-ghost jt-msg-button jt-msg-button-quiet" href="<?php echo esc_url( Urls::inbox() ); ?>"><?php esc_html_e( 'Cancel', 'jetonomy-sidecar' ); ?></a>
		<button class="jt-btn jt-btn-fill jt-msg-button jt-msg-button-primary"><?php esc_html_e( 'Send', 'jetonomy-sidecar' ); ?></button>
	</p>
</form>
