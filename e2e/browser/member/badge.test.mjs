/**
 * The Messages link's number, as somebody sees it, and the requests that go out for it.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, rest, screenshot, signedIn } from '../harness.mjs';

const COUNT = /unread-count/;

test( 'the badge', async ( t ) => {
	const browser = await launch( t );
	const [ one, two, three ] = await members( 3 );
	const me = await signedIn( browser, one.login );
	me.setDefaultTimeout( 20_000 ); // less than the 30 s after which the page asks by itself
	const write = async ( { login } ) => {
		const from = await signedIn( browser, login );
		const { status, body } = await rest( from, 'POST', 'jetonomy/v1/conversations', { recipients: [ one.id ], message: 'Hello' } );
		assert.ok( status === 200 || status === 201, JSON.stringify( body ) );
		return body.conversation_id;
	};
	// In the admin bar links are items of a menu.
	const link = ( page, name ) => page.getByRole( 'link', { name } ).or( page.getByRole( 'menuitem', { name } ) ).first();
	const NONE = /^Messages$/;
	// The community's page with Jetonomy, the site's with the admin bar without.
	const home = ( await ( await me.request.get( '/community/' ) ).status() ) === 200 ? '/community/' : '/';

	await t.test( 'is not there for 0, and shows how many conversations are unread', async () => {
		const page = await me.newPage();
		const asked = page.waitForResponse( COUNT );
		await page.goto( home );
		await ( await asked ).finished();
		await link( page, NONE ).waitFor();
		await write( two );
		await write( three );
		await page.reload();
		await link( page, /^Messages.*\b2$/s ).waitFor();
		await screenshot( page, 'member/badge-1280' );
		await page.close();
	} );

	await t.test( 'is 99+ above 99', async () => {
		const page = await me.newPage();
		await page.route( COUNT, ( route ) => route.fulfill( { json: { count: 137 } } ) );
		await page.goto( home );
		await link( page, /^Messages.*99\+$/s ).waitFor();
		await page.close();
	} );

	await t.test( 'asks every 30 seconds, and not while the tab is hidden', async () => {
		const page = await me.newPage();
		await page.clock.install();
		let asked = 0;
		page.on( 'request', ( request ) => COUNT.test( request.url() ) && asked++ );
		const show = ( state ) => page.evaluate( ( visibility ) => {
			Object.defineProperty( document, 'visibilityState', { configurable: true, get: () => visibility } );
			Object.defineProperty( document, 'hidden', { configurable: true, get: () => visibility === 'hidden' } );
			document.dispatchEvent( new Event( 'visibilitychange' ) );
		}, state );
		const again = async () => {
			const answer = page.waitForResponse( COUNT );
			await page.clock.runFor( 36_000 );
			await ( await answer ).finished();
		};
		const first = page.waitForResponse( COUNT );
		await page.goto( home );
		await page.clock.runFor( 1_000 );
		await ( await first ).finished();
		await link( page, /^Messages.*\b2$/s ).waitFor();
		await again();
		await again();
		assert.ok( asked <= 4, `${ asked } requests in 72 seconds` );

		await show( 'hidden' );
		const before = asked;
		await page.clock.runFor( 600_000 );
		assert.equal( asked, before, 'a hidden tab asks nothing' );

		const back = page.waitForResponse( COUNT );
		await show( 'visible' );
		await page.clock.runFor( 1_000 );
		await back;
		await page.close();
	} );

	await t.test( 'what one tab knows the other shows at once', async () => {
		const [ a, b ] = [ await me.newPage(), await me.newPage() ];
		await a.goto( home );
		await link( a, /^Messages.*\b2$/s ).waitFor();
		await b.goto( home );
		await link( b, /^Messages.*\b2$/s ).waitFor();
		await a.clock.install();
		await b.evaluate( () => new BroadcastChannel( 'jetonomy-messages' ).postMessage( { unread: 1 } ) );
		await link( a, /^Messages.*\b1$/s ).waitFor();
	} );

	await t.test( 'drops when the conversations are read', async () => {
		await rest( me, 'POST', 'jetonomy/v1/conversations/read-all' );
		const page = await me.newPage();
		const answer = page.waitForResponse( COUNT );
		await page.goto( home );
		await ( await answer ).finished();
		await link( page, NONE ).waitFor();
	} );

	await t.test( 'a stranger has no link, and nothing is asked', async () => {
		const page = await ( await browser.newContext( { baseURL: process.env.SITE_URL } ) ).newPage();
		let asked = 0;
		page.on( 'request', ( request ) => COUNT.test( request.url() ) && asked++ );
		await page.goto( home );
		await page.waitForLoadState( 'networkidle' );
		assert.equal( await link( page, /^Messages/ ).count(), 0 );
		assert.equal( asked, 0 );
	} );
} );
