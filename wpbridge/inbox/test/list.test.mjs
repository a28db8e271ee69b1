import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusal, world } from './world.mjs';

async function opened( conversations ) {
	const all = world();
	for ( let i = 0; i < conversations; i++ ) {
		all.server.conversation( 1 );
	}
	const tab = await all.device.tab();
	const store = tab.acquire();
	await all.clock.settle();
	return { ...all, tab, store };
}

const ids = ( store ) => store.list.rows.map( ( row ) => row.id );
const down = ( from, to ) => Array.from( { length: from - to + 1 }, ( _, i ) => from - i );

test( 'pages by cursor to the end, each row once', async () => {
	const { store } = await opened( 70 );
	assert.deepEqual( ids( store ), down( 70, 41 ) );
	assert.equal( store.list.hasMore, true );
	const loading = store.loadMore();
	assert.equal( store.list.loadingMore, true );
	await Promise.all( [ loading, store.loadMore() ] );
	assert.deepEqual( ids( store ), down( 70, 11 ) );
	await store.loadMore();
	assert.deepEqual( ids( store ), down( 70, 1 ) );
	assert.equal( store.list.hasMore, false );
	assert.equal( store.list.loadingMore, false );
} );

test( 'new activity moves a row up, also from a further page, and loses no page', async () => {
	const { store, server, clock } = await opened( 70 );
	await store.loadMore();
	server.write( 20 );
	server.write( 1 );
	await clock.go( 31_000 );
	assert.deepEqual( ids( store ), [ 1, 20, ...down( 70, 21 ), ...down( 19, 11 ) ] );
	await store.loadMore();
	assert.deepEqual( ids( store ), [ 1, 20, ...down( 70, 21 ), ...down( 19, 2 ) ] );
} );

test( 'begins anew where more happened than a page shows', async () => {
	const { store, server, clock } = await opened( 70 );
	await store.loadMore();
	for ( let id = 1; id <= 35; id++ ) {
		server.write( id );
	}
	await clock.go( 31_000 );
	assert.deepEqual( ids( store ), down( 35, 6 ) );
	await store.loadMore();
	assert.deepEqual( ids( store ), [ ...down( 35, 1 ), ...down( 70, 46 ) ], 'without a gap' );
} );

test( 'a row that was archived elsewhere goes, and the open one stays in "unread" when it is read', async () => {
	const { store, server, clock } = await opened( 5 );
	server.conversations.get( 3 ).archived = true;
	await clock.go( 31_000 );
	assert.deepEqual( ids( store ), [ 5, 4, 2, 1 ] );
	store.show( 'unread' );
	store.open( 4 );
	await clock.settle();
	store.seen( 4 );
	await clock.go( 31_000 );
	assert.equal( server.conversations.get( 4 ).read, 4 );
	assert.deepEqual( ids( store ), [ 5, 4, 2, 1 ] );
	assert.equal( store.list.rows[ 1 ].unread, false );
	store.close();
	assert.deepEqual( ids( store ), [ 5, 2, 1 ] );
} );

test( 'folders and search: the last one asked for is shown, whatever answers last', async () => {
	const { store, server, clock } = await opened( 3 );
	server.conversations.get( 2 ).archived = true;
	server.conversations.get( 1 ).title = 'Garden';
	const open = server.gate( 'GET', /^conversations$/ );
	store.show( 'archived' );
	assert.equal( store.list.status, 'loading' );
	assert.deepEqual( ids( store ), [] );
	await clock.settle();
	store.show( 'inbox', ' gard ' );
	assert.equal( store.list.search, 'gard' );
	await clock.settle();
	open();
	await clock.settle();
	assert.deepEqual( ids( store ), [ 1 ] );
	assert.equal( store.list.folder, 'inbox' );
	store.show( 'archived' );
	await clock.settle();
	assert.deepEqual( ids( store ), [ 2 ] );
} );

test( 'a search finds in all folders, in whichever it begins, and a folder is itself again without it', async () => {
	const { store, server, clock } = await opened( 4 );
	server.conversations.get( 2 ).archived = true;
	server.conversations.get( 3 ).read = 3;
	server.conversations.get( 4 ).left = 'now';
	for ( const folder of [ 'inbox', 'unread', 'archived' ] ) {
		store.show( folder, 'conversation' );
		await clock.settle();
		assert.deepEqual( ids( store ), [ 3, 2, 1 ], folder );
		assert.deepEqual( store.list.rows.map( ( row ) => row.is_archived ), [ false, true, false ] );
		await store.archive( 1, true );
		assert.deepEqual( ids( store ), [ 3, 2, 1 ], 'what is archived stays found' );
		await store.archive( 1, false );
	}
	store.show( 'archived' );
	await clock.settle();
	assert.deepEqual( ids( store ), [ 2 ] );
} );

test( 'the conversation with a member is found beyond the rows that are loaded, and in the archive', async () => {
	const { store, server, clock } = await opened( 0 );
	server.conversation( 1, { other: 3 } );
	server.conversation( 1, { other: 4, archived: true } );
	server.conversation( 1, { other: 5, type: 'group' } );
	for ( let i = 0; i < 40; i++ ) {
		server.conversation( 1, { type: 'group' } );
	}
	const last = server.conversation( 1 );
	store.refresh();
	await clock.settle();
	assert.ok( ! ids( store ).includes( 1 ) );
	const asked = server.requests( 'GET', /^conversations$/ ).length;
	assert.equal( ( await store.conversationWith( 2 ) ).id, last.id );
	assert.equal( server.requests( 'GET', /^conversations$/ ).length, asked, 'what is known is not asked for' );
	assert.equal( ( await store.conversationWith( 3 ) ).id, 1 );
	assert.equal( ( await store.conversationWith( 4 ) ).id, 2 );
	assert.equal( await store.conversationWith( 5 ), null );
	assert.ok( ! ids( store ).includes( 1 ), 'no row comes of that' );
	server.rule( 'GET', /^conversations$/, () => [ 200, { data: [ server.shape( server.conversations.get( 3 ) ) ], meta: {} } ], 1 );
	assert.equal( await store.conversationWith( 6 ), null, 'nor is what a service says that does not know the question' );
	server.rule( 'GET', /^conversations$/, () => [ 503, '' ], 1 );
	await assert.rejects( store.conversationWith( 6 ), { kind: 'unavailable' } );
} );

test( 'a new object at every change, the same without one; one call for many changes', async () => {
	const { store, clock } = await opened( 3 );
	let calls = 0;
	const stop = store.subscribe( () => calls++ );
	const before = store.list;
	assert.equal( store.list, before );
	const done = Promise.all( [ store.mute( 1, true ), store.mute( 2, true ) ] );
	await Promise.resolve();
	assert.equal( calls, 1 );
	assert.notEqual( store.list, before );
	await done;
	stop();
	calls = 0;
	await store.mute( 1, false );
	await clock.settle();
	assert.equal( calls, 0 );
} );

test( 'changes show at once and are taken back when refused', async () => {
	const { store, server, clock } = await opened( 3 );
	const row = ( id ) => store.list.rows.find( ( one ) => one.id === id );
	for ( const [ run, shown ] of [
		[ () => store.mute( 2, true ), () => row( 2 ).is_muted ],
		[ () => store.block( 2, true ), () => row( 2 ).is_blocked ],
		[ () => store.rename( 2, 'Other' ), () => row( 2 ).title === 'Other' ],
		[ () => store.archive( 2, true ), () => ! row( 2 ) && store.unread === 2 ],
		[ () => store.leave( 2 ), () => ! row( 2 ) && store.unread === 2 ],
		[ () => store.readAll(), () => ! row( 2 ).unread && store.unread === 0 ],
	] ) {
		server.rules.length = 0;
		server.rule( 'POST', /2|read-all/, () => refusal( 403, 'jetonomy_forbidden' ), 1 );
		server.rule( 'PATCH', /2/, () => refusal( 403, 'jetonomy_forbidden' ), 1 );
		const refused = run();
		assert.equal( shown(), true, `${ run } shows at once` );
		await assert.rejects( refused, { kind: 'refused', code: 'jetonomy_forbidden' } );
		await clock.settle();
		assert.equal( shown(), false, `${ run } is taken back` );
		assert.equal( store.unread, 3 );
		assert.deepEqual( ids( store ), [ 3, 2, 1 ] );
		const done = run();
		assert.equal( shown(), true );
		await done;
		await clock.settle();
		assert.equal( shown(), true, `${ run } stays` );
		assert.equal( store.unread, server.unreadCount() );
		server.conversations.set( 2, { ...server.conversations.get( 2 ), muted: false, blocked: false, title: 'x', archived: false, left: null, mark: false, read: 0 } );
		store.refresh();
		await clock.settle();
	}
} );

test( 'a poll from before a change does not bring the old state back', async () => {
	const { store, server, clock } = await opened( 3 );
	const open = server.gate( 'GET', /^conversations$/, 'after' );
	await clock.go( 31_000 );
	await store.archive( 2, true );
	assert.deepEqual( ids( store ), [ 3, 1 ] );
	open();
	await clock.settle();
	assert.deepEqual( ids( store ), [ 3, 1 ] );
	assert.equal( store.unread, 2 );
	await store.archive( 2, false );
	assert.deepEqual( ids( store ), [ 3, 2, 1 ], 'undone' );
} );

test( 'a poll from before a conversation came back does not take it away', async () => {
	const { store, server, clock } = await opened( 3 );
	await store.archive( 2, true );
	const open = server.gate( 'GET', /^conversations$/, 'after' );
	await clock.go( 31_000 );
	await store.archive( 2, false );
	assert.deepEqual( ids( store ), [ 3, 2, 1 ] );
	open();
	await clock.settle();
	assert.deepEqual( ids( store ), [ 3, 2, 1 ] );
} );

test( 'a page that was asked for before the list began anew leaves no gap', async () => {
	const { store, server, clock } = await opened( 100 );
	await store.loadMore();
	const open = server.gate( 'GET', /^conversations$/, 'after' );
	const more = store.loadMore();
	await clock.settle();
	for ( let id = 1; id <= 35; id++ ) {
		server.write( id );
	}
	store.refresh();
	await clock.settle();
	open();
	await more;
	assert.deepEqual( ids( store ), down( 35, 6 ) );
	await store.loadMore();
	assert.deepEqual( ids( store ), [ ...down( 35, 1 ), ...down( 100, 76 ) ] );
} );

test( 'the number follows the rows, whichever is asked for first', async () => {
	const { store, server, clock, tab } = await opened( 3 );
	tab.acquire( { poll: { list: 5_000, thread: 10_000 } } );
	store.refresh();
	await clock.settle();
	server.conversation( 1 );
	await clock.go( 6_000 );
	assert.equal( store.list.rows.length, 4 );
	assert.equal( store.unread, 4 );
} );

test( 'a change and its undo reach the service in this order', async () => {
	const { store, server, clock } = await opened( 2 );
	const open = server.gate( 'POST', /archive/ );
	const first = store.archive( 1, true );
	await clock.settle();
	const second = store.archive( 1, false );
	assert.deepEqual( ids( store ), [ 2, 1 ] );
	await clock.settle();
	assert.equal( server.requests( 'POST', /archive/ ).length, 1 );
	open();
	await Promise.all( [ first, second ] );
	assert.equal( server.conversations.get( 1 ).archived, false );
	assert.deepEqual( ids( store ), [ 2, 1 ] );
} );

test( 'a change that is refused does not hold up the next one', async () => {
	const { store, server, clock } = await opened( 2 );
	server.rule( 'POST', /archive/, () => refusal( 403, 'jetonomy_forbidden' ), 1 );
	const refused = assert.rejects( store.archive( 1, true ), { kind: 'refused' } );
	const done = store.mute( 1, true );
	await Promise.all( [ refused, done ] );
	await clock.settle();
	assert.deepEqual( ids( store ), [ 2, 1 ] );
	assert.equal( store.list.rows[ 1 ].is_muted, true );
} );

test( 'a new conversation is on top, and the same wish again is the same conversation', async () => {
	const { store, server, clock } = await opened( 2 );
	const open = server.gate( 'POST', /^conversations$/, 'after' );
	const first = assert.rejects( store.start( [ 2 ], 'hello', '', 'wish-1' ), { kind: 'unavailable' } );
	await clock.go( 16_000 );
	await first;
	open();
	const again = await store.start( [ 2 ], 'hello', '', 'wish-1' );
	assert.equal( again.id, 3 );
	assert.equal( server.conversations.size, 3 );
	assert.deepEqual( ids( store ), [ 3, 2, 1 ] );
} );

test( 'asks rarely while hidden, at once when seen, and not at all when nobody holds it', async () => {
	const { store, server, clock, tab } = await opened( 2 );
	const asked = () => server.requests( 'GET', /^conversations$/ ).length;
	let before = asked();
	tab.look( false );
	await clock.go( 170_000 );
	assert.equal( asked(), before );
	tab.look( true );
	await clock.settle();
	assert.equal( asked(), before + 1 );
	assert.equal( tab.acquire(), store, 'all elements share it' );
	tab.inbox.release( store );
	before = asked();
	await clock.go( 31_000 );
	assert.equal( asked(), before + 1 );
	tab.inbox.release( store );
	tab.inbox.release( store );
	await clock.settle();
	const all = server.log.length;
	await clock.go( 3600_000 );
	assert.equal( server.log.length, all );
	assert.equal( clock.timers.size, 0 );
	server.write( 1 );
	assert.equal( tab.acquire(), store );
	await clock.settle();
	assert.deepEqual( ids( store ), [ 1, 2 ] );
} );
