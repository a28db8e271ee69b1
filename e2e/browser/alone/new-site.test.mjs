/**
 * A new site owner: a fresh WordPress, the zip that `jetonomy-sidecar plugin` writes, migrate and serve with
 * --wp-config alone, the switch, and a first message. A site of its own beside the one of the other tests.
 */

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DESK, launch, runDir, screenshot } from '../harness.mjs';

const run = promisify( execFile );
const root = path.resolve( fileURLToPath( import.meta.url ), '../../../..' );
const program = path.join( runDir, 'jetonomy-sidecar' );
const site = path.join( runDir, 'new-site' );

/** Ports that nobody listens on. */
async function freePorts( count ) {
	const servers = await Promise.all( Array.from( { length: count }, async () => {
		const server = createServer().listen( 0, '127.0.0.1' );
		await once( server, 'listening' );
		return server;
	} ) );
	const ports = servers.map( ( server ) => server.address().port );
	await Promise.all( servers.map( async ( server ) => {
		server.close();
		await once( server, 'close' );
	} ) );
	return ports;
}

test( 'a new owner installs the plugin, starts the service, enables messaging and writes', { timeout: 240_000 }, async ( t ) => {
	const [ sitePort, sidecarPort, internalPort ] = await freePorts( 3 );
	const own = Object.fromEntries( Object.entries( process.env ).filter( ( [ name ] ) => ! /^(SIDECAR_|SITE_|WORDPRESS_|JETONOMY_DIR$)/.test( name ) ) );
	const siteEnv = { ...own, RUN_DIR: site };
	await run( path.join( root, 'e2e/site/clean' ), { env: siteEnv } );
	t.after( () => run( path.join( root, 'e2e/site/clean' ), { env: siteEnv } ) );
	await run( path.join( root, 'e2e/site/up' ), {
		env: { ...siteEnv, SITE_PORT: String( sitePort ), SIDECAR_PORT: String( sidecarPort ), PLUGIN_DIR: 'none', WORDPRESS_DIR: process.env.WORDPRESS_DIR },
	} );
	const config = path.join( site, 'wordpress/wp-config.php' );
	const zip = path.join( site, 'jetonomy-sidecar.zip' );
	// Only where it listens is other than a new owner has it, as these ports may be taken here.
	const serviceEnv = { ...own, SIDECAR_LISTEN: `127.0.0.1:${ sidecarPort }`, SIDECAR_INTERNAL_LISTEN: `127.0.0.1:${ internalPort }` };

	const browser = await launch( t );
	const signIn = async ( login ) => {
		const context = await browser.newContext( { viewport: DESK, baseURL: `http://127.0.0.1:${ sitePort }`, locale: 'en-US' } );
		const page = await context.newPage();
		await page.goto( '/wp-login.php' );
		await page.getByLabel( 'Username or Email Address' ).fill( login );
		await page.getByLabel( 'Password', { exact: true } ).fill( login );
		await page.getByRole( 'button', { name: 'Log In' } ).click();
		await page.locator( '#wpadminbar' ).waitFor();
		return context;
	};
	// The pages of messages as they are without scripts, in the same session.
	const withoutScripts = async ( context ) =>
		( await browser.newContext( { viewport: DESK, baseURL: `http://127.0.0.1:${ sitePort }`, javaScriptEnabled: false, storageState: await context.storageState() } ) ).newPage();

	const owner = await signIn( 'admin' );
	const page = await owner.newPage();

	await t.test( 'uploads and activates the zip', async () => {
		await run( program, [ 'plugin', '--out', zip ], { env: own } );
		await page.goto( '/wp-admin/plugin-install.php?tab=upload' );
		await page.locator( 'input[name=pluginzip]' ).setInputFiles( zip );
		await page.locator( '#install-plugin-submit' ).click();
		await page.getByText( 'Plugin installed successfully.' ).waitFor();
		await page.getByRole( 'link', { name: 'Activate Plugin' } ).click();
		await page.getByText( 'Plugin activated.' ).waitFor();
	} );

	await t.test( 'finds the card, which says what is missing', async () => {
		await page.locator( 'tr[data-plugin="jetonomy-sidecar/jetonomy-sidecar.php"] .extensions a' ).click();
		const card = page.locator( '.jetonomy-sidecar-card' );
		await card.getByText( 'The sidecar does not answer' ).waitFor();
		await card.getByText( `Nothing answers at http://127.0.0.1:${ sidecarPort }` ).waitFor();
		await screenshot( page, 'owner/new-site-before-1280', { fullPage: true } );
	} );

	await t.test( 'runs migrate and serve', async ( step ) => {
		await run( program, [ 'migrate', '--wp-config', config ], { env: serviceEnv } );
		const service = spawn( program, [ 'serve', '--wp-config', config ], { env: serviceEnv, stdio: 'ignore' } );
		t.after( async () => {
			service.kill();
			if ( service.exitCode === null && service.signalCode === null ) {
				await once( service, 'exit' );
			}
		} );
		await new Promise( ( resolve, reject ) => {
			const ask = setInterval( async () => {
				const answer = await fetch( `http://127.0.0.1:${ internalPort }/readyz` ).catch( () => null );
				if ( answer?.ok ) {
					clearInterval( ask );
					resolve();
				}
			}, 100 );
			service.once( 'exit', ( code ) => {
				clearInterval( ask );
				reject( new Error( `serve ends with ${ code }` ) );
			} );
			step.signal.addEventListener( 'abort', () => clearInterval( ask ) );
		} );
	} );

	await t.test( 'clicks Enable', async () => {
		await page.reload();
		await page.getByText( 'The sidecar answers' ).waitFor();
		const theSwitch = page.getByRole( 'switch', { name: 'Private Messaging Enable', exact: true } );
		assert.equal( await theSwitch.getAttribute( 'aria-checked' ), 'false' );
		await theSwitch.click();
		await page.getByText( 'Private Messaging is on.' ).waitFor();
		await screenshot( page, 'owner/new-site-enabled-1280', { fullPage: true } );
	} );

	await t.test( 'sends a message, and it arrives', async () => {
		const writer = await withoutScripts( owner );
		await writer.goto( '/community/messages/?to=member1' );
		await writer.getByLabel( 'Message', { exact: true } ).fill( 'Welcome to the **community**' );
		await writer.getByRole( 'button', { name: 'Send' } ).click();
		await writer.locator( '.jt-msg-item.is-own', { hasText: 'Welcome to the community' } ).waitFor();

		const reader = await withoutScripts( await signIn( 'member1' ) );
		await reader.goto( '/community/messages/' );
		const row = reader.locator( '.jt-msg-row.is-unread', { hasText: 'Admin' } );
		await row.getByRole( 'link' ).click();
		await reader.locator( '.jt-msg-item-text strong', { hasText: 'community' } ).waitFor();
		await screenshot( reader, 'owner/new-site-message-1280', { fullPage: true } );
		await reader.getByLabel( 'Your reply' ).fill( 'Thank you' );
		await reader.getByRole( 'button', { name: 'Send' } ).click();
		await writer.reload();
		await writer.locator( '.jt-msg-item:not(.is-own)', { hasText: 'Thank you' } ).waitFor();
	} );
} );
