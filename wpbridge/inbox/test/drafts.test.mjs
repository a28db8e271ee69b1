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
