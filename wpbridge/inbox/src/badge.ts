import { sessionOf, type Session } from './store/session.ts';
import type { Unsubscribe } from './types.ts';

const MOST = 99;

/**
 * <jetonomy-unread-badge>: the number of the member's unread conversations; nothing at all for 0.
 *
 * Attributes: data-rest, data-direct, data-nonce, data-renew, data-user as in types.ts's Config, and data-label, the
 * name for screen readers with %s for the number. All badges and inboxes of a page share one connection; a badge alone
 * asks for the number only, every 30 seconds while the page is seen. Other scripts say on the BroadcastChannel
 * 'jetonomy-messages', or by a CustomEvent of that name on window, what they know: { unread: 3 } is shown at once,
 * anything else makes it ask.
 */
export class UnreadBadge extends HTMLElement {
	private session: Session | null = null;
	private unsubscribe: Unsubscribe = () => undefined;
	private shown = 0;

	connectedCallback(): void {
		const { rest = '', direct = '', nonce = '', renew = '', user = '' } = this.dataset;
		if ( this.session || rest === '' ) {
			return;
		}
		const access = { rest, direct, nonce, renew, user: Number( user ) || 0 };
		this.session = sessionOf( access );
		this.session.hold( access );
		this.unsubscribe = this.session.subscribe( () => this.show() );
		this.show();
	}

	disconnectedCallback(): void {
		this.unsubscribe();
		this.session?.release();
		this.session = null;
	}

	private show(): void {
		const count = this.session?.unread ?? 0;
		if ( count === this.shown && this.childElementCount === ( count > 0 ? 2 : 0 ) ) {
			return;
		}
		this.shown = count;
		if ( count <= 0 ) {
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
