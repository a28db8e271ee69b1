<?php
/**
 * What a mail says.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Notify;

use Jetonomy_Sidecar\Urls;
use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * The words of one mail about unread messages, plain text, in the language that is switched to. The HTML
 * around them is Jetonomy's or the template's.
 */
final class Mail_Content {

	/**
	 * Conversations named in a mail at most.
	 */
	private const MAX_LISTED = 10;

	/**
	 * Conversations with unread messages, those that are not named included.
	 *
	 * @var int
	 */
	private readonly int $total_conversations;

	/**
	 * Unread messages in all of them.
	 *
	 * @var int
	 */
	private readonly int $total_messages;

	/**
	 * Constructor.
	 *
	 * @param WP_User               $user          The recipient.
	 * @param Unread_Conversation[] $conversations What is unread, one at least; of many some.
	 * @param bool                  $has_text      Whether messages may be quoted.
	 * @param array                 $totals        Of all that is unread: conversations and messages. What it does not
	 *                                             have, or has less of than the conversations, is counted in these.
	 */
	public function __construct( public readonly WP_User $user, private readonly array $conversations, private readonly bool $has_text, array $totals ) {
		$unread = array_map( static fn( Unread_Conversation $conversation ): int => $conversation->unread, $conversations );

		$this->total_conversations = max( count( $conversations ), (int) ( $totals['conversations'] ?? 0 ) );
		$this->total_messages      = max( array_sum( $unread ), (int) ( $totals['messages'] ?? 0 ) );
	}

	/**
	 * The subject. It quotes nothing, as it is shown on locked screens.
	 */
	public function subject(): string {
		return sprintf( '[%s] %s', $this->site_name(), $this->summary() );
	}

	/**
	 * What there is, in one sentence without a full stop.
	 */
	public function summary(): string {
		if ( 1 === $this->total_conversations && $this->conversations[0]->is_under_title() ) {
			return sprintf(
				/* translators: 1: number of messages, at least 2, 2: title of a conversation. */
				_n( '%1$s new message in “%2$s”', '%1$s new messages in “%2$s”', $this->total_messages, 'jetonomy-sidecar' ),
				number_format_i18n( $this->total_messages ),
				$this->conversations[0]->title
			);
		}

		if ( 1 === $this->total_conversations ) {
			return sprintf(
				/* translators: 1: number of messages, 2: a member's name. */
				_n( '%1$s new message from %2$s', '%1$s new messages from %2$s', $this->total_messages, 'jetonomy-sidecar' ),
				number_format_i18n( $this->total_messages ),
				$this->conversations[0]->label()
			);
		}

		return sprintf(
			/* translators: 1: number of messages, 2: number of conversations, at least 2. */
			_n( '%1$s new message in %2$s conversations', '%1$s new messages in %2$s conversations', $this->total_messages, 'jetonomy-sidecar' ),
			number_format_i18n( $this->total_messages ),
			number_format_i18n( $this->total_conversations )
		);
	}

	/**
	 * The conversations: label, count, quotation ('' for none) and URL of each.
	 *
	 * @return array[]
	 */
	public function items(): array {
		return array_map(
			fn( Unread_Conversation $conversation ): array => array(
				'label'  => $conversation->label(),
				'unread' => $conversation->unread,
				'text'   => $this->has_text ? $conversation->quotation() : '',
				'url'    => Urls::conversation( $conversation->id ),
			),
			array_slice( $this->conversations, 0, self::MAX_LISTED )
		);
	}

	/**
	 * What is not listed, in one sentence; '' where all is.
	 */
	public function rest(): string {
		$rest = $this->total_conversations - min( count( $this->conversations ), self::MAX_LISTED );

		return $rest < 1 ? '' : sprintf(
			/* translators: %s: number of conversations. */
			_n( 'And %s more conversation.', 'And %s more conversations.', $rest, 'jetonomy-sidecar' ),
			number_format_i18n( $rest )
		);
	}

	/**
	 * Where the mail leads: to the conversation, or to the inbox where there are several.
	 */
	public function url(): string {
		return 1 === $this->total_conversations ? Urls::conversation( $this->conversations[0]->id ) : Urls::inbox();
	}

	/**
	 * What the link there is called.
	 */
	public function action(): string {
		return 1 === $this->total_conversations
			? __( 'Read and reply', 'jetonomy-sidecar' )
			: __( 'Open the inbox', 'jetonomy-sidecar' );
	}

	/**
	 * The sentences for a template that has one paragraph, in lines.
	 */
	public function body(): string {
		$lines = array( $this->summary() . '.' );

		foreach ( $this->items() as $item ) {
			if ( $this->total_conversations > 1 ) {
				$lines[] = '' === $item['text']
					/* translators: 1: a member's name or the title of a conversation, 2: number of messages. */
					? sprintf( __( '%1$s (%2$s)', 'jetonomy-sidecar' ), $item['label'], number_format_i18n( $item['unread'] ) )
					/* translators: 1: a member's name or the title of a conversation, 2: number of messages, 3: the beginning of a message. */
					: sprintf( __( '%1$s (%2$s): %3$s', 'jetonomy-sidecar' ), $item['label'], number_format_i18n( $item['unread'] ), $item['text'] );
			} elseif ( '' !== $item['text'] ) {
				$lines[] = $item['text'];
			}
		}

		$lines[] = $this->rest();

		return implode( "\n", array_filter( $lines, static fn( string $line ): bool => '' !== $line ) );
	}

	/**
	 * The mail as plain text.
	 *
	 * @param string $unsubscribe_url The link that ends mail.
	 */
	public function plain( string $unsubscribe_url ): string {
		return implode(
			"\n\n",
			array(
				/* translators: %s: a member's name. */
				sprintf( __( 'Hello %s,', 'jetonomy-sidecar' ), Names::of( $this->user->ID ) ),
				$this->body(),
				$this->action() . ': ' . $this->url(),
				/* translators: %s: a link. */
				'-- ' . "\n" . $this->site_name() . ', ' . home_url( '/' ) . "\n" . sprintf( __( 'No more mail about private messages: %s', 'jetonomy-sidecar' ), $unsubscribe_url ),
			)
		);
	}

	/**
	 * The site's name, plain.
	 */
	public function site_name(): string {
		return wp_specialchars_decode( (string) get_bloginfo( 'name' ), ENT_QUOTES );
	}
}
