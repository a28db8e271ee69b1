import { MESSAGES_KEPT, type Message, type Outgoing, type ThreadState } from '../types.ts';
import { LARGEST_PAGE, THREAD_PAGE, type Api, type MessagePage, type Place } from '../data/api.ts';
import { asFailure } from '../data/problem.ts';
import type { Conversations } from './conversations.ts';

type Status = Pick<
	ThreadState,
	'status' | 'problem' | 'hasOlder' | 'loadingOlder' | 'hasNewer' | 'loadingNewer' | 'firstUnreadId' | 'arrived'
>;

interface Queue {
	of( conversationId: number, newestId: number ): Outgoing[];
	loaded( conversationId: number, newestId: number ): void;
	mayBeUnderWay( conversationId: number, messageId: number ): boolean;
}

/** Messages before the first unread one, when a thread is opened there. */
const CONTEXT = 20;

/**
 * An open conversation: a window of its messages without a gap. Only what follows directly on the window's last
 * message is put behind it; everything newer is counted and known to be there.
 */
export class Thread {
	private messages: readonly Message[] = [];
	private status: Status = {
		status: 'loading',
		problem: null,
		hasOlder: false,
		loadingOlder: false,
		hasNewer: false,
		loadingNewer: false,
		firstUnreadId: 0,
		arrived: 0,
	};
	/** The newest message that the service has told of. */
	newestId = 0;
	/** Whether the reader asked for the end, and it did not come yet. */
	private wantsEnd = false;
	/** The newest message that the reader saw. */
	private seenId = 0;
	private readonly asking = new AbortController();
	private built: ThreadState | null = null;

	constructor(
		readonly id: number,
		private readonly api: Api,
		private readonly conversations: Conversations,
		private readonly queue: Queue,
		private readonly changed: () => void,
		/** More than these messages has changed: the names, or who takes part. */
		private readonly altered: () => void
	) {}

	get state(): ThreadState {
		return ( this.built ??= {
			...this.status,
			id: this.id,
			conversation: this.conversations.get( this.id ),
			messages: this.messages,
			outgoing: this.queue.of( this.id, this.lastId ),
		} );
	}

	/** Something that the state is made of has changed. */
	stale(): void {
		this.built = null;
	}

	close(): void {
		this.asking.abort();
	}

	/** Loads the thread, or what is new in it. */
	async poll(): Promise<void> {
		const opening = this.status.status !== 'ready';
		if ( this.status.status === 'failed' ) {
			this.set( { status: 'loading', problem: null } );
		}
		try {
			await ( opening ? this.load() : this.follow() );
			if ( this.wantsEnd ) {
				await this.toNewest();
			}
		} catch ( error ) {
			if ( this.asking.signal.aborted ) {
				return;
			}
			const problem = asFailure( error );
			if ( opening || problem.kind === 'refused' ) {
				this.set( { status: 'failed', problem } );
			}
			throw problem;
		}
	}

	/** Asks for the conversation itself. */
	async inquire(): Promise<void> {
		const asOf = this.conversations.begin();
		const conversation = await this.api.conversation( this.id, this.asking.signal );
		this.conversations.take( conversation, asOf );
	}

	async loadOlder(): Promise<void> {
		const first = this.messages[ 0 ];
		if ( ! first || ! this.status.hasOlder || this.status.loadingOlder ) {
			return;
		}
		this.wantsEnd = false;
		await this.loadEnd( 'loadingOlder', { before: first.id }, ( page ) => {
			if ( this.messages[ 0 ]?.id !== first.id ) {
				return;
			}
			const all = [ ...page.messages, ...this.messages ];
			this.messages = all.slice( 0, MESSAGES_KEPT );
			this.set( { hasOlder: page.hasMore, hasNewer: this.status.hasNewer || all.length > MESSAGES_KEPT } );
		} );
	}

	async loadNewer(): Promise<void> {
		const last = this.messages.at( -1 );
		if ( ! last || ! this.status.hasNewer || this.status.loadingNewer ) {
			return;
		}
		await this.loadEnd( 'loadingNewer', { after: last.id }, ( page ) => {
			if ( this.messages.at( -1 )?.id === last.id ) {
				this.append( page.messages );
				this.newestId = Math.max( this.newestId, page.lastMessageId );
				this.set( { hasNewer: page.hasMore } );
				this.queue.loaded( this.id, this.lastId );
			}
		} );
	}

	/** What does not come at once is asked for with every poll, until the reader goes up again. */
	async toNewest(): Promise<void> {
		this.wantsEnd = this.status.hasNewer;
		if ( ! this.wantsEnd ) {
			return;
		}
		await this.loadEnd( 'loadingNewer', {}, ( page ) => {
			this.replace( page.messages, page.lastMessageId );
			this.set( { hasOlder: page.hasMore, hasNewer: false, arrived: 0 } );
			this.wantsEnd = false;
		} );
	}

	/** The reader saw it. */
	see( messageId: number ): void {
		this.seenId = Math.max( this.seenId, messageId );
		if ( this.status.arrived > 0 && this.isAtEnd() ) {
			this.set( { arrived: 0 } );
		}
	}

	private isAtEnd(): boolean {
		return ! this.status.hasNewer && this.seenId >= this.lastId;
	}

	/** The last message of the window; 0 while it is empty. */
	private get lastId(): number {
		return this.messages.at( -1 )?.id ?? 0;
	}

	/**
	 * A page, up to the first news that may be a message on its way: until the answer to sending tells which one that
	 * is, it would be here twice. What follows waits with it.
	 */
	private async ask( place: Place, limit: number ): Promise<MessagePage> {
		const page = await this.api.messages( this.id, place, limit, this.asking.signal );
		const { before, after } = place;
		const at = page.messages.findIndex( ( one ) => one.is_own && ! one.is_system && one.id > this.newestId && this.queue.mayBeUnderWay( this.id, one.id ) );
		// An older page has no news, and a window needs an end to go on from.
		if ( at < 0 || before !== undefined || ( at === 0 && after === undefined && page.hasMore ) ) {
			return page;
		}
		const messages = page.messages.slice( 0, at );
		return { ...page, messages, hasMore: after === undefined && page.hasMore, lastMessageId: messages.at( -1 )?.id ?? after ?? 0 };
	}

	private async load(): Promise<void> {
		const asOf = this.conversations.begin();
		const [ newest ] = await Promise.all( [
			this.ask( {}, THREAD_PAGE ),
			this.conversations.get( this.id ) ? undefined : this.inquire(),
		] );
		this.heed( newest, asOf );
		const first = newest.messages[ 0 ];
		// Whoever was away for long begins where they were.
		const away = newest.unread && newest.hasMore && first !== undefined && first.id > newest.lastReadId + 1;
		if ( ! away ) {
			this.opened( newest.messages, newest, newest.hasMore, false );
			return;
		}
		this.newestId = newest.lastMessageId;
		const [ read, unread ] = await Promise.all( [
			newest.lastReadId > 0 ? this.ask( { before: newest.lastReadId + 1 }, CONTEXT ) : null,
			this.ask( { after: newest.lastReadId }, THREAD_PAGE ),
		] );
		this.opened( [ ...( read?.messages ?? [] ), ...unread.messages ], newest, read?.hasMore ?? false, unread.hasMore );
	}

	private opened( messages: Message[], at: MessagePage, hasOlder: boolean, hasNewer: boolean ): void {
		const firstUnread = at.unread ? messages.find( ( one ) => one.id > at.lastReadId && ! one.is_own ) : undefined;
		this.replace( messages, at.lastMessageId );
		this.set( { status: 'ready', problem: null, hasOlder, hasNewer, firstUnreadId: firstUnread?.id ?? 0 } );
	}

	/** What came in since the newest message that is known. */
	private async follow(): Promise<void> {
		const after = this.newestId;
		const asOf = this.conversations.begin();
		const page = await this.ask( { after }, LARGEST_PAGE );
		// loadNewer and toNewest may have been there meanwhile.
		if ( after !== this.newestId ) {
			return this.follow();
		}
		this.heed( page, asOf );
		const last = page.messages.at( -1 );
		if ( ! last ) {
			return;
		}
		const others = page.messages.filter( ( one ) => ! one.is_own && ! one.is_system ).length;
		const follows = ! this.status.hasNewer && this.lastId === after;
		// The window does not move on under somebody who reads further up.
		const fits = this.messages.length + page.messages.length <= MESSAGES_KEPT || this.isAtEnd();
		this.newestId = last.id;
		if ( follows && fits ) {
			this.append( page.messages );
		}
		this.queue.loaded( this.id, this.lastId );
		this.set( { arrived: this.status.arrived + others, hasNewer: ! ( follows && fits ) } );
		this.altered();
		if ( page.hasMore ) {
			await this.follow();
		}
	}

	/** How far the reader has read, perhaps on another device. */
	private heed( page: MessagePage, asOf: number ): void {
		const known = this.conversations.get( this.id );
		if ( known && ( known.unread !== page.unread || known.last_read_message_id !== page.lastReadId ) ) {
			this.conversations.amend( this.id, asOf, {
				unread: page.unread,
				unread_count: page.unread ? Math.max( 1, known.unread_count ) : 0,
				last_read_message_id: page.lastReadId,
			} );
		}
	}

	private append( messages: Message[] ): void {
		const all = [ ...this.messages, ...messages ];
		this.messages = all.slice( -MESSAGES_KEPT );
		if ( all.length > MESSAGES_KEPT ) {
			this.set( { hasOlder: true } );
		}
	}

	private replace( messages: Message[], newestId: number ): void {
		this.messages = messages;
		this.newestId = Math.max( newestId, this.lastId );
		this.queue.loaded( this.id, this.lastId );
	}

	/** Loads at one end, which `which` says is under way. */
	private async loadEnd(
		which: 'loadingOlder' | 'loadingNewer',
		place: Place,
		take: ( page: MessagePage ) => void
	): Promise<void> {
		this.set( { [ which ]: true } );
		try {
			take( await this.ask( place, THREAD_PAGE ) );
		} catch ( error ) {
			if ( ! this.asking.signal.aborted ) {
				throw asFailure( error );
			}
		} finally {
			this.set( { [ which ]: false } );
		}
	}

	private set( part: Partial<Status> ): void {
		this.status = { ...this.status, ...part };
		this.changed();
	}
}
