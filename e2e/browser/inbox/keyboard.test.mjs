/**
 * The whole way without a mouse: from the top of the page to a message that was sent, and back.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, rest, signedIn, until } from '../harness.mjs';
import { begin, openInbox, say } from './inbox.mjs';

const LIST = ( url ) => url.pathname.endsWith( '/jetonomy/v1/conversations' );

test( 'keyboard only', async ( t ) => {
	const browser = await launch( t );
	const [ one, two, three, four ] = await members( 4 );
	const mine = await signedIn( browser, one.login );
	const theirs = await signedIn( browser, two.login );
	const id = await begin( theirs, [ one.id ], 'First, with https://example.org/ in it' );
	await say( theirs, id, 'Second' );
	await say( theirs, id, 'Third' );
	await begin( mine, [ three.id ], 'Hello three' );
	await begin( mine, [ four.id ], 'Hello four' );
	const me = await openInbox( mine );
	const { keyboard } = me.page;
	const press = async ( ...keys ) => {
		for ( const key of keys ) {
			await keyboard.press( key );
		}
	};
	/** Whether the focus is on what a locator finds, and can be seen there. */
	const isAt = async ( locator ) => {
		await locator.waitFor();
		await me.page.waitForFunction( ( element ) => element.getRootNode().activeElement === element && element.matches( ':focus-visible' ), await locator.elementHandle() );
		const ring = await locator.evaluate( ( element ) => {
			// A field shows it on the box around it.
			for ( let at = element, n = 0; at && n < 3; at = at.parentElement, n++ ) {
				const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle( at );
				if ( ( outlineStyle !== 'none' && parseFloat( outlineWidth ) >= 1 ) || boxShadow !== 'none' ) {
					return true;
				}
			}
			return false;
		} );
		assert.ok( ring, `the focus on ${ locator } can be seen` );
	};
	/** Tabs until the focus is on what a locator finds; fails after too many. */
	const tabTo = async ( locator, most, key = 'Tab' ) => {
		const element = await locator.elementHandle();
		for ( let n = 0; n < most; n++ ) {
			await press( key );
			if ( await element.evaluate( ( one ) => one.getRootNode().activeElement === one ) ) {
				return n + 1;
			}
		}
		return assert.fail( `${ locator } is not reached with ${ most } times ${ key }, but ${ await me.focused() }` );
	};
	await me.row( two.name ).waitFor();

	await t.test( 'the list is one tab stop, with arrows, Home and End', async () => {
		await me.search.focus();
		await tabTo( me.row( four.name ), 6 );
		await isAt( me.row( four.name ) );
		await press( 'ArrowDown' );
		await isAt( me.row( three.name ) );
		await press( 'End' );
		await isAt( me.row( two.name ) );
		await press( 'ArrowDown' );
		await isAt( me.row( two.name ) );
		await press( 'Home' );
		await isAt( me.row( four.name ) );
		await press( 'ArrowUp', 'ArrowDown', 'ArrowDown' );
		await isAt( me.row( two.name ) );
		// It is still the same stop: out of the list with one Tab, and back into it at the same row.
		await press( 'Shift+Tab' );
		assert.equal( await me.list.getByRole( 'listitem' ).locator( 'a:focus' ).count(), 0 );
		await press( 'Tab' );
		await isAt( me.row( two.name ) );
		await me.look();
	} );

	await t.test( 'Enter opens a thread, and one can write', async () => {
		await press( 'Enter' );
		await me.heading( two.name ).waitFor();
		await isAt( me.composer );
		await keyboard.type( 'Written by keys' );
		await press( 'Enter' );
		await me.sent( 'Written by keys' ).waitFor();
		await isAt( me.composer );
	} );

	await t.test( 'the thread is one tab stop, with arrows; links belong to their message', async () => {
		await tabTo( me.sent( 'Written by keys' ), 2, 'Shift+Tab' );
		await isAt( me.sent( 'Written by keys' ) );
		await press( 'ArrowUp' );
		await isAt( me.sent( 'Third' ) );
		await press( 'Home' );
		await isAt( me.sent( 'First' ) );
		await press( 'Tab' );
		await isAt( me.sent( 'First' ).getByRole( 'link' ) );
		await press( 'Shift+Tab' );
		await isAt( me.sent( 'First' ) );
		await press( 'ArrowDown' );
		await isAt( me.sent( 'Second' ) );
		await press( 'End' );
		await isAt( me.sent( 'Written by keys' ) );
		await me.look();
		await tabTo( me.composer, 2 );
	} );

	await t.test( 'the menu opens, walks, closes with Esc, and gives the focus back', async () => {
		await me.moreOptions.focus();
		await press( 'ArrowDown' );
		const item = ( name ) => me.menu.getByRole( 'menuitem', { name, exact: true } );
		await isAt( item( 'Mute' ) );
		await press( 'ArrowDown' );
		await isAt( item( 'Archive' ) );
		await press( 'End' );
		await isAt( item( `Block ${ two.name }` ) );
		await press( 'ArrowDown' );
		await isAt( item( 'Mute' ) );
		await press( 'm' );
		await isAt( item( 'Mark as unread' ) );
		await press( 'Escape' );
		await isAt( me.moreOptions );
		assert.equal( await me.menu.count(), 0 );
		assert.match( me.page.url(), /messages\/\d+\/$/, 'Esc closed the menu alone' );
		await press( 'Enter' );
		await isAt( item( 'Mute' ) );
		await press( 'Enter' );
		await me.toastSays( 'Muted.' );
		await isAt( me.moreOptions );
	} );

	await t.test( 'so does the dialog', async () => {
		await press( 'ArrowUp', 'Enter' );
		await me.dialog.waitFor();
		await isAt( me.dialog.getByRole( 'button', { name: 'Cancel' } ) );
		await press( 'Tab' );
		await isAt( me.dialog.getByRole( 'button', { name: 'Block' } ) );
		await press( 'Escape' );
		await me.dialog.waitFor( { state: 'hidden' } );
		await isAt( me.moreOptions );
	} );

	await t.test( 'the toast can be undone', async () => {
		await press( 'ArrowDown', 'Enter' );
		await me.toastSays( 'No longer muted.' );
		await tabTo( me.undo, 12 );
		await press( 'Enter' );
		await me.row( two.name ).getByText( 'Muted' ).waitFor();
	} );

	await t.test( 'a new message is written, and given up with the browser’s way back', async () => {
		// The service knows who has just registered within seconds.
		await until( 'both can be found', async () => {
			const found = await Promise.all( [ three, four ].map( ( { login } ) => rest( mine, 'GET', `jetonomy/v1/messaging/recipient-suggestions?q=${ login }` ) ) );
			return found.every( ( { body } ) => body.data.length > 0 );
		} );
		await me.newMessage.focus();
		await press( 'Enter' );
		await isAt( me.to );
		await keyboard.type( three.login );
		await me.options.filter( { hasText: `@${ three.login }` } ).waitFor();
		await press( 'Enter' );
		await me.chip( three.name ).waitFor();
		await isAt( me.to );
		await keyboard.type( four.login );
		await me.options.filter( { hasText: `@${ four.login }` } ).waitFor();
		await press( 'ArrowDown', 'Enter' );
		await me.chip( four.name ).waitFor();
		await press( 'ArrowLeft' );
		await isAt( me.element.getByRole( 'button', { name: `Remove ${ four.name }` } ) );
		await press( 'Delete' );
		await me.chip( four.name ).waitFor( { state: 'detached' } );
		await isAt( me.to );
		await keyboard.type( four.login );
		await me.options.filter( { hasText: `@${ four.login }` } ).waitFor();
		await press( 'Enter' );
		await press( 'Tab' );
		await isAt( me.groupName );
		await keyboard.type( 'By keys' );
		await press( 'Tab' );
		await isAt( me.composer );
		await keyboard.type( 'Hello both' );
		await press( 'Tab' );
		await isAt( me.send );
		await press( 'Enter' );
		await me.heading( 'By keys' ).waitFor();
		await isAt( me.composer );
		await me.sent( 'Hello both' ).waitFor();
	} );

	await t.test( 'the panel of people gives the focus back', async () => {
		const people = me.element.getByRole( 'button', { name: '3 people' } );
		await people.focus();
		await press( 'Enter' );
		await me.element.getByRole( 'dialog', { name: '3 people' } ).waitFor();
		await press( 'Escape' );
		await me.element.getByRole( 'dialog', { name: '3 people' } ).waitFor( { state: 'hidden' } );
		await isAt( people );
	} );

	await t.test( 'on a phone Back leads to the row that one came from', async () => {
		await me.page.setViewportSize( { width: 400, height: 800 } );
		await me.page.reload();
		const conversation = me.page.url();
		await me.heading( 'By keys' ).waitFor();
		await me.back.focus();
		await press( 'Enter' );
		await isAt( me.row( 'By keys' ) );

		// Also where the list comes late: until then one can start a message, and goes on there if one has moved on.
		for ( const moved of [ false, true ] ) {
			let go;
			const held = new Promise( ( resolve ) => {
				go = resolve;
			} );
			await me.page.route( LIST, async ( route ) => {
				await held;
				await route.fallback();
			} );
			await me.page.goto( conversation );
			await me.heading( 'By keys' ).waitFor();
			await me.back.focus();
			await press( 'Enter' );
			await isAt( me.newMessage );
			if ( moved ) {
				await me.search.focus();
			}
			go();
			await me.row( 'By keys' ).waitFor();
			await isAt( moved ? me.search : me.row( 'By keys' ) );
			await me.page.unroute( LIST );
		}
		await me.row( 'By keys' ).focus();
		await press( 'ArrowDown', 'Enter' );
		await me.composer.waitFor();
		await me.page.goBack();
		await me.row( 'By keys' ).waitFor();
	} );

	await t.test( 'a page’s own shortcuts get no letters that are typed', async () => {
		await me.page.evaluate( () => {
			window.taken = [];
			document.addEventListener( 'keydown', ( event ) => window.taken.push( event.key ) );
		} );
		await me.search.focus();
		await keyboard.type( 'abc' );
		assert.deepEqual( await me.page.evaluate( () => window.taken ), [] );
	} );

	me.good();
} );
