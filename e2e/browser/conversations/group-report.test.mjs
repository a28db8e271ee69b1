import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rest, signedIn } from '../harness.mjs';
import { cast, open, photograph, report, send, start } from './page.mjs';

test( 'a report of a group is for moderators who did not write in it, and for them to say whom it concerns', async ( t ) => {
	const { browser, people, contexts, admin, pageOf, faults } = await cast( t, 3 );
	const { body: me } = await rest( admin, 'GET', 'wp/v2/users/me' );
	const group = await start( contexts[ 0 ], [ ...people.slice( 1 ).map( ( { id } ) => id ), me.id ], 'Shall we meet?', { title: `Group of ${ people[ 0 ].login }` } );
	await send( contexts[ 1 ], group, 'You are all fools' );
	await send( admin, group, 'Please stop it' );
	const id = await report( contexts[ 2 ], group );

	await t.test( 'an administrator who wrote in it sees nothing of it', async () => {
		const page = await pageOf( admin, [ /404/ ] );
		await open( page, { view: 'reports' } );
		assert.equal( await page.locator( `#report-${ id }` ).count(), 0 );
		assert.equal( ( await open( page, { view: 'report', id } ) ).status(), 404 );
		await open( page, { s: people[ 0 ].login } );
		assert.match( await page.locator( `#conversation-${ group }` ).innerText(), /No open reports/ );
	} );

	await t.test( 'a moderator says whom it concerns', async () => {
		const page = await pageOf( await signedIn( browser, 'moderator' ), [ /400/ ] );
		await open( page, { view: 'reports' } );
		const row = page.locator( `#report-${ id }` );
		for ( const login of [ people[ 0 ].login, people[ 1 ].login, 'admin' ] ) {
			await row.getByText( `@${ login }`, { exact: true } ).waitFor();
		}
		await photograph( page, 'reports-group' );
		await row.getByRole( 'link', { name: 'Review' } ).click();
		const whom = page.getByRole( 'group', { name: 'Whom does it concern?' } );
		await whom.waitFor();
		assert.equal( await whom.getByRole( 'radio' ).count(), 3 );
		await photograph( page, 'report-group' );
		await page.getByRole( 'button', { name: 'Warn' } ).click();
		await page.getByRole( 'alert' ).getByText( 'Choose whom to warn or to silence.' ).waitFor();
		await whom.getByRole( 'radio', { name: `@${ people[ 1 ].login }` } ).check();
		await page.getByRole( 'button', { name: 'Warn' } ).click();
		await page.getByText( 'The member is warned.' ).waitFor();
		await page.getByRole( 'link', { name: 'Closed' } ).click();
		assert.match( await row.innerText(), new RegExp( `@${ people[ 1 ].login }[\\s\\S]*Warned` ) );
		assert.equal( await row.getByText( '@admin', { exact: true } ).count(), 0 );
	} );

	assert.deepEqual( faults(), [] );
} );
