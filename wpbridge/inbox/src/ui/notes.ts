import type { Strings } from '../strings.ts';

const FORMER = 'A former member';
/** What stands in the place of an erased message. */
const ERASED = 'Message deleted';
export const ERASED_HTML = `<p dir="auto"><em>${ ERASED }</em></p>`;

/**
 * A note that the service wrote into a thread, in the reader's language; any other text as it is. Of a text that
 * may be a member's own, such as a preview, the names decide that somebody here can have left or added others.
 */
export function noteText( strings: Strings, text: string, names?: readonly string[] ): string {
	const known = ( who: string ) => ! names || who === FORMER || names.includes( who );
	const shown = ( who: string ) => ( who === FORMER ? strings.text( 'formerMember' ) : who );
	const [ , who = '' ] = /^(.+) left the conversation$/s.exec( text ) ?? [];
	if ( who !== '' && known( who ) ) {
		return strings.text( 'noteLeft', shown( who ) );
	}
	const [ , by = '', whom = '' ] = /^(.+?) added (.+)$/s.exec( text ) ?? [];
	return by !== '' && known( by ) ? strings.text( 'noteAdded', shown( by ), shown( whom ) )
		: text === ERASED ? strings.text( 'erased' ) : text;
}
