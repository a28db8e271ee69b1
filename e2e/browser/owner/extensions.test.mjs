import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints, launch, members, signedIn } from '../harness.mjs';
import { openExtensions, openSettings, photograph, theSwitch, WORDPRESS_FAULTS, write } from './wp-admin.mjs';

test( 'Extensions', async ( t ) => {
	const browser = await launch( t );
	const context = await signedIn( browser, 'admin' );

	await t.test( 'the card says what the extension is and how the service is', async () => {
		const page = await context.newPage();
		const wrong = complaints( page, WORDPRESS_FAULTS );
		await openExtensions( page );
		const card = page.locator( '.jetonomy-sidecar-card' );
		assert.equal( await theSwitch( page ).getAttribute( 'aria-checked' ), 'true' );
		const state = await card.locator( '.jetonomy-sidecar-state' ).innerText();
		assert.match( state, /The sidecar answers/ );
		assert.match( state, /have the same version/ );
		assert.ok( state.includes( process.env.SIDECAR_URL ), `no address in ${ state }` );
		assert.equal( await page.locator( '.wp-submenu .current' ).first().innerText(), 'Extensions' );
		await photograph( page, 'extensions' );
		assert.deepEqual( wrong, [] );
	} );

	await t.test( 'the card says when the last event was delivered', async () => {
		const [ one, two ] = await members( 2 );
		await write( await signedIn( browser, one.login ), [ two.id ], 'Hello' );
		const page = await context.newPage();
		await openExtensions( page );
		const when = page.locator( '.jetonomy-sidecar-state__row', { hasText: 'Last event delivered' } ).locator( 'time' );
		for ( let tries = 0; ( await when.count() ) === 0; tries++ ) {
			assert.ok( tries < 20, 'no event is delivered' );
			await page.reload();
		}
		const ago = Date.now() - Date.parse( await when.getAttribute( 'datetime' ) );
		assert.ok( ago < 600_000, `the last event was ${ ago } ms ago` );
		assert.match( await when.innerText(), / ago$/ );
	} );

	await t.test( 'the settings are there, each with one sentence', async () => {
		const page = await context.newPage();
		const wrong = complaints( page, WORDPRESS_FAULTS );
		await openSettings( page );
		for ( const input of await page.locator( '.form-table :is(input, select)' ).all() ) {
			const help = page.locator( `#${ ( await input.getAttribute( 'aria-describedby' ) ).split( ' ' )[ 0 ] }` );
			assert.match( await help.innerText(), /^[A-Z].*\.$/s );
		}
		assert.equal( await page.locator( '.wp-submenu .current' ).first().innerText(), 'Extensions', 'the menu shows where one is' );
		await photograph( page, 'settings' );
		assert.deepEqual( wrong, [] );
	} );

	await t.test( 'somebody who may not manage the site finds no such page', async () => {
		const moderator = await signedIn( browser, 'moderator' );
		const page = await context.newPage();
		await openExtensions( page );
		const answer = await moderator.request.get( page.url() );
		assert.equal( answer.status(), 403 );
	} );
} );
