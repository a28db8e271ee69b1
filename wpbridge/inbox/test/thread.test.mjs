import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusal, world } from './world.mjs';

async function opened( count, read = count, other = 0 ) {
	const all = world();
	if ( other ) {
		all.server.conversation( other );
	}
	const it = all.server.conversation( count );
	it.read = it.messages[ read - 1 ]?.id ?? 0;
	const tab = await all.device.tab();
	const store = tab.acquire();
	store.open( it.id );
	await all.clock.settle();
	return { ...all, tab, store, it };
}

const ids = ( store ) => store.thread.messages.map( ( one ) => one.id );
const up = ( from, to ) => Array.from( { length: to - from + 1 }, ( _, i ) => from + i );

/** What is shown is a part of the conversation without a gap, and says truly what is beside it. */
function assertWindow( store, it ) {
	const shown = ids( store );
	const all = it.messages.map( ( one ) => one.id );
	const start = all.indexOf( shown[ 0 ] );
	assert.deepEqual( shown, all.slice( start, start + shown.length ) );
	assert.ok( shown.length <= 300 );
	assert.equal( store.thread.hasOlder, start > 0 );
	assert.equal( store.thread.hasNewer, start + shown.length < all.length );
}

test( 'opens at the end where all is read, and never marks by reading', async () => {
	const { store, server, it } = await opened( 120 );
	assert.deepEqual( ids( store ), up( 71, 120 ) );
	assert.equal( store.thread.firstUnreadId, 0 );
	assert.equal( store.thread.conversation.id, it.id );
	assertWindow( store, it );
	assert.ok( server.requests( 'GET', /messages/ ).every( ( { query } ) => query.mark_read === 'false' ) );
} );

test( 'opens at the first unread message, also far back', async () => {
	const near = await opened( 120, 110 );
	assert.deepEqual( ids( near.store ), up( 71, 120 ) );
	assert.equal( near.store.thread.firstUnreadId, 111 );
	const far = await opened( 500, 200 );
	assert.deepEqual( ids( far.store ), up( 181, 250 ) );
	assert.equal( far.store.thread.firstUnreadId, 201 );
	assertWindow( far.store, far.it );
	const never = await opened( 500, 0 );
	assert.deepEqual( ids( never.store ), up( 1, 50 ) );
	assert.equal( never.store.thread.firstUnreadId, 1 );
	assertWindow( never.store, never.it );
} );

test( 'the first unread message is somebody else\'s', async () => {
	const all = world();
	const it = all.server.conversation( 3 );
	it.messages[ 1 ].sender = 1;
	it.read = 1;
	const tab = await all.device.tab();
	const store = tab.acquire();
	store.open( 1 );
	await all.clock.settle();
	assert.equal( store.thread.firstUnreadId, 3 );
} );

test( 'scrolls through a long thread both ways, without a gap, 300 at most', async () => {
	const { store, it, server, clock } = await opened( 900, 400 );
	for ( let i = 0; i < 12; i++ ) {
		await store.loadOlder();
		assertWindow( store, it );
	}
	assert.equal( ids( store )[ 0 ], 1 );
	assert.equal( store.thread.messages.length, 300 );
	server.write( it.id );
	await clock.go( 11_000 );
	for ( let i = 0; i < 20; i++ ) {
		await store.loadNewer();
		assertWindow( store, it );
	}
	assert.equal( ids( store ).at( -1 ), 901 );
	await store.loadNewer();
	assertWindow( store, it );
} );

test( 'new messages are put behind the last one, in order, while several ends are loading', async () => {
	const { store, it, server, clock } = await opened( 120 );
	const openOlder = server.gate( 'GET', /messages/, 'after' );
	const older = store.loadOlder();
	assert.equal( store.thread.loadingOlder, true );
	await clock.settle();
	server.write( it.id );
	server.write( it.id );
	await clock.go( 5_000 );
	assert.equal( store.thread.loadingOlder, true );
	openOlder();
	await older;
	await clock.go( 10_500 );
	assert.deepEqual( ids( store ), up( 21, 122 ) );
	assert.equal( store.thread.arrived, 2 );
	assertWindow( store, it );
	store.seen( 122 );
	assert.equal( store.thread.arrived, 0 );
} );

test( 'more than a poll\'s page at once comes in completely', async () => {
	const { store, it, server, clock } = await opened( 10 );
	store.seen( 10 );
	for ( let i = 0; i < 250; i++ ) {
		server.write( it.id );
	}
	await clock.go( 11_000 );
	assert.deepEqual( ids( store ), up( 1, 260 ) );
	assert.equal( store.thread.arrived, 250 );
} );

test( 'a full window moves on only under somebody who is at its end', async () => {
	const { store, it, server, clock } = await opened( 600 );
	for ( let i = 0; i < 5; i++ ) {
		await store.loadOlder();
	}
	assert.equal( store.thread.messages.length, 300 );
	server.write( it.id );
	server.write( it.id, 1 );
	await clock.go( 11_000 );
	assert.deepEqual( ids( store ), up( 301, 600 ) );
	assert.equal( store.thread.arrived, 1, 'own ones do not count' );
	assertWindow( store, it );
	server.write( it.id );
	await clock.go( 11_000 );
	assert.equal( store.thread.arrived, 2 );
	await store.toNewest();
	assert.deepEqual( ids( store ), up( 554, 603 ) );
	assert.equal( store.thread.arrived, 0 );
	assertWindow( store, it );
	for ( let i = 0; i < 5; i++ ) {
		await store.loadOlder();
	}
	store.seen( 603 );
	server.write( it.id );
	await clock.go( 11_000 );
	assert.deepEqual( ids( store ).slice( -2 ), [ 603, 604 ] );
	assert.equal( store.thread.messages.length, 300 );
	assertWindow( store, it );
} );

test( 'what comes in while one reads far up is counted, not shown', async () => {
	const { store, server, clock, it } = await opened( 500, 200 );
	server.write( it.id );
	await clock.go( 11_000 );
	assert.deepEqual( ids( store ), up( 181, 250 ) );
	assert.equal( store.thread.arrived, 1 );
	assertWindow( store, it );
} );

test( 'both ends loading at once in a full window leave no gap', async () => {
	const { store, server, clock, it } = await opened( 900, 400 );
	for ( let i = 0; i < 5; i++ ) {
		await store.loadOlder();
	}
	const open = server.gate( 'GET', /messages/, 'after' );
	const newer = store.loadNewer();
	await clock.settle();
	await store.loadOlder();
	open();
	await newer;
	assertWindow( store, it );
	const again = server.gate( 'GET', /messages/, 'after' );
	const older = store.loadOlder();
	await clock.settle();
	await store.loadNewer();
	again();
	await older;
	assertWindow( store, it );
} );

test( 'a poll from before the end was loaded does not take it back', async () => {
	const { store, server, clock, it } = await opened( 500, 200 );
	server.write( it.id );
	const open = server.gate( 'GET', /messages/, 'after' );
	await clock.go( 10_000 );
	server.write( it.id );
	await store.toNewest();
	assertWindow( store, it );
	open();
	await clock.settle();
	assertWindow( store, it );
	server.write( it.id );
	await clock.go( 11_000 );
	assert.equal( ids( store ).at( -1 ), 503 );
	assertWindow( store, it );
} );

test( 'toNewest while newer ones load leaves no gap', async () => {
	const { store, it, server, clock } = await opened( 500, 100 );
	const open = server.gate( 'GET', /messages/, 'after' );
	const newer = store.loadNewer();
	await clock.settle();
	const newest = store.toNewest();
	await newest;
	open();
	await newer;
	assert.deepEqual( ids( store ), up( 451, 500 ) );
	assertWindow( store, it );
} );

test( 'another thread while one loads: only the last one is shown', async () => {
	const { store, server, clock } = await opened( 10, 10, 5 );
	const open = server.gate( 'GET', /conversations\/1\/messages/, 'after' );
	store.open( 1 );
	assert.equal( store.thread.status, 'loading' );
	assert.equal( store.thread.conversation.id, 1, 'known from the list' );
	await clock.settle();
	store.open( 2 );
	await clock.settle();
	open();
	await clock.settle();
	assert.equal( store.thread.id, 2 );
	assert.deepEqual( ids( store ), up( 6, 15 ) );
	store.close();
	assert.equal( store.thread, null );
} );

test( 'a thread that is not mine is refused; one that could not be loaded comes by itself', async () => {
	const { store, server, clock } = await opened( 3 );
	store.open( 99 );
	await clock.settle();
	assert.equal( store.thread.status, 'failed' );
	assert.equal( store.thread.problem.kind, 'refused' );
	server.rule( 'GET', /1\/messages/, () => [ 503, '' ], 2 );
	store.open( 1 );
	await clock.settle();
	assert.equal( store.thread.status, 'failed' );
	assert.equal( store.thread.problem.kind, 'unavailable' );
	await clock.go( 70_000 );
	assert.equal( store.thread.status, 'ready' );
	assert.deepEqual( ids( store ), [ 1, 2, 3 ] );
} );

test( 'an open thread that ends for the reader says so', async () => {
	const { store, server, clock, it } = await opened( 3 );
	it.left = 'now';
	await clock.go( 31_000 );
	assert.equal( store.thread.status, 'failed' );
	assert.equal( store.thread.problem.kind, 'refused' );
	assert.deepEqual( store.list.rows, [] );
	assert.equal( server.conversations.size, 1 );
} );

test( 'a failure while loading older ones is told, and it can be tried again', async () => {
	const { store, server, it } = await opened( 120 );
	server.rule( 'GET', /messages/, () => [ 503, '' ], 1 );
	await assert.rejects( store.loadOlder(), { kind: 'unavailable' } );
	assert.equal( store.thread.loadingOlder, false );
	await store.loadOlder();
	assert.deepEqual( ids( store ), up( 21, 120 ) );
	assertWindow( store, it );
} );

test( 'reading: at once here, forward only, many as one', async () => {
	const { store, server, clock, it } = await opened( 20, 5 );
	assert.equal( store.unread, 1 );
	store.seen( 8 );
	store.seen( 12 );
	store.seen( 10 );
	assert.equal( store.list.rows[ 0 ].unread, true );
	store.seen( 20 );
	assert.equal( store.list.rows[ 0 ].unread, false );
	assert.equal( store.unread, 0 );
	await clock.go( 1_000 );
	assert.deepEqual( server.requests( 'POST', /read/ ).map( ( { body } ) => body ), [ { message_id: 20 } ] );
	store.seen( 20 );
	store.seen( 3 );
	await clock.go( 60_000 );
	assert.equal( server.requests( 'POST', /read/ ).length, 1 );
	assert.equal( it.read, 20 );
	assert.equal( store.thread.firstUnreadId, 6, 'the line stays where it was' );
} );

test( 'reading goes on while it is told, and is told again after a failure', async () => {
	const { store, server, clock, it, device } = await opened( 20, 5 );
	const open = server.gate( 'POST', /read/, 'after' );
	store.seen( 10 );
	await clock.go( 400 );
	store.seen( 15 );
	await clock.go( 400 );
	open();
	await clock.settle();
	assert.deepEqual( server.requests( 'POST', /read/ ).map( ( { body } ) => body.message_id ), [ 10, 15 ] );
	device.connect( false );
	store.seen( 20 );
	await clock.go( 400 );
	assert.equal( it.read, 15 );
	assert.equal( store.unread, 0 );
	device.connect( true );
	await clock.settle();
	assert.equal( it.read, 20, 'at once when the network is back' );
	assert.equal( store.unread, 0 );
} );

test( 'what was read further on another device stays read', async () => {
	const { store, server, clock, it } = await opened( 20, 5 );
	const open = server.gate( 'POST', /read/ );
	store.seen( 10 );
	await clock.go( 400 );
	it.read = 20;
	await clock.go( 10_500 );
	assert.equal( store.thread.conversation.last_read_message_id, 20 );
	assert.equal( store.thread.conversation.unread, false );
	open();
	await clock.settle();
	assert.equal( store.thread.conversation.last_read_message_id, 20 );
} );

test( 'what was seen is told when the page goes away', async () => {
	const { store, server, clock, tab, it } = await opened( 20, 5 );
	store.seen( 20 );
	tab.close();
	await clock.settle();
	const [ request ] = server.requests( 'POST', /read/ );
	assert.equal( request.init.keepalive, true );
	assert.equal( it.read, 20 );
} );

test( 'nothing goes on when nobody holds the store, and what was left waits for the next who does', async () => {
	const { store, server, clock, tab, it } = await opened( 20, 5 );
	server.rule( 'POST', /read|messages/, () => ( server.down ? [ 503, '' ] : undefined ) );
	server.down = true;
	store.seen( 20 );
	store.send( it.id, 'hello' );
	tab.inbox.release( store );
	await clock.settle();
	assert.equal( clock.timers.size, 0 );
	const asked = server.log.length;
	await clock.go( 3600_000 );
	assert.equal( server.log.length, asked );
	server.down = false;
	tab.acquire();
	await clock.go( 1_000 );
	assert.ok( it.read >= 20 );
	assert.deepEqual( server.texts( it.id ).slice( -1 ), [ 'hello' ] );
	assert.equal( server.requests( 'POST', /read/ ).at( -1 ).body.message_id, 20 );
	assert.equal( store.unread, 0 );
} );

test( 'marked as unread, an open thread stays so until it is opened again', async () => {
	const { store, server, clock, it } = await opened( 20 );
	await store.markUnread( it.id );
	store.seen( 20 );
	await clock.go( 31_000 );
	assert.equal( store.unread, 1 );
	assert.equal( store.list.rows[ 0 ].unread, true );
	assert.equal( server.requests( 'POST', /read/ ).length, 1 );
	store.close();
	store.open( it.id );
	await clock.settle();
	assert.equal( store.thread.firstUnreadId, 0 );
	store.seen( 20 );
	await clock.go( 1_000 );
	assert.equal( it.mark, false );
	assert.equal( store.unread, 0 );
} );

test( 'a reading that is refused is taken back', async () => {
	const { store, server, clock } = await opened( 20, 5 );
	server.rule( 'POST', /read/, () => refusal( 403, 'jetonomy_forbidden' ), 1 );
	store.seen( 20 );
	assert.equal( store.unread, 0 );
	await clock.go( 1_000 );
	assert.equal( store.list.rows[ 0 ].unread, true );
	assert.equal( store.unread, 1 );
} );

test( 'leaving closes the thread and takes its row away', async () => {
	const { store, clock } = await opened( 3, 3, 2 );
	await store.leave( 2 );
	assert.equal( store.thread, null );
	assert.deepEqual( store.list.rows.map( ( row ) => row.id ), [ 1 ] );
	await clock.go( 31_000 );
	assert.deepEqual( store.list.rows.map( ( row ) => row.id ), [ 1 ] );
} );
