<?php
/**
 * Links to the other parts of a list.
 *
 * @package Jetonomy_Sidecar
 * @var array $args 'older', 'newest': addresses or ''; 'older_label', 'newest_label'.
 */

defined( 'ABSPATH' ) || exit;

if ( '' === $args['older'] . $args['newest'] ) {
	return;
}
?>
<nav class="jt-msg-pages" aria-label="<?php esc_attr_e( 'Pages', 'jetonomy-sidecar' ); ?>">
	<?php if ( '' !== $args['newest'] ) : ?>
		<a class="jt-btn jt-btn-ghost jt-msg-button jt-msg-button-quiet" href="<?php echo esc_url( $args['newest'] ); ?>"><?php echo esc_html( $args['newest_label'] ); ?></a>
	<?php endif; ?>
	<?php if ( '' !== $args['older'] ) : ?>
		<a class="jt-btn jt-btn-ghost jt-msg-button jt-msg-button-quiet" href="<?php echo esc_url( $args['older'] ); ?>"><?php echo esc_html( $args['older_label'] ); ?></a>
	<?php endif; ?>
</nav>
