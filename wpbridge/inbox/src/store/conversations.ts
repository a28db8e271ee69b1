import type { Conversation } from '../types.ts';

/** A change that is shown before the service has it. */
export type Change = ( conversation: Conversation ) => Conversation;

interface Entry {
	/** What the service said last. */
	base: Conversation;
	/** When it was asked for that, by begin(). */
	asOf: number;
	/** base with the changes on top. */
	view: Conversation;
}

/** Whether it counts for the badge. */
const counts = ( conversation: Conversation ): boolean =>
	conversation.unread && ! conversation.is_archived && conversation.left_at === null;

/** Whether it is the direct conversation with another member. */
export const isWith = ( { type, left_at: left, participants }: Conversation, userId: number ): boolean =>
	type === 'direct' && left === null && participants.some( ( person ) => person.id === userId );

/**
 * Every conversation that is known, as the service said it last with our own changes on top. An answer that was asked
 * for before a newer one, or before a change was done, does not bring the old state back.
 */
export class Conversations {
	private readonly entries = new Map<number, Entry>();
	private readonly changes = new Map<number, Set<Change>>();
	private clock = 0;

	/** @param counted Told by how many the unread conversations change before the service knows of it. */
	constructor( private readonly changed: () => void, private readonly counted: ( by: number ) => void ) {}

	/** A mark to take before asking, and to give with the answer. */
	begin(): number {
		return ++this.clock;
	}

	get( id: number ): Conversation | null {
		return this.entries.get( id )?.view ?? null;
	}

	/** When the service was asked for what is known of it; 0 for never. */
	asOf( id: number ): number {
		return this.entries.get( id )?.asOf ?? 0;
	}

	/** The direct conversation with another member, where it is known. */
	with( userId: number ): Conversation | undefined {
		return [ ...this.entries.values() ].map( ( { view } ) => view ).find( ( view ) => isWith( view, userId ) );
	}

	ids(): number[] {
		return [ ...this.entries.keys() ];
	}

	take( conversation: Conversation, asOf: number ): void {
		const entry = this.entries.get( conversation.id );
		if ( entry && asOf < entry.asOf ) {
			return;
		}
		this.set( conversation, asOf );
	}

	/** The service said something about it without showing all of it. */
	amend( id: number, asOf: number, part: Partial<Conversation> ): void {
		const entry = this.entries.get( id );
		if ( entry && asOf >= entry.asOf ) {
			this.set( { ...entry.base, ...part }, asOf );
		}
	}

	/** Whether changes are shown that the service does not have yet. */
	isAhead(): boolean {
		return this.changes.size > 0;
	}

	/** @param instead A change that this one replaces. */
	apply( id: number, change: Change, instead?: Change ): void {
		this.counting( id, () => {
			if ( instead ) {
				this.lift( id, instead );
			}
			const changes = this.changes.get( id ) ?? new Set();
			this.changes.set( id, changes.add( change ) );
		} );
	}

	/** The service refused it. */
	undo( id: number, change: Change ): void {
		this.counting( id, () => this.lift( id, change ) );
	}

	/** The service has done it, and answered with how it is now. */
	settle( id: number, change: Change, answer: Conversation | null ): void {
		this.lift( id, change );
		const now = this.begin();
		if ( answer ) {
			this.set( answer, now );
		} else {
			const entry = this.entries.get( id );
			if ( entry ) {
				this.set( change( entry.base ), now );
			}
		}
	}

	forget( id: number ): void {
		this.entries.delete( id );
		this.changed();
	}

	private lift( id: number, change: Change ): void {
		const changes = this.changes.get( id );
		changes?.delete( change );
		if ( changes?.size === 0 ) {
			this.changes.delete( id );
		}
	}

	private counting( id: number, run: () => void ): void {
		const before = this.entries.get( id );
		const counted = before !== undefined && counts( before.view );
		run();
		if ( ! before ) {
			return;
		}
		this.set( before.base, before.asOf );
		this.counted( Number( counts( this.get( id )! ) ) - Number( counted ) );
	}

	private set( base: Conversation, asOf: number ): void {
		let view = base;
		for ( const change of this.changes.get( base.id ) ?? [] ) {
			view = change( view );
		}
		this.entries.set( base.id, { base, asOf, view } );
		this.changed();
	}
}
