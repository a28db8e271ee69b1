import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rest, signedIn } from '../harness.mjs';
import { cast, open, photograph, report, start } from './page.mjs';

test( 'reports for moderators', async ( t ) => {
	const { browser, people, contexts, pageOf, faults } = await cast( t, 4 );

	await t.test( 'one is opened and decided', async () => {
		const page = await pageOf();
		const heard = await start( contexts[ 2 ], [ people[ 3 ].id ], 'You are a fool' );
		const { body } = await rest( contexts[ 3 ], 'GET', `jetonomy/v1/conversations/${ heard }/messages` );
		const message = ( Array.isArray( body ) ? body : body.messages ?? body.data )[ 0 ].id;
		const id = await report( contexts[ 3 ], heard, message );

		const moderator = await signedIn( browser, 'moderator' );
		const theirs = await pageOf( moderator, [ /403/ ] );
		await open( theirs );
		await theirs.getByRole( 'heading', { name: 'Reports', exact: true } ).waitFor();
		assert.equal( await theirs.locator( '.nav-tab' ).count(), 1 );
		await theirs.locator( `#report-${ id }` ).getByRole( 'link', { name: `Review Report ${ id }` } ).click();
		await theirs.getByText( 'You are a fool' ).waitFor();
		await theirs.getByText( 'Please look at this.' ).waitFor();
		assert.equal( await theirs.getByRole( 'link', { name: 'Go to the conversation' } ).count(), 0 );

		await open( page );
		await page.locator( '#adminmenu .awaiting-mod' ).filter( { hasText: 'open report' } ).first().waitFor();
		await theirs.getByRole( 'button', { name: 'Warn' } ).click();
		await theirs.getByText( 'The member is warned.' ).waitFor();
		assert.equal( await theirs.locator( `#report-${ id }` ).count(), 0 );
		await theirs.getByRole( 'link', { name: 'Closed' } ).click();
		await theirs.locator( `#report-${ id }` ).getByText( 'Warned' ).waitFor();
		await photograph( theirs, 'reports-closed' );
		assert.equal( ( await open( theirs, { view: 'list' } ) ).status(), 403 );
	} );

	assert.deepEqual( faults(), [] );
} );
