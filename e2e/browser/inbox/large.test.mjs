/**
 * A thread of 20,000 messages and a list of 5,000 conversations. Both come from rows that another program wrote.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, php, rest, signedIn, until } from '../harness.mjs';
import { openInbox, say } from './inbox.mjs';

const MESSAGES = 20_000;
const CONVERSATIONS = 5_000;
/** The DOM holds at most a few hundred rows. */
const MOST = 300;

const write = async ( ...conversations ) => JSON.parse( await php( 'e2e/site/wordpress/conversations.php', JSON.stringify( conversations ) ) );

/** Where the first message is that can be seen whole: its text, and its distance to the top of the thread. */
const topmost = ( scroller ) => scroller.evaluate( ( element ) => {
	const { top } = element.getBoundingClientRect();
	const entry = [ ...element.querySelectorAll( '.entry[data-id]' ) ].find( ( one ) => one.getBoundingClientRect().top >= top );
	return { id: entry.dataset.id, text: entry.querySelector( '.bubble' ).textContent.trim(), at: entry.getBoundingClientRect().top - top };
} );

const placeOf = ( scroller, id ) => scroller.evaluate( ( element, wanted ) => {
	const entry = element.querySelector( `.entry[data-id="${ wanted }"]` );
	return entry && entry.getBoundingClientRect().top - element.getBoundingClientRect().top;
}, id );

test( 'a thread of 20,000 messages', async ( t ) => {
	const browser = await launch( t );
	const [ one, two ] = await members( 2 );
	const mine = await signedIn( browser, one.login );
	const theirs = await signedIn( browser, two.login );
	const [ id ] = await write( { people: [ one.id, two.id ], rounds: MESSAGES / 2, messages: [ [ one.id, '<p>Message %d of many</p>' ], [ two.id, '<p>Message %d of many<br>in two lines</p>' ] ] } );
	const known = async ( count ) => ( await rest( mine, 'GET', `jetonomy/v1/conversations/${ id }` ) ).body.message_count === count;
	await until( 'the service has taken in the rows', () => known( MESSAGES ) );
	const me = await openInbox( mine, `${ id }/` );
	const rows = () => me.log.getByRole( 'article' ).count();

	await t.test( 'opens at its end', async () => {
		await me.sent( `Message ${ MESSAGES } of many` ).waitFor();
		assert.ok( await me.scroller.evaluate( ( element ) => element.scrollHeight - element.scrollTop - element.clientHeight ) <= 2 );
		assert.ok( await rows() <= MOST );
	} );

	await t.test( 'loads older messages without a jump', async () => {
		let oldest = Infinity;
		for ( let page = 0; page < 8; page++ ) {
			const first = await me.log.locator( '.entry' ).first().getAttribute( 'data-id' );
			const more = me.page.waitForResponse( ( answer ) => answer.url().includes( `before=${ first }` ) );
			// Near the top, but not at it: what the reader sees then must stay where it is.
			await me.scroller.evaluate( ( element ) => {
				element.scrollTop = 150;
			} );
			const seen = await topmost( me.scroller );
			await ( await more ).finished();
			await me.page.waitForFunction( ( before ) => {
				const root = document.querySelector( 'jetonomy-messages' ).shadowRoot;
				return root.querySelector( '.log .entry' ).dataset.id !== before;
			}, first );
			const at = await placeOf( me.scroller, seen.id );
			assert.ok( Math.abs( at - seen.at ) <= 2, `${ seen.text } moved from ${ seen.at } to ${ at }` );
			const number = Number( ( await me.log.locator( '.bubble' ).first().textContent() ).match( /\d+/ )[ 0 ] );
			assert.ok( number < oldest );
			oldest = number;
			assert.ok( await rows() <= MOST, `${ await rows() } rows` );
		}
		assert.ok( oldest <= MESSAGES - 400, `got to message ${ oldest }` );
	} );

	await t.test( 'what arrives while one reads further up does not scroll, but is offered', async () => {
		await me.scroller.evaluate( ( element ) => {
			element.scrollTop = element.scrollHeight / 2;
		} );
		const seen = await topmost( me.scroller );
		await say( theirs, id, 'Something new' );
		await me.hint();
		const jump = me.element.getByRole( 'button', { name: '1 new message' } );
		await jump.waitFor();
		assert.ok( Math.abs( await placeOf( me.scroller, seen.id ) - seen.at ) <= 2 );
		await say( theirs, id, 'Something newer' );
		await me.hint();
		await me.element.getByRole( 'button', { name: '2 new messages' } ).waitFor();
		assert.equal( ( await rest( mine, 'GET', `jetonomy/v1/conversations/${ id }` ) ).body.unread, true, 'not seen yet' );
		await me.look( 'new-messages-button' );
		await me.element.getByRole( 'button', { name: '2 new messages' } ).click();
		await me.sent( 'Something newer' ).waitFor();
		await me.element.getByRole( 'button', { name: /new message/ } ).and( me.page.locator( '.jump' ) ).waitFor( { state: 'detached' } );
		await me.badgeShows( '' );
		assert.ok( await rows() <= MOST );
	} );

	await t.test( 'is opened at the first unread message', async () => {
		await me.page.close();
		await write( { into: id, rounds: 120, messages: [ [ two.id, '<p>Unread %d of many</p>' ] ] } );
		await until( 'the service has taken in the rows', () => known( MESSAGES + 122 ) );
		const again = await openInbox( mine, `${ id }/` );
		await again.newLine.waitFor();
		const box = await again.scroller.boundingBox();
		const line = await again.newLine.boundingBox();
		assert.ok( line.y >= box.y && line.y < box.y + box.height / 2, `the line is at ${ line.y } in ${ JSON.stringify( box ) }` );
		await again.sent( /^Unread 1 of many|Unread 1 of many/ ).first().waitFor();
		assert.equal( ( await rest( mine, 'GET', `jetonomy/v1/conversations/${ id }` ) ).body.unread, true );
		await again.look( 'new-line' );
		// Down to the end page by page, then it is read.
		await until( 'the end of the thread', async () => {
			await again.scroller.evaluate( ( element ) => {
				element.scrollTop = element.scrollHeight;
			} );
			return await again.sent( 'Unread 120 of many' ).count() === 1;
		} );
		await again.badgeShows( '' );
		again.good();
	} );

	me.good();
} );

test( 'a list of 5,000 conversations', async ( t ) => {
	const browser = await launch( t );
	const [ one, two ] = await members( 2 );
	const mine = await signedIn( browser, one.login );
	const theirs = await signedIn( browser, two.login );
	const ids = await write( { title: 'Group %d', type: 'group', people: [ one.id, two.id ], times: CONVERSATIONS, messages: [ [ two.id, '<p>Hello from this one</p>' ] ] } );
	await until( 'the service has taken in the rows', async () => {
		// They are in the list at once, and get to their places one after the other.
		const { body } = await rest( mine, 'GET', 'jetonomy/v1/conversations?limit=1' );
		const each = await Promise.all( [ 0, CONVERSATIONS / 2, CONVERSATIONS - 1 ].map( ( n ) => rest( mine, 'GET', `jetonomy/v1/conversations/${ ids[ n ] }` ) ) );
		return body.data[ 0 ].title === `Group ${ CONVERSATIONS }` && each.every( ( one ) => one.body.last_message_id > 0 );
	} );
	const me = await openInbox( mine );
	const scroller = me.list.locator( '.list-scroll' );
	const rows = () => me.list.getByRole( 'listitem' ).count();

	await t.test( 'loads more while it is scrolled, with few rows in the document', async () => {
		await me.row( `Group ${ CONVERSATIONS }` ).waitFor();
		for ( let page = 1; page <= 20; page++ ) {
			const more = me.page.waitForResponse( ( answer ) => answer.url().includes( 'cursor=' ) );
			await scroller.evaluate( ( element ) => {
				element.scrollTop = element.scrollHeight;
			} );
			await ( await more ).finished();
			assert.ok( await rows() < 100, `${ await rows() } rows` );
		}
		await me.row( `Group ${ CONVERSATIONS - 590 }` ).waitFor( { state: 'attached' } );
	} );

	await t.test( 'a conversation that moves to the top moves nothing else, and takes no focus', async () => {
		const place = () => scroller.evaluate( ( element ) => {
			const { top } = element.getBoundingClientRect();
			const all = [ ...element.querySelectorAll( '.row' ) ].map( ( row ) => ( { id: row.dataset.id, at: row.getBoundingClientRect().top - top } ) );
			return all.filter( ( row ) => row.at >= 0 ).sort( ( a, b ) => a.at - b.at )[ 0 ];
		} );
		await scroller.evaluate( ( element ) => {
			element.scrollTop = 400 * 72 + 20;
		} );
		await me.row( `Group ${ CONVERSATIONS - 402 }` ).waitFor();
		await me.row( `Group ${ CONVERSATIONS - 402 }` ).focus();
		const before = await place();
		await say( theirs, ids[ 6 ], 'I am back' );
		await me.hint();
		await until( 'the list has the row on top', () => scroller.evaluate( ( element ) => element.scrollTop > 400 * 72 + 21 ) );
		const at = await scroller.evaluate( ( element, id ) => element.querySelector( `.row[data-id="${ id }"]` ).getBoundingClientRect().top - element.getBoundingClientRect().top, before.id );
		assert.ok( Math.abs( at - before.at ) <= 2, `the row moved from ${ before.at } to ${ at }` );
		assert.match( await me.focused(), /^a/ );
		await scroller.evaluate( ( element ) => {
			element.scrollTop = 0;
		} );
		await me.unreadRow( 'Group 7' ).waitFor();
		assert.ok( await rows() < 100 );
	} );

	await t.test( 'costs a rendering and a key a few looks at each row, also with the focus on the last one', async () => {
		await scroller.evaluate( ( element, last ) => {
			const list = element.closest( 'jetonomy-messages-list' );
			const real = list.list;
			const [ row ] = real.rows;
			const made = { ...real, hasMore: false, rows: Array.from( { length: last }, ( _, n ) => ( { ...row, id: n + 1, title: `Row ${ n + 1 }` } ) ) };
			// What a poll brings meanwhile is not shown.
			Object.defineProperty( list, 'list', { get: () => made, set() {} } );
			list.requestUpdate( 'list', real );
		}, CONVERSATIONS );
		await me.row( 'Row 1' ).focus();
		await me.page.keyboard.press( 'End' );
		await me.row( `Row ${ CONVERSATIONS }` ).waitFor();
		const looks = ( act ) => scroller.evaluate( async ( element, key ) => {
			const list = element.closest( 'jetonomy-messages-list' );
			let count = 0;
			const { rows } = list.list;
			list.list.rows = new Proxy( rows, { get: ( target, name ) => {
				count += 1;
				return Reflect.get( target, name );
			} } );
			if ( key ) {
				element.getRootNode().activeElement.dispatchEvent( new KeyboardEvent( 'keydown', { key, bubbles: true } ) );
			} else {
				list.requestUpdate();
			}
			await list.updateComplete;
			list.list.rows = rows;
			return count;
		}, act );
		for ( const act of [ '', 'ArrowUp' ] ) {
			const count = await looks( act );
			assert.ok( count > 0 && count < 20 * CONVERSATIONS, `${ count } looks at ${ CONVERSATIONS } rows (${ act || 'rendering' })` );
		}
	} );

	me.good();
} );
