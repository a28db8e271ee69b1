import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rest, signedIn } from '../harness.mjs';
import { cast, HOSTILE, open, send, start } from './page.mjs';

test( 'the list of members’ conversations', async ( t ) => {
	const { browser, people, contexts, admin, pageOf, faults } = await cast( t, 6 );

	const direct = await start( contexts[ 0 ], [ people[ 1 ].id ], 'See you on Friday?' );
	await send( contexts[ 1 ], direct, 'Yes.' );
	const group = await start( contexts[ 0 ], people.slice( 1 ).map( ( { id } ) => id ), HOSTILE, { title: `Trip ${ HOSTILE }` } );
	const row = ( page, id ) => page.locator( `#conversation-${ id }` );

	await t.test( 'the list, under its menu', async () => {
		const page = await pageOf();
		await open( page );
		await page.getByRole( 'heading', { name: 'At a glance' } ).waitFor();
		assert.equal( await page.getByRole( 'img', { name: /Messages per day for 30 days/ } ).count(), 1 );
		const texts = await row( page, group ).innerText();
		assert.match( texts, /Trip <img src=x/ );
		assert.match( texts, /\+3/ );
		assert.match( await row( page, direct ).innerText(), /Member 1, Member 2/ );
		assert.equal( await page.evaluate( () => window.hostile ), undefined );
	} );

	await t.test( 'filters, order and columns', async () => {
		const page = await pageOf();
		await open( page );
		// Named while it is typed, by a display name too, which WordPress stores as HTML.
		const name = `Fun & ${ people[ 4 ].login }`;
		await rest( admin, 'POST', `wp/v2/users/${ people[ 4 ].id }`, { name } );
		await page.getByLabel( 'Member', { exact: true } ).pressSequentially( name );
		await page.locator( `datalist option[value="${ people[ 4 ].login }"][label="${ name }"]` ).waitFor( { state: 'attached' } );
		await page.getByLabel( 'Member', { exact: true } ).fill( '' );
		await page.getByLabel( 'Member', { exact: true } ).pressSequentially( people[ 5 ].login );
		await page.locator( `datalist option[value="${ people[ 5 ].login }"]` ).waitFor( { state: 'attached' } );
		await page.getByRole( 'button', { name: 'Filter' } ).click();
		await row( page, group ).waitFor();
		assert.equal( await row( page, direct ).count(), 0 );

		await page.getByLabel( 'Filter by type' ).selectOption( 'direct' );
		await page.getByRole( 'button', { name: 'Filter' } ).click();
		await page.getByText( 'No conversation matches.' ).waitFor();

		await open( page, { s: 'Trip <img' } );
		await row( page, group ).waitFor();
		await open( page, { member: 'nobody-at-all' } );
		await page.getByText( 'There is no member with the login “nobody-at-all”.' ).waitFor();
		await open( page, { member: people[ 0 ].login, until: '2001-01-01' } );
		await page.getByText( 'No conversation matches.' ).waitFor();

		await open( page, { member: people[ 0 ].login } );
		await page.locator( 'thead' ).getByRole( 'link', { name: /^Messages/ } ).click();
		await page.waitForURL( /orderby=messages/ );
		assert.equal( await page.locator( 'thead .column-messages' ).getAttribute( 'aria-sort' ), 'descending' );
		assert.equal( new URL( page.url() ).searchParams.get( 'member' ), people[ 0 ].login );
		const order = async () => ( await page.locator( '#the-list tr' ).evaluateAll( ( rows ) => rows.map( ( { id } ) => Number( id.replace( 'conversation-', '' ) ) ) ) ).filter( ( id ) => id === direct || id === group );
		assert.deepEqual( await order(), [ direct, group ], 'the most messages first' );
		await page.locator( 'thead' ).getByRole( 'link', { name: /^Messages/ } ).click();
		await page.waitForURL( /order=asc/ );
		assert.equal( await page.locator( 'thead .column-messages' ).getAttribute( 'aria-sort' ), 'ascending' );
		assert.deepEqual( await order(), [ group, direct ], 'the fewest messages first' );

		await page.getByRole( 'button', { name: 'Screen Options' } ).click();
		const saved = page.waitForResponse( ( answer ) => answer.url().includes( 'admin-ajax.php' ) && /hidden-columns/.test( answer.request().postData() ?? '' ) );
		await page.getByLabel( 'Created' ).uncheck();
		await saved;
		await open( page );
		assert.equal( await page.locator( 'thead .column-created' ).isVisible(), false );
		assert.equal( await page.locator( 'thead .column-activity' ).isVisible(), true );
		await page.getByRole( 'button', { name: 'Screen Options' } ).click();
		const again = page.waitForResponse( ( answer ) => answer.url().includes( 'admin-ajax.php' ) && /hidden-columns/.test( answer.request().postData() ?? '' ) );
		await page.getByLabel( 'Created' ).check();
		await again;
	} );

	await t.test( 'bulk actions, above the list and below it, with scripts and without', async () => {
		const plain = await signedIn( browser, 'admin', { javaScriptEnabled: false } );
		for ( const [ context, place ] of [ [ plain, 'top' ], [ plain, 'bottom' ], [ admin, 'bottom' ] ] ) {
			const page = await pageOf( context );
			const bulk = page.locator( `.tablenav.${ place } .bulkactions` );
			await open( page, { member: people[ 0 ].login } );
			await page.locator( `#cb-select-${ direct }` ).check();
			await bulk.getByLabel( 'Select bulk action' ).selectOption( 'Delete permanently …' );
			await bulk.getByRole( 'button', { name: 'Apply' } ).click();
			await page.getByRole( 'heading', { name: 'Permanently delete this conversation for all participants?' } ).waitFor();
			assert.equal( await page.locator( '.jetonomy-sidecar-purge tbody tr' ).count(), 1 );
			// What it is about is still known after a reload and after a look at it, and the filter after that.
			await page.reload();
			await page.locator( '.jetonomy-sidecar-purge' ).getByRole( 'link' ).first().click();
			await page.getByRole( 'heading', { name: 'Why do you open this conversation?' } ).waitFor();
			await page.goBack();
			await page.getByRole( 'link', { name: 'Cancel' } ).click();
			await row( page, direct ).waitFor();
			assert.equal( await page.getByLabel( 'Member', { exact: true } ).inputValue(), people[ 0 ].login );
		}
		// What is to be done has to be chosen, and to filter does nothing else.
		const page = await pageOf( plain );
		await open( page, { member: people[ 0 ].login } );
		await page.locator( `#cb-select-${ direct }` ).check();
		await page.getByRole( 'button', { name: 'Apply' } ).first().click();
		await row( page, group ).waitFor();
		await page.locator( `#cb-select-${ direct }` ).check();
		await page.getByLabel( 'Select bulk action' ).first().selectOption( 'Delete permanently …' );
		await page.getByRole( 'button', { name: 'Filter' } ).click();
		await row( page, group ).waitFor();
	} );

	await t.test( 'an answer of nobody', async () => {
		const page = await pageOf( admin, [ /404|400/ ] );
		assert.equal( ( await open( page, { view: 'detail', id: 987654321 } ) ).status(), 404 );
		await page.getByText( 'This does not exist, or not any more.' ).waitFor();
		assert.equal( ( await open( page, { cursor: 'nonsense' } ) ).status(), 400 );
		await page.getByText( 'This link to a page of the list is not valid any more.' ).waitFor();
	} );

	assert.deepEqual( faults(), [] );
} );
