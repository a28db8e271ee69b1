import type { Conversation } from '../types.ts';
import type { Change, Conversations } from './conversations.ts';

/** Changes that are shown at once, done when their turn comes, and taken back where the service refuses them. */
export class Changes {
	/** Those of one conversation are done one after the other: a change and its undo must not overtake each other. */
	private readonly turns = new Map<number, Promise<unknown>>();

	/**
	 * @param shown What a change may bring into the list, or out of it.
	 * @param done  Said when the service has done one.
	 */
	constructor(
		private readonly conversations: Conversations,
		private readonly shown: ( id: number ) => void,
		private readonly done: ( id: number ) => void
	) {}

	/** @param run Does it, and gives the conversation as it is then; null where it cannot be seen any more. */
	async make( id: number, change: Change, run: () => Promise<Conversation | null> ): Promise<void> {
		this.conversations.apply( id, change );
		this.shown( id );
		const turn = ( this.turns.get( id ) ?? Promise.resolve() ).catch( () => undefined ).then( run );
		this.turns.set( id, turn );
		try {
			this.conversations.settle( id, change, await turn );
			this.done( id );
		} catch ( error ) {
			this.conversations.undo( id, change );
			throw error;
		} finally {
			if ( this.turns.get( id ) === turn ) {
				this.turns.delete( id );
			}
			this.shown( id );
		}
	}
}
