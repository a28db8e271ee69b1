/**
 * The inbox where room is short: many people, long names, small windows, bars of the page's own, long messages.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESK, launch, members, muPlugin, PHONE, signedIn, until } from '../harness.mjs';
import { begin, inside, openInbox } from './inbox.mjs';

const TITLE = 'Neighbours of the old mill and everybody else who lives along the river, with friends';

/** Whether the boxes of two things have a part in common. */
const overlap = async ( one, other ) => {
	const [ a, b ] = [ await one.boundingBox(), await other.boundingBox() ];
	return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
};

/** Whether what is seen in the middle of something is that, and not what lies over it. */
const onTop = ( locator ) => locator.evaluate( ( element ) => {
	const { x, y, width, height } = element.getBoundingClientRect();
	const at = [ x + width / 2, y + height / 2 ];
	return document.elementFromPoint( ...at ) === element.getRootNode().host && element.contains( element.getRootNode().elementFromPoint( ...at ) );
} );

const wide = ( page ) => page.evaluate( () => document.documentElement.scrollWidth - window.innerWidth );

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
				await inside( me.page, button.getByText( '+15' ) );
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

for ( const [ where, viewport, top ] of [ [ 'at the window’s edge', PHONE, '0' ], [ 'below WordPress’s bar', { width: 640, height: 800 }, '46px' ] ] ) {
	test( `a header of the page that stays ${ where }`, async ( t ) => {
		const browser = await launch( t );
		const [ one, two ] = await members( 2 );
		const mine = await signedIn( browser, one.login, { viewport } );
		await begin( mine, [ two.id ], 'Hello' );
		const me = await openInbox( mine, '', {
			before: ( page ) => page.addInitScript( ( inset ) => document.addEventListener( 'DOMContentLoaded', () => {
				const header = document.createElement( 'div' );
				header.style = `position: sticky; top: ${ inset }; z-index: 100; height: 200px; background: #fffbe6`;
				document.body.prepend( header );
			} ), top ),
		} );
		await me.row( two.name ).click();
		await me.sent( 'Hello' ).waitFor();
		for ( const part of [ me.back, me.moreOptions, me.composer ] ) {
			await inside( me.page, part );
			await until( `${ part } is seen`, () => onTop( part ) );
		}
		await me.look( 'below-header' );
		await me.back.click();
		await me.row( two.name ).waitFor();
		me.good();
	} );
}

for ( const look of [ 'none', 'rtl' ] ) {
	test( `a thread on a phone has all of its width (${ look })`, async ( t ) => {
		const browser = await launch( t );
		const [ one, two ] = await members( 2 );
		const mine = await signedIn( browser, one.login, { viewport: PHONE, hasTouch: true, isMobile: true } );
		await begin( mine, [ two.id ], 'Hello' );
		await muPlugin( t, 'appearance', look, mine );
		const me = await openInbox( mine );
		const edges = () => me.element.evaluate( ( element ) => {
			const { left, right } = element.getBoundingClientRect();
			return [ left, right ];
		} );
		await me.row( two.name ).waitFor();
		const before = await edges();
		await me.row( two.name ).tap();
		await me.sent( 'Hello' ).waitFor();
		assert.deepEqual( await edges(), [ 0, PHONE.width ] );
		assert.ok( await wide( me.page ) <= 0 );
		await inside( me.page, me.send );
		await inside( me.page, me.moreOptions );

		// Nothing is below where one writes until there is something to say.
		const below = () => me.composer.evaluate( ( area ) => area.closest( 'form' ).getBoundingClientRect().bottom - area.parentElement.getBoundingClientRect().bottom );
		const above = await me.composer.evaluate( ( area ) => area.parentElement.getBoundingClientRect().top - area.closest( 'form' ).getBoundingClientRect().top );
		assert.ok( Math.abs( await below() - above ) <= 1, `${ await below() } px below, ${ above } above` );
		await me.look( 'thread', `400-full-${ look }` );
		const limit = await me.element.evaluate( ( element ) => JSON.parse( element.dataset.config ).limits.message );
		await me.composer.fill( 'o'.repeat( limit - 5 ) );
		await inside( me.page, me.element.getByText( '5 characters left' ) );

		// A page that cuts off what is wider than it: then the thread is no wider.
		await me.page.addStyleTag( { content: 'main { overflow: hidden; margin-inline: 12px !important; padding: 0 !important; }' } );
		await me.page.setViewportSize( { width: 390, height: 800 } );
		await until( 'it keeps to what is seen', async () => JSON.stringify( await edges() ) === JSON.stringify( [ 12, 378 ] ) );
		await me.page.setViewportSize( PHONE );
		await me.page.addStyleTag( { content: 'main { overflow: visible; margin-inline: 0 !important; }' } );
		await me.back.tap();
		await me.row( two.name ).waitFor();
		assert.ok( ( await edges() )[ 0 ] <= before[ 0 ] );
		me.good();
	} );
}

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
		await me.undo.click();
		await me.toast.waitFor( { state: 'detached' } );
	}
	me.good();
} );
