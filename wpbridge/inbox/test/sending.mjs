/** What the tests of sending share: two conversations, of which the first is open, and what that shows. */
import assert from 'node:assert/strict';
import { world } from './world.mjs';

export const SEND = /1\/messages/;
export const queue = ( store ) => store.thread.outgoing.map( ( { text, state } ) => `${ text } ${ state }` );
export const texts = ( store ) => store.thread.messages.map( ( one ) => one.content_plain );

export async function opened( options ) {
	const all = world();
	all.server.conversation( 1 );
	all.server.conversation( 1 );
	const tab = await all.device.tab( options );
	const store = tab.acquire();
	store.open( 1 );
	await all.clock.settle();
	return { ...all, tab, store };
}

/** Watches what a thread shows. The function that comes back fails if a text was there twice, or gone for a moment. */
export function watch( store ) {
	const wrong = [];
	let known = 0;
	store.subscribe( () => {
		const all = [ ...texts( store ), ...store.thread.outgoing.map( ( { text } ) => text ) ];
		if ( new Set( all ).size < all.length || all.length < known ) {
			wrong.push( all );
		}
		known = all.length;
	} );
	return () => assert.deepEqual( wrong, [] );
}
