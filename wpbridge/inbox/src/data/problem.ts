import type { Problem } from '../types.ts';
import { host } from './host.ts';

/** A Problem that can be thrown. */
export class Failure extends Error implements Problem {
	constructor(
		readonly kind: Problem[ 'kind' ],
		readonly code = '',
		message = '',
		readonly retryAfter = 0
	) {
		super( message );
		this.name = 'Failure';
	}
}

/** Whether the same request may work later without anybody doing something. */
export function isPassing( kind: Problem[ 'kind' ] ): boolean {
	return kind !== 'refused' && kind !== 'invalid' && kind !== 'unknown';
}

/** The fields alone, as they are kept on the device. */
export function plain( { kind, code, message, retryAfter }: Problem ): Problem {
	return { kind, code, message, retryAfter };
}

/** What went wrong where there is no answer at all. */
export function noAnswer(): Failure {
	return new Failure( host().online() ? 'unavailable' : 'offline' );
}

/** Anything that was thrown, as a Failure. */
export function asFailure( error: unknown ): Failure {
	return error instanceof Failure ? error : new Failure( 'unknown', '', error instanceof Error ? error.message : '' );
}

interface WireError {
	code?: unknown;
	message?: unknown;
	data?: { retry_after?: unknown } | null;
}

/** An answer that is none of 2xx, with its body where that was JSON. */
export function fromAnswer( status: number, headers: Headers, body: unknown ): Failure {
	const error: WireError = typeof body === 'object' && body !== null ? body : {};
	const code = typeof error.code === 'string' ? error.code : '';
	const message = typeof error.message === 'string' ? error.message : '';
	const wait = Number( error.data?.retry_after ?? headers.get( 'Retry-After' ) );
	return new Failure( kindOf( status, code ), code, message, Number.isFinite( wait ) && wait > 0 ? wait : 0 );
}

function kindOf( status: number, code: string ): Problem[ 'kind' ] {
	switch ( status ) {
		case 400:
		case 409:
		case 413:
		case 415:
		case 422:
			return 'invalid';
		case 401:
			return 'session';
		case 403:
			// Without the API's words it is a firewall or a login wall of something in between.
			return code === 'rest_cookie_invalid_nonce' || code === 'jetonomy_sidecar_no_session' ? 'session' : 'refused';
		case 404:
			// Another 404 is a site that is being moved or set up: it may come back.
			return code === 'rest_no_route' ? 'off' : 'unavailable';
		case 429:
			return 'limited';
	}
	return status >= 500 || status === 408 ? 'unavailable' : 'unknown';
}
