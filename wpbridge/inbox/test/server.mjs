/** The service that the tests put behind the API: it keeps conversations and answers like the real one. */

const json = ( status, body, headers = {} ) => ( {
	status,
	headers: new Headers( headers ),
	text: async () => ( typeof body === 'string' ? body : JSON.stringify( body ) ),
} );

export const refusal = ( status, code, data = {} ) => [ status, { code, message: `about ${ code }`, data: { status, ...data } } ];

/** The service and the WordPress in front of it, for member 1 and whoever writes to them. */
export class Server {
	conversations = new Map();
	keys = new Map();
	reports = [];
	log = [];
	/** Whether the service answers at the direct address. */
	fast = true;
	nonce = '0123456789';
	signedIn = 1;
	tokens = new Set();
	/** What to answer instead, by [method, pattern]: a function of the request, or undefined for the usual. */
	rules = [];
	/** Requests that wait until they are let go. */
	gates = [];
	#messageId = 0;
	#conversationId = 0;
	#tokenId = 0;

	constructor( clock ) {
		this.clock = clock;
	}

	conversation( count = 0, more = {} ) {
		const id = ++this.#conversationId;
		const conversation = { id, type: 'direct', messages: [], read: 0, mark: false, muted: false, archived: false, blocked: false, left: null, other: 2, title: `Conversation ${ id }`, ...more };
		this.conversations.set( id, conversation );
		for ( let i = 0; i < count; i++ ) {
			this.write( id );
		}
		return conversation;
	}

	/** Somebody writes; 2 unless said otherwise. */
	write( id, sender = 2, text = '' ) {
		const conversation = this.conversations.get( id );
		const message = { id: ++this.#messageId, sender, text: text || `text ${ this.#messageId }` };
		conversation.messages.push( message );
		conversation.archived = false;
		if ( sender === 1 ) {
			conversation.read = message.id;
			conversation.mark = false;
		}
		return message;
	}

	/** Answers like this from now on: `times` times, or for ever. */
	rule( method, pattern, answer, times = Infinity ) {
		this.rules.push( { method, pattern, answer, times } );
	}

	/** Holds the next request that fits: its answer comes when the returned function is called. */
	gate( method, pattern, when = 'before' ) {
		let open;
		const opened = new Promise( ( resolve ) => ( open = resolve ) );
		this.gates.push( { method, pattern, opened, when } );
		return open;
	}

	/** Requests that were made: method and path, with the query. */
	requests( method, pattern ) {
		return this.log.filter( ( one ) => one.method === method && pattern.test( one.path ) );
	}

	texts( id ) {
		return this.conversations.get( id ).messages.map( ( one ) => one.text );
	}

	async fetch( tab, url, init ) {
		const { pathname, searchParams, hostname } = new URL( url );
		if ( hostname !== 'site.test' ) {
			throw new TypeError( 'Failed to fetch' );
		}
		if ( pathname.endsWith( 'admin-ajax.php' ) ) {
			this.log.push( { method: init.method, path: 'renew', via: 'renew' } );
			return this.signedIn ? json( 200, this.nonce ) : json( 400, '0' );
		}
		const direct = pathname.startsWith( '/wp-json/' );
		const path = direct ? pathname.slice( '/wp-json/'.length ) : searchParams.get( 'rest_route' ).slice( 1 );
		searchParams.delete( 'rest_route' );
		const query = Object.fromEntries( searchParams );
		const request = {
			method: init.method,
			path: path.replace( 'jetonomy/v1/', '' ),
			query,
			body: init.body ? JSON.parse( init.body ) : {},
			key: init.headers[ 'Idempotency-Key' ],
			via: direct ? 'direct' : 'wordpress',
			init,
			tab,
		};
		this.log.push( request );
		if ( path === 'jetonomy-sidecar/v1/token' ) {
			const [ status, body ] = this.#override( request ) ?? this.#token( init );
			return json( status, body );
		}
		const gate = this.gates.findIndex( ( one ) => one.method === request.method && one.pattern.test( request.path ) );
		const held = gate >= 0 ? this.gates.splice( gate, 1 )[ 0 ] : null;
		const wait = () =>
			Promise.race( [
				held.opened,
				new Promise( ( _, reject ) => init.signal.addEventListener( 'abort', () => reject( new DOMException( 'aborted', 'AbortError' ) ) ) ),
			] );
		if ( held?.when === 'before' ) {
			await wait();
		}
		const answer = this.#override( request ) ?? this.#authorized( request ) ?? this.#answer( request );
		if ( held?.when === 'after' ) {
			await wait();
		}
		if ( answer instanceof Error ) {
			throw answer;
		}
		return json( answer[ 0 ], answer[ 1 ], {
			...( direct && this.fast && { 'X-Jetonomy-Sidecar': '1.0' } ),
			...answer[ 2 ],
		} );
	}

	#override( request ) {
		for ( const rule of this.rules ) {
			if ( rule.times > 0 && rule.method === request.method && rule.pattern.test( request.path ) ) {
				const answer = rule.answer( request );
				if ( answer !== undefined ) {
					rule.times--;
					return answer;
				}
			}
		}
	}

	#token( init ) {
		if ( ! this.signedIn ) {
			return refusal( 403, 'rest_cookie_invalid_nonce' );
		}
		if ( init.headers[ 'X-WP-Nonce' ] !== this.nonce ) {
			return refusal( 403, 'rest_cookie_invalid_nonce' );
		}
		const payload = btoa( JSON.stringify( { sub: String( this.signedIn ) } ) );
		const token = `h.${ payload }.s${ ++this.#tokenId }`;
		this.tokens.add( token );
		return [ 200, { token, expires_in: 600 } ];
	}

	#authorized( { init, via } ) {
		const token = init.headers.Authorization?.replace( 'Bearer ', '' );
		if ( via === 'direct' ) {
			return this.tokens.has( token ) ? undefined : refusal( 401, 'jetonomy_invalid_token' );
		}
		return this.signedIn && init.headers[ 'X-WP-Nonce' ] === this.nonce ? undefined : refusal( 403, 'rest_cookie_invalid_nonce' );
	}

	#unread( it ) {
		return it.mark || it.messages.some( ( one ) => one.id > it.read && one.sender !== 1 );
	}

	shape( it ) {
		const last = it.messages.at( -1 );
		const newer = it.messages.filter( ( one ) => one.id > it.read ).length;
		return {
			id: it.id,
			type: it.type,
			title: it.title,
			created_by: 2,
			participants: [ 1, it.other ].map( ( one ) => ( { id: one, login: `member${ one }`, display_name: `member${ one }`, avatar: '', joined_at: null, left_at: null } ) ),
			last_message_id: last?.id ?? 0,
			last_message_at: null,
			last_message_preview: last?.text ?? null,
			last_message_is_own: last?.sender === 1 && ! last.system,
			message_count: it.messages.length,
			unread: this.#unread( it ),
			unread_count: this.#unread( it ) ? Math.max( 1, newer ) : 0,
			last_read_message_id: it.read,
			is_muted: it.muted,
			is_archived: it.archived,
			is_blocked: it.blocked,
			left_at: it.left,
			created_at: null,
			updated_at: null,
		};
	}

	#message( it, message ) {
		return {
			id: message.id,
			conversation_id: it.id,
			sender_id: message.sender,
			sender_name: `member${ message.sender }`,
			sender_avatar: '',
			content: `<p>${ message.text }</p>`,
			content_plain: message.text,
			is_system: message.system ?? false,
			is_own: message.sender === 1,
			created_at: null,
		};
	}

	unreadCount() {
		return [ ...this.conversations.values() ].filter( ( it ) => ! it.archived && ! it.left && this.#unread( it ) ).length;
	}

	#answer( request ) {
		const { method, path, query, body } = request;
		const [ first, second, third ] = path.split( '/' );
		if ( first !== 'conversations' ) {
			return refusal( 404, 'rest_no_route' );
		}
		if ( second === 'unread-count' ) {
			const count = this.unreadCount();
			return [ 200, { count } ];
		}
		if ( second === 'read-all' ) {
			for ( const it of this.conversations.values() ) {
				it.read = it.messages.at( -1 )?.id ?? 0;
				it.mark = false;
			}
			return [ 200, { success: true, count: 0 } ];
		}
		if ( second === undefined ) {
			return method === 'GET' ? this.#list( query ) : this.#once( request, () => this.#start( body ) );
		}
		const it = this.conversations.get( Number( second ) );
		if ( ! it || it.left ) {
			return refusal( 403, 'jetonomy_forbidden' );
		}
		if ( third === 'messages' && method === 'GET' ) {
			return this.#messages( it, query );
		}
		if ( third === 'messages' ) {
			return this.#once( request, () => [ 201, this.#message( it, this.write( it.id, 1, body.content ) ) ] );
		}
		if ( third === 'report' ) {
			return this.#once( request, () => this.#report( it, body ) );
		}
		switch ( third ) {
			case 'mute':
				it.muted = body.muted;
				break;
			case 'archive':
				it.archived = body.archived;
				break;
			case 'block':
				it.blocked = body.blocked;
				break;
			case 'leave':
				it.left = 'now';
				break;
			case 'read':
				if ( body.unread ) {
					it.mark = true;
				} else {
					it.read = Math.max( it.read, body.message_id );
					it.mark = false;
				}
		}
		if ( method === 'PATCH' ) {
			it.title = body.title;
		}
		return [ 200, this.shape( it ) ];
	}

	/** A report of the same that is still open is answered again. */
	#report( it, { message_id = null, reason, note } ) {
		const known = this.reports.findIndex( ( one ) => one.conversation === it.id && one.message_id === message_id );
		const number = known < 0 ? this.reports.push( { conversation: it.id, message_id, reason, note } ) : known + 1;
		return [ known < 0 ? 201 : 200, { id: number, conversation_id: it.id, message_id, success: true } ];
	}

	#start( body ) {
		const it = this.conversation( 0, { title: body.title ?? 'New' } );
		this.write( it.id, 1, body.message );
		return [ 201, this.shape( it ) ];
	}

	/** Client keys: the same wish gives the first answer, another one 409. */
	#once( { key, path, body }, run ) {
		const wish = path + JSON.stringify( body );
		const known = this.keys.get( key );
		if ( known ) {
			return known.wish === wish ? known.answer : refusal( 409, 'jetonomy_idempotency_conflict' );
		}
		const answer = run();
		if ( key ) {
			this.keys.set( key, { wish, answer } );
		}
		return answer;
	}

	#list( { filter, search = '', with: other, limit, cursor } ) {
		const rows = [ ...this.conversations.values() ]
			.filter( ( it ) => ! it.left && ( filter === 'all' || it.archived === ( filter === 'archived' ) ) )
			.filter( ( it ) => ! other || ( it.type === 'direct' && it.other === Number( other ) ) )
			.filter( ( it ) => filter !== 'unread' || this.#unread( it ) )
			.filter( ( it ) => it.title.toLowerCase().includes( search.toLowerCase() ) )
			.map( ( it ) => this.shape( it ) )
			.sort( ( a, b ) => b.last_message_id - a.last_message_id || b.id - a.id )
			.filter( ( row ) => ! cursor || row.last_message_id < Number( cursor ) );
		return this.#page( rows, Number( limit ?? 20 ), ( row ) => String( row.last_message_id ) );
	}

	#messages( it, { before, after, limit } ) {
		let rows = [ ...it.messages ];
		if ( after !== undefined ) {
			rows = rows.filter( ( one ) => one.id > Number( after ) );
		} else {
			rows = rows.reverse().filter( ( one ) => before === undefined || one.id < Number( before ) );
		}
		const [ status, page ] = this.#page( rows, Number( limit ), ( one ) => `msg_${ one.id }` );
		page.data = page.data.map( ( one ) => this.#message( it, one ) );
		Object.assign( page.meta, {
			last_message_id: it.messages.at( -1 )?.id ?? 0,
			last_read_message_id: it.read,
			unread: this.#unread( it ),
		} );
		return [ status, page ];
	}

	#page( rows, limit, cursor ) {
		const data = rows.slice( 0, limit );
		const more = rows.length > limit;
		return [ 200, { data, meta: { count: data.length, has_more: more, cursor_next: more ? cursor( data.at( -1 ) ) : null, total: rows.length, offset: 0 } } ];
	}
}
