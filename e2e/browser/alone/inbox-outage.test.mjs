/**
 * The inbox while the service is stopped, and after it was started.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, PHONE, rest, service, signedIn } from '../harness.mjs';
import { begin, FAILED_REQUEST, openInbox } from '../inbox/inbox.mjs';

test( 'the service is stopped and started', async ( t ) => {
	const browser = await launch( t );
	const [ one, two, three ] = await members( 3 );
	const mine = await signedIn( browser, one.login );
	const id = await begin( mine, [ two.id ], 'Hello' );
	const expected = [ FAILED_REQUEST ];
	const me = await openInbox( mine, `${ id }/`, { expected } );
	await me.sent( 'Hello' ).waitFor();
	const closing = await openInbox( mine, `${ id }/`, { expected } );
	await closing.sent( 'Hello' ).waitFor();
	const writing = await openInbox( mine, '?to=', { expected } );
	await writing.addRecipient( three );
	const arrived = async () => ( await rest( mine, 'GET', `jetonomy/v1/conversations/${ id }/messages` ) ).body.data.map( ( message ) => message.content_plain ).reverse();

	t.after( () => service( 'start' ) );
	await service( 'stop' );

	await t.test( 'a message waits, then it failed, and says so', async () => {
		await me.write( 'Sent while nobody answered' );
		await me.message( 'Sent while nobody answered' ).getByText( 'Sending…' ).waitFor();
		await me.connection.getByText( 'Messages cannot be reached at the moment.' ).waitFor();
		const failed = me.message( 'Sent while nobody answered' );
		await failed.getByRole( 'button', { name: 'Retry' } ).waitFor();
		await failed.getByRole( 'button', { name: 'Delete' } ).waitFor();
		await me.look( 'failed' );
		await me.page.setViewportSize( PHONE );
		await me.look( 'failed' );
		await me.page.setViewportSize( { width: 1280, height: 800 } );
	} );

	await t.test( 'Retry does not lose it', async () => {
		await me.message( 'Sent while nobody answered' ).getByRole( 'button', { name: 'Retry' } ).click();
		await me.message( 'Sent while nobody answered' ).waitFor();
		assert.equal( await me.message( 'Sent while nobody answered' ).count(), 1 );
	} );

	await t.test( 'Delete does, until it is undone', async () => {
		await me.write( 'Better not' );
		const failed = me.message( 'Better not' );
		await failed.waitFor();
		// Only what failed can be taken back; it waits for the message before it.
		await me.message( 'Sent while nobody answered' ).getByRole( 'button', { name: 'Delete' } ).click();
		await me.toastSays( 'Message deleted.' );
		await me.message( 'Sent while nobody answered' ).waitFor( { state: 'detached' } );
		await me.undo.click();
		assert.equal( await me.composer.inputValue(), 'Sent while nobody answered' );
		await me.composer.press( 'Enter' );
		await me.message( 'Sent while nobody answered' ).waitFor();
	} );

	await t.test( 'a tab that is closed loses nothing; a new message stays where it is', async () => {
		await closing.write( 'From a tab that is closed' );
		await closing.message( 'From a tab that is closed' ).waitFor();
		await closing.page.close();
		await writing.composer.fill( 'The first message' );
		await writing.composer.press( 'Enter' );
		await writing.alert.getByText( 'Messages cannot be reached at the moment.' ).waitFor();
		assert.equal( await writing.composer.inputValue(), 'The first message' );
		await writing.chip( three.name ).waitFor();
		await writing.look();
	} );

	await t.test( 'a page that is loaded now says what is the matter, and keeps all of it', async () => {
		await me.page.reload();
		await me.ready();
		await me.alert.getByText( 'This could not be loaded' ).first().waitFor();
		await me.look( 'unavailable' );
	} );

	await service( 'start' );

	await t.test( 'then everything is sent, once', async () => {
		await me.element.getByRole( 'button', { name: 'Try again' } ).first().click();
		for ( const text of [ 'Better not', 'Sent while nobody answered', 'From a tab that is closed' ] ) {
			await me.sent( text ).waitFor();
		}
		await me.connection.waitFor( { state: 'detached' } );
		const texts = await arrived();
		assert.deepEqual( [ ...texts ].sort(), [ 'Better not', 'From a tab that is closed', 'Hello', 'Sent while nobody answered' ] );
		assert.deepEqual( await me.texts(), texts );
		await writing.composer.press( 'Enter' );
		await writing.sent( 'The first message' ).waitFor();
		assert.equal( await writing.message( 'The first message' ).count(), 1 );
	} );

	me.good();
	closing.good();
	writing.good();
} );
