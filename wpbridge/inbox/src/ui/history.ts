import type { Config, Folder } from '../types.ts';
import { href, parse, type Route } from './route.ts';

/** What entries of this element carry, beside what others put there. */
interface Entry {
	jetonomyMessages?: true;
	/** Whether the entry right before this one shows the list. */
	afterList?: boolean;
	[ other: string ]: unknown;
}

const all = new Set<History>();

// Browsers call a window's listeners in the order in which they were added, capturing or not: this one has to be
// there before the router is, which is loaded with the first click.
window.addEventListener( 'popstate', ( event ) => all.forEach( ( one ) => one.popped( event ) ), true );

/**
 * Keeps the browser's history and the shown route in step. Entries of this element are marked; their popstate is
 * kept from others, as the router of WordPress's Interactivity API would load a page that it does not know.
 */
export class History {
	private suffix = '';
	private readonly begin: number;
	private route: Route | null = null;
	/** What it has put there. */
	private shownTitle = '';

	constructor( private readonly config: Config, private readonly shown: ( route: Route ) => void ) {
		all.add( this );
		// A router that put this element in place changes address and title right after: then both are right.
		this.begin = window.setTimeout( () => {
			this.suffix = titleSuffix();
			const route = parse( location.href, config ) ?? routeOf( config );
			this.mark( location.href, this.entry.afterList, true );
			this.set( route );
		} );
	}

	disconnect(): void {
		clearTimeout( this.begin );
		all.delete( this );
		// Jetonomy's pages come without a title of their own: this one may be a conversation's name.
		if ( document.title === this.shownTitle ) {
			document.title = this.suffix.slice( 3 ) || location.host;
		}
	}

	go( route: Route, replace: boolean ): void {
		// Folders are views of one place.
		const stays = replace || ( route.view === 'inbox' && this.route?.view === 'inbox' ) || href( route, this.config ) === location.href;
		this.mark( href( route, this.config ), stays ? this.entry.afterList : this.route?.view === 'inbox', stays );
		this.set( route );
	}

	/** To the list, in this folder: by the browser's own way back where that leads there. */
	back( folder: Folder ): void {
		if ( this.entry.afterList ) {
			history.back();
		} else {
			this.go( { view: 'inbox', folder }, true );
		}
	}

	title( text: string ): void {
		const title = this.shownTitle = text + this.suffix;
		if ( document.title !== title ) {
			document.title = title;
		}
	}

	private get entry(): Entry {
		const entry = history.state as Entry | null;
		return entry?.jetonomyMessages ? entry : {};
	}

	private mark( address: string, afterList = false, replace = false ): void {
		// With all that others put there: the Interactivity API reloads the page for an entry without its mark.
		const state: Entry = { ...history.state as object | null, jetonomyMessages: true, afterList };
		history[ replace ? 'replaceState' : 'pushState' ]( state, '', address );
	}

	private set( route: Route ): void {
		this.route = route;
		this.shown( route );
	}

	popped( event: PopStateEvent ): void {
		const route = ( event.state as Entry | null )?.jetonomyMessages ? parse( location.href, this.config ) : null;
		if ( route ) {
			event.stopImmediatePropagation();
			this.set( route );
		}
	}
}

function routeOf( config: Config ): Route {
	return config.conversation > 0 ? { view: 'conversation', id: config.conversation }
		: config.compose ? { view: 'compose' } : { view: 'inbox', folder: 'inbox' };
}

/** What follows a page's own title: WordPress puts the site's name behind a dash or bar. */
function titleSuffix(): string {
	return /\s[\u2013\u2014|·»\-]\s(?!.*\s[\u2013\u2014|·»\-]\s).*$/u.exec( document.title )?.[ 0 ] ?? '';
}
