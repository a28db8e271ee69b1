import { html, nothing, type SVGTemplateResult } from 'lit';
import { icons } from './icons.ts';
import { Part, define } from './part.ts';

export interface MenuItem {
	label: string;
	icon?: SVGTemplateResult;
	/** A menuitemcheckbox where this is given. */
	checked?: boolean;
	danger?: boolean;
	run(): void;
}

/** A button with a menu, by the ARIA pattern: arrows, Home, End, first letters, Esc, and focus comes back. */
export class Menu extends Part {
	static override properties = {
		...Part.properties,
		label: {},
		icon: { attribute: false },
		items: { attribute: false },
		open: { state: true },
	};

	declare label: string;
	declare icon: SVGTemplateResult;
	declare items: readonly MenuItem[];
	declare open: boolean;

	constructor() {
		super();
		this.label = '';
		this.icon = icons.more;
		this.items = [];
		this.open = false;
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.shut( false );
	}

	protected override render() {
		return html`
			<button class="button icon-only" type="button" part="button" aria-haspopup="menu" aria-expanded=${ this.open } aria-label=${ this.label } title=${ this.label }
				@click=${ () => ( this.open ? this.shut() : this.show( 0 ) ) } @keydown=${ this.onButtonKey }>${ this.icon }</button>
			${ this.open ? html`<div class="menu" part="menu" role="menu" aria-label=${ this.label } @keydown=${ this.onKey }>
				${ this.items.map( ( item ) => html`<button type="button" class=${ item.danger ? 'danger' : '' } tabindex="-1"
					role=${ item.checked === undefined ? 'menuitem' : 'menuitemcheckbox' } aria-checked=${ item.checked ?? nothing }
					@click=${ () => this.choose( item ) }>${ item.checked === undefined ? item.icon ?? nothing : item.checked ? icons.check : html`<span class="icon"></span>` }<span>${ item.label }</span></button>` ) }
			</div>` : nothing }`;
	}

	private get buttons(): HTMLElement[] {
		return [ ...this.querySelectorAll<HTMLElement>( '.menu > button' ) ];
	}

	private async show( focused: number ): Promise<void> {
		this.open = true;
		const root = this.getRootNode();
		root.addEventListener( 'pointerdown', this.onOutside );
		root.addEventListener( 'focusin', this.onOutside );
		document.addEventListener( 'pointerdown', this.onOutside );
		await this.updateComplete;
		this.buttons.at( focused )?.focus();
	}

	private shut( returnFocus = true ): void {
		const root = this.getRootNode();
		root.removeEventListener( 'pointerdown', this.onOutside );
		root.removeEventListener( 'focusin', this.onOutside );
		document.removeEventListener( 'pointerdown', this.onOutside );
		if ( this.open ) {
			this.open = false;
			if ( returnFocus ) {
				// A page's scroll padding is no reason to move an inbox that fills a phone.
				this.find<HTMLElement>( 'button' )?.focus( { preventScroll: true } );
			}
		}
	}

	private onOutside = ( event: Event ): void => {
		if ( ! event.composedPath().includes( this ) ) {
			this.shut( false );
		}
	};

	private onButtonKey( event: KeyboardEvent ): void {
		if ( event.key === 'ArrowDown' || event.key === 'ArrowUp' ) {
			event.preventDefault();
			void this.show( event.key === 'ArrowDown' ? 0 : -1 );
		} else if ( event.key === 'Escape' && this.open ) {
			event.stopPropagation();
			this.shut();
		}
	}

	private onKey( event: KeyboardEvent ): void {
		const buttons = this.buttons;
		const at = buttons.indexOf( event.target as HTMLElement );
		const to = {
			ArrowDown: ( at + 1 ) % buttons.length,
			ArrowUp: ( at - 1 + buttons.length ) % buttons.length,
			Home: 0,
			End: buttons.length - 1,
		}[ event.key ];
		if ( to !== undefined ) {
			buttons[ to ]?.focus();
		} else if ( event.key === 'Escape' ) {
			event.stopPropagation();
			this.shut();
		} else if ( event.key === 'Tab' ) {
			// The browser goes on from the button.
			this.shut();
			return;
		} else if ( event.key.length === 1 && event.key !== ' ' ) {
			const letter = event.key.toLocaleLowerCase();
			const order = [ ...buttons.slice( at + 1 ), ...buttons.slice( 0, at + 1 ) ];
			order.find( ( button ) => button.textContent?.trim().toLocaleLowerCase().startsWith( letter ) )?.focus();
		} else {
			return;
		}
		event.preventDefault();
	}

	private choose( item: MenuItem ): void {
		this.shut();
		item.run();
	}
}

define( 'jetonomy-messages-menu', Menu );
