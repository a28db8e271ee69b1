import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { icons } from './icons.ts';
import { Part, define } from './part.ts';

/** Milliseconds that something can be undone; they stand still while the toast is pointed at or has the focus. */
const SHOWN_FOR = 8_000;

/** How many are shown at once: what can be undone stays when the next thing is done. */
const MOST = 2;

interface Shown {
	text: string;
	undo: ( () => unknown ) | undefined;
	label: string | undefined;
	timer: number;
	/** Milliseconds that it is shown for, from `since` on. */
	left: number;
	since: number;
}

/** Sentences about what was just done, the newest last. */
export class Toast extends Part {
	static override properties = { ...Part.properties, shown: { state: true } };

	declare shown: Shown[];
	private held = false;

	constructor() {
		super();
		this.shown = [];
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.keep();
	}

	show( text: string, undo?: () => unknown, label?: string ): void {
		const one = { text, undo, label, timer: 0, left: SHOWN_FOR, since: 0 };
		const kept = this.shown.filter( ( other ) => other.undo ).slice( 1 - MOST );
		this.keep( ( other ) => kept.includes( other ) );
		this.shown = [ ...this.shown, one ];
		if ( ! this.held ) {
			this.start( one );
		}
	}

	protected override render() {
		const { strings } = this.app;
		return html`<div class="toast-place" role="status" aria-atomic="false" @keydown=${ this.onKey }
			@pointerenter=${ this.hold } @pointerleave=${ this.run } @focusin=${ this.hold } @focusout=${ this.run }>
			${ repeat( this.shown, ( one ) => one, ( one ) => {
				const hide = () => this.keep( ( other ) => other !== one );
				const undo = () => {
					hide();
					one.undo?.();
				};
				return html`<div class="toast" part="toast"><span>${ one.text }</span>
					${ one.undo ? html`<button type="button" class="button inverse" part="button" @click=${ undo }>${ one.label ?? strings.text( 'undo' ) }</button>` : nothing }
					<button type="button" class="button inverse icon-only" part="button" aria-label=${ strings.text( 'dismiss' ) } @click=${ hide }>${ icons.close }</button>
				</div>`;
			} ) }
		</div>`;
	}

	private hold = (): void => {
		if ( ! this.held ) {
			this.held = true;
			for ( const one of this.shown ) {
				clearTimeout( one.timer );
				one.left -= performance.now() - one.since;
			}
		}
	};

	private run = (): void => {
		if ( this.held ) {
			this.held = false;
			this.shown.forEach( ( one ) => this.start( one ) );
		}
	};

	private start( one: Shown ): void {
		one.since = performance.now();
		one.timer = window.setTimeout( () => this.keep( ( other ) => other !== one ), Math.max( 1_000, one.left ) );
	}

	/** Lets go of the others; of all, when nothing says which stay. */
	private keep( stays = ( _: Shown ): boolean => false ): void {
		this.shown.forEach( ( one ) => stays( one ) || clearTimeout( one.timer ) );
		this.shown = this.shown.filter( stays );
		// Nothing is left that the pointer or the focus could leave.
		this.held &&= this.shown.length > 0;
	}

	private onKey( event: KeyboardEvent ): void {
		if ( event.key === 'Escape' ) {
			event.stopPropagation();
			this.keep();
		}
	}
}

define( 'jetonomy-messages-toast', Toast );
