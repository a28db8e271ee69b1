<?php
/**
 * The suggestion for the site's privacy policy.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

use Jetonomy_Sidecar\Settings;

defined( 'ABSPATH' ) || exit;

/**
 * Adds a text to Settings → Privacy → Policy Guide.
 */
final class Policy_Text {

	/**
	 * Hooks it in.
	 */
	public function register(): void {
		add_action( 'admin_init', array( $this, 'add' ) );
	}

	/**
	 * Adds the text.
	 */
	public function add(): void {
		wp_add_privacy_policy_content( __( 'Private messages', 'jetonomy-sidecar' ), wp_kses_post( $this->text() ) );
	}

	/**
	 * The text, in HTML.
	 */
	public function text(): string {
		$tutorial  = __( 'Members of this site can write private messages to each other. You, and whoever may administer the site or its database, are able to read them: say so, because members may take "private" for more than it is. Change the text where you have e-mails turned off.', 'jetonomy-sidecar' );
		$suggested = array(
			__( 'When you write a private message, we store its text, who wrote it, who takes part in the conversation, when it was sent, and up to where each participant has read. We store which conversations you muted, archived or left, and whom you blocked and since when. The person you block is not told.', 'jetonomy-sidecar' ),
			__( 'Your messages are shown to the participants of the conversation. They are not encrypted on our server: the people who run this site can read conversations and delete them, for example when abuse is reported.', 'jetonomy-sidecar' ),
			__( 'If you have unread messages, we notify you on this site and may send you an e-mail, which can contain the beginning of a message. You can turn both off in your notification settings. Messages stay on our own server and are sent to no other service.', 'jetonomy-sidecar' ),
			__( 'You can report a message or a conversation to our moderators. We then keep a copy of the reported message and the ten before it, with the names of who wrote them, your reason and your note, so that they can be reviewed even if they are deleted meanwhile. Only moderators see this copy. It is not erased on request as long as the report is open; 90 days after the decision we delete it. The person you report is not told who reported them.', 'jetonomy-sidecar' ),
			self::retention() . ' ' . __( 'You can ask for a copy of your conversations, including the messages you received in them, and you can ask us to erase your data. We then remove the text of the messages you sent; the other participants see in its place that a message was removed, and keep what they wrote themselves. The same happens when your account is deleted. What is not erased: the names of groups, reported messages as said above, and conversations that we are required by law to preserve: there the text of your messages is removed as soon as that ends. E-mails that were sent already cannot be taken back.', 'jetonomy-sidecar' ),
		);

		$html = '<p class="privacy-policy-tutorial">' . esc_html( $tutorial ) . '</p>'
			. '<p><strong class="privacy-policy-tutorial">' . esc_html__( 'Suggested text:', 'jetonomy-sidecar' ) . ' </strong>';

		return $html . implode( '</p><p>', array_map( 'esc_html', $suggested ) ) . '</p>';
	}

	/**
	 * How long messages are kept, by the setting.
	 */
	private static function retention(): string {
		$months = ( new Settings() )->all()['retention_months'];

		return 0 === $months
			? __( 'We keep messages until they are deleted.', 'jetonomy-sidecar' )
			/* translators: %s: number of months. */
			: sprintf( _n( 'We delete conversations in which nobody has written for %s month.', 'We delete conversations in which nobody has written for %s months.', $months, 'jetonomy-sidecar' ), number_format_i18n( $months ) );
	}
}
