/**
 * The inbox where a click swaps a part of the page in place, as Jetonomy's pages do with the Interactivity router.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, muPlugin, PHONE, rest, signedIn, until } from '../harness.mjs';
import { begin, FAKE_CLOCK, INBOX, openInbox, say } from './inbox.mjs';

test( 'the page is swapped in place', async ( t ) => {
	const browser = await launch( t );
	const [ one, two ] = await members( 2 );
	const mine = await signedIn( browser, one.login );
	const theirs = await signedIn( browser, two.login );
	const id = await begin( theirs, [ one.id ], 'Hello' );
	await muPlugin( t, 'region-router', '1', mine );

	const me = await openInbox( mine, '', {
		expected: [ FAKE_CLOCK ],
		// What is left of the inbox after it has gone: timers and listeners.
		before: ( page ) => page.addInitScript( () => {
			window.loads = Number( sessionStorage.getItem( 'loads' ) ?? 0 ) + 1;
			sessionStorage.setItem( 'loads', String( window.loads ) );
			const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
			const kept = new Map();
			window.listeners = () => [ ...kept ].filter( ( [ , count ] ) => count > 0 ).map( ( [ name, count ] ) => `${ name } ${ count }` ).sort();
			const ours = () => new Error().stack.includes( 'assets/messages.js' );
			const note = ( target, type, by ) => {
				if ( target === window || target === document || target === null || target === visualViewport ) {
					const name = `${ target === document ? 'document' : target === visualViewport ? 'viewport' : 'window' } ${ type }`;
					kept.set( name, ( kept.get( name ) ?? 0 ) + by );
				}
			};
			EventTarget.prototype.addEventListener = function( type, ...rest ) {
				if ( ours() ) {
					note( this ?? null, type, 1 );
				}
				return add.call( this, type, ...rest );
			};
			EventTarget.prototype.removeEventListener = function( type, ...rest ) {
				if ( ours() ) {
					note( this ?? null, type, -1 );
				}
				return remove.call( this, type, ...rest );
			};
			const intervals = new Set();
			const { setInterval: start, clearInterval: end } = window;
			window.intervals = () => intervals.size;
			window.setInterval = ( ...all ) => {
				const timer = start( ...all );
				if ( ours() ) {
					intervals.add( timer );
				}
				return timer;
			};
			window.clearInterval = ( timer ) => {
				intervals.delete( timer );
				end( timer );
			};
		} ),
	} );
	const link = ( name ) => me.page.locator( '#region-links' ).getByRole( 'link', { name } );
	const swap = async ( name ) => {
		const before = await me.page.evaluate( () => Number( document.documentElement.dataset.swaps ) );
		await link( name ).click();
		await me.page.waitForFunction( ( count ) => Number( document.documentElement.dataset.swaps ) > count, before );
	};
	const loads = () => me.page.evaluate( () => window.loads );
	const left = () => me.page.evaluate( () => ( { listeners: window.listeners(), intervals: window.intervals() } ) );
	const home = async () => {
		await swap( 'Start' );
		await me.element.waitFor( { state: 'detached' } );
		// Jetonomy's pages bring no title of their own.
		assert.ok( ! ( await me.page.title() ).includes( two.name ), await me.page.title() );
	};
	await link( 'Start' ).waitFor();
	await me.page.waitForFunction( () => document.documentElement.dataset.swaps === '0' );

	await t.test( 'the element works when it comes back, however often', async () => {
		for ( let n = 0; n < 3; n++ ) {
			await home();
			await swap( 'Inbox' );
			await me.ready();
			await me.row( two.name ).waitFor();
		}
		await me.open( two.name );
		await me.sent( 'Hello' ).waitFor();
		await me.badgeShows( '' );
		await me.write( 'Written after a swap' );
		await me.sent( 'Written after a swap' ).waitFor();
		await me.look();
		assert.equal( await loads(), 1, 'no page was loaded' );
	} );

	await t.test( 'back and forward lead where they should, also across swaps', async () => {
		const again = await openInbox( mine, '', { before: ( page ) => page.setViewportSize( PHONE ) } );
		const go = async ( name ) => {
			const before = await again.page.evaluate( () => Number( document.documentElement.dataset.swaps ) );
			await again.page.locator( '#region-links' ).getByRole( 'link', { name } ).click();
			await again.page.waitForFunction( ( count ) => Number( document.documentElement.dataset.swaps ) > count, before );
		};
		await again.page.waitForFunction( () => document.documentElement.dataset.swaps === '0' );
		await again.page.evaluate( () => {
			window.first = true;
		} );
		await again.row( two.name ).click();
		await again.heading( two.name ).waitFor();
		await again.page.goBack();
		await again.row( two.name ).waitFor();
		assert.equal( await again.page.evaluate( () => window.first ), true, 'our own entries load nothing' );
		await again.page.goForward();
		await again.heading( two.name ).waitFor();
		assert.equal( await again.page.evaluate( () => window.first ), true );
		await again.page.evaluate( () => document.querySelector( '#region-links a' ).scrollIntoView() );
		await go( 'Start' );
		await again.element.waitFor( { state: 'detached' } );
		await again.page.goBack();
		await again.heading( two.name ).waitFor();
		assert.equal( new URL( again.page.url() ).pathname, `${ INBOX }${ id }/` );
		await again.sent( 'Hello' ).waitFor();
		await again.page.goBack();
		await again.row( two.name ).waitFor();
		assert.equal( new URL( again.page.url() ).pathname, INBOX );
		again.good();
		await again.page.close();
	} );

	await t.test( 'a link to a new message swaps it in', async () => {
		await me.page.goto( await link( 'Start' ).getAttribute( 'href' ) );
		await me.page.waitForFunction( () => document.documentElement.dataset.swaps === '0' );
		await swap( 'New message' );
		await me.heading( 'New message' ).waitFor();
		await me.to.waitFor();
	} );

	await t.test( 'what comes in while it is away is there when it is back', async () => {
		await swap( 'Start' );
		await say( theirs, id, 'While you were away' );
		await until( 'it is unread', async () => ( await rest( mine, 'GET', 'jetonomy/v1/conversations/unread-count' ) ).body.count === 1 );
		await swap( 'Inbox' );
		await me.unreadRow( two.name ).waitFor();
		await me.badgeShows( 1 );
		await me.open( two.name );
		await me.message( 'While you were away' ).waitFor();
		await me.badgeShows( '' );
	} );

	await t.test( 'nothing of it is left when it is gone', async () => {
		await home();
		const once = await left();
		assert.equal( once.intervals, 0 );
		await swap( 'Inbox' );
		await me.open( two.name );
		await me.moreOptions.click();
		await me.menu.waitFor();
		await home();
		assert.deepEqual( await left(), once );
		await me.page.clock.install();
		const asked = [];
		const listen = ( request ) => /jetonomy/.test( request.url() ) && ! /assets/.test( request.url() ) && asked.push( new URL( request.url() ).pathname );
		me.page.on( 'request', listen );
		await me.page.clock.runFor( 120_000 );
		me.page.off( 'request', listen );
		// The badge in the navigation lives on, and asks for its number every 30 seconds.
		assert.ok( asked.filter( ( path ) => /unread-count$/.test( path ) ).length <= 5, asked.join() );
		assert.deepEqual( asked.filter( ( path ) => ! /unread-count$|\/token$/.test( path ) ), [] );
	} );

	me.good();
} );

test( 'the breadcrumb leads to the inbox, and names no conversation that one has left', async ( t ) => {
	const browser = await launch( t );
	const [ one, two, three ] = await members( 3 );
	const mine = await signedIn( browser, one.login );
	const id = await begin( mine, [ two.id ], 'Hello two' );
	await begin( mine, [ three.id ], 'Hello three' );
	const me = await openInbox( mine, `${ id }/` );
	await me.sent( 'Hello two' ).waitFor();
	const crumbs = async () => ( await me.page.getByRole( 'navigation', { name: 'Breadcrumb' } ).innerText() ).replace( /[\s/]+/g, ' ' ).trim();
	assert.equal( await crumbs(), 'Home Messages' );
	await me.open( three.name );
	assert.equal( await crumbs(), 'Home Messages' );
	for ( const path of [ '', '?filter=archived', '?to=' ] ) {
		await me.go( path );
		assert.equal( await crumbs(), 'Home Messages', path );
	}
	me.good();

	const plain = await ( await signedIn( browser, one.login, { javaScriptEnabled: false } ) ).newPage();
	await plain.goto( `${ INBOX }${ id }/` );
	await plain.getByRole( 'navigation', { name: 'Breadcrumb' } ).getByText( two.name ).waitFor();
} );
