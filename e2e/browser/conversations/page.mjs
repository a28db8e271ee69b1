/**
 * What the tests of the page Conversations share: the way there, conversations to look at, and pictures.
 */

import assert from 'node:assert/strict';
import { beyondEdge, complaints, DESK, launch, members, PHONE, php, rest, screenshot, signedIn, violations } from '../harness.mjs';
import { WORDPRESS_FAULTS } from '../owner/wp-admin.mjs';

const SLUG = 'jetonomy-sidecar-conversations';

/** What of a page is ours. */
export const OURS = '.jetonomy-sidecar-conversations';

/**
 * Who takes part in a test: new members and an administrator, signed in.
 *
 * @param {import('node:test').TestContext} t     The test.
 * @param {number}                          count How many members.
 * @return {Promise<Object>} browser, people, their contexts, admin; pageOf( context, expected ), a page whose complaints
 *                           are kept but for the expected ones; faults(), the complaints of all pages so far.
 */
export async function cast( t, count ) {
	const browser = await launch( t );
	const people = await members( count );
	const [ admin, ...contexts ] = await Promise.all( [ 'admin', ...people.map( ( { login } ) => login ) ].map( ( login ) => signedIn( browser, login ) ) );
	const heard = [];
	const pageOf = async ( context = admin, expected = [] ) => {
		const page = await context.newPage();
		heard.push( complaints( page, [ ...WORDPRESS_FAULTS, ...expected ] ) );
		return page;
	};
	return { browser, people, contexts, admin, pageOf, faults: () => heard.flat() };
}

/** Goes to a view of the page, as its link in the menu leads there. */
export async function open( page, query = {} ) {
	if ( ! page.jetonomyAddress ) {
		await page.goto( '/wp-admin/profile.php' );
		page.jetonomyAddress = await page.locator( `#adminmenu a[href*="page=${ SLUG }"]` ).first().getAttribute( 'href' );
	}
	const url = new URL( page.jetonomyAddress, page.url().replace( /\/wp-admin\/.*/, '/wp-admin/' ) );
	Object.entries( query ).forEach( ( [ name, value ] ) => url.searchParams.set( name, value ) );
	const answer = await page.goto( url.href );
	await page.locator( '#wpbody-content h1' ).first().waitFor();
	return answer;
}

/** Opens a conversation with a reason. */
export async function visit( page, id, reason = 'court_order', note = 'Case 12' ) {
	await open( page, { view: 'detail', id } );
	await page.getByLabel( 'Reason' ).selectOption( reason );
	await page.getByLabel( 'In words' ).fill( note );
	await page.getByRole( 'button', { name: 'Open the conversation' } ).click();
	await page.getByRole( 'heading', { name: 'Messages', exact: true } ).waitFor();
}

/** One member starts a conversation with others; its id comes back. */
export async function start( from, to, message, more = {} ) {
	const { status, body } = await rest( from, 'POST', 'jetonomy/v1/conversations', { recipients: to, message, ...more } );
	assert.ok( status === 200 || status === 201, JSON.stringify( body ) );
	return body.conversation_id;
}

/** A member writes in a conversation; the message's id comes back. */
export async function send( from, conversation, message ) {
	const { status, body } = await rest( from, 'POST', `jetonomy/v1/conversations/${ conversation }/messages`, { message } );
	assert.ok( status === 200 || status === 201, JSON.stringify( body ) );
	return body.id ?? body.message_id;
}

/** What would run where a page is not careful. */
export const HOSTILE = '<img src=x onerror="window.hostile=1"><script>window.hostile=1</script>"\'>&amp;';

/** Words that no line is long enough for, in what members can choose. */
export const LONG_WORD = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';

/**
 * What there is to look at: two members with long names and a conversation that fills more than a page, a group with a
 * title and texts of long words, one in Arabic, and a report.
 *
 * @param {import('playwright-core').Browser}        browser The browser.
 * @param {import('playwright-core').BrowserContext} admin   An administrator.
 */
export async function scene( browser, admin ) {
	const people = await members( 8 );
	await Promise.all( people.slice( 0, 2 ).map( async ( person, n ) => {
		person.name = `${ LONG_WORD.slice( 0, 60 ) } ${ n + 1 }`;
		const { status } = await rest( admin, 'PUT', `wp/v2/users/${ person.id }`, { name: person.name } );
		assert.equal( status, 200 );
	} ) );
	const contexts = await Promise.all( people.slice( 0, 3 ).map( ( { login } ) => signedIn( browser, login ) ) );
	const others = people.slice( 1 ).map( ( { id } ) => id );
	const direct = await start( contexts[ 0 ], [ people[ 1 ].id ], 'See you on Friday?' );
	const [ one, two ] = people;
	await php( 'e2e/site/wordpress/conversations.php', JSON.stringify( [ {
		into: direct,
		messages: [ [ one.id, '<p>Message %d</p>' ], [ two.id, `<p>${ LONG_WORD.repeat( 6 ) }</p>` ], [ two.id, '<p>Message %d</p>' ] ],
		rounds: 20,
	} ] ) );
	const group = await start( contexts[ 0 ], others, LONG_WORD.repeat( 2 ), { title: `${ LONG_WORD }-Ausschuss für das Sommerfest`.slice( 0, 100 ) } );
	const arabic = await start( contexts[ 0 ], others.slice( 0, 3 ), 'مرحبا بالجميع', { title: 'اجتماع الأسبوع القادم' } );
	const heard = await start( contexts[ 1 ], [ people[ 2 ].id ], `You ${ LONG_WORD }` );
	const { body } = await rest( contexts[ 2 ], 'GET', `jetonomy/v1/conversations/${ heard }/messages` );
	const reported = await report( contexts[ 2 ], heard, body.data[ 0 ].id, 'harassment', `Look: ${ LONG_WORD.repeat( 2 ) }` );
	return { people, direct, group, arabic, reported };
}

/** A member reports a message, or with none the conversation; the report's id comes back. */
export async function report( from, conversation, message, reason = 'harassment', note = 'Please look at this.' ) {
	const { status, body } = await rest( from, 'POST', `jetonomy/v1/conversations/${ conversation }/report`, {
		...( message ? { message_id: message } : {} ),
		reason,
		note,
	} );
	assert.equal( status, 201, JSON.stringify( body ) );
	return body.id;
}

/**
 * Keeps pictures of a page at both widths, as conversations/NAME-1280.png and conversations/NAME-400.png, and looks
 * for what is beyond the edge, whether the window can be scrolled sideways, and what axe finds in our part.
 */
export async function photograph( page, name, part = OURS ) {
	for ( const size of [ DESK, PHONE ] ) {
		await page.setViewportSize( size );
		await screenshot( page, `conversations/${ name }-${ size.width }`, { fullPage: true } );
		assert.deepEqual( await beyondEdge( page, part ), [], `${ name } at ${ size.width } px: beyond the edge` );
		assert.equal( await page.evaluate( () => document.documentElement.scrollWidth - document.documentElement.clientWidth ), 0, `${ name } at ${ size.width } px: wider than the window` );
		assert.deepEqual( await violations( page, part ), [], `${ name } at ${ size.width } px: axe` );
	}
	await page.setViewportSize( DESK );
}
