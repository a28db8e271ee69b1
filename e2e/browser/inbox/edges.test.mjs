/**
 * The inbox between the edges of a window: what the page keeps there is not over it, and the rest is its own.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, muPlugin, PHONE, signedIn, until } from '../harness.mjs';
import { begin, inside, onTop, openInbox } from './inbox.mjs';

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
		assert.ok( await me.page.evaluate( () => document.documentElement.scrollWidth <= window.innerWidth ) );
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

		await me.back.tap();
		await me.row( two.name ).waitFor();
		assert.deepEqual( await edges(), before, 'the list is a part of the page' );

		// A page that cuts off what is wider than it: then the thread is no wider.
		await me.page.addStyleTag( { content: '.jt-msg { overflow: hidden; }' } );
		await me.row( two.name ).tap();
		await me.sent( 'Hello' ).waitFor();
		assert.deepEqual( await edges(), before );
		me.good();
	} );
}
