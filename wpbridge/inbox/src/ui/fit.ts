import { WIDE } from './surroundings.ts';

/** Pixels below which the inbox scrolls with its page instead of getting smaller. */
const LEAST = 480;
/** The same for one that fills a viewport, as on a phone on its side, or zoomed in. */
const LEAST_FILLING = 280;
/** How far, in pixels, an element that fills may have been moved by its page to be put right again. */
const MOVED = 160;
/** What stays free below. */
const MARGIN = 16;
/** A visual viewport that is this much smaller than the window has an on-screen keyboard below it. */
const KEYBOARD = 120;

/**
 * Gives an element the height that is left of the viewport below its top, in any theme, without what stays at
 * the viewport's edges there. While it fills, it has all of the viewport, and on a phone from side to side; while an on-screen keyboard is open, what
 * is above that, so that it never covers where one writes.
 */
export class Fit {
	private readonly page = new ResizeObserver( () => this.settle() );
	private filling = false;
	private size = '';
	/** Where the page was scrolled to before it was filled. */
	private before = 0;

	constructor( private readonly element: HTMLElement ) {
		this.page.observe( document.body );
		window.addEventListener( 'resize', this.settle );
		window.visualViewport?.addEventListener( 'resize', this.measure );
		this.measure();
	}

	disconnect(): void {
		this.page.disconnect();
		window.removeEventListener( 'resize', this.settle );
		window.visualViewport?.removeEventListener( 'resize', this.measure );
	}

	/** Whether the element is to have the whole viewport, and the page is scrolled to it. */
	fill( filling: boolean ): void {
		if ( filling !== this.filling ) {
			this.filling = filling;
			if ( filling ) {
				this.before = window.scrollY;
			}
			this.measure();
			if ( ! filling ) {
				window.scrollTo( { top: this.before, behavior: 'instant' } );
			} else {
				this.scrollToTop();
				// A bar may stay there only once the page is scrolled.
				this.measure();
				this.scrollToTop();
			}
		}
	}

	/** The page changed, as when it is still loading, or its window: what filled the viewport does so again. */
	private settle = (): void => {
		this.measure();
		const moved = Math.abs( this.element.getBoundingClientRect().top - covered( false ) );
		if ( this.filling && moved > 1 && moved < MOVED ) {
			this.scrollToTop();
		}
	};

	/** Below what stays there. Not by scrollIntoView(): WordPress's scroll padding is for a bar that phones do not fix. */
	private scrollToTop(): void {
		window.scrollBy( { top: this.element.getBoundingClientRect().top - covered( false ), behavior: 'instant' } );
	}

	/** On a phone, what fills begins and ends at the viewport's sides, or where an ancestor would cut it off. */
	private widen(): void {
		const { element } = this;
		const { style } = element;
		style.marginLeft = style.marginRight = '';
		// Only where that cannot make it wide, and then no longer fill.
		if ( this.filling && window.innerWidth < WIDE ) {
			let from = 0;
			let to = document.documentElement.clientWidth;
			for ( let node = element.parentElement; node; node = node.parentElement ) {
				if ( getComputedStyle( node ).overflowX !== 'visible' ) {
					const { left, right } = node.getBoundingClientRect();
					from = Math.max( from, left );
					to = Math.min( to, right );
				}
			}
			const { left, right } = element.getBoundingClientRect();
			style.marginLeft = `${ from - left }px`;
			style.marginRight = `${ right - to }px`;
		}
	}

	private measure = (): void => {
		this.widen();
		const { element, filling } = this;
		const viewport = window.visualViewport;
		const seen = viewport && viewport.scale === 1 ? viewport.height : window.innerHeight;
		const keyboard = window.innerHeight - seen > KEYBOARD && element.matches( ':focus-within' );
		const above = covered( false );
		const top = filling || keyboard ? above : element.getBoundingClientRect().top + window.scrollY;
		const below = covered( true );
		const rest = ( keyboard ? seen : window.innerHeight - below - ( filling ? 0 : MARGIN ) ) - top;
		const size = `${ keyboard ? Math.floor( rest ) : Math.max( filling ? LEAST_FILLING : Math.min( LEAST, window.innerHeight ), Math.floor( rest ) ) }px`;
		if ( size !== this.size ) {
			this.size = size;
			element.style.setProperty( '--jetonomy-messages-height', size );
			// So that the page is long enough to be scrolled to the element.
			element.style.marginBlockEnd = filling ? `${ below }px` : '';
			if ( keyboard ) {
				this.scrollToTop();
			}
		}
	};
}

/**
 * How many pixels of the viewport's upper or lower edge bars of the page cover, such as WordPress's, below it a
 * theme's that stays when one scrolls, or a phone's menu.
 */
function covered( below: boolean, known = 0 ): number {
	const { innerWidth, innerHeight } = window;
	for ( let node = document.elementFromPoint( innerWidth / 2, below ? innerHeight - known - 2 : known + 1 ); node; node = node.parentElement ) {
		const { position, top, bottom } = getComputedStyle( node );
		const box = node.getBoundingClientRect();
		// Where it sticks, and does not merely pass by.
		const stuck = position === 'sticky' && Math.abs( below ? innerHeight - box.bottom - parseFloat( bottom ) : box.top - parseFloat( top ) ) < 2;
		if ( stuck || position === 'fixed' ) {
			const all = below ? innerHeight - box.top : box.bottom;
			// What covers more is a dialog or a menu that is open for a moment.
			return all > known && all < innerHeight / 3 ? covered( below, all ) : known;
		}
	}
	return known;
}
