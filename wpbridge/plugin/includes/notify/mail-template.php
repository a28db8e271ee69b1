<?php
/**
 * The mail about unread messages on a site without Jetonomy. Simple on purpose: mail programs know little
 * CSS. Colours are left to them, so that it is readable in the dark too.
 *
 * @var Jetonomy_Sidecar\Notify\Mail_Content $content         What to say.
 * @var string                               $unsubscribe_url The link that ends mail.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Notify;

defined( 'ABSPATH' ) || exit;

?>
<!DOCTYPE html>
<html lang="<?php echo esc_attr( str_replace( '_', '-', determine_locale() ) ); ?>"<?php echo is_rtl() ? ' dir="rtl"' : ''; ?>>
<head>
	<meta charset="utf-8">
	<meta name="viewport" content="width=device-width, initial-scale=1">
	<meta name="color-scheme" content="light dark">
	<title><?php echo esc_html( $content->subject() ); ?></title>
</head>
<body style="margin:0;padding:24px 16px;font-family:sans-serif;font-size:16px;line-height:1.5">
<div style="max-width:560px;margin:0 auto">
	<p>
		<?php
		/* translators: %s: a member's name. */
		echo esc_html( sprintf( __( 'Hello %s,', 'jetonomy-sidecar' ), Names::of( $content->user->ID ) ) );
		?>
	</p>
	<p><?php echo esc_html( $content->summary() ); ?>.</p>
	<?php foreach ( $content->items() as $item ) : ?>
		<p style="margin:16px 0;padding-inline-start:12px;border-inline-start:3px solid #888">
			<a href="<?php echo esc_url( $item['url'] ); ?>"><strong><?php echo esc_html( $item['label'] ); ?></strong></a>
			(<?php echo esc_html( number_format_i18n( $item['unread'] ) ); ?>)
			<?php if ( '' !== $item['text'] ) : ?>
				<br><?php echo esc_html( $item['text'] ); ?>
			<?php endif; ?>
		</p>
	<?php endforeach; ?>
	<?php if ( '' !== $content->rest() ) : ?>
		<p><?php echo esc_html( $content->rest() ); ?></p>
	<?php endif; ?>
	<p style="margin:24px 0">
		<a href="<?php echo esc_url( $content->url() ); ?>" style="display:inline-block;padding:10px 20px;border:2px solid;border-radius:4px;font-weight:bold;text-decoration:none"><?php echo esc_html( $content->action() ); ?></a>
	</p>
	<p style="font-size:13px">
		<?php echo esc_html( $content->site_name() ); ?>,
		<a href="<?php echo esc_url( home_url( '/' ) ); ?>"><?php echo esc_html( home_url( '/' ) ); ?></a><br>
		<a href="<?php echo esc_url( $unsubscribe_url ); ?>"><?php esc_html_e( 'No more mail about private messages', 'jetonomy-sidecar' ); ?></a>
	</p>
</div>
</body>
</html>
