/**
 * The inbox in the dark, by all that tells of it.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, muPlugin, PHONE } from '../harness.mjs';
import { FAILED_REQUEST, openInbox, scene } from './inbox.mjs';

for ( const [ look, name ] of [ [ 'dark', '.jt-dark' ], [ 'tokens-dark', '.jt-dark and Jetonomy’s tokens' ], [ 'theme', 'data-theme' ], [ 'night', 'a dark theme' ], [ 'dark-rtl', '.jt-dark from right to left' ] ] ) {
	test( `dark by ${ name }`, async ( t ) => {
		const browser = await launch( t );
		const { mine, group, two } = await scene( browser );
		await muPlugin( t, 'appearance', look, mine );
		const me = await openInbox( mine, '', { expected: [ FAILED_REQUEST ] } );
		const everywhere = look.endsWith( 'dark' );
		const take = ( state ) => ( everywhere ? me.look( state, `${ me.page.viewportSize().width }-${ look }` ) : me.look() );
		await me.unreadRow( 'Neighbours of the old mill' ).waitFor();
		const background = await me.element.locator( '.app' ).evaluate( ( app ) => getComputedStyle( app ).backgroundColor.match( /\d+/g ).slice( 0, 3 ).map( Number ) );
		assert.ok( background.every( ( part ) => part < 90 ), `the background is ${ background }` );
		await me.open( two.name );
		await me.sent( 'dog' ).waitFor();
		await take( 'thread' );
		if ( ! everywhere ) {
			me.good();
			return;
		}
		await me.moreOptions.click();
		await take( 'menu' );
		await me.menu.getByRole( 'menuitem', { name: 'Mute', exact: true } ).click();
		await me.toastSays( 'Muted.' );
		await take( 'toast' );
		await me.choose( `Block ${ two.name }` );
		await take( 'dialog' );
		await me.confirm( 'Cancel' );
		await me.go( `${ group }/` );
		await me.sent( 'Who comes' ).waitFor();
		await take( 'group' );
		await mine.setOffline( true );
		await me.connection.waitFor();
		await me.write( 'Wait for me' );
		await me.message( 'Wait for me' ).waitFor();
		await take( 'offline' );
		await mine.setOffline( false );
		await me.sent( 'Wait for me' ).waitFor();
		await me.newMessage.click();
		await me.to.fill( 'member' );
		await me.options.first().waitFor();
		await take( 'new-message' );
		await me.folder( 'Archived' ).click();
		await me.list.getByText( 'Nothing is archived' ).waitFor();
		await take( 'empty' );

		await me.page.setViewportSize( PHONE );
		await me.go();
		await me.row( two.name ).waitFor();
		await take( 'list' );
		await me.row( two.name ).click();
		await me.sent( 'dog' ).waitFor();
		await take( 'thread' );
		me.good();
	} );
}
