/**
 * The page Conversations as people see it: each view with long titles, names and texts, at both widths, beside
 * WordPress's own Comments.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints, launch, PHONE, signedIn } from '../harness.mjs';
import { WORDPRESS_FAULTS } from '../owner/wp-admin.mjs';
import { open, OURS, photograph, scene, visit } from './page.mjs';

test( 'how the page Conversations looks', async ( t ) => {
	const browser = await launch( t );
	const admin = await signedIn( browser, 'admin' );
	const { people, direct, group, reported } = await scene( browser, admin );
	const page = await admin.newPage();
	const faults = complaints( page, [ ...WORDPRESS_FAULTS, /404/ ] );
	const top = async ( part ) => ( await page.locator( `${ OURS } ${ part }` ).first().boundingBox() ).y;
	const height = async ( part ) => ( await page.locator( `${ OURS } ${ part }` ).first().boundingBox() ).height;

	await t.test( 'the list has two rows of controls, as Comments has', async () => {
		await open( page );
		await page.locator( `#conversation-${ group }` ).waitFor();
		const rows = [ [ '[name=member]', '[name=type]', '[name=from]', '[name=until]', '[name=s]' ], [ '#bulk-action-selector-top', '#doaction', '[name=at]', '.tablenav.top .next-page, .tablenav.top .button.disabled' ] ];
		for ( const row of rows ) {
			const tops = await Promise.all( row.map( top ) );
			assert.ok( Math.max( ...tops ) - Math.min( ...tops ) < 5, `${ row } are in a row: ${ tops }` );
			assert.deepEqual( [ ...new Set( await Promise.all( row.map( height ) ) ) ], [ 32 ], `as high as WordPress's own: ${ row }` );
		}
		// The five numbers, too.
		assert.equal( new Set( await page.locator( '.jetonomy-sidecar-glance dd' ).evaluateAll( ( list ) => list.map( ( dd ) => dd.getBoundingClientRect().top ) ) ).size, 1 );
		await photograph( page, 'list' );

		await open( page, { member: people[ 0 ].login, type: 'group', from: '2020-01-01', until: '2099-01-01' } );
		assert.ok( Math.abs( await top( '[name=member]' ) - await top( '[name=s]' ) ) < 5, 'in a row while it filters' );
		await photograph( page, 'list-filtered' );
		await page.goto( '/wp-admin/edit-comments.php' );
		await photograph( page, 'wordpress-comments', '#wpbody-content h1' );
	} );

	await t.test( 'a conversation', async () => {
		await open( page, { view: 'detail', id: group } );
		await photograph( page, 'reason' );
		await visit( page, group );
		await photograph( page, 'detail-group' );
		await visit( page, direct );
		await page.getByRole( 'link', { name: 'Older' } ).first().waitFor();
		await photograph( page, 'detail' );

		// Behind fifty messages nobody would find them.
		await page.setViewportSize( PHONE );
		for ( const [ link, box ] of [ [ 'Export', 'export' ], [ 'Legal hold', 'holds' ] ] ) {
			await page.evaluate( () => window.scrollTo( 0, 0 ) );
			await page.locator( '.jetonomy-sidecar-jumps' ).getByRole( 'link', { name: link } ).click();
			const there = await page.locator( `#jetonomy-sidecar-${ box }` ).boundingBox();
			assert.ok( there.y >= 0 && there.y < PHONE.height, `${ link } is in the window: ${ there.y }` );
		}
	} );

	await t.test( 'deleting', async () => {
		await open( page, { view: 'purge', ids: `${ group },${ direct }` } );
		await photograph( page, 'purge' );
		await open( page, { view: 'member', user: people[ 0 ].id } );
		await page.getByText( 'Show what goes' ).click();
		await photograph( page, 'member' );
	} );

	await t.test( 'reports', async () => {
		await open( page, { view: 'reports' } );
		await photograph( page, 'reports' );
		await page.setViewportSize( PHONE );
		await page.locator( `#report-${ reported }` ).getByText( /^Harassment · A message · / ).waitFor();
		await open( page, { view: 'report', id: reported } );
		await photograph( page, 'report' );
	} );

	await t.test( 'the access log', async () => {
		await open( page, { view: 'detail', id: direct, q: 'Friday' } );
		await open( page, { view: 'log' } );
		const row = page.locator( 'tbody tr' ).filter( { hasText: `Conversation ${ direct }` } ).filter( { hasText: 'Friday' } ).first();
		assert.match( await row.locator( '[data-colname=About]' ).innerText(), new RegExp( `Conversation ${ direct }\\s+Friday` ) );
		assert.equal( await row.locator( '[data-colname=Why]' ).innerText(), 'Court order' );
		assert.equal( await row.locator( 'q' ).evaluate( ( q ) => getComputedStyle( q, '::before' ).content ), 'open-quote', 'what was searched is quoted' );
		await photograph( page, 'log' );
		await page.setViewportSize( PHONE );
		assert.match( await row.innerText(), /Admin · Searched · Court order/ );
		await row.getByRole( 'button', { name: 'Show more details' } ).click();
		await row.locator( 'q' ).waitFor();
		assert.equal( await row.locator( '.jetonomy-sidecar-brief' ).isVisible(), false, 'said once' );
	} );

	await t.test( 'what does not exist', async () => {
		await open( page, { view: 'detail', id: 987654321 } );
		await photograph( page, 'problem' );
	} );

	assert.deepEqual( faults, [] );
} );
