import { html, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Message, ThreadState } from '../types.ts';
import { nameOf } from './app.ts';
import type { Composer } from './composer.ts';
import { icons } from './icons.ts';
import { failure, skeletonThread, state } from './list-states.ts';
import { entries, messageView, outgoingView, type Entry } from './message.ts';
import { noteText } from './notes.ts';
import type { PeoplePanel } from './people.ts';
import { Part, define } from './part.ts';
import { problemText } from './problems.ts';
import { titleOf } from './row.ts';
import { threadHeader } from './thread-header.ts';
import { ThreadScroll } from './thread-scroll.ts';

/** How near to an end, in pixels, the next page is asked for. */
const AHEAD = 600;
/** Letters of a message that are announced. */
const ANNOUNCED = 200;

/** A conversation: who, what was said, and where one writes. Made anew for each conversation. */
export class Thread extends Part {
	static override properties = {
		...Part.properties,
		thread: { attribute: false },
		now: { type: Number },
		changes: { type: Number },
		level: { type: Number },
		stop: { state: true },
		away: { state: true },
		refusal: { state: true },
		draft: { state: true },
		pageFailed: { state: true },
	};

	declare thread: ThreadState;
	declare now: number;
	/** Grows with the store's changes: the draft may be one. */
	declare changes: number;
	/** Of the heading. */
	declare level: number;
	/** The id of the message that Tab reaches, 0 for the newest. */
	declare stop: number;
	/** Whether the reader is well above the end. */
	declare away: boolean;
	declare refusal: string;
	declare draft: string;
	/** Whether the last page that was asked for did not come. */
	declare pageFailed: boolean;
	private keeper: ThreadScroll | null = null;
	private placed = false;
	private endSeen = false;
	private seenId = 0;
	private newestId = 0;
	private observer: IntersectionObserver | null = null;

	constructor() {
		super();
		this.now = this.stop = 0;
		this.level = 2;
		this.away = this.pageFailed = false;
		this.refusal = this.draft = '';
	}

	override connectedCallback(): void {
		super.connectedCallback();
		document.addEventListener( 'visibilitychange', this.lookAtEnd );
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		document.removeEventListener( 'visibilitychange', this.lookAtEnd );
		this.unwatch();
	}

	/** Puts the keyboard where one goes on: where one writes, or with a touch screen the heading. */
	focusStart(): void {
		const composer = this.find<Composer>( 'jetonomy-messages-composer' );
		if ( composer && matchMedia( '(pointer: fine)' ).matches ) {
			composer.focus();
		} else {
			// Where it is on a phone was seen to, whatever the page's scroll padding is.
			this.find<HTMLElement>( '.title' )?.focus( { preventScroll: true } );
		}
	}

	private get scroller(): HTMLElement | null {
		return this.find( '.thread-scroll' );
	}

	protected override willUpdate( changed: PropertyValues<this> ): void {
		const { text } = this.app.store.draft( this.thread.id );
		if ( text !== this.draft ) {
			this.draft = text;
			this.refusal = '';
		}
		if ( changed.has( 'thread' ) ) {
			const before = changed.get( 'thread' );
			this.announceArrived( before );
			// What comes in says that asking works again.
			this.pageFailed &&= before?.messages === this.thread.messages;
			if ( this.placed ) {
				this.keeper?.hold();
			}
		}
	}

	protected override updated( changed: PropertyValues<this> ): void {
		this.watch();
		if ( changed.has( 'thread' ) ) {
			this.place();
			this.takeBackRefused();
		}
		for ( const link of this.querySelectorAll<HTMLElement>( '.content a, .report' ) ) {
			const id = link.closest<HTMLElement>( '.entry' )?.dataset.id;
			link.tabIndex = id === String( this.stop ) ? 0 : -1;
		}
		this.loadAhead();
		this.lookAtEnd();
	}

	protected override render() {
		const { thread, app } = this;
		const { strings } = app;
		const { conversation } = thread;
		if ( ! conversation && thread.status === 'failed' ) {
			return html`${ threadHeader( app, null, this.level ) }<div class="thread-body">${ this.failed() }</div>`;
		}
		return html`
			${ threadHeader( app, conversation, this.level, () => this.find<PeoplePanel>( 'jetonomy-messages-people' )?.show() ) }
			<div class="thread-body">
				<div class="thread-scroll" part="thread" @scroll=${ this.onScroll }>
					<div class="thread-content">
						${ this.atTop() }
						<div role="log" aria-live="off" class="log" aria-label=${ strings.text( 'messages' ) } aria-busy=${ thread.status === 'loading' } @keydown=${ this.onKey } @focusin=${ this.onFocus }>
							${ repeat( entries( app, thread, this.now ), ( entry ) => entry.key, ( entry ) => this.entry( entry ) ) }
						</div>
						<div class="thread-end"></div>
					</div>
				</div>
				${ this.jump() }
			</div>
			${ conversation?.is_blocked ? this.blocked() : html`<jetonomy-messages-composer .app=${ app } .text=${ this.draft } .problem=${ this.refusal } @typed=${ this.onTyped } @send=${ this.onSend }></jetonomy-messages-composer>` }
			${ conversation?.type === 'group' ? html`<jetonomy-messages-people .app=${ app } .conversation=${ conversation }></jetonomy-messages-people>` : nothing }`;
	}

	private entry( entry: Entry ) {
		const { app } = this;
		switch ( entry.kind ) {
			case 'day':
				return html`<div class="day" part="day"><span>${ entry.text }</span></div>`;
			case 'new':
				return html`<div class="new-line" part="new-line"><span>${ app.strings.text( 'newLine' ) }</span></div>`;
			case 'gap':
				return html`<div class="day" part="day"><span>${ app.strings.text( 'toNewest' ) }</span></div>`;
			case 'message':
				return messageView( app, entry.message, {
					inGroup: this.thread.conversation?.type === 'group', first: entry.first, last: entry.last, stop: entry.message.id === this.stopId(),
				} );
			case 'outgoing':
				return outgoingView( app, entry.outgoing, entry, {
					retry: () => app.store.retry( entry.outgoing.key ),
					remove: () => this.deleteOutgoing( entry.outgoing.key ),
				} );
		}
	}

	/** Above the oldest message that is here. */
	private atTop() {
		const { thread, app } = this;
		if ( thread.status === 'loading' && thread.messages.length === 0 ) {
			return skeletonThread( app );
		}
		if ( thread.status === 'failed' ) {
			return this.failed();
		}
		if ( this.pageFailed ) {
			return html`<div class="more"><button type="button" class="button quiet" part="button" @click=${ this.again }>${ app.strings.text( 'tryAgain' ) }</button></div>`;
		}
		if ( thread.loadingOlder ) {
			return html`<div class="more" role="status">${ app.strings.text( 'loading' ) }</div>`;
		}
		return thread.messages.length + thread.outgoing.length === 0 ? state( icons.bubble, app.strings.text( 'emptyThread' ), '' ) : nothing;
	}

	private failed() {
		const { thread, app } = this;
		const hopeless = thread.problem?.kind === 'refused' || thread.problem?.kind === 'off';
		return failure( app, thread.problem, hopeless ? undefined : () => app.store.refresh() );
	}

	private jump() {
		const { arrived, hasNewer } = this.thread;
		const { strings } = this.app;
		if ( ! this.away && ! hasNewer ) {
			return nothing;
		}
		return arrived > 0
			? html`<button type="button" class="button jump" part="button jump" @click=${ this.toNewest }>${ icons.down }<span>${ strings.plural( 'newMessages', arrived ) }</span></button>`
			: html`<button type="button" class="button jump icon-only" part="button jump" aria-label=${ strings.text( 'toNewest' ) } title=${ strings.text( 'toNewest' ) } @click=${ this.toNewest }>${ icons.down }</button>`;
	}

	private blocked() {
		const { thread: { conversation, id }, app } = this;
		const name = conversation ? titleOf( app, conversation ) : '';
		return html`<div class="blocked" part="notice"><p>${ app.strings.text( 'youBlocked', name ) }</p>
			<button type="button" class="button quiet" part="button" @click=${ () => void app.store.block( id, false ).catch( app.fail ) }>${ app.strings.text( 'unblock', name ) }</button></div>`;
	}

	private watch(): void {
		const { scroller } = this;
		const content = this.find<HTMLElement>( '.thread-content' );
		const end = this.find( '.thread-end' );
		if ( this.keeper || ! scroller || ! content || ! end ) {
			return;
		}
		this.keeper = new ThreadScroll( scroller, content );
		this.observer = new IntersectionObserver( ( seen ) => {
			this.endSeen = seen.at( -1 )?.isIntersecting ?? false;
			this.lookAtEnd();
		} );
		this.observer.observe( end );
	}

	private unwatch(): void {
		this.keeper?.disconnect();
		this.observer?.disconnect();
		this.keeper = this.observer = null;
		this.endSeen = false;
	}

	/** Opens at the "New" line, else at the end; later stays where the reader is. */
	private place(): void {
		if ( ! this.keeper ) {
			return;
		}
		if ( this.placed ) {
			this.keeper.restore();
		} else if ( this.thread.status === 'ready' ) {
			this.placed = true;
			const line = this.find<HTMLElement>( '.new-line' );
			if ( line ) {
				this.keeper.atEnd = false;
				this.keeper.toElement( line );
			} else {
				this.keeper.toEnd();
			}
		}
		this.look();
	}

	private look(): void {
		this.away = this.placed && ! this.keeper?.atEnd && ( ( this.keeper?.below ?? 0 ) > 240 || this.thread.arrived > 0 );
	}

	private onScroll(): void {
		this.keeper?.moved();
		this.look();
		this.loadAhead();
	}

	private loadAhead(): void {
		const { thread, scroller, app } = this;
		if ( ! this.placed || ! scroller || thread.status !== 'ready' || this.pageFailed ) {
			return;
		}
		const failed = () => {
			this.pageFailed = true;
		};
		if ( thread.hasOlder && ! thread.loadingOlder && scroller.scrollTop < AHEAD ) {
			void app.store.loadOlder().catch( failed );
		} else if ( thread.hasNewer && ! thread.loadingNewer && ( this.keeper?.below ?? 0 ) < AHEAD ) {
			void app.store.loadNewer().catch( failed );
		}
	}

	private again(): void {
		this.pageFailed = false;
		this.loadAhead();
	}

	/** Read is what is truly seen: this tab, the thread at its end. */
	private lookAtEnd = (): void => {
		const { thread } = this;
		const newest = thread.messages.at( -1 )?.id ?? 0;
		if ( this.placed && this.endSeen && ! thread.hasNewer && document.visibilityState === 'visible' && newest > 0 && ( newest !== this.seenId || thread.arrived > 0 ) ) {
			this.seenId = newest;
			this.app.store.seen( newest );
		}
	};

	/** Tells screen readers what came in; not older pages, nor what was there when the thread was opened. */
	private announceArrived( before: ThreadState | undefined ): void {
		const { messages, hasNewer } = this.thread;
		const newest = messages.at( -1 )?.id ?? 0;
		if ( before?.status === 'ready' && ! before.hasNewer && ! hasNewer && this.newestId > 0 ) {
			for ( const message of messages ) {
				if ( message.id > this.newestId && ! message.is_own ) {
					this.app.announce( this.spoken( message ) );
				}
			}
		}
		this.newestId = Math.max( this.newestId, newest );
	}

	private spoken( message: Message ): string {
		const { strings } = this.app;
		return message.is_system ? noteText( strings, message.content_plain )
			: strings.text( 'announced', nameOf( strings, message.sender_id, message.sender_name ), [ ...message.content_plain ].slice( 0, ANNOUNCED ).join( '' ) );
	}

	private stopId(): number {
		const { messages } = this.thread;
		return messages.some( ( message ) => message.id === this.stop ) ? this.stop : messages.at( -1 )?.id ?? 0;
	}

	private onFocus( event: Event ): void {
		this.stop = Number( ( event.target as HTMLElement ).closest<HTMLElement>( '.entry' )?.dataset.id ?? this.stop );
	}

	private onKey( event: KeyboardEvent ): void {
		const here = ( event.target as HTMLElement ).closest<HTMLElement>( '.entry[data-id]' );
		if ( ! here || event.altKey || event.ctrlKey || event.metaKey ) {
			return;
		}
		const all = [ ...this.querySelectorAll<HTMLElement>( '.entry[data-id]' ) ];
		const at = all.indexOf( here );
		const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[ event.key ];
		if ( to !== undefined ) {
			event.preventDefault();
			const target = all[ Math.min( all.length - 1, Math.max( 0, to ) ) ];
			target?.focus( { preventScroll: true } );
			target?.scrollIntoView( { block: 'nearest' } );
		}
	}

	private onTyped( event: CustomEvent<string> ): void {
		this.draft = event.detail;
		this.refusal = '';
		this.app.store.saveDraft( this.thread.id, { text: event.detail } );
	}

	private onSend( event: CustomEvent<string> ): void {
		const { store } = this.app;
		const { id } = this.thread;
		this.refusal = '';
		store.send( id, event.detail );
		( event.target as Composer ).clear();
		// It is there, whether the messages before it come or not.
		this.keeper?.toEnd( ! this.thread.hasNewer );
		void this.loadNewest().catch( () => undefined );
	}

	private toNewest = (): void => {
		if ( this.thread.hasNewer ) {
			void this.loadNewest().catch( this.app.fail );
		} else {
			this.keeper?.toEnd( true );
		}
	};

	private async loadNewest(): Promise<void> {
		if ( this.thread.hasNewer ) {
			await this.app.store.toNewest();
			await this.updateComplete;
			this.keeper?.toEnd();
		}
	}

	/** A message that no retry would bring through goes back to where it was written, with the reason. */
	private takeBackRefused(): void {
		const { store, strings } = this.app;
		const refused = this.thread.outgoing.find( ( one ) => one.state === 'failed' && ( one.problem?.kind === 'refused' || one.problem?.kind === 'invalid' ) );
		if ( refused && store.draft( this.thread.id ).text === '' ) {
			this.draft = store.discard( refused.key );
			this.refusal = problemText( strings, refused.problem );
			store.saveDraft( this.thread.id, { text: this.draft } );
		}
	}

	private deleteOutgoing( key: string ): void {
		const { store, strings, toast } = this.app;
		const text = store.discard( key );
		const { id } = this.thread;
		toast( strings.text( 'messageDeleted' ), () => store.addToDraft( id, text ) );
	}
}

define( 'jetonomy-messages-thread', Thread );
