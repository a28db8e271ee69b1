/**
 * What every browser test starts from: the site of SITE_URL, Debian's chromium, members that are signed in,
 * screenshots below RUN_DIR/screenshots, and axe.
 *
 *     . .run/env && npm ci --prefix e2e/browser && node --test e2e/browser/member/
 *
 * A test file has members of its own, so files run beside each other on one site; those that stop the service,
 * or change what the whole site sees, are in alone/. Nothing here skips: what is missing fails.
 */

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, copyFile, mkdir, readFile, rm, rmdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const run = promisify( execFile );
const require = createRequire( import.meta.url );
const root = path.resolve( fileURLToPath( import.meta.url ), '../../..' );

const setting = ( name ) => {
	if ( ! process.env[ name ] ) {
		throw new Error( `${ name } is not set: run \`make up\` and \`. .run/env\` first, or \`make test\`` );
	}
	return process.env[ name ];
};

export const siteUrl = setting( 'SITE_URL' ).replace( /\/$/, '' );
const wordpressDir = setting( 'WORDPRESS_DIR' );
export const runDir = path.dirname( wordpressDir );

/** The two widths that every page is looked at in, in px. */
export const DESK = { width: 1280, height: 800 };
export const PHONE = { width: 400, height: 800 };

/** Starts a browser that ends with the test (or suite) whose context is given. */
export async function launch( t ) {
	const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
	await access( executablePath );
	const browser = await chromium.launch( {
		executablePath,
		// Chromium refuses its sandbox to root, and /dev/shm is small in containers.
		args: [ '--no-sandbox', '--disable-dev-shm-usage' ],
	} );
	t.after( () => browser.close() );
	return browser;
}

/**
 * Makes members who nobody has written to yet: members( 2 ) gives two logins, member1-… and member2-…. Their
 * display names are "Member 1", "Member 2"; a password is the login.
 *
 * @param {number} count How many.
 * @return {Promise<{login: string, id: number, name: string}[]>} The members.
 */
export async function members( count ) {
	const mark = randomBytes( 3 ).toString( 'hex' );
	const logins = Array.from( { length: count }, ( _, n ) => `member${ n + 1 }-${ mark }` );
	const ids = JSON.parse( await php( 'e2e/site/wordpress/members.php', ...logins ) );
	return logins.map( ( login, n ) => ( { login, id: ids[ login ], name: `Member ${ n + 1 }` } ) );
}

/** Runs a PHP script of the project in the site's WordPress (it requires load.php) and gives what it prints. */
export async function php( script, ...args ) {
	const { stdout } = await run( 'php', [ path.join( root, script ), ...args.map( String ) ], {
		env: { ...process.env, WORDPRESS: wordpressDir },
		maxBuffer: 64 << 20,
	} );
	return stdout;
}

/** Stops or starts the service. The test that stops it must not run beside others, and starts it again. */
export async function service( action ) {
	await run( path.join( root, 'e2e/site/service' ), [ action ], { env: { ...process.env, RUN_DIR: runDir } } );
}

/**
 * A browser context in which somebody is signed in, as after wp-login.php.
 *
 * @param {import('playwright-core').Browser} browser The browser.
 * @param {string}                            login   Whose; the password is the same.
 * @param {Object}                            options For Browser.newContext(), such as viewport and colorScheme.
 */
export async function signedIn( browser, login, options = {} ) {
	const context = await browser.newContext( { viewport: DESK, baseURL: siteUrl, locale: 'en-US', ...options } );
	// A slow machine, or one with much else to do: races of a test show there first.
	if ( process.env.CHROMIUM_SLOWDOWN ) {
		context.on( 'page', async ( page ) => {
			const debugging = await context.newCDPSession( page );
			await debugging.send( 'Emulation.setCPUThrottlingRate', { rate: Number( process.env.CHROMIUM_SLOWDOWN ) } );
		} );
	}
	context.setDefaultNavigationTimeout( 60_000 );
	await context.route( 'https://*.gravatar.com/**', ( route ) => route.fulfill( { contentType: 'image/svg+xml', body: picture( route.request().url() ) } ) );
	// WordPress keeps a user's sessions in one row, which it reads, changes and writes: of two who sign in at the
	// same moment one would be signed out again.
	const answer = await alone( `sign-in-${ login }`, () => context.request.post( `${ siteUrl }/wp-login.php`, {
		form: { log: login, pwd: login, testcookie: '1', 'wp-submit': 'Log In', redirect_to: `${ siteUrl }/wp-admin/profile.php` },
		headers: { Cookie: 'wordpress_test_cookie=WP%20Cookie%20check' },
		maxRedirects: 0,
	} ) );
	if ( answer.status() !== 302 ) {
		throw new Error( `${ login } cannot sign in: ${ answer.status() }` );
	}
	return context;
}

/** Does something while no other test, of whatever file, does what has this name. */
async function alone( name, act ) {
	const folder = path.join( runDir, 'tmp', name );
	await until( `${ folder } is free (left behind by a run that was killed, it may be removed)`, () => mkdir( folder ).then( () => true, ( error ) => {
		if ( error.code !== 'EEXIST' ) {
			throw error;
		}
		return false;
	} ) );
	try {
		return await act();
	} finally {
		await rmdir( folder );
	}
}

/** In place of Gravatar's, which no test asks: a disc in a colour of the address's own. */
function picture( url ) {
	const hue = [ ...url ].reduce( ( sum, letter ) => ( sum * 31 + letter.codePointAt( 0 ) ) % 360, 7 );
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="hsl(${ hue } 45% 75%)"/>` +
		`<circle cx="4" cy="3" r="1.6" fill="hsl(${ hue } 40% 40%)"/><path d="M1 8a3 3 0 0 1 6 0z" fill="hsl(${ hue } 40% 40%)"/></svg>`;
}

/**
 * Calls the REST API as the member who is signed in in a context, with cookie and nonce.
 *
 * @param {import('playwright-core').BrowserContext} context Who calls.
 * @param {string}                                   method  GET, POST, …
 * @param {string}                                   route   Such as jetonomy/v1/conversations.
 * @param {Object}                                   data    Body, sent as JSON.
 * @return {Promise<{status: number, body: any}>} The answer.
 */
export async function rest( context, method, route, data ) {
	const nonce = await ( await context.request.get( `${ siteUrl }/wp-admin/admin-ajax.php?action=rest-nonce` ) ).text();
	const answer = await context.request.fetch( `${ siteUrl }/wp-json/${ route }`, {
		method,
		headers: { 'X-WP-Nonce': nonce.trim() },
		...( data === undefined ? {} : { data } ),
	} );
	return { status: answer.status(), body: await answer.json() };
}

/** What nobody's script does: the browser animates from page to page as wp-admin's styles say, and gave up on a slow machine. */
const BROWSER_FAULTS = [ /Transition was aborted because of invalid state/ ];

/**
 * Collects what goes wrong in a page without anybody noticing: exceptions and console errors. The answer is a
 * list that grows. A request that the test makes fail on purpose belongs in the list of what is expected.
 *
 * @param {import('playwright-core').Page} page     The page.
 * @param {RegExp[]}                       expected What may be there.
 */
export function complaints( page, expected = [] ) {
	const found = [];
	const note = ( text ) => [ ...BROWSER_FAULTS, ...expected ].some( ( known ) => known.test( text ) ) || found.push( text );
	page.on( 'pageerror', ( error ) => note( `exception: ${ error.stack || error.message }` ) );
	page.on( 'console', ( message ) => message.type() === 'error' && note( `console: ${ message.text() } (${ message.location().url })` ) );
	return found;
}

/**
 * Waits until something is so that no page shows: asks again and again, and fails after a minute.
 *
 * @param {string}                            what For the failure.
 * @param {() => Promise<boolean> | boolean} is   Asks once.
 */
export async function until( what, is ) {
	const end = Date.now() + 60_000;
	while ( ! ( await is() ) ) {
		if ( Date.now() > end ) {
			throw new Error( `after a minute it is still not so: ${ what }` );
		}
		await pause( 100 );
	}
}

/**
 * Puts a fixture into wp-content/mu-plugins until the test ends. It has to keep to requests with a cookie of its
 * own, which the contexts that are given have then, as tests run beside each other.
 */
export async function muPlugin( t, name, value, ...contexts ) {
	const folder = path.join( wordpressDir, 'wp-content/mu-plugins' );
	const file = path.join( folder, `${ name }-${ randomBytes( 3 ).toString( 'hex' ) }.php` );
	await mkdir( folder, { recursive: true } );
	await copyFile( path.join( root, 'e2e/browser/fixtures', `${ name }.php` ), file );
	t.after( () => rm( file ) );
	for ( const context of contexts ) {
		await context.addCookies( [ { name, value, url: siteUrl } ] );
	}
}

/** Keeps a picture of the page in RUN_DIR/screenshots/NAME.png, for people to look at. */
export async function screenshot( page, name, options = {} ) {
	const file = path.join( runDir, 'screenshots', `${ name }.png` );
	await mkdir( path.dirname( file ), { recursive: true } );
	await page.screenshot( { path: file, ...options } );
	return file;
}

const axeSource = readFile( require.resolve( 'axe-core/axe.min.js' ), 'utf8' );

/**
 * What axe-core finds wrong in a page, or in the part that a selector names; shadow trees are looked into. One
 * line per violation.
 *
 * @param {import('playwright-core').Page} page     The page.
 * @param {string}                         selector The part; the whole document without it.
 */
export async function violations( page, selector = undefined ) {
	const source = await axeSource;
	// A page under a strict Content-Security-Policy takes no script element, but what the debugger evaluates.
	await page.evaluate( source );
	const result = await page.evaluate( ( part ) => window.axe.run( part ?? document ), selector );
	return result.violations.flatMap( ( { id, help, nodes } ) =>
		nodes.map( ( node ) => `${ id }: ${ help } at ${ node.target.flat().join( ' ' ) } (${ node.failureSummary?.replace( /\s+/g, ' ' ) })` )
	);
}

/** What of a part of the page is seen beyond the left or the right edge of the window; WordPress hides row actions there. */
export function beyondEdge( page, part ) {
	return page.evaluate(
		( selector ) =>
			[ ...document.querySelectorAll( `${ selector }, ${ selector } *` ) ]
				.filter( ( element ) => element.checkVisibility( { visibilityProperty: true } ) && ! element.closest( '.screen-reader-text, .row-actions' ) )
				.filter( ( element ) => {
					const { left, right, width } = element.getBoundingClientRect();
					return width > 1 && ( left < -1 || right > document.documentElement.clientWidth + 1 );
				} )
				.map( ( element ) => `${ element.tagName } ${ element.className } ${ element.textContent.trim().slice( 0, 40 ) }` ),
		part
	);
}
