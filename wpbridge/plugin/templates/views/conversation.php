<?php
/**
 * A conversation.
 *
 * A theme may replace it: your-theme/jetonomy/views/conversation.php. All of it works without JavaScript; where
 * the script of <jetonomy-messages> is loaded, the element takes the place of what is in it.
 *
 * @package Jetonomy_Sidecar
 */

use Jetonomy_Sidecar\Member\Message_Format;
use Jetonomy_Sidecar\Member\Page;
use Jetonomy_Sidecar\Member\Templates;

defined( 'ABSPATH' ) || exit;

$page = Page::current();

if ( null === $page ) {
	return;
}

$conversation_id = (int) ( $page->conversation['id'] ?? 0 );
$day             = '';
$last            = count( $page->messages ) - 1;

Templates::partial( 'breadcrumb', array( 'crumbs' => $page->crumbs() ) );
?>
<div class="jt-msg">
	<?php Templates::partial( 'frame-start', array( 'view' => $page->view ) ); ?>

	<header class="jt-msg-head">
		<h1 class="jt-msg-title jt-page-title" dir="auto"><?php echo esc_html( $page->title() ); ?></h1>
		<?php
		if ( 0 !== $conversation_id ) {
			Templates::partial( 'options', array( 'conversation' => $page->conversation ) );
		}
		?>
	</header>

	<?php Templates::partial( 'notice', array( 'error' => $page->error ) ); ?>

	<?php if ( 0 !== $conversation_id ) : ?>
		<?php
		Templates::partial( 'people', array( 'conversation' => $page->conversation ) );
		Templates::partial(
			'pages',
			array(
				'older'       => $page->older_url,
				'newest'      => '',
				'older_label' => __( 'Older messages', 'jetonomy-sidecar' ),
			)
		);
		?>
		<ol class="jt-msg-thread">
			<?php foreach ( $page->messages as $index => $message ) : ?>
				<?php if ( Message_Format::day( $message['created_at'] ?? '' ) !== $day ) : ?>
					<?php $day = Message_Format::day( $message['created_at'] ?? '' ); ?>
					<li class="jt-msg-day"><span><?php echo esc_html( $day ); ?></span></li>
				<?php endif; ?>
				<?php
				Templates::partial(
					'message',
					array(
						'message' => $message,
						'id'      => $index === $last && '' === $page->newest_url ? 'latest' : '',
					)
				);
				?>
			<?php endforeach; ?>
		</ol>
		<?php if ( '' !== $page->read_url ) : ?>
			<noscript><img src="<?php echo esc_url( $page->read_url ); ?>" alt="" width="1" height="1"></noscript>
		<?php endif; ?>
		<?php
		Templates::partial(
			'pages',
			array(
				'older'        => '',
				'newest'       => $page->newest_url,
				'newest_label' => __( 'Back to the newest', 'jetonomy-sidecar' ),
			)
		);
		?>
	<?php endif; ?>

	<?php
	if ( 0 !== $conversation_id || isset( $page->form['message'] ) ) {
		Templates::partial(
			'reply',
			array(
				'conversation_id' => \Jetonomy_Sidecar\Member\Routes::conversation_id(),
				'form'            => $page->form,
			)
		);
	}
	?>

	<?php
	if ( 0 !== $conversation_id ) {
		Templates::partial(
			'report',
			array(
				'conversation_id' => $conversation_id,
				'form'            => $page->report,
			)
		);
	}
	?>

	</jetonomy-messages>
</div>
