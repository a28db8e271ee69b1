import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints, launch, members, screenshot, signedIn } from '../harness.mjs';

/**
 * The part of the block editor that posts are written in, once it shows the post: until then the editor drops what
 * is inserted. It is a frame of its own unless some plugin's blocks are too old for that.
 */
async function editorCanvas( page ) {
	await page.locator( 'iframe[name=editor-canvas], .editor-styles-wrapper' ).first().waitFor();
	const canvas = await page.locator( 'iframe[name=editor-canvas]' ).count() ? page.frameLocator( 'iframe[name=editor-canvas]' ) : page;
	await canvas.getByRole( 'textbox', { name: 'Add title' } ).waitFor();
	return canvas;
}

test( 'the blocks and the shortcode', async ( t ) => {
	const browser = await launch( t );
	const admin = await signedIn( browser, 'admin' );
	const [ one, two ] = await members( 2 );
	const page = await admin.newPage();
	// The editor's welcome has a picture at s.w.org.
	const wrong = complaints( page, [ /s\.w\.org/ ] );
	let url = '';

	await t.test( 'are inserted in the block editor, which shows them', async () => {
		await page.goto( '/wp-admin/post-new.php' );
		await page.waitForFunction( () => window.wp?.blocks?.getBlockType( 'jetonomy-sidecar/message-button' ) );
		const canvas = await editorCanvas( page );
		await page.evaluate( ( login ) => {
			window.wp.data.dispatch( 'core/preferences' ).set( 'core/edit-post', 'welcomeGuide', false );
			const { createBlock } = window.wp.blocks;
			window.wp.data.dispatch( 'core/block-editor' ).insertBlocks( [
				createBlock( 'jetonomy-sidecar/messages-link' ),
				createBlock( 'jetonomy-sidecar/message-button', { user: login } ),
				createBlock( 'core/shortcode', { text: '[jetonomy_messages_link]' } ),
			] );
			window.wp.data.dispatch( 'core/editor' ).editPost( { title: 'Blocks of the plugin' } );
		}, two.login );
		await canvas.locator( '[data-type="jetonomy-sidecar/messages-link"]' ).getByText( 'Messages' ).first().waitFor();
		await canvas.locator( '[data-type="jetonomy-sidecar/message-button"]' ).getByText( 'Message' ).waitFor();
		await screenshot( page, 'owner/block-editor-1280' );
		await canvas.locator( '[data-type="jetonomy-sidecar/message-button"]' ).click();
		url = await page.evaluate( async () => {
			await window.wp.data.dispatch( 'core/editor' ).editPost( { status: 'publish' } );
			await window.wp.data.dispatch( 'core/editor' ).savePost();
			return window.wp.data.select( 'core/editor' ).getPermalink();
		} );
		assert.deepEqual( wrong, [] );
	} );

	await t.test( 'show a member the link and the button, which lead to the inbox and the composer', async () => {
		const member = await ( await signedIn( browser, one.login, { javaScriptEnabled: false } ) ).newPage();
		await member.goto( url );
		const content = member.locator( '.entry-content' );
		assert.equal( await content.getByRole( 'link', { name: 'Messages', exact: true } ).count(), 2 );
		await content.getByRole( 'link', { name: `Message ${ two.name }` } ).click();
		await member.getByLabel( 'To', { exact: true } ).waitFor();
		assert.equal( await member.getByLabel( 'To', { exact: true } ).inputValue(), two.login );
		await member.goto( url );
		await content.getByRole( 'link', { name: 'Messages', exact: true } ).first().click();
		await member.getByRole( 'heading', { level: 1, name: 'Messages' } ).waitFor();
	} );

	await t.test( 'show a stranger nothing, and nobody a button to themselves', async () => {
		const stranger = await ( await browser.newContext( { javaScriptEnabled: false } ) ).newPage();
		await stranger.goto( url );
		await stranger.getByRole( 'heading', { level: 1, name: 'Blocks of the plugin' } ).waitFor();
		assert.equal( await stranger.getByRole( 'link', { name: /^Message/ } ).count(), 0 );
		const self = await ( await signedIn( browser, two.login, { javaScriptEnabled: false } ) ).newPage();
		await self.goto( url );
		assert.equal( await self.getByRole( 'link', { name: `Message ${ two.name }` } ).count(), 0 );
	} );
} );
