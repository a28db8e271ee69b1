<?php
/**
 * The form for a reply.
 *
 * @package Jetonomy_Sidecar
 * @var array $args 'conversation_id'; 'form': what was typed before.
 */

use Jetonomy_Sidecar\Member\Form_Handler;

defined( 'ABSPATH' ) || exit;

$form = $args['form'];
?>
<form class="jt-msg-form" id="reply" method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
	<?php if ( isset( $form['error'] ) ) : ?>
		<p class="jt-msg-notice jt-msg-notice-error" role="alert" id="jt-msg-error"><?php echo esc_html( $form['error'] ); ?></p>
	<?php endif; ?>
	<?php Form_Handler::print_fields( 'send', $args['conversation_id'], $form['client_key'] ?? '' ); ?>
	<label for="jt-msg-text"><?php esc_html_e( 'Your reply', 'jetonomy-sidecar' ); ?></label>
	<textarea id="jt-msg-text" name="message" rows="4" dir="auto" required <?php echo isset( $form['error'] ) ? 'aria-describedby="jt-msg-error"' : ''; ?>><?php echo "\n" . esc_textarea( $form['message'] ?? '' ); ?></textarea>
	<p class="jt-msg-form-end"><button class="jt-btn jt-btn-fill jt-msg-button jt-msg-button-primary"><?php esc_html_e( 'Send', 'jetonomy-sidecar' ); ?></button></p>
</form>
