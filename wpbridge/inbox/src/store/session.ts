import type { Connection, Unsubscribe } from '../types.ts';
import { Api } from '../data/api.ts';
import { Device } from '../data/device.ts';
import type { Failure } from '../data/problem.ts';
import { host } from '../data/host.ts';
import { Transport, type Access } from '../data/transport.ts';
import { Emitter } from './emitter.ts';
import { Newsroom, type News } from './news.ts';
import { Outbox } from './outbox.ts';
import { Poll } from './poll.ts';

const INTERVAL = 30_000;
/** How many times slower a hidden inbox asks. */
const HIDDEN = 6;
/** Signed out or switched off, it is asked whether that is still so at most once in so many milliseconds. */
const ASK_AGAIN = 10_000;

/** What a store adds to its session while it works. */
export interface Part {
	polls: readonly Poll[];
	heard( news: News ): void;
	/** The page is seen again, or the network or the service is back. */
	wake(): void;
	/** The page is hidden or goes away. */
	leaving(): void;
	/** Whether the number of unread conversations here is ahead of what the service knows. */
	ahead(): boolean;
	sent( conversationId: number ): void;
	/** The messages on their way have changed. */
	outgoing(): void;
}

/**
 * One member on this page: the connection, the number of unread conversations, the messages on their way, and what
 * other tabs say. All badges and inboxes of the page share it; it works while somebody holds it.
 */
export class Session {
	readonly api: Api;
	readonly device: Device;
	readonly outbox: Outbox;
	readonly emitter = new Emitter();
	connection: Connection = 'ok';
	unread = 0;

	private readonly transport: Transport;
	private readonly newsroom: Newsroom;
	private readonly counting: Poll;
	private parts = new Set<Part>();
	private holders = 0;
	/** Changes with the number, so that an answer from before is not believed. */
	private version = 0;
	/** When it was asked last whether it is over still. */
	private askedAgain = -Infinity;

	constructor( readonly access: Access ) {
		this.transport = new Transport( access, this.answered );
		this.api = new Api( this.transport );
		this.device = new Device( access );
		this.newsroom = new Newsroom( access, this.hear );
		this.counting = new Poll( {
			run: () => this.count(),
			interval: () => INTERVAL,
			hidden: () => ( this.parts.size > 0 ? HIDDEN : Infinity ),
			over: this.over,
		} );
		this.outbox = new Outbox( {
			send: ( id, text, key ) => this.api.send( id, text, key ),
			device: this.device,
			changed: () => {
				this.parts.forEach( ( part ) => part.outgoing() );
				this.emitter.changed();
			},
			sent: ( id ) => this.sent( id ),
			over: this.over,
		} );
	}

	/** Whether asking makes no sense: signed out, or switched off. */
	readonly over = (): boolean => this.connection === 'session' || this.connection === 'off';

	subscribe( changed: () => void ): Unsubscribe {
		return this.emitter.subscribe( changed );
	}

	/** Whoever holds it gives it back with release(). */
	hold( access: Access ): void {
		this.transport.refresh( access );
		if ( ++this.holders > 1 ) {
			return;
		}
		this.listen( 'addEventListener' );
		this.connection = host().online() ? 'ok' : 'offline';
		this.newsroom.start();
		this.counting.start();
		this.outbox.start();
	}

	release(): void {
		if ( this.holders > 0 && --this.holders === 0 ) {
			this.stop();
		}
	}

	/** Ends it for all who hold it. */
	end(): void {
		this.transport.forget();
		if ( this.holders > 0 ) {
			this.holders = 0;
			this.stop();
		}
	}

	private listen( how: 'addEventListener' | 'removeEventListener' ): void {
		const { window, document } = host();
		window[ how ]( 'online', this.wake );
		window[ how ]( 'offline', this.offline );
		window[ how ]( 'pageshow', this.wake );
		window[ how ]( 'pagehide', this.leave );
		window[ how ]( 'storage', this.stored );
		document[ how ]( 'visibilitychange', this.look );
	}

	private stop(): void {
		this.listen( 'removeEventListener' );
		this.newsroom.stop();
		this.counting.stop();
		this.outbox.stop();
	}

	join( part: Part ): void {
		this.parts.add( part );
		this.counting.poke();
	}

	part( part: Part ): void {
		this.parts.delete( part );
		this.counting.doze();
	}

	/** Asks again, even where that made no sense before. */
	refresh(): void {
		if ( this.over() ) {
			this.setConnection( 'ok' );
		}
		for ( const poll of this.polls() ) {
			poll.poke();
		}
		this.resume();
	}

	/** The number follows something that was done here, in every tab at once. */
	adjustUnread( by: number ): void {
		if ( by !== 0 ) {
			this.setUnread( Math.max( 0, this.unread + by ), true );
		}
	}

	/** The service may have another number now. */
	recount(): void {
		this.version++;
		this.counting.poke();
	}

	setUnread( count: number, tell: boolean ): void {
		this.version++;
		if ( count === this.unread ) {
			return;
		}
		this.unread = count;
		this.emitter.changed();
		if ( tell ) {
			this.tell( { unread: count } );
		}
	}

	tell( news: News ): void {
		this.newsroom.tell( news );
	}

	private async count(): Promise<void> {
		const version = this.version;
		const count = await this.api.unreadCount();
		if ( version === this.version && ! this.isAhead() ) {
			this.setUnread( count, true );
		}
	}

	private isAhead(): boolean {
		return [ ...this.parts ].some( ( part ) => part.ahead() );
	}

	private polls(): Poll[] {
		return [ this.counting, ...[ ...this.parts ].flatMap( ( part ) => part.polls ) ];
	}

	private sent( conversationId: number ): void {
		for ( const part of this.parts ) {
			part.sent( conversationId );
		}
		this.tell( { type: 'changed', conversation: conversationId } );
	}

	private readonly hear = ( news: News ): void => {
		if ( this.over() ) {
			// Another tab knows that it goes on.
			this.wake();
			return;
		}
		if ( Number.isInteger( news.unread ) ) {
			this.setUnread( news.unread!, false );
			return;
		}
		if ( news.message === undefined ) {
			this.recount();
		}
		for ( const part of this.parts ) {
			part.heard( news );
		}
	};

	private readonly answered = ( failure: Failure | null ): void => {
		switch ( failure?.kind ) {
			case 'offline':
			case 'unavailable':
			case 'session':
			case 'off':
				this.setConnection( failure.kind );
				break;
			case 'unknown':
				break;
			default:
				// An answer may still come in after the network is gone.
				this.setConnection( host().online() ? 'ok' : 'offline' );
		}
	};

	private setConnection( connection: Connection ): void {
		if ( connection === this.connection ) {
			return;
		}
		const wasOver = this.over();
		this.connection = connection;
		this.emitter.changed();
		if ( this.over() ) {
			this.setUnread( 0, false );
		} else if ( wasOver ) {
			this.wake();
		}
		if ( connection === 'ok' ) {
			this.resume();
		}
	}

	private readonly look = (): void => {
		if ( ! host().hidden() ) {
			this.wake();
			return;
		}
		this.polls().forEach( ( poll ) => poll.doze() );
		this.parts.forEach( ( part ) => part.leaving() );
	};

	private readonly wake = (): void => {
		// What other tabs kept on the device while this one was frozen.
		this.emitter.changed();
		if ( this.over() ) {
			this.askAgain();
			return;
		}
		this.polls().forEach( ( poll ) => poll.wake() );
		this.resume();
	};

	/** The member may have signed in again elsewhere, or the extension is on again. */
	private askAgain(): void {
		const now = host().now();
		if ( ! host().hidden() && now - this.askedAgain >= ASK_AGAIN ) {
			this.askedAgain = now;
			this.count().catch( () => undefined ); // What came of it, answered() has heard.
		}
	}

	/** What waits to be told goes on. */
	private resume(): void {
		this.outbox.wake();
		this.parts.forEach( ( part ) => part.wake() );
	}

	private readonly offline = (): void => {
		if ( ! this.over() ) {
			this.setConnection( 'offline' );
		}
	};

	private readonly leave = (): void => {
		this.parts.forEach( ( part ) => part.leaving() );
		this.outbox.leave();
	};

	private readonly stored = ( event: Event ): void => {
		const change = this.device.changed( event as StorageEvent );
		if ( change ) {
			this.outbox.stored( ...change );
			this.emitter.changed();
		}
	};
}

let current: Session | null = null;

/** The session of this page, to be held. There is only one: another member's ends it. */
export function sessionOf( access: Access ): Session {
	// A badge from before a page was swapped may not say whose it is.
	const same = current && current.access.rest === access.rest && ( access.user === 0 || current.access.user === access.user );
	if ( ! current || ! same ) {
		current?.end();
		current = new Session( access );
	}
	return current;
}
