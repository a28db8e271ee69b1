import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, php, signedIn } from '../harness.mjs';
import { mustUse, openExtensions, photograph, write } from '../owner/wp-admin.mjs';

const FAILURES = 'e2e/site/wordpress/failures.php';

/** Asks until what comes back is so; nobody tells of it. */
async function until( what, ask, isSo ) {
	for ( const deadline = Date.now() + 60_000; ; ) {
		const now = await ask();
		if ( isSo( now ) ) {
			return now;
		}
		assert.ok( Date.now() < deadline, `not in a minute: ${ what }, but ${ JSON.stringify( now ) }` );
	}
}

const failures = async ( ...args ) => JSON.parse( await php( FAILURES, ...args ) );

test( 'Site Health', async ( t ) => {
	const browser = await launch( t );
	const page = await ( await signedIn( browser, 'admin' ) ).newPage();
	const open = async () => {
		await page.goto( '/wp-admin/site-health.php' );
		await page.locator( '.site-health-progress-wrapper:not(.loading)' ).waitFor();
	};
	const entry = ( text ) => page.locator( '.health-check-accordion-trigger', { hasText: text } );

	await t.test( 'has the tests, which pass', async () => {
		await open();
		await page.getByRole( 'button', { name: 'Passed tests' } ).click();
		for ( const passed of [
			'The sidecar answers', 'The sidecar and its plugin have the same version', 'The clocks of WordPress and the sidecar agree',
			'The key shared with the sidecar is long enough', 'The web server passes private messages straight to the sidecar', 'WordPress is told of new private messages',
		] ) {
			await page.locator( '#health-check-issues-good' ).getByRole( 'button', { name: passed } ).waitFor();
		}
		await page.locator( '#health-check-issues-good' ).getByRole( 'button', { name: 'The sidecar answers' } ).click();
		await photograph( page, 'site-health-good', '.health-check-accordion-panel:not([hidden])', false );
	} );

	await t.test( 'tells of events that were given up, and tries them again', async ( step ) => {
		const [ one, two ] = await members( 2 );
		const remove = await mustUse( step, 'e2e-broken', `add_action( 'jetonomy_pro_message_sent', function ( $message, $conversation, $sender ) {
			if ( ${ one.id } === $sender ) {
				throw new RuntimeException( 'This listener is broken' );
			}
		}, 10, 3 );` );
		const before = await failures();
		await write( await signedIn( browser, one.login ), [ two.id ], 'Hello' );
		await until( 'the event failed', failures, ( { failed } ) => failed > before.failed );
		await failures( 'last-try' );
		await until( 'the event is given up', failures, ( { parked } ) => parked > before.parked );

		await openExtensions( page );
		await page.locator( '.jetonomy-sidecar-card' ).getByText( 'The last error was: RuntimeException in mu-plugins/e2e-broken.php' ).waitFor();
		await photograph( page, 'extensions-parked' );

		await open();
		await entry( /event.* about private messages .* given up/ ).click();
		await photograph( page, 'site-health-parked', '.health-check-accordion-panel:not([hidden])', false );
		await remove();
		await page.getByRole( 'button', { name: 'Try these events again' } ).click();
		await page.getByText( 'The events are tried again now.' ).waitFor();
		await until( 'the event is delivered', failures, ( { failed } ) => failed === before.failed );
		await open();
		assert.equal( await entry( /given up/ ).count(), 0 );
	} );
} );
