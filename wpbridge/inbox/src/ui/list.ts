import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Folder, ListState } from '../types.ts';
import { icons } from './icons.ts';
import { emptyList, listFailure, skeletonRows } from './list-states.ts';
import type { MenuItem } from './menu.ts';
import { Part, define, isPlainClick } from './part.ts';
import { ROW_HEIGHT, row } from './row.ts';

/** Rows above and below what is seen. */
const SPARE = 8;
/** How near to the last row the next page is asked for. */
const AHEAD = 12;
const FOLDERS: readonly Folder[] = [ 'inbox', 'unread', 'archived' ];
/** Milliseconds without a key before a search begins. */
const PAUSE = 250;

/** The conversations of a folder. Only the rows that are seen are in the document. */
export class List extends Part {
	static override properties = {
		...Part.properties,
		list: { attribute: false },
		unread: { type: Number },
		selected: { type: Number },
		now: { type: Number },
		level: { type: Number },
		stop: { state: true },
		first: { state: true },
		count: { state: true },
		typed: { state: true },
	};

	declare list: ListState;
	declare unread: number;
	/** The id of the conversation that is open. */
	declare selected: number;
	declare now: number;
	/** Of the heading. */
	declare level: number;
	/** The row that Tab reaches. */
	declare stop: number;
	declare first: number;
	declare count: number;
	declare typed: string;
	private pause = 0;
	private size: ResizeObserver | null = null;
	private hadFocus = 0;
	private anchor: { id: number; index: number } | null = null;

	constructor() {
		super();
		this.unread = this.selected = this.now = this.stop = this.first = 0;
		this.level = 2;
		this.count = 20;
		this.typed = '';
	}

	override connectedCallback(): void {
		super.connectedCallback();
		this.size = new ResizeObserver( this.measure );
		void this.updateComplete.then( () => {
			const scroller = this.scroller;
			if ( scroller && this.isConnected ) {
				this.size?.observe( scroller );
			}
		} );
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.size?.disconnect();
		clearTimeout( this.pause );
	}

	/** Where the keyboard goes on after a thread was closed. */
	focusRow( id: number ): void {
		this.stop = id;
		void this.focusIndex( Math.max( 0, this.list.rows.findIndex( ( conversation ) => conversation.id === id ) ) );
	}

	private get scroller(): HTMLElement | null {
		return this.find( '.list-scroll' );
	}

	protected override willUpdate( changed: PropertyValues<this> ): void {
		const before = changed.get( 'list' );
		if ( ! changed.has( 'list' ) || ! before ) {
			this.typed = this.hasUpdated ? this.typed : this.list.search;
			return;
		}
		if ( before.folder !== this.list.folder || before.search !== this.list.search ) {
			this.anchor = null;
			this.first = 0;
			if ( before.folder !== this.list.folder ) {
				this.typed = this.list.search;
			}
		} else if ( before.rows !== this.list.rows ) {
			this.keepPlace( before );
		}
		const focused = ( this.getRootNode() as ShadowRoot ).activeElement;
		this.hadFocus = focused && this.contains( focused ) && focused.classList.contains( 'row' ) ? Number( ( focused as HTMLElement ).dataset.id ) : 0;
	}

	/** Somebody who looks at row 200 goes on looking at the same conversation when another one moves to the top. */
	private keepPlace( before: ListState ): void {
		const top = this.scroller?.scrollTop ?? 0;
		const index = Math.floor( top / ROW_HEIGHT );
		const id = before.rows[ index ]?.id ?? 0;
		const moved = this.list.rows.findIndex( ( conversation ) => conversation.id === id ) - index;
		this.anchor = top > ROW_HEIGHT / 2 && id !== 0 && moved > -index - 1 && moved !== 0 ? { id, index: moved } : null;
		if ( this.anchor ) {
			this.first = Math.max( 0, this.first + moved );
		}
	}

	protected override updated( changed: PropertyValues<this> ): void {
		const scroller = this.scroller;
		const before = changed.get( 'list' );
		if ( scroller && before && ( before.folder !== this.list.folder || before.search !== this.list.search ) ) {
			scroller.scrollTop = 0;
		} else if ( scroller && this.anchor ) {
			scroller.scrollTop += this.anchor.index * ROW_HEIGHT;
		}
		this.anchor = null;
		if ( this.hadFocus !== 0 ) {
			// A row that moved was taken out of the document for a moment.
			const element = this.rowElement( this.hadFocus );
			if ( element && ( this.getRootNode() as ShadowRoot ).activeElement !== element ) {
				element.focus( { preventScroll: true } );
			}
			this.hadFocus = 0;
		}
		this.measure();
		this.loadAhead();
	}

	protected override render() {
		const { strings } = this.app;
		const { list } = this;
		return html`
			<header class="bar list-bar">
				<h2 class="title" aria-level=${ this.level }>${ strings.text( 'messages' ) }</h2>
				<jetonomy-messages-menu .app=${ this.app } .label=${ strings.text( 'inboxOptions' ) } .icon=${ icons.sliders } .items=${ this.options() }></jetonomy-messages-menu>
				<button type="button" class="button primary icon-only" part="button button-new" aria-label=${ strings.text( 'newMessage' ) } title=${ strings.text( 'newMessage' ) }
					@click=${ () => this.app.go( { view: 'compose' } ) }>${ icons.write }</button>
			</header>
			<div class="list-tools">
				<div class="search" part="search">${ icons.search }<input type="search" .value=${ this.typed } aria-label=${ strings.text( 'search' ) } placeholder=${ strings.text( 'search' ) }
					autocomplete="off" spellcheck="false" enterkeyhint="search" @input=${ this.onSearch } @keydown=${ this.onSearchKey }>${
					this.typed === '' ? nothing : html`<button type="button" class="button icon-only clear" aria-label=${ strings.text( 'clearSearch' ) } @click=${ this.clearSearch }>${ icons.close }</button>` }</div>
				<nav class="tabs" part="tabs" aria-label=${ strings.text( 'folders' ) }>${ FOLDERS.map( ( folder ) => this.tab( folder ) ) }</nav>
			</div>
			<div class="list-scroll" part="list" @scroll=${ this.measure } aria-busy=${ list.status === 'loading' }>
				${ keyed( list.folder, this.body() ) }
			</div>`;
	}

	private body(): TemplateResult | typeof nothing {
		const { list, app } = this;
		if ( list.rows.length === 0 ) {
			return list.status === 'loading' ? skeletonRows( app ) : list.status === 'failed' ? listFailure( app, list ) : emptyList( app, list );
		}
		const stop = this.stopId();
		const rows = this.window( stop );
		// A property, as strict policies forbid the attribute.
		return html`<div role="list" class="rows" aria-label=${ app.strings.text( list.search === '' ? list.folder : 'search' ) } .style=${ `height:${ list.rows.length * ROW_HEIGHT }px` }
				@keydown=${ this.onKey } @focusin=${ this.onFocus }>
			${ repeat( rows, ( index ) => list.rows[ index ]?.id, ( index ) => {
				const conversation = list.rows[ index ];
				return conversation ? row( app, conversation, {
					index, total: list.hasMore ? -1 : list.rows.length, selected: conversation.id === this.selected, stop: conversation.id === stop, now: this.now,
				} ) : nothing;
			} ) }
		</div>
		${ list.status === 'failed' ? listFailure( app, list ) : list.loadingMore ? html`<div class="more" role="status">${ app.strings.text( 'loading' ) }</div>` : nothing }`;
	}

	/** The rows to render: those that are seen, and the one that Tab reaches. */
	private window( stopId: number ): number[] {
		const { rows } = this.list;
		const from = Math.max( 0, this.first - SPARE );
		const to = Math.min( rows.length, this.first + this.count + SPARE );
		const seen = Array.from( { length: Math.max( 0, to - from ) }, ( _, n ) => from + n );
		const stop = rows.findIndex( ( conversation ) => conversation.id === stopId );
		if ( stop >= 0 && stop < from ) {
			seen.unshift( stop );
		} else if ( stop >= to ) {
			seen.push( stop );
		}
		return seen;
	}

	private stopId(): number {
		const { rows } = this.list;
		const there = ( id: number ) => rows.some( ( conversation ) => conversation.id === id );
		return there( this.stop ) ? this.stop : there( this.selected ) ? this.selected : rows[ 0 ]?.id ?? 0;
	}

	private tab( folder: Folder ): TemplateResult {
		const { strings, format } = this.app;
		const open = ( event: MouseEvent ) => {
			if ( isPlainClick( event ) ) {
				event.preventDefault();
				if ( this.typed !== '' ) {
					this.endSearch( folder );
				}
				this.app.go( { view: 'inbox', folder } );
			}
		};
		return html`<a href=${ this.app.href( { view: 'inbox', folder } ) } part="tab" aria-current=${ this.list.folder === folder && this.list.search === '' ? 'page' : nothing } @click=${ open }>${ strings.text( folder ) }${
			folder === 'unread' && this.unread > 0 ? html`<span class="count" aria-hidden="true">${ this.unread > 99 ? '99+' : format.number( this.unread ) }</span>` : nothing }</a>`;
	}

	private options(): MenuItem[] {
		const { store, strings, fail } = this.app;
		return [
			{ label: strings.text( 'readAll' ), icon: icons.check, run: () => void store.readAll().catch( fail ) },
			{
				label: strings.text( 'enterSends' ), checked: store.enterSends,
				run: () => {
					store.enterSends = ! store.enterSends;
					this.requestUpdate();
				},
			},
		];
	}

	private measure = (): void => {
		const scroller = this.scroller;
		if ( scroller ) {
			this.first = Math.max( 0, Math.floor( scroller.scrollTop / ROW_HEIGHT ) );
			this.count = Math.max( 1, Math.ceil( scroller.clientHeight / ROW_HEIGHT ) );
		}
	};

	private loadAhead(): void {
		const { list, app } = this;
		if ( list.hasMore && ! list.loadingMore && list.status === 'ready' && this.first + this.count + AHEAD > list.rows.length ) {
			void app.store.loadMore().catch( app.fail );
		}
	}

	private onSearch( event: Event ): void {
		this.typed = ( event.target as HTMLInputElement ).value;
		clearTimeout( this.pause );
		this.pause = window.setTimeout( () => this.app.store.show( this.list.folder, this.typed.trim() ), PAUSE );
	}

	private onSearchKey( event: KeyboardEvent ): void {
		if ( event.key === 'Escape' && this.typed !== '' ) {
			event.preventDefault();
			event.stopPropagation();
			this.clearSearch();
		} else if ( event.key === 'ArrowDown' ) {
			event.preventDefault();
			void this.focusIndex( 0 );
		}
	}

	private endSearch( folder: Folder ): void {
		clearTimeout( this.pause );
		this.typed = '';
		this.app.store.show( folder );
	}

	private clearSearch(): void {
		this.endSearch( this.list.folder );
		this.find<HTMLInputElement>( 'input[type=search]' )?.focus();
	}

	private onFocus( event: Event ): void {
		const link = ( event.target as HTMLElement ).closest<HTMLElement>( '.row' );
		this.stop = Number( link?.dataset.id ?? this.stop );
	}

	private onKey( event: KeyboardEvent ): void {
		const stop = this.stopId();
		const at = this.list.rows.findIndex( ( conversation ) => conversation.id === stop );
		const last = this.list.rows.length - 1;
		const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last, PageDown: at + this.count - 1, PageUp: at - this.count + 1 }[ event.key ];
		if ( to !== undefined && ! event.altKey && ! event.ctrlKey && ! event.metaKey ) {
			event.preventDefault();
			void this.focusIndex( Math.min( last, Math.max( 0, to ) ) );
		}
	}

	private async focusIndex( index: number ): Promise<void> {
		const conversation = this.list.rows[ index ];
		const scroller = this.scroller;
		if ( ! conversation || ! scroller ) {
			return;
		}
		const top = index * ROW_HEIGHT;
		if ( top < scroller.scrollTop ) {
			scroller.scrollTop = top;
		} else if ( top + ROW_HEIGHT > scroller.scrollTop + scroller.clientHeight ) {
			scroller.scrollTop = top + ROW_HEIGHT - scroller.clientHeight;
		}
		// Its row may go with the next rendering; that is no focus lost.
		this.rowElement( this.stop )?.blur();
		this.stop = conversation.id;
		this.measure();
		await this.updateComplete;
		this.rowElement( conversation.id )?.focus( { preventScroll: true } );
	}

	private rowElement( id: number ): HTMLElement | null {
		return this.find( `.row[data-id="${ id }"]` );
	}
}

define( 'jetonomy-messages-list', List );
