/**
 * How the inbox asks: directly where the service answers by itself, else through WordPress; not too often; and
 * without leaving its token anywhere.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, rest, signedIn } from '../harness.mjs';
import { begin, FAILED_REQUEST, FAKE_CLOCK, openInbox } from './inbox.mjs';

/** Collects the requests to the API: method, path and whether they carried a token. */
function watch( page ) {
	const all = [];
	page.on( 'request', ( request ) => {
		const url = new URL( request.url() );
		const route = url.searchParams.get( 'rest_route' ) ?? url.pathname;
		if ( /jetonomy(-sidecar)?\/v1\//.test( route ) ) {
			all.push( { method: request.method(), path: route.replace( /^.*?\/(jetonomy)/, '$1' ), direct: request.headers().authorization?.startsWith( 'Bearer ' ) ?? false, url: request.url() } );
		}
	} );
	return all;
}

const TOKEN = 'jetonomy-sidecar/v1/token';
const isToken = ( request ) => request.path === TOKEN;

test( 'the way to the service', async ( t ) => {
	const browser = await launch( t );
	const [ one, two ] = await members( 2 );
	const mine = await signedIn( browser, one.login );
	const id = await begin( mine, [ two.id ], 'Hello' );

	await t.test( 'is direct where the fast path answers; the token is asked for once, and kept nowhere', async () => {
		let asked;
		let token = '';
		const me = await openInbox( mine, `${ id }/`, { before: async ( page ) => {
			asked = watch( page );
			page.on( 'response', async ( answer ) => {
				if ( answer.url().includes( TOKEN ) ) {
					( { token } = await answer.json() );
				}
			} );
		} } );
		await me.sent( 'Hello' ).waitFor();
		await me.write( 'Sent directly' );
		await me.sent( 'Sent directly' ).waitFor();
		await me.hint();
		assert.equal( asked.filter( isToken ).length, 1 );
		assert.deepEqual( asked.filter( ( request ) => ! isToken( request ) && ! request.direct ), [] );
		assert.ok( token.length > 20 );
		const kept = await me.page.evaluate( async () => JSON.stringify( [ { ...localStorage }, { ...sessionStorage }, document.cookie, history.state, document.documentElement.outerHTML,
			( await indexedDB.databases() ).map( ( { name } ) => name ), await caches?.keys?.() ] ) );
		assert.ok( ! kept.includes( token ) );
		assert.ok( ! kept.includes( token.split( '.' ).at( -1 ) ) );
		assert.ok( ! ( await mine.cookies() ).some( ( cookie ) => cookie.value.includes( token ) ) );
		assert.ok( ! asked.some( ( request ) => request.url.includes( token ) ), 'nor is it in an address' );
		me.good();
		await me.page.close();
	} );

	await t.test( 'is WordPress where nothing answers directly, found out once', async () => {
		let asked;
		const refused = [];
		const me = await openInbox( mine, `${ id }/`, { expected: [ FAILED_REQUEST ], before: async ( page ) => {
			asked = watch( page );
			await page.route( /\/wp-json\/jetonomy\/v1\//, ( route ) => {
				if ( ! route.request().headers().authorization ) {
					return route.continue();
				}
				// A web server without the fast path, and with a WordPress that does not know the route.
				refused.push( route.request().url() );
				return route.fulfill( { status: 404, json: { code: 'rest_no_route', message: 'No route was found.', data: { status: 404 } } } );
			} );
		} } );
		await me.sent( 'Hello' ).waitFor();
		await me.write( 'Sent through WordPress' );
		await me.sent( 'Sent through WordPress' ).waitFor();
		await me.choose( 'Mute' );
		await me.toastSays( 'Muted.' );
		await me.undo.click();
		assert.ok( refused.length >= 1 && refused.length <= 3, `${ refused.length } were tried directly` );
		const through = asked.filter( ( request ) => ! request.direct && ! isToken( request ) );
		assert.ok( through.some( ( { method, path } ) => method === 'POST' && path === `jetonomy/v1/conversations/${ id }/messages` ) );
		const tries = refused.length;
		await me.hint();
		await me.page.waitForResponse( /conversations/ );
		assert.equal( refused.length, tries, 'it is not tried again' );
		me.good();
		await me.page.close();
	} );

	await t.test( 'is WordPress, too, where a firewall cuts direct requests', async () => {
		const me = await openInbox( mine, `${ id }/`, { expected: [ FAILED_REQUEST ], before: ( page ) =>
			page.route( /\/wp-json\/jetonomy\/v1\//, ( route ) => ( route.request().headers().authorization ? route.abort( 'connectionreset' ) : route.continue() ) ) } );
		await me.sent( 'Hello' ).waitFor();
		await me.write( 'Sent past a firewall' );
		await me.sent( 'Sent past a firewall' ).waitFor();
		assert.equal( await me.connection.count(), 0 );
		me.good();
		await me.page.close();
	} );

	await t.test( 'is WordPress, too, once the service takes no token any more', async () => {
		const me = await openInbox( mine, `${ id }/`, { expected: [ FAILED_REQUEST ] } );
		await me.sent( 'Hello' ).waitFor();
		await me.page.route( /\/wp-json\/jetonomy\/v1\//, ( route ) =>
			( route.request().headers().authorization ? route.fulfill( { status: 401, headers: { 'X-Jetonomy-Sidecar': '1' }, json: { code: 'jetonomy_sidecar_token', message: '', data: { status: 401 } } } ) : route.continue() )
		);
		await me.write( 'Sent past a key that is not the service’s' );
		await me.sent( 'Sent past a key' ).waitFor();
		assert.equal( await me.connection.count(), 0 );
		me.good();
		await me.page.close();
	} );

	await t.test( 'is found with a nonce of yesterday', async () => {
		const me = await openInbox( mine, `${ id }/`, { expected: [ FAILED_REQUEST ], before: ( page ) => page.route( ( url ) => url.pathname.includes( '/messages/' ) && ! url.pathname.includes( 'wp-json' ), async ( route ) => {
			const answer = await route.fetch();
			const html = await answer.text();
			await route.fulfill( { response: answer, body: html.replaceAll( /(nonce&quot;:&quot;|data-nonce=")[0-9a-f]{10}/g, '$10123456789' ) } );
		} ) } );
		await me.sent( 'Hello' ).waitFor();
		await me.write( 'Sent with a new nonce' );
		await me.sent( 'Sent with a new nonce' ).waitFor();
		me.good();
		await me.page.close();
	} );
} );

test( 'how often', async ( t ) => {
	const browser = await launch( t );
	const [ one, two ] = await members( 2 );
	const mine = await signedIn( browser, one.login );
	const id = await begin( mine, [ two.id ], 'Hello' );
	let asked;
	const waiting = new Set();
	const me = await openInbox( mine, `${ id }/`, { expected: [ FAKE_CLOCK ], before: async ( page ) => {
		asked = watch( page );
		page.on( 'request', ( request ) => waiting.add( request ) );
		page.on( 'response', ( answer ) => waiting.delete( answer.request() ) );
		page.on( 'requestfailed', ( request ) => waiting.delete( request ) );
		await page.clock.install();
	} } );
	await me.sent( 'Hello' ).waitFor();
	/** Lets time pass in steps, and answers come in between. */
	const pass = async ( seconds ) => {
		const before = asked.length;
		for ( let n = 0; n < seconds; n++ ) {
			await me.page.clock.runFor( 1_000 );
			while ( waiting.size > 0 ) {
				await me.page.evaluate( () => 0 ); // A turn of the browser: nothing else passes time here.
			}
		}
		return asked.slice( before ).filter( ( request ) => ! isToken( request ) );
	};
	const thread = ( request ) => request.path === `jetonomy/v1/conversations/${ id }/messages`;
	const list = ( request ) => request.path === 'jetonomy/v1/conversations';

	await t.test( 'about every 10 seconds in an open thread, every 30 otherwise', async () => {
		await pass( 4 );
		const all = await pass( 120 );
		const [ threads, lists ] = [ all.filter( thread ).length, all.filter( list ).length ];
		assert.ok( threads >= 8 && threads <= 15, `${ threads } times for the thread in two minutes` );
		assert.ok( lists >= 3 && lists <= 6, `${ lists } times for the list` );
	} );

	await t.test( 'much less while the tab is hidden, and at once when it is seen again', async () => {
		await me.visibility( 'hidden' );
		await pass( 4 );
		const all = await pass( 120 );
		assert.ok( all.length <= 6, `${ all.length } in two minutes: ${ all.map( ( request ) => request.path ).join() }` );
		const seen = me.page.waitForRequest( /\/messages\?/ );
		await me.visibility( 'visible' );
		await me.page.clock.runFor( 1_000 );
		await seen;
	} );

	await t.test( 'a token is renewed before it ends', async () => {
		const before = asked.filter( isToken ).length;
		const states = [];
		me.page.on( 'response', ( answer ) => /jetonomy\/v1/.test( answer.url() ) && states.push( answer.status() ) );
		await me.page.clock.fastForward( 3_600_000 );
		await pass( 30 );
		assert.ok( asked.filter( isToken ).length > before );
		assert.ok( ! states.includes( 401 ), 'no token was too old' );
	} );

	assert.equal( ( await rest( mine, 'GET', `jetonomy/v1/conversations/${ id }` ) ).status, 200 );
	me.good();
} );
