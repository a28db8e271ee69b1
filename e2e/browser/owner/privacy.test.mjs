/**
 * WordPress's privacy tools: what they say about messages, and an export and an erasure through their screens.
 */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { test } from 'node:test';
import { DESK, launch, members, PHONE, rest, screenshot, signedIn } from '../harness.mjs';
import { write } from './wp-admin.mjs';

test( 'privacy tools', async ( t ) => {
	const browser = await launch( t );
	const admin = await signedIn( browser, 'admin' );
	const page = await admin.newPage();
	const [ one, two ] = await members( 2 );
	const contexts = await Promise.all( [ one, two ].map( ( { login } ) => signedIn( browser, login ) ) );
	const conversation = await write( contexts[ 0 ], [ two.id ], 'canary-of-the-browser' );

	const photograph = async ( name ) => {
		for ( const size of [ DESK, PHONE ] ) {
			await page.setViewportSize( size );
			await screenshot( page, `owner/${ name }-${ size.width }`, { fullPage: true } );
		}
		await page.setViewportSize( DESK );
	};

	const request = async ( tool ) => {
		await page.goto( `/wp-admin/${ tool }-personal-data.php` );
		await page.locator( '#username_or_email_for_privacy_request' ).fill( one.login );
		await page.locator( '#send_confirmation_email' ).uncheck();
		// The row is there before the script that its buttons need.
		await Promise.all( [ page.waitForEvent( 'load' ), page.getByRole( 'button', { name: 'Send Request' } ).click() ] );
		return page.locator( 'tr', { hasText: `${ one.login }@example.org` } );
	};

	await t.test( 'the policy guide has a suggestion', async () => {
		await page.goto( '/wp-admin/options-privacy.php?tab=policyguide' );
		const section = page.locator( '.privacy-settings-accordion-trigger', { hasText: 'Private messages' } );
		await section.click();
		await page.getByText( 'the people who run this site can read conversations' ).waitFor();
		await page.getByText( 'What is not erased: the names of groups' ).scrollIntoViewIfNeeded();
		await photograph( 'policy-guide' );
	} );

	await t.test( 'the exporter gives the messages', async () => {
		const row = await request( 'export' );
		await row.hover();
		const download = page.waitForEvent( 'download' );
		await row.getByRole( 'button', { name: 'Download personal data' } ).first().click();
		const file = await download;
		assert.match( file.suggestedFilename(), /\.zip$/ );
		await photograph( 'export' );
		const { stdout } = await promisify( execFile )( 'unzip', [ '-p', await file.path(), 'export.json' ], { maxBuffer: 8 << 20 } );
		assert.ok( stdout.includes( 'canary-of-the-browser' ), 'no message in the export' );
	} );

	await t.test( 'the eraser takes their text', async () => {
		const row = await request( 'erase' );
		await row.hover();
		await row.getByRole( 'button', { name: 'Force erase personal data' } ).or( row.getByRole( 'button', { name: 'Erase personal data' } ) ).first().click();
		await page.locator( '.privacy-request-response, .notice, .row-actions' ).getByText( /erased|All of the personal data/i ).first().waitFor();
		await page.getByText( 'Names of groups stay' ).waitFor();
		await photograph( 'erase' );
		const { body } = await rest( contexts[ 1 ], 'GET', `jetonomy/v1/conversations/${ conversation }/messages` );
		assert.equal( body.data.length, 1, 'the thread stays' );
		assert.ok( ! JSON.stringify( body ).includes( 'canary-of-the-browser' ) );
	} );
} );
