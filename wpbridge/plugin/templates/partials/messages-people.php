<?php
/**
 * Who is in a group, and the marks that the viewer put on the conversation.
 *
 * @package Jetonomy_Sidecar
 * @var array $args 'conversation', as the service gives it.
 */

use Jetonomy_Sidecar\Member\Service_Texts;

defined( 'ABSPATH' ) || exit;

$conversation = $args['conversation'];
$names        = array();
$marks        = array();

if ( 'group' === ( $conversation['type'] ?? '' ) ) {
	foreach ( (array) ( $conversation['participants'] ?? array() ) as $participant ) {
		if ( empty( $participant['left_at'] ) ) {
			$names[] = Service_Texts::name( (string) ( $participant['display_name'] ?? '' ) );
		}
	}
}

if ( ! empty( $conversation['is_muted'] ) ) {
	$marks[] = __( 'Muted', 'jetonomy-sidecar' );
}

if ( ! empty( $conversation['is_archived'] ) ) {
	$marks[] = __( 'Archived', 'jetonomy-sidecar' );
}

if ( ! empty( $conversation['is_blocked'] ) ) {
	$marks[] = __( 'Blocked by you', 'jetonomy-sidecar' );
}

if ( array() === $names && array() === $marks ) {
	return;
}
?>
<p class="jt-msg-people">
	<?php if ( array() !== $names ) : ?>
		<span dir="auto"><?php echo esc_html( wp_sprintf( '%l', $names ) ); ?></span>
	<?php endif; ?>
	<?php foreach ( $marks as $mark ) : ?>
		<span class="jt-msg-mark"><?php echo esc_html( $mark ); ?></span>
	<?php endforeach; ?>
</p>
