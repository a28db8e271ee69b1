import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf, refusal, world } from './world.mjs';

async function opened( prepare = () => {} ) {
	const all = world();
	prepare( all.server );
	const tab = await all.device.tab();
	const store = tab.acquire();
	await all.clock.settle();
	return { ...all, tab, store };
}

const ways = ( server ) => [ ...new Set( server.log.filter( ( one ) => one.path.startsWith( 'conversations' ) ).map( ( one ) => one.via ) ) ];

test( 'stays direct where the service answers by itself, with a token and without the cookie', async () => {
	const { server, clock, store } = await opened( ( s ) => s.conversation( 3 ) );
	await clock.go( 120_000 );
	assert.deepEqual( ways( server ), [ 'direct' ] );
	assert.equal( store.list.rows.length, 1 );
	for ( const { init, via } of server.log.filter( ( one ) => one.via === 'direct' ) ) {
		assert.equal( init.credentials, 'omit', via );
		assert.match( init.headers.Authorization, /^Bearer / );
	}
	assert.equal( server.requests( 'POST', /token/ ).length, 1, 'one token for all' );
} );

test( 'goes through WordPress where it answers at the direct address, found out once', async () => {
	const { server, clock, store } = await opened( ( s ) => {
		s.fast = false;
		s.conversation( 3 );
	} );
	await clock.go( 120_000 );
	assert.equal( store.list.status, 'ready' );
	assert.equal( server.log.filter( ( one ) => one.via === 'direct' ).length, 1 );
	const later = server.log.filter( ( one ) => one.via === 'wordpress' && one.path.startsWith( 'conversations' ) );
	assert.ok( later.length > 4 );
	assert.ok( later.every( ( { init } ) => init.headers[ 'X-WP-Nonce' ] && ! init.headers.Authorization ) );
} );

test( 'goes through WordPress where the direct address is a page that nobody knows, or loses the token', async () => {
	for ( const [ fast, answer ] of [
		[ false, () => [ 404, '<html>' ] ],
		[ true, () => refusal( 401, 'rest_not_logged_in' ) ],
	] ) {
		const { store, server } = await opened( ( s ) => {
			s.fast = fast;
			s.conversation( 1 );
			s.rule( 'GET', /./, ( request ) => ( request.via === 'direct' ? answer() : undefined ) );
		} );
		assert.equal( store.list.rows.length, 1 );
		assert.equal( store.connection, 'ok' );
		assert.ok( ways( server ).includes( 'wordpress' ) );
	}
} );

test( 'a service that is down at first is looked for again', async () => {
	const { server, clock, store } = await opened( ( s ) => {
		s.conversation( 1 );
		s.fast = false;
		s.rule( 'GET', /./, () => ( s.down ? refusal( 503, 'jetonomy_sidecar_unavailable' ) : undefined ) );
		s.down = true;
	} );
	assert.equal( store.connection, 'unavailable' );
	assert.equal( store.list.status, 'failed' );
	assert.equal( store.list.problem.kind, 'unavailable' );
	server.down = false;
	server.fast = true;
	await clock.go( 130_000 );
	assert.equal( store.connection, 'ok' );
	assert.equal( store.list.rows.length, 1 );
	assert.equal( server.log.at( -1 ).via, 'direct' );
} );

test( 'renews the token before it ends, and when it is refused', async () => {
	const { server, clock, store } = await opened( ( s ) => s.conversation( 1 ) );
	await clock.go( 500_000 );
	assert.equal( server.requests( 'POST', /token/ ).length, 1 );
	await clock.go( 60_000 );
	assert.equal( server.requests( 'POST', /token/ ).length, 2 );
	server.tokens.clear();
	await clock.go( 40_000 );
	assert.equal( server.requests( 'POST', /token/ ).length, 3 );
	assert.equal( store.connection, 'ok' );
} );

test( 'a service that refuses fresh tokens is asked through WordPress', async () => {
	const { server, clock, store } = await opened( ( s ) => s.conversation( 1 ) );
	const refused = ( request ) => ( request.via === 'direct' ? refusal( 401, 'jetonomy_invalid_token' ) : undefined );
	server.rule( 'GET', /^conversations/, refused );
	server.rule( 'POST', /^conversations/, refused );
	store.send( 1, 'hello' );
	await clock.settle();
	assert.equal( store.connection, 'ok' );
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'hello' ] );
	await clock.go( 120_000 );
	assert.equal( store.connection, 'ok' );
	assert.equal( store.unread, 0 );
	const before = server.log.length;
	await clock.go( 120_000 );
	assert.ok( server.log.slice( before ).every( ( one ) => one.via === 'wordpress' ), 'it is not tried with every request' );
} );

test( 'renews a nonce of yesterday, once for all requests that wait for it', async () => {
	for ( const fast of [ true, false ] ) {
		const { server, store } = await opened( ( s ) => {
			s.fast = fast;
			s.nonce = 'abcdef0123';
			s.conversation( 1 );
		} );
		assert.equal( store.list.rows.length, 1 );
		assert.equal( server.requests( 'GET', /^renew$/ ).length, 1 );
	}
} );

test( 'a nonce that several requests find stale is renewed once', async () => {
	const { device, server, clock } = world();
	server.conversation( 1 );
	server.nonce = 'abcdef0123';
	const tab = await device.tab();
	const letGo = [ server.gate( 'GET', /unread-count/, 'after' ), server.gate( 'GET', /^conversations$/, 'after' ) ];
	const store = tab.inbox.acquire( configOf( 1, { direct: '' } ) );
	await clock.settle();
	letGo.forEach( ( open ) => open() );
	await clock.settle();
	assert.equal( store.list.rows.length, 1 );
	assert.equal( store.unread, 1 );
	assert.equal( server.requests( 'GET', /^renew$/ ).length, 1 );
} );

test( 'signed out: says so, stops asking, and goes on after a refresh', async () => {
	const { server, clock, store } = await opened( ( s ) => s.conversation( 1 ) );
	assert.equal( store.unread, 1 );
	server.signedIn = 0;
	server.tokens.clear();
	await clock.go( 40_000 );
	assert.equal( store.connection, 'session' );
	assert.equal( store.unread, 0 );
	assert.equal( store.list.rows.length, 1, 'what was read stays' );
	const asked = server.log.length;
	await clock.go( 3600_000 );
	assert.equal( server.log.length, asked );
	server.signedIn = 1;
	store.refresh();
	await clock.settle();
	assert.equal( store.connection, 'ok' );
	assert.equal( store.unread, 1 );
} );

const signOut = async ( { server, clock, store } ) => {
	server.signedIn = 0;
	server.tokens.clear();
	store.refresh();
	await clock.settle();
	assert.equal( store.connection, 'session' );
};

test( 'signed out: whoever signed in elsewhere and comes back goes on, and what waited is sent', async () => {
	const all = await opened( ( s ) => s.conversation( 1 ) );
	const { server, clock, store, tab } = all;
	await signOut( all );
	store.send( 1, 'hello' );
	tab.look( false );
	server.signedIn = 1;
	server.nonce = 'abcdef0123';
	await clock.go( 60_000 );
	assert.equal( store.connection, 'session', 'nobody looks' );
	tab.look( true );
	await clock.settle();
	assert.equal( store.connection, 'ok' );
	assert.deepEqual( server.texts( 1 ).slice( 1 ), [ 'hello' ] );
	assert.equal( store.list.rows[ 0 ].last_message_preview, 'hello' );
} );

test( 'signed out: it is asked again once in ten seconds, however often one looks', async () => {
	const all = await opened( ( s ) => s.conversation( 1 ) );
	const { server, clock, store, tab } = all;
	await signOut( all );
	const asked = () => server.requests( 'POST', /token/ ).length;
	const before = asked();
	for ( let i = 0; i < 20; i++ ) {
		tab.look( false );
		tab.look( true );
		await clock.go( 1_000 );
	}
	assert.equal( asked() - before, 2 );
	assert.equal( store.connection, 'session' );
} );

test( 'signed out: another tab in which it works says so', async () => {
	const all = await opened( ( s ) => s.conversation( 1 ) );
	const { server, clock, store, device } = all;
	await signOut( all );
	server.signedIn = 1;
	const other = ( await device.tab() ).acquire();
	await clock.settle();
	assert.equal( other.unread, 1 );
	assert.equal( store.connection, 'ok' );
	assert.equal( store.unread, 1 );
} );

test( 'another member who signed in meanwhile is never asked for', async () => {
	for ( const fast of [ true, false ] ) {
		const { server, clock, store } = await opened( ( s ) => {
			s.fast = fast;
			s.conversation( 1 );
		} );
		server.signedIn = 2;
		server.nonce = 'fedcba9876';
		server.tokens.clear();
		const before = server.log.length;
		await clock.go( 400_000 );
		assert.equal( store.connection, 'session' );
		const served = server.log.slice( before ).filter( ( one ) => one.init?.headers[ 'X-WP-Nonce' ] === 'fedcba9876' && one.path.startsWith( 'conv' ) );
		assert.deepEqual( served, [] );
	}
} );

test( 'switched off: ends, and is on again for whoever comes back or tries again', async () => {
	const { server, clock, store, tab } = await opened( ( s ) => s.conversation( 1 ) );
	let off = true;
	server.rule( 'GET', /./, () => ( off ? refusal( 404, 'rest_no_route' ) : undefined ) );
	await clock.go( 40_000 );
	assert.equal( store.connection, 'off' );
	const asked = server.log.length;
	await clock.go( 3600_000 );
	assert.equal( server.log.length, asked );
	tab.look( true );
	await clock.settle();
	assert.equal( store.connection, 'off' );
	assert.equal( store.unread, 0 );
	off = false;
	tab.look( true );
	await clock.settle();
	assert.equal( store.connection, 'off', 'it was asked just now' );
	await clock.go( 10_000 );
	tab.look( true );
	await clock.settle();
	assert.equal( store.connection, 'ok' );
	assert.equal( store.unread, 1 );
	off = true;
	await clock.go( 40_000 );
	assert.equal( store.connection, 'off' );
	off = false;
	store.refresh();
	await clock.settle();
	assert.equal( store.connection, 'ok' );
} );

test( 'an answer that does not come is unavailable after 10 seconds', async () => {
	const all = world();
	all.server.conversation( 1 );
	const tab = await all.device.tab();
	const store = tab.acquire();
	await all.clock.settle();
	all.server.gate( 'GET', /^conversations$/ );
	store.show( 'archived' );
	await all.clock.go( 9_000 );
	assert.equal( store.list.status, 'loading' );
	await all.clock.go( 2_000 );
	assert.equal( store.list.status, 'failed' );
	assert.equal( store.list.problem.kind, 'unavailable' );
} );

test( 'offline: asks nothing, and at once when the network is back', async () => {
	const { server, clock, store, device } = await opened( ( s ) => s.conversation( 1 ) );
	device.connect( false );
	assert.equal( store.connection, 'offline' );
	const asked = server.log.length;
	await clock.go( 90_000 );
	assert.equal( server.log.length, asked );
	server.write( 1 );
	device.connect( true );
	await clock.settle();
	assert.equal( store.connection, 'ok' );
	assert.equal( store.list.rows[ 0 ].last_message_id, 2 );
} );

test( 'what failed is told in kinds', async () => {
	const { server, store } = await opened( ( s ) => s.conversation( 1 ) );
	const cases = [
		[ refusal( 400, 'rest_invalid_param' ), { kind: 'invalid', code: 'rest_invalid_param' } ],
		[ refusal( 409, 'jetonomy_idempotency_conflict' ), { kind: 'invalid' } ],
		[ refusal( 413, 'jetonomy_body_too_large' ), { kind: 'invalid' } ],
		[ refusal( 403, 'jetonomy_cannot_message' ), { kind: 'refused', message: 'about jetonomy_cannot_message' } ],
		[ refusal( 429, 'jetonomy_rate_limited', { retry_after: 7 } ), { kind: 'limited', retryAfter: 7 } ],
		[ [ 429, '<html>', { 'Retry-After': '9' } ], { kind: 'limited', code: '', retryAfter: 9 } ],
		[ refusal( 500, 'jetonomy_internal_error' ), { kind: 'unavailable' } ],
		[ [ 502, '<html>' ], { kind: 'unavailable', code: '' } ],
		[ [ 200, '<html>' ], { kind: 'unavailable' } ],
		[ new TypeError( 'Failed to fetch' ), { kind: 'unavailable' } ],
		[ [ 418, '{}' ], { kind: 'unknown' } ],
		[ refusal( 404, 'rest_no_route' ), { kind: 'off' } ],
	];
	for ( const [ answer, expected ] of cases ) {
		server.rule( 'POST', /mute/, () => answer, 1 );
		await assert.rejects( store.mute( 1, true ), ( problem ) => {
			for ( const [ name, value ] of Object.entries( expected ) ) {
				assert.equal( problem[ name ], value, `${ name } of ${ JSON.stringify( answer ) }` );
			}
			return true;
		} );
		assert.equal( store.list.rows[ 0 ].is_muted, false );
	}
} );

test( 'a failure makes polls rarer, up to 5 minutes; success brings them back', async () => {
	const { server, clock } = await opened( ( s ) => s.conversation( 1 ) );
	server.rule( 'GET', /^conversations$/, () => ( server.down ? [ 503, '' ] : undefined ) );
	server.down = true;
	const times = [];
	for ( let i = 0; i < 200; i++ ) {
		const before = server.requests( 'GET', /^conversations$/ ).length;
		await clock.go( 10_000 );
		if ( server.requests( 'GET', /^conversations$/ ).length > before ) {
			times.push( clock.now );
		}
	}
	const gaps = times.slice( 1 ).map( ( at, i ) => at - times[ i ] );
	assert.deepEqual( gaps.slice( 0, 4 ), [ 60_000, 120_000, 240_000, 300_000 ] );
	assert.equal( Math.max( ...gaps ), 300_000 );
	server.down = false;
	await clock.go( 300_000 );
	const before = server.requests( 'GET', /^conversations$/ ).length;
	await clock.go( 60_000 );
	assert.equal( server.requests( 'GET', /^conversations$/ ).length - before, 2 );
} );

test( 'addresses have their parameters joined with what the root has', async () => {
	const { device } = world();
	const { inbox } = await device.tab();
	assert.equal( inbox.address( 'https://a/wp-json/', 'x', { a: 1, b: undefined } ), 'https://a/wp-json/x?a=1' );
	assert.equal( inbox.address( 'https://a/wp-json', 'x' ), 'https://a/wp-json/x' );
	assert.equal( inbox.address( 'https://a/?rest_route=/', 'x', { q: 'a&b' } ), 'https://a/?rest_route=/x&q=a%26b' );
} );

test( 'a page that says no direct address asks for no token', async () => {
	const { device, server, clock } = world();
	server.conversation( 1 );
	const tab = await device.tab();
	const store = tab.inbox.acquire( configOf( 1, { direct: '' } ) );
	await clock.settle();
	assert.equal( store.list.rows.length, 1 );
	assert.equal( server.requests( 'POST', /token/ ).length, 0 );
} );
