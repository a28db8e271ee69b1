import { html, nothing, type TemplateResult } from 'lit';
import type { Conversation, Participant } from '../types.ts';

/** A picture that does not load gives way to the letter below it. */
const broken = ( event: Event ): void => ( event.currentTarget as HTMLElement ).remove();

const letter = ( name: string ): string => ( [ ...name.trim() ][ 0 ] ?? '?' ).toLocaleUpperCase();

export function avatar( name: string, url: string, size: 'small' | 'medium' | 'stacked' = 'medium' ): TemplateResult {
	return html`<span class="avatar ${ size }" part="avatar" aria-hidden="true">${ letter( name ) }${
		url === '' ? nothing : html`<img src=${ url } alt="" width="40" height="40" loading="lazy" decoding="async" draggable="false" @error=${ broken }>`
	}</span>`;
}

/** Who takes part now, the reader included. */
export const present = ( conversation: Conversation ): readonly Participant[] =>
	conversation.participants.filter( ( person ) => person.left_at === null );

/** The others, or in an empty group whoever was there, so that there is always a face. */
export function others( conversation: Conversation, reader: number ): readonly Participant[] {
	const rest = conversation.participants.filter( ( person ) => person.id !== reader || person.id === 0 );
	const here = rest.filter( ( person ) => person.left_at === null );
	return here.length > 0 || conversation.type === 'direct' ? ( conversation.type === 'direct' ? rest : here ) : rest;
}

/** The picture of a conversation: the other side's, or a stack of two. */
export function picture( conversation: Conversation, reader: number ): TemplateResult {
	const [ first, second ] = others( conversation, reader );
	if ( conversation.type === 'group' && first && second ) {
		return html`<span class="stack" aria-hidden="true">${ avatar( second.display_name, second.avatar, 'stacked' ) }${
			avatar( first.display_name, first.avatar, 'stacked' ) }</span>`;
	}
	return avatar( first?.display_name ?? conversation.title, first?.avatar ?? '' );
}
