/**
 * The inbox on a phone, enlarged, with larger text and from right to left.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESK, launch, muPlugin, PHONE, screenshot, signedIn } from '../harness.mjs';
import { INBOX, inside, middle, openInbox, scene } from './inbox.mjs';

test( 'on a phone', async ( t ) => {
	const browser = await launch( t );
	const { mine, two } = await scene( browser, { viewport: PHONE, hasTouch: true, isMobile: true } );
	const me = await openInbox( mine );
	// Playwright scrolls to what it taps, by WordPress's scroll padding for a bar that phones do not fix.
	await me.page.addStyleTag( { content: 'html { scroll-padding: 0 !important; }' } );
	/** Waits until the thread has all of the window, above Jetonomy's own bar where that is. */
	const fills = () => me.page.waitForFunction( () => {
		const { top, bottom } = document.querySelector( 'jetonomy-messages' ).getBoundingClientRect();
		const end = document.querySelector( '.jt-mobile-tabs' )?.getBoundingClientRect().top ?? window.innerHeight;
		return Math.abs( top ) <= 1 && Math.abs( bottom - end ) <= 1;
	} );

	await t.test( 'one pane at a time, and the browser’s own way back', async () => {
		await me.row( two.name ).waitFor();
		assert.equal( await me.composer.count(), 0 );
		await me.look( 'list' );
		await me.row( two.name ).tap();
		await me.heading( two.name ).waitFor();
		await me.sent( 'dog' ).waitFor();
		assert.equal( await me.list.isVisible(), false );
		await fills();
		await inside( me.page, me.composer );
		await inside( me.page, me.back );
		await me.look( 'thread' );
		await me.page.goBack();
		await me.row( two.name ).waitFor();
		assert.equal( new URL( me.page.url() ).pathname, INBOX );
		await me.page.goForward();
		await me.heading( two.name ).waitFor();
		await me.back.tap();
		await me.row( two.name ).waitFor();
		assert.equal( new URL( me.page.url() ).pathname, INBOX );
		assert.equal( await me.page.evaluate( () => history.state.afterList ), false, 'Back went back, and not on' );
		await me.newMessage.tap();
		await me.heading( 'New message' ).waitFor();
		await me.look( 'new-message' );
		await inside( me.page, me.composer );
		await me.page.goBack();
		await me.row( two.name ).waitFor();
	} );

	await t.test( 'a thread that was opened by its address has the list behind it', async () => {
		await me.row( two.name ).tap();
		await me.heading( two.name ).waitFor();
		const direct = await openInbox( mine, new URL( me.page.url() ).pathname.split( '/messages/' )[ 1 ] );
		await direct.heading( two.name ).waitFor();
		await direct.back.tap();
		await direct.row( two.name ).waitFor();
		await direct.look();
		direct.good();
	} );

	await t.test( 'the on-screen keyboard leaves the composer visible', async () => {
		await me.composer.tap();
		await me.page.setViewportSize( { width: PHONE.width, height: 420 } );
		await inside( me.page, me.composer );
		await inside( me.page, me.send );
		await screenshot( me.page, 'inbox/keyboard-400-light' );
		await me.page.setViewportSize( PHONE );
		await inside( me.page, me.composer );
		await fills();
	} );

	await t.test( 'nothing is wider than the window, menus, dialogs and toasts included', async () => {
		const fits = () => me.page.evaluate( () => document.documentElement.scrollWidth <= window.innerWidth );
		assert.ok( await fits() );
		await me.moreOptions.tap();
		await inside( me.page, me.menu );
		await me.look( 'menu' );
		await me.menu.getByRole( 'menuitem', { name: 'Mute', exact: true } ).tap();
		await me.toastSays( 'Muted.' );
		await inside( me.page, me.toast );
		await fills();
		await me.look( 'toast' );
		await me.choose( `Block ${ two.name }` );
		await inside( me.page, me.dialog );
		await me.look( 'dialog' );
		await me.confirm( 'Cancel' );
		await fills();
		assert.ok( await fits() );
		for ( const width of [ 320, 360 ] ) {
			await me.page.setViewportSize( { width, height: 640 } );
			assert.ok( await fits(), `${ width } px` );
			await inside( me.page, me.send );
		}
		await me.page.setViewportSize( PHONE );
	} );

	await t.test( 'fingers find their targets', async () => {
		for ( const button of [ me.back, me.moreOptions, me.send ] ) {
			const { width, height } = await button.boundingBox();
			assert.ok( width >= 40 && height >= 40, `${ button } is ${ width } by ${ height }` );
		}
	} );

	me.good();
} );

test( 'at 200 %', async ( t ) => {
	const browser = await launch( t );
	const { mine, two } = await scene( browser, { viewport: { width: DESK.width / 2, height: DESK.height / 2 }, deviceScaleFactor: 2 } );
	const me = await openInbox( mine );
	await me.row( two.name ).waitFor();
	await me.look( 'list', '640-zoom' );
	await me.open( two.name );
	await me.sent( 'dog' ).waitFor();
	await inside( me.page, me.composer );
	await me.look( 'thread', '640-zoom' );
	await me.moreOptions.click();
	await inside( me.page, me.menu );
	await me.page.keyboard.press( 'Escape' );
	await me.write( 'Written at 200 %' );
	await me.sent( 'Written at 200 %' ).waitFor();
	await me.back.click();
	await me.row( two.name ).waitFor();
	assert.ok( await me.page.evaluate( () => document.documentElement.scrollWidth <= window.innerWidth ) );
	me.good();
} );

test( 'with larger text', async ( t ) => {
	const browser = await launch( t );
	const { mine, group, two } = await scene( browser );
	const sizes = async ( look ) => {
		const context = await signedIn( browser, two.login );
		await muPlugin( t, 'appearance', look, context );
		const me = await openInbox( context, `${ group }/` );
		await me.sent( 'Who comes' ).waitFor();
		const size = ( locator ) => locator.evaluate( ( element ) => parseFloat( getComputedStyle( element ).fontSize ) );
		const row = me.row( 'Neighbours of the old mill' );
		const all = {
			heading: await size( me.list.getByRole( 'heading' ) ),
			title: await size( me.heading( 'Neighbours of the old mill' ) ),
			composer: await size( me.composer ),
			bubble: await size( me.sent( 'Who comes' ).locator( '.bubble' ) ),
			name: await size( row.locator( '.row-title' ) ),
			preview: await size( row.locator( '.row-preview' ) ),
			folder: await size( me.folder( 'Unread' ) ),
			time: await size( row.locator( 'time' ) ),
		};
		assert.deepEqual( await me.element.locator( '.row-title, .row-preview, .login, .thread-bar .title' ).evaluateAll( ( lines ) =>
			lines.filter( ( { scrollHeight, clientHeight } ) => scrollHeight > clientHeight + 1 ).map( ( line ) => line.className ) ), [], 'lines have room' );
		await me.look( 'group', `1280-${ look }` );
		await me.page.setViewportSize( PHONE );
		await inside( me.page, me.composer );
		await me.look( 'group', `400-${ look }` );
		me.good();
		return all;
	};
	const usual = await sizes( 'tokens' );
	const large = await sizes( 'tokens-large' );
	for ( const [ what, size ] of Object.entries( usual ) ) {
		assert.ok( large[ what ] / size >= ( what === 'composer' ? 1.1 : 1.15 ), `${ what } grows from ${ size } to ${ large[ what ] }` );
	}
	for ( const [ name, { heading, title, composer, bubble, name: row, preview, folder, time } ] of Object.entries( { usual, large } ) ) {
		assert.ok( heading > title && title > bubble && row > preview && folder > time && composer >= Math.max( 16, bubble ), `${ name }: ${ JSON.stringify( { usual, large } ) }` );
	}
} );

test( 'from right to left', async ( t ) => {
	const browser = await launch( t );
	const { mine, two, three } = await scene( browser, { locale: 'ar' } );
	await muPlugin( t, 'appearance', 'rtl', mine );
	const me = await openInbox( mine );
	assert.equal( await me.page.evaluate( () => document.documentElement.dir ), 'rtl' );
	await me.open( two.name );
	await me.sent( 'dog' ).waitFor();

	assert.ok( await middle( me.list ) > await middle( me.scroller ), 'the list is on the right' );
	assert.ok( await middle( me.message( 'photos' ) .locator( '.bubble' ) ) < await middle( me.message( 'lovely' ).locator( '.bubble' ) ), 'own messages are on the left' );
	assert.ok( await middle( me.send ) < await middle( me.composer ), 'Send is on the left' );
	const text = await me.row( two.name ).locator( '.row-title' ).boundingBox();
	assert.ok( await middle( me.row( two.name ).locator( '.avatar' ).first() ) > text.x + text.width / 2, 'faces are on the right' );
	await me.look( 'thread', '1280-rtl' );
	await me.moreOptions.click();
	await inside( me.page, me.menu );
	await me.look( 'menu', '1280-rtl' );
	await me.page.keyboard.press( 'Escape' );

	/** A field runs with the page while it is empty, then with what is in it. */
	const turns = async ( field ) => {
		for ( const [ text, direction ] of [ [ '', 'rtl' ], [ 'Hello', 'ltr' ], [ 'שלום', 'rtl' ], [ '', 'rtl' ] ] ) {
			await field.fill( text );
			assert.equal( await field.evaluate( ( element ) => getComputedStyle( element ).direction ), direction, `${ field } with “${ text }”` );
		}
	};
	await turns( me.composer );
	await me.choose( 'Report' );
	await me.dialog.waitFor();
	await turns( me.dialog.getByRole( 'textbox' ) );
	await me.confirm( 'Cancel' );
	await me.open( 'Neighbours of the old mill' );
	await me.element.getByRole( 'button', { name: '3 people' } ).click();
	await turns( me.groupName );
	await me.page.keyboard.press( 'Escape' );
	await me.newMessage.click();
	await me.addRecipient( two );
	await me.addRecipient( three );
	await turns( me.groupName );
	await me.look( 'new-message', '1280-rtl' );
	await me.open( two.name );
	await me.sent( 'dog' ).waitFor();

	await me.page.setViewportSize( PHONE );
	await inside( me.page, me.composer );
	assert.ok( await middle( me.back ) > PHONE.width / 2, 'Back is on the right' );
	await me.look( 'thread', '400-rtl' );
	await me.back.click();
	await me.row( two.name ).waitFor();
	await me.look( 'list', '400-rtl' );
	assert.ok( await me.page.evaluate( () => document.documentElement.scrollWidth <= window.innerWidth ) );
	me.good();
} );
