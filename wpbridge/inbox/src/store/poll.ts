import { asFailure } from '../data/problem.ts';
import { host } from '../data/host.ts';

const SLOWEST = 300_000;
/** What is younger than this is not asked for again because somebody looks at it. */
const FRESH = 3_000;
const JITTER = 0.1;

export interface PollOptions {
	/** Asks once. */
	run: () => Promise<void>;
	/** Milliseconds between two times. */
	interval: () => number;
	/** How many times longer that is while nobody sees the page; Infinity for not at all. */
	hidden: () => number;
	/** Asking makes no sense any more. */
	over: () => boolean;
}

/**
 * Asks again and again, never twice at a time. After a failure the time between grows, up to 5 minutes, and is never
 * shorter than what the answer said.
 */
export class Poll {
	private timer = 0;
	private running = false;
	private active = false;
	private again = false;
	private failures = 0;
	private pause = 0;
	/** When it was asked last; -Infinity for what should be asked as soon as possible. */
	private asked = -Infinity;

	constructor( private readonly options: PollOptions ) {}

	start(): void {
		this.active = true;
		this.failures = 0;
		this.pause = 0;
		this.asked = -Infinity;
		this.schedule( 0 );
	}

	/** Begins anew with something else to ask for. */
	reset(): void {
		this.failures = 0;
		this.pause = 0;
		this.poke();
	}

	stop(): void {
		this.active = false;
		this.again = false;
		host().clearTimeout( this.timer );
	}

	/** Something is known to have changed: asks now, or as soon as the page is seen. */
	poke(): void {
		this.asked = -Infinity;
		if ( host().hidden() ) {
			return;
		}
		if ( this.running ) {
			this.again = true;
			return;
		}
		if ( this.active ) {
			this.schedule( Math.max( 0, this.pause - host().now() ) );
		}
	}

	/** The page is seen again. */
	wake(): void {
		if ( ! this.active || this.running ) {
			return;
		}
		// What failed is not fresh, however new.
		const age = this.failures > 0 ? Infinity : host().now() - this.asked;
		this.failures = 0;
		this.schedule( age >= FRESH ? Math.max( 0, this.pause - host().now() ) : this.delay() - age );
	}

	/** Nobody sees the page. */
	doze(): void {
		if ( this.active && ! this.running ) {
			this.schedule( this.delay() );
		}
	}

	private delay(): number {
		const { interval, hidden } = this.options;
		const base = interval() * ( host().hidden() ? hidden() : 1 );
		const grown = this.failures > 0 ? Math.max( base, Math.min( base * 2 ** this.failures, SLOWEST ) ) : base;
		return grown * ( 1 - JITTER + 2 * JITTER * host().random() );
	}

	private schedule( milliseconds: number ): void {
		const h = host();
		h.clearTimeout( this.timer );
		const never = this.options.over() || ( h.hidden() && this.options.hidden() === Infinity );
		if ( this.active && ! never && milliseconds < Infinity ) {
			this.timer = h.setTimeout( () => void this.ask(), milliseconds );
		}
	}

	private async ask(): Promise<void> {
		if ( this.running || ! this.active ) {
			return;
		}
		this.running = true;
		this.asked = host().now();
		try {
			await this.options.run();
			this.failures = 0;
		} catch ( error ) {
			this.failures++;
			this.pause = host().now() + asFailure( error ).retryAfter * 1000;
		}
		this.running = false;
		const again = this.again;
		this.again = false;
		this.schedule( again ? 0 : Math.max( this.delay(), this.pause - host().now() ) );
	}
}
