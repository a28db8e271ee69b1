/**
 * The page Conversations while the service is stopped: it says so, does nothing, and goes on afterwards.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, rest, service, signedIn } from '../harness.mjs';
import { open, photograph, start, visit } from '../conversations/page.mjs';

test( 'conversations in wp-admin while the service is stopped', async ( t ) => {
	const browser = await launch( t );
	const admin = await signedIn( browser, 'admin' );
	const [ one, two ] = await members( 2 );
	const mine = await signedIn( browser, one.login );
	const id = await start( mine, [ two.id ], 'Still here afterwards' );
	const page = await admin.newPage();
	const notice = page.locator( '.notice-error', { hasText: 'The messages service does not answer, so conversations cannot be shown at the moment.' } );

	await open( page, { view: 'purge', ids: id } );
	await page.getByLabel( 'Reason' ).selectOption( 'court_order' );
	await page.getByLabel( 'In words' ).fill( 'Case 12' );

	t.after( () => service( 'start' ) );
	await service( 'stop' );

	await t.test( 'a form says it instead of doing anything', async () => {
		await page.getByRole( 'button', { name: 'Delete permanently' } ).click();
		await notice.waitFor();
		assert.equal( await page.locator( '.notice-success' ).count(), 0 );
	} );

	await t.test( 'each view says it at once', async () => {
		for ( const query of [ {}, { view: 'detail', id }, { view: 'reports' }, { view: 'log' } ] ) {
			const before = Date.now();
			const answer = await open( page, query );
			assert.equal( answer.status(), 503 );
			await notice.waitFor();
			assert.ok( Date.now() - before < 10_000, 'no page waits for the service' );
		}
		await photograph( page, 'outage', '#wpbody-content .jetonomy-sidecar' );
	} );

	await service( 'start' );

	await t.test( 'then everything is there', async () => {
		await notice.getByRole( 'link', { name: 'Try again' } ).click();
		await page.locator( `#cb-select-${ id }` ).waitFor();
		await visit( page, id );
		await page.getByText( 'Still here afterwards' ).first().waitFor();
		const { body } = await rest( mine, 'GET', `jetonomy/v1/conversations/${ id }/messages` );
		assert.equal( body.data.length, 1 );
	} );
} );
