<?php
/**
 * What a page of messages shows.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Member;

use Jetonomy_Sidecar\Urls;
use WP_Error;
use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * The data of the page that this request is for, read from the service before anything is printed. Templates,
 * also those of themes, get it from current().
 */
final class Page {

	public const INBOX        = 'inbox';
	public const COMPOSE      = 'compose';
	public const CONVERSATION = 'conversation';

	private const CONVERSATIONS = 20;
	private const MESSAGES      = 30;

	/**
	 * The page of this request.
	 *
	 * @var self|null
	 */
	private static ?self $current = null;

	/**
	 * Which page: INBOX, COMPOSE or CONVERSATION.
	 *
	 * @var string
	 */
	public string $view = self::INBOX;

	/**
	 * Whether the inbox shows the archive.
	 *
	 * @var bool
	 */
	public bool $is_archive = false;

	/**
	 * What the list is searched for, '' for nothing.
	 *
	 * @var string
	 */
	public string $search = '';

	/**
	 * Address of the whole list: the inbox or the archive.
	 *
	 * @var string
	 */
	public string $list_url = '';

	/**
	 * Conversations of the inbox, as the service gives them.
	 *
	 * @var array[]
	 */
	public array $conversations = array();

	/**
	 * The conversation, as the service gives it; empty where there is none.
	 *
	 * @var array
	 */
	public array $conversation = array();

	/**
	 * Its messages, the oldest first.
	 *
	 * @var array[]
	 */
	public array $messages = array();

	/**
	 * Address of the older part of the list, '' where there is none.
	 *
	 * @var string
	 */
	public string $older_url = '';

	/**
	 * Address of the newest part of the list, '' where this is it.
	 *
	 * @var string
	 */
	public string $newest_url = '';

	/**
	 * Address of the image that marks the conversation as read, '' where it is.
	 *
	 * @var string
	 */
	public string $read_url = '';

	/**
	 * Why there is nothing to show, null where there is.
	 *
	 * @var WP_Error|null
	 */
	public ?WP_Error $error = null;

	/**
	 * The form of this page as the member typed it before, the first time with 'error'; empty for a new form.
	 * Fields: to, title, message, client_key.
	 *
	 * @var array
	 */
	public array $form = array();

	/**
	 * The report of the conversation in the same way. Fields: reason, note, client_key.
	 *
	 * @var array
	 */
	public array $report = array();

	/**
	 * Use load().
	 *
	 * @param Member_Client $client Asks the service.
	 */
	private function __construct( private readonly Member_Client $client ) {}

	/**
	 * The page of this request, null where it is none of ours.
	 */
	public static function current(): ?self {
		return self::$current;
	}

	/**
	 * Reads what this request is for.
	 *
	 * @param Member_Client $client Asks the service.
	 */
	public static function load( Member_Client $client ): self {
		$page = new self( $client );
		$id   = Routes::conversation_id();

		if ( 0 !== $id ) {
			$page->load_conversation( $id );
		} elseif ( isset( $_GET['to'] ) ) { // phpcs:ignore WordPress.Security.NonceVerification.Recommended -- Reading.
			$page->load_composer();
		} else {
			$page->load_inbox();
		}

		self::$current = $page;

		return $page;
	}

	/**
	 * The page's title.
	 */
	public function title(): string {
		if ( self::COMPOSE === $this->view ) {
			return __( 'New message', 'jetonomy-sidecar' );
		}

		if ( self::CONVERSATION === $this->view && isset( $this->conversation['title'] ) ) {
			return Service_Texts::name( (string) $this->conversation['title'] );
		}

		return $this->is_archive ? __( 'Archived messages', 'jetonomy-sidecar' ) : __( 'Messages', 'jetonomy-sidecar' );
	}

	/**
	 * The way to the page.
	 *
	 * @return array[] Each with 'label' and 'url'; the last has no url.
	 */
	public function crumbs(): array {
		$crumbs = array(
			array(
				'label' => __( 'Messages', 'jetonomy-sidecar' ),
				'url'   => Urls::inbox(),
			),
		);

		if ( self::INBOX !== $this->view || $this->is_archive ) {
			$crumbs[] = array(
				'label' => $this->title(),
				'url'   => '',
			);
		} else {
			$crumbs[0]['url'] = '';
		}

		return $crumbs;
	}

	/**
	 * HTTP status of the page.
	 */
	public function status(): int {
		$data = $this->error?->get_error_data();

		return is_array( $data ) && isset( $data['status'] ) ? (int) $data['status'] : 200;
	}

	/**
	 * Whom the address of the form for a new message means: of several the first that there is, and never the
	 * member themselves.
	 */
	public function to(): ?WP_User {
		$others = array_values( array_diff( $this->named(), array( get_current_user_id() ) ) );

		return array() === $others ? null : new WP_User( $others[0] );
	}

	/**
	 * Whether that address means the member themselves, and nobody else.
	 */
	public function is_to_oneself(): bool {
		return array( get_current_user_id() ) === $this->named();
	}

	/**
	 * The users in that address.
	 *
	 * @return int[]
	 */
	private function named(): array {
		return self::COMPOSE === $this->view ? Recipients::parse( self::param( 'to' ) )[0] : array();
	}

	/**
	 * The inbox, or the archive.
	 */
	private function load_inbox(): void {
		$this->is_archive = 'archived' === self::param( 'filter' );
		$this->search     = self::param( 'search' );
		$this->list_url   = $this->is_archive ? Urls::archive() : Urls::inbox();

		$cursor = self::param( 'cursor' );
		$filter = $this->is_archive ? 'archived' : 'active';
		$here   = '' === $this->search ? $this->list_url : add_query_arg( 'search', rawurlencode( $this->search ), $this->list_url );
		$answer = $this->client->get(
			'/conversations',
			array(
				'filter' => $filter,
				'search' => $this->search,
				'limit'  => self::CONVERSATIONS,
				'cursor' => $cursor,
			)
		);

		if ( is_wp_error( $answer ) ) {
			$this->error = $answer;
			return;
		}

		$this->conversations = array_values( array_filter( (array) ( $answer['data'] ?? array() ), 'is_array' ) );
		$this->older_url     = self::next_url( $answer, 'cursor', $here );
		$this->newest_url    = '' === $cursor ? '' : $here;
	}

	/**
	 * One conversation. Looking at its newest messages reads them, which the service is told in so many words.
	 *
	 * @param int $id Its id.
	 */
	private function load_conversation( int $id ): void {
		$this->view = self::CONVERSATION;
		$this->form = Draft::show( get_current_user_id(), 'send:' . $id );

		$conversation = $this->client->get( "/conversations/{$id}" );
		$before       = self::param( 'before' );
		$thread       = is_wp_error( $conversation ) ? $conversation : $this->client->get(
			"/conversations/{$id}/messages",
			array(
				'limit'     => self::MESSAGES,
				'before'    => $before,
				'mark_read' => 'false',
			)
		);

		if ( is_wp_error( $thread ) ) {
			$this->error = $thread;
			return;
		}

		$this->report       = Draft::show( get_current_user_id(), 'report:' . $id );
		$this->conversation = $conversation;
		$this->messages     = array_values( array_filter( (array) ( $thread['data'] ?? array() ), 'is_array' ) );
		$this->older_url    = self::next_url( $thread, 'before', Urls::conversation( $id ) );
		$this->newest_url   = '' === $before ? '' : Urls::conversation( $id );

		usort( $this->messages, static fn( array $a, array $b ): int => (int) ( $a['id'] ?? 0 ) <=> (int) ( $b['id'] ?? 0 ) );

		$newest = end( $this->messages );

		if ( $newest && '' === $before && ! empty( $thread['meta']['unread'] ) ) {
			$this->read_url = Read_Mark::url( $id, (int) $newest['id'] );
		}
	}

	/**
	 * The form for a new message.
	 */
	private function load_composer(): void {
		$this->view = self::COMPOSE;

		$user_id = get_current_user_id();
		$to      = Recipients::prefill( self::param( 'to' ) );

		// A link to somebody is not answered with what was typed for somebody else.
		$is_other   = '' !== $to && ( Draft::of( $user_id, 'start' )['to'] ?? '' ) !== $to;
		$this->form = $is_other ? array( 'to' => $to ) : Draft::show( $user_id, 'start' );
	}

	/**
	 * The address of the next part of a list.
	 *
	 * @param array  $answer The service's answer.
	 * @param string $param  Parameter that takes its cursor.
	 * @param string $here   Address of the list.
	 */
	private static function next_url( array $answer, string $param, string $here ): string {
		$cursor = $answer['meta']['cursor_next'] ?? null;

		return is_string( $cursor ) && ! empty( $answer['meta']['has_more'] ) ? add_query_arg( $param, rawurlencode( $cursor ), $here ) : '';
	}

	/**
	 * A parameter of the address.
	 *
	 * @param string $name Its name.
	 */
	private static function param( string $name ): string {
		$value = $_GET[ $name ] ?? ''; // phpcs:ignore WordPress.Security -- Reading; sanitized below.

		return is_string( $value ) ? sanitize_text_field( wp_unslash( $value ) ) : '';
	}
}
