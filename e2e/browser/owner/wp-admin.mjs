/**
 * What the site owner's tests share: the way to the plugin's pages, and pictures of them.
 */

import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beyondEdge, DESK, PHONE, rest, runDir, screenshot, violations } from '../harness.mjs';

/**
 * What WordPress itself does wrong and no page of ours can help: user-profile.js reads its form when a page is
 * left, and has none yet when that is before the page is ready. Its transitions from page to page end with an
 * exception where a slow machine shows the page first.
 */
export const WORDPRESS_FAULTS = [ /user-profile(\.min)?\.js/, /Transition was aborted because of invalid state/ ];

/** Opens the Extensions page as the plugin's row in the list of plugins leads there: Jetonomy moves it. */
export async function openExtensions( page ) {
	await page.goto( '/wp-admin/plugins.php' );
	await page.locator( 'tr[data-plugin="jetonomy-sidecar/jetonomy-sidecar.php"] .extensions a' ).click();
	await page.locator( '.jetonomy-sidecar-card' ).waitFor();
}

/** Opens the settings from the extension's card. */
export async function openSettings( page ) {
	await openExtensions( page );
	await page.locator( '.jetonomy-sidecar-card' ).getByRole( 'link', { name: 'Settings' } ).click();
	await page.getByRole( 'button', { name: 'Save settings' } ).waitFor();
}

/** The switch on the extension's card. */
export const theSwitch = ( page ) => page.getByRole( 'switch', { name: /^Private Messaging/ } );

/**
 * Keeps pictures of a page at both widths, as owner/NAME-1280.png and owner/NAME-400.png, and looks for what
 * people would see at once: something of ours beyond the edge, and what axe finds in our part.
 *
 * @param {import('playwright-core').Page} page     The page.
 * @param {string}                         name     The pictures' name.
 * @param {string}                         part     Selector of our part of the page.
 * @param {boolean}                        fullPage Whether the pictures show the whole page, or what is seen around our part.
 */
export async function photograph( page, name, part = '.wrap.jetonomy-sidecar', fullPage = true ) {
	for ( const size of [ DESK, PHONE ] ) {
		await page.setViewportSize( size );
		if ( ! fullPage ) {
			await page.locator( part ).first().evaluate( ( element ) => element.scrollIntoView( { block: 'center' } ) );
		}
		await screenshot( page, `owner/${ name }-${ size.width }`, { fullPage } );
		assert.deepEqual( await beyondEdge( page, part ), [], `${ name } at ${ size.width } px: beyond the edge` );
		assert.deepEqual( await violations( page, part ), [], `${ name } at ${ size.width } px: axe` );
	}
	await page.setViewportSize( DESK );
}

/**
 * One member writes to another, and the conversation's id comes back.
 *
 * @param {import('playwright-core').BrowserContext} from The writer's browser.
 * @param {number[]}                                 to   Ids of the others.
 * @param {string}                                   text The message.
 */
export async function write( from, to, text ) {
	const { status, body } = await rest( from, 'POST', 'jetonomy/v1/conversations', { recipients: to, message: text } );
	assert.ok( status === 200 || status === 201, JSON.stringify( body ) );
	return body.conversation_id;
}

/**
 * Makes a request on one of WordPress's privacy screens, without a confirmation by mail; its row comes back.
 *
 * @param {import('playwright-core').Page} page  The page.
 * @param {string}                         tool  Either export or erase.
 * @param {string}                         login Whose.
 */
export async function privacyRequest( page, tool, login ) {
	await page.goto( `/wp-admin/${ tool }-personal-data.php` );
	await page.locator( '#username_or_email_for_privacy_request' ).fill( login );
	await page.locator( '#send_confirmation_email' ).uncheck();
	// The row is there before the script that its buttons need.
	await Promise.all( [ page.waitForEvent( 'load' ), page.getByRole( 'button', { name: 'Send Request' } ).click() ] );
	return page.locator( 'tr', { hasText: `${ login }@example.org` } );
}

/**
 * Gives the site a must-use plugin for the time of a test.
 *
 * @param {import('node:test').TestContext} t    The test.
 * @param {string}                          name The file's name, without .php.
 * @param {string}                          code PHP, without its opening tag.
 * @return {Promise<() => Promise<void>>} Takes it away before the test ends.
 */
export async function mustUse( t, name, code ) {
	const file = path.join( runDir, 'wordpress/wp-content/mu-plugins', `${ name }.php` );
	const remove = () => rm( file, { force: true } );
	await mkdir( path.dirname( file ), { recursive: true } );
	await writeFile( file, `<?php\n${ code }\n` );
	t.after( remove );
	return remove;
}
