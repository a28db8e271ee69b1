<?php
/**
 * The texts of the inbox.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Member;

use Jetonomy_Sidecar\Plural_Forms;

defined( 'ABSPATH' ) || exit;

/**
 * Every text that <jetonomy-messages> shows, in the language of whoever sees the page. The keys are those of
 * wpbridge/inbox/src/strings.ts.
 */
final class Inbox_Strings {

	/**
	 * The texts by key. One with a number has its forms, and for each number up to 199 a digit that says which.
	 *
	 * @return array<string, string|array{forms: string[], index: string}>
	 */
	public static function all(): array {
		return array_merge( self::texts(), array_map( array( Plural_Forms::class, 'of' ), self::plurals() ) );
	}

	/**
	 * One text without a number, with its placeholders.
	 *
	 * @param string $key Its key.
	 */
	public static function text( string $key ): string {
		return self::texts()[ $key ];
	}

	/**
	 * One text with its number.
	 *
	 * @param string $key   Its key.
	 * @param int    $count The number.
	 */
	public static function plural( string $key, int $count ): string {
		return sprintf( translate_nooped_plural( self::plurals()[ $key ], $count, 'jetonomy-sidecar' ), number_format_i18n( $count ) );
	}

	/**
	 * Texts without a number.
	 *
	 * @return array<string, string>
	 */
	private static function texts(): array {
		return array(
			// Places.
			'messages'              => __( 'Messages', 'jetonomy-sidecar' ),
			'conversations'         => __( 'Conversations', 'jetonomy-sidecar' ),
			'conversation'          => __( 'Conversation', 'jetonomy-sidecar' ),
			'folders'               => __( 'Folders', 'jetonomy-sidecar' ),
			'inbox'                 => __( 'Inbox', 'jetonomy-sidecar' ),
			'unread'                => __( 'Unread', 'jetonomy-sidecar' ),
			'archived'              => __( 'Archived', 'jetonomy-sidecar' ),
			'search'                => __( 'Search conversations', 'jetonomy-sidecar' ),
			'clearSearch'           => __( 'Clear search', 'jetonomy-sidecar' ),
			'inboxOptions'          => __( 'Inbox options', 'jetonomy-sidecar' ),
			'readAll'               => __( 'Mark all as read', 'jetonomy-sidecar' ),
			'enterSends'            => __( 'Enter sends the message', 'jetonomy-sidecar' ),
			'newMessage'            => __( 'New message', 'jetonomy-sidecar' ),
			'back'                  => __( 'Back', 'jetonomy-sidecar' ),
			'close'                 => __( 'Close', 'jetonomy-sidecar' ),

			// Rows.
			/* translators: %s: the beginning of the member's own message. */
			'previewOwn'            => __( 'You: %s', 'jetonomy-sidecar' ),
			'draft'                 => __( 'Draft:', 'jetonomy-sidecar' ),
			'muted'                 => __( 'Muted', 'jetonomy-sidecar' ),
			'blocked'               => __( 'Blocked', 'jetonomy-sidecar' ),
			'deletedUser'           => __( 'Deleted User', 'jetonomy-sidecar' ),
			'formerMember'          => __( 'A former member', 'jetonomy-sidecar' ),
			'you'                   => __( 'You', 'jetonomy-sidecar' ),

			// Nothing, or not yet.
			'loading'               => __( 'Loading…', 'jetonomy-sidecar' ),
			'failedToLoad'          => __( 'This could not be loaded', 'jetonomy-sidecar' ),
			'tryAgain'              => __( 'Try again', 'jetonomy-sidecar' ),
			'emptyInbox'            => __( 'No messages here', 'jetonomy-sidecar' ),
			'emptyInboxHint'        => __( 'When you and another member write to each other, you find it here. What you have archived is under Archived.', 'jetonomy-sidecar' ),
			'emptyUnread'           => __( 'You are up to date', 'jetonomy-sidecar' ),
			'emptyUnreadHint'       => __( 'Conversations with new messages are listed here.', 'jetonomy-sidecar' ),
			'emptyArchived'         => __( 'Nothing is archived', 'jetonomy-sidecar' ),
			'emptyArchivedHint'     => __( 'Archive a conversation to put it here. It comes back by itself when somebody writes.', 'jetonomy-sidecar' ),
			/* translators: %s: what was searched for. */
			'emptySearch'           => __( 'Nothing found for “%s”', 'jetonomy-sidecar' ),
			'emptySearchHint'       => __( 'Search finds titles and names of members.', 'jetonomy-sidecar' ),
			'emptyThread'           => __( 'Nothing was written here yet.', 'jetonomy-sidecar' ),
			'writeFirst'            => __( 'Write to somebody', 'jetonomy-sidecar' ),
			'nothingOpen'           => __( 'Your messages', 'jetonomy-sidecar' ),
			'nothingOpenHint'       => __( 'Choose a conversation from the list, or start a new one.', 'jetonomy-sidecar' ),

			// A conversation.
			'newLine'               => __( 'New', 'jetonomy-sidecar' ),
			'toNewest'              => __( 'Newest messages', 'jetonomy-sidecar' ),
			/* translators: %s: name of a member. */
			'noteLeft'              => __( '%s left the conversation', 'jetonomy-sidecar' ),
			/* translators: 1: name of a member, 2: names of members. */
			'noteAdded'             => __( '%1$s added %2$s', 'jetonomy-sidecar' ),
			/* translators: 1: name of a member or title of a conversation, 2: what they wrote, or what was done with it. */
			'announced'             => __( '%1$s: %2$s', 'jetonomy-sidecar' ),
			'creator'               => __( 'Started the group', 'jetonomy-sidecar' ),
			'groupName'             => __( 'Group name', 'jetonomy-sidecar' ),
			'optional'              => __( 'Optional', 'jetonomy-sidecar' ),
			'save'                  => __( 'Save', 'jetonomy-sidecar' ),
			'renamed'               => __( 'The group has a new name.', 'jetonomy-sidecar' ),
			'addPeople'             => __( 'Add people', 'jetonomy-sidecar' ),
			'peopleAdded'           => __( 'Added.', 'jetonomy-sidecar' ),

			// Writing.
			'write'                 => __( 'Write a message', 'jetonomy-sidecar' ),
			'send'                  => __( 'Send', 'jetonomy-sidecar' ),
			'hintEnter'             => __( 'Enter sends, Shift+Enter starts a new line', 'jetonomy-sidecar' ),
			'hintCtrlEnter'         => __( 'Ctrl+Enter sends, Enter starts a new line', 'jetonomy-sidecar' ),
			'sending'               => __( 'Sending…', 'jetonomy-sidecar' ),
			'notSent'               => __( 'Not sent.', 'jetonomy-sidecar' ),
			'retry'                 => __( 'Retry', 'jetonomy-sidecar' ),
			'delete'                => __( 'Delete', 'jetonomy-sidecar' ),
			'messageDeleted'        => __( 'Message deleted.', 'jetonomy-sidecar' ),
			/* translators: What stands in the place of an erased message. */
			'erased'                => __( 'Message deleted', 'jetonomy-sidecar' ),
			/* translators: %s: name of a member. */
			'youBlocked'            => __( 'You have blocked %s. Neither of you can write here.', 'jetonomy-sidecar' ),

			// A new message.
			'to'                    => __( 'To', 'jetonomy-sidecar' ),
			'recipientsPlaceholder' => __( 'Name or user name', 'jetonomy-sidecar' ),
			/* translators: %s: name of a member. */
			'removePerson'          => __( 'Remove %s', 'jetonomy-sidecar' ),
			/* translators: %s: name of a member. Read out by screen readers. */
			'personAdded'           => __( '%s added', 'jetonomy-sidecar' ),
			/* translators: %s: name of a member. Read out by screen readers. */
			'personRemoved'         => __( '%s removed', 'jetonomy-sidecar' ),
			'searching'             => __( 'Searching…', 'jetonomy-sidecar' ),
			'nobodyFound'           => __( 'Nobody found.', 'jetonomy-sidecar' ),
			'nobodyChosen'          => __( 'Choose whom to write to.', 'jetonomy-sidecar' ),
			'noSuchMember'          => __( 'There is no member with this name.', 'jetonomy-sidecar' ),
			/* translators: %s: name of a member. */
			'alreadyTalking'        => __( 'You already have a conversation with %s. Your message goes there.', 'jetonomy-sidecar' ),
			'openConversation'      => __( 'Open it', 'jetonomy-sidecar' ),

			// What can be done with a conversation, and that it was done.
			'moreOptions'           => __( 'More options', 'jetonomy-sidecar' ),
			'mute'                  => __( 'Mute', 'jetonomy-sidecar' ),
			'unmute'                => __( 'Unmute', 'jetonomy-sidecar' ),
			'mutedDone'             => __( 'Muted. You will not be told of new messages here.', 'jetonomy-sidecar' ),
			'unmutedDone'           => __( 'No longer muted.', 'jetonomy-sidecar' ),
			'archive'               => __( 'Archive', 'jetonomy-sidecar' ),
			'moveToInbox'           => __( 'Move to inbox', 'jetonomy-sidecar' ),
			'archivedDone'          => __( 'Archived.', 'jetonomy-sidecar' ),
			'unarchivedDone'        => __( 'Back in the inbox.', 'jetonomy-sidecar' ),
			'markUnread'            => __( 'Mark as unread', 'jetonomy-sidecar' ),
			'markedUnread'          => __( 'Marked as unread.', 'jetonomy-sidecar' ),
			'leaveGroup'            => __( 'Leave group', 'jetonomy-sidecar' ),
			/* translators: %s: title of a group. */
			'leaveTitle'            => __( 'Leave “%s”?', 'jetonomy-sidecar' ),
			'leaveMeans'            => __( 'You will no longer see this conversation or get its messages. To come back, somebody in it has to add you.', 'jetonomy-sidecar' ),
			'leaveConfirm'          => __( 'Leave', 'jetonomy-sidecar' ),
			/* translators: %s: title of a group. */
			'leftDone'              => __( 'You have left “%s”.', 'jetonomy-sidecar' ),
			/* translators: %s: name of a member. */
			'block'                 => __( 'Block %s', 'jetonomy-sidecar' ),
			/* translators: %s: name of a member. */
			'unblock'               => __( 'Unblock %s', 'jetonomy-sidecar' ),
			/* translators: %s: name of a member. */
			'blockTitle'            => __( 'Block %s?', 'jetonomy-sidecar' ),
			/* translators: %s: name of a member. */
			'blockMeans'            => __( 'Neither of you can write in this conversation, and %s cannot start a new one with you. They are not told. What was written stays, and you can unblock them at any time.', 'jetonomy-sidecar' ),
			'blockConfirm'          => __( 'Block', 'jetonomy-sidecar' ),
			/* translators: %s: name of a member. */
			'blockedDone'           => __( 'You have blocked %s.', 'jetonomy-sidecar' ),
			/* translators: %s: name of a member. */
			'unblockedDone'         => __( 'You no longer block %s.', 'jetonomy-sidecar' ),
			'report'                => __( 'Report', 'jetonomy-sidecar' ),
			'reportMessage'         => __( 'Report message', 'jetonomy-sidecar' ),
			'reportConversation'    => __( 'Report conversation', 'jetonomy-sidecar' ),
			'reportMessageMeans'    => __( 'The moderators see this message and up to ten before it, even if they are deleted. Nobody in the conversation is told.', 'jetonomy-sidecar' ),
			'reportMeans'           => __( 'The moderators see the newest message that is not yours and up to ten before it, even if they are deleted. Nobody in the conversation is told.', 'jetonomy-sidecar' ),
			'reportWhy'             => __( 'What is wrong?', 'jetonomy-sidecar' ),
			'reasonSpam'            => __( 'Spam', 'jetonomy-sidecar' ),
			'reasonHarassment'      => __( 'Harassment', 'jetonomy-sidecar' ),
			'reasonThreat'          => __( 'Threat', 'jetonomy-sidecar' ),
			'reasonIllegal'         => __( 'Something illegal', 'jetonomy-sidecar' ),
			'reasonOther'           => __( 'Something else', 'jetonomy-sidecar' ),
			'reportNote'            => __( 'Say in a few words what is wrong', 'jetonomy-sidecar' ),
			'reportNoteOptional'    => __( 'Anything to add? (optional)', 'jetonomy-sidecar' ),
			'reportSend'            => __( 'Send report', 'jetonomy-sidecar' ),
			'reportDone'            => __( 'Thank you. The moderators will look at it.', 'jetonomy-sidecar' ),
			'undo'                  => __( 'Undo', 'jetonomy-sidecar' ),
			'dismiss'               => __( 'Dismiss', 'jetonomy-sidecar' ),
			'cancel'                => __( 'Cancel', 'jetonomy-sidecar' ),

			// What went wrong.
			'offline'               => __( 'You are offline. What you write is kept and sent later.', 'jetonomy-sidecar' ),
			'unavailable'           => __( 'Messages cannot be reached at the moment. What you write is kept.', 'jetonomy-sidecar' ),
			'signedOut'             => __( 'You are signed out. What you wrote is kept on this device.', 'jetonomy-sidecar' ),
			'signIn'                => __( 'Sign in', 'jetonomy-sidecar' ),
			'switchedOff'           => __( 'Private messaging is switched off.', 'jetonomy-sidecar' ),
			'failed'                => __( 'This did not work.', 'jetonomy-sidecar' ),
			'limited'               => __( 'That was a lot in a short time. Please wait a moment.', 'jetonomy-sidecar' ),
			/* translators: %s: a time, as “40 seconds” or “2 hours”. */
			'limitedFor'            => __( 'You have reached a limit. Please wait %s.', 'jetonomy-sidecar' ),
			'refused'               => __( 'Unable to send message', 'jetonomy-sidecar' ),
			'banned'                => __( 'Your account is banned. You can read your conversations, but not write.', 'jetonomy-sidecar' ),
			'silenced'              => __( 'Your account is silenced. You can read your conversations, but not write for now.', 'jetonomy-sidecar' ),
			'unverified'            => __( 'Please verify your e-mail address first. The link is in the mail we sent you.', 'jetonomy-sidecar' ),
			'moderator'             => __( 'Moderators cannot be blocked, so that they stay reachable.', 'jetonomy-sidecar' ),
			'notParticipant'        => __( 'You are not part of this conversation.', 'jetonomy-sidecar' ),
			/* translators: %s: a trust level, 1 to 5. */
			'needsTrust'            => __( 'Private messages need trust level %s. Take part in the community to reach it.', 'jetonomy-sidecar' ),
			'sentBefore'            => __( 'This was sent before with another text, and that message has arrived. Look whether you want to send this one too.', 'jetonomy-sidecar' ),
			'tooLong'               => __( 'This message is too long.', 'jetonomy-sidecar' ),
		);
	}

	/**
	 * Texts with a number.
	 *
	 * @return array<string, array>
	 */
	private static function plurals(): array {
		return array(
			/* translators: %s: number of people in a group. */
			'people'         => _n_noop( '%s person', '%s people', 'jetonomy-sidecar' ),
			/* translators: %s: number of messages. */
			'newMessages'    => _n_noop( '%s new message', '%s new messages', 'jetonomy-sidecar' ),
			/* translators: %s: number of characters. */
			'charactersLeft' => _n_noop( '%s character left', '%s characters left', 'jetonomy-sidecar' ),
			/* translators: %s: number of characters. */
			'charactersOver' => _n_noop( '%s character too many', '%s characters too many', 'jetonomy-sidecar' ),
			/* translators: %s: number of characters. */
			'typeMore'       => _n_noop( 'Type at least %s character', 'Type at least %s characters', 'jetonomy-sidecar' ),
			/* translators: %s: number of people. */
			'groupFull'      => _n_noop( 'A group can have at most %s person, you included.', 'A group can have at most %s people, you included.', 'jetonomy-sidecar' ),
			/* translators: %s: number of people. */
			'addCount'       => _n_noop( 'Add %s person', 'Add %s people', 'jetonomy-sidecar' ),
		);
	}
}
