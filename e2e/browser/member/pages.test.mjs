/**
 * The members' pages as they are without JavaScript.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESK, launch, members, PHONE, rest, screenshot, signedIn, violations } from '../harness.mjs';

const INBOX = '/community/messages/';
const OPTIONS = '.jt-msg-options > summary';

/** Follows a link, and waits until its page is there. */
async function follow( page, name ) {
	const there = page.waitForNavigation();
	await page.getByRole( 'link', { name } ).click();
	await there;
}

test( 'messages without JavaScript', async ( t ) => {
	const browser = await launch( t );
	const people = await members( 3 );
	const contexts = await Promise.all( people.map( ( { login } ) => signedIn( browser, login, { javaScriptEnabled: false } ) ) );
	const [ me, other, third ] = await Promise.all( contexts.map( ( context ) => context.newPage() ) );

	const press = async ( page, name ) => {
		const before = page.waitForNavigation();
		await page.getByRole( 'button', { name, exact: true } ).click();
		await before;
	};
	const choose = async ( page, name ) => {
		await page.locator( OPTIONS ).click();
		await press( page, name );
	};
	// What is asked once more, and what is said of it.
	const ask = async ( page, name, meaning ) => {
		await page.locator( OPTIONS ).click();
		await page.getByText( name, { exact: true } ).click();
		await page.getByText( meaning ).waitFor();
	};
	const row = ( page, title ) => page.locator( '.jt-msg-row', { hasText: title } );
	// Where scripts are off axe cannot run. Its twin has them, except ours.
	const twins = new Map( await Promise.all( people.map( async ( { login }, n ) => {
		const context = await signedIn( browser, login );
		await context.route( '**/jetonomy-sidecar/assets/*.js*', ( route ) => route.abort() );
		return [ [ me, other, third ][ n ], await context.newPage() ];
	} ) ) );
	const look = async ( of, name, ...opened ) => {
		const page = twins.get( of );
		await page.goto( of.url() );
		// What is there without scripts waits for them where there are some.
		await page.addStyleTag( { content: '.jt-msg-frame { animation: none !important; }' } );
		await page.locator( '.jt-msg h1:visible' ).waitFor();
		for ( const summary of opened ) {
			await page.locator( summary ).click();
		}
		for ( const size of [ DESK, PHONE ] ) {
			await page.setViewportSize( size );
			await screenshot( page, `member/${ name }-${ size.width }`, { fullPage: true } );
			const width = await page.evaluate( () => document.documentElement.scrollWidth );
			assert.ok( width <= size.width, `${ name }: ${ width } px wide at ${ size.width } px` );
			assert.deepEqual( await violations( page, '.jt-msg' ), [], `${ name } at ${ size.width } px` );
		}
	};
	let conversation = '';

	await t.test( 'who is not signed in is led to the login and back', async () => {
		const stranger = await ( await browser.newContext( { javaScriptEnabled: false, baseURL: process.env.SITE_URL } ) ).newPage();
		await stranger.goto( `${ INBOX }?to=${ people[ 1 ].login }` );
		assert.equal( new URL( stranger.url() ).pathname, '/wp-login.php' );
		await stranger.getByLabel( 'Username or Email Address' ).fill( people[ 0 ].login );
		await stranger.getByLabel( 'Password', { exact: true } ).fill( people[ 0 ].login );
		await press( stranger, 'Log In' );
		assert.equal( await stranger.getByLabel( 'To', { exact: true } ).inputValue(), people[ 1 ].login );
	} );

	await t.test( 'an empty inbox says so', async () => {
		await me.goto( INBOX );
		await me.getByText( 'No messages yet' ).waitFor();
		assert.match( await me.title(), /^Messages/ );
		await look( me, 'inbox-empty' );
	} );

	await t.test( 'compose: ?to= takes a login and an id; somebody unknown is refused with what was typed', async () => {
		await me.goto( `${ INBOX }?to=${ people[ 1 ].id }` );
		assert.equal( await me.getByLabel( 'To', { exact: true } ).inputValue(), people[ 1 ].login );
		await me.getByLabel( 'To', { exact: true } ).fill( 'nobody-of-this-name' );
		await me.getByLabel( 'Message', { exact: true } ).fill( 'First\n\n**line** <b>&' );
		await press( me, 'Send' );
		await me.getByRole( 'alert' ).getByText( 'There is no member with this login: nobody-of-this-name' ).waitFor();
		assert.equal( await me.getByLabel( 'Message', { exact: true } ).inputValue(), 'First\n\n**line** <b>&' );
		await look( me, 'compose-refused' );
		await me.getByLabel( 'To', { exact: true } ).fill( people[ 1 ].login );
		await press( me, 'Send' );
		conversation = new URL( me.url() ).pathname;
		assert.match( conversation, /^\/community\/messages\/\d+\/$/ );
		assert.equal( await me.getByRole( 'heading', { level: 1 } ).innerText(), people[ 1 ].name );
		await me.locator( '.jt-msg-item.is-own strong', { hasText: 'line' } ).waitFor();
	} );

	await t.test( 'list, thread and reply: unread until it is looked at', async () => {
		await other.goto( INBOX );
		await row( other, people[ 0 ].name ).locator( '.jt-msg-dot' ).waitFor();
		await row( other, people[ 0 ].name ).getByRole( 'link' ).click();
		await other.locator( '.jt-msg-item-text', { hasText: 'First' } ).waitFor();
		assert.equal( ( await rest( contexts[ 1 ], 'GET', 'jetonomy/v1/conversations/unread-count' ) ).body.count, 0 );
		await other.getByLabel( 'Your reply' ).fill( 'Second' );
		await press( other, 'Send' );
		assert.deepEqual( await other.locator( '.jt-msg-item-text' ).allInnerTexts().then( ( all ) => all.map( ( text ) => text.trim().slice( 0, 6 ).trim() ) ), [ 'First', 'Second' ] );
		await me.goto( INBOX );
		await row( me, people[ 1 ].name ).locator( '.jt-msg-dot' ).waitFor();
		await look( me, 'inbox' );
	} );

	await t.test( 'mark all as read', async () => {
		await press( me, 'Mark all as read' );
		await me.getByRole( 'status' ).getByText( 'Everything is marked as read.' ).waitFor();
		assert.equal( await me.locator( '.jt-msg-dot' ).count(), 0 );
	} );

	await t.test( 'mark as unread, mute and back', async () => {
		await me.goto( conversation );
		await look( me, 'thread' );
		await choose( me, 'Mark as unread' );
		await row( me, people[ 1 ].name ).locator( '.jt-msg-dot' ).waitFor();
		await me.goto( conversation );
		await choose( me, 'Mute' );
		await me.locator( '.jt-msg-people' ).getByText( 'Muted' ).waitFor();
		await choose( me, 'Unmute' );
		await me.getByRole( 'status' ).getByText( 'No longer muted.' ).waitFor();
		assert.equal( await me.locator( '.jt-msg-people' ).count(), 0 );
	} );

	await t.test( 'archive and back', async () => {
		await choose( me, 'Archive' );
		await me.getByRole( 'status' ).getByText( 'Archived.' ).waitFor();
		assert.equal( await row( me, people[ 1 ].name ).count(), 0 );
		await follow( me, 'Archived' );
		await look( me, 'archive' );
		await row( me, people[ 1 ].name ).getByRole( 'link' ).click();
		await choose( me, 'Move to the inbox' );
		await me.goto( INBOX );
		await row( me, people[ 1 ].name ).waitFor();
	} );

	await t.test( 'block: the other side gets the general refusal and keeps the text', async () => {
		await me.goto( conversation );
		await look( me, 'thread-options', OPTIONS );
		await ask( me, `Block ${ people[ 1 ].name }`, 'Neither of you can write in this conversation' );
		await look( me, 'thread-block', OPTIONS, '.jt-msg-ask summary' );
		await press( me, 'Block' );
		await me.locator( '.jt-msg-people' ).getByText( 'Blocked by you' ).waitFor();
		await other.goto( conversation );
		assert.equal( await other.getByText( /block(ed)? by/i ).count(), 0, 'nobody is told of a block' );
		await other.getByLabel( 'Your reply' ).fill( 'Are you there?' );
		await press( other, 'Send' );
		await other.getByRole( 'alert' ).getByText( 'Unable to send message' ).waitFor();
		assert.equal( await other.getByLabel( 'Your reply' ).inputValue(), 'Are you there?' );
		await look( other, 'thread-refused' );
		await choose( me, 'Unblock' );
		await press( other, 'Send' );
		await other.locator( '.jt-msg-item.is-own', { hasText: 'Are you there?' } ).waitFor();
	} );

	await t.test( 'a group, and leaving it', async () => {
		await me.goto( `${ INBOX }?to=${ people[ 1 ].login },${ people[ 2 ].login }` );
		await me.getByLabel( 'Title of the group (optional)' ).fill( 'Three <of> us' );
		await me.getByLabel( 'Message', { exact: true } ).fill( 'Hello both' );
		await press( me, 'Send' );
		const group = new URL( me.url() ).pathname;
		assert.equal( await me.getByRole( 'heading', { level: 1 } ).innerText(), 'Three <of> us' );
		await third.goto( group );
		assert.match( await third.locator( '.jt-msg-people' ).innerText(), /Member 1, Member 2,? and Member 3/ );
		await look( third, 'group' );
		await ask( third, 'Leave the conversation', 'somebody in it has to add you' );
		await look( third, 'group-leave', OPTIONS, '.jt-msg-ask summary' );
		await press( third, 'Leave' );
		await third.getByRole( 'status' ).getByText( 'You have left the conversation.' ).waitFor();
		assert.equal( await row( third, 'Three <of> us' ).count(), 0 );
		const answer = await third.goto( group );
		assert.equal( answer.status(), 403 );
		await me.reload();
		assert.match( await me.locator( '.jt-msg-item.is-system' ).last().innerText(), /Member 3/ );
	} );

	await t.test( 'the keyboard skips what is above the messages', async () => {
		const target = '#wp--skip-link--target';
		await me.goto( INBOX );
		if ( await me.locator( target ).count() ) {
			const skip = me.locator( 'a:not(#wpadminbar a)' ).first();
			assert.equal( await skip.getAttribute( 'href' ), target, 'it comes first, behind the toolbar' );
			await skip.focus();
			assert.ok( ( await skip.boundingBox() ).width > 20, 'it is seen where one is at it' );
			await me.keyboard.press( 'Enter' );
			await me.keyboard.press( 'Tab' );
			assert.equal( await me.locator( `${ target } :focus` ).count(), 1 );
			assert.equal( await me.locator( `${ target } .jt-msg` ).count(), 1 );
		}
	} );

	await t.test( 'somebody else’s conversation and one that does not exist look the same', async () => {
		const texts = [];
		for ( const url of [ conversation, `${ INBOX }999999999/` ] ) {
			assert.equal( ( await third.goto( url ) ).status(), 403 );
			texts.push( await third.locator( '.jt-msg' ).innerText() );
		}
		assert.equal( texts[ 0 ], texts[ 1 ] );
	} );

	await t.test( 'a form without its nonce does nothing', async () => {
		const answer = await contexts[ 0 ].request.post( '/wp-admin/admin-post.php', {
			form: { action: 'jetonomy_sidecar_messages', task: 'send', conversation: conversation.match( /\d+/ )[ 0 ], message: 'Forged' },
		} );
		assert.equal( answer.status(), 403 );
		await me.goto( conversation );
		assert.equal( await me.getByText( 'Forged' ).count(), 0 );
	} );
} );

test( 'paging without JavaScript', async ( t ) => {
	const browser = await launch( t );
	const [ one, ...others ] = await members( 22 );
	const context = await signedIn( browser, one.login, { javaScriptEnabled: false } );
	const page = await context.newPage();
	let first;

	for ( const { id } of others ) {
		const { body, status } = await rest( context, 'POST', 'jetonomy/v1/conversations', { recipients: [ id ], message: 'Number 1' } );
		assert.equal( status, 201, JSON.stringify( body ) );
		first ??= body.conversation_id;
	}

	await t.test( 'more than 20 conversations', async () => {
		await page.goto( INBOX );
		assert.equal( await page.locator( '.jt-msg-row' ).count(), 20 );
		const seen = await page.locator( '.jt-msg-row-title' ).allInnerTexts();
		await follow( page, 'Older conversations' );
		seen.push( ...( await page.locator( '.jt-msg-row-title' ).allInnerTexts() ) );
		assert.deepEqual( seen, others.map( ( { name } ) => name ).reverse() );
		await follow( page, 'Back to the newest' );
		assert.equal( await page.locator( '.jt-msg-row' ).count(), 20 );
	} );

	await t.test( 'more than 30 messages', async () => {
		for ( let n = 2; n <= 35; n++ ) {
			const { status } = await rest( context, 'POST', `jetonomy/v1/conversations/${ first }/messages`, { content: `Number ${ n }` } );
			assert.equal( status, 201 );
		}
		const texts = async () => ( await page.locator( '.jt-msg-item-text' ).allInnerTexts() ).map( ( text ) => text.trim() );
		await page.goto( `${ INBOX }${ first }/` );
		const newest = await texts();
		assert.equal( newest.length, 30 );
		await follow( page, 'Older messages' );
		assert.deepEqual( [ ...( await texts() ), ...newest ], Array.from( { length: 35 }, ( _, n ) => `Number ${ n + 1 }` ) );
		await follow( page, 'Back to the newest' );
		assert.equal( ( await texts() ).at( -1 ), 'Number 35' );
	} );
} );
