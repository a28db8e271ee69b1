import type { Unsubscribe } from '../types.ts';

/** Calls back after changes, once per turn of the event loop however many there were. */
export class Emitter {
	private readonly listeners = new Set<() => void>();
	private due = false;

	subscribe( changed: () => void ): Unsubscribe {
		// The same function may subscribe twice.
		const listener = (): void => changed();
		this.listeners.add( listener );
		return () => {
			this.listeners.delete( listener );
		};
	}

	changed = (): void => {
		if ( this.due ) {
			return;
		}
		this.due = true;
		queueMicrotask( () => {
			this.due = false;
			for ( const listener of [ ...this.listeners ] ) {
				listener();
			}
		} );
	};
}
