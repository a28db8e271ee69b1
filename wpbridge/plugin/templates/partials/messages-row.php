<?php
/**
 * One conversation of the inbox.
 *
 * @package Jetonomy_Sidecar
 * @var array $args 'conversation', as the service gives it.
 */

use Jetonomy_Sidecar\Member\Message_Format;
use Jetonomy_Sidecar\Member\Service_Texts;
use Jetonomy_Sidecar\Urls;

defined( 'ABSPATH' ) || exit;

$conversation = $args['conversation'];
$is_unread    = ! empty( $conversation['unread'] );
$title        = Service_Texts::name( (string) ( $conversation['title'] ?? '' ) );
$names        = array();
$avatar       = '';

foreach ( (array) ( $conversation['participants'] ?? array() ) as $participant ) {
	$names[] = (string) ( $participant['display_name'] ?? '' );

	if ( 'direct' === ( $conversation['type'] ?? '' ) && get_current_user_id() !== (int) ( $participant['user_id'] ?? 0 ) ) {
		$avatar = (string) ( $participant['avatar'] ?? '' );
	}
}
?>
<li class="jt-msg-row <?php echo $is_unread ? 'is-unread' : ''; ?>">
	<a href="<?php echo esc_url( Urls::conversation( (int) ( $conversation['id'] ?? 0 ) ) ); ?>#latest">
		<?php if ( '' !== $avatar ) : ?>
			<img class="jt-msg-avatar" src="<?php echo esc_url( $avatar ); ?>" alt="" width="40" height="40" loading="lazy">
		<?php else : ?>
			<span class="jt-msg-avatar jt-msg-avatar-letter" aria-hidden="true"><?php echo esc_html( mb_strtoupper( mb_substr( $title, 0, 1 ) ) ); ?></span>
		<?php endif; ?>
		<span class="jt-msg-row-text">
			<span class="jt-msg-row-title" dir="auto"><?php echo esc_html( $title ); ?></span>
			<span class="jt-msg-row-preview" dir="auto"><?php echo esc_html( Service_Texts::note( (string) ( $conversation['last_message_preview'] ?? '' ), $names ) ); ?></span>
		</span>
		<span class="jt-msg-row-side">
			<time datetime="<?php echo esc_attr( (string) ( $conversation['last_message_at'] ?? '' ) ); ?>"><?php echo esc_html( Message_Format::moment( $conversation['last_message_at'] ?? '' ) ); ?></time>
			<span class="jt-msg-row-marks">
				<?php if ( ! empty( $conversation['is_muted'] ) ) : ?>
					<span class="jt-msg-mark"><?php esc_html_e( 'Muted', 'jetonomy-sidecar' ); ?></span>
				<?php endif; ?>
				<?php if ( $is_unread ) : ?>
					<span class="jt-msg-dot"><span class="screen-reader-text jt-msg-hidden"><?php esc_html_e( 'Unread', 'jetonomy-sidecar' ); ?></span></span>
				<?php endif; ?>
			</span>
		</span>
	</a>
</li>
