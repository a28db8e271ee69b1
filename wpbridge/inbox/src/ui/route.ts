import type { Config, Folder } from '../types.ts';

/** A place in the inbox that has an address of its own. */
export type Route =
	| { view: 'inbox'; folder: Folder }
	| { view: 'conversation'; id: number }
	| { view: 'compose' };

const MARK = 'jtsidecarplace';
const FOLDERS: readonly string[] = [ 'unread', 'archived' ];

/** The address of a route, on this page's site. */
export function href( route: Route, { urls }: Config ): string {
	if ( route.view === 'conversation' ) {
		return urls.conversation.replace( '%s', String( route.id ) );
	}
	if ( route.view === 'compose' ) {
		return urls.compose.replace( '%s', '' );
	}
	if ( route.folder === 'inbox' ) {
		return urls.inbox;
	}
	const url = new URL( urls.inbox, location.href );
	url.searchParams.set( 'filter', route.folder );
	return url.href;
}

/** The route that an address means; null for an address of another page. */
export function parse( address: string, { urls }: Config ): Route | null {
	const at = new URL( address, location.href );
	const id = Number( match( urls.conversation, at ) );
	if ( id > 0 && Number.isInteger( id ) ) {
		return { view: 'conversation', id };
	}
	if ( match( urls.inbox, at ) === null ) {
		return null;
	}
	if ( at.searchParams.has( 'to' ) ) {
		return { view: 'compose' };
	}
	const filter = at.searchParams.get( 'filter' ) ?? '';
	return { view: 'inbox', folder: FOLDERS.includes( filter ) ? filter as Folder : 'inbox' };
}

/**
 * What stands at %s of a pattern in an address, '' where the pattern has none; null when they differ. A query
 * of the pattern must be in the address, which may have more.
 */
function match( pattern: string, at: URL ): string | null {
	const wanted = new URL( pattern.replace( '%s', MARK ), location.href );
	let found: string | null = '';
	const same = ( a: string, b: string ): boolean => {
		const [ head = '', tail ] = a.split( MARK );
		if ( tail === undefined ) {
			return a === b;
		}
		const fits = b.startsWith( head ) && b.endsWith( tail ) && b.length > head.length + tail.length;
		found = fits ? b.slice( head.length, b.length - tail.length ) : null;
		return fits;
	};
	const path = ( url: URL ) => url.pathname.replace( /\/*$/, '/' );
	if ( ! same( path( wanted ), path( at ) ) ) {
		return null;
	}
	for ( const [ name, value ] of wanted.searchParams ) {
		if ( ! same( value, at.searchParams.get( name ) ?? '' ) ) {
			return null;
		}
	}
	return found;
}
