import type { Conversation, Folder, ListState } from '../types.ts';
import { LIST_PAGE, type Api, type ConversationPage } from '../data/api.ts';
import { asFailure } from '../data/problem.ts';
import type { Conversations } from './conversations.ts';

type Status = Pick<ListState, 'folder' | 'search' | 'status' | 'problem' | 'loadingMore'>;

/** Newest activity first, as the service sorts. */
const byActivity = ( a: Conversation, b: Conversation ): number => b.last_message_id - a.last_message_id || b.id - a.id;

/** Whether a row of the list belongs to a folder, or to what a search finds: that is in all folders. */
function belongs( row: Conversation, folder: Folder, search = '' ): boolean {
	if ( row.left_at !== null || search !== '' ) {
		return row.left_at === null;
	}
	return folder === 'archived' ? row.is_archived : ! row.is_archived && ( folder === 'inbox' || row.unread );
}

/** How many of the rows are unread. */
export const unreadOf = ( { rows }: ListState ): number => rows.filter( ( row ) => row.unread ).length;

/** A folder, or what a search found in all of them: from the newest down to where the reader has scrolled. */
export class List {
	private readonly ids = new Set<number>();
	private status: Status = { folder: 'inbox', search: '', status: 'loading', problem: null, loadingMore: false };
	/** null where nothing comes after the rows. */
	private cursor: string | null = null;
	private asking = new AbortController();
	private built: ListState | null = null;

	/** @param kept The conversation that is open: it stays in the folder "unread" when it is read. */
	constructor(
		private readonly api: Api,
		private readonly conversations: Conversations,
		private readonly changed: () => void,
		private readonly kept: () => number
	) {}

	get state(): ListState {
		return ( this.built ??= { ...this.status, rows: this.rows(), hasMore: this.cursor !== null } );
	}

	/** Something that the state is made of has changed. */
	stale(): void {
		this.built = null;
	}

	/** Returns whether that is something else than what is shown. */
	show( folder: Folder, search: string ): boolean {
		if ( folder === this.status.folder && search === this.status.search ) {
			return false;
		}
		this.asking.abort();
		this.asking = new AbortController();
		this.ids.clear();
		this.cursor = null;
		this.set( { folder, search, status: 'loading', problem: null, loadingMore: false } );
		return true;
	}

	/** Asks for the newest rows. A failure is thrown, and shown where there is nothing else to show. */
	async poll(): Promise<void> {
		const { signal } = this.asking;
		const { folder, search } = this.status;
		if ( this.status.status === 'failed' ) {
			this.set( { status: 'loading', problem: null } );
		}
		const asOf = this.conversations.begin();
		try {
			const page = await this.api.conversations( folder, search, null, signal );
			if ( ! signal.aborted ) {
				this.merge( page, asOf );
			}
		} catch ( error ) {
			if ( signal.aborted ) {
				return;
			}
			const problem = asFailure( error );
			if ( this.status.status === 'loading' ) {
				this.set( { status: 'failed', problem } );
			}
			throw problem;
		}
	}

	async loadMore(): Promise<void> {
		const { signal } = this.asking;
		const { cursor } = this;
		if ( cursor === null || this.status.loadingMore ) {
			return;
		}
		this.set( { loadingMore: true } );
		const asOf = this.conversations.begin();
		try {
			const page = await this.api.conversations( this.status.folder, this.status.search, cursor, signal );
			if ( signal.aborted ) {
				return;
			}
			// A poll that found a gap began anew meanwhile.
			if ( this.cursor === cursor ) {
				this.add( page, asOf );
				this.cursor = page.next;
			}
			this.set( { loadingMore: false } );
		} catch ( error ) {
			if ( ! signal.aborted ) {
				this.set( { loadingMore: false } );
				throw asFailure( error );
			}
		}
	}

	/** A conversation that may belong here now, and would be among the rows that are loaded. */
	consider( id: number ): void {
		const row = this.conversations.get( id );
		const { status, search, folder } = this.status;
		if ( ! row || status !== 'ready' || search !== '' || ! belongs( row, folder ) ) {
			return;
		}
		const last = this.rows().at( -1 );
		if ( this.cursor === null || ( last && byActivity( row, last ) < 0 ) ) {
			this.ids.add( id );
			this.changed();
		}
	}

	/** Whether polls bring news of it: it is among the rows of the first page. */
	polls( id: number ): boolean {
		return this.state.rows.slice( 0, LIST_PAGE ).some( ( row ) => row.id === id );
	}

	remove( id: number ): void {
		this.ids.delete( id );
		this.changed();
	}

	private rows(): Conversation[] {
		const kept = this.kept();
		const { folder, search } = this.status;
		return this.all()
			.filter( ( row ) => belongs( row, folder, search ) || ( row.id === kept && folder === 'unread' && belongs( row, 'inbox' ) ) )
			.sort( byActivity );
	}

	private all(): Conversation[] {
		return [ ...this.ids ].map( ( id ) => this.conversations.get( id ) ).filter( ( row ) => row !== null );
	}

	private add( page: ConversationPage, asOf: number ): void {
		for ( const row of page.rows ) {
			this.conversations.take( row, asOf );
			this.ids.add( row.id );
		}
	}

	/** The first page goes on top of what is there; pages below it stay. */
	private merge( page: ConversationPage, asOf: number ): void {
		const lowest = page.rows.at( -1 );
		const before = this.all().sort( byActivity );
		const newest = before[ 0 ];
		// Without a row in common there may be others between.
		const joins = this.status.status === 'ready' && newest && lowest && byActivity( newest, lowest ) <= 0;
		const listed = new Set( page.rows.map( ( row ) => row.id ) );
		for ( const row of before ) {
			const covered = ! joins || page.next === null || byActivity( row, lowest ) <= 0;
			// What was changed after this page was asked for need not be in it.
			const newer = this.conversations.asOf( row.id ) > asOf;
			const open = this.status.folder === 'unread' && row.id === this.kept();
			if ( covered && ! newer && ! open && ! listed.has( row.id ) ) {
				this.ids.delete( row.id );
			}
		}
		if ( ! joins || page.next === null ) {
			this.cursor = page.next;
		}
		this.add( page, asOf );
		this.set( { status: 'ready', problem: null } );
	}

	private set( part: Partial<Status> ): void {
		this.status = { ...this.status, ...part };
		this.changed();
	}
}
