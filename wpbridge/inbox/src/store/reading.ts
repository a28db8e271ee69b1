import type { Conversation } from '../types.ts';
import { asFailure, isPassing } from '../data/problem.ts';
import { host } from '../data/host.ts';
import type { Change, Conversations } from './conversations.ts';

/** Seeing goes on while one scrolls: it is told to the service this much later. */
const DELAY = 300;
const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 120_000;

interface Seen {
	messageId: number;
	change: Change;
}

interface Options {
	conversations: Conversations;
	read: ( id: number, messageId: number, keepalive: boolean ) => Promise<Conversation>;
	/** Said at once when something is seen. */
	seen: ( id: number, messageId: number ) => void;
	/** Said when the service knows. */
	done: ( id: number ) => void;
	over: () => boolean;
}

/** A conversation as it is when it is read up to a message. */
const upTo =
	( messageId: number ): Change =>
	( conversation ) => {
		if ( messageId < conversation.last_read_message_id ) {
			return conversation;
		}
		const all = messageId >= conversation.last_message_id;
		return {
			...conversation,
			last_read_message_id: messageId,
			unread: all ? false : conversation.unread,
			unread_count: all ? 0 : conversation.unread_count,
		};
	};

/** What was seen, and tells the service: forward only, and many in a row as one. */
export class Reading {
	private readonly seen = new Map<number, Seen>();
	/** Marked as unread while it is open: seeing what is there does not count. */
	private readonly held = new Map<number, number>();
	private readonly timers = new Map<number, number>();
	private readonly telling = new Set<number>();
	private failures = 0;
	private active = false;

	constructor( private readonly options: Options ) {}

	see( id: number, messageId: number ): void {
		const { conversations } = this.options;
		const known = conversations.get( id );
		const before = this.seen.get( id );
		// What is only marked as unread is read again by seeing its end.
		const marked = known?.unread && messageId >= known.last_message_id;
		if (
			! known ||
			messageId <= ( this.held.get( id ) ?? 0 ) ||
			( messageId <= known.last_read_message_id && ! marked )
		) {
			return;
		}
		const change = upTo( messageId );
		this.seen.set( id, { messageId, change } );
		conversations.apply( id, change, before?.change );
		this.options.seen( id, messageId );
		this.schedule( id, DELAY );
	}

	/** Another tab saw it. */
	heard( id: number, messageId: number ): void {
		const { conversations } = this.options;
		const known = conversations.get( id );
		if ( known ) {
			conversations.amend( id, conversations.begin(), upTo( messageId )( known ) );
		}
	}

	/** What is there up to this message stays unread until the conversation is opened again. */
	hold( id: number, messageId: number ): void {
		this.held.set( id, messageId );
		const seen = this.seen.get( id );
		if ( seen ) {
			this.drop( id, seen );
		}
	}

	letGo(): void {
		this.held.clear();
	}

	start(): void {
		this.active = true;
		this.wake();
	}

	/** The network is back. */
	wake(): void {
		this.failures = 0;
		for ( const id of this.seen.keys() ) {
			this.schedule( id, 0 );
		}
	}

	/** The page may go away: tells all there is now. */
	flush(): void {
		for ( const id of [ ...this.seen.keys() ] ) {
			void this.tell( id, true );
		}
	}

	/** Tells what there is; what does not arrive waits for the next start. */
	stop(): void {
		this.flush();
		this.active = false;
		for ( const timer of this.timers.values() ) {
			host().clearTimeout( timer );
		}
		this.timers.clear();
	}

	private schedule( id: number, milliseconds: number ): void {
		const h = host();
		h.clearTimeout( this.timers.get( id ) ?? 0 );
		if ( ! this.active ) {
			return;
		}
		this.timers.set( id, h.setTimeout( () => void this.tell( id ), milliseconds ) );
	}

	private async tell( id: number, keepalive = false ): Promise<void> {
		const seen = this.seen.get( id );
		if ( ! seen || this.telling.has( id ) || this.options.over() ) {
			return;
		}
		host().clearTimeout( this.timers.get( id ) ?? 0 );
		this.telling.add( id );
		try {
			const answer = await this.options.read( id, seen.messageId, keepalive );
			this.failures = 0;
			if ( this.seen.get( id ) === seen ) {
				this.seen.delete( id );
				this.options.conversations.settle( id, seen.change, answer );
				this.options.done( id );
			} else if ( this.seen.has( id ) ) {
				this.schedule( id, 0 );
			}
		} catch ( error ) {
			const failure = asFailure( error );
			if ( isPassing( failure.kind ) ) {
				const wait = Math.min( FIRST_WAIT * 2 ** this.failures++, LONGEST_WAIT );
				this.schedule( id, Math.max( wait, failure.retryAfter * 1000 ) );
			} else if ( this.seen.get( id ) === seen ) {
				this.drop( id, seen );
			}
		} finally {
			this.telling.delete( id );
		}
	}

	private drop( id: number, seen: Seen ): void {
		this.seen.delete( id );
		this.options.conversations.undo( id, seen.change );
	}
}
