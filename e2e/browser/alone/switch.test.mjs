import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints, launch, members, rest, signedIn } from '../harness.mjs';
import { openExtensions, photograph, theSwitch, WORDPRESS_FAULTS } from '../owner/wp-admin.mjs';

test( 'the switch', async ( t ) => {
	const browser = await launch( t );
	const admin = await signedIn( browser, 'admin' );
	const [ one ] = await members( 1 );
	const member = await signedIn( browser, one.login, { javaScriptEnabled: false } );
	const page = await admin.newPage();
	const wrong = complaints( page, WORDPRESS_FAULTS );
	const inbox = async () => ( await member.request.get( '/community/messages/' ) ).status();

	await t.test( 'off: what is of messages disappears, and nothing else', async () => {
		assert.equal( await inbox(), 200 );
		await openExtensions( page );
		await theSwitch( page ).focus();
		await page.keyboard.press( 'Space' );
		await page.getByText( 'Private Messaging is off. Conversations and messages are kept.' ).waitFor();
		assert.equal( await theSwitch( page ).getAttribute( 'aria-checked' ), 'false' );
		await photograph( page, 'extensions-off' );

		assert.equal( await inbox(), 404 );
		// A replica reads the switch again within seconds where nobody could tell it at once.
		for ( let tries = 0; ; tries++ ) {
			const { status, body } = await rest( member, 'GET', 'jetonomy/v1/conversations' );
			if ( status === 404 && body.code === 'rest_no_route' ) {
				break;
			}
			assert.ok( tries < 20, `the route still answers ${ status } ${ JSON.stringify( body ) }` );
		}
		const home = await member.newPage();
		await home.goto( '/' );
		assert.equal( await home.getByRole( 'link', { name: /^Messages/ } ).count(), 0 );
		await page.goto( '/wp-admin/site-health.php' );
		await page.locator( '.site-health-progress-wrapper:not(.loading)' ).waitFor();
		await page.getByRole( 'button', { name: 'Passed tests' } ).click();
		const ours = page.locator( '.health-check-accordion-trigger', { hasText: 'Private messages' } );
		assert.deepEqual( ( await ours.allInnerTexts() ).map( ( text ) => text.split( '\n' )[ 0 ] ), [ 'Private Messaging is not enabled' ] );
		await page.goto( '/wp-admin/users.php' );
		assert.equal( await page.locator( '.row-actions .jetonomy-sidecar' ).count(), 0 );
		assert.equal( ( await admin.request.get( `/wp-admin/admin.php?page=jetonomy-sidecar-member&user=${ one.id }` ) ).status(), 403 );
	} );

	await t.test( 'on again: everything is back', async () => {
		await openExtensions( page );
		await theSwitch( page ).and( page.locator( '[aria-checked=false]' ) ).click();
		await page.getByText( 'Private Messaging is on.' ).waitFor();
		assert.equal( await inbox(), 200 );
		for ( let tries = 0; ( await rest( member, 'GET', 'jetonomy/v1/conversations' ) ).status !== 200; tries++ ) {
			assert.ok( tries < 20, 'the route does not come back' );
		}
	} );

	assert.deepEqual( wrong, [] );
} );
