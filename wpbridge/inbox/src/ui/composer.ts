import { html, nothing, type PropertyValues } from 'lit';
import { icons } from './icons.ts';
import { markOf, toggleMark } from './markdown-keys.ts';
import { Part, define } from './part.ts';

/** Characters before the limit from which on they are counted. */
const NEAR = 200;

/**
 * Where a message is written. Fires `typed` and `send`, both with the text as detail; whoever hears `send` says
 * clear() once the text is in good hands.
 */
export class Composer extends Part {
	static override properties = {
		...Part.properties,
		text: { attribute: false },
		busy: { type: Boolean },
		problem: { attribute: false },
	};

	declare text: string;
	declare busy: boolean;
	/** Why the last message was not taken, '' for nothing. */
	declare problem: string;
	/** An Enter that ends a composition must not send; some browsers report it after the composition. */
	private composedAt = -Infinity;

	constructor() {
		super();
		this.text = this.problem = '';
		this.busy = false;
	}

	override focus(): void {
		this.area?.focus();
	}

	clear(): void {
		this.text = '';
		this.focus();
	}

	private get area(): HTMLTextAreaElement | null {
		return this.find( 'textarea' );
	}

	/** What can be typed yet, in characters as people count them: code points, as the service does. */
	private get left(): number {
		return this.app.config.limits.message - [ ...this.text ].length;
	}

	protected override updated( changed: PropertyValues<this> ): void {
		const area = this.area;
		if ( area && changed.has( 'text' ) ) {
			// What is there already keeps its cursor.
			if ( area.value !== this.text ) {
				area.value = this.text;
			}
			area.style.blockSize = 'auto';
			// The style sheet stops it at eight lines.
			area.style.blockSize = `${ area.scrollHeight + area.offsetHeight - area.clientHeight }px`;
		}
	}

	protected override render() {
		const { strings } = this.app;
		const { left } = this;
		const none = this.text.trim() === '' || left < 0 || this.busy;
		const enterSends = this.app.store.enterSends;
		return html`<form class="composer" part="composer" @submit=${ this.onSubmit }>
			<div role="alert" class="composer-problem" id="composer-problem">${ this.problem }</div>
			<div class="composer-field">
				<textarea part="textbox" rows="1" dir="auto" aria-label=${ strings.text( 'write' ) } placeholder=${ strings.text( 'write' ) }
					aria-describedby="composer-problem composer-count composer-hint" aria-invalid=${ left < 0 ? 'true' : nothing } enterkeyhint=${ enterSends ? 'send' : 'enter' } autocapitalize="sentences"
					@input=${ this.onInput } @keydown=${ this.onKey } @compositionend=${ this.onComposed }></textarea>
				<button type="submit" class="button primary icon-only send" part="button button-send" aria-label=${ strings.text( 'send' ) } title=${ strings.text( 'send' ) }
					?disabled=${ none } @pointerdown=${ ( event: Event ) => event.preventDefault() }>${ icons.send }</button>
			</div>
			<div class="composer-under">
				<span class="composer-hint" id="composer-hint">${ strings.text( enterSends ? 'hintEnter' : 'hintCtrlEnter' ) }</span>
				<span class="composer-count ${ left < 0 ? 'over' : '' }" id="composer-count" aria-live="polite">${ left > NEAR ? nothing
					: left < 0 ? strings.plural( 'charactersOver', -left ) : strings.plural( 'charactersLeft', left ) }</span>
			</div>
		</form>`;
	}

	private onInput( event: Event ): void {
		this.text = ( event.target as HTMLTextAreaElement ).value;
		this.fire( 'typed' );
	}

	private onComposed( event: Event ): void {
		this.composedAt = event.timeStamp;
	}

	private onKey( event: KeyboardEvent ): void {
		const mark = markOf( event );
		if ( mark ) {
			event.preventDefault();
			toggleMark( event.target as HTMLTextAreaElement, mark );
			return;
		}
		if ( event.key !== 'Enter' || event.isComposing || event.keyCode === 229 || event.timeStamp - this.composedAt < 50 ) {
			return;
		}
		const wantsBreak = event.shiftKey || event.altKey;
		const wantsSend = event.ctrlKey || event.metaKey;
		if ( wantsSend || ( this.app.store.enterSends && ! wantsBreak ) ) {
			event.preventDefault();
			this.send();
		}
	}

	private onSubmit( event: Event ): void {
		event.preventDefault();
		this.send();
	}

	private send(): void {
		if ( this.text.trim() !== '' && this.left >= 0 && ! this.busy ) {
			this.fire( 'send' );
		}
	}

	private fire( name: string ): void {
		this.dispatchEvent( new CustomEvent( name, { detail: this.text } ) );
	}
}

define( 'jetonomy-messages-composer', Composer );
