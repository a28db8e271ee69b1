<?php
/**
 * The inbox, the archive, and the form for a new message.
 *
 * A theme may replace it: your-theme/jetonomy/views/messages.php. All of it works without JavaScript; where the
 * script of <jetonomy-messages> is loaded, the element takes the place of what is in it.
 *
 * @package Jetonomy_Sidecar
 */

use Jetonomy_Sidecar\Member\Form_Handler;
use Jetonomy_Sidecar\Member\Page;
use Jetonomy_Sidecar\Member\Templates;
use Jetonomy_Sidecar\Urls;

defined( 'ABSPATH' ) || exit;

$page = Page::current();

if ( null === $page ) {
	return;
}

Templates::partial( 'breadcrumb', array( 'crumbs' => $page->crumbs() ) );
?>
<div class="jt-msg">
	<?php Templates::partial( 'frame-start', array( 'view' => $page->view ) ); ?>

	<header class="jt-msg-head">
		<h1 class="jt-msg-title jt-page-title"><?php echo esc_html( $page->title() ); ?></h1>
		<?php if ( Page::COMPOSE !== $page->view ) : ?>
			<a class="jt-btn jt-btn-fill jt-msg-button jt-msg-button-primary" href="<?php echo esc_url( Urls::compose( '' ) ); ?>"><?php esc_html_e( 'New message', 'jetonomy-sidecar' ); ?></a>
		<?php endif; ?>
	</header>

	<?php Templates::partial( 'notice', array( 'error' => $page->error ) ); ?>

	<?php if ( Page::COMPOSE === $page->view ) : ?>
		<?php Templates::partial( 'compose', array( 'form' => $page->form ) ); ?>
	<?php else : ?>
		<nav class="jt-msg-tabs" aria-label="<?php esc_attr_e( 'Folders', 'jetonomy-sidecar' ); ?>">
			<a href="<?php echo esc_url( Urls::inbox() ); ?>" <?php echo $page->is_archive ? '' : 'aria-current="page"'; ?>><?php esc_html_e( 'Inbox', 'jetonomy-sidecar' ); ?></a>
			<a href="<?php echo esc_url( Urls::archive() ); ?>" <?php echo $page->is_archive ? 'aria-current="page"' : ''; ?>><?php esc_html_e( 'Archived', 'jetonomy-sidecar' ); ?></a>
			<?php if ( in_array( true, array_column( $page->conversations, 'unread' ), true ) ) : ?>
				<form class="jt-msg-tabs-end" method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
					<?php Form_Handler::print_fields( 'read_all' ); ?>
					<button class="jt-btn jt-btn-ghost jt-msg-button jt-msg-button-quiet"><?php esc_html_e( 'Mark all as read', 'jetonomy-sidecar' ); ?></button>
				</form>
			<?php endif; ?>
		</nav>

		<?php
		if ( array() !== $page->conversations || '' !== $page->search ) {
			Templates::partial(
				'search',
				array(
					'search' => $page->search,
					'url'    => $page->list_url,
				)
			);
		}
		?>

		<?php if ( array() !== $page->conversations ) : ?>
			<ul class="jt-msg-list">
				<?php
				foreach ( $page->conversations as $conversation ) {
					Templates::partial( 'row', array( 'conversation' => $conversation ) );
				}
				?>
			</ul>
		<?php elseif ( '' !== $page->search && null === $page->error ) : ?>
			<div class="jt-msg-empty">
				<p class="jt-msg-empty-title"><?php esc_html_e( 'Nothing found', 'jetonomy-sidecar' ); ?></p>
				<p><a href="<?php echo esc_url( $page->list_url ); ?>"><?php esc_html_e( 'Show all conversations', 'jetonomy-sidecar' ); ?></a></p>
			</div>
		<?php elseif ( null === $page->error ) : ?>
			<div class="jt-msg-empty">
				<p class="jt-msg-empty-title"><?php $page->is_archive ? esc_html_e( 'Nothing is archived', 'jetonomy-sidecar' ) : esc_html_e( 'No messages yet', 'jetonomy-sidecar' ); ?></p>
				<p><?php $page->is_archive ? esc_html_e( 'Archive a conversation to put it here. It comes back by itself when somebody writes.', 'jetonomy-sidecar' ) : esc_html_e( 'When you and another member write to each other, you find it here.', 'jetonomy-sidecar' ); ?></p>
			</div>
		<?php endif; ?>

		<?php
		Templates::partial(
			'pages',
			array(
				'older'        => $page->older_url,
				'newest'       => $page->newest_url,
				'older_label'  => __( 'Older conversations', 'jetonomy-sidecar' ),
				'newest_label' => __( 'Back to the newest', 'jetonomy-sidecar' ),
			)
		);
		?>
	<?php endif; ?>

	</jetonomy-messages>
</div>
