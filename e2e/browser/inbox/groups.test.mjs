/**
 * A group of five, seen by those who stay and by who leaves.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, members, PHONE, screenshot, signedIn } from '../harness.mjs';
import { FAILED_REQUEST, openInbox } from './inbox.mjs';

test( 'a group of five', async ( t ) => {
	const browser = await launch( t );
	const people = await members( 6 );
	const [ one, two, three, four, five, six ] = people;
	const contexts = await Promise.all( [ one, two, three ].map( ( { login } ) => signedIn( browser, login ) ) );
	const me = await openInbox( contexts[ 0 ] );
	const TITLE = 'Garden <days> & more';
	let path;

	await t.test( 'is begun with four others and a name', async () => {
		await me.newMessage.click();
		await me.addRecipient( two );
		assert.equal( await me.groupName.count(), 0 );
		for ( const person of [ three, four, five ] ) {
			await me.addRecipient( person );
		}
		await me.groupName.fill( TITLE );
		await me.composer.fill( 'Shall we meet on Sunday?' );
		await me.look( 'new-group' );
		await me.composer.press( 'Enter' );
		await me.heading( TITLE ).waitFor();
		await me.sent( 'Shall we meet on Sunday?' ).waitFor();
		path = new URL( me.page.url() ).pathname.split( '/messages/' )[ 1 ];
		await me.row( TITLE ).waitFor();
	} );

	const second = await openInbox( contexts[ 1 ], path );
	const third = await openInbox( contexts[ 2 ], path );

	await t.test( 'shows who is in it, and who says what', async () => {
		await second.write( 'Gladly!' );
		await second.sent( 'Gladly!' ).waitFor();
		await second.write( 'I bring cake.' );
		await second.sent( 'I bring cake.' ).waitFor();
		await third.hint();
		await third.message( 'I bring cake.' ).waitFor();
		// One name for a run of messages.
		assert.equal( await third.log.locator( '.sender', { hasText: two.name } ).count(), 1 );
		await third.element.getByRole( 'button', { name: '5 people' } ).click();
		const panel = third.element.getByRole( 'dialog', { name: '5 people' } );
		await panel.waitFor();
		const names = await panel.getByRole( 'listitem' ).allInnerTexts();
		assert.equal( names.length, 5 );
		for ( const { login } of people.slice( 0, 5 ) ) {
			assert.ok( names.some( ( text ) => text.includes( `@${ login }` ) ), login );
		}
		await third.look( 'group-people' );
		await third.page.keyboard.press( 'Escape' );
		await panel.waitFor( { state: 'hidden' } );
		assert.equal( await third.focused(), await third.element.getByRole( 'button', { name: '5 people' } ).evaluate( ( button ) => `${ button.localName }` ) );
		await third.look( 'group' );
	} );

	await t.test( 'leaving is asked for, and can be given up', async () => {
		await third.choose( 'Leave group' );
		await third.dialog.getByText( 'You will no longer see this conversation' ).waitFor();
		await third.look( 'dialog' );
		await third.confirm( 'Cancel' );
		await third.heading( TITLE ).waitFor();
		await third.choose( 'Leave group' );
		await third.confirm( 'Leave' );
		await third.toastSays( `You have left “${ TITLE }”.` );
		assert.match( new URL( third.page.url() ).pathname, /\/messages\/$/ );
		await third.row( 'Garden.*' ).waitFor( { state: 'detached' } );
		await third.look();
	} );

	await t.test( 'those who stay see a note, and four people', async () => {
		await me.hint();
		await me.note( `${ three.name } left the conversation` ).waitFor();
		await me.element.getByRole( 'button', { name: '4 people' } ).waitFor();
		await me.look();
		// Who left cannot come back by the address.
		const gone = await openInbox( contexts[ 2 ], path, { expected: [ FAILED_REQUEST ] } );
		await gone.alert.getByText( 'You are not part of this conversation.' ).waitFor();
		assert.equal( await gone.page.getByText( 'Shall we meet on Sunday?' ).count(), 0 );
		await gone.look();
		gone.good();
	} );

	await t.test( 'gets another name and one more', async () => {
		await me.element.getByRole( 'button', { name: '4 people' } ).click();
		const panel = me.element.getByRole( 'dialog', { name: '4 people' } );
		await panel.getByRole( 'textbox', { name: 'Group name' } ).fill( 'Sunday' );
		await panel.getByRole( 'button', { name: 'Save' } ).click();
		await me.toastSays( 'The group has a new name.' );
		await me.heading( 'Sunday' ).waitFor();
		await me.element.getByRole( 'button', { name: '4 people' } ).click();
		await panel.getByRole( 'combobox', { name: 'Add people' } ).fill( six.login );
		await panel.getByRole( 'option' ).filter( { hasText: `@${ six.login }` } ).click();
		await panel.getByRole( 'button', { name: 'Add 1 person' } ).click();
		await me.element.getByRole( 'button', { name: '5 people' } ).waitFor();
		await me.note( `${ one.name } added ${ six.name }` ).waitFor();
		await second.hint();
		await second.heading( 'Sunday' ).waitFor();
		await second.note( `${ one.name } added ${ six.name }` ).waitFor();
	} );

	await t.test( 'on a phone', async () => {
		const phone = await openInbox( await signedIn( browser, two.login, { viewport: PHONE } ), path );
		await phone.sent( 'I bring cake.' ).waitFor();
		await phone.look( 'group' );
		await phone.element.getByRole( 'button', { name: '5 people' } ).click();
		await phone.element.getByRole( 'dialog', { name: '5 people' } ).waitFor();
		await phone.look();
		await screenshot( phone.page, 'inbox/group-people-400-light' );
		phone.good();
	} );

	[ me, second, third ].forEach( ( inbox ) => inbox.good() );
} );
