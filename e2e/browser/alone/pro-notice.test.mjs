import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, rest, signedIn } from '../harness.mjs';
import { mustUse, photograph } from '../owner/wp-admin.mjs';

// What Jetonomy Pro defines as far as it concerns this: its version, and a route of the same name.
const PRO = `define( 'JETONOMY_PRO_VERSION', '2.0.0' );
add_action( 'rest_api_init', function () {
	register_rest_route( 'jetonomy/v1', '/conversations', array(
		'methods'             => 'GET',
		'permission_callback' => '__return_true',
		'callback'            => function () { return array( 'answered_by' => 'Pro' ); },
	) );
} );
// As somebody who has not seen the notice yet.
add_action( 'admin_init', function () {
	if ( isset( $_GET['e2e-unseen'] ) ) {
		delete_user_meta( get_current_user_id(), 'jetonomy_sidecar_pro_notice_dismissed' );
	}
} );`;

test( 'beside Jetonomy Pro one notice says who serves the messages, until it is dismissed', async ( t ) => {
	const browser = await launch( t );
	const admin = await signedIn( browser, 'admin' );
	const page = await admin.newPage();
	const notice = page.locator( '.notice', { hasText: 'Private messages are served by Jetonomy Sidecar' } );

	await page.goto( '/wp-admin/' );
	assert.equal( await notice.count(), 0, 'without Pro there is no notice' );

	await mustUse( t, 'e2e-pro', PRO );
	await page.goto( '/wp-admin/?e2e-unseen' );
	await page.goto( '/wp-admin/' );
	assert.equal( await notice.count(), 1 );
	await photograph( page, 'pro-notice', '.notice:has([value="jetonomy_sidecar_dismiss_pro_notice"])', false );

	const { status, body } = await rest( admin, 'GET', 'jetonomy/v1/conversations' );
	assert.equal( status, 200 );
	assert.ok( Array.isArray( body.data ), JSON.stringify( body ) );

	await notice.getByRole( 'button', { name: 'Dismiss' } ).click();
	await page.locator( '#wpadminbar' ).waitFor();
	assert.equal( new URL( page.url() ).pathname, '/wp-admin/' );
	assert.equal( await notice.count(), 0 );
	await page.goto( '/wp-admin/plugins.php' );
	assert.equal( await notice.count(), 0, 'and it stays away' );
} );
