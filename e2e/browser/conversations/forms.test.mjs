import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { complaints, launch, members, screenshot, signedIn, siteUrl } from '../harness.mjs';
import { WORDPRESS_FAULTS } from '../owner/wp-admin.mjs';
import { open, start, visit } from './page.mjs';

test( 'purging, by forms that only this site prints', async ( t ) => {
	const browser = await launch( t );
	const admin = await signedIn( browser, 'admin' );
	const plain = await signedIn( browser, 'admin', { javaScriptEnabled: false } );
	const [ writer, ...others ] = await members( 30 );
	const from = await signedIn( browser, writer.login );
	const ids = [];
	for ( const other of others ) {
		ids.push( await start( from, [ other.id ], 'Hello' ) );
	}

	const select = async ( page, some ) => {
		await open( page, { member: writer.login } );
		for ( const id of some ) {
			await page.locator( `#cb-select-${ id }` ).check();
		}
		await page.getByLabel( 'Select bulk action' ).first().selectOption( 'Delete permanently …' );
		await page.getByRole( 'button', { name: 'Apply' } ).first().click();
		await page.getByRole( 'heading', { name: `Permanently delete these ${ some.length } conversations for all participants?` } ).waitFor();
		await page.getByLabel( 'Reason' ).selectOption( 'health_check' );
	};

	await t.test( 'none without a reason', async () => {
		const page = await plain.newPage();
		await select( page, ids.slice( 0, 2 ) );
		await page.getByLabel( 'Reason' ).selectOption( '' );
		// The browser would not send it: so as a browser that does.
		await page.locator( 'form:has(input[value=purge])' ).evaluate( ( form ) => form.submit() );
		await page.getByRole( 'alert' ).waitFor();
	} );

	await t.test( 'without scripts a button goes on', async () => {
		const page = await plain.newPage();
		const some = ids.splice( 0, 23 );
		await select( page, some );
		await page.getByRole( 'button', { name: 'Delete permanently', exact: true } ).click();
		await page.getByText( '20 of 23 deleted.' ).waitFor();
		await screenshot( page, 'conversations/progress-1280' );
		await page.getByRole( 'button', { name: 'Continue' } ).click();
		await page.getByText( '23 conversations purged' ).waitFor();
		await open( page, { member: writer.login } );
		assert.equal( await page.locator( '#the-list tr:not(.no-items)' ).count(), ids.length );
	} );

	await t.test( 'with scripts it goes on by itself, all of a member’s', async () => {
		const page = await admin.newPage();
		const faults = complaints( page, WORDPRESS_FAULTS );
		for ( let n = 0; n < 18; n++ ) {
			ids.push( await start( from, [ others[ n ].id ], 'Again' ) );
		}
		await page.goto( `/wp-admin/users.php?s=${ writer.login }` );
		const row = page.locator( `#user-${ writer.id }` );
		await row.hover();
		await row.getByRole( 'link', { name: /^Messaging of/ } ).click();
		await page.getByRole( 'link', { name: 'Delete all conversations of this member' } ).click();
		await page.getByText( `${ ids.length } conversations are deleted for all participants.` ).waitFor();
		const posts = [];
		page.on( 'request', ( request ) => request.method() === 'POST' && request.isNavigationRequest() && posts.push( request.url() ) );
		const remove = page.locator( 'form:has(input[value=purge_member])' );
		await remove.getByLabel( 'Reason' ).selectOption( 'privacy_request' );
		await remove.getByRole( 'button', { name: 'Delete all permanently' } ).click();
		await page.getByText( `${ ids.length } conversations purged` ).waitFor();
		assert.ok( posts.length > 1, 'more than one step' );
		await open( page, { view: 'member', user: writer.id } );
		await page.getByText( 'This member has no conversations.' ).waitFor();
		assert.deepEqual( faults, [] );
	} );

	await t.test( 'a page of another site gets nowhere', async () => {
		const id = await start( from, [ others[ 0 ].id ], 'Keep this' );
		const page = await admin.newPage();
		await visit( page, id );
		const address = new URL( page.url() );
		address.search = `?page=${ address.searchParams.get( 'page' ) }&view=purge&ids=${ id }`;
		const evil = createServer( ( request, response ) => {
			response.setHeader( 'Content-Type', 'text/html' );
			response.end( `<form method="post" action="${ address.href.replaceAll( '&', '&amp;' ) }"><input name="task" value="purge"><input name="ids" value="${ id }"></form><script>document.forms[0].submit()</script>` );
		} );
		await new Promise( ( resolve ) => evil.listen( 0, '127.0.0.1', resolve ) );
		t.after( () => evil.close() );

		// From another origin, by somebody who is signed in: WordPress asks them to sign in again, or refuses.
		const victim = await ( await signedIn( browser, 'admin' ) ).newPage();
		const [ answer ] = await Promise.all( [
			victim.waitForResponse( ( response ) => response.request().method() === 'POST' && response.url().startsWith( siteUrl ) ),
			victim.goto( `http://localhost:${ evil.address().port }/` ),
		] );
		assert.ok( [ 302, 403 ].includes( answer.status() ), String( answer.status() ) );
		// And as if their browser had sent the cookies along.
		const forged = await admin.request.post( address.href, { form: { task: 'purge', ids: String( id ), _wpnonce: 'forged' }, headers: { Origin: 'http://localhost' } } );
		assert.equal( forged.status(), 403 );
		const linked = await admin.request.get( `${ address.href }&task=purge` );
		assert.equal( linked.status(), 200 );

		await open( page, { view: 'detail', id } );
		await page.getByText( 'Keep this' ).waitFor();
	} );

	await t.test( 'nobody else gets the page', async () => {
		const page = await admin.newPage();
		await open( page );
		const address = page.url();
		assert.equal( ( await from.request.get( address ) ).status(), 403 );
		const anonymous = await browser.newContext();
		const answer = await anonymous.request.get( address, { maxRedirects: 0 } );
		assert.equal( answer.status(), 302 );
		assert.match( answer.headers().location, /wp-login\.php/ );
	} );
} );
