import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, service, signedIn } from '../harness.mjs';
import { openExtensions, photograph, privacyRequest } from '../owner/wp-admin.mjs';

test( 'while the service is stopped, the site owner is told what to do', async ( t ) => {
	const browser = await launch( t );
	const admin = await signedIn( browser, 'admin' );
	const page = await admin.newPage();
	const [ one ] = await members( 1 );
	const notice = page.locator( '.notice-error', { hasText: 'Private messages do not work at the moment.' } );

	await openExtensions( page );
	await page.goto( '/wp-admin/' );
	assert.equal( await notice.count(), 0 );

	t.after( () => service( 'start' ) );
	await service( 'stop' );

	await openExtensions( page );
	await page.getByText( 'The sidecar does not answer, so private messages do not work' ).waitFor();
	await page.getByText( `Nothing answers at ${ process.env.SIDECAR_URL }.` ).waitFor();
	assert.equal( await notice.count(), 0, 'the card says it already' );
	await photograph( page, 'extensions-outage' );

	await page.goto( '/wp-admin/' );
	await notice.waitFor();
	await photograph( page, 'outage-notice', '.notice-error', false );
	const before = Date.now();
	await page.goto( `/wp-admin/admin.php?page=jetonomy-sidecar-member&user=${ one.id }` );
	await page.getByText( 'So nothing can be said about this member’s messages at the moment.' ).waitFor();
	assert.ok( Date.now() - before < 10_000, 'no page waits for the service' );
	await photograph( page, 'member-outage' );

	await page.goto( '/wp-admin/site-health.php' );
	await page.locator( '.health-check-accordion-trigger', { hasText: 'The sidecar does not answer, so private messages do not work' } ).click();
	await photograph( page, 'site-health-outage', '.health-check-accordion-panel:not([hidden])', false );
	await page.locator( '.site-health-progress-wrapper:not(.loading)' ).waitFor();
	const faults = page.locator( '#health-check-issues-critical, #health-check-issues-recommended' );
	assert.equal( await faults.locator( '.health-check-accordion-trigger', { hasText: 'Private messages' } ).count(), 1, 'one cause is one entry' );

	// WordPress's export fails, and says why.
	const row = await privacyRequest( page, 'export', one.login );
	await row.hover();
	await row.getByRole( 'button', { name: 'Download personal data' } ).first().click();
	await page.locator( '.request-results' ).getByText( 'Private messages were left as they are: The sidecar does not answer.' ).waitFor();
	await photograph( page, 'export-outage', '.request-results', false );

	// Somebody who cannot do anything about it is not told.
	const moderator = await ( await signedIn( browser, 'moderator' ) ).newPage();
	await moderator.goto( '/wp-admin/' );
	assert.equal( await moderator.getByText( 'Private messages do not work' ).count(), 0 );

	await service( 'start' );
	await page.goto( '/wp-admin/' );
	await notice.getByRole( 'link', { name: 'Look again' } ).click();
	await page.getByText( 'The sidecar answers' ).waitFor();
	await page.goto( '/wp-admin/' );
	assert.equal( await notice.count(), 0 );
} );
