/**
 * The members' pages in other themes, in a script that runs from right to left, and without pretty permalinks.
 * What differs is asked for by a cookie, so that other tests see nothing of it.
 */

import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { DESK, launch, members, PHONE, rest, runDir, screenshot, signedIn, siteUrl } from '../harness.mjs';

const content = path.join( runDir, 'wordpress/wp-content' );

const VARIANTS = `<?php
$e2e = $_COOKIE['e2e-variant'] ?? '';
if ( in_array( $e2e, array( 'e2e-classic', 'e2e-override' ), true ) ) {
	add_filter( 'pre_option_template', fn() => 'e2e-classic' );
	add_filter( 'pre_option_stylesheet', fn() => $e2e );
}
if ( 'plain' === $e2e ) {
	add_filter( 'pre_option_permalink_structure', fn() => '' );
}
if ( 'rtl' === $e2e ) {
	add_action( 'init', function () { $GLOBALS['wp_locale']->text_direction = 'rtl'; }, 0 );
}
`;

const THEMES = {
	'e2e-classic/style.css': '/*\nTheme Name: Classic\n*/\nbody { font-family: serif; margin: 0 auto; max-width: 60rem; }',
	'e2e-classic/functions.php': "<?php add_theme_support( 'title-tag' );",
	'e2e-classic/header.php': '<!DOCTYPE html><html <?php language_attributes(); ?>><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><?php wp_head(); ?></head><body <?php body_class(); ?>><?php wp_body_open(); ?><header>Classic header</header><main>',
	'e2e-classic/footer.php': '</main><footer>Classic footer</footer><?php wp_footer(); ?></body></html>',
	'e2e-classic/index.php': '<?php get_header(); get_footer();',
	'e2e-override/style.css': '/*\nTheme Name: Override\nTemplate: e2e-classic\n*/',
	'e2e-override/jetonomy/views/messages.php': '<p>The theme’s own inbox with <?php echo count( \\Jetonomy_Sidecar\\Member\\Page::current()->conversations ); ?> conversation</p>',
};

test( 'members’ pages elsewhere', async ( t ) => {
	const browser = await launch( t );
	const [ one, two ] = await members( 2 );
	const { body } = await rest( await signedIn( browser, two.login ), 'POST', 'jetonomy/v1/conversations', { recipients: [ one.id ], message: 'Hello **there**' } );
	const written = [ path.join( content, 'mu-plugins/e2e-variants.php' ), path.join( content, 'themes/e2e-classic' ), path.join( content, 'themes/e2e-override' ) ];
	t.after( () => Promise.all( written.map( ( file ) => rm( file, { recursive: true, force: true } ) ) ) );
	for ( const [ name, text ] of Object.entries( THEMES ) ) {
		const file = path.join( content, 'themes', name );
		await mkdir( path.dirname( file ), { recursive: true } );
		await writeFile( file, text );
	}
	await mkdir( path.dirname( written[ 0 ] ), { recursive: true } );
	await writeFile( written[ 0 ], VARIANTS );

	const open = async ( variant ) => {
		const context = await signedIn( browser, one.login, { javaScriptEnabled: false } );
		await context.addCookies( [ { name: 'e2e-variant', value: variant, url: siteUrl } ] );
		return context.newPage();
	};
	const look = async ( page, name ) => {
		for ( const size of [ DESK, PHONE ] ) {
			await page.setViewportSize( size );
			await screenshot( page, `member/${ name }-${ size.width }`, { fullPage: true } );
			const width = await page.evaluate( () => document.documentElement.scrollWidth );
			assert.ok( width <= size.width, `${ name }: ${ width } px wide at ${ size.width } px` );
		}
		await page.setViewportSize( DESK );
	};

	await t.test( 'a classic theme has its header and footer around them', async () => {
		const page = await open( 'e2e-classic' );
		await page.goto( '/community/messages/' );
		await page.getByText( 'Classic header' ).waitFor();
		await page.getByText( 'Classic footer' ).waitFor();
		await look( page, 'classic-inbox' );
		await page.locator( '.jt-msg-row', { hasText: two.name } ).getByRole( 'link' ).click();
		await page.locator( '.jt-msg-item strong', { hasText: 'there' } ).waitFor();
		await look( page, 'classic-thread' );
	} );

	await t.test( 'a theme’s own template takes the place of ours', async () => {
		const page = await open( 'e2e-override' );
		await page.goto( '/community/messages/' );
		await page.getByText( 'The theme’s own inbox with 1 conversation' ).waitFor();
		await page.goto( `/community/messages/${ body.conversation_id }/` );
		await page.locator( '.jt-msg-thread' ).waitFor();
	} );

	await t.test( 'from right to left', async () => {
		const page = await open( 'rtl' );
		await page.goto( `/community/messages/${ body.conversation_id }/` );
		assert.equal( await page.evaluate( () => getComputedStyle( document.querySelector( '.jt-msg' ) ).direction ), 'rtl' );
		await page.getByLabel( 'Your reply' ).fill( 'שלום' );
		await page.getByRole( 'button', { name: 'Send' } ).click();
		const mine = page.locator( '.jt-msg-item.is-own .jt-msg-item-box' );
		await mine.waitFor();
		const theirs = page.locator( '.jt-msg-item:not(.is-own) .jt-msg-item-box' );
		assert.ok( ( await mine.boundingBox() ).x < ( await theirs.boundingBox() ).x, 'one’s own messages are on the left' );
		await look( page, 'rtl-thread' );
		await page.goto( '/community/messages/' );
		await look( page, 'rtl-inbox' );
	} );

	await t.test( 'without pretty permalinks', async () => {
		const page = await open( 'plain' );
		const answer = await page.goto( '/?jetonomy_route=messages' );
		assert.equal( answer.status(), 200 );
		await page.locator( '.jt-msg-row', { hasText: two.name } ).getByRole( 'link' ).click();
		await page.waitForURL( /jetonomy_route=conversation/ );
		await page.getByLabel( 'Your reply' ).fill( 'By a query' );
		await page.getByRole( 'button', { name: 'Send' } ).click();
		await page.locator( '.jt-msg-item.is-own', { hasText: 'By a query' } ).waitFor();
	} );
} );
