import { html, nothing, type TemplateResult } from 'lit';
import type { Message, Outgoing, Problem, ThreadState } from '../types.ts';
import type { Strings } from '../strings.ts';
import { nameOf, type App } from './app.ts';
import { avatar } from './avatar.ts';
import { classes } from './classes.ts';
import { content } from './content.ts';
import { icons } from './icons.ts';
import { ERASED_HTML, noteText } from './notes.ts';
import { problemText } from './problems.ts';

/** Messages of one sender that are at most this many milliseconds apart stand together. */
const RUN = 5 * 60_000;

/** One thing in a thread, top to bottom. */
export type Entry =
	| { kind: 'day'; key: string; text: string }
	| { kind: 'new'; key: string }
	| { kind: 'message'; key: string; message: Message; first: boolean; last: boolean }
	| { kind: 'gap'; key: string }
	| { kind: 'outgoing'; key: string; outgoing: Outgoing; first: boolean; last: boolean };

/** Sorts messages into days and runs, with the "New" line and what is on its way, which may come after a gap. */
export function entries( app: App, { messages, outgoing, firstUnreadId: firstUnread, hasNewer }: ThreadState, now: number ): Entry[] {
	const { format } = app;
	const all: Entry[] = [];
	let day = '';
	let previous: Message | null = null;
	messages.forEach( ( message, n ) => {
		const key = format.dayKey( message.created_at );
		const breaks = key !== day || message.id === firstUnread;
		if ( key !== day && key !== '' ) {
			day = key;
			all.push( { kind: 'day', key: `day-${ key }`, text: format.day( message.created_at, now ) } );
		}
		if ( message.id === firstUnread ) {
			all.push( { kind: 'new', key: 'new' } );
		}
		const next = messages[ n + 1 ];
		const nextBreaks = ! next || next.id === firstUnread || format.dayKey( next.created_at ) !== key;
		all.push( {
			kind: 'message', key: `message-${ message.id }`, message,
			first: breaks || ! isRun( previous, message ),
			last: nextBreaks || ! isRun( message, next ?? null ),
		} );
		previous = message;
	} );
	if ( hasNewer && outgoing.length > 0 ) {
		all.push( { kind: 'gap', key: 'gap' } );
	}
	outgoing.forEach( ( one, n ) => all.push( { kind: 'outgoing', key: `outgoing-${ one.key }`, outgoing: one, first: n === 0 && ! previous?.is_own, last: n === outgoing.length - 1 } ) );
	return all;
}

function isRun( a: Message | null, b: Message | null ): boolean {
	if ( ! a || ! b || a.is_system || b.is_system || a.sender_id !== b.sender_id || a.sender_name !== b.sender_name ) {
		return false;
	}
	return Math.abs( new Date( b.created_at ?? 0 ).getTime() - new Date( a.created_at ?? 0 ).getTime() ) <= RUN;
}

export interface MessagePlace {
	/** Names and faces stand at runs in groups only. */
	inGroup: boolean;
	/** The one message that Tab reaches. */
	stop: boolean;
	first: boolean;
	last: boolean;
}

export function messageView( app: App, message: Message, place: MessagePlace ): TemplateResult {
	const { strings, format } = app;
	const { id } = message;
	const exact = format.exact( message.created_at );
	if ( message.is_system ) {
		return html`<div class="entry note" part="note" role="article" data-id=${ id } tabindex=${ place.stop ? 0 : -1 } aria-labelledby="text-${ id }">
			<span id="text-${ id }" dir="auto" title=${ exact }>${ noteText( strings, message.content_plain ) }</span></div>`;
	}
	const who = message.is_own ? strings.text( 'you' ) : nameOf( strings, message.sender_id, message.sender_name );
	const named = place.inGroup && ! message.is_own && place.first;
	return html`<div class=${ classes( { entry: true, message: true, own: message.is_own, faced: place.inGroup && ! message.is_own, first: place.first, last: place.last } ) } part=${ message.is_own ? 'message message-own' : 'message' }
			role="article" data-id=${ id } tabindex=${ place.stop ? 0 : -1 } aria-labelledby="who-${ id } text-${ id } time-${ id }">
		<span id="who-${ id }" class=${ named ? 'sender' : 'hidden' } dir="auto">${ who }</span>
		${ message.is_own || ! place.inGroup ? nothing : place.last ? avatar( who, message.sender_avatar, 'small' ) : nothing }
		<div class="bubble content" part="bubble" id="text-${ id }" title=${ exact }>${ message.content === ERASED_HTML ? html`<p dir="auto"><em>${ strings.text( 'erased' ) }</em></p>` : content( message.content ) }</div>
		${ message.is_own ? nothing : reportButton( app, message ) }
		<time id="time-${ id }" class=${ place.last ? 'time' : 'hidden' } datetime=${ message.created_at ?? nothing } title=${ exact }>${ format.clock( message.created_at ) }</time>
	</div>`;
}

/** In the way of nobody: it is seen while the message is pointed at, tapped or has the focus in it. */
function reportButton( app: App, message: Message ): TemplateResult {
	const label = app.strings.text( 'reportMessage' );
	return html`<button type="button" class="button icon-only report" part="button" tabindex="-1" aria-label=${ label } title=${ label } @click=${ () => app.report( message.conversation_id, message ) }>${ icons.flag }</button>`;
}

/** The line at the top says it where nothing can be sent at all. */
function failureText( strings: Strings, problem: Problem | null ): string {
	return problem?.kind === 'refused' || problem?.kind === 'invalid' || problem?.kind === 'limited' ? problemText( strings, problem ) : strings.text( 'notSent' );
}

export interface OutgoingActions {
	retry(): void;
	remove(): void;
}

export function outgoingView( app: App, outgoing: Outgoing, place: { first: boolean; last: boolean }, actions: OutgoingActions ): TemplateResult {
	const { strings } = app;
	const failed = outgoing.state === 'failed';
	return html`<div class=${ classes( { entry: true, message: true, own: true, outgoing: true, failed, first: place.first, last: place.last || failed } ) } part="message message-own" role="article"
			aria-labelledby="outgoing-text-${ outgoing.key } outgoing-state-${ outgoing.key }">
		<div class="bubble content plain" part="bubble" dir="auto" id="outgoing-text-${ outgoing.key }">${ outgoing.text }</div>
		${ failed ? html`<div class="time failure" id="outgoing-state-${ outgoing.key }">${ icons.alert }<span>${ failureText( strings, outgoing.problem ) }</span>
			<button type="button" class="button small" part="button" @click=${ actions.retry }>${ strings.text( 'retry' ) }</button>
			<button type="button" class="button small" part="button" @click=${ actions.remove }>${ strings.text( 'delete' ) }</button></div>`
			: html`<span class=${ place.last ? 'time' : 'hidden' } id="outgoing-state-${ outgoing.key }">${ icons.clock }${ strings.text( 'sending' ) }</span>` }
	</div>`;
}
