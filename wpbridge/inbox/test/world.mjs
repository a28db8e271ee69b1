/**
 * What the tests put in place of the browser: a clock that stands still until it is told to go on, and a device with
 * several tabs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { Server, refusal } from './server.mjs';

export { refusal };

const folder = mkdtempSync( join( tmpdir(), 'inbox-test-' ) );
process.on( 'exit', () => rmSync( folder, { recursive: true, force: true } ) );
const bundle = join( folder, 'inbox.mjs' );

await build( {
	stdin: {
		contents: [
			"export * from './src/store/acquire.ts';",
			"export { sessionOf } from './src/store/session.ts';",
			"export { useHost, host } from './src/data/host.ts';",
			"export { address } from './src/data/transport.ts';",
			"export { Device } from './src/data/device.ts';",
			"export const badge = () => import('./src/badge.ts');",
		].join( '\n' ),
		resolveDir: fileURLToPath( new URL( '..', import.meta.url ) ),
		loader: 'ts',
	},
	bundle: true,
	format: 'esm',
	target: 'es2022',
	outfile: bundle,
	logLevel: 'warning',
} );

/** Time that goes on when it is told to. */
export class Clock {
	now = 1_800_000_000_000;
	timers = new Map();
	#last = 0;

	set( run, milliseconds ) {
		const id = ++this.#last;
		this.timers.set( id, { run, at: this.now + Math.max( 0, milliseconds ) } );
		return id;
	}

	/** Lets everything happen that needs no more time. */
	async settle() {
		for ( let quiet = 0; quiet < 3;  ) {
			const due = this.#next( this.now );
			if ( due ) {
				this.timers.delete( due.id );
				due.run();
				quiet = 0;
			} else {
				quiet++;
			}
			await new Promise( setImmediate );
		}
	}

	async go( milliseconds ) {
		const end = this.now + milliseconds;
		await this.settle();
		for ( let due = this.#next( end ); due; due = this.#next( end ) ) {
			this.now = Math.max( this.now, due.at );
			await this.settle();
		}
		this.now = end;
		await this.settle();
	}

	#next( until ) {
		let next = null;
		for ( const [ id, timer ] of this.timers ) {
			if ( timer.at <= until && ( ! next || timer.at < next.at ) ) {
				next = { id, ...timer };
			}
		}
		return next;
	}
}

/** localStorage, which tells the other tabs. */
class Storage {
	values = new Map();
	full = false;

	constructor( device ) {
		this.device = device;
	}

	view( tab ) {
		const { values, device } = this;
		return {
			get length() {
				return values.size;
			},
			key: ( i ) => [ ...values.keys() ][ i ] ?? null,
			getItem: ( key ) => values.get( key ) ?? null,
			setItem: ( key, value ) => {
				if ( this.full ) {
					throw new DOMException( 'full', 'QuotaExceededError' );
				}
				values.set( key, String( value ) );
				device.stored( tab, key );
			},
			removeItem: ( key ) => {
				if ( values.delete( key ) ) {
					device.stored( tab, key );
				}
			},
		};
	}
}

let imported = 0;

/** A device with one browser, whose tabs share storage and channels. */
export class Device {
	tabs = [];
	storage = new Storage( this );
	online = true;

	constructor( clock, server ) {
		this.clock = clock;
		this.server = server;
	}

	stored( from, key ) {
		const newValue = this.storage.values.get( key ) ?? null;
		for ( const tab of this.tabs.filter( ( one ) => one !== from && one.open ) ) {
			queueMicrotask( () => tab.window.dispatchEvent( Object.assign( new Event( 'storage' ), { key, newValue } ) ) );
		}
	}

	/** A new tab, with modules of its own. `as` is who is signed in on this device. */
	async tab( { as = 1, storage = true } = {} ) {
		const tab = {
			open: true,
			hidden: false,
			as,
			window: new EventTarget(),
			document: new EventTarget(),
			channels: new Set(),
		};
		this.tabs.push( tab );
		let keys = 0;
		const number = ++imported;
		const inbox = await import( `${ pathToFileURL( bundle ).href }?tab=${ number }` );
		inbox.useHost( {
			fetch: ( url, init ) => this.#fetch( tab, url, init ),
			now: () => this.clock.now,
			setTimeout: ( run, milliseconds ) => this.clock.set( () => tab.open && run(), milliseconds ),
			clearTimeout: ( id ) => this.clock.timers.delete( id ),
			random: () => 0.5,
			newKey: () => `key-${ number }-${ ++keys }`,
			storage: storage ? this.storage.view( tab ) : null,
			channel: ( name ) => this.#channel( tab, name ),
			document: tab.document,
			window: tab.window,
			hidden: () => tab.hidden,
			online: () => this.online,
		} );
		tab.inbox = inbox;
		tab.acquire = ( more = {} ) => ( tab.store = inbox.acquire( configOf( tab.as, more ) ) );
		tab.look = ( seen ) => {
			tab.hidden = ! seen;
			tab.document.dispatchEvent( new Event( 'visibilitychange' ) );
		};
		/** As when the tab is closed or crashes: nothing of it runs any more. */
		tab.close = ( { crash = false } = {} ) => {
			if ( ! crash ) {
				tab.window.dispatchEvent( new Event( 'pagehide' ) );
			}
			tab.open = false;
		};
		return tab;
	}

	connect( online ) {
		this.online = online;
		for ( const tab of this.tabs ) {
			tab.window.dispatchEvent( new Event( online ? 'online' : 'offline' ) );
		}
	}

	#channel( tab, name ) {
		const channel = Object.assign( new EventTarget(), {
			name,
			postMessage: ( data ) => {
				for ( const other of this.tabs.filter( ( one ) => one !== tab && one.open ) ) {
					for ( const end of other.channels ) {
						queueMicrotask( () => end.dispatchEvent( new MessageEvent( 'message', { data: structuredClone( data ) } ) ) );
					}
				}
			},
			close: () => tab.channels.delete( channel ),
		} );
		tab.channels.add( channel );
		return channel;
	}

	async #fetch( tab, url, init ) {
		if ( ! this.online ) {
			throw new TypeError( 'Failed to fetch' );
		}
		return this.server.fetch( tab, url, init );
	}
}

export function configOf( user, more = {} ) {
	return {
		user,
		rest: 'https://site.test/index.php?rest_route=/',
		direct: 'https://site.test/wp-json/',
		nonce: '0123456789',
		renew: 'https://site.test/wp-admin/admin-ajax.php?action=rest-nonce',
		urls: { inbox: '', conversation: '', compose: '', login: '' },
		limits: { message: 10_000, group: 20, title: 120, search: 3 },
		conversation: 0,
		to: null,
		compose: false,
		locale: 'en',
		poll: { thread: 10_000, list: 30_000 },
		strings: {},
		...more,
	};
}

/** A clock, a service and one device. */
export function world() {
	const clock = new Clock();
	const server = new Server( clock );
	const device = new Device( clock, server );
	return { clock, server, device };
}
