<?php
/**
 * The opening tag of the live element, with what its script needs to know. What the template prints inside is
 * what members see without that script: the element takes its place as soon as it is there.
 *
 * The heading in front of it is that of the document while the element is in charge, whatever it shows at the
 * moment. It is hidden until then, also before and without the stylesheet: member.css turns that round.
 *
 * @package Jetonomy_Sidecar
 * @var array $args 'view'.
 */

use Jetonomy_Sidecar\Member\Inbox_Config;
use Jetonomy_Sidecar\Settings;

defined( 'ABSPATH' ) || exit;

?>
<h1 class="jt-msg-live-title" hidden><?php esc_html_e( 'Messages', 'jetonomy-sidecar' ); ?></h1>
<jetonomy-messages class="jt-msg-frame" data-view="<?php echo esc_attr( $args['view'] ); ?>" data-config="<?php echo esc_attr( ( new Inbox_Config( new Settings() ) )->to_json() ); ?>">
