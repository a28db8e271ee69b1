/**
 * WordPress's privacy tools: what they say about messages, and an export and an erasure through their screens.
 */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { test } from 'node:test';
import { DESK, launch, members, php, PHONE, rest, screenshot, signedIn } from '../harness.mjs';
import { open } from '../conversations/page.mjs';
import { privacyRequest, write } from './wp-admin.mjs';

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

	await t.test( 'the policy guide has a suggestion', async () => {
		await page.goto( '/wp-admin/options-privacy.php?tab=policyguide' );
		const section = page.locator( '.privacy-settings-accordion-trigger', { hasText: 'Private messages' } );
		await section.click();
		await page.getByText( 'the people who run this site can read conversations' ).waitFor();
		await page.getByText( 'What is not erased: the names of groups' ).scrollIntoViewIfNeeded();
		await photograph( 'policy-guide' );
	} );

	/** Exports a member on WordPress's screen; a file of the archive comes back when asked for by its name. */
	const exported = async ( { login } ) => {
		const row = await privacyRequest( page, 'export', login );
		await row.hover();
		const download = page.waitForEvent( 'download', { timeout: 120_000 } );
		await row.getByRole( 'button', { name: 'Download personal data' } ).first().click();
		const file = await download;
		assert.match( file.suggestedFilename(), /\.zip$/ );
		return async ( name ) => ( await promisify( execFile )( 'unzip', [ '-p', await file.path(), name ], { maxBuffer: 64 << 20 } ) ).stdout;
	};

	await t.test( 'the exporter gives the messages', async () => {
		const file = await exported( one );
		await photograph( 'export' );
		assert.ok( ( await file( 'export.json' ) ).includes( 'canary-of-the-browser' ), 'no message in the export' );
	} );

	await t.test( 'thousands of messages are in a file of their own, and none is missing', async () => {
		const [ three, four, five ] = await members( 3 );
		const wanted = [
			{ people: [ three.id, four.id ], rounds: 1500, messages: [ [ three.id, '<p>Mine %d</p>' ], [ four.id, '<p>Theirs %d</p>' ] ] },
			{ people: [ five.id, three.id ], messages: [ [ five.id, '<p>Only one</p>' ] ] },
			{ type: 'group', title: 'A group', people: [ four.id, three.id, five.id ], rounds: 200, messages: [ [ five.id, '<p>To all %d</p>' ] ] },
			{ people: [ four.id, five.id ], messages: [ [ four.id, '<p>Of others</p>' ] ] },
		];
		const ids = JSON.parse( await php( 'e2e/site/wordpress/conversations.php', JSON.stringify( wanted ) ) );
		const file = await exported( three );
		await photograph( 'export-of-many' );

		const { login, items } = JSON.parse( await file( 'private-messages.json' ) );
		const texts = items.filter( ( { group } ) => group === 'conversations' ).map( ( { fields } ) => fields.Message );
		const numbered = ( text, count, step, first ) => Array.from( { length: count }, ( _, n ) => `${ text } ${ n * step + first }` );
		assert.equal( login, three.login );
		assert.deepEqual( texts.sort(), [
			...numbered( 'Mine', 1500, 2, 1 ), ...numbered( 'Theirs', 1500, 2, 2 ), 'Only one', ...numbered( 'To all', 200, 1, 1 ),
		].sort() );

		const [ groups ] = Object.values( JSON.parse( await file( 'export.json' ) ) );
		const { group_description: description, items: lines } = groups[ 'jetonomy-sidecar-conversations' ];
		assert.match( description, /in the file private-messages\.json/ );
		assert.deepEqual( Object.keys( lines ), [ ...ids.slice( 0, 3 ).map( ( id ) => `conversation-${ id }` ), 'file' ] );
		assert.deepEqual( lines.file.map( ( { value } ) => value ), [ 'private-messages.json', '3', '3,201' ] );

		const report = await admin.newPage();
		await report.setContent( await file( 'index.html' ) );
		await report.locator( '#private-messages-jetonomy-sidecar-conversations' ).scrollIntoViewIfNeeded();
		await screenshot( report, 'owner/export-of-many-report' );
		await report.close();

		// An export is one row of the access log, however many pages it took.
		await open( page, { view: 'log', user: 'admin' } );
		await page.locator( 'tr', { hasText: 'Privacy request' } ).filter( { hasText: three.name } ).first().waitFor();
		assert.deepEqual( JSON.parse( await php( 'e2e/site/wordpress/access-log.php', three.id ) ), [ { login: 'admin', address: '127.0.0.1', action: 'export', reason: 'privacy_request', note: '' } ] );
	} );

	await t.test( 'the eraser takes their text', async () => {
		const row = await privacyRequest( page, 'erase', one.login );
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
