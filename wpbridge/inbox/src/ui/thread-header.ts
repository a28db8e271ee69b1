import { html, nothing, type TemplateResult } from 'lit';
import type { Text } from '../strings.ts';
import type { Conversation } from '../types.ts';
import { personName, type App } from './app.ts';
import { avatar, others, picture, present } from './avatar.ts';
import { icons } from './icons.ts';
import type { MenuItem } from './menu.ts';
import { titleOf } from './row.ts';

/** How many faces stand for all where there is no room for more: the style sheet says where. */
const FEW = 5;

/** Who the thread is with, the way back, and what can be done with it. */
export function threadHeader( app: App, conversation: Conversation | null, level: number, showPeople?: () => void ): TemplateResult {
	const { strings } = app;
	return html`<header class="bar thread-bar" part="thread-header">
		${ backButton( app ) }
		${ conversation ? html`
			${ conversation.type === 'direct' ? picture( conversation, app.config.user ) : nothing }
			<div class="thread-names">
				<h2 class="title" aria-level=${ level } tabindex="-1" dir="auto"><span class="cut">${ titleOf( app, conversation ) }</span>${ conversation.is_muted ? html`<span class="mark" title=${ strings.text( 'muted' ) }>${ icons.mute }<span class="hidden">${ strings.text( 'muted' ) }</span></span>` : nothing }</h2>
				${ conversation.type === 'group' ? peopleButton( app, conversation, showPeople ) : login( conversation, app.config.user ) }
			</div>
			<jetonomy-messages-menu .app=${ app } .label=${ strings.text( 'moreOptions' ) } .icon=${ icons.more } .items=${ options( app, conversation ) }></jetonomy-messages-menu>`
			: html`<div class="thread-names"><h2 class="title" aria-level=${ level } tabindex="-1"><span class="hidden">${ strings.text( 'conversation' ) }</span></h2></div>` }
	</header>`;
}

export function backButton( app: App ): TemplateResult {
	const label = app.strings.text( 'back' );
	return html`<button type="button" class="button icon-only back" part="button button-back" aria-label=${ label } title=${ label } @click=${ () => app.back() }>${ icons.back }</button>`;
}

function peopleButton( app: App, conversation: Conversation, show?: () => void ): TemplateResult {
	const here = present( conversation );
	const rest = here.length - FEW;
	return html`<button type="button" class="people-button" part="button people" aria-haspopup="dialog" @click=${ show }>
		<span class="faces" aria-hidden="true">${ here.map( ( person ) => avatar( personName( app, person ), person.avatar, 'small' ) ) }${ rest > 1 ? html`<span class="rest">+${ rest }</span>` : nothing }</span>
		<span>${ app.strings.plural( 'people', here.length ) }</span>
	</button>`;
}

function login( conversation: Conversation, reader: number ): TemplateResult | typeof nothing {
	const [ other ] = others( conversation, reader );
	return other?.login ? html`<span class="login" dir="ltr">@${ other.login }</span>` : nothing;
}

/** The menu ···: the reader's own state, each with a way back where there is one. */
function options( app: App, conversation: Conversation ): MenuItem[] {
	const { strings, store, toast, fail } = app;
	const { id, is_muted: muted, is_archived: archived, is_blocked: blocked } = conversation;
	const name = titleOf( app, conversation );
	const act = ( work: Promise<void>, done: string, undo?: () => Promise<unknown> | void ) => {
		work.then( () => toast( done, undo && ( () => void Promise.resolve( undo() ).catch( fail ) ) ), fail );
	};
	// With the name: it may be read over another conversation.
	const told = ( text: Text ) => strings.text( 'announced', name, strings.text( text ) );
	const report: MenuItem = { label: strings.text( 'report' ), icon: icons.flag, danger: true, run: () => app.report( id, null ) };
	const items: MenuItem[] = [
		{
			label: strings.text( muted ? 'unmute' : 'mute' ), icon: muted ? icons.bell : icons.mute,
			run: () => act( store.mute( id, ! muted ), told( muted ? 'unmutedDone' : 'mutedDone' ), () => store.mute( id, muted ) ),
		},
		{
			label: strings.text( archived ? 'moveToInbox' : 'archive' ), icon: archived ? icons.inbox : icons.archive,
			run: () => act( store.archive( id, ! archived ), told( archived ? 'unarchivedDone' : 'archivedDone' ), () => store.archive( id, archived ) ),
		},
		{
			label: strings.text( 'markUnread' ), icon: icons.unread,
			run: () => {
				// Seen again at once it would be read again.
				app.back();
				act( store.markUnread( id ), told( 'markedUnread' ), () => app.go( { view: 'conversation', id } ) );
			},
		},
	];
	if ( conversation.type === 'group' ) {
		items.push( report, { label: strings.text( 'leaveGroup' ), icon: icons.leave, danger: true, run: () => void leave( app, id, name ) } );
	} else if ( blocked ) {
		items.push( report, {
			label: strings.text( 'unblock', name ), icon: icons.block,
			run: () => act( store.block( id, false ), strings.text( 'unblockedDone', name ), () => store.block( id, true ) ),
		} );
	} else {
		items.push( report, { label: strings.text( 'block', name ), icon: icons.block, danger: true, run: () => void block( app, conversation ) } );
	}
	return items;
}

/** Blocks the other side of a direct conversation, when the reader knows what that means. */
export async function block( app: App, conversation: Conversation ): Promise<void> {
	const { strings, store } = app;
	const { id } = conversation;
	const name = titleOf( app, conversation );
	if ( await app.confirm( { title: strings.text( 'blockTitle', name ), text: strings.text( 'blockMeans', name ), confirm: strings.text( 'blockConfirm' ) } ) ) {
		try {
			await store.block( id, true );
			app.toast( strings.text( 'blockedDone', name ), () => void store.block( id, false ).catch( app.fail ) );
		} catch ( problem ) {
			app.fail( problem );
		}
	}
}

async function leave( app: App, id: number, name: string ): Promise<void> {
	const { strings } = app;
	if ( await app.confirm( { title: strings.text( 'leaveTitle', name ), text: strings.text( 'leaveMeans' ), confirm: strings.text( 'leaveConfirm' ) } ) ) {
		try {
			await app.store.leave( id );
			app.go( { view: 'inbox', folder: app.store.list.folder }, true );
			app.toast( strings.text( 'leftDone', name ) );
		} catch ( problem ) {
			app.fail( problem );
		}
	}
}
