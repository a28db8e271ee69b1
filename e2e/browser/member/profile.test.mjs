import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESK, launch, members, PHONE, screenshot, signedIn } from '../harness.mjs';

const EMAIL = 'notification_preferences[private_message][email]';

test( 'the member’s own switches', async ( t ) => {
	const browser = await launch( t );
	const [ one ] = await members( 1 );
	const member = await signedIn( browser, one.login );
	const page = await member.newPage();
	const hasJetonomy = ( await member.request.get( '/community/' ) ).ok();

	await t.test( 'are with the other notification switches, on at first, and stay as they are chosen', async () => {
		const open = () => page.goto( hasJetonomy ? `/community/u/${ one.login }/edit/` : '/wp-admin/profile.php' );
		// Jetonomy draws a slider over its boxes.
		const box = () => ( hasJetonomy ? page.locator( `[name="${ EMAIL }"]` ) : page.getByLabel( 'Send me an email when messages stay unread' ) );
		await open();
		assert.equal( await box().isChecked(), true );
		for ( const size of [ DESK, PHONE ] ) {
			await page.setViewportSize( size );
			await box().evaluate( ( input ) => input.scrollIntoView( { block: 'center' } ) );
			await screenshot( page, `member/profile-${ size.width }` );
			const { left, right } = await box().evaluate( ( input ) => {
				const edges = input.closest( 'label' ).getBoundingClientRect();
				return { left: edges.left, right: edges.right };
			} );
			assert.ok( left >= 0 && right <= size.width, `the switch is from ${ left } to ${ right } px` );
		}
		await page.setViewportSize( DESK );
		await page.locator( 'label' ).filter( { has: box() } ).click();
		const saved = page.waitForNavigation();
		await page.getByRole( 'button', { name: /^(Save|Update Profile)/ } ).first().click();
		await saved;
		await open();
		assert.equal( await box().isChecked(), false );
	} );

	await t.test( 'are not where an administrator edits others', { timeout: 60_000 }, async () => {
		const admin = await ( await signedIn( browser, 'admin' ) ).newPage();
		await admin.goto( `/wp-admin/user-edit.php?user_id=${ one.id }` );
		await admin.getByRole( 'button', { name: 'Update User' } ).waitFor();
		assert.equal( await admin.getByLabel( 'Send me an email when messages stay unread' ).count(), 0 );
	} );
} );
