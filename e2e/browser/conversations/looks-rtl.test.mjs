/**
 * The page Conversations from right to left, with long titles and names.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints, launch, muPlugin, signedIn } from '../harness.mjs';
import { WORDPRESS_FAULTS } from '../owner/wp-admin.mjs';
import { open, OURS, photograph, scene, visit } from './page.mjs';

test( 'the page Conversations from right to left', async ( t ) => {
	const browser = await launch( t );
	const admin = await signedIn( browser, 'admin' );
	const { people, direct, group, arabic, reported } = await scene( browser, admin );
	await muPlugin( t, 'appearance', 'rtl', admin );
	const page = await admin.newPage();
	const faults = complaints( page, WORDPRESS_FAULTS );
	const left = async ( part ) => ( await page.locator( `${ OURS } ${ part }` ).first().boundingBox() ).x;

	await open( page );
	assert.equal( await page.evaluate( () => document.documentElement.dir ), 'rtl' );
	await page.locator( `#conversation-${ arabic }` ).waitFor();
	assert.ok( await left( '[name=s]' ) < await left( '[name=member]' ), 'the search is on the left' );
	assert.ok( await left( '.jetonomy-sidecar-glance figure' ) < await left( '.jetonomy-sidecar-glance dl' ), 'the chart is on the left' );
	await photograph( page, 'list-rtl' );

	await open( page, { view: 'detail', id: group } );
	await photograph( page, 'reason-rtl' );
	await visit( page, direct );
	assert.ok( await left( '.jetonomy-sidecar-side' ) < await left( '.jetonomy-sidecar-main' ), 'what it is about is on the left' );
	await photograph( page, 'detail-rtl' );
	await open( page, { view: 'member', user: people[ 0 ].id } );
	await photograph( page, 'member-rtl' );
	await open( page, { view: 'report', id: reported } );
	await photograph( page, 'report-rtl' );
	await open( page, { view: 'log' } );
	await photograph( page, 'log-rtl' );

	assert.deepEqual( faults, [] );
} );
