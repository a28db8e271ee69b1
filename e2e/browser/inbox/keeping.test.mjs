/**
 * What was sent is never lost: offline, a closed tab, a session that is over.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, php, rest, signedIn, until } from '../harness.mjs';
import { begin, FAILED_REQUEST, openInbox } from './inbox.mjs';

test( 'offline', async ( t ) => {
	const browser = await launch( t );
	const [ one, two ] = await members( 2 );
	const mine = await signedIn( browser, one.login );
	const id = await begin( mine, [ two.id ], 'Hello' );
	const me = await openInbox( mine, `${ id }/`, { expected: [ FAILED_REQUEST ] } );
	await me.sent( 'Hello' ).waitFor();
	const arrived = async () => ( await rest( mine, 'GET', `jetonomy/v1/conversations/${ id }/messages` ) ).body.data.map( ( message ) => message.content_plain ).reverse();

	await t.test( 'what is sent waits, and goes out by itself, once and in its order', async () => {
		await mine.setOffline( true );
		await me.connection.getByText( 'You are offline.' ).waitFor();
		await me.write( 'First, from a tunnel' );
		await me.write( 'Second, from a tunnel' );
		await me.message( 'Second, from a tunnel' ).waitFor();
		assert.equal( await me.sent( 'from a tunnel' ).count(), 0 );
		await me.look( 'offline' );
		await mine.setOffline( false );
		await me.sent( 'Second, from a tunnel' ).waitFor();
		await me.connection.waitFor( { state: 'detached' } );
		assert.deepEqual( await arrived(), [ 'Hello', 'First, from a tunnel', 'Second, from a tunnel' ] );
		assert.deepEqual( await me.texts(), [ 'Hello', 'First, from a tunnel', 'Second, from a tunnel' ] );
	} );

	await t.test( 'a tab that is closed meanwhile loses nothing', async () => {
		await mine.setOffline( true );
		await me.connection.waitFor();
		await me.write( 'Third, from a tunnel' );
		await me.message( 'Third' ).waitFor();
		await me.composer.fill( 'Not sent yet' );
		await me.page.close();
		await mine.setOffline( false );
		// Any page of the site sends it.
		const again = await openInbox( mine );
		await until( 'the message arrives', async () => ( await arrived() ).length === 4 );
		await again.open( two.name );
		await again.sent( 'Third' ).waitFor();
		// The thread may know the message before the answer to sending it is there.
		await until( 'it is shown once', async () => ( await again.message( 'Third' ).count() ) === 1 );
		assert.equal( await again.composer.inputValue(), 'Not sent yet' );
		again.good();
		await again.page.close();
	} );

	await t.test( 'an answer that gets lost on its way makes no second message', async () => {
		const lossy = await openInbox( mine, `${ id }/`, { expected: [ FAILED_REQUEST ] } );
		await lossy.sent( 'Third' ).waitFor();
		let lost = 0;
		await lossy.page.route( /\/messages$/, async ( route ) => {
			if ( route.request().method() === 'POST' && lost++ === 0 ) {
				await route.fetch();
				return route.abort( 'connectionreset' );
			}
			return route.continue();
		} );
		await lossy.write( 'Only once' );
		await until( 'it was tried again', () => lost > 1 );
		await lossy.sent( 'Only once' ).waitFor();
		assert.equal( ( await arrived() ).filter( ( text ) => text === 'Only once' ).length, 1 );
		await lossy.page.reload();
		await lossy.sent( 'Only once' ).waitFor();
		assert.equal( await lossy.message( 'Only once' ).count(), 1 );
		lossy.good();
		// Open, it would read what comes in.
		await lossy.page.close();
	} );

	await t.test( 'far above the newest messages it is seen all the same, and they come by themselves', async () => {
		await php( 'e2e/site/wordpress/conversations.php', JSON.stringify( [ { into: id, rounds: 200, messages: [ [ two.id, '<p>Unread %d</p>' ] ] } ] ) );
		await until( 'the service has taken in the rows', async () => ( await rest( mine, 'GET', `jetonomy/v1/conversations/${ id }` ) ).body.message_count === 205 );
		const far = await openInbox( mine, `${ id }/`, { expected: [ FAILED_REQUEST ] } );
		await far.newLine.waitFor();
		await mine.setOffline( true );
		await far.connection.waitFor();
		await far.write( 'Written far up' );
		await far.message( 'Written far up' ).getByText( 'Sending…' ).waitFor();
		const [ box, bubble ] = [ await far.scroller.boundingBox(), await far.message( 'Written far up' ).boundingBox() ];
		assert.ok( bubble.y >= box.y && bubble.y + bubble.height <= box.y + box.height, 'it is where one looks' );
		assert.equal( await far.sent( 'Unread 200' ).count(), 0 );
		await far.log.getByText( 'Newest messages' ).waitFor();
		await far.look( 'offline-far-up' );
		await mine.setOffline( false );
		await far.sent( 'Written far up' ).waitFor();
		await far.sent( 'Unread 200' ).waitFor();
		assert.equal( await far.message( 'Written far up' ).count(), 1 );
		far.good();
		await far.page.close();
	} );

	me.good();
} );

/** Ends a member's session; the token of this page is refused, as the service refuses it then. */
async function signOut( { page }, context ) {
	await context.clearCookies();
	await page.route( /\/wp-json\/jetonomy\/v1\//, ( route ) =>
		( route.request().headers().authorization ? route.fulfill( { status: 401, headers: { 'X-Jetonomy-Sidecar': '1' }, json: { code: 'jetonomy_sidecar_token', message: '', data: { status: 401 } } } ) : route.continue() )
	);
}

test( 'a session that is over', async ( t ) => {
	const browser = await launch( t );
	const [ one, two ] = await members( 2 );
	const mine = await signedIn( browser, one.login );
	const id = await begin( mine, [ two.id ], 'Hello' );
	const me = await openInbox( mine, `${ id }/`, { expected: [ FAILED_REQUEST ] } );
	await me.sent( 'Hello' ).waitFor();
	await signOut( me, mine );
	await me.write( 'Written a moment too late' );
	await me.connection.getByText( 'You are signed out. What you wrote is kept on this device.' ).waitFor();
	await me.message( 'Written a moment too late' ).waitFor();
	await me.composer.fill( 'And half a sentence' );
	await me.look( 'signed-out' );
	const address = new URL( await me.connection.getByRole( 'link', { name: 'Sign in' } ).getAttribute( 'href' ) );
	assert.equal( address.searchParams.get( 'redirect_to' ), me.page.url() );

	await me.page.unrouteAll();
	await me.connection.getByRole( 'link', { name: 'Sign in' } ).click();
	await me.page.locator( '#user_login' ).fill( one.login );
	await me.page.locator( '#user_pass' ).fill( one.login );
	await me.page.locator( '#wp-submit' ).click();
	await me.ready();
	await me.sent( 'Written a moment too late' ).waitFor();
	assert.equal( await me.composer.inputValue(), 'And half a sentence' );
	assert.equal( ( await rest( mine, 'GET', `jetonomy/v1/conversations/${ id }/messages` ) ).body.data.length, 2 );
	me.good();
} );

test( 'a tab that was signed out, or found messages switched off, goes on', async ( t ) => {
	const browser = await launch( t );
	const [ one, two ] = await members( 2 );
	const mine = await signedIn( browser, one.login );
	const id = await begin( mine, [ two.id ], 'Hello' );
	const me = await openInbox( mine, `${ id }/`, { expected: [ FAILED_REQUEST ] } );
	await me.sent( 'Hello' ).waitFor();

	await t.test( 'when one comes back to it, and signed in in another one', async () => {
		await signOut( me, mine );
		await me.write( 'Written signed out' );
		await me.connection.getByText( 'You are signed out.' ).waitFor();
		await me.visibility( 'hidden' );
		await me.page.unrouteAll();
		const { cookies } = await ( await signedIn( browser, one.login ) ).storageState();
		await mine.addCookies( cookies );
		await me.visibility( 'visible' );
		await me.connection.waitFor( { state: 'detached' } );
		await me.sent( 'Written signed out' ).waitFor();
	} );

	await t.test( 'by a button', async () => {
		// Until the button is pressed, as it would go on by itself soon.
		await me.page.evaluate( () => document.addEventListener( 'click', () => {
			window.pressed = true;
		}, true ) );
		await me.page.route( /\/jetonomy\/v1\//, async ( route ) => ( await me.page.evaluate( () => window.pressed )
			? route.continue() : route.fulfill( { status: 404, json: { code: 'rest_no_route', message: '', data: { status: 404 } } } ) ) );
		await me.hint();
		await me.connection.getByText( 'switched off' ).waitFor();
		await me.look();
		await me.connection.getByRole( 'button', { name: 'Try again' } ).click();
		await me.connection.waitFor( { state: 'detached' } );
		await me.page.unrouteAll( { behavior: 'ignoreErrors' } );
		await me.write( 'Switched on again' );
		await me.sent( 'Switched on again' ).waitFor();
	} );

	me.good();
} );
