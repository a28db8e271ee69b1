<?php
/**
 * Takes the forms of the members' pages.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Member;

use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Urls;
use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * What members do without JavaScript: every form goes to admin-post.php, is passed on to the service, and ends
 * in a redirect. A form that was refused is shown again as it was typed. The service decides; this knows only
 * which call belongs to which form.
 */
final class Form_Handler {

	/**
	 * Action of all forms, and the beginning of their nonces' names.
	 */
	public const ACTION = 'jetonomy_sidecar_messages';

	/**
	 * What each action of a conversation is called with, and whether it leads back to the conversation. The others
	 * lead to the inbox.
	 */
	private const ACTIONS = array(
		'mute'      => array( 'mute', array( 'muted' => true ), true ),
		'unmute'    => array( 'mute', array( 'muted' => false ), true ),
		'archive'   => array( 'archive', array( 'archived' => true ), false ),
		'unarchive' => array( 'archive', array( 'archived' => false ), true ),
		'block'     => array( 'block', array( 'blocked' => true ), true ),
		'unblock'   => array( 'block', array( 'blocked' => false ), true ),
		'leave'     => array( 'leave', array(), false ),
		'unread'    => array( 'read', array( 'unread' => true ), false ),
	);

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch The switch; off means 404.
	 * @param Member_Client    $client Asks the service.
	 */
	public function __construct( private readonly Extension_Switch $switch, private readonly Member_Client $client ) {}

	/**
	 * Hooks the forms in.
	 */
	public function register(): void {
		add_action( 'admin_post_' . self::ACTION, array( $this, 'handle' ) );
		add_action( 'admin_post_nopriv_' . self::ACTION, array( $this, 'sign_in' ) );
	}

	/**
	 * Prints the hidden fields of a form.
	 *
	 * @param string $task            'start', 'send', 'report', 'read_all' or one of ACTIONS.
	 * @param int    $conversation_id The conversation, 0 for none.
	 * @param string $client_key      Key under which the service does this once; '' for a new one.
	 */
	public static function print_fields( string $task, int $conversation_id = 0, string $client_key = '' ): void {
		$fields = array(
			'action'       => self::ACTION,
			'task'         => $task,
			'conversation' => $conversation_id,
			'client_key'   => '' === $client_key ? wp_generate_uuid4() : $client_key,
			'_wpnonce'     => wp_create_nonce( self::nonce( $task, $conversation_id ) ),
		);

		foreach ( $fields as $name => $value ) {
			printf( '<input type="hidden" name="%s" value="%s">', esc_attr( $name ), esc_attr( (string) $value ) );
		}
	}

	/**
	 * Somebody whose session ended while they typed: to the login page and back to where they were. Nothing is
	 * kept of what they typed, as nobody knows any more who it was; they get it back to copy it.
	 */
	public function sign_in(): void {
		$url = $this->origin();

		if ( '' === trim( $this->message() ) ) {
			$this->redirect( wp_login_url( $url ) );
		}

		$this->give_back(
			__( 'You are not signed in any more, so the message was not sent. Copy it, sign in and send it again.', 'jetonomy-sidecar' ),
			wp_login_url( $url ),
			__( 'Sign in', 'jetonomy-sidecar' )
		);
	}

	/**
	 * Does what a form says, and redirects.
	 */
	public function handle(): void {
		$task = $this->field( 'task' );
		$id   = (int) $this->field( 'conversation' );

		if ( ! $this->switch->is_enabled() ) {
			wp_die( esc_html__( 'Private messaging is switched off.', 'jetonomy-sidecar' ), '', array( 'response' => 404 ) );
		}

		if ( '' !== trim( $this->message() ) && ! wp_verify_nonce( $this->field( '_wpnonce' ), self::nonce( $task, $id ) ) ) {
			$this->give_back(
				__( 'This page was open for too long, so the message was not sent. Copy it, go back to the conversation and send it again.', 'jetonomy-sidecar' ),
				$this->origin(),
				__( 'Back', 'jetonomy-sidecar' )
			);
		}

		check_admin_referer( self::nonce( $task, $id ) );
		nocache_headers();

		$url = match ( true ) {
			'start' === $task                => $this->start(),
			'send' === $task && $id > 0      => $this->send( $id ),
			'report' === $task && $id > 0    => $this->report( $id ),
			'read_all' === $task             => $this->read_all(),
			isset( self::ACTIONS[ $task ] ) && $id > 0 => $this->act( $task, $id ),
			default                          => Urls::inbox(),
		};

		$this->redirect( $url );
	}

	/**
	 * Starts a conversation. Gives the address to go on to.
	 */
	private function start(): string {
		$typed = $this->typed( array( 'to', 'title', 'message' ) );

		list( $ids, $unknown ) = Recipients::parse( $typed['to'] );

		if ( array() !== $unknown ) {
			$error = new WP_Error(
				'jetonomy_sidecar_unknown_member',
				/* translators: %s: names with commas between them. */
				sprintf( __( 'There is no member with this login: %s', 'jetonomy-sidecar' ), implode( ', ', $unknown ) )
			);

			return $this->refused( 'start', $typed, $error, Urls::compose( '' ) );
		}

		$body = array(
			'recipients' => $ids,
			'message'    => $typed['message'],
			'client_key' => $typed['client_key'],
		);

		if ( '' !== trim( $typed['title'] ) ) {
			$body['title'] = $typed['title'];
		}

		$answer = $this->client->post( '/conversations', $body );

		if ( is_wp_error( $answer ) ) {
			return $this->refused( 'start', $typed, $answer, Urls::compose( '' ) );
		}

		Draft::forget( get_current_user_id(), 'start' );

		return Urls::conversation( (int) ( $answer['conversation_id'] ?? 0 ) ) . '#latest';
	}

	/**
	 * Sends a message. Gives the address to go on to.
	 *
	 * @param int $id The conversation.
	 */
	private function send( int $id ): string {
		$typed  = $this->typed( array( 'message' ) );
		$answer = $this->client->post(
			"/conversations/{$id}/messages",
			array(
				'content'    => $typed['message'],
				'client_key' => $typed['client_key'],
			)
		);

		if ( is_wp_error( $answer ) ) {
			return $this->refused( 'send:' . $id, $typed, $answer, Urls::conversation( $id ) . '#reply' );
		}

		Draft::forget( get_current_user_id(), 'send:' . $id );

		return Urls::conversation( $id ) . '#latest';
	}

	/**
	 * Brings a conversation to the moderators. Gives the address to go on to.
	 *
	 * @param int $id The conversation.
	 */
	private function report( int $id ): string {
		$typed  = $this->typed( array( 'reason', 'note' ) );
		$answer = $this->client->post( "/conversations/{$id}/report", $typed );

		if ( is_wp_error( $answer ) ) {
			return $this->refused( 'report:' . $id, $typed, $answer, Urls::conversation( $id ) . '#report' );
		}

		Draft::forget( get_current_user_id(), 'report:' . $id );

		return add_query_arg( 'done', 'report', Urls::conversation( $id ) );
	}

	/**
	 * Mutes, archives, blocks, leaves or puts the unread mark up. Gives the address to go on to.
	 *
	 * @param string $task Key of ACTIONS.
	 * @param int    $id   The conversation.
	 */
	private function act( string $task, int $id ): string {
		list( $path, $body, $stays ) = self::ACTIONS[ $task ];

		$answer = $this->client->post( "/conversations/{$id}/{$path}", $body + array( 'client_key' => $this->field( 'client_key' ) ) );
		$failed = is_wp_error( $answer );

		// What went wrong is told in the service's words, which do not go through an address.
		if ( $failed ) {
			Draft::keep( get_current_user_id(), 'action', array( 'error' => $answer->get_error_message() ) );
		}

		$url = match ( true ) {
			$stays || $failed => Urls::conversation( $id ),
			// The mark is seen in the list that the conversation is in.
			'unread' === $task && ! empty( $answer['is_archived'] ) => Urls::archive(),
			default           => Urls::inbox(),
		};

		return add_query_arg( 'done', $failed ? 'failed' : $task, $url );
	}

	/**
	 * Marks everything as read. Gives the address to go on to.
	 */
	private function read_all(): string {
		$answer = $this->client->post( '/conversations/read-all' );

		if ( is_wp_error( $answer ) ) {
			Draft::keep( get_current_user_id(), 'action', array( 'error' => $answer->get_error_message() ) );
		}

		return add_query_arg( 'done', is_wp_error( $answer ) ? 'failed' : 'read_all', Urls::inbox() );
	}

	/**
	 * Keeps a refused form for its page. Gives the address to go on to.
	 *
	 * Without an answer the service may have done it all the same, so the next try has the same key and is
	 * not done twice. After a refusal it has a new one.
	 *
	 * @param string   $form  Which form.
	 * @param array    $typed Its fields.
	 * @param WP_Error $error What was wrong.
	 * @param string   $url   Its page.
	 */
	private function refused( string $form, array $typed, WP_Error $error, string $url ): string {
		$typed['error'] = $error->get_error_message();

		if ( Member_Client::KEY_REUSED === $error->get_error_code() ) {
			$typed['error'] = __( 'This form was sent before with another text, and that message has arrived. Look whether you want to send this one too.', 'jetonomy-sidecar' );
		}

		if ( Member_Client::UNAVAILABLE !== $error->get_error_code() ) {
			$typed['client_key'] = '';
		}

		Draft::keep( get_current_user_id(), $form, $typed );

		return $url;
	}

	/**
	 * Fields as they were typed, with the client key.
	 *
	 * @param string[] $names Names of the fields.
	 * @return array Strings by name.
	 */
	private function typed( array $names ): array {
		$typed = array( 'client_key' => $this->field( 'client_key' ) );

		foreach ( $names as $name ) {
			$value = $_POST[ $name ] ?? ''; // phpcs:ignore WordPress.Security -- The nonce is checked; what was typed goes to the service unchanged.

			$typed[ $name ] = is_string( $value ) ? str_replace( "\r\n", "\n", wp_unslash( $value ) ) : '';
		}

		return $typed;
	}

	/**
	 * Address of the page that the form was on.
	 */
	private function origin(): string {
		$id = (int) $this->field( 'conversation' );

		if ( $id > 0 ) {
			return Urls::conversation( $id );
		}

		return 'start' === $this->field( 'task' ) ? Urls::compose( '' ) : Urls::inbox();
	}

	/**
	 * The message, or the note of a report, that was typed, if the form has one.
	 */
	private function message(): string {
		$name = 'report' === $this->field( 'task' ) ? 'note' : 'message';

		return $this->typed( array( $name ) )[ $name ];
	}

	/**
	 * Shows a message that could not be sent, so that it is not lost, and ends.
	 *
	 * @param string $reason Why, as plain text.
	 * @param string $url    Where to go on.
	 * @param string $label  Text of the link there.
	 */
	private function give_back( string $reason, string $url, string $label ): void {
		nocache_headers();
		wp_die(
			sprintf(
				'<p>%1$s</p><p><textarea rows="8" cols="60" readonly aria-label="%2$s">%3$s</textarea></p><p><a class="button" href="%4$s">%5$s</a></p>',
				esc_html( $reason ),
				esc_attr__( 'Your message', 'jetonomy-sidecar' ),
				esc_textarea( $this->message() ),
				esc_url( $url ),
				esc_html( $label )
			),
			esc_html__( 'Not sent', 'jetonomy-sidecar' ),
			array( 'response' => 403 )
		);
	}

	/**
	 * A hidden field.
	 *
	 * @param string $name Its name.
	 */
	private function field( string $name ): string {
		$value = $_POST[ $name ] ?? ''; // phpcs:ignore WordPress.Security -- The nonce is checked before anything is done.

		return is_string( $value ) ? sanitize_text_field( wp_unslash( $value ) ) : '';
	}

	/**
	 * Name of a form's nonce.
	 *
	 * @param string $task            What the form does.
	 * @param int    $conversation_id The conversation, 0 for none.
	 */
	private static function nonce( string $task, int $conversation_id ): string {
		return self::ACTION . ":{$task}:{$conversation_id}";
	}

	/**
	 * Redirects and ends.
	 *
	 * @param string $url Where to.
	 */
	private function redirect( string $url ): void {
		wp_safe_redirect( $url, 303 );
		exit;
	}
}
