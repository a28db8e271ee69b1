/** How near to the end, in pixels, a thread counts as being at it. */
const END = 32;

/**
 * Keeps a thread where its reader is: at the end while they are there, else at the message they look at, when
 * messages come in above or below. The browser's own anchoring is not everywhere, and is switched off.
 */
export class ThreadScroll {
	/** Whether the reader is at the end, and stays there when something is added. */
	atEnd = true;
	private anchor: { id: string; top: number } | null = null;
	private readonly sizes = new ResizeObserver( () => this.follow() );

	constructor( private readonly scroller: HTMLElement, content: HTMLElement ) {
		this.sizes.observe( scroller );
		this.sizes.observe( content );
	}

	disconnect(): void {
		this.sizes.disconnect();
	}

	/** Pixels below what is seen. */
	get below(): number {
		return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight;
	}

	/** Call when the reader scrolled. */
	moved(): void {
		this.atEnd = this.below <= END;
	}

	/** Call before messages change. */
	hold(): void {
		this.anchor = null;
		if ( this.atEnd ) {
			return;
		}
		const top = this.scroller.getBoundingClientRect().top;
		for ( const element of this.scroller.querySelectorAll<HTMLElement>( '.entry[data-id]' ) ) {
			const box = element.getBoundingClientRect();
			if ( box.bottom > top ) {
				this.anchor = { id: element.dataset.id ?? '', top: box.top };
				return;
			}
		}
	}

	/** Call after messages changed. */
	restore(): void {
		if ( this.atEnd ) {
			this.toEnd();
		} else if ( this.anchor ) {
			const element = this.scroller.querySelector( `.entry[data-id="${ this.anchor.id }"]` );
			if ( element ) {
				const moved = element.getBoundingClientRect().top - this.anchor.top;
				if ( Math.abs( moved ) >= 1 ) {
					this.scroller.scrollTop += moved;
				}
			}
		}
		this.anchor = null;
	}

	toEnd( smoothly = false ): void {
		this.atEnd = true;
		const smooth = smoothly && ! matchMedia( '(prefers-reduced-motion: reduce)' ).matches;
		this.scroller.scrollTo( { top: this.scroller.scrollHeight, behavior: smooth ? 'smooth' : 'instant' } );
	}

	/** Puts an element near the top, with a bit of what is before it. */
	toElement( element: HTMLElement ): void {
		this.scroller.scrollTop += element.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top - 64;
		this.moved();
	}

	private follow(): void {
		if ( this.atEnd ) {
			this.toEnd();
		}
	}
}
