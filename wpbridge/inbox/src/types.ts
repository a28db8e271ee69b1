/**
 * The words that the parts of the inbox share: what the API answers, what the store keeps, what the page says
 * about itself. Shapes of the API: messaging/restapi/openapi.yaml.
 */

/** A member as others see them. id is 0, and login empty, for who is gone. */
export interface Person {
	id: number;
	login: string;
	display_name: string;
	avatar: string;
}

export interface Participant extends Person {
	joined_at: string | null;
	left_at: string | null;
}

/** A conversation as the reader sees it. Times are ISO 8601 in UTC. */
export interface Conversation {
	id: number;
	type: 'direct' | 'group';
	title: string;
	created_by: number;
	participants: Participant[];
	last_message_id: number;
	last_message_at: string | null;
	/** Plain text. */
	last_message_preview: string | null;
	/** Whether the newest message is the reader's: the preview says so. Older services do not tell. */
	last_message_is_own?: boolean;
	message_count: number;
	unread: boolean;
	unread_count: number;
	last_read_message_id: number;
	is_muted: boolean;
	is_archived: boolean;
	/** Whether the reader blocks the other side of a direct conversation. */
	is_blocked: boolean;
	left_at: string | null;
	created_at: string | null;
	updated_at: string | null;
}

export interface Message {
	id: number;
	conversation_id: number;
	sender_id: number;
	sender_name: string;
	sender_avatar: string;
	/** Sanitized HTML: only ui/content.ts inserts it. */
	content: string;
	content_plain: string;
	is_system: boolean;
	is_own: boolean;
	created_at: string | null;
}

/** A message that is on its way. It is kept on the device until the service has it. */
export interface Outgoing {
	/** The client key: the service never takes the same one twice. */
	key: string;
	conversationId: number;
	/** As typed. */
	text: string;
	/** Milliseconds since 1970. */
	typedAt: number;
	state: 'pending' | 'failed';
	problem: Problem | null;
}

/** Why somebody reports what they got. */
export type ReportReason = 'spam' | 'harassment' | 'threat' | 'illegal' | 'other';

export type Folder = 'inbox' | 'unread' | 'archived';

/**
 * Why something did not work, in kinds that a reader can do something about:
 * offline: the device has no network; unavailable: the service or the site does not answer (503, 5xx, time-out);
 * session: signed out; refused: not allowed (403), as `code` says; invalid: the input (400, 409, 413);
 * limited: too much, wait `retryAfter` seconds (429); off: private messages are switched off (404);
 * unknown: anything else.
 */
export interface Problem {
	kind: 'offline' | 'unavailable' | 'session' | 'refused' | 'invalid' | 'limited' | 'off' | 'unknown';
	/** The API's error code, '' where there was no answer. */
	code: string;
	/** The API's own words, in English: for when no translated text is known for `code`. */
	message: string;
	/** Seconds, 0 where nothing was said. */
	retryAfter: number;
}

export type Loading = 'loading' | 'ready' | 'failed';

/** A new object at every change: compare by identity. */
export interface ListState {
	folder: Folder;
	search: string;
	/** Newest activity first. */
	rows: readonly Conversation[];
	status: Loading;
	problem: Problem | null;
	hasMore: boolean;
	loadingMore: boolean;
}

/** A new object at every change. */
export interface ThreadState {
	id: number;
	/** null until it is known. */
	conversation: Conversation | null;
	/**
	 * Oldest first, without a gap, at most MESSAGES_KEPT: loading at one end lets go at the other, which sets
	 * hasNewer or hasOlder.
	 */
	messages: readonly Message[];
	/**
	 * What the reader sent and the service does not have yet, or is not in `messages` yet, oldest first. Belongs after
	 * the newest message: with hasNewer, there are others between.
	 */
	outgoing: readonly Outgoing[];
	status: Loading;
	problem: Problem | null;
	hasOlder: boolean;
	loadingOlder: boolean;
	/** Newer messages than the last one here exist. */
	hasNewer: boolean;
	loadingNewer: boolean;
	/** The "New" line stands before this message. Fixed when the thread is opened; 0 for no line. */
	firstUnreadId: number;
	/** Messages of others that came in since the end of the thread was last seen. */
	arrived: number;
}

/** The state of the connection, for one line at the top. */
export type Connection = 'ok' | 'offline' | 'unavailable' | 'session' | 'off';

/** What the page tells the element (attribute data-config, JSON), made in PHP by Member\Inbox_Config. */
export interface Config {
	/** The reader's id. */
	user: number;
	/** WordPress's REST root, which may have a query (?rest_route=/). */
	rest: string;
	/** Where the fast path would be: the site's /wp-json/. */
	direct: string;
	/** A nonce for wp_rest, and where to get a new one. */
	nonce: string;
	renew: string;
	/** Pages. `conversation` and `compose` have %s where the id or the login goes; `login` is WordPress's form. */
	urls: { inbox: string; conversation: string; compose: string; login: string };
	/** The longest message in characters, the largest group with its creator, the shortest search for members. */
	limits: { message: number; group: number; title: number; search: number };
	/** The conversation that the page's address names; 0 for none. */
	conversation: number;
	/** Whom the page's ?to= means; null without one, or when nobody is called so; false for the reader themselves. */
	to: Person | null | false;
	/** Whether the page's address has a ?to= at all: then the page is the new message. */
	compose: boolean;
	/** BCP 47. */
	locale: string;
	/** Milliseconds between two polls: an open thread, all else. */
	poll: { thread: number; list: number };
	/** Translations by key (see strings.ts); plural ones have their forms and, by number, which form it is. */
	strings: Record<string, string | { forms: string[]; index: string }>;
}

export type Unsubscribe = () => void;

/**
 * All that the elements of a page know, shared by all of them. It works (polls, listens) while somebody holds it.
 * Methods that change something show the change at once, take it back when the service refuses, and reject with
 * a Problem.
 */
export interface Store {
	readonly config: Config;
	readonly list: ListState;
	/** null while no thread is open. */
	readonly thread: ThreadState | null;
	/** Unread conversations in the inbox. */
	readonly unread: number;
	readonly connection: Connection;

	/** Calls back after every change, once per turn of the event loop. */
	subscribe( changed: () => void ): Unsubscribe;

	/** Shows a folder, or what a search finds in all of them; '' is none. */
	show( folder: Folder, search?: string ): void;
	loadMore(): Promise<void>;
	/** Asks again now, as after a failure. */
	refresh(): void;

	/** Opens a thread at its first unread message; conversations of the list are there at once. */
	open( id: number ): void;
	close(): void;
	loadOlder(): Promise<void>;
	loadNewer(): Promise<void>;
	/** Leaves the place in the thread and shows its end. */
	toNewest(): Promise<void>;
	/** The reader truly sees this message: the tab is visible and the thread is at it. Marks as read up to it. */
	seen( messageId: number ): void;

	/** Sends; the message is in `outgoing` before this returns, and a draft that says the same is over. */
	send( conversationId: number, text: string ): void;
	retry( key: string ): void;
	/** Lets go of a message that failed, and gives its text back. */
	discard( key: string ): string;
	/** `key` must be the same when the same wish is repeated. */
	start( recipients: number[], text: string, title: string, key: string ): Promise<Conversation>;
	suggest( query: string, signal: AbortSignal ): Promise<Person[]>;
	/** The direct conversation with a member, in whichever folder; null where there is none. */
	conversationWith( userId: number ): Promise<Conversation | null>;

	mute( id: number, on: boolean ): Promise<void>;
	archive( id: number, on: boolean ): Promise<void>;
	markUnread( id: number ): Promise<void>;
	readAll(): Promise<void>;
	rename( id: number, title: string ): Promise<void>;
	addPeople( id: number, recipients: number[] ): Promise<void>;
	leave( id: number ): Promise<void>;
	block( id: number, on: boolean ): Promise<void>;
	/** Brings a message, or with 0 the conversation, to the moderators. The same wish again needs the same key. */
	report( id: number, messageId: number, reason: ReportReason, note: string, key: string ): Promise<void>;

	/**
	 * What was typed and not sent, kept on the device by conversation; 0 is the new message, and -5 the one that the
	 * page's address begins to member 5. All tabs have the same: when another one changes it, subscribers are called.
	 */
	draft( id: number ): Draft;
	saveDraft( id: number, draft: Draft ): void;
	/** Puts a text behind what is typed in a conversation. */
	addToDraft( id: number, text: string ): void;

	/** Whether Enter sends (else Ctrl+Enter does), a setting of this device. */
	enterSends: boolean;
}

export interface Draft {
	text: string;
	/** Of a new message. */
	title?: string;
	recipients?: Person[];
	key?: string;
}

/** Messages of a thread that are kept at a time. */
export const MESSAGES_KEPT = 300;
