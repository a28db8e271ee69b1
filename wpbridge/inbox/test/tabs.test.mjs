import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf, world } from './world.mjs';

/** As much of an element as the badge uses. */
class FakeElement {
	children = [];
	attributes = {};
	dataset = {};
	textContent = '';

	get childElementCount() {
		return this.children.length;
	}

	setAttribute( name, value ) {
		this.attributes[ name ] = value;
	}

	replaceChildren( ...children ) {
		this.children = children;
	}
}

globalThis.HTMLElement = FakeElement;
globalThis.document = { createElement: () => new FakeElement() };

async function badgeIn( tab, more = {} ) {
	const { UnreadBadge } = await tab.inbox.badge();
	const { rest, direct, nonce, renew, user } = configOf( tab.as );
	const badge = new UnreadBadge();
	badge.dataset = { rest, direct, nonce, renew, user: String( user ), label: 'Unread conversations: %s', ...more };
	badge.connectedCallback();
	return badge;
}

const shown = ( badge ) => badge.children.map( ( one ) => one.textContent );

async function opened( conversations = 3 ) {
	const all = world();
	for ( let i = 0; i < conversations; i++ ) {
		all.server.conversation( 1 );
	}
	const tab = await all.device.tab();
	return { ...all, tab };
}

test( 'a badge alone asks for the number only, every 30 seconds while the page is seen', async () => {
	const { tab, server, clock } = await opened();
	const badge = await badgeIn( tab );
	const second = await badgeIn( tab );
	assert.deepEqual( shown( badge ), [] );
	await clock.go( 100_000 );
	assert.deepEqual( shown( badge ), [ '3', 'Unread conversations: 3' ] );
	assert.deepEqual( shown( second ), shown( badge ) );
	assert.equal( badge.children[ 0 ].attributes[ 'aria-hidden' ], 'true' );
	assert.equal( badge.children[ 0 ].className, 'jt-community-nav-badge' );
	const asked = server.log.filter( ( one ) => ! one.path.includes( 'token' ) );
	assert.equal( asked.length, 4 );
	assert.ok( asked.every( ( one ) => one.path === 'conversations/unread-count' ) );
	tab.look( false );
	const before = server.log.length;
	await clock.go( 3600_000 );
	assert.equal( server.log.length, before );
	server.write( 1 );
	server.conversation( 1 );
	tab.look( true );
	await clock.settle();
	assert.deepEqual( shown( badge ), [ '4', 'Unread conversations: 4' ] );
	badge.disconnectedCallback();
	second.disconnectedCallback();
	const end = server.log.length;
	await clock.go( 3600_000 );
	assert.equal( server.log.length, end );
	assert.equal( clock.timers.size, 0 );
	assert.equal( tab.channels.size, 0 );
} );

test( 'a badge shows 99+ above 99, and nothing at 0', async () => {
	const { tab, clock } = await opened( 0 );
	const badge = await badgeIn( tab );
	await clock.settle();
	assert.deepEqual( shown( badge ), [] );
	for ( const [ unread, text ] of [ [ 99, '99' ], [ 100, '99+' ], [ 1, '1' ] ] ) {
		tab.window.dispatchEvent( new CustomEvent( 'jetonomy-messages', { detail: { unread } } ) );
		await clock.settle();
		assert.deepEqual( shown( badge ), [ text, `Unread conversations: ${ text }` ] );
	}
	tab.window.dispatchEvent( new CustomEvent( 'jetonomy-messages', { detail: { unread: 0 } } ) );
	await clock.settle();
	assert.deepEqual( shown( badge ), [] );
} );

test( 'a badge asks at once when somebody says that something changed', async () => {
	const { tab, server, clock } = await opened();
	const badge = await badgeIn( tab );
	await clock.settle();
	server.conversations.get( 1 ).read = 1;
	tab.window.dispatchEvent( new CustomEvent( 'jetonomy-messages', { detail: { type: 'read' } } ) );
	await clock.settle();
	assert.deepEqual( shown( badge ), [ '2', 'Unread conversations: 2' ] );
} );

test( 'a badge and an inbox share one connection', async () => {
	const { tab, server, clock } = await opened();
	const badge = await badgeIn( tab );
	const store = tab.acquire();
	await clock.go( 100_000 );
	assert.equal( server.requests( 'POST', /token/ ).length, 1 );
	assert.ok( server.requests( 'GET', /unread-count/ ).length <= 5 );
	await store.archive( 2, true );
	await clock.settle();
	assert.deepEqual( shown( badge ), [ '2', 'Unread conversations: 2' ] );
	tab.inbox.release( store );
	await clock.go( 31_000 );
	assert.deepEqual( shown( badge ), [ '2', 'Unread conversations: 2' ] );
} );

test( 'signed out or switched off, a badge goes', async () => {
	const { tab, server, clock } = await opened();
	const badge = await badgeIn( tab );
	await clock.settle();
	server.signedIn = 0;
	server.tokens.clear();
	await clock.go( 31_000 );
	assert.deepEqual( shown( badge ), [] );
} );

test( 'reading shows in the same moment in every tab, and stays when they ask', async () => {
	const { tab, server, clock, device } = await opened();
	const other = await device.tab();
	const plain = await device.tab();
	const store = tab.acquire();
	const there = other.acquire();
	const badge = await badgeIn( plain );
	store.open( 2 );
	await clock.settle();
	assert.equal( there.unread, 3 );
	const row = () => there.list.rows.find( ( one ) => one.id === 2 );
	assert.equal( row().unread, true );
	const open = server.gate( 'POST', /read/ );
	store.seen( 2 );
	await clock.settle();
	assert.equal( server.requests( 'POST', /read/ ).length, 0, 'before the service knows' );
	assert.equal( there.unread, 2 );
	assert.equal( row().unread, false );
	assert.deepEqual( shown( badge ), [ '2', 'Unread conversations: 2' ] );
	await clock.go( 400 );
	open();
	await clock.go( 60_000 );
	for ( const one of [ store, there ] ) {
		assert.equal( one.unread, 2 );
		assert.equal( one.list.rows.find( ( it ) => it.id === 2 ).unread, false );
	}
	assert.deepEqual( shown( badge ), [ '2', 'Unread conversations: 2' ] );
} );

test( 'an answer from before a message was seen does not bring the number back', async () => {
	const { tab, server, clock } = await opened();
	const store = tab.acquire();
	store.open( 2 );
	await clock.settle();
	const open = server.gate( 'GET', /unread-count/, 'after' );
	await clock.go( 33_500 );
	store.seen( 2 );
	assert.equal( store.unread, 2 );
	open();
	await clock.settle();
	assert.equal( store.unread, 2 );
	await clock.go( 60_000 );
	assert.equal( store.unread, 2 );
	assert.equal( server.unreadCount(), 2 );
} );

test( 'what one tab changes, another shows without waiting for its turn', async () => {
	const { tab, clock, device } = await opened();
	const store = tab.acquire();
	const there = ( await device.tab() ).acquire();
	there.open( 1 );
	await clock.settle();
	await store.archive( 2, true );
	await clock.settle();
	assert.deepEqual( there.list.rows.map( ( row ) => row.id ), [ 3, 1 ] );
	store.send( 1, 'hello' );
	await clock.settle();
	assert.deepEqual( there.thread.messages.map( ( one ) => one.content_plain ).at( -1 ), 'hello' );
	assert.deepEqual( there.list.rows.map( ( row ) => row.id ), [ 1, 3 ] );
	await store.start( [ 2 ], 'new', '', 'key' );
	await clock.settle();
	assert.deepEqual( there.list.rows.map( ( row ) => row.id ), [ 4, 1, 3 ] );
} );

test( 'a hidden tab asks when it is seen, not when it hears', async () => {
	const { tab, server, clock, device } = await opened();
	const other = await device.tab();
	const store = tab.acquire();
	const there = other.acquire();
	await clock.settle();
	other.look( false );
	const before = server.log.filter( ( one ) => one.tab === other ).length;
	await store.archive( 2, true );
	await clock.settle();
	assert.equal( server.log.filter( ( one ) => one.tab === other ).length, before );
	other.look( true );
	await clock.settle();
	assert.deepEqual( there.list.rows.map( ( row ) => row.id ), [ 3, 1 ] );
	assert.equal( there.unread, 2 );
} );

test( 'a tab of another site of the same origin is not believed', async () => {
	const { tab, clock, device } = await opened();
	const store = tab.acquire();
	const there = ( await device.tab() ).acquire( { rest: 'https://site.test/other/index.php?rest_route=/', direct: '' } );
	await clock.settle();
	await store.archive( 2, true );
	store.seen( 1 );
	await clock.settle();
	assert.equal( store.unread, 2 );
	assert.equal( there.unread, 3 );
} );

test( 'another member\'s tab is not believed, and another member\'s config ends the store', async () => {
	const { tab, server, clock, device } = await opened();
	const store = tab.acquire();
	await clock.settle();
	server.signedIn = 2;
	const stranger = await device.tab( { as: 2 } );
	const other = stranger.acquire();
	await clock.settle();
	stranger.window.dispatchEvent( new Event( 'x' ) );
	await other.archive( 1, true );
	await other.archive( 2, true );
	await clock.settle();
	assert.equal( store.unread, 3 );
	server.signedIn = 1;
	tab.as = 2;
	server.signedIn = 2;
	const next = tab.acquire();
	assert.notEqual( next, store );
	assert.deepEqual( next.list.rows, [] );
	await clock.settle();
	const asked = server.log.length;
	store.refresh();
	await clock.settle();
	tab.inbox.release( store );
	assert.equal( next.list.status, 'ready', 'the old holder does not take the new one with it' );
	await clock.go( 31_000 );
	assert.ok( server.log.length > asked );
	tab.inbox.release( next );
	other.close();
	stranger.inbox.release( other );
	await clock.settle();
	assert.equal( clock.timers.size, 0 );
} );
