/**
 * What was typed is never lost, nor sent to anybody else: reload, several tabs, a message under way.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, rest, signedIn, until } from '../harness.mjs';
import { begin, FAILED_REQUEST, openInbox } from './inbox.mjs';

test( 'drafts', async ( t ) => {
	const browser = await launch( t );
	const [ one, two, three ] = await members( 3 );
	const mine = await signedIn( browser, one.login );
	const ids = [ await begin( mine, [ two.id ], 'Hello two' ), await begin( mine, [ three.id ], 'Hello three' ) ];
	const me = await openInbox( mine, `${ ids[ 0 ] }/` );

	await t.test( 'are kept by conversation, over a reload, and shown in the list', async () => {
		await me.composer.fill( 'For two 👍' );
		await me.open( three.name );
		assert.equal( await me.composer.inputValue(), '' );
		await me.composer.fill( 'For three\nin two lines' );
		await me.row( two.name ).getByText( 'Draft: For two 👍' ).waitFor();
		await me.page.reload();
		await me.heading( three.name ).waitFor();
		assert.equal( await me.composer.inputValue(), 'For three\nin two lines' );
		await me.look( 'draft' );
		await me.open( two.name );
		assert.equal( await me.composer.inputValue(), 'For two 👍' );
		await me.composer.fill( '' );
		await me.open( three.name );
		assert.equal( await me.row( two.name ).getByText( 'Draft:' ).count(), 0 );
	} );

	await t.test( 'of a new message, with its recipients and its name', async () => {
		await me.newMessage.click();
		await me.addRecipient( two );
		await me.addRecipient( three );
		await me.groupName.fill( 'A name' );
		await me.composer.fill( 'For both' );
		await me.page.reload();
		await me.chip( two.name ).waitFor();
		await me.chip( three.name ).waitFor();
		assert.equal( await me.groupName.inputValue(), 'A name' );
		assert.equal( await me.composer.inputValue(), 'For both' );
		await me.composer.press( 'Enter' );
		await me.heading( 'A name' ).waitFor();
		await me.newMessage.click();
		assert.equal( await me.composer.inputValue(), '' );
		assert.equal( await me.chip( two.name ).count(), 0 );
	} );

	await t.test( 'are another member’s to nobody', async () => {
		const login = ( await mine.request.post( '/wp-login.php', { form: { log: two.login, pwd: two.login, testcookie: '1' }, maxRedirects: 0 } ) ).status();
		assert.equal( login, 302 );
		await me.go( `${ ids[ 0 ] }/` );
		await me.message( 'Hello two' ).waitFor();
		await me.composer.waitFor();
		assert.equal( await me.composer.inputValue(), '' );
		await me.newMessage.click();
		assert.equal( await me.composer.inputValue(), '' );
	} );

	me.good();
} );

test( 'in two tabs', async ( t ) => {
	const browser = await launch( t );
	const [ one, two, three, four ] = await members( 4 );
	const mine = await signedIn( browser, one.login );
	const theirs = await signedIn( browser, two.login );
	const id = await begin( mine, [ two.id ], 'Hello' );
	const left = await openInbox( mine, `${ id }/`, { expected: [ FAILED_REQUEST ] } );
	const right = await openInbox( mine, `${ id }/`, { expected: [ FAILED_REQUEST ] } );
	const shows = ( inbox, text ) => until( `the composer shows “${ text }”`, async () => await inbox.composer.inputValue() === text );

	await t.test( 'what is typed in one is there in the other', async () => {
		await right.composer.fill( 'A long letter' );
		await shows( left, 'A long letter' );
		await left.composer.press( 'End' );
		await left.composer.pressSequentially( ', and its end' );
		await shows( right, 'A long letter, and its end' );
		await left.composer.press( 'Enter' );
		await left.sent( 'A long letter, and its end' ).waitFor();
		await shows( right, '' );
		await right.sent( 'A long letter, and its end' ).waitFor();
	} );

	await t.test( 'what was refused can be sent again once', async () => {
		await rest( theirs, 'POST', `jetonomy/v1/conversations/${ id }/block`, { blocked: true } );
		await left.write( 'Refused at first' );
		await shows( left, 'Refused at first' );
		await shows( right, 'Refused at first' );
		for ( const inbox of [ left, right ] ) {
			await inbox.message( 'Refused at first' ).waitFor( { state: 'detached' } );
		}
		await rest( theirs, 'POST', `jetonomy/v1/conversations/${ id }/block`, { blocked: false } );
		await right.composer.press( 'Enter' );
		await right.sent( 'Refused at first' ).waitFor();
		await shows( left, '' );
		await left.sent( 'Refused at first' ).waitFor();
	} );

	await t.test( 'a new message is one, too', async () => {
		await left.go( '?to=' );
		await right.go( '?to=' );
		await right.addRecipient( three );
		await right.composer.fill( 'Private matters about four' );
		await left.chip( three.name ).waitFor();
		await shows( left, 'Private matters about four' );
	} );

	await t.test( 'and is never offered for somebody else', async () => {
		await left.go( `?to=${ four.login }` );
		await left.chip( four.name ).waitFor();
		assert.equal( await left.composer.inputValue(), '' );
		assert.equal( await left.chip( three.name ).count(), 0 );
		await left.composer.fill( 'For four alone' );
		assert.equal( await right.composer.inputValue(), 'Private matters about four' );
		await left.page.reload();
		await left.chip( four.name ).waitFor();
		assert.equal( await left.composer.inputValue(), 'For four alone' );
		await left.addRecipient( two );
		await left.page.reload();
		await left.chip( two.name ).waitFor();
		assert.equal( await left.chip( four.name ).count(), 1 );
		// With others than the address names, it is theirs.
		await left.element.getByRole( 'button', { name: `Remove ${ four.name }` } ).click();
		await left.chip( four.name ).waitFor( { state: 'detached' } );
		await left.go( `?to=${ four.login }` );
		await left.chip( four.name ).waitFor();
		assert.equal( await left.composer.inputValue(), '' );
		await left.newMessage.click();
		await left.chip( three.name ).waitFor();
		assert.equal( await left.composer.inputValue(), 'Private matters about four' );
	} );

	left.good();
	right.good();
} );

test( 'while a new message is under way', async ( t ) => {
	const browser = await launch( t );
	const [ one, two ] = await members( 2 );
	const mine = await signedIn( browser, one.login );
	const me = await openInbox( mine, `?to=${ two.login }` );
	await me.chip( two.name ).waitFor();
	let send;
	const sending = new Promise( ( resolve ) => ( send = resolve ) );
	await me.page.route( /\/conversations$/, async ( route ) => {
		if ( route.request().method() === 'POST' ) {
			await sending;
		}
		return route.continue();
	} );
	const asked = me.page.waitForRequest( ( request ) => request.method() === 'POST' && /\/conversations$/.test( request.url() ) );
	await me.write( 'First' );
	await asked;
	await me.composer.press( 'End' );
	await me.composer.pressSequentially( ' and another thought' );
	send();
	await me.heading( two.name ).waitFor();
	await me.sent( 'First' ).waitFor();
	assert.deepEqual( await me.texts(), [ 'First' ] );
	assert.equal( await me.composer.inputValue(), 'and another thought' );
	await me.page.reload();
	await me.sent( 'First' ).waitFor();
	assert.equal( await me.composer.inputValue(), 'and another thought' );
	await me.newMessage.click();
	assert.equal( await me.composer.inputValue(), '' );
	assert.equal( await me.chip( two.name ).count(), 0 );
	me.good();
} );
