<?php
/**
 * What a member can do with a conversation: one small form each, in a menu that opens without JavaScript.
 *
 * @package Jetonomy_Sidecar
 * @var array $args 'conversation', as the service gives it.
 */

use Jetonomy_Sidecar\Member\Form_Handler;

defined( 'ABSPATH' ) || exit;

$conversation    = $args['conversation'];
$conversation_id = (int) ( $conversation['id'] ?? 0 );
$tasks           = array(
	'unread' => __( 'Mark as unread', 'jetonomy-sidecar' ),
);

if ( empty( $conversation['is_muted'] ) ) {
	$tasks['mute'] = __( 'Mute', 'jetonomy-sidecar' );
} else {
	$tasks['unmute'] = __( 'Unmute', 'jetonomy-sidecar' );
}

if ( empty( $conversation['is_archived'] ) ) {
	$tasks['archive'] = __( 'Archive', 'jetonomy-sidecar' );
} else {
	$tasks['unarchive'] = __( 'Move to the inbox', 'jetonomy-sidecar' );
}

if ( 'group' === ( $conversation['type'] ?? '' ) ) {
	$tasks['leave'] = __( 'Leave the conversation', 'jetonomy-sidecar' );
} elseif ( empty( $conversation['is_blocked'] ) ) {
	$tasks['block'] = __( 'Block', 'jetonomy-sidecar' );
} else {
	$tasks['unblock'] = __( 'Unblock', 'jetonomy-sidecar' );
}
?>
<details class="jt-msg-options">
	<summary class="jt-btn jt-btn-ghost jt-msg-button jt-msg-button-quiet"><?php esc_html_e( 'Options', 'jetonomy-sidecar' ); ?></summary>
	<div class="jt-msg-menu">
		<?php foreach ( $tasks as $task_name => $label ) : ?>
			<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
				<?php Form_Handler::print_fields( $task_name, $conversation_id ); ?>
				<button class="<?php echo in_array( $task_name, array( 'leave', 'block' ), true ) ? 'jt-more-item--danger is-danger' : ''; ?>"><?php echo esc_html( $label ); ?></button>
			</form>
		<?php endforeach; ?>
	</div>
</details>
