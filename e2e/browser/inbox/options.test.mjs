/**
 * What the menu ··· does, and its way back.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, PHONE, rest, signedIn } from '../harness.mjs';
import { begin, FAILED_REQUEST, openInbox, say } from './inbox.mjs';

test( 'mute, archive, mark as unread', async ( t ) => {
	const browser = await launch( t );
	const [ one, two, three, four ] = await members( 4 );
	const mine = await signedIn( browser, one.login );
	const theirs = await signedIn( browser, two.login );
	const id = await begin( theirs, [ one.id ], 'Hello' );
	const me = await openInbox( mine, `${ id }/` );
	const state = async () => ( await rest( mine, 'GET', `jetonomy/v1/conversations/${ id }` ) ).body;
	await me.message( 'Hello' ).waitFor();

	await t.test( 'mute, with undo', async () => {
		await me.moreOptions.click();
		await me.menu.waitFor();
		await me.look( 'menu' );
		await me.menu.getByRole( 'menuitem', { name: 'Mute', exact: true } ).click();
		await me.toastSays( 'Muted.' );
		await me.row( two.name ).getByText( 'Muted' ).waitFor();
		await me.look( 'toast' );
		assert.equal( ( await state() ).is_muted, true );
		await me.undo.click();
		await me.row( two.name ).getByText( 'Muted' ).waitFor( { state: 'detached' } );
		await me.choose( 'Mute' );
		await me.toastSays( 'Muted.' );
		await me.choose( 'Unmute' );
		await me.toastSays( 'No longer muted.' );
		assert.equal( ( await state() ).is_muted, false );
	} );

	await t.test( 'what was done before can be undone too', async () => {
		await me.choose( 'Archive' );
		await me.toastSays( `${ two.name }: Archived.` );
		await me.choose( 'Mute' );
		await me.toastSays( `${ two.name }: Muted.` );
		await me.element.locator( '.toast', { hasText: 'Archived.' } ).getByRole( 'button', { name: 'Undo' } ).click();
		await me.row( two.name ).waitFor();
		assert.deepEqual( await state().then( ( it ) => [ it.is_archived, it.is_muted ] ), [ false, true ] );
		await me.undo.click();
		await me.row( two.name ).getByText( 'Muted' ).waitFor( { state: 'detached' } );
		await me.element.locator( '.toast' ).first().waitFor( { state: 'detached' } );
	} );

	await t.test( 'archive, with undo, and back when somebody writes', async () => {
		await me.choose( 'Archive' );
		await me.toastSays( 'Archived.' );
		await me.row( two.name ).waitFor( { state: 'detached' } );
		await me.undo.click();
		await me.row( two.name ).waitFor();
		await me.choose( 'Archive' );
		await me.toastSays( 'Archived.' );
		await me.folder( 'Archived' ).click();
		await me.row( two.name ).waitFor();
		assert.equal( ( await state() ).is_archived, true );
		await me.look( 'archived' );
		await me.folder( 'Inbox' ).click();
		await me.list.getByText( 'No messages here' ).waitFor();
		await me.row( two.name ).waitFor( { state: 'detached' } );
		await say( theirs, id, 'Are you there?' );
		await me.hint();
		await me.unreadRow( two.name ).waitFor();
		await me.badgeShows( 1 );
		await me.open( two.name );
		await me.badgeShows( '' );
		await me.choose( 'Archive' );
		await me.toastSays( 'Archived.' );
		await me.choose( 'Move to inbox' );
		await me.toastSays( 'Back in the inbox.' );
		await me.row( two.name ).waitFor();
	} );

	await t.test( 'mark as unread, with undo; a toast goes after 8 seconds', async () => {
		await me.choose( 'Mark as unread' );
		await me.unreadRow( two.name ).waitFor();
		await me.toastSays( 'Marked as unread.' );
		await me.badgeShows( 1 );
		assert.equal( ( await state() ).unread, true );
		await me.folder( 'Unread' ).click();
		await me.unreadRow( two.name ).waitFor();
		await me.undo.click();
		await me.heading( two.name ).waitFor();
		await me.badgeShows( '' );
		await me.page.clock.install();
		await me.choose( 'Mute' );
		await me.toastSays( 'Muted.' );
		await me.page.mouse.move( 5, 5 );
		await me.page.clock.runFor( 7_000 );
		await me.toast.waitFor();
		await me.page.clock.runFor( 2_000 );
		await me.toast.waitFor( { state: 'detached' } );
	} );

	await t.test( 'leads back to the folder that one came from, also from the second thread', async () => {
		const others = await Promise.all( [ three, four ].map( ( { id: other } ) => begin( mine, [ other ], 'Hello' ) ) );
		await Promise.all( others.map( ( other ) => rest( mine, 'POST', `jetonomy/v1/conversations/${ other }/archive`, { archived: true } ) ) );
		await me.folder( 'Archived' ).click();
		await me.open( three.name );
		await me.open( four.name );
		await me.choose( 'Mark as unread' );
		await me.unreadRow( four.name ).waitFor();
		assert.equal( await me.folder( 'Archived' ).getAttribute( 'aria-current' ), 'page' );
		assert.match( me.page.url(), /filter=archived/ );
	} );

	await t.test( 'mark all as read', async () => {
		await me.folder( 'Inbox' ).click();
		await say( theirs, id, 'And now?' );
		await me.hint();
		await me.page.clock.runFor( 1_000 );
		await me.unreadRow( two.name ).waitFor();
		await me.element.getByRole( 'button', { name: 'Inbox options' } ).click();
		await me.menu.getByRole( 'menuitem', { name: 'Mark all as read' } ).click();
		await me.readRow( two.name ).waitFor();
		await me.badgeShows( '' );
	} );

	me.good();
} );

test( 'block', async ( t ) => {
	const browser = await launch( t );
	const [ one, two ] = await members( 2 );
	const mine = await signedIn( browser, one.login );
	const theirs = await signedIn( browser, two.login, { viewport: PHONE } );
	const id = await begin( theirs, [ one.id ], 'Hello' );
	const me = await openInbox( mine, `${ id }/` );
	const other = await openInbox( theirs, `${ id }/`, { expected: [ FAILED_REQUEST ] } );
	await me.message( 'Hello' ).waitFor();

	await t.test( 'says what it means, and can be given up', async () => {
		await me.choose( `Block ${ two.name }` );
		await me.dialog.getByText( 'Neither of you can write in this conversation' ).waitFor();
		await me.look( 'block-dialog' );
		await me.page.keyboard.press( 'Escape' );
		await me.dialog.waitFor( { state: 'hidden' } );
		await me.composer.waitFor();
	} );

	await t.test( 'takes away where one writes, until it is undone', async () => {
		await me.choose( `Block ${ two.name }` );
		await me.confirm( 'Block' );
		await me.toastSays( `You have blocked ${ two.name }.` );
		await me.element.getByText( 'Neither of you can write here.' ).waitFor();
		assert.equal( await me.composer.count(), 0 );
		await me.look( 'blocked' );
		await me.undo.click();
		await me.composer.waitFor();
		await me.choose( `Block ${ two.name }` );
		await me.confirm( 'Block' );
		await me.element.getByText( 'Neither of you can write here.' ).waitFor();
		// That shows at once; this when the service has done it, behind the undoing.
		await me.toastSays( `You have blocked ${ two.name }.` );
	} );

	await t.test( 'gives the other side the generic refusal, and the text back', async () => {
		await other.write( 'Why do you not *answer*?' );
		await other.alert.getByText( 'Unable to send message' ).waitFor();
		assert.equal( await other.composer.inputValue(), 'Why do you not *answer*?' );
		assert.equal( await other.message( 'Why do you not' ).count(), 0 );
		assert.equal( await other.element.locator( '.app' ).getByText( /block/i ).count(), 0, 'nobody is told of a block' );
		await other.look( 'refused' );
		await other.page.reload();
		await other.ready();
		assert.equal( await other.composer.inputValue(), 'Why do you not *answer*?', 'also after a reload' );
		await other.moreOptions.click();
		await other.menu.getByRole( 'menuitem', { name: `Block ${ one.name }` } ).waitFor();
		await other.page.keyboard.press( 'Escape' );
	} );

	await t.test( 'is taken back', async () => {
		await me.choose( `Unblock ${ two.name }` );
		await me.toastSays( `You no longer block ${ two.name }.` );
		await me.composer.waitFor();
		await other.composer.press( 'Enter' );
		await other.sent( 'Why do you not answer?' ).waitFor();
		assert.equal( await other.composer.inputValue(), '' );
	} );

	me.good();
	other.good();
} );
