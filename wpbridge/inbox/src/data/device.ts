import { host } from './host.ts';

const PREFIX = 'jetonomy-messages:';

/**
 * What one member of one site keeps on this device, by name: JSON in localStorage, which all sites of an origin share.
 * Where that is full or blocked, it is kept in memory as long as the page lives. Another's is never read.
 */
export class Device {
	private readonly prefix: string;
	/** What could not be written. It goes before what storage has. */
	private readonly memory = new Map<string, string>();

	/** @param owner Whose: a member's id, and the REST root of the site. null for what belongs to the device itself. */
	constructor( owner: { user: number; rest: string } | null ) {
		this.prefix = PREFIX + ( owner ? `${ owner.rest }:${ owner.user }:` : '' );
	}

	get<T>( name: string ): T | null {
		try {
			return parse<T>( this.memory.get( name ) ?? host().storage?.getItem( this.prefix + name ) );
		} catch {
			return null;
		}
	}

	/** Whether it is kept, or may be. */
	has( name: string ): boolean {
		try {
			return this.memory.has( name ) || host().storage?.getItem( this.prefix + name ) !== null;
		} catch {
			return true;
		}
	}

	set( name: string, value: unknown ): void {
		const text = JSON.stringify( value );
		this.memory.delete( name );
		try {
			const { storage } = host();
			if ( storage ) {
				storage.setItem( this.prefix + name, text );
				return;
			}
		} catch {
			// Full: what is there is older than what is in memory now.
		}
		this.memory.set( name, text );
	}

	remove( name: string ): void {
		this.memory.delete( name );
		try {
			host().storage?.removeItem( this.prefix + name );
		} catch {
			// There is nothing to remove where nothing can be kept.
		}
	}

	/** The names that begin so, in no order. */
	names( beginning: string ): string[] {
		const names = new Set( [ ...this.memory.keys() ].filter( ( name ) => name.startsWith( beginning ) ) );
		try {
			const { storage } = host();
			for ( let i = 0; storage && i < storage.length; i++ ) {
				const key = storage.key( i );
				if ( key?.startsWith( this.prefix + beginning ) ) {
					names.add( key.slice( this.prefix.length ) );
				}
			}
		} catch {
			// As above.
		}
		return [ ...names ];
	}

	/**
	 * What another tab wrote, by a storage event: the name and the value of that moment, null where it was removed.
	 * null for what is not ours, and for a device that was emptied: what is in memory is worth more than that.
	 */
	changed( { key, newValue }: StorageEvent ): [ name: string, value: unknown ] | null {
		return key?.startsWith( this.prefix ) ? [ key.slice( this.prefix.length ), parse( newValue ) ] : null;
	}
}

function parse<T>( text: string | null | undefined ): T | null {
	try {
		return typeof text === 'string' ? JSON.parse( text ) : null;
	} catch {
		return null;
	}
}
