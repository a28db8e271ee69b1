import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusal, world } from './world.mjs';

async function opened() {
	const all = world();
	const { id, messages } = all.server.conversation( 2 );
	const tab = await all.device.tab();
	const store = tab.acquire();
	await all.clock.settle();
	return { ...all, store, id, messages };
}

test( 'a message and a conversation are reported, with what the service needs and no more', async () => {
	const { store, server, id, messages } = await opened();
	await store.report( id, messages[ 1 ].id, 'spam', '', 'key-1' );
	await store.report( id, 0, 'other', 'Look at this', 'key-2' );
	const asked = server.requests( 'POST', /\/report$/ );
	assert.deepEqual( asked.map( ( one ) => [ one.path, one.key, one.body ] ), [
		[ `conversations/${ id }/report`, 'key-1', { reason: 'spam', message_id: messages[ 1 ].id } ],
		[ `conversations/${ id }/report`, 'key-2', { reason: 'other', note: 'Look at this' } ],
	] );
} );

test( 'the same again, after an answer that was lost, is the same report', async () => {
	const { store, server, id } = await opened();
	let lost = true;
	const fetch = server.fetch.bind( server );
	server.fetch = async ( tab, url, init ) => {
		const answer = await fetch( tab, url, init );
		if ( lost && url.includes( '/report' ) ) {
			lost = false;
			throw new TypeError( 'Failed to fetch' );
		}
		return answer;
	};
	await assert.rejects( store.report( id, 0, 'threat', '', 'key' ), ( problem ) => problem.kind === 'unavailable' );
	await store.report( id, 0, 'threat', '', 'key' );
	assert.equal( server.reports.length, 1 );
} );

test( 'a refusal is a Problem with the time to wait', async () => {
	const { store, server, id } = await opened();
	server.rule( 'POST', /\/report$/, () => refusal( 429, 'jetonomy_rate_limited', { retry_after: 90 } ) );
	await assert.rejects( store.report( id, 0, 'spam', '', 'key' ), ( problem ) => problem.kind === 'limited' && problem.retryAfter === 90 );
} );

test( 'rows say whose the newest message is', async () => {
	const { store, server, clock, id } = await opened();
	assert.equal( store.list.rows[ 0 ].last_message_is_own, false );
	server.write( id, 1 );
	await clock.go( 31_000 );
	assert.equal( store.list.rows[ 0 ].last_message_is_own, true );
	server.write( id, 2 );
	await clock.go( 31_000 );
	assert.equal( store.list.rows[ 0 ].last_message_is_own, false );
} );
