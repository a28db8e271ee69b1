<?php
/**
 * The command of WP-CLI.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Cli;

use Jetonomy_Sidecar\Bridge\Keys;
use Jetonomy_Sidecar\Bridge\Operator_Client;
use Jetonomy_Sidecar\Bridge\Token_Issuer;
use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Privacy\Erasure_Queue;
use Jetonomy_Sidecar\Privacy\Export_File;
use Jetonomy_Sidecar\Settings;
use WP_CLI;

defined( 'ABSPATH' ) || exit;

/**
 * Manages private messages and the sidecar that serves them.
 *
 * ## EXAMPLES
 *
 *     # See whether everything works.
 *     $ wp jetonomy-sidecar status
 *
 *     # Switch private messages on.
 *     $ wp jetonomy-sidecar enable
 *     Success: Private messages are on.
 */
final class Command {

	/**
	 * Conversations that the sidecar lists in one answer at most.
	 */
	private const PAGE = 100;

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch  The switch.
	 * @param Keys             $keys    The keys.
	 * @param Token_Issuer     $tokens  Makes tokens.
	 * @param Operator_Client  $sidecar The sidecar.
	 */
	public function __construct(
		private readonly Extension_Switch $switch,
		private readonly Keys $keys,
		private readonly Token_Issuer $tokens,
		private readonly Operator_Client $sidecar
	) {}

	/**
	 * Makes the command known, where WP-CLI is present. Static, because every other public method is a
	 * subcommand.
	 *
	 * @param Extension_Switch $switch  The switch.
	 * @param Keys             $keys    The keys.
	 * @param Token_Issuer     $tokens  Makes tokens.
	 * @param Operator_Client  $sidecar The sidecar.
	 */
	public static function connect( Extension_Switch $switch, Keys $keys, Token_Issuer $tokens, Operator_Client $sidecar ): void {
		if ( defined( 'WP_CLI' ) && WP_CLI ) {
			WP_CLI::add_command( 'jetonomy-sidecar', new self( $switch, $keys, $tokens, $sidecar ) );
		}
	}

	/**
	 * Shows how the sidecar and the delivery of its events stand.
	 *
	 * Ends with status 1 if the sidecar cannot be asked.
	 *
	 * ## OPTIONS
	 *
	 * [--format=<format>]
	 * : How to print it.
	 * ---
	 * default: table
	 * options:
	 *   - table
	 *   - json
	 *   - csv
	 *   - yaml
	 * ---
	 *
	 * ## EXAMPLES
	 *
	 *     # In a script: is anything waiting?
	 *     $ wp jetonomy-sidecar status --format=json
	 *
	 * @param array $args       Positional arguments.
	 * @param array $assoc_args Options.
	 */
	public function status( $args, $assoc_args ): void {
		$answer = $this->sidecar->status();
		$error  = is_wp_error( $answer ) ? $answer : null;
		$report = new Status_Report( $this->switch, $this->keys, new Settings(), new Erasure_Queue() );

		WP_CLI\Utils\format_items( $assoc_args['format'] ?? 'table', $report->rows( $error ? array() : $answer ), array( 'name', 'value' ) );

		if ( $error ) {
			Problem::stop( $error );
		}

		foreach ( $report->warnings( $answer ) as $warning ) {
			WP_CLI::warning( $warning );
		}
	}

	/**
	 * Switches private messages on.
	 *
	 * Other extensions in the list of enabled extensions stay as they are.
	 *
	 * ## EXAMPLES
	 *
	 *     $ wp jetonomy-sidecar enable
	 *     Success: Private messages are on.
	 */
	public function enable(): void {
		if ( $this->switch->is_enabled() ) {
			WP_CLI::success( __( 'Private messages are on already.', 'jetonomy-sidecar' ) );
		} else {
			$this->switch->enable();
			WP_CLI::success( __( 'Private messages are on.', 'jetonomy-sidecar' ) );
		}

		$answer = $this->sidecar->status();

		if ( is_wp_error( $answer ) ) {
			WP_CLI::warning( Problem::text( $answer ) );
		}
	}

	/**
	 * Switches private messages off. Nothing is deleted.
	 *
	 * ## EXAMPLES
	 *
	 *     $ wp jetonomy-sidecar disable
	 *     Success: Private messages are off. All conversations are kept.
	 */
	public function disable(): void {
		if ( ! $this->switch->is_enabled() ) {
			WP_CLI::success( __( 'Private messages are off already.', 'jetonomy-sidecar' ) );
			return;
		}

		$this->switch->disable();
		WP_CLI::success( __( 'Private messages are off. All conversations are kept.', 'jetonomy-sidecar' ) );
	}

	/**
	 * Replaces the key that WordPress and the sidecar share.
	 *
	 * The sidecar takes the new one over by itself, within seconds. Without --now, the old key is accepted for
	 * another hour and nobody notices: right for a change from time to time. Whoever has the old key can act as
	 * any member, and as an administrator, for that hour.
	 *
	 * ## OPTIONS
	 *
	 * [--now]
	 * : Refuse the old key from now on. Do this when the key may have become known to somebody. Open pages
	 * and apps ask for a new token by themselves.
	 *
	 * ## EXAMPLES
	 *
	 *     # From time to time.
	 *     $ wp jetonomy-sidecar rotate-key
	 *     Success: The new key is 1f0c3a5b7d9e8f60. The old one is accepted for another hour.
	 *
	 *     # The key was in a backup that got lost.
	 *     $ wp jetonomy-sidecar rotate-key --now
	 *     Success: The new key is 5e2d7c90ab1346f8. The old one is refused from now on, by the sidecar within seconds.
	 *
	 * @param array $args       Positional arguments.
	 * @param array $assoc_args Options.
	 *
	 * @subcommand rotate-key
	 */
	public function rotate_key( $args, $assoc_args ): void {
		$now = ! empty( $assoc_args['now'] );

		if ( ! $this->keys->rotate( ! $now ) ) {
			WP_CLI::error(
				sprintf(
					/* translators: %s: name of a constant. */
					__( 'The key was not replaced. Where %s is set, in wp-config.php or the environment, it is the key: change it there, for WordPress and the sidecar at the same time. Where it is not, the database refused to store a new one.', 'jetonomy-sidecar' ),
					Keys::OVERRIDE
				)
			);
		}

		WP_CLI::success(
			sprintf(
				$now
					/* translators: %s: the key's id. */
					? __( 'The new key is %s. The old one is refused from now on, by the sidecar within seconds.', 'jetonomy-sidecar' )
					/* translators: %s: the key's id. */
					: __( 'The new key is %s. The old one is accepted for another hour.', 'jetonomy-sidecar' ),
				(string) $this->keys->existing()?->kid()
			)
		);
	}

	/**
	 * Prints a token with which the sidecar can be asked in a member's name.
	 *
	 * Whoever has it acts as that member until it expires. It is good for 10 minutes at most, and is refused
	 * at once when the member is banned or deleted.
	 *
	 * ## OPTIONS
	 *
	 * <user>
	 * : The member: login, e-mail address or id.
	 *
	 * [--lifetime=<seconds>]
	 * : Seconds for which it is good, from 10 to 600.
	 * ---
	 * default: 600
	 * ---
	 *
	 * ## EXAMPLES
	 *
	 *     # How many conversations has member1 not read?
	 *     $ curl -H "Authorization: Bearer $(wp jetonomy-sidecar token member1)" https://example.com/wp-json/jetonomy/v1/conversations/unread-count
	 *
	 * @param array $args       Positional arguments.
	 * @param array $assoc_args Options.
	 */
	public function token( $args, $assoc_args ): void {
		$user     = self::user( (string) $args[0] );
		$lifetime = (string) ( $assoc_args['lifetime'] ?? Token_Issuer::LIFETIME );

		if ( ! ctype_digit( $lifetime ) || (int) $lifetime < 10 || (int) $lifetime > Token_Issuer::LIFETIME ) {
			WP_CLI::error( __( 'The lifetime is a number of seconds from 10 to 600.', 'jetonomy-sidecar' ) );
		}

		$token = $this->tokens->issue( $user->ID, Token_Issuer::OPERATOR, (int) $lifetime );

		if ( null === $token ) {
			WP_CLI::error( __( 'There is no key to sign it with, and the database does not let WordPress store one: see whether it is read-only or full.', 'jetonomy-sidecar' ) );
		}

		WP_CLI::line( (string) $token );
	}

	/**
	 * Lists conversations: who takes part, how many messages, when the last one was sent. No text of messages.
	 *
	 * ## OPTIONS
	 *
	 * [--limit=<number>]
	 * : Conversations at most; 0 for all.
	 * ---
	 * default: 100
	 * ---
	 *
	 * [--after=<id>]
	 * : Begin behind this conversation.
	 * ---
	 * default: 0
	 * ---
	 *
	 * [--fields=<fields>]
	 * : Columns, separated by commas: id, type, title, participants, message_count, last_message_at.
	 *
	 * [--format=<format>]
	 * : How to print them.
	 * ---
	 * default: table
	 * options:
	 *   - table
	 *   - json
	 *   - csv
	 *   - yaml
	 *   - ids
	 *   - count
	 * ---
	 *
	 * ## EXAMPLES
	 *
	 *     # All conversations, for a spreadsheet.
	 *     $ wp jetonomy-sidecar conversations --limit=0 --format=csv > conversations.csv
	 *
	 * @param array $args       Positional arguments.
	 * @param array $assoc_args Options.
	 */
	public function conversations( $args, $assoc_args ): void {
		$limit  = self::number( $assoc_args, 'limit', 100 );
		$after  = self::number( $assoc_args, 'after', 0 );
		$format = $assoc_args['format'] ?? 'table';
		$fields = array_filter( array_map( 'trim', explode( ',', $assoc_args['fields'] ?? implode( ',', Conversation_Rows::FIELDS ) ) ) );

		if ( array() === $fields || array() !== array_diff( $fields, Conversation_Rows::FIELDS ) ) {
			/* translators: %s: names of columns. */
			WP_CLI::error( sprintf( __( 'There are these columns: %s.', 'jetonomy-sidecar' ), implode( ', ', Conversation_Rows::FIELDS ) ) );
		}

		$rows = array();

		do {
			$answer = $this->sidecar->list_conversations( $after, 0 === $limit ? self::PAGE : min( self::PAGE, $limit - count( $rows ) ) );

			if ( is_wp_error( $answer ) ) {
				Problem::stop( $answer );
			}

			$rows  = array( ...$rows, ...array_values( (array) ( $answer['conversations'] ?? array() ) ) );
			$after = (int) ( $answer['next'] ?? 0 );
		} while ( $after > 0 && ( 0 === $limit || count( $rows ) < $limit ) );

		if ( 'ids' === $format ) {
			WP_CLI::line( implode( ' ', array_map( 'intval', array_column( $rows, 'id' ) ) ) );
			return;
		}

		WP_CLI\Utils\format_items( $format, Conversation_Rows::of( $rows ), array_values( $fields ) );
	}

	/**
	 * Deletes conversations for good, with all their messages.
	 *
	 * Other plugins are told who did it: name an administrator with the global option --user.
	 *
	 * ## OPTIONS
	 *
	 * <id>...
	 * : The conversations' ids.
	 *
	 * [--yes]
	 * : Do not ask.
	 *
	 * ## EXAMPLES
	 *
	 *     $ wp jetonomy-sidecar purge 17 --user=admin
	 *     Delete 1 conversation with all its messages, for good? [y/n] y
	 *     Conversation 17 is deleted.
	 *     Success: 1 of 1 deleted.
	 *
	 * @param array $args       Positional arguments.
	 * @param array $assoc_args Options.
	 */
	public function purge( $args, $assoc_args ): void {
		$ids = array_values( array_unique( array_map( 'strval', $args ) ) );

		foreach ( $ids as $id ) {
			if ( ! ctype_digit( $id ) || (int) $id < 1 ) {
				/* translators: 1: what was typed, 2: a command. */
				WP_CLI::error( sprintf( __( '"%1$s" is not the id of a conversation. "%2$s" lists them.', 'jetonomy-sidecar' ), $id, 'wp jetonomy-sidecar conversations' ) );
			}
		}

		WP_CLI::confirm(
			sprintf(
				/* translators: %d: number of conversations. */
				_n( 'Delete %d conversation with all its messages, for good?', 'Delete %d conversations with all their messages, for good?', count( $ids ), 'jetonomy-sidecar' ),
				count( $ids )
			),
			$assoc_args
		);

		$purged = 0;

		foreach ( $ids as $id ) {
			$answer = $this->sidecar->purge_conversation( (int) $id, get_current_user_id() );

			if ( is_wp_error( $answer ) && 'jetonomy_conversation_held' === $answer->get_error_code() ) {
				WP_CLI::warning( $id . ': ' . $answer->get_error_message() );
				continue;
			}

			if ( is_wp_error( $answer ) ) {
				Problem::stop( $answer );
			}

			if ( empty( $answer['purged'] ) ) {
				/* translators: %d: the conversation's id. */
				WP_CLI::warning( sprintf( __( 'There is no conversation %d.', 'jetonomy-sidecar' ), (int) $id ) );
				continue;
			}

			++$purged;
			/* translators: %d: the conversation's id. */
			WP_CLI::log( sprintf( __( 'Conversation %d is deleted.', 'jetonomy-sidecar' ), (int) $id ) );
		}

		/* translators: 1: number of conversations that were deleted, 2: number of conversations named. */
		$result = sprintf( __( '%1$d of %2$d deleted.', 'jetonomy-sidecar' ), $purged, count( $ids ) );

		if ( 0 === $purged ) {
			WP_CLI::error( $result );
		}

		WP_CLI::success( $result );
	}

	/**
	 * Writes all that is kept of a member as JSON: messages sent and received, settings, blocks.
	 *
	 * The access log says so: name an administrator with the global option --user.
	 *
	 * ## OPTIONS
	 *
	 * <user>
	 * : The member: login, e-mail address or id. An id also finds what is left of a deleted member.
	 *
	 * [--file=<path>]
	 * : Write to this file, which only you can read, instead of printing. It must not exist.
	 *
	 * ## EXAMPLES
	 *
	 *     $ wp jetonomy-sidecar export member1 --file=member1.json
	 *     Success: 214 items are in member1.json.
	 *
	 * @param array $args       Positional arguments.
	 * @param array $assoc_args Options.
	 */
	public function export( $args, $assoc_args ): void {
		$name    = (string) $args[0];
		$user    = ctype_digit( $name ) && false === get_user_by( 'login', $name ) ? null : self::user( $name );
		$user_id = $user ? $user->ID : (int) $name;
		$path    = (string) ( $assoc_args['file'] ?? '' );
		$file    = Export_File::open( '' === $path ? 'php://stdout' : $path );

		if ( null === $file ) {
			/* translators: %s: path of a file. */
			WP_CLI::error( sprintf( __( '%s cannot be made. Name a file that does not exist yet, in a folder that you may write to.', 'jetonomy-sidecar' ), $path ) );
		}

		$file->begin( $user_id, $user ? $user->user_login : '' );

		$cursor = '';

		do {
			$answer = $this->sidecar->export_member(
				$user_id,
				$cursor,
				array(
					'reason' => 'other',
					'note'   => 'WP-CLI',
				)
			);

			if ( is_wp_error( $answer ) ) {
				$file->abandon( $path );
				Problem::stop( $answer );
			}

			array_map( array( $file, 'add' ), $answer['items'] );

			$cursor = $answer['next'];
		} while ( '' !== $cursor );

		if ( ! $file->finish() ) {
			$file->abandon( $path );
			/* translators: %s: path of a file. */
			WP_CLI::error( sprintf( __( '%s could not be written to its end: see whether the disk is full.', 'jetonomy-sidecar' ), $path ) );
		}

		if ( '' !== $path ) {
			/* translators: 1: number, 2: path of a file. */
			WP_CLI::success( sprintf( _n( '%1$d item is in %2$s.', '%1$d items are in %2$s.', $file->count(), 'jetonomy-sidecar' ), $file->count(), $path ) );
		}
	}

	/**
	 * A user, or an error.
	 *
	 * @param string $name Login, e-mail address or id.
	 */
	private static function user( string $name ): \WP_User {
		$user = get_user_by( 'login', $name );
		$user = $user ? $user : get_user_by( 'email', $name );
		$user = ! $user && ctype_digit( $name ) ? get_user_by( 'id', (int) $name ) : $user;

		if ( ! $user ) {
			/* translators: 1: what was typed, 2: a command. */
			WP_CLI::error( sprintf( __( 'There is no user "%1$s". "%2$s" lists them.', 'jetonomy-sidecar' ), $name, 'wp user list' ) );
		}

		return $user;
	}

	/**
	 * An option that is a number, or an error.
	 *
	 * @param array  $assoc_args Options.
	 * @param string $name       The option.
	 * @param int    $otherwise  Where it is not given.
	 */
	private static function number( array $assoc_args, string $name, int $otherwise ): int {
		$value = (string) ( $assoc_args[ $name ] ?? $otherwise );

		if ( ! ctype_digit( $value ) ) {
			/* translators: %s: name of an option. */
			WP_CLI::error( sprintf( __( '--%s is a number, 0 or more.', 'jetonomy-sidecar' ), $name ) );
		}

		return (int) $value;
	}
}
