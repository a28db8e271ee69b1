import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { complaints, launch, members, rest, signedIn } from '../harness.mjs';
import { open, OURS, photograph, report, send, start, visit } from './page.mjs';

const HOSTILE = '<img src=x onerror="window.hostile=1"><script>window.hostile=1</script>"\'>&amp;';

test( 'members’ conversations for administrators', async ( t ) => {
	const browser = await launch( t );
	const admin = await signedIn( browser, 'admin' );
	const people = await members( 6 );
	const contexts = await Promise.all( people.map( ( { login } ) => signedIn( browser, login ) ) );
	const faults = [];
	const pageOf = async ( context = admin, expected = [] ) => {
		const page = await context.newPage();
		faults.push( complaints( page, expected ) );
		return page;
	};

	const direct = await start( contexts[ 0 ], [ people[ 1 ].id ], 'See you on Friday?' );
	const long = `${ 'A long story, told at length. '.repeat( 20 ) }The end.`;
	const longMessage = await send( contexts[ 1 ], direct, long );
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
		await photograph( page, 'list' );
		await page.goto( '/wp-admin/edit-comments.php' );
		await photograph( page, 'wordpress-comments', '#wpbody-content h1' );
	} );

	await t.test( 'filters, order and columns', async () => {
		const page = await pageOf();
		await open( page );
		// Named while it is typed.
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

	await t.test( 'a conversation is opened with a reason, once a visit', async () => {
		const page = await pageOf();
		await open( page, { view: 'detail', id: direct } );
		await page.getByRole( 'heading', { name: 'Why do you open this conversation?' } ).waitFor();
		assert.equal( await page.getByText( 'See you on Friday?' ).count(), 0, 'shown without a reason' );
		await photograph( page, 'reason' );

		await visit( page, direct );
		await page.getByText( 'See you on Friday?' ).waitFor();
		assert.equal( await page.getByText( 'The end.' ).count(), 0, 'more than the excerpt' );
		await photograph( page, 'detail' );
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
		await row( page, direct ).getByRole( 'link', { name: /^Delete .* permanently$/ } ).click();
		await page.getByRole( 'heading', { name: 'Permanently delete this conversation for all participants?' } ).waitFor();
		await photograph( page, 'purge' );
		await page.getByRole( 'button', { name: 'Delete permanently' } ).click();
		await page.locator( '.notice-success' ).getByText( 'Conversation purged' ).waitFor();
		assert.equal( new URL( page.url() ).searchParams.get( 'done' ), null, 'the notice stays in the address' );
		assert.equal( await row( page, direct ).count(), 0 );
		const { status } = await rest( contexts[ 0 ], 'GET', `jetonomy/v1/conversations/${ direct }` );
		assert.equal( status, 403 );
	} );

	await t.test( 'reports', async () => {
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
		await photograph( theirs, 'reports' );
		await theirs.locator( `#report-${ id }` ).getByRole( 'link', { name: `Review Report ${ id }` } ).click();
		await theirs.getByText( 'You are a fool' ).waitFor();
		await theirs.getByText( 'Please look at this.' ).waitFor();
		assert.equal( await theirs.getByRole( 'link', { name: 'Go to the conversation' } ).count(), 0 );
		await photograph( theirs, 'report' );

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

	await t.test( 'the access log', async () => {
		const page = await pageOf();
		await open( page, { view: 'log' } );
		const first = page.locator( 'tbody tr' ).filter( { hasText: 'Deleted permanently' } ).filter( { hasText: 'Case 12' } ).first();
		assert.match( await first.innerText(), /@admin[\s\S]*Court order/ );
		await page.getByRole( 'link', { name: 'Verify the log' } ).click();
		await page.locator( '.notice-success' ).getByText( /rows, unchanged; the newest is \d+:[0-9a-f]{64}/ ).waitFor();
		await photograph( page, 'log' );
		await page.getByLabel( 'Conversation' ).fill( String( group ) );
		await page.getByRole( 'button', { name: 'Filter' } ).click();
		await page.getByRole( 'link', { name: `Conversation ${ group }` } ).first().waitFor();
		assert.equal( await page.getByRole( 'link', { name: `Conversation ${ direct }` } ).count(), 0 );
	} );

	await t.test( 'an answer of nobody', async () => {
		const page = await pageOf( admin, [ /404|400/ ] );
		assert.equal( ( await open( page, { view: 'detail', id: 987654321 } ) ).status(), 404 );
		await page.getByText( 'This does not exist, or not any more.' ).waitFor();
		assert.equal( ( await open( page, { cursor: 'nonsense' } ) ).status(), 400 );
		await page.getByText( 'This link to a page of the list is not valid any more.' ).waitFor();
	} );

	assert.deepEqual( faults.flat(), [] );
} );
