import type { Draft, Person } from '../types.ts';
import type { Device } from '../data/device.ts';

const NAME = 'draft:';

/** What was typed, with something behind it. */
export const behind = ( typed: string, text: string ): string => ( typed === '' || text === '' ? typed + text : `${ typed }\n${ text }` );

/**
 * What was typed and not sent, by conversation; 0 is the new message, and -5 the one that the page's address begins to
 * member 5. All tabs show the same one.
 */
export class Drafts {
	constructor( private readonly device: Device ) {}

	get( id: number ): Draft {
		const kept = this.device.get<Partial<Draft>>( NAME + id );
		if ( typeof kept !== 'object' || kept === null ) {
			return { text: '' };
		}
		const draft: Draft = { text: typeof kept.text === 'string' ? kept.text : '' };
		if ( typeof kept.title === 'string' ) {
			draft.title = kept.title;
		}
		if ( Array.isArray( kept.recipients ) ) {
			draft.recipients = kept.recipients.filter( isPerson );
		}
		if ( typeof kept.key === 'string' ) {
			draft.key = kept.key;
		}
		return draft;
	}

	set( id: number, draft: Draft ): void {
		if ( draft.text === '' && ! draft.title && ! draft.recipients?.length ) {
			this.device.remove( NAME + id );
		} else {
			this.device.set( NAME + id, draft );
		}
	}
}

function isPerson( value: Person | null ): value is Person {
	return typeof value === 'object' && value !== null && Number.isInteger( value.id ) && typeof value.display_name === 'string';
}
