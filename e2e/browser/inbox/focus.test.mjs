/**
 * Where the keyboard is after the button that had it has done its work and is gone.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, PHONE, rest, signedIn, until } from '../harness.mjs';
import { begin, FAILED_REQUEST, openInbox, say } from './inbox.mjs';

test( 'the focus when a button goes', async ( t ) => {
	const browser = await launch( t );
	const [ one, two, three ] = await members( 3 );
	const mine = await signedIn( browser, one.login );
	const theirs = await signedIn( browser, two.login );
	const id = await begin( mine, [ two.id ], 'Hello two' );
	for ( let n = 0; n < 3; n++ ) {
		await say( theirs, id, Array.from( { length: 20 }, ( _, line ) => `Line ${ line } of ${ n }` ).join( '\n' ) );
	}
	const group = await begin( mine, [ two.id, three.id ], 'Hello', 'Group' );
	const me = await openInbox( mine, `${ id }/`, { expected: [ FAILED_REQUEST ] } );
	const { keyboard } = me.page;
	/** Waits until the focus is on what a locator finds. */
	const isAt = async ( locator ) => {
		await locator.waitFor();
		await me.page.waitForFunction( ( element ) => element.getRootNode().activeElement === element, await locator.elementHandle() )
			.catch( async () => assert.fail( `the focus is on ${ await me.focused() }, not on ${ locator }` ) );
	};
	/** Presses Enter on a button, which then goes. */
	const press = async ( button ) => {
		await button.focus();
		await keyboard.press( 'Enter' );
		await button.waitFor( { state: 'detached' } );
	};
	const choose = async ( name ) => {
		await me.moreOptions.focus();
		await keyboard.press( 'Enter' );
		await me.menu.getByRole( 'menuitem', { name, exact: true } ).focus();
		await keyboard.press( 'Enter' );
	};
	const confirm = async ( name ) => {
		await me.dialog.getByRole( 'button', { name, exact: true } ).focus();
		await keyboard.press( 'Enter' );
	};
	await me.sent( 'Line 19 of 2' ).waitFor();

	await t.test( 'Undo, and closing what can be undone', async () => {
		await choose( 'Mute' );
		await me.toastSays( 'Muted.' );
		await press( me.undo );
		await isAt( me.composer );
		await choose( 'Mute' );
		await me.toastSays( 'Muted.' );
		await press( me.toast.getByRole( 'button', { name: 'Dismiss' } ) );
		await isAt( me.composer );
		await choose( 'Unmute' );
		await me.toastSays( 'No longer muted.' );
		await me.undo.focus();
		await keyboard.press( 'Escape' );
		await isAt( me.composer );
	} );

	await t.test( 'Unblock', async () => {
		await choose( `Block ${ two.name }` );
		await confirm( 'Block' );
		await press( me.element.getByRole( 'button', { name: `Unblock ${ two.name }` } ) );
		await isAt( me.composer );
		// One can write at once, but the service takes it only now.
		await until( 'the block is gone', async () => ! ( await rest( mine, 'GET', `jetonomy/v1/conversations/${ id }` ) ).body.is_blocked );
	} );

	await t.test( 'the button to the newest messages', async () => {
		await me.scroller.evaluate( ( element ) => {
			element.scrollTop = 0;
		} );
		await press( me.element.getByRole( 'button', { name: 'Newest messages' } ) );
		await isAt( me.composer );
	} );

	await t.test( 'Retry', async () => {
		let fails = true;
		await me.page.route( /\/conversations\/\d+\/messages$/, ( route ) => ( fails && route.request().method() === 'POST'
			? route.fulfill( { status: 503, json: { code: 'jetonomy_sidecar_unavailable', message: '', data: { status: 503 } } } ) : route.continue() ) );
		await me.write( 'Once more' );
		const retry = me.element.getByRole( 'button', { name: 'Retry' } );
		await retry.waitFor();
		fails = false;
		await press( retry );
		await isAt( me.composer );
		await me.sent( 'Once more' ).waitFor();
	} );

	await t.test( 'Try again', async () => {
		let fails = true;
		await me.page.route( /\/conversations\?/, ( route ) => ( fails
			? route.fulfill( { status: 503, json: { code: 'jetonomy_sidecar_unavailable', message: '', data: { status: 503 } } } ) : route.continue() ) );
		await me.folder( 'Archived' ).click();
		const again = me.list.getByRole( 'alert' ).getByRole( 'button', { name: 'Try again' } );
		await again.waitFor();
		fails = false;
		await press( again );
		await me.list.getByText( 'Nothing is archived' ).waitFor();
		// Nothing else is in the list.
		await isAt( me.list.getByRole( 'button', { name: 'New message' } ) );
	} );

	await t.test( 'leaving a group', async () => {
		await me.go( `${ group }/` );
		await me.sent( 'Hello' ).waitFor();
		await choose( 'Leave group' );
		await confirm( 'Leave' );
		await me.toastSays( 'You have left' );
		await isAt( me.row( two.name ) );
	} );

	await t.test( 'on a phone Back still leads to the row of the thread', async () => {
		await begin( mine, [ three.id ], 'Hello three' );
		await me.page.setViewportSize( PHONE );
		await me.go( `${ id }/` );
		await me.sent( 'Once more' ).waitFor();
		await me.back.focus();
		await keyboard.press( 'Enter' );
		await isAt( me.row( two.name ) );
	} );

	await t.test( 'who is elsewhere in the page stays there', async () => {
		await me.page.setViewportSize( { width: 1280, height: 800 } );
		await me.go( `${ id }/` );
		await me.sent( 'Once more' ).waitFor();
		await choose( 'Mute' );
		await me.toastSays( 'Muted.' );
		await me.undo.focus();
		const link = me.page.locator( 'a[href]:visible' ).first();
		await link.focus();
		await me.toast.waitFor( { state: 'detached' } );
		assert.ok( await link.evaluate( ( element ) => document.activeElement === element ) );
	} );

	me.good();
} );
