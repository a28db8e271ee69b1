import type { Conversation, Folder, Message, Person, ReportReason } from '../types.ts';
import { Failure } from './problem.ts';
import type { Ask, Transport } from './transport.ts';

/** Rows of a page of the list, and messages of a page of a thread. */
export const LIST_PAGE = 30;
export const THREAD_PAGE = 50;
/** The most rows the API gives at once. */
export const LARGEST_PAGE = 100;

const KEEPALIVE_CHARACTERS = 4_000;

const FILTERS: Record<Folder, string> = { inbox: 'active', unread: 'unread', archived: 'archived' };

export interface ConversationPage {
	rows: Conversation[];
	/** null on the last page. */
	next: string | null;
}

export interface MessagePage {
	/** Oldest first. */
	messages: Message[];
	/** Whether there are more in the direction that was asked for. */
	hasMore: boolean;
	/** The conversation's state when the page was read. */
	lastMessageId: number;
	lastReadId: number;
	unread: boolean;
}

/** Which messages: the newest without any. */
export interface Place {
	before?: number;
	after?: number;
}

interface Wire<T> {
	data: T[];
	meta: { has_more: boolean; cursor_next: string | null; last_message_id?: number; last_read_message_id?: number; unread?: boolean };
}

/** The API of messaging/restapi/openapi.yaml, as far as the inbox uses it. Answers have at least what types.ts says. */
export class Api {
	constructor( private readonly transport: Transport ) {}

	async conversations( folder: Folder, search: string, cursor: string | null, signal?: AbortSignal ): Promise<ConversationPage> {
		const { data, meta } = await this.list<Conversation>( 'conversations', {
			query: {
				filter: search === '' ? FILTERS[ folder ] : 'all',
				search: search === '' ? undefined : search,
				limit: LIST_PAGE,
				cursor: cursor ?? undefined,
			},
			signal,
		} );
		return { rows: data, next: meta.has_more ? meta.cursor_next : null };
	}

	conversation( id: number, signal?: AbortSignal ): Promise<Conversation> {
		return this.transport.request( 'GET', `conversations/${ id }`, { signal } );
	}

	/** The direct conversation with a member, in whichever folder. */
	async conversationWith( userId: number ): Promise<Conversation | undefined> {
		const { data } = await this.list<Conversation>( 'conversations', { query: { filter: 'all', with: userId } } );
		return data[ 0 ];
	}

	async messages( id: number, place: Place, limit: number, signal?: AbortSignal ): Promise<MessagePage> {
		const { data, meta } = await this.list<Message>( `conversations/${ id }/messages`, {
			query: { ...place, limit, mark_read: false },
			signal,
		} );
		const messages = data.sort( ( a, b ) => a.id - b.id );
		return {
			messages,
			hasMore: meta.has_more,
			lastMessageId: meta.last_message_id ?? messages.at( -1 )?.id ?? 0,
			lastReadId: meta.last_read_message_id ?? 0,
			unread: meta.unread ?? false,
		};
	}

	async unreadCount( signal?: AbortSignal ): Promise<number> {
		const { count } = await this.transport.request<{ count?: unknown }>( 'GET', 'conversations/unread-count', { signal } );
		if ( typeof count !== 'number' || ! Number.isInteger( count ) ) {
			throw new Failure( 'unavailable' );
		}
		return count;
	}

	async suggest( query: string, signal: AbortSignal ): Promise<Person[]> {
		const { data } = await this.list<Person>( 'messaging/recipient-suggestions', { query: { q: query, limit: 10 }, signal } );
		return data;
	}

	start( recipients: number[], text: string, title: string, key: string ): Promise<Conversation> {
		const body = { recipients, message: text, ...( title !== '' && { title } ) };
		return this.transport.request( 'POST', 'conversations', { body, key } );
	}

	send( id: number, text: string, key: string ): Promise<Message> {
		return this.transport.request( 'POST', `conversations/${ id }/messages`, {
			body: { content: text },
			key,
			// Browsers let 64 KiB go on when a page goes away.
			keepalive: text.length < KEEPALIVE_CHARACTERS,
		} );
	}

	read( id: number, messageId: number, keepalive = false ): Promise<Conversation> {
		return this.change( id, 'read', { message_id: messageId }, { keepalive } );
	}

	markUnread( id: number, key: string ): Promise<Conversation> {
		return this.change( id, 'read', { unread: true }, { key } );
	}

	/** How many are unread still. */
	async readAll(): Promise<number> {
		const { count } = await this.transport.request<{ count: number }>( 'POST', 'conversations/read-all', { body: {} } );
		return count;
	}

	mute( id: number, on: boolean, key: string ): Promise<Conversation> {
		return this.change( id, 'mute', { muted: on }, { key } );
	}

	archive( id: number, on: boolean, key: string ): Promise<Conversation> {
		return this.change( id, 'archive', { archived: on }, { key } );
	}

	block( id: number, on: boolean, key: string ): Promise<Conversation> {
		return this.change( id, 'block', { blocked: on }, { key } );
	}

	addPeople( id: number, recipients: number[], key: string ): Promise<Conversation> {
		return this.change( id, 'participants', { recipients }, { key } );
	}

	rename( id: number, title: string, key: string ): Promise<Conversation> {
		return this.transport.request( 'PATCH', `conversations/${ id }`, { body: { title }, key } );
	}

	async leave( id: number, key: string ): Promise<void> {
		await this.transport.request( 'POST', `conversations/${ id }/leave`, { body: {}, key } );
	}

	async report( id: number, messageId: number, reason: ReportReason, note: string, key: string ): Promise<void> {
		const body = { reason, ...( messageId > 0 && { message_id: messageId } ), ...( note !== '' && { note } ) };
		await this.transport.request( 'POST', `conversations/${ id }/report`, { body, key } );
	}

	private change( id: number, what: string, body: Record<string, unknown>, ask: Ask ): Promise<Conversation> {
		return this.transport.request( 'POST', `conversations/${ id }/${ what }`, { ...ask, body } );
	}

	private async list<T>( path: string, ask: Ask ): Promise<Wire<T>> {
		const answer = await this.transport.request<Wire<T>>( 'GET', path, ask );
		if ( ! Array.isArray( answer.data ) || typeof answer.meta !== 'object' ) {
			throw new Failure( 'unavailable' );
		}
		return answer;
	}
}
