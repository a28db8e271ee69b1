/**
 * <jetonomy-unread-badge>: the number of the member's unread conversations.
 *
 * All badges of a page share one poller. It asks every 30 seconds while the page is seen, starts with the
 * first badge that enters the document and ends with the last that leaves it.
 *
 * Whoever knows the number, or that it changed, says so on the BroadcastChannel 'jetonomy-messages' or by a
 * CustomEvent of that name on window: { unread: 3 } is shown at once; { type: 'read' } or any other message
 * makes the poller ask at once.
 *
 * @package Jetonomy_Sidecar
 */

const INTERVAL = 30_000;
const SLOWEST = 300_000;
const CHANNEL = 'jetonomy-messages';
const MOST = 99;

/** The path of a REST route, for pretty permalinks and for ?rest_route=. */
const route = ( root, path ) => root.replace( /\/?$/, '/' ) + path;

class Poller {
	badges = new Set();
	count = 0;
	token = '';
	tokenEnds = 0;
	delay = INTERVAL;
	timer = 0;
	asked = 0; // When, by performance.now().
	asking = null; // AbortController of the call under way.
	channel = null;
	over = false; // Asking makes no sense any more: signed out, or switched off.

	add( badge ) {
		this.badges.add( badge );
		badge.show( this.count );
		if ( this.badges.size === 1 ) {
			this.start();
		}
	}

	remove( badge ) {
		this.badges.delete( badge );
		if ( this.badges.size === 0 ) {
			this.stop();
		}
	}

	start() {
		this.over = false;
		this.delay = INTERVAL;
		this.channel = 'BroadcastChannel' in window ? new BroadcastChannel( CHANNEL ) : null;
		this.channel?.addEventListener( 'message', this.hear );
		window.addEventListener( CHANNEL, this.hear );
		window.addEventListener( 'pageshow', this.wake );
		document.addEventListener( 'visibilitychange', this.wake );
		this.schedule( 0 );
	}

	stop() {
		clearTimeout( this.timer );
		this.asking?.abort();
		this.asking = null;
		this.channel?.close();
		this.channel = null;
		window.removeEventListener( CHANNEL, this.hear );
		window.removeEventListener( 'pageshow', this.wake );
		document.removeEventListener( 'visibilitychange', this.wake );
	}

	hear = ( event ) => {
		const news = event.data ?? event.detail ?? {};
		if ( Number.isInteger( news.unread ) ) {
			this.show( news.unread );
		} else if ( ! document.hidden ) {
			this.asking?.abort(); // Its answer would be from before.
			this.asking = null;
			this.schedule( 0 );
		} else {
			this.asked = 0; // As soon as the page is seen.
		}
	};

	wake = ( event ) => {
		if ( document.hidden ) {
			clearTimeout( this.timer );
			return;
		}
		const age = event?.persisted || ! this.asked ? Infinity : performance.now() - this.asked;
		this.schedule( Math.max( 0, this.delay - age ) );
	};

	schedule( milliseconds ) {
		clearTimeout( this.timer );
		if ( ! document.hidden && ! this.over && this.badges.size > 0 ) {
			this.timer = setTimeout( () => this.ask(), milliseconds );
		}
	}

	async ask() {
		if ( this.asking ) {
			return;
		}
		const asking = new AbortController();
		const tooLong = setTimeout( () => asking.abort(), 10_000 );
		this.asking = asking;
		this.asked = performance.now();
		try {
			const count = await this.fetchCount( asking.signal );
			this.delay = INTERVAL;
			if ( count !== this.count ) {
				this.show( count );
				this.channel?.postMessage( { unread: count } );
			}
		} catch {
			if ( this.asking === asking ) {
				this.delay = Math.min( this.delay * 2, SLOWEST );
			}
		} finally {
			clearTimeout( tooLong );
			if ( this.asking === asking ) {
				this.asking = null;
				this.schedule( this.delay * ( 0.95 + Math.random() / 10 ) );
			}
		}
	}

	async fetchCount( signal ) {
		const { rest } = this.settings();
		const url = route( rest, 'jetonomy/v1/conversations/unread-count' );
		for ( let attempt = 0; ; attempt++ ) {
			const token = await this.freshToken( signal );
			const response = await fetch( url, {
				signal,
				cache: 'no-store',
				credentials: 'omit', // The token says who asks.
				headers: { Authorization: `Bearer ${ token }`, Accept: 'application/json' },
			} );
			if ( response.ok ) {
				const count = ( await response.json() ).count;
				if ( ! Number.isInteger( count ) ) {
					throw new Error( 'no count' );
				}
				return count;
			}
			this.token = '';
			if ( response.status === 404 ) {
				this.end();
			}
			if ( attempt > 0 || ( response.status !== 401 && response.status !== 403 ) ) {
				throw new Error( String( response.status ) );
			}
		}
	}

	async freshToken( signal ) {
		if ( this.token && Date.now() < this.tokenEnds ) {
			return this.token;
		}
		const { rest, renew } = this.settings();
		for ( let attempt = 0; ; attempt++ ) {
			const response = await fetch( route( rest, 'jetonomy-sidecar/v1/token' ), {
				signal,
				method: 'POST',
				credentials: 'same-origin',
				headers: { 'X-WP-Nonce': this.nonce ?? this.settings().nonce, Accept: 'application/json' },
			} );
			if ( response.ok ) {
				const answer = await response.json();
				this.token = answer.token;
				this.tokenEnds = Date.now() + ( answer.expires_in - 60 ) * 1000;
				return this.token;
			}
			if ( response.status === 403 && attempt === 0 && renew ) {
				// The nonce of a page that has been open for a day. WordPress gives a new one to who is signed in.
				const renewed = await fetch( renew, { signal, credentials: 'same-origin' } );
				const nonce = renewed.ok ? ( await renewed.text() ).trim() : '';
				if ( /^[0-9a-f]{10}$/.test( nonce ) ) {
					this.nonce = nonce;
					continue;
				}
			}
			if ( [ 401, 403, 404 ].includes( response.status ) ) {
				this.end();
			}
			throw new Error( String( response.status ) );
		}
	}

	settings() {
		const [ badge ] = this.badges;
		return badge ? badge.dataset : {};
	}

	end() {
		this.over = true;
		this.show( 0 );
	}

	show( count ) {
		this.count = count;
		for ( const badge of this.badges ) {
			badge.show( count );
		}
	}
}

const poller = new Poller();

class UnreadBadge extends HTMLElement {
	connectedCallback() {
		poller.add( this );
	}

	disconnectedCallback() {
		poller.remove( this );
	}

	/** Shows a number; nothing at all for 0. */
	show( count ) {
		if ( ! ( count > 0 ) ) {
			this.replaceChildren();
			return;
		}
		const text = count > MOST ? `${ MOST }+` : String( count );
		const number = document.createElement( 'span' );
		number.className = 'jt-community-nav-badge';
		number.setAttribute( 'aria-hidden', 'true' );
		number.textContent = text;
		const name = document.createElement( 'span' );
		name.className = 'jt-unread-badge-name';
		name.textContent = ( this.dataset.label || '%s' ).replace( '%s', text );
		this.replaceChildren( number, name );
	}
}

if ( ! customElements.get( 'jetonomy-unread-badge' ) ) {
	customElements.define( 'jetonomy-unread-badge', UnreadBadge );
}
