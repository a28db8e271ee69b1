import { html, nothing } from 'lit';
import { icons } from './icons.ts';
import { Part, define } from './part.ts';

/** Milliseconds that something can be undone; they stand still while the toast is pointed at or has the focus. */
const SHOWN_FOR = 8_000;

interface Shown {
	text: string;
	undo: ( () => unknown ) | undefined;
	label: string | undefined;
}

/** One sentence about what was just done. */
export class Toast extends Part {
	static override properties = { ...Part.properties, shown: { state: true } };

	declare shown: Shown | null;
	private timer = 0;
	private left = 0;
	private since = 0;
	private held = false;

	constructor() {
		super();
		this.shown = null;
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.hide();
	}

	show( text: string, undo?: () => unknown, label?: string ): void {
		clearTimeout( this.timer );
		this.shown = { text, undo, label };
		this.left = SHOWN_FOR;
		if ( ! this.held ) {
			this.run();
		}
	}

	protected override render() {
		const { shown } = this;
		return html`<div class="toast-place" role="status" @keydown=${ this.onKey }
			@pointerenter=${ this.hold } @pointerleave=${ this.run } @focusin=${ this.hold } @focusout=${ this.run }>
			${ shown ? html`<div class="toast" part="toast"><span>${ shown.text }</span>
				${ shown.undo ? html`<button type="button" class="button inverse" part="button" @click=${ this.undo }>${ shown.label ?? this.app.strings.text( 'undo' ) }</button>` : nothing }
				<button type="button" class="button inverse icon-only" part="button" aria-label=${ this.app.strings.text( 'dismiss' ) } @click=${ this.hide }>${ icons.close }</button>
			</div>` : nothing }
		</div>`;
	}

	private hold = (): void => {
		if ( this.held ) {
			return;
		}
		this.held = true;
		clearTimeout( this.timer );
		this.left -= this.shown ? performance.now() - this.since : 0;
	};

	private run = (): void => {
		this.held = false;
		clearTimeout( this.timer );
		if ( this.shown ) {
			this.since = performance.now();
			this.timer = window.setTimeout( this.hide, Math.max( 1_000, this.left ) );
		}
	};

	private hide = (): void => {
		clearTimeout( this.timer );
		this.held = false;
		this.shown = null;
	};

	private undo = (): void => {
		const undo = this.shown?.undo;
		this.hide();
		undo?.();
	};

	private onKey( event: KeyboardEvent ): void {
		if ( event.key === 'Escape' ) {
			event.stopPropagation();
			this.hide();
		}
	}
}

define( 'jetonomy-messages-toast', Toast );
