<?php
/**
 * The opening tag of the live element, with what its script needs to know. What the template prints inside is
 * what members see without that script.
 *
 * @package Jetonomy_Sidecar
 * @var array $args 'view'.
 */

use Jetonomy_Sidecar\Member\Routes;
use Jetonomy_Sidecar\Urls;

defined( 'ABSPATH' ) || exit;

?>
<jetonomy-messages class="jt-msg-frame"
	data-view="<?php echo esc_attr( $args['view'] ); ?>"
	data-conversation="<?php echo esc_attr( (string) Routes::conversation_id() ); ?>"
	data-user="<?php echo esc_attr( (string) get_current_user_id() ); ?>"
	data-inbox="<?php echo esc_url( Urls::inbox() ); ?>"
	data-rest="<?php echo esc_url( rest_url() ); ?>"
	data-nonce="<?php echo esc_attr( wp_create_nonce( 'wp_rest' ) ); ?>">
