import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints, DESK, launch, members, PHONE, rest, screenshot, signedIn } from '../harness.mjs';
import { photograph, WORDPRESS_FAULTS, write } from './wp-admin.mjs';

test( 'a member’s messaging', async ( t ) => {
	const browser = await launch( t );
	const admin = await signedIn( browser, 'admin' );
	const [ member, ...others ] = await members( 5 );
	const contexts = await Promise.all( [ member, ...others ].map( ( { login } ) => signedIn( browser, login ) ) );

	// The member blocks three others; a fourth blocks the member.
	for ( const other of others ) {
		const conversation = await write( contexts[ 0 ], [ other.id ], `Hello ${ other.name }` );
		const blocker = other === others[ 3 ] ? contexts[ 4 ] : contexts[ 0 ];
		const { status } = await rest( blocker, 'POST', `jetonomy/v1/conversations/${ conversation }/block`, { blocked: true } );
		assert.equal( status, 200 );
	}

	const open = async ( page ) => {
		await page.goto( `/wp-admin/users.php?s=${ member.login }` );
		const row = page.locator( `#user-${ member.id }` );
		await row.hover();
		await row.getByRole( 'link', { name: `Messaging of ${ member.name }` } ).click();
		await page.getByRole( 'heading', { name: `Messaging: ${ member.name }` } ).waitFor();
	};

	const made = ( page ) => page.locator( 'table.jetonomy-sidecar-blocks' ).first().locator( 'tbody tr' );

	await t.test( 'WordPress’s list of users leads to it', async () => {
		const page = await admin.newPage();
		await open( page );
		await page.goto( `/wp-admin/users.php?s=${ member.login }` );
		await page.locator( `#user-${ member.id }` ).hover();
		await screenshot( page, 'owner/users-1280' );
	} );

	// Only where Jetonomy is there is its list.
	if ( await ( await admin.request.get( '/wp-admin/admin.php?page=jetonomy-users' ) ).ok() ) {
		await t.test( 'Jetonomy’s list of users leads to it', async () => {
			const page = await admin.newPage();
			for ( const size of [ PHONE, DESK ] ) {
				await page.setViewportSize( size );
				await page.goto( '/wp-admin/admin.php?page=jetonomy-users' );
				await page.locator( 'tr[data-user-id]' ).first().hover();
				await screenshot( page, `owner/jetonomy-users-${ size.width }` );
			}
			const row = page.locator( 'tr[data-user-id]' ).first();
			const id = await row.getAttribute( 'data-user-id' );
			await row.getByRole( 'link', { name: 'Messaging' } ).click();
			await page.getByRole( 'heading', { name: /^Messaging: / } ).waitFor();
			assert.equal( new URL( page.url() ).searchParams.get( 'user' ), id );
		} );
	}

	// Jetonomy's own blocks stop messages, too.
	if ( ( await rest( contexts[ 4 ], 'POST', 'jetonomy/v1/users/me/blocks', { user_id: member.id } ) ).status < 300 ) {
		await t.test( 'it shows blocks in the whole community, and clears none of them', async () => {
			const page = await admin.newPage();
			await open( page );
			const row = page.locator( 'table.jetonomy-sidecar-community-blocks tbody tr' );
			assert.deepEqual( ( await row.locator( 'td' ).allInnerTexts() ).slice( 0, 2 ), [ others[ 3 ].name, member.name ] );
			assert.equal( await row.getByRole( 'link' ).count(), 0 );
			await photograph( page, 'member-community-blocks' );
		} );
	}

	await t.test( 'the user editor leads to it', async () => {
		const page = await admin.newPage();
		await page.goto( `/wp-admin/user-edit.php?user_id=${ member.id }` );
		await photograph( page, 'user-editor', 'table:has(a[href*="jetonomy-sidecar-member"])', false );
		await page.getByRole( 'link', { name: 'Blocks and counts' } ).click();
		await page.getByRole( 'heading', { name: `Messaging: ${ member.name }` } ).waitFor();
	} );

	await t.test( 'it has counts, whom they blocked and who blocked them, since when', async () => {
		const page = await admin.newPage();
		const wrong = complaints( page, WORDPRESS_FAULTS );
		await open( page );
		const counts = page.locator( '.jetonomy-sidecar-counts' );
		assert.deepEqual( await counts.locator( 'dt' ).allInnerTexts(), [ 'Conversations', 'Messages sent' ] );
		assert.deepEqual( await counts.locator( 'dd' ).allInnerTexts(), [ '4', '4' ] );
		assert.deepEqual(
			( await made( page ).locator( 'td:first-child' ).allInnerTexts() ).sort(),
			others.slice( 0, 3 ).map( ( { name } ) => name )
		);
		const received = page.locator( 'table.jetonomy-sidecar-blocks' ).nth( 1 ).locator( 'tbody tr' );
		assert.match( await received.innerText(), new RegExp( `${ others[ 3 ].name }[^]*${ new Date().getUTCFullYear() }` ) );
		await photograph( page, 'member' );
		assert.deepEqual( wrong, [] );
	} );

	await t.test( 'one block is cleared after a question, logged, and the two can write again', async () => {
		const page = await admin.newPage();
		await open( page );
		await page.getByRole( 'link', { name: `Clear … (${ others[ 0 ].name })` } ).click();
		await page.getByRole( 'heading', { name: `Clear the block that ${ member.name } has made against ${ others[ 0 ].name }?` } ).waitFor();
		await photograph( page, 'member-clear-one' );
		await page.getByRole( 'link', { name: 'Cancel' } ).click();
		await page.getByRole( 'heading', { name: `Blocked by ${ member.name }` } ).waitFor();
		assert.equal( await made( page ).count(), 3, 'Cancel clears nothing' );

		const send = () => rest( contexts[ 1 ], 'POST', 'jetonomy/v1/conversations', { recipients: [ member.id ], message: 'Again' } );
		assert.equal( ( await send() ).status, 403 );
		await page.getByRole( 'link', { name: `Clear … (${ others[ 0 ].name })` } ).click();
		await page.getByRole( 'button', { name: 'Clear this block' } ).click();
		await page.getByText( '1 block cleared.', { exact: true } ).waitFor();
		assert.equal( await made( page ).count(), 2 );
		const log = page.locator( '.jetonomy-sidecar-log li' );
		assert.match( await log.first().innerText(), new RegExp( `Admin.*${ member.name }.*${ others[ 0 ].name }` ) );
		assert.ok( [ 200, 201 ].includes( ( await send() ).status ) );
		await photograph( page, 'member-cleared' );
	} );

	await t.test( 'all are cleared after a question, and logged', async () => {
		const page = await admin.newPage();
		await open( page );
		await page.getByRole( 'link', { name: /^Clear all \d …$/ } ).first().click();
		await page.getByRole( 'heading', { name: `Clear all blocks that ${ member.name } has made?` } ).waitFor();
		await photograph( page, 'member-clear-all' );
		await page.getByRole( 'button', { name: 'Clear all' } ).click();
		await page.getByText( '2 blocks cleared.', { exact: true } ).waitFor();
		await page.getByRole( 'heading', { name: `Blocked by ${ member.name }` } ).waitFor();
		assert.equal( await page.locator( 'table.jetonomy-sidecar-blocks' ).count(), 1, 'those that others made stay' );
		assert.match( await page.locator( '.jetonomy-sidecar-log li' ).first().innerText(), /Admin.*2/ );
	} );

	await t.test( 'a form of another time or without its nonce is refused, and so is who may not', async () => {
		const form = { action: 'jetonomy_sidecar_clear_blocks', user: member.id, other: others[ 3 ].id, direction: 'received' };
		assert.equal( ( await admin.request.post( '/wp-admin/admin-post.php', { form } ) ).status(), 403 );
		const page = await admin.newPage();
		await page.goto( `/wp-admin/admin.php?page=jetonomy-sidecar-member&user=${ member.id }&clear=received&other=${ others[ 3 ].id }` );
		const nonce = await page.locator( '.wrap [name=_wpnonce]' ).inputValue();
		assert.equal( ( await contexts[ 0 ].request.post( '/wp-admin/admin-post.php', { form: { ...form, _wpnonce: nonce } } ) ).status(), 403 );
		assert.equal( ( await contexts[ 0 ].request.get( page.url() ) ).status(), 403 );
		await page.goto( `/wp-admin/admin.php?page=jetonomy-sidecar-member&user=${ member.id }` );
		await page.locator( 'table.jetonomy-sidecar-blocks' ).getByText( others[ 3 ].name ).waitFor();
	} );
} );
