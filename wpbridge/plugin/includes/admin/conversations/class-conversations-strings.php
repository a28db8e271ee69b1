<?php
/**
 * The texts of the page Conversations.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin\Conversations;

use WP_Locale;

use Jetonomy_Sidecar\Plural_Forms;

defined( 'ABSPATH' ) || exit;

/**
 * Every text of the page that the service makes, in the language of whoever looks. The keys, and the English
 * texts, are also in messaging/adminpage/testdata/strings.json, which the service's tests render with.
 */
final class Conversations_Strings {

	/**
	 * The texts by key. One with a number has its forms, and for each number up to 199 a digit that says which.
	 *
	 * @return array<string, string|array{forms: string[], index: string}>
	 */
	public static function all(): array {
		return array_merge(
			self::places(),
			self::list_texts(),
			self::detail_texts(),
			self::purge_texts(),
			self::report_texts(),
			self::log_texts(),
			self::refusals(),
			self::calendar(),
			array_map( array( Plural_Forms::class, 'of' ), self::plurals() )
		);
	}

	/**
	 * What all views have.
	 *
	 * @return array<string, string>
	 */
	private static function places(): array {
		return array(
			'title_conversations' => __( 'Conversations', 'jetonomy-sidecar' ),
			'sections'            => __( 'Sections', 'jetonomy-sidecar' ),
			'tab_list'            => __( 'Conversations', 'jetonomy-sidecar' ),
			'tab_reports'         => __( 'Reports', 'jetonomy-sidecar' ),
			'tab_log'             => __( 'Access log', 'jetonomy-sidecar' ),
			'back_to_start'       => __( 'Back to the beginning', 'jetonomy-sidecar' ),
			'back_to_list'        => __( 'All conversations', 'jetonomy-sidecar' ),
			'back_to_reports'     => __( 'All reports', 'jetonomy-sidecar' ),
			'show_more'           => __( 'Show more details', 'jetonomy-sidecar' ),
			'newest'              => __( 'Newest', 'jetonomy-sidecar' ),
			'newer'               => __( 'Newer', 'jetonomy-sidecar' ),
			'older'               => __( 'Older', 'jetonomy-sidecar' ),
			'filter'              => __( 'Filter', 'jetonomy-sidecar' ),
			'filter_clear'        => __( 'Show all', 'jetonomy-sidecar' ),
			'filter_member_hint'  => __( 'Login', 'jetonomy-sidecar' ),
			/* translators: %s: what somebody typed. */
			'no_such_member'      => __( 'There is no member with the login “%s”.', 'jetonomy-sidecar' ),
			'jump_to'             => __( 'Jump to date', 'jetonomy-sidecar' ),
			'cancel'              => __( 'Cancel', 'jetonomy-sidecar' ),
			'about'               => __( 'About', 'jetonomy-sidecar' ),

			// People and numbers.
			'deleted_user'        => __( 'Deleted user', 'jetonomy-sidecar' ),
			/* translators: %s: a user id. */
			'deleted_user_number' => __( 'Deleted user (%s)', 'jetonomy-sidecar' ),
			/* translators: %s: the id of a conversation. */
			'conversation_number' => __( 'Conversation %s', 'jetonomy-sidecar' ),
			/* translators: %s: the id of a message. */
			'message_number'      => _x( 'Message %s', 'a message by its number', 'jetonomy-sidecar' ),
			/* translators: %s: the id of a report. */
			'report_number'       => _x( 'Report %s', 'a report by its number', 'jetonomy-sidecar' ),
			/* translators: 1: names, 2: how many more there are. */
			'names_more'          => __( '%1$s and %2$s more', 'jetonomy-sidecar' ),
			/* translators: What separates the names of a list. */
			'comma'               => __( ', ', 'jetonomy-sidecar' ),
			/* translators: %s: a number with one decimal. */
			'percent'             => __( '%s %%', 'jetonomy-sidecar' ),
			'never'               => __( 'Not known', 'jetonomy-sidecar' ),
			/* translators: 1: a date, 2: a time of the day. */
			'date_time'           => __( '%1$s at %2$s', 'jetonomy-sidecar' ),
			/* translators: A short date in a table, see https://www.php.net/manual/datetime.format.php */
			'date_table'          => __( 'Y/m/d', 'jetonomy-sidecar' ),

			// Why.
			'reason'                 => __( 'Reason', 'jetonomy-sidecar' ),
			'choose'                 => __( 'Choose …', 'jetonomy-sidecar' ),
			'reason_abuse_report'    => __( 'Abuse report', 'jetonomy-sidecar' ),
			'reason_privacy_request' => __( 'Privacy request', 'jetonomy-sidecar' ),
			'reason_court_order'     => __( 'Court order', 'jetonomy-sidecar' ),
			'reason_health_check'    => __( 'Health check', 'jetonomy-sidecar' ),
			'reason_other'           => __( 'Other', 'jetonomy-sidecar' ),
			'reason_note'            => __( 'In words', 'jetonomy-sidecar' ),
			'reason_note_hint'       => __( 'For example the number of the case. “Other” needs it. It is kept in the access log.', 'jetonomy-sidecar' ),
		);
	}

	/**
	 * The list and what is on top of it.
	 *
	 * @return array<string, string>
	 */
	private static function list_texts(): array {
		return array(
			'list_heading'         => __( 'List of conversations', 'jetonomy-sidecar' ),
			'column_title'         => __( 'Conversation', 'jetonomy-sidecar' ),
			'column_id'            => __( 'ID', 'jetonomy-sidecar' ),
			'column_type'          => __( 'Type', 'jetonomy-sidecar' ),
			'column_participants'  => __( 'Participants', 'jetonomy-sidecar' ),
			'column_messages'      => __( 'Messages', 'jetonomy-sidecar' ),
			'column_created'       => __( 'Created', 'jetonomy-sidecar' ),
			'column_activity'      => __( 'Last activity', 'jetonomy-sidecar' ),
			'column_reports'       => __( 'Open reports', 'jetonomy-sidecar' ),
			'sort_descending'      => __( 'Sort descending.', 'jetonomy-sidecar' ),
			'type_any'             => __( 'All types', 'jetonomy-sidecar' ),
			'type_direct'          => __( 'Direct', 'jetonomy-sidecar' ),
			'type_group'           => __( 'Group', 'jetonomy-sidecar' ),
			'filter_member'        => __( 'Member', 'jetonomy-sidecar' ),
			'filter_type'          => __( 'Filter by type', 'jetonomy-sidecar' ),
			'filter_from'          => __( 'Active from', 'jetonomy-sidecar' ),
			'filter_until'         => __( 'until', 'jetonomy-sidecar' ),
			'search_title'         => __( 'Search titles', 'jetonomy-sidecar' ),
			'select_all'           => __( 'Select all', 'jetonomy-sidecar' ),
			/* translators: %s: a conversation. */
			'select_one'           => __( 'Select %s', 'jetonomy-sidecar' ),
			'open'                 => __( 'Open', 'jetonomy-sidecar' ),
			/* translators: %s: a conversation. */
			'open_one'             => __( 'Open %s', 'jetonomy-sidecar' ),
			'held'                 => __( 'Legal hold', 'jetonomy-sidecar' ),
			'no_reports'           => __( 'No open reports', 'jetonomy-sidecar' ),
			'none_at_all'          => __( 'Nobody has written a private message yet.', 'jetonomy-sidecar' ),
			'none_found'           => __( 'No conversation matches.', 'jetonomy-sidecar' ),
			'none_before'          => __( 'There are no conversations before that.', 'jetonomy-sidecar' ),
			'none_after'           => __( 'There are no conversations after that.', 'jetonomy-sidecar' ),
			'none_yet'             => __( 'Nothing found so far.', 'jetonomy-sidecar' ),
			'partial'              => __( 'There are more conversations to look at.', 'jetonomy-sidecar' ),
			'search_on'            => __( 'Search on', 'jetonomy-sidecar' ),
			'page_first'           => __( 'First page', 'jetonomy-sidecar' ),
			'page_previous'        => __( 'Previous page', 'jetonomy-sidecar' ),
			'page_next'            => __( 'Next page', 'jetonomy-sidecar' ),
			'glance'               => __( 'At a glance', 'jetonomy-sidecar' ),
			'glance_conversations' => __( 'Conversations', 'jetonomy-sidecar' ),
			'glance_messages'      => __( 'Messages', 'jetonomy-sidecar' ),
			'glance_active'        => __( 'Members who wrote in 30 days', 'jetonomy-sidecar' ),
			'glance_unread'        => __( 'Unread', 'jetonomy-sidecar' ),
			'glance_backlog'       => __( 'Waiting for delivery to WordPress', 'jetonomy-sidecar' ),
			'glance_counting'      => __( 'Some numbers are being counted for the first time. They will be here in a few minutes.', 'jetonomy-sidecar' ),
			/* translators: %s: a date and time. */
			'glance_as_of'         => __( 'Counted in the background; the oldest number is of %s.', 'jetonomy-sidecar' ),
			/* translators: %s: a number. */
			'or_more'              => __( '%s or more', 'jetonomy-sidecar' ),
			'chart_counting'       => __( 'The messages of the last 30 days are being counted.', 'jetonomy-sidecar' ),
			'chart_table'          => __( 'As a table', 'jetonomy-sidecar' ),
			'day'                  => __( 'Day (UTC)', 'jetonomy-sidecar' ),
			'done_nothing'         => __( 'There was nothing to delete any more.', 'jetonomy-sidecar' ),
			'done_purged'          => __( 'Conversation purged', 'jetonomy-sidecar' ),
			'done_held'            => __( 'The conversation is under a legal hold now.', 'jetonomy-sidecar' ),
			'done_released'        => __( 'The legal hold is lifted. If a member of the conversation was erased meanwhile, their messages in it are erased within a minute.', 'jetonomy-sidecar' ),
		);
	}

	/**
	 * A conversation.
	 *
	 * @return array<string, string>
	 */
	private static function detail_texts(): array {
		return array(
			'why_open'          => __( 'Why do you open this conversation?', 'jetonomy-sidecar' ),
			'why_open_text'     => __( 'These are private messages of members. Say first why you read them. Your reason, your name and the time are written into the access log, and so is each page that you open. The reason holds until you have not looked for half an hour.', 'jetonomy-sidecar' ),
			'open_thread'       => __( 'Open the conversation', 'jetonomy-sidecar' ),
			'thread'            => __( 'Messages', 'jetonomy-sidecar' ),
			/* translators: %s: a reason, such as “Court order”. */
			'visit_reason'      => __( 'Your reason: %s.', 'jetonomy-sidecar' ),
			'visit_logged'      => __( 'Each page that you open is logged.', 'jetonomy-sidecar' ),
			'search_thread'     => __( 'Search messages', 'jetonomy-sidecar' ),
			'jump'              => __( 'Go', 'jetonomy-sidecar' ),
			'column_sender'     => __( 'Sender', 'jetonomy-sidecar' ),
			'column_message'    => __( 'Message', 'jetonomy-sidecar' ),
			'column_sent'       => __( 'Sent', 'jetonomy-sidecar' ),
			'system_note'       => __( 'Note', 'jetonomy-sidecar' ),
			'show_whole'        => __( 'Show the whole text', 'jetonomy-sidecar' ),
			'none_written'      => __( 'Nothing was written here yet.', 'jetonomy-sidecar' ),
			'none_older'        => __( 'There are no messages before that.', 'jetonomy-sidecar' ),
			'none_found_thread' => __( 'No message matches.', 'jetonomy-sidecar' ),
			'none_yet_thread'   => __( 'Nothing found so far.', 'jetonomy-sidecar' ),
			'partial_thread'    => __( 'There are more messages to look at: go on to the older ones.', 'jetonomy-sidecar' ),
			'log_of_this'       => __( 'Who has opened it', 'jetonomy-sidecar' ),
			/* translators: %s: a date. */
			'joined'            => __( 'Joined %s', 'jetonomy-sidecar' ),
			/* translators: %s: a date. */
			'left'              => __( 'Left %s', 'jetonomy-sidecar' ),
			'export'            => __( 'Export', 'jetonomy-sidecar' ),
			'export_text'       => __( 'All messages with their senders and times, for a privacy request or a court. It is logged.', 'jetonomy-sidecar' ),
			'export_json'       => __( 'Export as JSON', 'jetonomy-sidecar' ),
			'export_csv'        => __( 'Export as CSV', 'jetonomy-sidecar' ),
			'hold'              => __( 'Legal hold', 'jetonomy-sidecar' ),
			'hold_text'         => __( 'While it is on, nothing of the conversation is deleted: not by hand, not by retention, and not when a member’s data is erased: that is made up for when the hold is lifted. What is the hold for?', 'jetonomy-sidecar' ),
			'hold_do'           => __( 'Put under a hold', 'jetonomy-sidecar' ),
			/* translators: 1: a date and time, 2: a name. */
			'held_since'        => __( 'Since %1$s, by %2$s. Nothing of the conversation is deleted until it is lifted.', 'jetonomy-sidecar' ),
			'release'           => __( 'Lift the hold', 'jetonomy-sidecar' ),
			'purge_this'        => __( 'Delete permanently …', 'jetonomy-sidecar' ),
		);
	}

	/**
	 * Deleting.
	 *
	 * @return array<string, string>
	 */
	private static function purge_texts(): array {
		return array(
			'title_purge'        => __( 'Delete permanently', 'jetonomy-sidecar' ),
			'bulk'               => __( 'Bulk actions', 'jetonomy-sidecar' ),
			'bulk_choose'        => __( 'Select bulk action', 'jetonomy-sidecar' ),
			'bulk_do'            => __( 'Apply', 'jetonomy-sidecar' ),
			'bulk_purge'         => __( 'Delete permanently …', 'jetonomy-sidecar' ),
			'purge'              => __( 'Delete permanently', 'jetonomy-sidecar' ),
			/* translators: %s: a conversation. */
			'purge_one'          => __( 'Delete permanently: %s', 'jetonomy-sidecar' ),
			'purge_question'     => __( 'Permanently delete this conversation for all participants?', 'jetonomy-sidecar' ),
			'purge_forever'      => __( 'It cannot be undone. Blocks between members stay as they are.', 'jetonomy-sidecar' ),
			'purge_none'         => __( 'No conversation is selected.', 'jetonomy-sidecar' ),
			'purge_gone'         => __( 'What was selected is not there any more.', 'jetonomy-sidecar' ),
			'held_stays'         => __( 'Legal hold, stays', 'jetonomy-sidecar' ),
			'continue'           => __( 'Continue', 'jetonomy-sidecar' ),
			'stop_here'          => __( 'Stop here', 'jetonomy-sidecar' ),
			/* translators: 1: how many are deleted, 2: of how many. */
			'progress_of'        => __( '%1$s of %2$s deleted.', 'jetonomy-sidecar' ),
			/* translators: %s: a member's name. */
			'title_member'       => __( 'Conversations of %s', 'jetonomy-sidecar' ),
			'list_of_member'     => __( 'List the conversations', 'jetonomy-sidecar' ),
			'export_member_text' => __( 'All that this member sent and could read, in all conversations. It is logged.', 'jetonomy-sidecar' ),
			'purge_member'       => __( 'Delete all conversations of this member', 'jetonomy-sidecar' ),
			'purge_member_none'  => __( 'This member has no conversations.', 'jetonomy-sidecar' ),
			'purge_member_show'  => __( 'Show what goes', 'jetonomy-sidecar' ),
			'purge_member_do'    => __( 'Delete all permanently', 'jetonomy-sidecar' ),
		);
	}

	/**
	 * Reports.
	 *
	 * @return array<string, string>
	 */
	private static function report_texts(): array {
		return array(
			'title_reports'        => __( 'Reports', 'jetonomy-sidecar' ),
			/* translators: %s: a number. */
			'title_report'         => __( 'Report %s', 'jetonomy-sidecar' ),
			'reports_heading'      => __( 'List of reports', 'jetonomy-sidecar' ),
			'reports_open'         => _x( 'Open', 'reports', 'jetonomy-sidecar' ),
			'reports_closed'       => _x( 'Closed', 'reports', 'jetonomy-sidecar' ),
			'reports_none_open'    => __( 'There is nothing to review.', 'jetonomy-sidecar' ),
			'reports_none_closed'  => __( 'No report was closed yet.', 'jetonomy-sidecar' ),
			'column_reported'      => __( 'Reported member', 'jetonomy-sidecar' ),
			'column_reporter'      => __( 'Reported by', 'jetonomy-sidecar' ),
			'column_reason'        => __( 'Reason', 'jetonomy-sidecar' ),
			'column_reported_at'   => __( 'Reported on', 'jetonomy-sidecar' ),
			'column_decision'      => __( 'Decision', 'jetonomy-sidecar' ),
			'report_review'        => __( 'Review', 'jetonomy-sidecar' ),
			'report_show'          => __( 'Show', 'jetonomy-sidecar' ),
			/* translators: %s: a number. */
			'report_open_one'      => __( 'Report %s', 'jetonomy-sidecar' ),
			'report_about'         => __( 'What was reported', 'jetonomy-sidecar' ),
			'report_message'       => __( 'A message', 'jetonomy-sidecar' ),
			'report_whole'         => __( 'The conversation', 'jetonomy-sidecar' ),
			'report_note'          => __( 'In the words of the reporter', 'jetonomy-sidecar' ),
			'report_conversation'  => __( 'Go to the conversation', 'jetonomy-sidecar' ),
			'report_spam'          => __( 'Spam', 'jetonomy-sidecar' ),
			'report_harassment'    => __( 'Harassment', 'jetonomy-sidecar' ),
			'report_threat'        => __( 'Threat', 'jetonomy-sidecar' ),
			'report_illegal'       => __( 'Illegal content', 'jetonomy-sidecar' ),
			'report_other'         => __( 'Something else', 'jetonomy-sidecar' ),
			'sealed'               => __( 'As it was when it was reported', 'jetonomy-sidecar' ),
			/* translators: %s: number of days. */
			'sealed_text'          => __( 'The reported message and those just before it, kept as they were. %s days after the decision the texts are deleted. That you looked at them is logged.', 'jetonomy-sidecar' ),
			/* translators: %s: number of days. */
			'sealed_whole_text'    => __( 'The newest messages of the conversation when it was reported, kept as they were. %s days after the decision the texts are deleted. That you looked at them is logged.', 'jetonomy-sidecar' ),
			'sealed_gone'          => __( 'The texts were deleted some time after the decision.', 'jetonomy-sidecar' ),
			'reported_this'        => __( 'Reported', 'jetonomy-sidecar' ),
			'decide'               => __( 'Decide', 'jetonomy-sidecar' ),
			'decide_text'          => __( 'Whoever reported it is told that it was reviewed. The reported member never learns who it was.', 'jetonomy-sidecar' ),
			'whom'                 => __( 'Whom does it concern?', 'jetonomy-sidecar' ),
			'dismiss'              => __( 'Dismiss', 'jetonomy-sidecar' ),
			'warn'                 => __( 'Warn', 'jetonomy-sidecar' ),
			'warn_text'            => __( 'The member is told to keep to the rules.', 'jetonomy-sidecar' ),
			'silence_for'          => __( 'Silence for', 'jetonomy-sidecar' ),
			'silence'              => __( 'Silence', 'jetonomy-sidecar' ),
			'silence_text'         => __( 'The member can read, but write nothing in the whole community.', 'jetonomy-sidecar' ),
			'until_lifted'         => __( 'until somebody lifts it', 'jetonomy-sidecar' ),
			'silenced_forever'     => __( 'Silenced until somebody lifts it', 'jetonomy-sidecar' ),
			'decision_dismissed'   => __( 'Dismissed', 'jetonomy-sidecar' ),
			'decision_warned'      => __( 'Warned', 'jetonomy-sidecar' ),
			/* translators: 1: a moderator's name, 2: a date and time. */
			'decided_by'           => __( '%1$s, %2$s', 'jetonomy-sidecar' ),
			'done_dismissed'       => __( 'The report is dismissed.', 'jetonomy-sidecar' ),
			'done_warned'          => __( 'The member is warned.', 'jetonomy-sidecar' ),
			'done_silenced'        => __( 'The member is silenced.', 'jetonomy-sidecar' ),
			'done_decided_before'  => __( 'Somebody else has decided this report meanwhile.', 'jetonomy-sidecar' ),
		);
	}

	/**
	 * The access log.
	 *
	 * @return array<string, string>
	 */
	private static function log_texts(): array {
		return array(
			'title_log'        => __( 'Access log', 'jetonomy-sidecar' ),
			'log_text'         => __( 'Who looked at members’ conversations, when and why. Each row carries the hash of the one before, so that no row can be changed or cut out unnoticed.', 'jetonomy-sidecar' ),
			'verify'           => __( 'Verify the log', 'jetonomy-sidecar' ),
			'verify_long'      => __( 'The log is too long to be verified while you wait. Run this on the server: jetonomy-sidecar audit verify', 'jetonomy-sidecar' ),
			'verify_empty'     => __( 'The log is empty.', 'jetonomy-sidecar' ),
			/* translators: %s: the number of a row. */
			'verify_broken'    => __( 'The log was changed: row %s is not as it was written, or rows before it are missing. Compare it with the service’s own log and with a backup.', 'jetonomy-sidecar' ),
			/* translators: %s: the number of a row. */
			'verify_cut'       => __( 'The log was changed: rows behind row %s are missing. Compare it with the service’s own log and with a backup.', 'jetonomy-sidecar' ),
			/* translators: %s: a date, as 2026-01-31. */
			'inactive_since'   => __( 'Inactive since %s', 'jetonomy-sidecar' ),
			/* translators: %s: a date, as 2026-01-31. */
			'inactive_since_command' => __( 'By the command line: inactive since %s', 'jetonomy-sidecar' ),
			'log_user'         => __( 'By', 'jetonomy-sidecar' ),
			'log_conversation' => __( 'Conversation', 'jetonomy-sidecar' ),
			'log_none'         => __( 'Nobody has looked at anything yet.', 'jetonomy-sidecar' ),
			'log_none_found'   => __( 'No row matches.', 'jetonomy-sidecar' ),
			'column_when'      => __( 'When', 'jetonomy-sidecar' ),
			'column_who'       => __( 'Who', 'jetonomy-sidecar' ),
			'column_action'    => __( 'What', 'jetonomy-sidecar' ),
			'column_about'     => __( 'About', 'jetonomy-sidecar' ),
			'column_why'       => __( 'Why', 'jetonomy-sidecar' ),
			'column_hash'      => __( 'Hash', 'jetonomy-sidecar' ),
			/* translators: %s: the number of a row. */
			'entry_number'     => __( 'Row %s', 'jetonomy-sidecar' ),
			'the_service'      => __( 'The service itself', 'jetonomy-sidecar' ),
			'action_open'      => __( 'Opened', 'jetonomy-sidecar' ),
			'action_text'      => __( 'Read a whole text', 'jetonomy-sidecar' ),
			'action_search'    => __( 'Searched', 'jetonomy-sidecar' ),
			'action_export'    => __( 'Exported', 'jetonomy-sidecar' ),
			'action_purge'     => __( 'Deleted permanently', 'jetonomy-sidecar' ),
			'action_hold'      => __( 'Put under a legal hold', 'jetonomy-sidecar' ),
			'action_release'   => __( 'Lifted the legal hold', 'jetonomy-sidecar' ),
			'action_report'    => __( 'Opened a report', 'jetonomy-sidecar' ),
			'action_decide'    => __( 'Decided a report', 'jetonomy-sidecar' ),
			'action_retention' => __( 'Deleted by retention', 'jetonomy-sidecar' ),
		);
	}

	/**
	 * What the service refuses, by its code and, where that says more, the parameter.
	 *
	 * @return array<string, string>
	 */
	private static function refusals(): array {
		return array(
			'error_jetonomy_reason_needed'           => __( 'Say first why.', 'jetonomy-sidecar' ),
			'error_jetonomy_conversation_held'       => __( 'This conversation is under a legal hold. Lift the hold first.', 'jetonomy-sidecar' ),
			'error_jetonomy_not_found'               => __( 'This does not exist, or not any more.', 'jetonomy-sidecar' ),
			'error_jetonomy_account_gone'            => __( 'The account of the reported member is gone. There is nobody to warn or to silence; dismiss the report.', 'jetonomy-sidecar' ),
			'error_jetonomy_cannot_ban_admin'        => __( 'Administrators cannot be silenced.', 'jetonomy-sidecar' ),
			'error_jetonomy_cannot_ban_moderator'    => __( 'Only an administrator can silence a moderator.', 'jetonomy-sidecar' ),
			'error_rest_invalid_param_reason'        => __( 'Say why: this is missing, or not one of the reasons.', 'jetonomy-sidecar' ),
			'error_rest_invalid_param_note'          => __( 'Say in words why. At most 500 characters are kept.', 'jetonomy-sidecar' ),
			'error_rest_invalid_param_cursor'        => __( 'This link to a page of the list is not valid any more. Start at the first page.', 'jetonomy-sidecar' ),
			'error_rest_invalid_param_decision'      => __( 'Dismiss the report, warn the member or silence them.', 'jetonomy-sidecar' ),
			'error_rest_invalid_param_member'        => __( 'Choose whom to warn or to silence.', 'jetonomy-sidecar' ),
			'error_rest_invalid_param_days'          => __( 'Say for how long.', 'jetonomy-sidecar' ),
		);
	}

	/**
	 * What dates are written with. Months have a genitive where WordPress declines them.
	 *
	 * @return array<string, string>
	 */
	private static function calendar(): array {
		global $wp_locale;

		$locale = $wp_locale instanceof WP_Locale ? $wp_locale : new WP_Locale();
		$names  = array();

		// Only WordPress knows in which languages it does.
		$january  = $locale->get_month( 1 );
		$declines = "1 $january" !== wp_maybe_decline_date( "1 $january", 'j F' );

		for ( $month = 1; $month <= 12; $month++ ) {
			$name                          = $locale->get_month( $month );
			$names[ "month_$month" ]       = $name;
			$names[ "month_short_$month" ] = $locale->get_month_abbrev( $name );

			if ( $declines ) {
				$names[ "month_genitive_$month" ] = $locale->month_genitive[ zeroise( $month, 2 ) ];
			}
		}

		for ( $day = 0; $day < 7; $day++ ) {
			$name                       = $locale->get_weekday( $day );
			$names[ "day_$day" ]       = $name;
			$names[ "day_short_$day" ] = $locale->get_weekday_abbrev( $name );
		}

		foreach ( array( 'am', 'pm', 'AM', 'PM' ) as $half ) {
			$names[ "meridiem_$half" ] = $locale->get_meridiem( $half );
		}

		return $names;
	}

	/**
	 * Texts with a number.
	 *
	 * @return array<string, array>
	 */
	private static function plurals(): array {
		return array(
			/* translators: %s: number of people. */
			'people'              => _n_noop( '%s participant', '%s participants', 'jetonomy-sidecar' ),
			/* translators: %s: number of people. */
			'people_more'         => _n_noop( 'and %s more', 'and %s more', 'jetonomy-sidecar' ),
			/* translators: %s: number of messages. */
			'messages'            => _n_noop( '%s message', '%s messages', 'jetonomy-sidecar' ),
			/* translators: %s: number of days. */
			'days'                => _n_noop( '%s day', '%s days', 'jetonomy-sidecar' ),
			/* translators: %s: number of reports. */
			'open_reports'        => _n_noop( '%s open report', '%s open reports', 'jetonomy-sidecar' ),
			/* translators: %s: number of messages. */
			'chart_caption'       => _n_noop( '%s message sent in the last 30 days (UTC), deleted or not', '%s messages sent in the last 30 days (UTC), deleted or not', 'jetonomy-sidecar' ),
			/* translators: %s: number of messages. */
			'chart_label'         => _n_noop( 'Messages per day for 30 days, at most %s', 'Messages per day for 30 days, at most %s', 'jetonomy-sidecar' ),
			/* translators: %s: number of events. */
			'glance_parked'       => _n_noop( '%s failed', '%s failed', 'jetonomy-sidecar' ),
			/* translators: %s: number of conversations. */
			'done_purged_many'    => _n_noop( '%s conversation purged', '%s conversations purged', 'jetonomy-sidecar' ),
			/* translators: %s: number of conversations. */
			'done_held_back'      => _n_noop( '%s conversation is under a legal hold and was left.', '%s conversations are under a legal hold and were left.', 'jetonomy-sidecar' ),
			/* translators: %s: number of conversations. */
			'purge_question_many' => _n_noop( 'Permanently delete %s conversation for all participants?', 'Permanently delete these %s conversations for all participants?', 'jetonomy-sidecar' ),
			/* translators: %s: number of messages. */
			'purge_what'          => _n_noop( '%s message goes, with all that belongs to it: notifications, mails that wait, and what each participant has read.', '%s messages go, with all that belongs to them: notifications, mails that wait, and what each participant has read.', 'jetonomy-sidecar' ),
			/* translators: %s: number of conversations. */
			'purge_held'          => _n_noop( '%s conversation is under a legal hold and stays.', '%s conversations are under a legal hold and stay.', 'jetonomy-sidecar' ),
			/* translators: %s: number of conversations. */
			'purge_member_what'   => _n_noop( '%s conversation is deleted for all participants.', '%s conversations are deleted for all participants.', 'jetonomy-sidecar' ),
			/* translators: %s: number of conversations. */
			'purge_member_more'   => _n_noop( 'More than %s conversation is deleted for all participants.', 'More than %s conversations are deleted for all participants.', 'jetonomy-sidecar' ),
			/* translators: %s: number of conversations. */
			'progress'            => _n_noop( '%s conversation deleted so far.', '%s conversations deleted so far.', 'jetonomy-sidecar' ),
			/* translators: %s: number of days. */
			'silenced_days'       => _n_noop( 'Silenced for %s day', 'Silenced for %s days', 'jetonomy-sidecar' ),
			/* translators: 1: number of rows, 2: number of the newest row, 3: its hash. */
			'verify_unchanged'    => _n_noop( '%1$s row, unchanged; the newest is %2$s:%3$s', '%1$s rows, unchanged; the newest is %2$s:%3$s', 'jetonomy-sidecar' ),
		);
	}
}
