import { Directive, directive } from 'lit/directive.js';
import { noChange } from 'lit';

/*
 * The HTML of messages is made or cleaned by the service (messaging/richtext). This is a second wall: what is
 * inserted is built anew from the few elements, attributes and schemes that the service's HTML consists of.
 */

const ELEMENTS: ReadonlySet<string> = new Set( [
	'P', 'BR', 'STRONG', 'EM', 'U', 'S', 'DEL', 'CODE', 'PRE', 'BLOCKQUOTE', 'UL', 'OL', 'LI', 'A',
] );

/** Elements whose content is no text for readers. All others that are not allowed leave theirs behind. */
const DROPPED: ReadonlySet<string> = new Set( [
	'SCRIPT', 'STYLE', 'TEMPLATE', 'NOSCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'NOEMBED', 'NOFRAMES', 'TITLE', 'XMP', 'TEXTAREA', 'SELECT', 'MATH', 'SVG', 'svg', 'math',
] );

const SCHEMES: ReadonlySet<string> = new Set( [ 'http:', 'https:', 'mailto:' ] );

/** Deeper nesting than the service makes is flattened. */
const DEEPEST = 40;

/** Builds what a message's HTML shows. The HTML is parsed in a document in which nothing loads or runs. */
export function build( html: string ): DocumentFragment {
	const fragment = document.createDocumentFragment();
	copy( new DOMParser().parseFromString( html, 'text/html' ).body, fragment, 0 );
	return fragment;
}

function copy( from: Node, to: Node, depth: number ): void {
	for ( const node of from.childNodes ) {
		if ( node.nodeType === Node.TEXT_NODE ) {
			to.appendChild( document.createTextNode( node.nodeValue ?? '' ) );
		} else if ( node instanceof Element && ! DROPPED.has( node.tagName ) ) {
			const made = depth < DEEPEST && ELEMENTS.has( node.tagName ) ? element( node ) : null;
			// The walk itself has to end, too: browsers nest up to 512 elements deep.
			copy( node, made ? to.appendChild( made ) : to, depth + 1 );
		}
	}
}

/** A new element of the same name with its allowed attributes; null for a link that leads nowhere. */
function element( like: Element ): HTMLElement | null {
	const made = document.createElement( like.localName );
	if ( made instanceof HTMLAnchorElement ) {
		const address = link( like.getAttribute( 'href' ) ?? '' );
		if ( address === null ) {
			return null;
		}
		made.href = address;
		made.rel = 'noopener nofollow ugc';
		made.target = '_blank';
		// The thread is one tab stop; the message that has the focus opens its links to Tab.
		made.tabIndex = -1;
	} else if ( made instanceof HTMLOListElement ) {
		const start = Number( like.getAttribute( 'start' ) );
		if ( Number.isInteger( start ) && start > 1 ) {
			made.start = start;
		}
	}
	if ( like.getAttribute( 'dir' ) === 'auto' ) {
		made.dir = 'auto';
	}
	return made;
}

function link( address: string ): string | null {
	try {
		const url = new URL( address );
		return SCHEMES.has( url.protocol ) && url.username === '' && url.password === '' ? url.href : null;
	} catch {
		return null;
	}
}

class Content extends Directive {
	private shown: string | null = null;

	override render( html: string ): unknown {
		if ( html === this.shown ) {
			return noChange;
		}
		this.shown = html;
		return build( html );
	}
}

/** The only way in which the HTML of a message gets into a page. */
export const content = directive( Content );
