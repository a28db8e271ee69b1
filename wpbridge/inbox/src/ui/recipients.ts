import { html, nothing, type PropertyValues } from 'lit';
import type { Person } from '../types.ts';
import { personName } from './app.ts';
import { avatar } from './avatar.ts';
import { icons } from './icons.ts';
import { Part, define } from './part.ts';
import { asProblem, problemText } from './problems.ts';

/** Milliseconds without a key before members are looked for. */
const PAUSE = 200;

/**
 * Chooses members: an editable combobox with a list, and a chip for everybody who is chosen. Fires `people` with
 * the chosen as detail.
 */
export class Recipients extends Part {
	static override properties = {
		...Part.properties,
		label: {},
		people: { attribute: false },
		exclude: { attribute: false },
		most: { type: Number },
		problem: { attribute: false },
		query: { state: true },
		found: { state: true },
		active: { state: true },
		looking: { state: true },
		open: { state: true },
	};

	declare label: string;
	declare people: readonly Person[];
	/** Ids of members who cannot be chosen. */
	declare exclude: readonly number[];
	/** How many can be chosen. */
	declare most: number;
	/** What is wrong with the choice, '' for nothing. */
	declare problem: string;
	declare query: string;
	/** null while nothing was looked for. */
	declare found: readonly Person[] | null;
	/** Which of those found the arrow keys are at, -1 for none. */
	declare active: number;
	declare looking: boolean;
	declare open: boolean;
	private pause = 0;
	private asking: AbortController | null = null;

	constructor() {
		super();
		this.label = this.problem = this.query = '';
		this.people = this.exclude = [];
		this.most = Infinity;
		this.found = null;
		this.active = -1;
		this.looking = this.open = false;
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		clearTimeout( this.pause );
		this.asking?.abort();
	}

	override focus(): void {
		this.find<HTMLInputElement>( 'input' )?.focus();
	}

	protected override updated( changed: PropertyValues<this> ): void {
		if ( changed.has( 'people' ) ) {
			// Where one types is behind them.
			this.find( '.chips' )?.scrollTo( 0, 9999 );
		}
	}

	protected override render() {
		const { strings } = this.app;
		const { found } = this;
		const full = this.people.length >= this.most;
		const hint = this.hint();
		const expanded = this.open && ! full && ( found?.length ?? 0 ) > 0;
		return html`<div class="recipients" part="recipients">
			<label class="field-label" for="recipients-input">${ this.label }</label>
			<div class="chips" @keydown=${ this.onChipKey } @click=${ this.onAreaClick }>
				${ this.people.map( ( person ) => {
					const name = personName( this.app, person );
					return html`<span class="chip" part="chip">${ avatar( name, person.avatar, 'small' ) }<span class="chip-name" dir="auto">${ name }</span><button type="button" class="chip-remove" tabindex="-1" aria-label=${ strings.text( 'removePerson', name ) } @click=${ () => this.removePerson( person ) }>${ icons.close }</button></span>`;
				} ) }
				<input id="recipients-input" role="combobox" .value=${ this.query } ?readonly=${ full } autocomplete="off" autocapitalize="none" spellcheck="false"
					placeholder=${ this.people.length === 0 ? strings.text( 'recipientsPlaceholder' ) : nothing }
					aria-autocomplete="list" aria-expanded=${ expanded } aria-controls="recipients-list" aria-describedby="recipients-hint" aria-invalid=${ this.problem === '' ? nothing : 'true' }
					aria-activedescendant=${ expanded && this.active >= 0 ? `recipients-option-${ this.active }` : nothing }
					@input=${ this.onInput } @keydown=${ this.onKey } @blur=${ this.onBlur } @focus=${ this.onInputFocus }>
			</div>
			<div class="field-hint ${ this.problem === '' ? '' : 'wrong' }" id="recipients-hint" role="status">${ hint }</div>
			<div class="options" id="recipients-list" role="listbox" aria-label=${ this.label } ?hidden=${ ! expanded } part="options">
				${ ( found ?? [] ).map( ( person, n ) => html`<div role="option" id="recipients-option-${ n }" class="option ${ n === this.active ? 'active' : '' }" aria-selected=${ n === this.active }
					@pointerdown=${ ( event: Event ) => event.preventDefault() } @click=${ () => this.choose( person ) } @pointermove=${ () => {
						this.active = n;
					} }>
					${ avatar( personName( this.app, person ), person.avatar ) }<span class="option-text"><span class="option-name" dir="auto">${ personName( this.app, person ) }</span><span class="login" dir="ltr">@${ person.login }</span></span></div>` ) }
			</div>
		</div>`;
	}

	private hint(): string {
		const { strings, config } = this.app;
		const typed = [ ...this.query.trim() ].length;
		if ( this.problem !== '' ) {
			return this.problem;
		}
		if ( this.people.length >= this.most ) {
			return strings.plural( 'groupFull', config.limits.group );
		}
		if ( typed > 0 && typed < config.limits.search ) {
			return strings.plural( 'typeMore', config.limits.search );
		}
		if ( this.looking ) {
			return this.found ? '' : strings.text( 'searching' );
		}
		if ( typed > 0 && this.found ) {
			return this.found.length === 0 ? strings.text( 'nobodyFound' ) : '';
		}
		return '';
	}

	private onInput( event: Event ): void {
		this.query = ( event.target as HTMLInputElement ).value;
		clearTimeout( this.pause );
		this.asking?.abort();
		if ( [ ...this.query.trim() ].length < this.app.config.limits.search ) {
			this.found = null;
			this.looking = false;
			return;
		}
		this.looking = this.open = true;
		this.pause = window.setTimeout( () => void this.look(), PAUSE );
	}

	private async look(): Promise<void> {
		const asking = this.asking = new AbortController();
		try {
			const people = await this.app.store.suggest( this.query.trim(), asking.signal );
			if ( asking === this.asking && ! asking.signal.aborted ) {
				const taken = new Set( [ ...this.exclude, ...this.people.map( ( person ) => person.id ), this.app.config.user ] );
				this.found = people.filter( ( person ) => ! taken.has( person.id ) );
				this.active = this.found.length > 0 ? 0 : -1;
				this.looking = false;
			}
		} catch ( problem ) {
			if ( asking === this.asking && ! asking.signal.aborted ) {
				this.looking = false;
				this.found = null;
				this.problem = problemText( this.app.strings, asProblem( problem ) );
			}
		}
	}

	private choose( person: Person ): void {
		clearTimeout( this.pause );
		this.asking?.abort();
		this.query = '';
		this.found = null;
		this.active = -1;
		this.looking = false;
		this.change( [ ...this.people, person ] );
		this.app.announce( this.app.strings.text( 'personAdded', personName( this.app, person ) ) );
		this.focus();
	}

	private removePerson( person: Person ): void {
		this.change( this.people.filter( ( one ) => one.id !== person.id ) );
		this.app.announce( this.app.strings.text( 'personRemoved', personName( this.app, person ) ) );
		this.focus();
	}

	private change( people: readonly Person[] ): void {
		this.people = people;
		this.problem = '';
		this.dispatchEvent( new CustomEvent( 'people', { detail: people } ) );
	}

	private onKey( event: KeyboardEvent ): void {
		const input = event.target as HTMLInputElement;
		const count = this.open ? this.found?.length ?? 0 : 0;
		const atStart = input.selectionStart === 0 && input.selectionEnd === 0;
		if ( event.isComposing ) {
			return;
		}
		if ( ( event.key === 'ArrowDown' || event.key === 'ArrowUp' ) && this.found?.length ) {
			const step = event.key === 'ArrowDown' ? 1 : -1;
			this.active = this.open ? ( this.active + step + this.found.length ) % this.found.length : 0;
			this.open = true;
			void this.updateComplete.then( () => this.find( '.option.active' )?.scrollIntoView( { block: 'nearest' } ) );
		} else if ( event.key === 'Enter' ) {
			// Those who are shown while others are looked for match what was typed before.
			const person = count > 0 && ! this.looking ? this.found?.[ this.active ] : undefined;
			if ( person ) {
				this.choose( person );
			}
		} else if ( event.key === 'Escape' && count > 0 ) {
			this.open = false;
			event.stopPropagation();
		} else if ( event.key === 'Backspace' && this.query === '' && this.people.length > 0 ) {
			this.removePerson( this.people[ this.people.length - 1 ]! );
		} else if ( event.key === this.backwards && atStart && this.people.length > 0 ) {
			this.chipButtons.at( -1 )?.focus();
			event.stopPropagation();
		} else {
			return;
		}
		event.preventDefault();
	}

	private get chipButtons(): HTMLElement[] {
		return [ ...this.querySelectorAll<HTMLElement>( '.chip-remove' ) ];
	}

	private get backwards(): string {
		return getComputedStyle( this ).direction === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
	}

	private onChipKey( event: KeyboardEvent ): void {
		const buttons = this.chipButtons;
		const at = buttons.indexOf( event.target as HTMLElement );
		const person = this.people[ at ];
		if ( ! person ) {
			return;
		}
		if ( event.key === 'Backspace' || event.key === 'Delete' ) {
			this.removePerson( person );
		} else if ( event.key === 'ArrowLeft' || event.key === 'ArrowRight' ) {
			const next = buttons[ at + ( event.key === this.backwards ? -1 : 1 ) ];
			if ( next ) {
				next.focus();
			} else if ( event.key !== this.backwards ) {
				this.focus();
			}
		} else {
			return;
		}
		event.preventDefault();
	}

	private onAreaClick( event: Event ): void {
		if ( event.target === event.currentTarget ) {
			this.focus();
		}
	}

	private onBlur(): void {
		this.open = false;
	}

	private onInputFocus(): void {
		this.open = true;
	}
}

define( 'jetonomy-messages-recipients', Recipients );
