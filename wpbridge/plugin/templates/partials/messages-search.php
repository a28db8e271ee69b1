<?php
/**
 * The form that looks for conversations.
 *
 * @package Jetonomy_Sidecar
 * @var array $args 'search': what is looked for, or ''; 'url': address of the whole list.
 */

defined( 'ABSPATH' ) || exit;

// A form that reads replaces the query of its address.
$hidden = array();
wp_parse_str( (string) wp_parse_url( $args['url'], PHP_URL_QUERY ), $hidden );
?>
<form class="jt-msg-search" role="search" method="get" action="<?php echo esc_url( strtok( $args['url'], '?' ) ); ?>">
	<?php foreach ( $hidden as $name => $value ) : ?>
		<input type="hidden" name="<?php echo esc_attr( $name ); ?>" value="<?php echo esc_attr( $value ); ?>">
	<?php endforeach; ?>
	<label class="jt-msg-hidden" for="jt-msg-search"><?php esc_html_e( 'Search conversations', 'jetonomy-sidecar' ); ?></label>
	<input id="jt-msg-search" name="search" type="search" value="<?php echo esc_attr( $args['search'] ); ?>" maxlength="64" dir="auto" placeholder="<?php esc_attr_e( 'Search conversations', 'jetonomy-sidecar' ); ?>">
	<button class="jt-btn jt-btn-ghost jt-msg-button jt-msg-button-quiet"><?php esc_html_e( 'Search', 'jetonomy-sidecar' ); ?></button>
</form>
