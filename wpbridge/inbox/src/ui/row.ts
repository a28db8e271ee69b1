import { html, nothing, type TemplateResult } from 'lit';
import type { Conversation } from '../types.ts';
import { nameOf, type App } from './app.ts';
import { others, picture } from './avatar.ts';
import { classes } from './classes.ts';
import { icons } from './icons.ts';
import { isPlainClick } from './part.ts';
import { noteText } from './notes.ts';

/** Pixels of a row: all have the same height, so that a window of thousands can be computed. */
export const ROW_HEIGHT = 72;

export interface RowPlace {
	index: number;
	/** Rows in all, -1 while that is not known. */
	total: number;
	selected: boolean;
	/** The one row that Tab reaches. */
	stop: boolean;
	now: number;
}

/** What a conversation is called: a direct one after the other side, also when that is gone. */
export function titleOf( app: App, conversation: Conversation ): string {
	const [ other ] = others( conversation, app.config.user );
	return conversation.type === 'direct' && other ? nameOf( app.strings, other.id, other.display_name ) : conversation.title;
}

export function row( app: App, conversation: Conversation, place: RowPlace ): TemplateResult {
	const { strings, format } = app;
	const { id } = conversation;
	const target = { view: 'conversation', id } as const;
	const draft = place.selected ? '' : app.store.draft( id ).text.trim();
	const open = ( event: MouseEvent ): void => {
		if ( isPlainClick( event ) ) {
			event.preventDefault();
			app.go( target );
		}
	};
	return html`<div role="listitem" class="row-place" aria-posinset=${ place.index + 1 } aria-setsize=${ place.total }
			.style=${ `transform:translateY(${ place.index * ROW_HEIGHT }px)` }>
		<a class=${ classes( { row: true, unread: conversation.unread, selected: place.selected } ) } part=${ conversation.unread ? 'row row-unread' : 'row' }
			href=${ app.href( target ) } data-id=${ id } tabindex=${ place.stop ? 0 : -1 } aria-current=${ place.selected ? 'true' : nothing } @click=${ open }>
			${ picture( conversation, app.config.user ) }
			<span class="row-text">
				<span class="row-title" dir="auto">${ titleOf( app, conversation ) }</span>
				<span class="row-preview" dir="auto">${
					draft === '' ? preview( app, conversation ) : html`<span class="draft">${ strings.text( 'draft' ) }</span> ${ draft.slice( 0, 100 ) }` }</span>
			</span>
			<span class="row-side">
				<time class="row-time" datetime=${ conversation.last_message_at ?? nothing } title=${ format.exact( conversation.last_message_at ) }>${ format.ago( conversation.last_message_at, place.now ) }</time>
				<span class="row-marks">
					${ conversation.is_muted ? mark( icons.mute, strings.text( 'muted' ) ) : nothing }
					${ conversation.is_archived ? mark( icons.archive, strings.text( 'archived' ) ) : nothing }
					${ conversation.is_blocked ? mark( icons.block, strings.text( 'blocked' ) ) : nothing }
					${ conversation.unread ? html`<span class="dot" part="dot"></span><span class="hidden">${ strings.text( 'unread' ) }</span>` : nothing }
				</span>
			</span>
		</a>
	</div>`;
}

const mark = ( icon: unknown, name: string ): TemplateResult =>
	html`<span class="mark" title=${ name }>${ icon }<span class="hidden">${ name }</span></span>`;

function preview( app: App, conversation: Conversation ): string {
	const text = noteText( app.strings, conversation.last_message_preview ?? '', conversation.participants.map( ( person ) => person.display_name ) );
	return conversation.last_message_is_own ? app.strings.text( 'previewOwn', text ) : text;
}
