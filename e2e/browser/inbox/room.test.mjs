/**
 * The inbox where room is short: many people, long names, small windows, bars of the page's own, long messages.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESK, launch, members, PHONE, signedIn } from '../harness.mjs';
import { begin, inside, openInbox } from './inbox.mjs';

const TITLE = 'Neighbours of the old mill and everybody else who lives along the river, with friends';

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
