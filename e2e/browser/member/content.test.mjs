/**
 * Nothing that a message can contain runs: the service's own attack corpus, as if its sanitizer had let all of it
 * through, in the thread of a real page. And the inbox works under a strict Content-Security-Policy, of which it
 * breaks nothing.
 */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { launch, members, rest, signedIn, siteUrl } from '../harness.mjs';

/** The strings of the Go slice `attacks`. */
const source = await readFile( new URL( '../../../messaging/richtext/attack_test.go', import.meta.url ), 'utf8' );
const attacks = [ .../^\t(`[^`]*`|"(?:[^"\\\n]|\\.)*"),$/gm[ Symbol.matchAll ]( source ) ].map( ( [ , literal ] ) =>
	literal.startsWith( '`' ) ? literal.slice( 1, -1 ) : literal.slice( 1, -1 ).replace( /\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|\\([nrt"\\])/g, ( _, x, u, c ) =>
		( c ? { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }[ c ] : String.fromCharCode( parseInt( x ?? u, 16 ) ) ) ) );

const ALLOWED = [ 'A', 'BLOCKQUOTE', 'BR', 'CODE', 'DEL', 'EM', 'LI', 'OL', 'P', 'PRE', 'S', 'STRONG', 'U', 'UL' ];
const ATTRIBUTES = [ 'dir', 'href', 'rel', 'start', 'tabindex', 'target' ];
const STRICT = "script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'";

/** A conversation between two members, and a page of the one who reads it. */
async function open( t ) {
	const browser = await launch( t );
	const [ reader, writer ] = await members( 2 );
	const context = await signedIn( browser, reader.login );
	const writers = await signedIn( browser, writer.login );
	const started = await rest( writers, 'POST', 'jetonomy/v1/conversations', { recipients: [ reader.id ], message: 'Hello **there**' } );
	assert.ok( started.status < 300, JSON.stringify( started.body ) );
	return { page: await context.newPage(), url: `${ siteUrl }/community/messages/${ started.body.id }/` };
}

test( 'attacks are shown as what they are', async ( t ) => {
	assert.ok( attacks.length > 80, `${ attacks.length } attacks were read` );
	const { page, url } = await open( t );
	const ran = [];
	page.on( 'dialog', ( dialog ) => {
		ran.push( `dialog: ${ dialog.message() }` );
		void dialog.dismiss();
	} );
	page.on( 'request', ( request ) => /evil\.example|^javascript:|^data:text/.test( request.url() ) && ran.push( request.url() ) );
	await page.route( /conversations(\/|%2F)\d+(\/|%2F)read/, ( route ) => route.fulfill( { json: {} } ) );
	await page.route( /conversations(\/|%2F)\d+(\/|%2F)messages/, async ( route ) => {
		const answer = await route.fetch();
		const body = await answer.json();
		const [ real ] = body.data;
		body.data = real ? attacks.map( ( content, n ) => ( { ...real, id: real.id + n, content, body: content } ) ).reverse() : [];
		await route.fulfill( { response: answer, json: body } );
	} );
	await page.goto( url );
	await page.locator( 'jetonomy-messages .message' ).nth( attacks.length - 1 ).waitFor();

	const found = await page.evaluate( ( { elements, attributes } ) => {
		const wrong = [];
		let links = 0;
		for ( const element of document.querySelector( 'jetonomy-messages' ).shadowRoot.querySelectorAll( '.content *' ) ) {
			if ( ! elements.includes( element.tagName ) ) {
				wrong.push( element.outerHTML );
			}
			for ( const { name } of element.attributes ) {
				if ( ! attributes.includes( name ) ) {
					wrong.push( `${ element.tagName } ${ name }` );
				}
			}
			if ( element.tagName === 'A' ) {
				links++;
				if ( ! [ 'http:', 'https:', 'mailto:' ].includes( element.protocol ) || element.rel !== 'noopener nofollow ugc' || element.target !== '_blank' ) {
					wrong.push( element.outerHTML );
				}
			}
		}
		return { wrong, links };
	}, { elements: ALLOWED, attributes: ATTRIBUTES } );
	assert.deepEqual( found.wrong, [] );
	assert.ok( found.links > 0, 'the corpus has a link that is allowed' );
	// What some attacks wait for.
	for ( const message of await page.locator( 'jetonomy-messages .bubble' ).all() ) {
		await message.dispatchEvent( 'mouseover' );
	}
	assert.deepEqual( ran, [] );
} );

test( 'the inbox keeps a strict policy', async ( t ) => {
	const { page, url } = await open( t );
	await page.addInitScript( () => {
		window.violations = [];
		document.addEventListener( 'securitypolicyviolation', ( event ) => window.violations.push( `${ event.effectiveDirective } ${ event.sourceFile }` ) );
	} );
	await page.route( url, async ( route ) => {
		const answer = await route.fetch();
		await route.fulfill( { response: answer, headers: { ...answer.headers(), 'content-security-policy': STRICT } } );
	} );
	await page.goto( url );
	await page.locator( 'jetonomy-messages .message strong' ).waitFor();
	await page.getByRole( 'textbox', { name: 'Write a message' } ).fill( 'Hello back' );
	await page.keyboard.press( 'Enter' );
	await page.getByRole( 'log' ).getByText( 'Hello back' ).waitFor();
	await page.getByRole( 'button', { name: 'More options' } ).click();
	await page.getByRole( 'menuitem', { name: 'Mute' } ).click();
	await page.getByRole( 'button', { name: 'Undo' } ).waitFor();

	const violations = await page.evaluate( () => window.violations );
	assert.ok( violations.length > 0, 'the policy is in force: the theme has inline styles' );
	assert.deepEqual( violations.filter( ( one ) => one.includes( 'messages.js' ) ), [] );
} );
