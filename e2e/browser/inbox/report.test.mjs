/**
 * Reporting a message or a conversation to the moderators.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, PHONE, rest, signedIn } from '../harness.mjs';
import { begin, FAILED_REQUEST, openInbox, say } from './inbox.mjs';

const THANKS = 'Thank you. The moderators will look at it.';

const isReport = ( request ) => request.method() === 'POST' && /\/report($|[?&])/.test( request.url() );

/** Does what sends a report, and gives what was sent and what the service answered. */
async function reported( page, act ) {
	const [ response ] = await Promise.all( [ page.waitForResponse( ( any ) => isReport( any.request() ) ), act() ] );
	const request = response.request();
	return { status: response.status(), key: request.headers()[ 'idempotency-key' ], sent: request.postDataJSON(), id: ( await response.json() ).id };
}

test( 'report', async ( t ) => {
	const browser = await launch( t );
	const [ one, two ] = await members( 2 );
	const mine = await signedIn( browser, one.login );
	const theirs = await signedIn( browser, two.login );
	const id = await begin( theirs, [ one.id ], 'Hello' );
	await say( theirs, id, 'Buy these pills' );
	await say( mine, id, 'No, thank you' );
	const me = await openInbox( mine, `${ id }/`, { expected: [ FAILED_REQUEST ] } );
	const { page } = me;
	let sent = 0;
	page.on( 'request', ( request ) => isReport( request ) && sent++ );
	let first;
	const action = ( text ) => me.message( text ).getByRole( 'button', { name: 'Report message' } );
	const reason = ( name ) => me.dialog.getByRole( 'radio', { name, exact: true } );
	const note = me.dialog.getByRole( 'textbox' );
	const send = me.dialog.getByRole( 'button', { name: 'Send report' } );
	await me.message( 'Buy these pills' ).waitFor();

	await t.test( 'a message, with the mouse', async () => {
		assert.equal( await action( 'No, thank you' ).count(), 0, 'nobody reports what they wrote' );
		await me.message( 'Buy these pills' ).hover();
		await me.look( 'report-message' );
		await action( 'Buy these pills' ).click();
		await me.dialog.getByRole( 'heading', { name: 'Report message' } ).waitFor();
		await me.dialog.getByText( 'Buy these pills' ).waitFor();
		await me.look( 'report-dialog' );
		await send.click();
		assert.equal( sent, 0, 'not without a reason' );
		await reason( 'Spam' ).check();
		first = await reported( page, () => send.click() );
		await me.toastSays( THANKS );
		await me.dialog.waitFor( { state: 'hidden' } );
		await me.look( 'report-sent' );
		assert.equal( first.status, 201 );
		assert.equal( first.sent.reason, 'spam' );
		assert.ok( first.sent.message_id > 0 );
	} );

	await t.test( 'the same again is the same report', async () => {
		await me.message( 'Buy these pills' ).hover();
		await action( 'Buy these pills' ).click();
		await reason( 'Spam' ).check();
		const again = await reported( page, () => send.click() );
		await me.dialog.waitFor( { state: 'hidden' } );
		await me.toastSays( THANKS );
		assert.deepEqual( [ again.status, again.id ], [ 200, first.id ] );
		assert.notEqual( again.key, first.key );
	} );

	await t.test( 'the conversation, with the keyboard alone, and back to where one was', async () => {
		await me.moreOptions.focus();
		await page.keyboard.press( 'Enter' );
		await page.keyboard.press( 'R' );
		await page.keyboard.press( 'Enter' );
		await me.dialog.getByRole( 'heading', { name: 'Report conversation' } ).waitFor();
		assert.match( await me.focused(), /^input/ );
		await page.keyboard.press( 'ArrowUp' );
		assert.equal( await reason( 'Something else' ).isChecked(), true );
		await page.keyboard.press( 'Tab' );
		await page.keyboard.type( '   ' );
		await page.keyboard.press( 'Tab' );
		await page.keyboard.press( 'Tab' );
		await page.keyboard.press( 'Enter' );
		await me.alert.getByText( 'Say in a few words what is wrong' ).waitFor();
		assert.match( await me.focused(), /^textarea/ );
		await page.keyboard.type( 'They ask again and again' );
		await me.look( 'report-conversation' );
		await page.keyboard.press( 'Escape' );
		await me.dialog.waitFor( { state: 'hidden' } );
		assert.equal( await me.focused(), 'button More options' );
		assert.equal( sent, 2, 'given up is not sent' );
	} );

	await t.test( 'a message, from the keyboard\'s place in the thread', async () => {
		await me.message( 'No, thank you' ).focus();
		await page.keyboard.press( 'ArrowUp' );
		await page.keyboard.press( 'Tab' );
		assert.equal( await me.focused(), 'button Report message' );
		await page.keyboard.press( 'Enter' );
		await me.dialog.waitFor();
		await page.keyboard.press( 'Escape' );
		await me.dialog.waitFor( { state: 'hidden' } );
		assert.equal( await me.focused(), 'button Report message' );
	} );

	await t.test( 'what was typed stays when it does not arrive, and the next try is the same', async () => {
		await me.choose( 'Report' );
		await reason( 'Something else' ).check();
		await note.fill( 'They ask again and again' );
		const keys = [];
		let refusals = 2;
		const limited = { code: 'jetonomy_rate_limited', message: 'Many.', data: { status: 429, retry_after: 30 } };
		const address = ( url ) => /\/report($|[?&])/.test( url.href );
		await page.route( address, ( route ) => {
			keys.push( route.request().headers()[ 'idempotency-key' ] );
			return refusals-- > 0 ? route.fulfill( { status: 429, contentType: 'application/json', headers: { 'X-Jetonomy-Sidecar': 'test' }, body: JSON.stringify( limited ) } ) : route.continue();
		} );
		await reported( page, () => send.click() );
		await me.dialog.getByRole( 'alert' ).getByText( 'Please wait 30 seconds' ).waitFor();
		assert.equal( await note.inputValue(), 'They ask again and again' );
		await me.look( 'report-refused' );
		await reported( page, () => send.click() );
		await page.waitForFunction( () => ! document.querySelector( 'jetonomy-messages' ).shadowRoot.querySelector( 'dialog[open] [type=submit]' ).disabled );
		await note.fill( 'They ask again' );
		const last = await reported( page, () => send.click() );
		await me.dialog.waitFor( { state: 'hidden' } );
		await page.unroute( address );
		assert.equal( keys.length, 3 );
		assert.equal( keys[ 0 ], keys[ 1 ] );
		assert.notEqual( keys[ 2 ], keys[ 0 ], 'another note is another wish' );
		assert.deepEqual( [ last.status, last.sent ], [ 201, { reason: 'other', note: 'They ask again' } ] );
	} );

	await t.test( 'and who was reported can be blocked at once', async () => {
		await me.toast.getByRole( 'button', { name: `Block ${ two.name }` } ).click();
		await me.dialog.getByText( 'Neither of you can write in this conversation' ).waitFor();
		await me.confirm( 'Block' );
		await me.toastSays( `You have blocked ${ two.name }.` );
		assert.equal( ( await rest( mine, 'GET', `jetonomy/v1/conversations/${ id }` ) ).body.is_blocked, true );
	} );

	me.good();
} );

test( 'report on a phone, and whose the newest message is', async ( t ) => {
	const browser = await launch( t );
	const [ one, two ] = await members( 2 );
	const mine = await signedIn( browser, one.login, { viewport: PHONE, hasTouch: true, isMobile: true } );
	const theirs = await signedIn( browser, two.login );
	const id = await begin( theirs, [ one.id ], 'A long message that fills the whole of the narrow line, and goes on below it for a while' );
	const me = await openInbox( mine, `${ id }/` );
	const message = me.message( 'A long message' );
	await message.waitFor();
	await message.locator( '.bubble' ).tap();
	await me.look( 'report-message' );
	await message.getByRole( 'button', { name: 'Report message' } ).tap();
	await me.dialog.waitFor();
	await me.look( 'report-dialog' );
	await me.dialog.getByRole( 'radio', { name: 'Threat' } ).check();
	await me.dialog.getByRole( 'button', { name: 'Send report' } ).tap();
	await me.toastSays( THANKS );
	await me.look( 'report-sent' );

	await say( mine, id, 'Mine' );
	await me.go();
	await me.row( two.name ).getByText( 'You: Mine' ).waitFor();
	await say( theirs, id, 'Theirs' );
	await me.hint();
	await me.row( two.name ).getByText( 'Theirs', { exact: true } ).waitFor();
	me.good();
} );
