import type { Config, Connection, Conversation, Draft, Folder, ListState, Person, ReportReason, Store, ThreadState, Unsubscribe } from '../types.ts';
import { Device } from '../data/device.ts';
import { asFailure } from '../data/problem.ts';
import { host } from '../data/host.ts';
import { Changes } from './changes.ts';
import { Conversations, isWith, type Change } from './conversations.ts';
import { Drafts, behind } from './drafts.ts';
import { List, unreadOf } from './list.ts';
import type { News } from './news.ts';
import { Poll } from './poll.ts';
import { Reading } from './reading.ts';
import type { Part, Session } from './session.ts';
import { Thread } from './thread.ts';

/** How many times slower a hidden page asks. */
const HIDDEN = 6;
const ENTER_SENDS = 'enter-sends';

/** The store of one member on this page. */
export class Inbox implements Store, Part {
	readonly polls: readonly Poll[];

	private readonly conversations: Conversations;
	private readonly rows: List;
	private readonly changes: Changes;
	private readonly reading: Reading;
	private readonly drafts: Drafts;
	private readonly device = new Device( null );
	private readonly listing: Poll;
	private readonly following: Poll;
	private opened: Thread | null = null;
	private holders = 0;

	constructor( public config: Config, readonly session: Session ) {
		const { api } = this.session;
		this.conversations = new Conversations( this.changed, ( by ) => this.session.adjustUnread( by ) );
		this.rows = new List( api, this.conversations, this.relisted, () => this.opened?.id ?? 0 );
		this.changes = new Changes(
			this.conversations,
			( id ) => this.rows.consider( id ),
			( conversation ) => this.session.tell( { type: 'changed', conversation } )
		);
		this.drafts = new Drafts( this.session.device );
		this.reading = new Reading( {
			conversations: this.conversations,
			read: ( id, messageId, keepalive ) => api.read( id, messageId, keepalive ),
			seen: ( conversation, message ) => this.session.tell( { type: 'read', conversation, message } ),
			done: ( conversation ) => {
				this.session.tell( { type: 'read', conversation } );
				this.session.recount();
			},
			over: this.session.over,
		} );
		const slower = (): number => HIDDEN;
		this.listing = new Poll( {
			run: () => this.pollList(),
			interval: () => this.config.poll.list,
			hidden: slower,
			over: this.session.over,
		} );
		this.following = new Poll( {
			run: async () => this.opened?.poll(),
			interval: () => ( this.opened ? this.config.poll.thread : Infinity ),
			hidden: slower,
			over: this.session.over,
		} );
		this.polls = [ this.listing, this.following ];
	}

	get list(): ListState {
		return this.rows.state;
	}

	get thread(): ThreadState | null {
		return this.opened?.state ?? null;
	}

	get unread(): number {
		return this.session.unread;
	}

	get connection(): Connection {
		return this.session.connection;
	}

	get enterSends(): boolean {
		return this.device.get<boolean>( ENTER_SENDS ) ?? true;
	}

	set enterSends( on: boolean ) {
		this.device.set( ENTER_SENDS, on );
		this.changed();
	}

	subscribe( changed: () => void ): Unsubscribe {
		return this.session.subscribe( changed );
	}

	hold( config: Config ): void {
		this.config = config;
		this.session.hold( config );
		if ( ++this.holders === 1 ) {
			this.session.join( this );
			this.reading.start();
			this.listing.start();
			this.following.start();
		}
	}

	release(): void {
		if ( this.holders > 0 ) {
			if ( --this.holders === 0 ) {
				this.stop();
			}
			this.session.release();
		}
	}

	/** Another member's store begins. */
	end(): void {
		if ( this.holders > 0 ) {
			this.holders = 0;
			this.stop();
		}
	}

	private stop(): void {
		this.close();
		this.reading.stop();
		this.listing.stop();
		this.following.stop();
		this.session.part( this );
	}

	show( folder: Folder, search = '' ): void {
		if ( this.rows.show( folder, search.trim() ) ) {
			this.listing.poke();
		}
	}

	loadMore(): Promise<void> {
		return this.rows.loadMore();
	}

	refresh(): void {
		this.session.refresh();
	}

	open( id: number ): void {
		if ( this.opened?.id === id ) {
			return;
		}
		this.close();
		this.opened = new Thread( id, this.session.api, this.conversations, this.session.outbox, this.outgoing, () => {
			this.inquire( id );
			this.listing.poke();
			this.session.recount();
		} );
		this.changed();
		this.following.reset();
	}

	close(): void {
		this.reading.letGo();
		if ( this.opened ) {
			this.opened.close();
			this.opened = null;
			this.changed();
		}
	}

	async loadOlder(): Promise<void> {
		await this.opened?.loadOlder();
	}

	async loadNewer(): Promise<void> {
		await this.opened?.loadNewer();
	}

	async toNewest(): Promise<void> {
		await this.opened?.toNewest();
	}

	seen( messageId: number ): void {
		if ( this.opened ) {
			this.opened.see( messageId );
			this.reading.see( this.opened.id, messageId );
		}
	}

	send( conversationId: number, text: string ): void {
		const shown = this.opened?.id === conversationId ? this.opened.newestId : 0;
		this.session.outbox.add( conversationId, text, Math.max( shown, this.conversations.get( conversationId )?.last_message_id ?? 0 ) );
		// Another tab may have typed on.
		if ( this.draft( conversationId ).text === text ) {
			this.saveDraft( conversationId, { text: '' } );
		}
	}

	retry( key: string ): void {
		this.session.outbox.retry( key );
	}

	discard( key: string ): string {
		return this.session.outbox.discard( key );
	}

	async start( recipients: number[], text: string, title: string, key: string ): Promise<Conversation> {
		const conversation = await this.session.api.start( recipients, text, title, key );
		this.conversations.take( conversation, this.conversations.begin() );
		this.rows.consider( conversation.id );
		this.sent( conversation.id );
		this.session.tell( { type: 'changed', conversation: conversation.id } );
		return this.conversations.get( conversation.id ) ?? conversation;
	}

	suggest( query: string, signal: AbortSignal ): Promise<Person[]> {
		return this.session.api.suggest( query, signal );
	}

	async conversationWith( userId: number ): Promise<Conversation | null> {
		const known = this.conversations.with( userId );
		if ( known ) {
			return known;
		}
		const asOf = this.conversations.begin();
		const found = await this.session.api.conversationWith( userId );
		// An older service, which does not know the question, gives some conversation.
		if ( ! found || ! isWith( found, userId ) ) {
			return null;
		}
		this.conversations.take( found, asOf );
		return found;
	}

	mute( id: number, on: boolean ): Promise<void> {
		return this.change( id, ( it ) => ( { ...it, is_muted: on } ), ( key ) => this.session.api.mute( id, on, key ) );
	}

	archive( id: number, on: boolean ): Promise<void> {
		return this.change( id, ( it ) => ( { ...it, is_archived: on } ), ( key ) => this.session.api.archive( id, on, key ) );
	}

	markUnread( id: number ): Promise<void> {
		this.reading.hold( id, this.conversations.get( id )?.last_message_id ?? Infinity );
		return this.change(
			id,
			( it ) => ( { ...it, unread: true, unread_count: Math.max( 1, it.unread_count ) } ),
			( key ) => this.session.api.markUnread( id, key )
		);
	}

	async readAll(): Promise<void> {
		const read: Change = ( it ) => ( { ...it, unread: false, unread_count: 0, last_read_message_id: it.last_message_id } );
		const ids = this.conversations.ids().filter( ( id ) => {
			const it = this.conversations.get( id );
			return it?.unread && ! it.is_archived;
		} );
		ids.forEach( ( id ) => this.conversations.apply( id, read ) );
		try {
			const count = await this.session.api.readAll();
			ids.forEach( ( id ) => this.conversations.settle( id, read, null ) );
			this.session.setUnread( count, true );
			this.session.tell( { type: 'changed' } );
			this.listing.poke();
		} catch ( error ) {
			ids.forEach( ( id ) => this.conversations.undo( id, read ) );
			throw asFailure( error );
		}
	}

	async rename( id: number, title: string ): Promise<void> {
		const name = title.trim();
		// Without a name of its own, the service makes one of the others' names.
		await this.change( id, ( it ) => ( name === '' ? it : { ...it, title: name } ), ( key ) => this.session.api.rename( id, name, key ) );
		this.following.poke();
	}

	async addPeople( id: number, recipients: number[] ): Promise<void> {
		await this.change( id, ( it ) => it, ( key ) => this.session.api.addPeople( id, recipients, key ) );
		this.following.poke();
	}

	async leave( id: number ): Promise<void> {
		const left_at = new Date( host().now() ).toISOString();
		await this.change( id, ( it ) => ( { ...it, left_at } ), async ( key ) => {
			await this.session.api.leave( id, key );
			return null;
		} );
		this.rows.remove( id );
		if ( this.opened?.id === id ) {
			this.close();
		}
		this.conversations.forget( id );
	}

	block( id: number, on: boolean ): Promise<void> {
		return this.change( id, ( it ) => ( { ...it, is_blocked: on } ), ( key ) => this.session.api.block( id, on, key ) );
	}

	report( id: number, messageId: number, reason: ReportReason, note: string, key: string ): Promise<void> {
		return this.session.api.report( id, messageId, reason, note, key );
	}

	draft( id: number ): Draft {
		return this.drafts.get( id );
	}

	saveDraft( id: number, draft: Draft ): void {
		this.drafts.set( id, draft );
	}

	addToDraft( id: number, text: string ): void {
		this.saveDraft( id, { text: behind( this.draft( id ).text, text ) } );
		this.session.emitter.changed();
	}

	heard( news: News ): void {
		const { type, conversation: id, message } = news;
		if ( type === 'read' && id !== undefined && message !== undefined ) {
			this.reading.heard( id, message );
			return;
		}
		this.listing.poke();
		if ( id === undefined || id === this.opened?.id ) {
			this.following.poke();
		}
		if ( id !== undefined && this.conversations.get( id ) && ! this.rows.polls( id ) ) {
			this.inquire( id );
		}
	}

	wake(): void {
		this.reading.wake();
	}

	leaving(): void {
		this.reading.flush();
	}

	ahead(): boolean {
		return this.conversations.isAhead();
	}

	sent( conversationId: number ): void {
		if ( conversationId === this.opened?.id ) {
			this.following.poke();
		}
		this.listing.poke();
	}

	readonly outgoing = (): void => {
		this.opened?.stale();
		this.session.emitter.changed();
	};

	/** Every failure is a Problem, whatever was thrown. `run` gets the client key of this wish. */
	private async change( id: number, change: Change, run: ( key: string ) => Promise<Conversation | null> ): Promise<void> {
		const key = host().newKey();
		try {
			await this.changes.make( id, change, () => run( key ) );
		} catch ( error ) {
			throw asFailure( error );
		} finally {
			this.session.recount();
		}
	}

	private async pollList(): Promise<void> {
		const before = this.rows.state;
		await this.rows.poll();
		if ( before.status === 'ready' && unreadOf( before ) !== unreadOf( this.rows.state ) ) {
			this.session.recount();
		}
		if ( this.opened && ! this.rows.polls( this.opened.id ) && this.opened.state.status === 'ready' ) {
			await this.opened.inquire();
		}
	}

	/** Asks how one conversation is now, for what no poll brings. */
	private inquire( id: number ): void {
		const asOf = this.conversations.begin();
		this.session.api.conversation( id ).then(
			( conversation ) => {
				this.conversations.take( conversation, asOf );
				this.rows.consider( id );
			},
			( error: unknown ) => {
				if ( asFailure( error ).kind === 'refused' ) {
					this.rows.remove( id );
				}
			}
		);
	}

	private readonly changed = (): void => {
		this.rows.stale();
		this.outgoing();
	};

	private readonly relisted = (): void => {
		this.rows.stale();
		this.session.emitter.changed();
	};
}
