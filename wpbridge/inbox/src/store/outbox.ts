import type { Message, Outgoing } from '../types.ts';
import type { Device } from '../data/device.ts';
import { Failure, asFailure, isPassing, plain } from '../data/problem.ts';
import { host } from '../data/host.ts';

/**
 * A message that is kept: `tried` is when a request may have reached the service first (milliseconds since 1970, 0 for
 * never), `after` the newest message that was known when it was typed, `sentId` its id once it was sent, for other tabs
 * to know before it is removed.
 */
type Kept = Outgoing & { tried: number; after: number; sentId?: number };

interface Lease {
	tab: string;
	/** Milliseconds since 1970. */
	until: number;
}

interface Options {
	send: ( conversationId: number, text: string, key: string ) => Promise<Message>;
	device: Device;
	changed: () => void;
	/** The service has a message of this conversation that it did not have before. */
	sent: ( conversationId: number ) => void;
	over: () => boolean;
}

const ENTRY = 'out:';
const LEASE = 'lease:';
/** Longer than a request may take, token and all. */
const LEASE_TIME = 60_000;
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 60_000;
/** After so many times without success the member is told that it did not work; it is tried on. */
const QUIET_TRIES = 2;
/** The service knows a client key for 30 days. What was tried before may be there already, and nobody could tell. */
const KEY_LIFETIME = 29 * 24 * 3600_000;
/** For so long from its first try on, what may be a message on its way is not shown as somebody's new one. */
const UNSETTLED = 60_000;

/**
 * Messages on their way. They are kept on the device until the service has them, and go out in the order they were
 * typed, one at a time in each conversation: one tab at a time holds a conversation's lease. Should two send at the
 * same time all the same, the client key makes it one message.
 */
export class Outbox {
	private readonly tab = host().newKey();
	private readonly entries = new Map<string, Kept>();
	/** Sent, but not yet part of what a thread has loaded: message ids by client key. */
	private readonly sentIds = new Map<string, number>();
	/** Keys that are over: what another tab wrote late about them is not believed. */
	private readonly over = new Set<string>();
	private readonly sending = new Set<number>();
	private readonly tries = new Map<number, number>();
	/** Not before, by conversation. */
	private readonly waits = new Map<number, number>();
	private readonly timers = new Map<number, number>();
	private active = false;
	private lastTyped = 0;

	constructor( private readonly options: Options ) {}

	start(): void {
		this.active = true;
		this.readAll();
		this.wake();
	}

	stop(): void {
		this.active = false;
		for ( const timer of this.timers.values() ) {
			host().clearTimeout( timer );
		}
		this.timers.clear();
	}

	/** The page goes away: another one may send what is left. */
	leave(): void {
		for ( const id of this.conversations() ) {
			this.freeLease( id );
		}
	}

	/** The network or the service is back, or the page is seen again. */
	wake(): void {
		for ( const id of this.conversations() ) {
			// What the service asked to wait for stays.
			if ( ! this.isLimited( id ) ) {
				this.waits.delete( id );
			}
			void this.drain( id );
		}
	}

	/**
	 * What a thread shows behind its messages, oldest first, once those up to `newestId` are loaded. What waits behind
	 * one that failed, or for the member to sign in, is not being sent, and does not look so.
	 */
	of( conversationId: number, newestId: number ): Outgoing[] {
		let waits = this.options.over() ? plain( new Failure( 'session' ) ) : null;
		return this.queue( conversationId )
			.filter( ( entry ) => ! ( ( this.sentIds.get( entry.key ) ?? Infinity ) <= newestId ) )
			.map( ( entry ) => {
				const { key, text, typedAt } = entry;
				let { state, problem } = entry;
				if ( this.isGoing( entry ) ) {
					if ( state === 'failed' ) {
						waits = problem;
					} else if ( waits ) {
						state = 'failed';
						problem = waits;
					}
				}
				return { key, conversationId, text, typedAt, state, problem };
			} );
	}

	/** Whether a message of the reader's own may be one of those on their way, whose ids nobody knows yet. */
	mayBeUnderWay( conversationId: number, messageId: number ): boolean {
		const since = host().now() - UNSETTLED;
		return ! [ ...this.sentIds.values() ].includes( messageId ) &&
			this.queue( conversationId ).some( ( entry ) => entry.tried > since && entry.after < messageId && this.isGoing( entry ) );
	}

	/** Lets go of what was sent and is shown as a message by now. */
	loaded( conversationId: number, newestId: number ): void {
		for ( const { key } of this.queue( conversationId ) ) {
			if ( ( this.sentIds.get( key ) ?? Infinity ) <= newestId ) {
				this.forget( key );
			}
		}
	}

	/** @param after The newest message of the conversation that is known, 0 where none is. */
	add( conversationId: number, text: string, after: number ): void {
		this.lastTyped = Math.max( host().now(), this.lastTyped + 1 );
		// First, so that no other tab sees the message without it.
		this.takeLease( conversationId );
		this.keep( {
			key: host().newKey(),
			conversationId,
			text,
			typedAt: this.lastTyped,
			state: 'pending',
			problem: null,
			tried: 0,
			// JSON has no Infinity.
			after: after || Number.MAX_SAFE_INTEGER,
		} );
		void this.drain( conversationId );
	}

	retry( key: string ): void {
		const entry = this.entries.get( key );
		if ( ! entry || this.sentIds.has( key ) ) {
			return;
		}
		const again: Kept = { ...entry, state: 'pending', problem: null, tried: 0 };
		if ( entry.problem?.code === 'jetonomy_idempotency_conflict' ) {
			// The key belongs to something else, so this text was never taken with it.
			this.drop( entry.key );
			again.key = host().newKey();
		}
		this.keep( again );
		this.waits.delete( entry.conversationId );
		this.tries.delete( entry.conversationId );
		void this.drain( entry.conversationId );
	}

	discard( key: string ): string {
		const entry = this.entries.get( key );
		if ( ! entry || this.of( entry.conversationId, 0 ).find( ( shown ) => shown.key === key )?.state !== 'failed' ) {
			return '';
		}
		this.drop( key );
		void this.drain( entry.conversationId );
		return entry.text;
	}

	/** Another tab wrote something on the device: the value of that moment, null where it removed it. */
	stored( name: string, value: unknown ): void {
		if ( name.startsWith( ENTRY ) ) {
			this.read( name, value as Kept | null );
		} else if ( name.startsWith( LEASE ) ) {
			void this.drain( Number( name.slice( LEASE.length ) ) );
		}
	}

	private readAll(): void {
		for ( const name of this.options.device.names( ENTRY ) ) {
			this.read( name, this.options.device.get( name ) );
		}
	}

	private read( name: string, kept: Kept | null ): void {
		const key = name.slice( name.lastIndexOf( ':' ) + 1 );
		const known = this.entries.get( key );
		if ( this.sentIds.has( key ) || this.over.has( key ) ) {
			return;
		}
		if ( isKept( kept ) && name === nameOf( kept ) ) {
			if ( typeof kept.sentId === 'number' ) {
				this.sentElsewhere( kept, kept.sentId, known !== undefined );
				return;
			}
			if ( ! known || ! this.sending.has( kept.conversationId ) ) {
				this.entries.set( key, kept );
				this.options.changed();
			}
			if ( this.active ) {
				void this.drain( kept.conversationId );
			}
		} else if ( known && ! this.sending.has( known.conversationId ) ) {
			this.gone( known );
		}
	}

	/** Another tab sent it, or its member let go of it there. */
	private gone( { key, conversationId }: Kept ): void {
		this.forget( key );
		this.options.changed();
		this.options.sent( conversationId );
	}

	private sentElsewhere( kept: Kept, id: number, shown: boolean ): void {
		if ( shown ) {
			// It stays until the thread has loaded the message.
			this.sentIds.set( kept.key, id );
			this.options.changed();
		}
		if ( ! this.sending.has( kept.conversationId ) ) {
			this.options.sent( kept.conversationId );
		}
	}

	private queue( conversationId: number ): Kept[] {
		return [ ...this.entries.values() ]
			.filter( ( entry ) => entry.conversationId === conversationId )
			.sort( ( a, b ) => a.typedAt - b.typedAt );
	}

	/** The next to go out. What failed for good lets the others pass. */
	private next( conversationId: number ): Kept | undefined {
		return this.queue( conversationId ).find( ( entry ) => this.isGoing( entry ) );
	}

	/** Whether it is still to be sent, by itself. */
	private isGoing( { key, state, problem }: Kept ): boolean {
		return ! this.sentIds.has( key ) && ( state === 'pending' || ( problem !== null && isPassing( problem.kind ) ) );
	}

	private conversations(): Set<number> {
		return new Set( [ ...this.entries.values() ].map( ( entry ) => entry.conversationId ) );
	}

	private async drain( id: number ): Promise<void> {
		if ( this.sending.has( id ) || ! this.active ) {
			return;
		}
		this.sending.add( id );
		try {
			for ( let entry = this.next( id ); entry && this.mayGo( id ); entry = this.next( id ) ) {
				if ( this.options.device.has( nameOf( entry ) ) ) {
					await this.sendOne( entry );
				} else {
					this.gone( entry );
				}
			}
		} finally {
			this.sending.delete( id );
			this.freeLease( id );
		}
	}

	private mayGo( id: number ): boolean {
		if ( ! this.active ) {
			return false;
		}
		const wait = ( this.waits.get( id ) ?? 0 ) - host().now();
		if ( wait > 0 ) {
			this.schedule( id, wait );
			return false;
		}
		return ! this.options.over() && host().online() && this.takeLease( id );
	}

	private async sendOne( kept: Kept ): Promise<void> {
		const { conversationId: id, key } = kept;
		const now = host().now();
		if ( kept.tried && kept.state === 'pending' && now - kept.typedAt > KEY_LIFETIME ) {
			this.keep( { ...kept, state: 'failed', problem: plain( new Failure( 'unknown' ) ) } );
			return;
		}
		const entry: Kept = { ...kept, state: 'pending', tried: kept.tried || now };
		this.keep( entry );
		try {
			const message = await this.options.send( id, entry.text, key );
			this.tries.delete( id );
			this.waits.delete( id );
			this.sentIds.set( key, message.id );
			this.keep( { ...entry, sentId: message.id } );
			this.options.device.remove( nameOf( entry ) );
			this.options.sent( id );
		} catch ( error ) {
			this.failed( entry, asFailure( error ) );
		}
	}

	private failed( entry: Kept, failure: Failure ): void {
		const { conversationId: id } = entry;
		if ( ! this.options.device.has( nameOf( entry ) ) ) {
			this.gone( entry );
			return;
		}
		if ( ! isPassing( failure.kind ) ) {
			this.keep( { ...entry, state: 'failed', problem: plain( failure ) } );
			return;
		}
		const tries = ( this.tries.get( id ) ?? 0 ) + ( failure.kind === 'offline' ? 0 : 1 );
		this.tries.set( id, tries );
		this.keep( {
			...entry,
			state: tries < QUIET_TRIES ? 'pending' : 'failed',
			problem: plain( failure ),
		} );
		const wait = Math.min( FIRST_WAIT * 2 ** Math.max( 0, tries - 1 ), LONGEST_WAIT ) * ( 1 + host().random() / 4 );
		this.waits.set( id, host().now() + Math.max( wait, failure.retryAfter * 1000 ) );
	}

	private isLimited( id: number ): boolean {
		return this.next( id )?.problem?.kind === 'limited';
	}

	private keep( entry: Kept ): void {
		this.entries.set( entry.key, entry );
		this.options.device.set( nameOf( entry ), entry );
		this.options.changed();
	}

	private drop( key: string ): void {
		const entry = this.entries.get( key );
		if ( entry ) {
			this.forget( key );
			this.options.device.remove( nameOf( entry ) );
			this.options.changed();
		}
	}

	private forget( key: string ): void {
		this.entries.delete( key );
		this.sentIds.delete( key );
		this.over.add( key );
	}

	private schedule( id: number, milliseconds: number ): void {
		const h = host();
		h.clearTimeout( this.timers.get( id ) ?? 0 );
		this.timers.set( id, h.setTimeout( () => void this.drain( id ), milliseconds ) );
	}

	private takeLease( id: number ): boolean {
		const now = host().now();
		const lease = this.options.device.get<Lease>( LEASE + id );
		if ( lease && lease.tab !== this.tab && lease.until > now && lease.until <= now + LEASE_TIME ) {
			this.schedule( id, lease.until - now );
			return false;
		}
		this.options.device.set( LEASE + id, { tab: this.tab, until: now + LEASE_TIME } );
		return true;
	}

	private freeLease( id: number ): void {
		if ( this.options.device.get<Lease>( LEASE + id )?.tab === this.tab ) {
			this.options.device.remove( LEASE + id );
		}
	}
}

const nameOf = ( entry: Kept ): string => `${ ENTRY }${ entry.conversationId }:${ entry.key }`;

function isKept( value: Kept | null ): value is Kept {
	return (
		typeof value === 'object' &&
		value !== null &&
		typeof value.key === 'string' &&
		typeof value.text === 'string' &&
		Number.isInteger( value.conversationId ) &&
		typeof value.typedAt === 'number' &&
		( value.state === 'pending' || value.state === 'failed' )
	);
}
