/**
 * Two members in two browsers, from New message to read.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, rest, signedIn, until } from '../harness.mjs';
import { begin, FAKE_CLOCK, openInbox, say } from './inbox.mjs';

test( 'two members write to each other', async ( t ) => {
	const [ browser, second ] = await Promise.all( [ launch( t ), launch( t ) ] );
	const [ one, two, three ] = await members( 3 );
	const mine = await signedIn( browser, one.login );
	const theirs = await signedIn( second, two.login );
	// Another tab of theirs has a clock of its own later.
	const me = await openInbox( mine, '', { expected: [ FAKE_CLOCK ] } );
	const other = await openInbox( theirs, '', { expected: [ FAKE_CLOCK ] } );

	await t.test( 'an empty inbox says what to do', async () => {
		await me.list.getByText( 'No messages here' ).waitFor();
		assert.equal( await me.badge.innerText(), '' );
		await me.look( 'empty' );
	} );

	await t.test( 'recipients are found by login and by name, chosen by mouse, and taken back by Backspace', async () => {
		await me.newMessage.click();
		await me.heading( 'New message' ).waitFor();
		await me.to.fill( two.login.slice( 0, 2 ) );
		await me.element.getByText( 'Type at least 3 characters' ).waitFor();
		await me.to.fill( 'Member' );
		await me.options.first().waitFor();
		assert.ok( ( await me.options.allInnerTexts() ).every( ( text ) => /\bMember \d/i.test( text ) ), 'by name' );
		const option = await me.find( two.login );
		await me.look( 'new-message-options' );
		await option.click();
		await me.chip( two.name ).waitFor();
		assert.equal( await me.to.inputValue(), '' );
		assert.equal( await me.groupName.count(), 0, 'a name is for groups' );
		await me.to.press( 'Backspace' );
		await me.chip( two.name ).waitFor( { state: 'detached' } );
		await me.to.fill( 'nobody-of-this-name' );
		await me.element.getByText( 'Nobody found.' ).waitFor();
		await me.to.fill( '' );
		await me.addRecipient( two );
		await me.element.getByRole( 'button', { name: `Remove ${ two.name }` } ).click();
		await me.chip( two.name ).waitFor( { state: 'detached' } );
	} );

	await t.test( 'and by the keyboard', async () => {
		await me.find( two.login );
		assert.equal( await me.to.getAttribute( 'aria-expanded' ), 'true' );
		const active = await me.to.getAttribute( 'aria-activedescendant' );
		assert.match( await me.element.locator( `#${ active }` ).innerText(), new RegExp( two.login ) );
		await me.to.press( 'Escape' );
		assert.equal( await me.to.getAttribute( 'aria-expanded' ), 'false' );
		await me.to.press( 'ArrowDown' );
		await me.to.press( 'Enter' );
		await me.chip( two.name ).waitFor();
	} );

	await t.test( 'without a text nothing can be sent; with one the thread opens at once', async () => {
		assert.equal( await me.send.isEnabled(), false );
		await me.composer.fill( 'Hello **there**, 👋🏽 see https://example.org/a_b?c=d' );
		await me.look( 'new-message' );
		await me.send.click();
		await me.heading( two.name ).waitFor();
		await me.sent( 'Hello there, 👋🏽' ).waitFor();
		assert.match( new URL( me.page.url() ).pathname, /\/messages\/\d+\/$/ );
		assert.equal( await me.message( 'Hello' ).locator( 'strong' ).innerText(), 'there' );
		const link = me.message( 'Hello' ).getByRole( 'link' );
		assert.equal( await link.getAttribute( 'href' ), 'https://example.org/a_b?c=d' );
		assert.match( await link.getAttribute( 'rel' ), /noopener/ );
		await me.row( two.name ).waitFor();
	} );

	await t.test( 'the other side sees it by its own polling, list and badge alike, in every tab', async () => {
		const tab = await openInbox( theirs );
		await other.page.clock.install();
		await other.go();
		await other.unreadRow( one.name ).waitFor();
		await other.badgeShows( 1 );
		await tab.unreadRow( one.name ).waitFor();
		await tab.badgeShows( 1 );
		await other.look();

		await other.open( one.name );
		await other.message( 'Hello' ).waitFor();
		await other.readRow( one.name ).waitFor();
		await other.badgeShows( '' );
		await tab.badgeShows( '' );
		await tab.readRow( one.name ).waitFor();

		// An open thread asks every 10 seconds.
		const id = Number( other.page.url().match( /(\d+)\/$/ )[ 1 ] );
		await me.write( 'Are you coming?' );
		await me.sent( 'Are you coming?' ).waitFor();
		await other.page.clock.runFor( 12_000 );
		await other.message( 'Are you coming?' ).waitFor();
		await other.badgeShows( '' );
		assert.match( await other.element.locator( '[aria-live=polite].announcer' ).innerText(), new RegExp( `${ one.name }: Are you coming\\?` ) );
		await until( 'the service knows that it was read', async () => ( await rest( theirs, 'GET', 'jetonomy/v1/conversations/unread-count' ) ).body.count === 0 );

		// The list of another tab every 30.
		await tab.page.close();
		const third = await openInbox( mine, '', { expected: [ FAKE_CLOCK ], before: ( page ) => page.clock.install() } );
		await third.row( two.name ).waitFor();
		await say( theirs, id, 'On my way' );
		await third.page.clock.runFor( 36_000 );
		await third.unreadRow( two.name ).waitFor();
		await third.badgeShows( 1 );
		await me.message( 'On my way' ).waitFor();
		await third.readRow( two.name ).waitFor();
		await third.badgeShows( '' );
		third.good();
		tab.good();
		await third.page.close();
	} );

	await t.test( 'what is hidden is not read, what is looked at again is', async () => {
		await me.visibility( 'hidden' );
		await other.write( 'Here I am' );
		await other.sent( 'Here I am' ).waitFor();
		await me.visibility( 'visible' );
		await me.hint();
		await me.message( 'Here I am' ).waitFor();
		await me.badgeShows( '' );

		await me.visibility( 'hidden' );
		await begin( theirs, [ one.id ], 'Still here' );
		const before = await rest( mine, 'GET', 'jetonomy/v1/conversations/unread-count' );
		assert.equal( before.body.count, 1 );
		await me.visibility( 'visible' );
		await me.hint();
		await me.message( 'Still here' ).waitFor();
		await me.badgeShows( '' );
		await me.readRow( two.name ).waitFor();
		await me.look( 'thread' );
	} );

	await t.test( 'Enter sends, Shift+Enter breaks, and a setting turns that round', async () => {
		await me.composer.fill( 'first' );
		await me.composer.press( 'Shift+Enter' );
		await me.composer.pressSequentially( 'second' );
		await me.composer.press( 'Enter' );
		await me.sent( 'second' ).waitFor();
		assert.match( await me.message( 'second' ).locator( '.bubble' ).innerText(), /first\n+second/ );

		const setting = async () => {
			await me.element.getByRole( 'button', { name: 'Inbox options' } ).click();
			const item = me.menu.getByRole( 'menuitemcheckbox', { name: 'Enter sends the message' } );
			const checked = await item.getAttribute( 'aria-checked' );
			await item.click();
			return checked;
		};
		assert.equal( await setting(), 'true' );
		await me.composer.fill( 'third' );
		await me.composer.press( 'Enter' );
		assert.equal( await me.composer.inputValue(), 'third\n' );
		await me.composer.press( 'Control+Enter' );
		await me.sent( 'third' ).waitFor();
		assert.equal( await setting(), 'false' );
	} );

	await t.test( 'bold, italic, code and links by keys; the field grows to eight lines, and counts near the limit', async () => {
		for ( const [ key, mark ] of [ [ 'Control+b', '**word**' ], [ 'Control+i', '*word*' ], [ 'Control+e', '`word`' ], [ 'Control+k', '[word](https://)' ] ] ) {
			await me.composer.fill( 'word' );
			await me.composer.press( 'Control+a' );
			await me.composer.press( key );
			assert.equal( await me.composer.inputValue(), mark );
		}
		const height = async ( lines ) => {
			await me.composer.fill( Array.from( { length: lines }, ( _, n ) => `line ${ n }` ).join( '\n' ) );
			return ( await me.composer.boundingBox() ).height;
		};
		const [ low, eight, twenty ] = [ await height( 1 ), await height( 8 ), await height( 20 ) ];
		assert.ok( eight > low * 3, `${ low } to ${ eight }` );
		assert.ok( twenty <= eight + 16, `${ eight } to ${ twenty }` );
		const limit = await me.element.evaluate( ( element ) => JSON.parse( element.dataset.config ).limits.message );
		await me.composer.fill( '😀'.repeat( limit - 1 ) );
		await me.element.getByText( '1 character left' ).waitFor();
		await me.composer.fill( '😀'.repeat( limit + 2 ) );
		await me.element.getByText( '2 characters too many' ).waitFor();
		assert.equal( await me.send.isEnabled(), false );
		await me.look();
		await me.composer.fill( '' );
	} );

	await t.test( 'who is written to again gets it in the same conversation, also from the archive; ?to= opens it', async () => {
		const before = me.page.url();
		const id = Number( before.match( /(\d+)\/$/ )[ 1 ] );
		const archive = () => rest( mine, 'POST', `jetonomy/v1/conversations/${ id }/archive`, { archived: true } );
		await archive();
		await me.go( '?to=' );
		await me.composer.fill( 'Once more' );
		await me.addRecipient( two );
		await me.element.locator( '.new-hint' ).getByText( 'You already have a conversation with' ).waitFor();
		await me.look( 'already' );
		await me.composer.press( 'Enter' );
		await me.sent( 'Once more' ).waitFor();
		assert.equal( me.page.url(), before );
		await archive();
		await me.newMessage.click();
		await me.composer.fill( 'And once more' );
		await me.addRecipient( two );
		await me.element.getByRole( 'link', { name: 'Open it' } ).click();
		await me.heading( two.name ).waitFor();
		assert.equal( me.page.url(), before );
		assert.equal( await me.composer.inputValue(), 'And once more', 'what was typed comes along' );
		await me.newMessage.click();
		assert.equal( await me.composer.inputValue(), '' );
		await me.go( `?to=${ two.login }` );
		await me.sent( 'Once more' ).waitFor();
		assert.equal( me.page.url(), before );
		assert.equal( await me.composer.inputValue(), 'And once more' );
		await me.composer.press( 'Enter' );
		await me.sent( 'And once more' ).waitFor();
		// The address named somebody; the button does not.
		await me.newMessage.click();
		await me.to.waitFor();
		assert.equal( await me.chip( two.name ).count(), 0 );
		await me.go( `?to=${ three.id }` );
		await me.chip( three.name ).waitFor();
		await me.newMessage.click();
		await me.chip( three.name ).waitFor( { state: 'detached' } );
		await me.page.goBack();
		await me.chip( three.name ).waitFor();
		await me.go( '?to=nobody-of-this-name' );
		await me.element.getByText( 'There is no member with this name.' ).waitFor();
		// One's own profile's link is no mistake of somebody's name.
		await me.go( `?to=${ one.login }` );
		await me.to.waitFor();
		assert.equal( await me.element.getByText( 'There is no member with this name.' ).count(), 0 );
		await me.look();
	} );

	await t.test( 'the list is searched by name, in all folders', async () => {
		await begin( mine, [ three.id ], 'Hello three' );
		await me.go();
		await me.row( three.name ).waitFor();
		await me.search.fill( three.name );
		await me.row( two.name ).waitFor( { state: 'detached' } );
		await me.row( three.name ).waitFor();
		await me.search.fill( 'nobody' );
		await me.list.getByText( 'Nothing found for “nobody”' ).waitFor();
		await me.look();
		await me.search.press( 'Escape' );
		assert.equal( await me.search.inputValue(), '' );
		await me.row( two.name ).waitFor();
		await me.look( 'list' );
		const id = Number( new URL( await me.row( three.name ).getAttribute( 'href' ), me.page.url() ).pathname.match( /(\d+)\/$/ )[ 1 ] );
		await rest( mine, 'POST', `jetonomy/v1/conversations/${ id }/archive`, { archived: true } );
		await me.hint();
		await me.row( three.name ).waitFor( { state: 'detached' } );
		await me.search.fill( three.name );
		await me.row( three.name ).getByText( 'Archived' ).waitFor( { state: 'attached' } );
		await me.look( 'found-in-archive' );
		// What is found is of no folder, and each of them leads out of it.
		await me.list.getByRole( 'list', { name: 'Search conversations' } ).waitFor();
		assert.equal( await me.list.locator( '[aria-current]' ).count(), 0 );
		await me.folder( 'Inbox' ).click();
		await me.row( two.name ).waitFor();
		assert.equal( await me.search.inputValue(), '' );
		await me.row( three.name ).waitFor( { state: 'detached' } );
		assert.equal( await me.folder( 'Inbox' ).getAttribute( 'aria-current' ), 'page' );
	} );

	me.good();
	other.good();
} );
