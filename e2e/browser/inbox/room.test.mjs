/**
 * The inbox where room is short: many people, long names, small windows, long messages.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESK, launch, members, PHONE, rest, signedIn } from '../harness.mjs';
import { begin, FAILED_REQUEST, inside, onTop, openInbox } from './inbox.mjs';

const TITLE = 'Neighbours of the old mill and everybody else who lives along the river, with friends';

/** Whether the boxes of two things have a part in common. */
const overlap = async ( one, other ) => {
	const [ a, b ] = [ await one.boundingBox(), await other.boundingBox() ];
	return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
};

test( 'a group of twenty with a long name', async ( t ) => {
	const browser = await launch( t );
	const people = await members( 20 );
	const mine = await signedIn( browser, people[ 0 ].login );
	const id = await begin( mine, people.slice( 1 ).map( ( person ) => person.id ), 'Hello all', TITLE );
	const me = await openInbox( mine, `${ id }/` );
	await me.sent( 'Hello all' ).waitFor();
	await me.choose( 'Mute' );
	const header = me.element.locator( '.thread-bar' );
	const button = me.element.getByRole( 'button', { name: '20 people', exact: true } );
	const faces = () => button.locator( '.avatar' ).evaluateAll( ( all ) => all.filter( ( face ) => face.checkVisibility() ).length );

	for ( const viewport of [ PHONE, { width: 320, height: 568 }, { width: 800, height: 600 }, DESK ] ) {
		await t.test( `${ viewport.width } px wide`, async () => {
			await me.page.setViewportSize( viewport );
			const menu = await me.moreOptions.boundingBox();
			for ( const part of [ header.locator( '.mark' ), button, button.getByText( '20 people' ) ] ) {
				await inside( me.page, part );
				const { x, width } = await part.boundingBox();
				assert.ok( x + width <= menu.x, `${ part } ends before the menu` );
			}
			assert.ok( await me.heading( TITLE ).evaluate( ( { scrollWidth, clientWidth } ) => scrollWidth <= clientWidth ), 'the name is cut where it ends, not elsewhere' );
			assert.ok( await button.evaluate( ( { scrollWidth, clientWidth } ) => scrollWidth <= clientWidth ), 'faces have room' );
			if ( viewport === DESK ) {
				assert.equal( await faces(), 20 );
				assert.equal( await button.getByText( '+15' ).isVisible(), false );
			} else {
				assert.equal( await faces(), 5 );
				assert.ok( await button.locator( '.faces' ).evaluate( ( { scrollWidth, clientWidth } ) => scrollWidth <= clientWidth ), '+15 is seen' );
			}
			await me.look( 'group-of-20' );
		} );
	}

	me.good();
} );

test( 'a new message to nineteen', async ( t ) => {
	const browser = await launch( t );
	const people = await members( 20 );
	const mine = await signedIn( browser, people[ 0 ].login, { viewport: PHONE } );
	const me = await openInbox( mine, '?to=' );

	await t.test( 'one sees whom one looks for, and can send', async () => {
		for ( const person of people.slice( 1 ) ) {
			await me.addRecipient( person );
		}
		assert.equal( await me.chip( 'Member' ).count(), 19 );
		for ( const part of [ me.to, me.groupName, me.send ] ) {
			await inside( me.page, part );
			assert.ok( await onTop( part ), `${ part }` );
		}
		await me.composer.fill( 'Hello all' );
		await me.look( 'new-19' );
	} );

	await t.test( 'at 200 % too', async () => {
		await me.page.setViewportSize( { width: 640, height: 400 } );
		await me.go( '?to=' );
		await me.chip( 'Member' ).nth( 18 ).waitFor();
		await inside( me.page, me.send );
		assert.ok( await onTop( me.send ) );
		await me.look( 'new-19', '640-zoom' );
		// By keys: what has the focus is seen, not what lies over it.
		for ( const field of [ me.groupName, me.to ] ) {
			await field.focus();
			await inside( me.page, field );
			assert.ok( await onTop( field ), `${ field }` );
		}
	} );

	await t.test( 'as are those who are found', async () => {
		const other = await openInbox( await signedIn( browser, people[ 1 ].login, { viewport: { width: 640, height: 400 } } ), '?to=' );
		await other.to.fill( 'member' );
		await other.options.nth( 5 ).waitFor();
		const list = other.element.getByRole( 'listbox' );
		await inside( other.page, list );
		await other.look( 'new-options', '640-zoom' );
		await other.to.press( 'ArrowUp' );
		await inside( other.page, other.options.last() );
		assert.ok( await onTop( other.options.last() ) );
		other.good();
	} );

	await t.test( 'the message goes to all of them', async () => {
		await me.send.click();
		await me.sent( 'Hello all' ).waitFor();
		await me.element.getByRole( 'button', { name: '20 people', exact: true } ).waitFor();
	} );

	me.good();
} );

test( 'a toast leaves what one writes in sight', async ( t ) => {
	const browser = await launch( t );
	const [ one, two ] = await members( 2 );
	const mine = await signedIn( browser, one.login );
	const id = await begin( mine, [ two.id ], Array.from( { length: 60 }, ( _, n ) => `Line ${ n }` ).join( '\n' ) );
	const me = await openInbox( mine, `${ id }/` );
	await me.sent( 'Line 59' ).waitFor();
	// Playwright scrolls to what it clicks, by WordPress's scroll padding for a bar that phones do not fix.
	await me.page.addStyleTag( { content: 'html { scroll-padding: 0 !important; }' } );
	const jump = me.element.getByRole( 'button', { name: 'Newest messages' } );
	for ( const viewport of [ DESK, PHONE, { width: 640, height: 400 } ] ) {
		await me.page.setViewportSize( viewport );
		await me.composer.fill( Array.from( { length: 9 }, ( _, n ) => `line ${ n } of a longer message` ).join( '\n' ) );
		await me.choose( 'Mute' );
		await me.toastSays( 'Muted.' );
		await inside( me.page, me.toast );
		await me.scroller.evaluate( ( element ) => {
			element.scrollTop = 0;
		} );
		await jump.waitFor();
		for ( const part of [ me.composer, me.element.locator( '.thread-bar' ), ...( viewport.height > 400 ? [ jump ] : [] ) ] ) {
			assert.equal( await overlap( me.toast, part ), false, `${ part } at ${ viewport.width } px` );
		}
		await me.look( 'toast-composer' );
		// The menu is over it.
		await me.moreOptions.click();
		assert.ok( await onTop( me.menu.getByRole( 'menuitem' ).first() ) );
		await me.page.keyboard.press( 'Escape' );
		await me.choose( 'Unmute' );
		await me.toastSays( 'No longer muted.' );
	}
	me.good();
} );

test( 'on a phone one sees what is wrong, and whom one has blocked', async ( t ) => {
	const browser = await launch( t );
	const [ one, two ] = await members( 2 );
	const mine = await signedIn( browser, one.login, { viewport: PHONE, hasTouch: true } );
	const name = 'Member-Konstantinopolitania von und zu Obermittelhausen-Untermittelhausen';
	await rest( await signedIn( browser, two.login ), 'POST', 'wp/v2/users/me', { name } );
	await begin( mine, [ two.id ], Array.from( { length: 60 }, ( _, n ) => `Line ${ n }` ).join( '\n' ) );
	const me = await openInbox( mine, '', { expected: [ FAILED_REQUEST ] } );
	await me.row( name ).tap();
	await me.sent( 'Line 59' ).waitFor();

	await t.test( 'the line above a thread', async () => {
		await mine.setOffline( true );
		await me.connection.waitFor();
		await inside( me.page, me.connection );
		assert.ok( await onTop( me.connection ) );
		await inside( me.page, me.composer );
		await mine.setOffline( false );
		await me.connection.waitFor( { state: 'detached' } );
	} );

	await t.test( 'the focus after the browser’s own way back and forward', async () => {
		await me.page.goBack();
		await me.row( name ).waitFor();
		await me.page.goForward();
		await me.heading( name ).waitFor();
		await me.page.waitForFunction( () => document.activeElement?.localName === 'jetonomy-messages' );
	} );

	await t.test( 'a long name', async () => {
		// As above.
		await me.page.addStyleTag( { content: 'html { scroll-padding: 0 !important; }' } );
		await me.choose( `Block ${ name }` );
		await me.dialog.getByRole( 'button', { name: 'Block', exact: true } ).click();
		const unblock = me.element.getByRole( 'button', { name: `Unblock ${ name }` } );
		await unblock.waitFor();
		await inside( me.page, unblock );
		assert.ok( await unblock.evaluate( ( { scrollWidth, clientWidth } ) => scrollWidth <= clientWidth ) );
		await me.look( 'blocked-long' );
	} );

	me.good();
} );
