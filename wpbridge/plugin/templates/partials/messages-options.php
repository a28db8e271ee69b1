<?php
/**
 * What a member can do with a conversation: one small form each, in a menu that opens without JavaScript. What is
 * more than a matter of one's own view is asked once more, with what it means.
 *
 * @package Jetonomy_Sidecar
 * @var array $args 'conversation', as the service gives it.
 */

use Jetonomy_Sidecar\Member\Form_Handler;
use Jetonomy_Sidecar\Member\Service_Texts;

defined( 'ABSPATH' ) || exit;

$conversation    = $args['conversation'];
$conversation_id = (int) ( $conversation['id'] ?? 0 );
$name            = Service_Texts::name( (string) ( $conversation['title'] ?? '' ) );
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

$asked = array();

if ( 'group' === ( $conversation['type'] ?? '' ) ) {
	$asked['leave'] = array(
		__( 'Leave the conversation', 'jetonomy-sidecar' ),
		__( 'You will no longer see this conversation or get its messages. To come back, somebody in it has to add you.', 'jetonomy-sidecar' ),
		__( 'Leave', 'jetonomy-sidecar' ),
	);
} elseif ( empty( $conversation['is_blocked'] ) ) {
	$asked['block'] = array(
		/* translators: %s: a member's name. */
		sprintf( __( 'Block %s', 'jetonomy-sidecar' ), $name ),
		/* translators: %s: a member's name. */
		sprintf( __( 'Neither of you can write in this conversation, and %s cannot start a new one with you. They are not told. What was written stays, and you can unblock them at any time.', 'jetonomy-sidecar' ), $name ),
		__( 'Block', 'jetonomy-sidecar' ),
	);
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
				<button><?php echo esc_html( $label ); ?></button>
			</form>
		<?php endforeach; ?>
		<?php foreach ( $asked as $task_name => list( $label, $meaning, $confirm ) ) : ?>
			<details class="jt-msg-ask">
				<summary class="is-danger"><?php echo esc_html( $label ); ?></summary>
				<p><?php echo esc_html( $meaning ); ?></p>
				<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
					<?php Form_Handler::print_fields( $task_name, $conversation_id ); ?>
					<button class="is-danger"><?php echo esc_html( $confirm ); ?></button>
				</form>
			</details>
		<?php endforeach; ?>
	</div>
</details>
