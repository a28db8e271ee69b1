import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SEND, opened, queue, texts, watch } from './sending.mjs';
import { refusal } from './world.mjs';

test( 'goes out in the order it was typed, one at a time', async () => {
	const { store, server, clock } = await opened();
	const open = server.gate( 'POST', SEND );
	for ( const text of [ 'one', 'two', 'three' ] ) {
		store.send( 1, text );
	}
	store.send( 2, 'elsewhere' );
	await clock.settle();
	assert.equal( server.requests( 'POST', SEND ).length, 1 );
	assert.ok( server.texts( 2 ).includes( 'elsewhere' ), 'another conversation does not wait' );
	open();
	await clock.settle();
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'one', 'two', 'three' ] );
	assert.deepEqual( texts( store ), server.texts( 1 ) );
} );

test( 'is sent once, however often its answer is lost', async () => {
	const { store, server, clock } = await opened();
	let lost = 3;
	server.rule( 'POST', SEND, ( request ) => {
		if ( lost-- > 0 ) {
			// It is done, but the answer does not arrive.
			const { key, body } = request;
			if ( ! server.keys.has( key ) ) {
				const message = server.write( 1, 1, body.content );
				server.keys.set( key, { wish: request.path + JSON.stringify( body ), answer: [ 201, { ...message, is_own: true } ] } );
			}
			return new TypeError( 'Failed to fetch' );
		}
	} );
	store.send( 1, 'once' );
	store.send( 1, 'after' );
	await clock.go( 60_000 );
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'once', 'after' ] );
	assert.deepEqual( queue( store ), [] );
	const keys = server.requests( 'POST', SEND ).map( ( one ) => one.key );
	assert.equal( new Set( keys ).size, 2 );
	assert.equal( keys.length, 5 );
} );

test( 'a service that is down: pending, then failed with Retry, and sent when it is back', async () => {
	const { store, server, clock } = await opened();
	server.rule( 'POST', SEND, () => ( server.down ? refusal( 503, 'jetonomy_sidecar_unavailable' ) : undefined ) );
	server.down = true;
	store.send( 1, 'hello' );
	await clock.settle();
	assert.deepEqual( queue( store ), [ 'hello pending' ] );
	await clock.go( 15_000 );
	assert.deepEqual( queue( store ), [ 'hello failed' ] );
	assert.equal( store.thread.outgoing[ 0 ].problem.kind, 'unavailable' );
	const [ { key } ] = store.thread.outgoing;
	server.down = false;
	store.retry( key );
	assert.deepEqual( queue( store ), [ 'hello pending' ] );
	await clock.settle();
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'hello' ] );
	server.down = true;
	store.send( 1, 'again' );
	await clock.go( 15_000 );
	assert.deepEqual( queue( store ), [ 'again failed' ] );
	server.down = false;
	await clock.go( 90_000 );
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'hello', 'again' ], 'without anybody doing something' );
	assert.deepEqual( queue( store ), [] );
} );

test( 'what waits behind one that failed is not being sent either, and can be taken back', async () => {
	const { store, server, clock } = await opened();
	server.rule( 'POST', SEND, () => ( server.down ? refusal( 503, 'jetonomy_sidecar_unavailable' ) : undefined ) );
	server.down = true;
	store.send( 1, 'one' );
	store.send( 1, 'two' );
	store.send( 1, 'three' );
	await clock.settle();
	assert.deepEqual( queue( store ), [ 'one pending', 'two pending', 'three pending' ] );
	assert.equal( store.discard( store.thread.outgoing[ 1 ].key ), '', 'not yet' );
	await clock.go( 15_000 );
	assert.deepEqual( queue( store ), [ 'one failed', 'two failed', 'three failed' ] );
	assert.equal( store.thread.outgoing[ 2 ].problem.kind, 'unavailable' );
	assert.equal( store.discard( store.thread.outgoing[ 1 ].key ), 'two' );
	server.down = false;
	store.retry( store.thread.outgoing[ 1 ].key );
	await clock.settle();
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'one', 'three' ], 'in their order' );
	assert.deepEqual( queue( store ), [] );
} );

test( 'offline: waits, and goes at once when the network is back', async () => {
	const { store, server, clock, device } = await opened();
	device.connect( false );
	store.send( 1, 'hello' );
	await clock.go( 300_000 );
	assert.deepEqual( queue( store ), [ 'hello pending' ] );
	device.connect( true );
	await clock.settle();
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'hello' ] );
} );

test( 'refused: failed with its reason, lets others pass, is never tried again by itself', async () => {
	const { store, server, clock } = await opened();
	server.rule( 'POST', SEND, () => refusal( 403, 'jetonomy_cannot_message' ), 1 );
	store.send( 1, 'no' );
	store.send( 1, 'yes' );
	await clock.go( 300_000 );
	assert.deepEqual( queue( store ), [ 'no failed' ] );
	const [ { key, problem } ] = store.thread.outgoing;
	assert.equal( problem.code, 'jetonomy_cannot_message' );
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'yes' ] );
	assert.equal( server.requests( 'POST', SEND ).length, 2 );
	assert.equal( store.discard( key ), 'no' );
	assert.deepEqual( queue( store ), [] );
	assert.equal( store.discard( key ), '' );
	assert.equal( [ ...server.conversations.get( 1 ).messages ].length, 2 );
} );

test( 'what is under way cannot be taken back', async () => {
	const { store, server, clock } = await opened();
	const open = server.gate( 'POST', SEND );
	store.send( 1, 'hello' );
	await clock.settle();
	assert.equal( store.discard( store.thread.outgoing[ 0 ].key ), '' );
	open();
	await clock.settle();
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'hello' ] );
} );

test( 'too fast: waits as long as the service says', async () => {
	const { store, server, clock, tab } = await opened();
	server.rule( 'POST', SEND, () => refusal( 429, 'jetonomy_rate_limited', { retry_after: 40 } ), 1 );
	store.send( 1, 'hello' );
	await clock.go( 20_000 );
	tab.look( false );
	tab.look( true );
	await clock.go( 19_000 );
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [] );
	assert.equal( store.thread.outgoing[ 0 ].problem.kind, 'limited' );
	await clock.go( 2_000 );
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'hello' ] );
} );

test( 'a client key that means something else is replaced on Retry', async () => {
	const { store, server, clock } = await opened();
	server.rule( 'POST', SEND, () => refusal( 409, 'jetonomy_idempotency_conflict' ), 1 );
	store.send( 1, 'hello' );
	await clock.settle();
	assert.equal( store.thread.outgoing[ 0 ].problem.kind, 'invalid' );
	store.retry( store.thread.outgoing[ 0 ].key );
	await clock.settle();
	const keys = server.requests( 'POST', SEND ).map( ( one ) => one.key );
	assert.equal( new Set( keys ).size, 2 );
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'hello' ] );
	assert.deepEqual( queue( store ), [] );
} );

test( 'survives a tab that is closed, also in the middle of a request', async () => {
	for ( const crash of [ false, true ] ) {
		const { store, server, clock, tab, device } = await opened();
		server.gate( 'POST', SEND, 'after' );
		store.send( 1, 'under way' );
		store.send( 1, 'behind it' );
		await clock.settle();
		tab.close( { crash } );
		const next = await device.tab();
		const later = next.acquire();
		later.open( 1 );
		await clock.settle();
		if ( crash ) {
			assert.deepEqual( queue( later ).slice( -1 ), [ 'behind it pending' ] );
			await clock.go( 70_000 );
		}
		assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'under way', 'behind it' ] );
		assert.deepEqual( queue( later ), [] );
		assert.deepEqual( texts( later ), server.texts( 1 ) );
	}
} );

test( 'signed out: kept, and sent when the member is back; never by another member', async () => {
	const { store, server, clock, tab, device } = await opened();
	server.signedIn = 0;
	server.tokens.clear();
	store.send( 1, 'hello' );
	await clock.settle();
	assert.equal( store.connection, 'session' );
	assert.deepEqual( queue( store ), [ 'hello failed' ], 'it is not being sent' );
	tab.close();
	server.signedIn = 2;
	const stranger = await device.tab( { as: 2 } );
	const other = stranger.acquire();
	other.open( 1 );
	other.saveDraft( 0, { text: 'theirs' } );
	await clock.go( 120_000 );
	assert.deepEqual( other.thread.outgoing, [] );
	assert.equal( server.requests( 'POST', SEND ).length, 1 );
	stranger.close();
	server.signedIn = 1;
	const back = ( await device.tab() ).acquire();
	assert.deepEqual( back.draft( 0 ), { text: '' } );
	await clock.settle();
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'hello' ] );
} );

test( 'two tabs send each message once, in the order typed, and show the same', async () => {
	const { store, server, clock, device } = await opened();
	const other = ( await device.tab() ).acquire();
	other.open( 1 );
	await clock.settle();
	const right = [ watch( store ), watch( other ) ];
	const open = server.gate( 'POST', SEND, 'after' );
	store.send( 1, 'one' );
	await clock.settle();
	clock.now += 5;
	other.send( 1, 'two' );
	clock.now += 5;
	store.send( 1, 'three' );
	await clock.settle();
	assert.equal( server.requests( 'POST', SEND ).length, 1, 'one at a time' );
	assert.deepEqual( queue( other ), [ 'one pending', 'two pending', 'three pending' ] );
	open();
	await clock.settle();
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'one', 'two', 'three' ] );
	assert.equal( server.requests( 'POST', SEND ).length, 3 );
	for ( const one of [ store, other ] ) {
		assert.deepEqual( queue( one ), [] );
		assert.deepEqual( texts( one ), server.texts( 1 ) );
	}
	right.forEach( ( check ) => check() );
} );

test( 'a tab that has not heard yet does not send what another one sent', async () => {
	const { store, server, clock, device } = await opened();
	const deaf = await device.tab();
	const other = deaf.acquire();
	other.open( 1 );
	await clock.settle();
	device.connect( false );
	store.send( 1, 'hello' );
	await clock.settle();
	assert.deepEqual( queue( other ), [ 'hello pending' ] );
	deaf.open = false;
	device.online = true;
	store.refresh();
	await clock.settle();
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'hello' ] );
	deaf.open = true;
	deaf.window.dispatchEvent( new Event( 'online' ) );
	await clock.go( 11_000 );
	assert.equal( server.requests( 'POST', SEND ).length, 1 );
	assert.deepEqual( queue( other ), [] );
	assert.deepEqual( texts( other ), server.texts( 1 ) );
} );

test( 'storage that is full or missing loses nothing while the page lives', async () => {
	for ( const options of [ {}, { storage: false } ] ) {
		const { store, server, clock, device } = await opened( options );
		device.storage.full = true;
		store.saveDraft( 1, { text: 'typed' } );
		assert.equal( store.draft( 1 ).text, 'typed' );
		store.enterSends = false;
		assert.equal( store.enterSends, false );
		server.rule( 'POST', SEND, () => [ 503, '' ], 1 );
		store.send( 1, 'hello' );
		await clock.settle();
		assert.deepEqual( queue( store ), [ 'hello pending' ] );
		await clock.go( 5_000 );
		assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'hello' ] );
		assert.deepEqual( queue( store ), [] );
	}
} );

test( 'broken entries on the device do no harm', async () => {
	const { store: before, server, clock, device, tab } = await opened();
	tab.close();
	before.saveDraft( 1, { text: 'typed' } );
	const [ draft ] = device.storage.values.keys();
	assert.match( draft, /draft:1$/ );
	device.storage.values.set( draft.replace( 'draft:1', 'out:1:x' ), '{broken' );
	device.storage.values.set( draft.replace( 'draft:1', 'out:1:y' ), '{"key":"y"}' );
	device.storage.values.set( draft, '[1]' );
	const store = ( await device.tab() ).acquire();
	store.open( 1 );
	await clock.go( 60_000 );
	assert.deepEqual( queue( store ), [] );
	assert.deepEqual( store.draft( 1 ), { text: '' } );
	assert.equal( server.requests( 'POST', SEND ).length, 0 );
} );

test( 'a message that may have been sent longer ago than the service remembers keys asks its member', async () => {
	const { store, server, clock, tab, device } = await opened();
	server.rule( 'POST', SEND, () => [ 503, '' ], 1 );
	store.send( 1, 'old' );
	await clock.settle();
	tab.close();
	clock.now += 30 * 24 * 3600_000;
	server.tokens.clear();
	const later = ( await device.tab() ).acquire();
	later.open( 1 );
	await clock.go( 120_000 );
	assert.deepEqual( queue( later ), [ 'old failed' ] );
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [] );
	later.retry( later.thread.outgoing[ 0 ].key );
	await clock.settle();
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'old' ] );
} );
