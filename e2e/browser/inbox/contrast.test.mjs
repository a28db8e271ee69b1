/**
 * The inbox in forced colours, as in Windows's high contrast: what is told by colour alone elsewhere has to be seen.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, PHONE, screenshot, signedIn } from '../harness.mjs';
import { begin, openInbox } from './inbox.mjs';

for ( const colorScheme of [ 'light', 'dark' ] ) {
	test( `forced colours, ${ colorScheme }`, async ( t ) => {
		const browser = await launch( t );
		const [ one, two, three ] = await members( 3 );
		const mine = await signedIn( browser, one.login, { forcedColors: 'active', colorScheme } );
		const id = await begin( await signedIn( browser, two.login ), [ one.id ], 'Hello' );
		await begin( mine, [ three.id ], 'Hello three' );
		const me = await openInbox( mine, `${ id }/` );
		await me.sent( 'Hello' ).waitFor();
		const style = ( locator ) => locator.evaluate( ( element ) => {
			const { outlineStyle, outlineWidth, outlineColor, borderBottomColor } = getComputedStyle( element );
			return { ring: outlineStyle === 'none' || parseFloat( outlineWidth ) < 2 ? '' : outlineColor, line: borderBottomColor };
		} );
		// axe takes the page's own colours for those that are seen.
		const picture = ( name ) => screenshot( me.page, `inbox/${ name }-forced-${ colorScheme }` );
		const background = await me.element.locator( '.app' ).evaluate( ( app ) => getComputedStyle( app ).backgroundColor );
		/** Asserts that a field, or the box around it, has a ring while one is in it and none else. */
		const showsFocus = async ( field, box = field ) => {
			await field.evaluate( ( element ) => element.blur() );
			assert.equal( ( await style( box ) ).ring, '', `${ box } without the focus` );
			await field.focus();
			const { ring } = await style( box );
			assert.ok( ring !== '' && ring !== background, `${ box } with the focus: ${ ring }` );
		};

		await t.test( 'one of the folders is underlined', async () => {
			const lines = async () => Promise.all( [ 'Inbox', 'Unread', 'Archived' ].map( async ( name ) => ( await style( me.folder( name ) ) ).line !== background ) );
			assert.deepEqual( await lines(), [ true, false, false ] );
			await me.folder( 'Unread' ).click();
			await me.row( three.name ).waitFor( { state: 'detached' } );
			assert.deepEqual( await lines(), [ false, true, false ] );
			await me.folder( 'Inbox' ).click();
			await me.row( two.name ).click();
		} );

		await t.test( 'the focus is seen on every field', async () => {
			await me.sent( 'Hello' ).waitFor();
			await showsFocus( me.composer, me.element.locator( '.composer-field' ) );
			await picture( 'thread-1280' );
			await showsFocus( me.search );
			await me.choose( 'Report' );
			await me.dialog.waitFor();
			await showsFocus( me.dialog.getByRole( 'textbox' ) );
			await picture( 'report-1280' );
			await me.confirm( 'Cancel' );
			await me.newMessage.click();
			await me.addRecipient( two );
			await me.addRecipient( three );
			await showsFocus( me.to, me.element.locator( '.chips' ) );
			await showsFocus( me.groupName );
			await picture( 'new-message-1280' );
		} );

		await t.test( 'on a phone', async () => {
			await me.page.setViewportSize( PHONE );
			await me.go( `${ id }/` );
			await me.sent( 'Hello' ).waitFor();
			await picture( 'thread-400' );
		} );

		me.good();
	} );
}
