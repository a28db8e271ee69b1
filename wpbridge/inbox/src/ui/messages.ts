import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { acquire, release } from '../store/acquire.ts';
import { makeStrings } from '../strings.ts';
import type { Config, Store } from '../types.ts';
import type { App } from './app.ts';
import { classes } from './classes.ts';
import './composer.ts';
import { connectionLine } from './connection.ts';
import type { ConfirmDialog } from './dialog.ts';
import './dialog.ts';
import { Fit } from './fit.ts';
import { makeFormat } from './format.ts';
import { History } from './history.ts';
import { icons } from './icons.ts';
import type { List } from './list.ts';
import './list.ts';
import { skeletonThread, state } from './list-states.ts';
import './menu.ts';
import type { NewMessage } from './new-message.ts';
import './new-message.ts';
import './people.ts';
import { asProblem, problemText } from './problems.ts';
import './recipients.ts';
import type { ReportDialog } from './report.ts';
import './report.ts';
import { href, type Route } from './route.ts';
import { titleOf } from './row.ts';
import { styles } from './styles/index.ts';
import { Surroundings, type Look } from './surroundings.ts';
import { threadHeader } from './thread-header.ts';
import type { Thread } from './thread.ts';
import './thread.ts';
import type { Toast } from './toast.ts';
import './toast.ts';

/** Milliseconds between two looks at the clock, for the relative times. */
const TICK = 30_000;

/**
 * <jetonomy-messages>: the inbox. Its configuration is the attribute data-config (JSON, see Config); what it has
 * inside is shown while it cannot work. It begins when it enters a document and ends, with nothing left behind,
 * when it leaves it; both can happen any number of times.
 */
export class JetonomyMessages extends LitElement {
	static override styles = styles;
	static override properties = {
		config: { attribute: 'data-config', converter: { fromAttribute: readConfig } },
		route: { state: true },
		look: { state: true },
		now: { state: true },
		changes: { state: true },
	};

	declare config: Config | null;
	declare route: Route | null;
	declare look: Look;
	declare now: number;
	/** Grows with the store's changes. */
	declare changes: number;
	private app: App | null = null;
	private history: History | null = null;
	private fit: Fit | null = null;
	private endings: ( () => void )[] = [];
	private level = 2;
	/** Where the keyboard goes after the next update: into what was opened, or to the row of what was closed. */
	private focusNext: 'main' | number | null = null;
	/** What has the focus until the rows have come of which one is to get it. */
	private waiting: Element | null = null;
	private spoken = 0;

	constructor() {
		super();
		this.config = this.route = null;
		this.look = { wide: true, dark: false, plain: false, rtl: false };
		this.now = Date.now();
		this.changes = 0;
	}

	override connectedCallback(): void {
		super.connectedCallback();
		if ( this.hasUpdated ) {
			this.start();
		}
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.stop();
	}

	protected override update( changed: PropertyValues ): void {
		const focused = this.shadowRoot?.activeElement;
		super.update( changed );
		if ( focused?.isConnected === false ) {
			this.app?.refocus( this );
		}
	}

	protected override willUpdate( changed: PropertyValues<this> ): void {
		if ( changed.has( 'config' ) && this.isConnected ) {
			// Another page's part was put into this element, or it is the first time.
			this.stop();
			this.start();
		}
	}

	private start(): void {
		const { config } = this;
		if ( ! config || this.app ) {
			return;
		}
		const store = acquire( config );
		this.app = this.makeApp( config, store );
		const history = this.history = new History( config, ( route ) => this.show( route ) );
		const fit = this.fit = new Fit( this );
		const surroundings = new Surroundings( this, ( look ) => {
			this.look = look;
		} );
		const clock = setInterval( () => {
			this.now = Date.now();
		}, TICK );
		const unsubscribe = store.subscribe( () => {
			this.changes++;
			this.now = Date.now();
		} );
		this.level = [ ...document.querySelectorAll( 'h1' ) ].some( ( heading ) => ! this.contains( heading ) && heading.checkVisibility?.() !== false ) ? 2 : 1;
		this.endings = [
			() => history.disconnect(), () => fit.disconnect(), () => surroundings.disconnect(), () => clearInterval( clock ), unsubscribe,
			() => store.close(), () => release( store ),
		];
		this.requestUpdate();
	}

	private stop(): void {
		for ( const end of this.endings ) {
			end();
		}
		this.endings = [];
		this.app = this.history = this.fit = this.route = null;
		this.focusNext = this.waiting = null;
	}

	private makeApp( config: Config, store: Store ): App {
		const strings = makeStrings( config );
		return {
			config, store, strings,
			format: makeFormat( config.locale ),
			href: ( route ) => href( route, config ),
			go: ( route, replace = false ) => {
				if ( route.view !== 'inbox' ) {
					this.focusNext = 'main';
				}
				this.history?.go( route, replace );
			},
			back: () => {
				this.focusNext = this.route?.view === 'conversation' ? this.route.id : 0;
				this.history?.back( store.list.folder );
			},
			toast: ( text, undo, label ) => this.child<Toast>( 'jetonomy-messages-toast' )?.show( text, undo, label ),
			report: ( conversation, message ) => void this.child<ReportDialog>( 'jetonomy-messages-report' )?.show( conversation, message ),
			confirm: async ( question ) => ( await this.child<ConfirmDialog>( 'jetonomy-messages-dialog' )?.ask( question ) ) ?? false,
			announce: ( text ) => this.say( text ),
			refocus: ( part ) => {
				this.focusNext ??= this.route?.view === 'inbox' || part.localName === 'jetonomy-messages-list' ? 0 : 'main';
				this.requestUpdate();
			},
			fail: ( problem ) => this.child<Toast>( 'jetonomy-messages-toast' )?.show( problemText( strings, asProblem( problem ) ) ),
		};
	}

	private child<E extends Element>( name: string ): E | null {
		return this.renderRoot.querySelector<E>( name );
	}

	/** Called by the history: whatever is to be shown, however one got there. */
	private show( route: Route ): void {
		const store = this.app?.store;
		if ( ! store ) {
			return;
		}
		const { list } = store;
		if ( this.waiting && this.focusNext !== 'main' ) {
			this.focusNext = null;
		}
		this.waiting = null;
		if ( route.view === 'inbox' ) {
			store.close();
			if ( list.folder !== route.folder || ! this.route ) {
				store.show( route.folder );
			}
			if ( this.route && this.route.view === 'conversation' && ! this.look.wide ) {
				this.focusNext = this.route.id;
			}
		} else {
			if ( ! this.route ) {
				store.show( list.folder );
			} else if ( ! this.look.wide ) {
				// Also by the browser's own way forward: the list, and what had the focus in it, is gone.
				this.focusNext ??= 'main';
			}
			if ( route.view === 'conversation' ) {
				store.open( route.id );
			} else {
				store.close();
			}
		}
		this.route = route;
	}

	protected override updated(): void {
		const { app, route } = this;
		if ( ! app || ! route ) {
			return;
		}
		this.fit?.fill( ! this.look.wide && route.view !== 'inbox' );
		const thread = app.store.thread;
		this.history?.title( route.view === 'compose' ? app.strings.text( 'newMessage' )
			: route.view === 'conversation' && thread?.conversation ? titleOf( app, thread.conversation ) : app.strings.text( 'messages' ) );
		void this.moveFocus();
	}

	private async moveFocus(): Promise<void> {
		const next = this.focusNext;
		if ( next === null ) {
			return;
		}
		if ( next === 'main' ) {
			const main = this.child<Thread | NewMessage>( 'jetonomy-messages-thread, jetonomy-messages-new' );
			await main?.updateComplete;
			if ( main && this.focusNext === next && ( this.route?.view === 'compose' || this.app?.store.thread?.conversation ) ) {
				this.focusNext = null;
				main.focusStart();
			}
		} else {
			const waited = this.waiting;
			this.focusNext = this.waiting = null;
			const list = this.child<List>( 'jetonomy-messages-list' );
			await list?.updateComplete;
			const { rows, status } = this.app?.store.list ?? { rows: [], status: 'failed' };
			const { activeElement } = this.renderRoot as ShadowRoot;
			if ( waited && activeElement !== waited ) {
				return; // Somebody went on meanwhile.
			}
			if ( rows.length ) {
				list?.focusRow( next );
				return;
			}
			const primary = this.child<HTMLElement>( '.primary' );
			primary?.focus();
			if ( status === 'loading' ) {
				this.waiting = primary;
				this.focusNext = next;
			}
		}
	}

	protected override render() {
		const { app, route, look } = this;
		if ( ! app ) {
			return html`<slot></slot>`;
		}
		const { store, strings } = app;
		const list = look.wide || ! route || route.view === 'inbox';
		const main = look.wide || ( route !== null && route.view !== 'inbox' );
		return html`<div class=${ classes( { app: true, ...look } ) } part="app" @keydown=${ keepTyping } @keypress=${ keepTyping } @keyup=${ keepTyping }>
			${ connectionLine( app, store.connection ) }
			<div class="panes">
				<section class="list-pane" part="list-pane" aria-label=${ strings.text( 'conversations' ) } ?inert=${ ! list }>
					<jetonomy-messages-list .app=${ app } .list=${ store.list } .unread=${ store.unread } .selected=${ route?.view === 'conversation' ? route.id : 0 } .now=${ this.now } .level=${ this.level }></jetonomy-messages-list>
				</section>
				${ main ? html`<section class="main-pane" part="main-pane" aria-label=${ strings.text( route?.view === 'compose' ? 'newMessage' : 'conversation' ) }>${ this.main( app ) }</section>` : nothing }
				<jetonomy-messages-toast .app=${ app }></jetonomy-messages-toast>
			</div>
			<jetonomy-messages-dialog .app=${ app }></jetonomy-messages-dialog>
			<jetonomy-messages-report .app=${ app }></jetonomy-messages-report>
			<div class="hidden announcer" aria-live="polite" aria-atomic="false"></div>
		</div>`;
	}

	private main( app: App ) {
		const { route } = this;
		const { store, config, strings } = app;
		if ( route?.view === 'compose' ) {
			const named = config.compose && config.to !== false && ( new URL( location.href ).searchParams.get( 'to' ) ?? '' ) !== '';
			return keyed( named, html`<jetonomy-messages-new .app=${ app } .changes=${ this.changes } .to=${ named && config.to || null } .unknown=${ named && ! config.to } .level=${ this.level }></jetonomy-messages-new>` );
		}
		if ( route?.view === 'conversation' ) {
			const { thread } = store;
			return thread?.id === route.id
				? keyed( thread.id, html`<jetonomy-messages-thread .app=${ app } .thread=${ thread } .changes=${ this.changes } .now=${ this.now } .level=${ this.level }></jetonomy-messages-thread>` )
				: html`${ threadHeader( app, null, this.level ) }<div class="thread-body">${ skeletonThread( app ) }</div>`;
		}
		return route ? state( icons.bubble, strings.text( 'nothingOpen' ), strings.text( 'nothingOpenHint' ) ) : nothing;
	}

	/** A line of its own each time: screen readers read what is added. Old ones go. */
	private say( text: string ): void {
		const announcer = this.renderRoot.querySelector( '.announcer' );
		if ( announcer ) {
			const line = document.createElement( 'p' );
			line.textContent = text;
			line.dataset.number = String( ++this.spoken );
			announcer.append( line );
			while ( announcer.childElementCount > 5 ) {
				announcer.firstElementChild?.remove();
			}
		}
	}
}

/** A page's own key shortcuts see only this element, not the field in it: without this they would take letters. */
function keepTyping( event: KeyboardEvent ): void {
	if ( ( event.composedPath()[ 0 ] as Element ).matches( 'input, textarea' ) && ! event.ctrlKey && ! event.metaKey ) {
		event.stopPropagation();
	}
}

function readConfig( text: string | null ): Config | null {
	try {
		return text ? JSON.parse( text ) as Config : null;
	} catch {
		return null;
	}
}
