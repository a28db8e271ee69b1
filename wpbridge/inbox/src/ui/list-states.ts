import { html, nothing, type TemplateResult } from 'lit';
import type { Folder, ListState, Problem } from '../types.ts';
import type { Text } from '../strings.ts';
import type { App } from './app.ts';
import { icons } from './icons.ts';
import { problemText } from './problems.ts';

/** What a list says that has no rows. */
const EMPTY: Record<Folder, readonly [ Text, Text ]> = {
	inbox: [ 'emptyInbox', 'emptyInboxHint' ],
	unread: [ 'emptyUnread', 'emptyUnreadHint' ],
	archived: [ 'emptyArchived', 'emptyArchivedHint' ],
};

export function emptyList( app: App, list: ListState ): TemplateResult {
	const { strings } = app;
	if ( list.search !== '' ) {
		return state( icons.search, strings.text( 'emptySearch', list.search ), strings.text( 'emptySearchHint' ) );
	}
	const [ title, hint ] = EMPTY[ list.folder ];
	return state( list.folder === 'archived' ? icons.archive : icons.bubble, strings.text( title ), strings.text( hint ), list.folder === 'inbox'
		? html`<button type="button" class="button primary" part="button" @click=${ () => app.go( { view: 'compose' } ) }>${ strings.text( 'writeFirst' ) }</button>` : nothing );
}

export const listFailure = ( app: App, list: ListState ): TemplateResult => failure( app, list.problem, () => app.store.refresh() );

/** Something that could not be loaded, and the way to ask again. */
export function failure( app: App, problem: Problem | null, again?: () => void ): TemplateResult {
	return html`<div role="alert">${ state( icons.alert, app.strings.text( 'failedToLoad' ), problemText( app.strings, problem ), again
		? html`<button type="button" class="button quiet" part="button" @click=${ again }>${ app.strings.text( 'tryAgain' ) }</button>` : nothing ) }</div>`;
}

export function state( icon: unknown, title: string, hint: string, action: unknown = nothing ): TemplateResult {
	return html`<div class="state" part="state"><span class="state-icon">${ icon }</span><p class="state-title">${ title }</p>${ hint === '' ? nothing : html`<p class="state-hint">${ hint }</p>` }${ action }</div>`;
}

export function skeletonRows( app: App ): TemplateResult {
	return html`<div class="skeleton" role="status"><span class="hidden">${ app.strings.text( 'loading' ) }</span>${ [ 60, 45, 70, 50, 65 ].map( ( width ) =>
		html`<div class="skeleton-row" aria-hidden="true"><span class="avatar medium"></span><span class="skeleton-text w${ width }"></span></div>` ) }</div>`;
}

export function skeletonThread( app: App ): TemplateResult {
	return html`<div class="skeleton thread-skeleton" role="status"><span class="hidden">${ app.strings.text( 'loading' ) }</span>${ [ 60, 45, 70, 50 ].map( ( width, n ) =>
		html`<div class="skeleton-bubble w${ width } ${ n % 2 ? 'own' : '' }" aria-hidden="true"></div>` ) }</div>`;
}
