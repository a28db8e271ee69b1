/**
 * What the tests of the page Conversations share: the way there, conversations to look at, and pictures.
 */

import assert from 'node:assert/strict';
import { beyondEdge, DESK, PHONE, rest, screenshot, violations } from '../harness.mjs';

const SLUG = 'jetonomy-sidecar-conversations';

/** What of a page is ours. */
export const OURS = '.jetonomy-sidecar-conversations';

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
 * for what is beyond the edge, and what axe finds in our part.
 */
export async function photograph( page, name, part = OURS ) {
	for ( const size of [ DESK, PHONE ] ) {
		await page.setViewportSize( size );
		await screenshot( page, `conversations/${ name }-${ size.width }`, { fullPage: true } );
		assert.deepEqual( await beyondEdge( page, part ), [], `${ name } at ${ size.width } px: beyond the edge` );
		assert.deepEqual( await violations( page, part ), [], `${ name } at ${ size.width } px: axe` );
	}
	await page.setViewportSize( DESK );
}
