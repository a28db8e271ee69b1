<?php
/**
 * The way to a page of messages: Jetonomy's own breadcrumb where it is active.
 *
 * @package Jetonomy_Sidecar
 * @var array $args 'crumbs': each with 'label' and 'url'.
 */

defined( 'ABSPATH' ) || exit;

if ( is_callable( array( 'Jetonomy\Template_Loader', 'partial' ) ) ) {
	\Jetonomy\Template_Loader::partial( 'breadcrumb', array( 'crumbs' => $args['crumbs'] ) );
	return;
}
?>
<nav class="jt-msg-crumbs" aria-label="<?php esc_attr_e( 'Breadcrumb', 'jetonomy-sidecar' ); ?>">
	<ol>
		<li><a href="<?php echo esc_url( home_url( '/' ) ); ?>"><?php esc_html_e( 'Home', 'jetonomy-sidecar' ); ?></a></li>
		<?php foreach ( $args['crumbs'] as $crumb ) : ?>
			<?php if ( '' !== $crumb['url'] ) : ?>
				<li><a href="<?php echo esc_url( $crumb['url'] ); ?>"><?php echo esc_html( $crumb['label'] ); ?></a></li>
			<?php else : ?>
				<li aria-current="page"><?php echo esc_html( $crumb['label'] ); ?></li>
			<?php endif; ?>
		<?php endforeach; ?>
	</ol>
</nav>
