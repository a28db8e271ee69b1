import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SEND, opened, queue, texts, watch } from './sending.mjs';
import { refusal, world } from './world.mjs';

test( 'is there at once as pending, and becomes a message without being shown twice or not at all', async () => {
	const { store, server, clock } = await opened();
	const open = server.gate( 'POST', SEND, 'after' );
	const right = watch( store );
	store.send( 1, 'hello' );
	assert.deepEqual( queue( store ), [ 'hello pending' ] );
	await clock.settle();
	server.write( 1 );
	open();
	await clock.settle();
	assert.deepEqual( queue( store ), [] );
	assert.deepEqual( texts( store ), server.texts( 1 ) );
	right();
	assert.equal( store.list.rows[ 0 ].id, 1, 'the row moves up' );
	assert.equal( store.thread.arrived, 1 );
} );

test( 'is shown once in all tabs while the answer takes longer than the polls that bring it', async () => {
	const { store, server, clock, device } = await opened();
	const other = ( await device.tab() ).acquire();
	other.open( 1 );
	await clock.settle();
	const right = [ watch( store ), watch( other ) ];
	const open = server.gate( 'POST', SEND, 'after' );
	store.send( 1, 'slow' );
	await clock.settle();
	server.write( 1, 2, 'an answer to it' );
	await clock.go( 12_000 );
	assert.ok( server.requests( 'GET', SEND ).length >= 4, 'both have asked meanwhile' );
	assert.deepEqual( queue( store ), [ 'slow pending' ] );
	assert.deepEqual( queue( other ), [ 'slow pending' ] );
	open();
	await clock.settle();
	for ( const one of [ store, other ] ) {
		assert.deepEqual( queue( one ), [] );
		assert.deepEqual( texts( one ), server.texts( 1 ) );
		assert.equal( one.thread.hasNewer, false );
	}
	right.forEach( ( check ) => check() );
} );

test( 'is shown once, too, after an answer that was lost, and in a tab that is opened meanwhile', async () => {
	const { store, server, clock, device } = await opened();
	server.write( 1, 1, 'an older one of mine' );
	await clock.go( 11_000 );
	const right = [ watch( store ) ];
	const open = server.gate( 'POST', SEND, 'after' );
	store.send( 1, 'slow' );
	await clock.go( 15_000 );
	assert.deepEqual( queue( store ), [ 'slow pending' ], 'the request was given up' );
	const next = server.gate( 'POST', SEND, 'after' );
	await clock.go( 3_000 );
	const other = ( await device.tab() ).acquire();
	other.open( 1 );
	await clock.settle();
	right.push( watch( other ) );
	assert.deepEqual( texts( other ), server.texts( 1 ).slice( 0, -1 ), 'what is older is there' );
	assert.deepEqual( queue( other ), [ 'slow pending' ] );
	open();
	next();
	await clock.settle();
	for ( const one of [ store, other ] ) {
		assert.deepEqual( queue( one ), [] );
		assert.deepEqual( texts( one ), server.texts( 1 ) );
	}
	right.forEach( ( check ) => check() );
} );

test( 'becomes a message while the next one is under way', async () => {
	const { store, server, clock } = await opened();
	const right = watch( store );
	store.send( 1, 'one' );
	store.send( 1, 'two' );
	const open = server.gate( 'POST', SEND );
	await clock.settle();
	open();
	const next = server.gate( 'POST', SEND, 'after' );
	await clock.settle();
	assert.deepEqual( texts( store ).slice( 1 ), [ 'one' ] );
	assert.deepEqual( queue( store ), [ 'two pending' ] );
	next();
	await clock.settle();
	assert.deepEqual( texts( store ).slice( 1 ), [ 'one', 'two' ] );
	assert.deepEqual( queue( store ), [] );
	right();
} );

test( 'sent while the thread is still loading, it holds up nothing that was there before', async () => {
	const all = world();
	const it = all.server.conversation( 3 );
	all.server.write( it.id, 1, 'mine' );
	all.server.write( it.id, 2, 'theirs' );
	it.read = 5;
	const { server, clock, device } = all;
	const tab = await device.tab();
	const store = tab.acquire();
	store.show( 'archived' );
	const [ known, load, post ] = [ server.gate( 'GET', /^conversations.1$/ ), server.gate( 'GET', SEND, 'after' ), server.gate( 'POST', SEND, 'after' ) ];
	store.open( it.id );
	await clock.settle();
	store.send( it.id, 'fast' );
	await clock.settle();
	load();
	known();
	await clock.settle();
	assert.deepEqual( texts( store ), server.texts( 1 ).slice( 0, 5 ) );
	assert.deepEqual( queue( store ), [ 'fast pending' ] );
	post();
	await clock.settle();
	assert.deepEqual( texts( store ), server.texts( 1 ) );
	assert.equal( store.thread.arrived, 0 );
} );

test( 'what two tabs sent at once, and one of them took back, is over in both', async () => {
	const { store, server, clock, device } = await opened();
	const other = ( await device.tab() ).acquire();
	other.open( 1 );
	await clock.settle();
	server.rule( 'POST', SEND, () => refusal( 403, 'jetonomy_cannot_message' ) );
	const open = server.gate( 'POST', SEND, 'after' );
	store.send( 1, 'no' );
	// Tabs hear of each other a moment late.
	[ ...device.storage.values.keys() ].filter( ( key ) => key.includes( 'lease:' ) ).forEach( ( key ) => device.storage.values.delete( key ) );
	await clock.settle();
	assert.equal( server.requests( 'POST', SEND ).length, 2 );
	assert.deepEqual( queue( other ), [ 'no failed' ] );
	assert.equal( other.discard( other.thread.outgoing[ 0 ].key ), 'no' );
	await clock.settle();
	open();
	await clock.go( 1_000 );
	assert.deepEqual( queue( store ), [] );
	assert.deepEqual( [ ...device.storage.values.keys() ], [] );
} );

test( 'what the reader writes on another device does not wait for what cannot be sent from this one', async () => {
	const { store, server, clock } = await opened();
	server.rule( 'POST', SEND, () => [ 503, '' ] );
	store.send( 1, 'cannot be sent' );
	await clock.settle();
	server.write( 1, 1, 'from my phone' );
	server.write( 1, 2, 'an answer' );
	await clock.go( 80_000 );
	assert.deepEqual( texts( store ), server.texts( 1 ) );
	assert.deepEqual( queue( store ), [ 'cannot be sent failed' ] );
	server.write( 1, 1, 'again from my phone' );
	await clock.go( 11_000 );
	assert.deepEqual( texts( store ), server.texts( 1 ), 'nor does the next one' );
} );

test( 'written far up without a network it is there at once, and the end comes when it can', async () => {
	const all = world();
	const it = all.server.conversation( 500 );
	it.read = 200;
	const { device, server, clock } = all;
	const store = ( await device.tab() ).acquire();
	store.open( 1 );
	await clock.settle();
	assert.equal( store.thread.hasNewer, true );
	device.connect( false );
	store.send( 1, 'hello' );
	await assert.rejects( store.toNewest(), { kind: 'offline' } );
	assert.deepEqual( queue( store ), [ 'hello pending' ] );
	assert.equal( store.thread.hasNewer, true );
	let shown = true;
	store.subscribe( () => {
		shown &&= [ ...texts( store ), ...store.thread.outgoing.map( ( one ) => one.text ) ].filter( ( text ) => text === 'hello' ).length === 1;
	} );
	device.connect( true );
	await clock.settle();
	assert.deepEqual( server.texts( 1 ).slice( -1 ), [ 'hello' ] );
	assert.deepEqual( texts( store ), server.texts( 1 ).slice( -50 ) );
	assert.deepEqual( queue( store ), [] );
	assert.equal( store.thread.hasNewer, false );
	assert.ok( shown, 'once, all the time' );
} );

test( 'who goes up again is not brought to the end by a later poll', async () => {
	const all = world();
	all.server.conversation( 500 ).read = 200;
	const { device, server, clock } = all;
	const store = ( await device.tab() ).acquire();
	store.open( 1 );
	await clock.settle();
	server.rule( 'GET', SEND, () => [ 503, '' ], 1 );
	await assert.rejects( store.toNewest(), { kind: 'unavailable' } );
	await store.loadOlder();
	const before = texts( store );
	await clock.go( 31_000 );
	assert.deepEqual( texts( store ), before );
} );
