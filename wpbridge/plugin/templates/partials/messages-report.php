<?php
/**
 * The form that brings a conversation to the moderators.
 *
 * @package Jetonomy_Sidecar
 * @var array $args 'conversation_id'; 'form': what was typed before.
 */

use Jetonomy_Sidecar\Member\Form_Handler;

defined( 'ABSPATH' ) || exit;

$form    = $args['form'];
$reasons = array(
	'spam'       => __( 'Spam', 'jetonomy-sidecar' ),
	'harassment' => __( 'Harassment', 'jetonomy-sidecar' ),
	'threat'     => __( 'Threat', 'jetonomy-sidecar' ),
	'illegal'    => __( 'Something illegal', 'jetonomy-sidecar' ),
	'other'      => __( 'Something else', 'jetonomy-sidecar' ),
);
?>
<details class="jt-msg-report" id="report" <?php echo isset( $form['error'] ) ? 'open' : ''; ?>>
	<summary><?php esc_html_e( 'Report conversation', 'jetonomy-sidecar' ); ?></summary>
	<form class="jt-msg-form" method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
		<?php if ( isset( $form['error'] ) ) : ?>
			<p class="jt-msg-notice jt-msg-notice-error" role="alert"><?php echo esc_html( $form['error'] ); ?></p>
		<?php endif; ?>
		<?php Form_Handler::print_fields( 'report', $args['conversation_id'], $form['client_key'] ?? '' ); ?>
		<p class="jt-msg-help"><?php esc_html_e( 'The moderators see the newest message that is not yours and up to ten before it, even if they are deleted. Nobody in the conversation is told.', 'jetonomy-sidecar' ); ?></p>
		<fieldset class="jt-msg-reasons">
			<legend><?php esc_html_e( 'What is wrong?', 'jetonomy-sidecar' ); ?></legend>
			<?php foreach ( $reasons as $reason => $label ) : ?>
				<label><input type="radio" name="reason" value="<?php echo esc_attr( $reason ); ?>" required <?php checked( $form['reason'] ?? '', $reason ); ?>> <?php echo esc_html( $label ); ?></label>
			<?php endforeach; ?>
		</fieldset>
		<label for="jt-msg-note"><?php esc_html_e( 'Anything to add? For “Something else”, say in a few words what is wrong.', 'jetonomy-sidecar' ); ?></label>
		<textarea id="jt-msg-note" name="note" rows="3" maxlength="1000" dir="auto"><?php echo "\n" . esc_textarea( $form['note'] ?? '' ); ?></textarea>
		<p class="jt-msg-form-end"><button class="jt-btn jt-btn-ghost jt-msg-button jt-msg-button-quiet"><?php esc_html_e( 'Send report', 'jetonomy-sidecar' ); ?></button></p>
	</form>
</details>
