<?php
/**
 * The fields of the settings page.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Settings;

defined( 'ABSPATH' ) || exit;

/**
 * What each setting is called and what it does.
 */
final class Settings_Fields {

	/**
	 * All fields.
	 *
	 * @return array Fields by the keys of Settings::DEFAULTS: label, help, section, and either min and max
	 *               (a number; unit behind it), options (a choice, labels by value) or check (a box, its label).
	 */
	public static function all(): array {
		$fields = self::who() + self::how_much() + self::mail() + self::keeping();

		foreach ( array_intersect_key( Settings::RANGES, $fields ) as $key => list( $least, $greatest ) ) {
			if ( ! isset( $fields[ $key ]['check'] ) ) {
				$fields[ $key ]['min'] = $least;
				$fields[ $key ]['max'] = $greatest;
			}
		}

		return $fields;
	}

	/**
	 * The sections' headings, in order.
	 */
	public static function sections(): array {
		return array(
			'who'      => __( 'Who may write', 'jetonomy-sidecar' ),
			'how_much' => __( 'How much', 'jetonomy-sidecar' ),
			'mail'     => __( 'E-mail', 'jetonomy-sidecar' ),
			'keeping'  => __( 'Keeping and deleting', 'jetonomy-sidecar' ),
		);
	}

	/**
	 * What was typed, as the setting's value, or null where it cannot be that.
	 *
	 * @param array $field As of all().
	 * @param mixed $typed From the form; null for a box that was not ticked.
	 */
	public static function parse( array $field, mixed $typed ): int|string|null {
		$typed = is_scalar( $typed ) ? trim( (string) $typed ) : '';

		if ( isset( $field['check'] ) ) {
			return '1' === $typed ? 1 : 0;
		}

		if ( isset( $field['options'] ) ) {
			return isset( $field['options'][ $typed ] ) ? $typed : null;
		}

		return preg_match( '/^\d{1,9}$/', $typed ) && (int) $typed >= $field['min'] && (int) $typed <= $field['max'] ? (int) $typed : null;
	}

	/**
	 * Why something was refused.
	 *
	 * @param array $field As of all().
	 */
	public static function refusal( array $field ): string {
		return isset( $field['options'] )
			? __( 'Choose one of these.', 'jetonomy-sidecar' )
			/* translators: 1: least number, 2: greatest number. */
			: sprintf( __( 'This must be a whole number from %1$s to %2$s. The value before is kept.', 'jetonomy-sidecar' ), number_format_i18n( $field['min'] ), number_format_i18n( $field['max'] ) );
	}

	/**
	 * The section 'who'.
	 */
	private static function who(): array {
		return array(
			'min_trust_level'   => array(
				'section' => 'who',
				'label'   => __( 'Minimum trust level', 'jetonomy-sidecar' ),
				'help'    => Screens::has_jetonomy()
					? __( 'From this trust level on, members may start conversations and send messages; moderators always may.', 'jetonomy-sidecar' )
					: __( 'Trust levels are Jetonomy’s. Without it every member has level 1, so a higher minimum leaves messages to moderators.', 'jetonomy-sidecar' ),
				'unit'    => '',
			),
			'reply_below_trust' => array(
				'section' => 'who',
				'label'   => __( 'Replies below that level', 'jetonomy-sidecar' ),
				'help'    => __( 'New members can then answer a welcome message, but cannot write to anybody on their own.', 'jetonomy-sidecar' ),
				'check'   => __( 'Members below the level may reply where somebody else wrote to them', 'jetonomy-sidecar' ),
			),
			'recipient_scope'   => array(
				'section' => 'who',
				'label'   => __( 'Recipients', 'jetonomy-sidecar' ),
				'help'    => Screens::has_jetonomy()
					? __( 'Whom members may choose when they start a conversation.', 'jetonomy-sidecar' )
					: __( 'Whom members may choose when they start a conversation. Spaces are Jetonomy’s: without it there are none to share.', 'jetonomy-sidecar' ),
				'options' => array(
					'anyone'       => __( 'Every member', 'jetonomy-sidecar' ),
					'shared_space' => __( 'Members of a space that the sender is in, too', 'jetonomy-sidecar' ),
				),
			),
		);
	}

	/**
	 * The section 'how_much'.
	 */
	private static function how_much(): array {
		return array(
			'group_limit'           => array(
				'section' => 'how_much',
				'label'   => __( 'Group size', 'jetonomy-sidecar' ),
				'help'    => __( 'The most people that a group conversation may have, its creator included; larger groups that exist stay as they are.', 'jetonomy-sidecar' ),
				'unit'    => __( 'people', 'jetonomy-sidecar' ),
			),
			'message_length'        => array(
				'section' => 'how_much',
				'label'   => __( 'Message length', 'jetonomy-sidecar' ),
				'help'    => __( 'A longer message is refused, with a sentence that says so.', 'jetonomy-sidecar' ),
				'unit'    => __( 'characters', 'jetonomy-sidecar' ),
			),
			'messages_per_minute'   => array(
				'section' => 'how_much',
				'label'   => __( 'Messages per minute', 'jetonomy-sidecar' ),
				'help'    => __( 'The most messages that one member may send in a minute; 0 sets no limit.', 'jetonomy-sidecar' ),
				'unit'    => '',
			),
			'conversations_per_day' => array(
				'section' => 'how_much',
				'label'   => __( 'New conversations per day', 'jetonomy-sidecar' ),
				'help'    => __( 'The most conversations that one member may start in a day; 0 sets no limit.', 'jetonomy-sidecar' ),
				'unit'    => '',
			),
		);
	}

	/**
	 * The section 'mail'.
	 */
	private static function mail(): array {
		return array(
			'email_delay' => array(
				'section' => 'mail',
				'label'   => __( 'E-mail delay', 'jetonomy-sidecar' ),
				'help'    => __( 'A message that is still unread after this time is announced by one e-mail for all that is unread; 0 sends none. Members can turn these e-mails off for themselves.', 'jetonomy-sidecar' ),
				'unit'    => __( 'minutes', 'jetonomy-sidecar' ),
			),
			'mail_text'   => array(
				'section' => 'mail',
				'label'   => __( 'Text in e-mails', 'jetonomy-sidecar' ),
				'help'    => __( 'Without it, e-mails only say who wrote and link to the conversation; members can choose that for themselves as well.', 'jetonomy-sidecar' ),
				'check'   => __( 'E-mails quote the beginning of the messages', 'jetonomy-sidecar' ),
			),
		);
	}

	/**
	 * The section 'keeping'.
	 */
	private static function keeping(): array {
		return array(
			'retention_months'    => array(
				'section' => 'keeping',
				'label'   => __( 'Delete inactive conversations after', 'jetonomy-sidecar' ),
				'help'    => __( 'Conversations in which nobody has written for this long are deleted for good, for everybody in them, in the night; 0 deletes none.', 'jetonomy-sidecar' ),
				'unit'    => __( 'months', 'jetonomy-sidecar' ),
			),
			'delete_on_uninstall' => array(
				'section' => 'keeping',
				'label'   => __( 'When the plugin is deleted', 'jetonomy-sidecar' ),
				'help'    => __( 'Not ticked, conversations and messages stay in the database when this plugin is deleted. Ticked, all of it is deleted for good: also conversations under a legal hold, the reports of members with the messages that they seal, and the access log. Where Jetonomy Pro is active at that moment, conversations and messages stay, because it works on the same tables; holds, reports and the access log go all the same. Deactivating this plugin never deletes anything.', 'jetonomy-sidecar' ),
				'check'   => __( 'Delete all messages on uninstall', 'jetonomy-sidecar' ),
			),
		);
	}
}
