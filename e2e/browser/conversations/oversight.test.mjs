import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { rest } from '../harness.mjs';
import { cast, HOSTILE, open, OURS, photograph, send, start, visit } from './page.mjs';

test( 'members’ conversations for administrators', async ( t ) => {
	const { people, contexts, admin, pageOf, faults } = await cast( t, 6 );

	const direct = await start( contexts[ 0 ], [ people[ 1 ].id ], 'See you on Friday?' );
	const long = `${ 'A long story, told at length. '.repeat( 20 ) }The end.`;
	const longMessage = await send( contexts[ 1 ], direct, long );
	const group = await start( contexts[ 0 ], people.slice( 1 ).map( ( { id } ) => id ), HOSTILE, { title: `Trip ${ HOSTILE }` } );
	const row = ( page, id ) => page.locator( `#conversation-${ id }` );

	await t.test( 'a conversation is opened with a reason, once a visit', async () => {
		const page = await pageOf();
		await open( page, { view: 'detail', id: direct } );
		await page.getByRole( 'heading', { name: 'Why do you open this conversation?' } ).waitFor();
		assert.equal( await page.getByText( 'See you on Friday?' ).count(), 0, 'shown without a reason' );

		await visit( page, direct );
		await page.getByText( 'See you on Friday?' ).waitFor();
		assert.equal( await page.getByText( 'The end.' ).count(), 0, 'more than the excerpt' );
		await page.getByRole( 'link', { name: `Show the whole text Message ${ longMessage }` } ).click();
		await page.getByText( 'The end.' ).waitFor();
		await photograph( page, 'detail-whole' );

		await open( page, { view: 'detail', id: direct } );
		await page.getByText( 'Your reason: Court order.' ).waitFor();
		await page.getByLabel( 'Search messages' ).fill( 'Friday' );
		await page.getByRole( 'button', { name: 'Search messages' } ).click();
		await page.getByText( 'See you on Friday?' ).waitFor();
		assert.equal( await page.locator( '.jetonomy-sidecar-thread tbody tr' ).count(), 1 );
		await page.getByLabel( 'Search messages' ).fill( '' );
		await page.getByLabel( 'Jump to date' ).fill( '2001-01-01' );
		await page.getByRole( 'button', { name: 'Go', exact: true } ).click();
		await page.getByText( 'There are no messages before that.' ).waitFor();
	} );

	await t.test( '“Other” needs words', async () => {
		const page = await pageOf( admin, [ /400/ ] );
		await open( page, { view: 'detail', id: group } );
		await page.getByLabel( 'Reason' ).selectOption( 'other' );
		await page.getByRole( 'button', { name: 'Open the conversation' } ).click();
		await page.getByRole( 'alert' ).getByText( 'Say in words why.' ).waitFor();
		assert.equal( await page.getByLabel( 'Reason' ).inputValue(), 'other' );
	} );

	await t.test( 'what members wrote does nothing', async () => {
		const page = await pageOf();
		await visit( page, group );
		await page.locator( '.jetonomy-sidecar-text' ).getByText( '<script>window.hostile=1</script>' ).waitFor();
		assert.equal( await page.evaluate( () => window.hostile ), undefined );
		assert.equal( await page.locator( `${ OURS } script, ${ OURS } [onerror]` ).count(), 0 );
	} );

	await t.test( 'an export', async () => {
		const page = await pageOf();
		await open( page, { view: 'detail', id: direct } );
		for ( const format of [ 'JSON', 'CSV' ] ) {
			const [ download ] = await Promise.all( [ page.waitForEvent( 'download' ), page.getByRole( 'button', { name: `Export as ${ format }` } ).click() ] );
			assert.equal( download.suggestedFilename(), `conversation-${ direct }.${ format.toLowerCase() }` );
			const text = await readFile( await download.path(), 'utf8' );
			assert.ok( text.includes( 'See you on Friday?' ) && text.includes( 'The end.' ), text );
			if ( format === 'JSON' ) {
				const { conversation, messages } = JSON.parse( text );
				assert.equal( messages.length, 2 );
				assert.deepEqual( [ conversation.id, conversation.type, conversation.participants.map( ( { login } ) => login ) ], [ direct, 'direct', [ people[ 0 ].login, people[ 1 ].login ] ] );
			} else {
				assert.ok( text.startsWith( '\ufeffconversation_id,' ), text );
			}
		}
	} );

	await t.test( 'a refused export says why where it was asked for', async () => {
		const page = await pageOf( admin, [ /400/ ] );
		await open( page, { view: 'member', user: people[ 0 ].id } );
		const form = page.locator( 'form:has(input[value=export_member])' );
		await form.getByLabel( 'Reason' ).selectOption( 'other' );
		await form.getByRole( 'button', { name: 'Export as CSV' } ).click();
		await page.getByRole( 'alert' ).getByText( 'Say in words why.' ).waitFor();
		await page.getByRole( 'heading', { name: 'Conversations of Member 1' } ).waitFor();
		await page.getByRole( 'navigation', { name: 'Sections' } ).getByRole( 'link', { name: 'Access log' } ).waitFor();
		assert.equal( await form.getByLabel( 'Reason' ).inputValue(), 'other' );
		await form.getByLabel( 'In words' ).fill( 'They asked for it on paper' );
		const [ download ] = await Promise.all( [ page.waitForEvent( 'download' ), form.getByRole( 'button', { name: 'Export as CSV' } ).click() ] );
		assert.equal( download.suggestedFilename(), `member-${ people[ 0 ].id }.csv` );
	} );

	await t.test( 'a legal hold protects it', async () => {
		const page = await pageOf( admin, [ /409/ ] );
		await open( page, { view: 'detail', id: direct } );
		await page.getByLabel( /What is the hold for/ ).fill( 'Case 12' );
		await page.getByRole( 'button', { name: 'Put under a hold' } ).click();
		await page.getByText( 'The conversation is under a legal hold now.' ).waitFor();
		assert.equal( await page.getByRole( 'link', { name: 'Delete permanently …' } ).count(), 0 );
		await photograph( page, 'hold' );
		await open( page, { view: 'purge', ids: direct } );
		await page.getByText( '1 conversation is under a legal hold and stays.' ).waitFor();
		assert.equal( await page.getByRole( 'button', { name: 'Delete permanently' } ).count(), 0 );
		await open( page, { view: 'detail', id: direct } );
		await page.getByRole( 'button', { name: 'Lift the hold' } ).click();
		await page.getByText( 'The legal hold is lifted.' ).waitFor();
	} );

	await t.test( 'a purge', async () => {
		const page = await pageOf();
		await open( page );
		await row( page, direct ).hover();
		await row( page, direct ).getByRole( 'link', { name: /^Delete permanently: / } ).click();
		await page.getByRole( 'heading', { name: 'Permanently delete this conversation for all participants?' } ).waitFor();
		await page.getByRole( 'button', { name: 'Delete permanently' } ).click();
		await page.locator( '.notice-success' ).getByText( 'Conversation purged' ).waitFor();
		assert.equal( new URL( page.url() ).searchParams.get( 'done' ), null, 'the notice stays in the address' );
		assert.equal( await row( page, direct ).count(), 0 );
		const { status } = await rest( contexts[ 0 ], 'GET', `jetonomy/v1/conversations/${ direct }` );
		assert.equal( status, 403 );
	} );

	await t.test( 'the access log', async () => {
		const page = await pageOf();
		await open( page, { view: 'log' } );
		const first = page.locator( 'tbody tr' ).filter( { hasText: 'Deleted permanently' } ).filter( { hasText: 'Case 12' } ).first();
		assert.match( await first.innerText(), /@admin[\s\S]*Court order/ );
		await page.getByRole( 'link', { name: 'Verify the log' } ).click();
		await page.locator( '.notice-success' ).getByText( /rows, unchanged; the newest is \d+:[0-9a-f]{64}/ ).waitFor();
		await page.getByLabel( 'Conversation' ).fill( String( group ) );
		await page.getByRole( 'button', { name: 'Filter' } ).click();
		await page.getByRole( 'link', { name: `Conversation ${ group }` } ).first().waitFor();
		assert.equal( await page.getByRole( 'link', { name: `Conversation ${ direct }` } ).count(), 0 );
	} );

	assert.deepEqual( faults(), [] );
} );
