import type { Config, Store } from '../types.ts';
import { sessionOf } from './session.ts';
import { Inbox } from './store.ts';

let current: Inbox | null = null;

/** The store of this page's member, held by one more. Another member's config ends the store that was there. */
export function acquire( config: Config ): Store {
	const session = sessionOf( config );
	if ( current?.session !== session ) {
		current?.end();
		current = new Inbox( config, session );
	}
	current.hold( config );
	return current;
}

/** One holder less; without any, the store rests. */
export function release( store: Store ): void {
	( store as Inbox ).release();
}
