import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SEND, opened, queue, texts } from './sending.mjs';

test( 'drafts and the setting for Enter stay on the device', async () => {
	const { store, tab, device } = await opened();
	const person = { id: 2, login: 'member2', display_name: 'member2', avatar: '' };
	store.saveDraft( 0, { text: 'hi', title: 'T', recipients: [ person ], key: 'k' } );
	store.saveDraft( 1, { text: 'for one' } );
	store.enterSends = false;
	tab.close();
	const later = ( await device.tab() ).acquire();
	assert.deepEqual( later.draft( 0 ), { text: 'hi', title: 'T', recipients: [ person ], key: 'k' } );
	assert.deepEqual( later.draft( 1 ), { text: 'for one' } );
	assert.deepEqual( later.draft( 2 ), { text: '' } );
	assert.equal( later.enterSends, false );
	later.saveDraft( 1, { text: '' } );
	assert.equal( [ ...device.storage.values.keys() ].filter( ( key ) => key.includes( 'draft:1' ) ).length, 0 );
} );

test( 'all tabs have the same draft, until it is sent', async () => {
	const { store, server, clock, device } = await opened();
	const other = ( await device.tab() ).acquire();
	let told = 0;
	other.subscribe( () => told++ );
	await clock.settle();
	told = 0;
	store.saveDraft( 1, { text: 'A long letter' } );
	await clock.settle();
	assert.ok( told > 0 );
	assert.equal( other.draft( 1 ).text, 'A long letter' );
	store.send( 1, 'ok' );
	await clock.settle();
	assert.equal( other.draft( 1 ).text, 'A long letter', 'it was not what was sent' );
	store.addToDraft( 1, 'and more' );
	assert.equal( other.draft( 1 ).text, 'A long letter\nand more' );
	other.send( 1, 'A long letter\nand more' );
	assert.deepEqual( store.draft( 1 ), { text: '' } );
	store.addToDraft( 1, 'anew' );
	assert.deepEqual( other.draft( 1 ), { text: 'anew' } );
	await clock.settle();
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'ok', 'A long letter\nand more' ] );
} );

test( 'a tab that was frozen shows what others typed when it is seen again', async () => {
	const { store, clock, device, tab } = await opened();
	const other = ( await device.tab() ).acquire();
	tab.open = false;
	other.saveDraft( 1, { text: 'typed meanwhile' } );
	await clock.settle();
	tab.open = true;
	let told = 0;
	store.subscribe( () => told++ );
	tab.window.dispatchEvent( new Event( 'pageshow' ) );
	await Promise.resolve();
	assert.equal( told, 1, 'before any answer' );
	assert.equal( store.draft( 1 ).text, 'typed meanwhile' );
} );

test( 'another site of the same origin has drafts and messages on their way of its own', async () => {
	const { store, server, clock, tab, device } = await opened();
	device.connect( false );
	store.send( 1, 'for this site' );
	store.saveDraft( 1, { text: 'typed on this site' } );
	await clock.settle();
	tab.close();
	device.online = true;
	const other = ( await device.tab() ).acquire( { rest: 'https://site.test/other/index.php?rest_route=/', direct: '' } );
	other.open( 1 );
	await clock.go( 70_000 );
	assert.deepEqual( queue( other ), [] );
	assert.deepEqual( other.draft( 1 ), { text: '' } );
	assert.equal( server.requests( 'POST', SEND ).length, 0 );
	const back = ( await device.tab() ).acquire();
	await clock.settle();
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'for this site' ] );
	assert.equal( back.draft( 1 ).text, 'typed on this site' );
} );
