/**
 * The inbox as somebody meets it: a page of <jetonomy-messages>, by the names that its parts have for screen
 * readers.
 *
 *     const inbox = await openInbox( context );            // also openInbox( context, `${ id }/` ) and '?to=login'
 *     await inbox.open( 'Member 2' );
 *     await inbox.write( 'Hello' );
 *     await inbox.message( 'Hello' ).waitFor();
 *     inbox.good();                                        // nothing went wrong in the page meanwhile
 */

import assert from 'node:assert/strict';
import { complaints, members, rest, screenshot, signedIn, until, violations } from '../harness.mjs';

export const INBOX = '/community/messages/';

/** What Chromium writes about requests that a test makes fail on purpose. */
export const FAILED_REQUEST = /Failed to load resource/;

/** Playwright's clock has no navigation timing, which WordPress's own script looks for. */
export const FAKE_CLOCK = /domContentLoadedEventStart/;

/** Milliseconds for one step: the two cores of CI run two browsers and a site. What is asked for every 30 s comes later. */
const PATIENCE = 20_000;

/**
 * Opens the inbox in a new tab of a member.
 *
 * @param {import('playwright-core').BrowserContext} context  Who is signed in.
 * @param {string}                                   path     Below the inbox: '', '12/', '?to=member1', …
 * @param {Object}                                   options  expected: complaints that may be there (RegExp[]);
 *                                                            before: called with the page before it goes anywhere.
 * @return {Promise<Inbox>} The inbox, ready.
 */
export async function openInbox( context, path = '', { expected = [], before = async () => {} } = {} ) {
	const page = await context.newPage();
	page.setDefaultTimeout( PATIENCE );
	page.setDefaultNavigationTimeout( 60_000 );
	const inbox = new Inbox( page, expected );
	await before( page );
	await inbox.go( path );
	return inbox;
}

/** Begins a conversation over the API, and gives its id. */
export async function begin( context, recipients, message, title = undefined ) {
	const { status, body } = await rest( context, 'POST', 'jetonomy/v1/conversations', { recipients, message, ...( title && { title } ) } );
	assert.ok( status === 200 || status === 201, JSON.stringify( body ) );
	return body.conversation_id;
}

/** Writes into a conversation over the API. */
export async function say( context, id, content ) {
	const { status, body } = await rest( context, 'POST', `jetonomy/v1/conversations/${ id }/messages`, { content } );
	assert.equal( status, 201, JSON.stringify( body ) );
}

/** Somebody with a conversation, a group and something unread. */
export async function scene( browser, options = {} ) {
	const [ one, two, three ] = await members( 3 );
	const mine = await signedIn( browser, one.login, options );
	const theirs = await signedIn( browser, two.login );
	const id = await begin( mine, [ two.id ], 'Good morning! Did you see the photos from **Sunday**? They are at https://example.org/albums/2026/garden-party-with-a-rather-long-address' );
	await say( theirs, id, 'Yes, lovely ones.' );
	await say( theirs, id, 'The one with the *dog* most of all 🐶' );
	await say( mine, id, '```\nwget --recursive https://example.org/albums/2026/garden-party-with-a-rather-long-address/originals/\n```' );
	await say( mine, id, `Verylongwordwithoutanyspace${ 'and'.repeat( 40 ) }end` );
	await say( mine, id, 'שלום, and مرحبا' );
	const group = await begin( await signedIn( browser, three.login ), [ one.id, two.id ], 'Who comes to the meeting on Thursday evening, and who brings something to eat?', 'Neighbours of the old mill' );
	return { mine, id, group, one, two, three };
}

/** Waits until something lies within the window, not clipped on any side. */
export const inside = ( page, locator ) => until( `${ locator } is within the window`, async () => {
	const box = await locator.boundingBox();
	if ( ! box ) {
		return false;
	}
	const { x, y, width, height } = box;
	const window = page.viewportSize();
	return x >= 0 && y >= 0 && x + width <= window.width + 0.5 && y + height <= window.height + 0.5;
} );

/** Whether what is seen in the middle of something is that, and not what lies over it. */
export const onTop = ( locator ) => locator.evaluate( ( element ) => {
	const { x, y, width, height } = element.getBoundingClientRect();
	const at = [ x + width / 2, y + height / 2 ];
	return document.elementFromPoint( ...at ) === element.getRootNode().host && element.contains( element.getRootNode().elementFromPoint( ...at ) );
} );

/** Where the middle of something is, in px from the window's left edge. */
export const middle = async ( locator ) => {
	const { x, width } = await locator.boundingBox();
	return x + width / 2;
};

export class Inbox {
	constructor( page, expected = [] ) {
		this.page = page;
		this.complaints = complaints( page, expected );
		this.element = page.locator( 'jetonomy-messages' );
		const { element } = this;

		this.list = element.getByRole( 'region', { name: 'Conversations' } );
		this.search = element.getByRole( 'searchbox', { name: 'Search conversations' } );
		this.newMessage = element.getByRole( 'button', { name: 'New message' } );
		this.log = element.getByRole( 'log', { name: 'Messages' } );
		this.scroller = element.locator( '.thread-scroll' );
		this.composer = element.getByRole( 'textbox', { name: 'Write a message' } );
		this.send = element.getByRole( 'button', { name: 'Send' } );
		this.back = element.getByRole( 'button', { name: 'Back' } );
		this.menu = element.getByRole( 'menu' );
		this.moreOptions = element.getByRole( 'button', { name: 'More options' } );
		this.dialog = element.getByRole( 'dialog' );
		this.toast = element.locator( '.toast' ).last();
		this.undo = this.toast.getByRole( 'button', { name: 'Undo' } );
		this.alert = element.getByRole( 'alert' );
		this.connection = element.locator( '.connection' );
		this.newLine = this.log.getByText( 'New', { exact: true } );
		this.to = element.getByRole( 'combobox', { name: 'To' } );
		this.options = element.getByRole( 'option' );
		this.groupName = element.getByRole( 'textbox', { name: 'Group name' } );
		/** The number of unread conversations, in the navigation or the admin bar: '' for none. */
		this.badge = page.locator( 'jetonomy-unread-badge' ).first();
	}

	/** Loads an address below the inbox. */
	async go( path = '' ) {
		await this.page.goto( INBOX + path );
		await this.ready();
	}

	/** Waits until the element works. */
	ready() {
		return this.element.locator( '.app' ).waitFor();
	}

	/** The row of a conversation, by the beginning of its name. */
	row( title ) {
		return this.list.getByRole( 'listitem' ).filter( { has: this.page.locator( '.row-title', { hasText: new RegExp( `^${ title }$` ) } ) } ).getByRole( 'link' );
	}

	unreadRow( title ) {
		return this.row( title ).and( this.page.locator( '.unread' ) );
	}

	readRow( title ) {
		return this.row( title ).and( this.page.locator( ':not(.unread)' ) );
	}

	/** The titles of the rows in the document, top to bottom. */
	async titles() {
		const rows = await this.list.getByRole( 'listitem' ).evaluateAll( ( all ) =>
			all.map( ( one ) => [ one.getBoundingClientRect().top, one.querySelector( '.row-title' ).textContent ] )
		);
		return rows.sort( ( [ a ], [ b ] ) => a - b ).map( ( [ , title ] ) => title );
	}

	folder( name ) {
		return this.list.getByRole( 'link', { name: new RegExp( `^${ name }` ) } ).and( this.page.locator( '[part~=tab]' ) );
	}

	async open( title ) {
		await this.row( title ).click();
		await this.heading( title ).waitFor();
	}

	/** The heading of a thread, or of the new message. */
	heading( title ) {
		return this.element.locator( '.main-pane' ).getByRole( 'heading', { name: title } );
	}

	message( text ) {
		return this.log.getByRole( 'article' ).filter( { hasText: text } );
	}

	/** A message that the service has. */
	sent( text ) {
		return this.message( text ).and( this.page.locator( '[data-id]' ) );
	}

	note( text ) {
		return this.log.locator( '.note', { hasText: text } );
	}

	/** What the thread says, top to bottom, without times. */
	texts() {
		return this.log.locator( '.bubble, .note span' ).allInnerTexts();
	}

	async write( text ) {
		await this.composer.fill( text );
		await this.composer.press( 'Enter' );
	}

	async choose( name ) {
		await this.moreOptions.click();
		await this.menu.getByRole( 'menuitem', { name, exact: true } ).click();
	}

	async confirm( name ) {
		await this.dialog.getByRole( 'button', { name, exact: true } ).click();
		await this.dialog.waitFor( { state: 'hidden' } );
	}

	/** Waits for what a toast begins with, behind the name of its conversation: "No longer muted." does not say "Muted." */
	async toastSays( text ) {
		await this.toast.getByText( new RegExp( `(^|: )${ text.replace( /[.*+?^${}()|[\]\\]/g, '\\$&' ) }` ) ).waitFor();
	}

	/** Looks for a member by login, and gives the option. The service knows who has just registered within seconds. */
	async find( login ) {
		const option = this.options.filter( { hasText: `@${ login }` } );
		await until( `${ login } is found`, async () => {
			await this.to.fill( '' );
			await this.to.fill( login );
			await option.or( this.element.getByText( 'Nobody found.' ) ).first().waitFor();
			return await option.count() > 0;
		} );
		return option;
	}

	/** Adds a recipient of a new message. */
	async addRecipient( { login, name } ) {
		await ( await this.find( login ) ).click();
		await this.chip( name ).first().waitFor();
	}

	chip( name ) {
		return this.element.locator( '[part~=chip]' ).filter( { hasText: name } );
	}

	/** What a script of the page would say when it knows that something changed: the inbox asks at once. */
	hint() {
		return this.page.evaluate( () => void window.dispatchEvent( new CustomEvent( 'jetonomy-messages', { detail: { type: 'changed' } } ) ) );
	}

	/** Hides or shows the tab, as far as scripts can tell. */
	visibility( state ) {
		return this.page.evaluate( ( visibility ) => {
			Object.defineProperty( document, 'visibilityState', { configurable: true, get: () => visibility } );
			Object.defineProperty( document, 'hidden', { configurable: true, get: () => visibility === 'hidden' } );
			document.dispatchEvent( new Event( 'visibilitychange' ) );
		}, state );
	}

	/** Waits until the badge shows a number, '' for none. */
	badgeShows( text ) {
		return this.page.waitForFunction( ( wanted ) => ( document.querySelector( 'jetonomy-unread-badge .jt-community-nav-badge' )?.textContent ?? '' ) === wanted, String( text ) );
	}

	/** The element that has the focus, through shadow trees: its role or tag, and its name. */
	focused() {
		return this.page.evaluate( () => {
			let at = document.activeElement;
			while ( at?.shadowRoot?.activeElement ) {
				at = at.shadowRoot.activeElement;
			}
			return `${ at.getAttribute( 'role' ) ?? at.localName } ${ at.getAttribute( 'aria-label' ) ?? at.id ?? '' }`.trim();
		} );
	}

	/** Asserts that axe finds nothing in this state, and keeps a picture where a name is given. */
	async look( name = '', suffix = '' ) {
		// What is on its way in or out is neither here nor there, neither for axe nor for people.
		await this.element.evaluate( ( { shadowRoot } ) => Promise.allSettled(
			shadowRoot.getAnimations().filter( ( one ) => one.effect.getTiming().iterations !== Infinity ).map( ( one ) => one.finished )
		) );
		assert.deepEqual( await violations( this.page, 'jetonomy-messages' ), [], `axe: ${ name || this.page.url() }` );
		if ( name !== '' ) {
			await screenshot( this.page, `inbox/${ name }-${ suffix || `${ this.page.viewportSize().width }-light` }` );
		}
	}

	/** Asserts that the page had no exceptions and no errors in the console so far. */
	good() {
		assert.deepEqual( this.complaints, [] );
	}
}
