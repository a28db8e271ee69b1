<?php
/**
 * One message.
 *
 * @package Jetonomy_Sidecar
 * @var array $args 'message', as the service gives it; 'id': anchor or ''.
 */

use Jetonomy_Sidecar\Member\Message_Format;
use Jetonomy_Sidecar\Member\Service_Texts;

defined( 'ABSPATH' ) || exit;

$message = $args['message'];
$kind    = ! empty( $message['is_system'] ) ? 'is-system' : ( ! empty( $message['is_own'] ) ? 'is-own' : '' );
?>
<li class="jt-msg-item <?php echo esc_attr( $kind ); ?>" <?php echo '' === $args['id'] ? '' : 'id="' . esc_attr( $args['id'] ) . '"'; ?>>
	<?php if ( 'is-system' === $kind ) : ?>
		<span dir="auto"><?php echo esc_html( Service_Texts::note( (string) ( $message['content_plain'] ?? '' ) ) ); ?></span>
	<?php else : ?>
		<img class="jt-msg-avatar" src="<?php echo esc_url( (string) ( $message['sender_avatar'] ?? '' ) ); ?>" alt="" width="32" height="32" loading="lazy">
		<div class="jt-msg-item-box">
			<p class="jt-msg-item-head">
				<strong dir="auto"><?php echo esc_html( 'is-own' === $kind ? __( 'You', 'jetonomy-sidecar' ) : Service_Texts::name( (string) ( $message['sender_name'] ?? '' ) ) ); ?></strong>
				<time datetime="<?php echo esc_attr( (string) ( $message['created_at'] ?? '' ) ); ?>"><?php echo esc_html( Message_Format::time( $message['created_at'] ?? '' ) ); ?></time>
			</p>
			<div class="jt-msg-item-text" dir="auto"><?php echo Message_Format::content( $message ); // phpcs:ignore WordPress.Security.EscapeOutput -- Through wp_kses() there. ?></div>
		</div>
	<?php endif; ?>
</li>
