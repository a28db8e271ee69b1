import { safeLocale } from '../strings.ts';

/** Times and lists in the reader's zone and locale. Times come as ISO 8601, null or unreadable ones give ''. */
export interface Format {
	/** How long ago, in few letters: "now", "5m ago", "yesterday", "Nov 3". */
	ago( time: string | null, now: number ): string;
	/** The time of day. */
	clock( time: string | null ): string;
	/** Day and time in full, for titles. */
	exact( time: string | null ): string;
	/** "Today", "Yesterday", "Monday, November 3". */
	day( time: string | null, now: number ): string;
	/** The same for all times of one day in the reader's zone. */
	dayKey( time: string | null ): string;
	number( value: number ): string;
	list( names: readonly string[] ): string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function makeFormat( wanted: string ): Format {
	const locale = safeLocale( wanted );
	const dates = ( options: Intl.DateTimeFormatOptions ) => new Intl.DateTimeFormat( locale, options );
	const short = new Intl.RelativeTimeFormat( locale, { numeric: 'auto', style: 'narrow' } );
	const long = new Intl.RelativeTimeFormat( locale, { numeric: 'auto' } );
	const clock = dates( { hour: 'numeric', minute: '2-digit' } );
	const exact = dates( { dateStyle: 'full', timeStyle: 'short' } );
	const thisYear = { short: dates( { month: 'short', day: 'numeric' } ), long: dates( { weekday: 'long', month: 'long', day: 'numeric' } ) };
	const otherYear = { short: dates( { dateStyle: 'medium' } ), long: dates( { dateStyle: 'full' } ) };
	const number = new Intl.NumberFormat( locale );
	const names = new Intl.ListFormat( locale, { type: 'conjunction' } );

	const read = ( time: string | null ): Date | null => {
		const date = new Date( time ?? NaN );
		return Number.isNaN( date.getTime() ) ? null : date;
	};
	const midnight = ( date: Date ) => new Date( date.getFullYear(), date.getMonth(), date.getDate() ).getTime();
	/** Calendar days between two times: a day has 23 to 25 hours. */
	const daysApart = ( date: Date, now: Date ) => Math.round( ( midnight( date ) - midnight( now ) ) / DAY );
	const yearsFormats = ( date: Date, now: Date ) => ( date.getFullYear() === now.getFullYear() ? thisYear : otherYear );
	const upperFirst = ( text: string ) => text.replace( /^\p{Ll}/u, ( letter ) => letter.toLocaleUpperCase( locale ) );

	return {
		ago( time, at ) {
			const date = read( time );
			if ( ! date ) {
				return '';
			}
			const now = new Date( at );
			const days = daysApart( date, now );
			const passed = Math.max( 0, at - date.getTime() );
			if ( passed < MINUTE ) {
				return short.format( 0, 'second' );
			}
			if ( passed < HOUR ) {
				return short.format( -Math.floor( passed / MINUTE ), 'minute' );
			}
			if ( days === 0 ) {
				return short.format( -Math.floor( passed / HOUR ), 'hour' );
			}
			return days > -7 ? short.format( days, 'day' ) : yearsFormats( date, now ).short.format( date );
		},
		clock( time ) {
			const date = read( time );
			return date ? clock.format( date ) : '';
		},
		exact( time ) {
			const date = read( time );
			return date ? exact.format( date ) : '';
		},
		day( time, at ) {
			const date = read( time );
			if ( ! date ) {
				return '';
			}
			const now = new Date( at );
			const days = daysApart( date, now );
			return upperFirst( days === 0 || days === -1 ? long.format( days, 'day' ) : yearsFormats( date, now ).long.format( date ) );
		},
		dayKey( time ) {
			const date = read( time );
			return date ? String( midnight( date ) ) : '';
		},
		number: ( value ) => number.format( value ),
		list: ( all ) => names.format( all ),
	};
}
