/** From this width in pixels on, list and thread are side by side. It is the element's width, not the window's. */
export const WIDE = 720;

export interface Look {
	wide: boolean;
	dark: boolean;
	/** Dark is wished for, but the theme's colours are light. */
	plain: boolean;
	rtl: boolean;
}

/**
 * Tells what CSS alone cannot say in all browsers about where an element is: how wide it is, whether an ancestor
 * is dark (Jetonomy's .jt-dark or [data-theme="dark"], else a theme with a dark background), and which way the
 * text runs.
 */
export class Surroundings {
	private readonly size = new ResizeObserver( () => this.look() );
	private readonly ancestors = new MutationObserver( () => this.look() );
	private last = '';

	constructor( private readonly element: HTMLElement, private readonly changed: ( look: Look ) => void ) {
		this.size.observe( element );
		for ( let node: Element | null = element; node; node = node.parentElement ) {
			this.ancestors.observe( node, { attributes: true, attributeFilter: [ 'class', 'data-theme', 'dir' ] } );
		}
		this.look();
	}

	disconnect(): void {
		this.size.disconnect();
		this.ancestors.disconnect();
	}

	private look(): void {
		const { element } = this;
		const marked = element.closest( '.jt-dark, [data-theme="dark"]' ) !== null;
		const darkBase = hasDarkBase( element );
		const look = {
			wide: element.getBoundingClientRect().width >= WIDE,
			dark: marked || darkBase,
			plain: marked && ! darkBase,
			rtl: getComputedStyle( element ).direction === 'rtl',
		};
		const all = JSON.stringify( look );
		if ( all !== this.last ) {
			this.last = all;
			this.changed( look );
		}
	}
}

/** Whether the background of Jetonomy's tokens, else of the theme, is dark. */
function hasDarkBase( element: HTMLElement ): boolean {
	const style = getComputedStyle( element );
	const base = style.getPropertyValue( '--jt-bg' ).trim() || style.getPropertyValue( '--wp--preset--color--base' ).trim();
	const probe = document.createElement( 'canvas' ).getContext( '2d' );
	if ( base === '' || ! probe ) {
		return false;
	}
	probe.fillStyle = '#fff';
	probe.fillStyle = base;
	const [ , red = 'ff', green = 'ff', blue = 'ff' ] = /^#(..)(..)(..)$/.exec( probe.fillStyle ) ?? [];
	return 0.2126 * parseInt( red, 16 ) + 0.7152 * parseInt( green, 16 ) + 0.0722 * parseInt( blue, 16 ) < 96;
}
