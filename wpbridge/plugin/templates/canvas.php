<?php
/**
 * The page around a view of messages on a site without Jetonomy: the theme's header and footer, whether it is a
 * block theme or a classic one.
 *
 * A theme may replace it: your-theme/jetonomy/canvas.php.
 *
 * @package Jetonomy_Sidecar
 */

use Jetonomy_Sidecar\Member\Page;
use Jetonomy_Sidecar\Member\Routes;
use Jetonomy_Sidecar\Member\Templates;

defined( 'ABSPATH' ) || exit;

$view = Templates::locate( Routes::CONVERSATION === Routes::current() ? 'views/conversation.php' : 'views/messages.php' );

if ( ! wp_is_block_theme() ) {
	get_header();
	echo '<div class="jt-msg-canvas">';
	require $view;
	echo '</div>';
	get_footer();
	return;
}

// The blocks come first, as rendering them adds styles to the head. What members wrote is no part of them: it
// must not go through shortcodes, embeds or typography.
$marker = '<!--jetonomy-sidecar-view-->';
$parts  = explode(
	$marker,
	do_blocks(
		'<!-- wp:template-part {"slug":"header","tagName":"header"} /-->'
		. '<!-- wp:group {"tagName":"main","layout":{"type":"constrained"}} --><main class="wp-block-group" id="wp--skip-link--target">'
		. '<!-- wp:group {"align":"wide"} --><div class="wp-block-group alignwide">' . $marker . '</div><!-- /wp:group -->'
		. '</main><!-- /wp:group -->'
		. '<!-- wp:template-part {"slug":"footer","tagName":"footer"} /-->'
	),
	2
);
?>
<!DOCTYPE html>
<html <?php language_attributes(); ?>>
<head>
<meta charset="<?php bloginfo( 'charset' ); ?>">
<meta name="viewport" content="width=device-width, initial-scale=1">
<?php if ( ! current_theme_supports( 'title-tag' ) ) : ?>
<title><?php echo esc_html( wp_get_document_title() ); ?></title>
<?php endif; ?>
<?php wp_head(); ?>
</head>
<body <?php body_class(); ?>>
<?php wp_body_open(); ?>
<a class="skip-link screen-reader-text" href="#wp--skip-link--target"><?php esc_html_e( 'Skip to content', 'jetonomy-sidecar' ); ?></a>
<div class="wp-site-blocks">
<?php
echo $parts[0]; // phpcs:ignore WordPress.Security.EscapeOutput -- Rendered blocks.
require $view;
echo $parts[1] ?? ''; // phpcs:ignore WordPress.Security.EscapeOutput -- Rendered blocks.
?>
</div>
<?php wp_footer(); ?>
</body>
</html>
