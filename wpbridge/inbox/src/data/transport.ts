import { Failure, fromAnswer, noAnswer } from './problem.ts';
import { host } from './host.ts';

/** What is needed to ask anything. */
export interface Access {
	/** The reader's id; 0 where the page does not say. */
	user: number;
	/** WordPress's REST root, which may have a query (?rest_route=/). */
	rest: string;
	/** Where the service may answer by itself; '' for nowhere. */
	direct: string;
	nonce: string;
	renew: string;
}

export interface Ask {
	/** Query parameters; undefined ones are left out. */
	query?: Record<string, string | number | boolean | undefined>;
	/** Makes it a JSON body. */
	body?: Record<string, unknown>;
	/** Client key: the service does the same wish of the same member only once. */
	key?: string;
	/** Ends it with an AbortError. */
	signal?: AbortSignal;
	/** Let it finish when the page goes away. */
	keepalive?: boolean;
}

type Method = 'GET' | 'POST' | 'PATCH';

/** How a request reaches the service. */
type Way = 'direct' | 'wordpress';

interface Answer {
	status: number;
	headers: Headers;
	/** undefined where it is no JSON. */
	body: unknown;
}

const NAMESPACE = 'jetonomy/v1/';
const TOKEN_ROUTE = 'jetonomy-sidecar/v1/token';
/** The service puts it on its answers, and WordPress does not pass it on. */
const OWN_HEADER = 'X-Jetonomy-Sidecar';
const TIME_TO_READ = 10_000;
/** The proxy in WordPress gives up after 2 seconds; a phone's radio may take longer than that to wake up. */
const TIME_TO_WRITE = 15_000;
/** A token is renewed this long before it ends. */
const TOKEN_MARGIN = 60_000;

/** The address of a REST route, for pretty permalinks and for ?rest_route=. */
export function address( root: string, path: string, query: Ask[ 'query' ] = {} ): string {
	const url = root.replace( /\/?$/, '/' ) + path;
	const parameters = new URLSearchParams();
	for ( const [ name, value ] of Object.entries( query ) ) {
		if ( value !== undefined ) {
			parameters.set( name, String( value ) );
		}
	}
	const tail = parameters.toString();
	return tail === '' ? url : url + ( url.includes( '?' ) ? '&' : '?' ) + tail;
}

/**
 * Asks the API for one member: with a token where the service answers by itself, else through WordPress with the
 * session cookie. Which of the two is found out with the first read. Every failure is thrown as a Failure, except
 * the AbortError of the caller's own signal.
 */
export class Transport {
	private way: Way | null = null;
	private finding: Promise<Answer> | null = null;
	private token = '';
	private tokenEnds = 0;
	private asksToken: Promise<string> | null = null;
	private nonce: string;
	private renewing: Promise<void> | null = null;

	/** @param heard Told how every request ended: null for an answer that is good. */
	constructor( private access: Access, private readonly heard: ( failure: Failure | null ) => void ) {
		this.nonce = access.nonce;
		this.way = access.direct === '' ? 'wordpress' : null;
	}

	/** A newer page of the same site and member, whose nonce is younger. */
	refresh( access: Access ): void {
		if ( access.nonce !== this.access.nonce ) {
			this.nonce = access.nonce;
		}
		if ( this.access.direct === '' && access.direct !== '' ) {
			this.way = null;
		}
		this.access = access;
	}

	/** Forgets the token, as when the member signed out. */
	forget(): void {
		this.token = '';
		this.tokenEnds = 0;
	}

	async request<T>( method: Method, path: string, ask: Ask = {} ): Promise<T> {
		try {
			const body = await this.body( method, path, ask );
			this.heard( null );
			return body as T;
		} catch ( error ) {
			if ( error instanceof Failure ) {
				if ( error.kind === 'session' ) {
					this.forget();
				}
				this.heard( error );
			}
			throw error;
		}
	}

	private async body( method: Method, path: string, ask: Ask ): Promise<unknown> {
		if ( ! host().online() ) {
			throw new Failure( 'offline' );
		}
		const answer = await this.answer( method, path, ask );
		if ( answer.status < 200 || answer.status >= 300 ) {
			throw fromAnswer( answer.status, answer.headers, answer.body );
		}
		if ( answer.body === undefined ) {
			throw new Failure( 'unavailable' ); // A page of something in between.
		}
		return answer.body;
	}

	private async answer( method: Method, path: string, ask: Ask ): Promise<Answer> {
		if ( this.way === null ) {
			const isFirst = this.finding === null;
			// A write never tries the way out: without an answer nobody could tell whether it was done.
			const reads = method === 'GET';
			this.finding ??= ( reads ? this.find( path, ask ) : this.find( 'conversations/unread-count', {} ) ).finally( () => {
				this.finding = null;
			} );
			if ( isFirst && reads ) {
				return this.finding;
			}
			await this.finding.catch( () => undefined );
		}
		if ( this.way !== 'direct' ) {
			return this.throughWordPress( method, path, ask );
		}
		const answer = await this.direct( method, path, ask );
		if ( answer.status === 401 ) {
			// For a fresh token: keys or clocks differ. Whether the member is signed in, WordPress knows.
			this.way = null;
			return this.throughWordPress( method, path, ask );
		}
		if ( ! answer.headers.has( OWN_HEADER ) && answer.status < 500 ) {
			this.way = null; // Somebody else answers there now.
		}
		return answer;
	}

	/** Reads over the direct way where that works, and remembers whether it does. */
	private async find( path: string, ask: Ask ): Promise<Answer> {
		let direct: Answer | null = null;
		try {
			direct = await this.direct( 'GET', path, ask );
		} catch ( error ) {
			if ( ask.signal?.aborted || ! ( error instanceof Failure ) || error.kind !== 'unavailable' ) {
				throw error;
			}
		}
		// A 401 for a fresh token: something on the way takes the header out.
		if ( direct && direct.headers.has( OWN_HEADER ) && direct.status !== 401 ) {
			this.way = 'direct';
			return direct;
		}
		if ( direct && direct.status < 300 && direct.body !== undefined ) {
			this.way = 'wordpress'; // WordPress stands there too.
			return direct;
		}
		const answer = await this.throughWordPress( 'GET', path, ask );
		if ( answer.status < 500 && ( ( direct && direct.status < 500 ) || answer.status < 400 ) ) {
			this.way = 'wordpress';
		}
		return answer;
	}

	private async direct( method: Method, path: string, ask: Ask ): Promise<Answer> {
		for ( let attempt = 0; ; attempt++ ) {
			const token = await this.freshToken();
			const answer = await this.fetch( address( this.access.direct, NAMESPACE + path, ask.query ), method, ask, {
				credentials: 'omit', // The token says who asks.
				headers: { Authorization: `Bearer ${ token }` },
			} );
			if ( answer.status !== 401 || attempt > 0 ) {
				return answer;
			}
			if ( this.token === token ) {
				this.forget();
			}
		}
	}

	private async throughWordPress( method: Method, path: string, ask: Ask ): Promise<Answer> {
		for ( let attempt = 0; ; attempt++ ) {
			const nonce = this.nonce;
			const answer = await this.fetch( address( this.access.rest, NAMESPACE + path, ask.query ), method, ask, {
				credentials: 'same-origin',
				headers: { 'X-WP-Nonce': nonce },
			} );
			if ( attempt > 0 || ! isNonceRefused( answer ) ) {
				return answer;
			}
			await this.renewNonce( nonce );
		}
	}

	/** A token that is good for some time, for the member this page belongs to. */
	private freshToken(): Promise<string> {
		if ( this.token && host().now() < this.tokenEnds ) {
			return Promise.resolve( this.token );
		}
		this.asksToken ??= this.askToken().finally( () => {
			this.asksToken = null;
		} );
		return this.asksToken;
	}

	private async askToken(): Promise<string> {
		for ( let attempt = 0; ; attempt++ ) {
			const nonce = this.nonce;
			const answer = await this.postToken( nonce );
			if ( answer.status === 200 ) {
				return this.takeToken( answer.body );
			}
			if ( attempt > 0 || ! isNonceRefused( answer ) ) {
				throw fromAnswer( answer.status, answer.headers, answer.body );
			}
			await this.renewNonce( nonce );
			if ( this.token && host().now() < this.tokenEnds ) {
				return this.token;
			}
		}
	}

	private postToken( nonce: string ): Promise<Answer> {
		return this.fetch( address( this.access.rest, TOKEN_ROUTE ), 'POST', {}, {
			credentials: 'same-origin',
			headers: { 'X-WP-Nonce': nonce },
		} );
	}

	private takeToken( body: unknown ): string {
		const { token, expires_in: expiresIn } = ( body ?? {} ) as { token?: unknown; expires_in?: unknown };
		if ( typeof token !== 'string' || typeof expiresIn !== 'number' ) {
			throw new Failure( 'unavailable' );
		}
		if ( this.access.user > 0 && subject( token ) !== String( this.access.user ) ) {
			// Somebody else signed in on this device: nothing here is theirs.
			throw new Failure( 'session', 'jetonomy_other_member' );
		}
		this.token = token;
		this.tokenEnds = host().now() + Math.max( 0, expiresIn * 1000 - TOKEN_MARGIN );
		return token;
	}

	/** Replaces a nonce that a page of yesterday has, unless somebody else replaced it meanwhile. */
	private async renewNonce( refused: string ): Promise<void> {
		if ( this.nonce !== refused ) {
			return;
		}
		this.renewing ??= this.askNonce().finally( () => {
			this.renewing = null;
		} );
		await this.renewing;
	}

	private async askNonce(): Promise<void> {
		if ( this.access.renew === '' ) {
			throw new Failure( 'session', 'rest_cookie_invalid_nonce' );
		}
		const answer = await this.fetch( this.access.renew, 'GET', {}, { credentials: 'same-origin' }, true );
		const nonce = typeof answer.body === 'string' ? answer.body.trim() : '';
		if ( answer.status >= 500 || answer.status === 429 ) {
			throw fromAnswer( answer.status, answer.headers, null );
		}
		if ( answer.status !== 200 || ! /^[0-9a-f]{10}$/.test( nonce ) ) {
			throw new Failure( 'session', 'rest_not_logged_in' );
		}
		// A nonce belongs to whoever is signed in now, who need not be whom this page was made for.
		const token = await this.postToken( nonce );
		if ( token.status !== 200 ) {
			throw fromAnswer( token.status, token.headers, token.body );
		}
		this.takeToken( token.body );
		this.nonce = nonce;
	}

	/** One request with a time limit, to the end of its body. */
	private async fetch( url: string, method: Method, ask: Ask, init: RequestInit, text = false ): Promise<Answer> {
		const h = host();
		const ending = new AbortController();
		const end = (): void => ending.abort();
		const timer = h.setTimeout( end, method === 'GET' ? TIME_TO_READ : TIME_TO_WRITE );
		ask.signal?.addEventListener( 'abort', end );
		if ( ask.signal?.aborted ) {
			end();
		}
		const headers: Record<string, string> = { Accept: 'application/json', ...( init.headers as Record<string, string> ) };
		if ( ask.body ) {
			headers[ 'Content-Type' ] = 'application/json';
		}
		if ( ask.key ) {
			headers[ 'Idempotency-Key' ] = ask.key;
		}
		try {
			const response = await h.fetch( url, {
				...init,
				method,
				headers,
				cache: 'no-store',
				signal: ending.signal,
				...( ask.body && { body: JSON.stringify( ask.body ) } ),
				...( ask.keepalive && { keepalive: true } ),
			} );
			const body = await response.text();
			return { status: response.status, headers: response.headers, body: text ? body : parse( body ) };
		} catch ( error ) {
			if ( ask.signal?.aborted ) {
				throw new DOMException( 'The request was given up.', 'AbortError' );
			}
			throw noAnswer();
		} finally {
			h.clearTimeout( timer );
			ask.signal?.removeEventListener( 'abort', end );
		}
	}
}

function parse( text: string ): unknown {
	try {
		return JSON.parse( text );
	} catch {
		return undefined;
	}
}

function isNonceRefused( answer: Answer ): boolean {
	const code = ( answer.body as { code?: unknown } | null | undefined )?.code;
	// Without a session, WordPress takes any nonce for a stale one, or says that nobody is signed in.
	return (
		( answer.status === 403 && code === 'rest_cookie_invalid_nonce' ) ||
		( answer.status === 401 && code === 'rest_not_logged_in' )
	);
}

/** The member that a token is for. The service checks it; this only notices somebody else's. */
function subject( token: string ): string {
	try {
		const payload = ( token.split( '.' )[ 1 ] ?? '' ).replace( /-/g, '+' ).replace( /_/g, '/' );
		return String( JSON.parse( atob( payload ) ).sub );
	} catch {
		return '';
	}
}
