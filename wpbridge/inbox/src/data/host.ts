/** What the browser gives: the one place where tests put something else. */
export interface Host {
	fetch( url: string, init: RequestInit ): Promise<Response>;
	/** Milliseconds since 1970. */
	now(): number;
	setTimeout( run: () => void, milliseconds: number ): number;
	clearTimeout( timer: number ): void;
	/** From 0 up to 1. */
	random(): number;
	/** A name that nothing else has. */
	newKey(): string;
	/** null where the device keeps nothing. */
	readonly storage: Storage | null;
	/** null where tabs cannot talk to each other. */
	channel( name: string ): Channel | null;
	/** visibilitychange is heard here. */
	readonly document: EventTarget;
	/** online, offline, storage, pageshow, pagehide and our own events are heard here. */
	readonly window: EventTarget;
	hidden(): boolean;
	online(): boolean;
}

export type Channel = Pick<BroadcastChannel, 'postMessage' | 'close' | 'addEventListener'>;

/** 16 random bytes in hexadecimal. crypto.randomUUID exists on https only, getRandomValues everywhere. */
const newKey = (): string =>
	Array.from( crypto.getRandomValues( new Uint8Array( 16 ) ), ( byte ) => byte.toString( 16 ).padStart( 2, '0' ) ).join( '' );

/** Even to look at it throws where the browser blocks a site's data. */
function deviceStorage(): Storage | null {
	try {
		return window.localStorage;
	} catch {
		return null;
	}
}

function browserHost(): Host {
	return {
		fetch: ( url, init ) => window.fetch( url, init ),
		now: () => Date.now(),
		setTimeout: ( run, milliseconds ) => window.setTimeout( run, milliseconds ),
		clearTimeout: ( timer ) => window.clearTimeout( timer ),
		random: () => Math.random(),
		newKey,
		storage: deviceStorage(),
		channel: ( name ) => ( 'BroadcastChannel' in window ? new BroadcastChannel( name ) : null ),
		document,
		window,
		hidden: () => document.hidden,
		online: () => navigator.onLine !== false,
	};
}

let current: Host | null = null;

/** The host of this page. */
export function host(): Host {
	return ( current ??= browserHost() );
}

/** Puts another host in place of the browser, before anything else is used. */
export function useHost( other: Host ): void {
	current = other;
}
