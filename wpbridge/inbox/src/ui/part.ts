import { LitElement, type PropertyValues } from 'lit';
import type { App } from './app.ts';

/**
 * A part of the inbox with a state of its own. It renders into itself, not into a shadow tree: all parts are in
 * the one of <jetonomy-messages>, so that its styles, ::part() names and ids reach everywhere.
 */
export class Part extends LitElement {
	static override properties: Record<string, object> = { app: { attribute: false } };

	declare app: App;

	protected override createRenderRoot(): this {
		return this;
	}

	protected override update( changed: PropertyValues ): void {
		const focused = ( this.getRootNode() as ShadowRoot ).activeElement;
		super.update( changed );
		if ( focused?.isConnected === false ) {
			this.app.refocus( this );
		}
	}

	/** An element below this one that is there for certain once it was rendered. */
	protected find<E extends Element>( selector: string ): E | null {
		return this.querySelector<E>( selector );
	}
}

/** Defines a part once, also when the module is evaluated twice. */
export function define( name: string, part: CustomElementConstructor ): void {
	if ( ! customElements.get( name ) ) {
		customElements.define( name, part );
	}
}

/** Whether a click is for the page itself, not for a new tab or window. */
export const isPlainClick = ( event: MouseEvent ): boolean =>
	event.button === 0 && ! ( event.metaKey || event.ctrlKey || event.shiftKey || event.altKey );
