import { html, nothing } from 'lit';
import type { Conversation, Person } from '../types.ts';
import { personName } from './app.ts';
import { avatar, present } from './avatar.ts';
import { icons } from './icons.ts';
import { Part, define } from './part.ts';
import { asProblem, problemText } from './problems.ts';

/** Who is in a group; its name can be changed here, and people added. */
export class PeoplePanel extends Part {
	static override properties = {
		...Part.properties,
		conversation: { attribute: false },
		chosen: { state: true },
		problem: { state: true },
		busy: { state: true },
		shown: { state: true },
	};

	declare conversation: Conversation;
	declare chosen: readonly Person[];
	declare problem: string;
	declare busy: boolean;
	declare shown: boolean;

	constructor() {
		super();
		this.chosen = [];
		this.problem = '';
		this.busy = this.shown = false;
	}

	async show(): Promise<void> {
		this.chosen = [];
		this.problem = '';
		this.shown = true;
		await this.updateComplete;
		this.find<HTMLDialogElement>( 'dialog' )?.showModal();
	}

	private close(): void {
		this.find<HTMLDialogElement>( 'dialog' )?.close();
	}

	protected override render() {
		const { strings, config } = this.app;
		const people = present( this.conversation );
		const room = config.limits.group - people.length;
		return html`<dialog class="sheet" part="dialog people-panel" aria-labelledby="people-title" @close=${ () => {
			this.shown = false;
		} } @click=${ this.onBackdrop }>${ this.shown ? html`<div class="sheet-inner">
			<header class="bar"><h2 class="title" id="people-title">${ strings.plural( 'people', people.length ) }</h2>
				<button type="button" class="button icon-only" part="button" aria-label=${ strings.text( 'close' ) } @click=${ this.close }>${ icons.close }</button></header>
			<form class="sheet-form" @submit=${ this.onRename }>
				<label class="field-label" for="rename">${ strings.text( 'groupName' ) }</label>
				<div class="field-row"><input class="input" id="rename" name="title" dir="auto" maxlength=${ config.limits.title } value=${ this.conversation.title } placeholder=${ strings.text( 'optional' ) } autocomplete="off">
					<button type="submit" class="button quiet" part="button" ?disabled=${ this.busy }>${ strings.text( 'save' ) }</button></div>
			</form>
			<div class="sheet-form">
				${ room > 0 ? html`<jetonomy-messages-recipients .app=${ this.app } .label=${ strings.text( 'addPeople' ) } .people=${ this.chosen } .most=${ room } .exclude=${ people.map( ( person ) => person.id ) } @people=${ this.onPeople }></jetonomy-messages-recipients>
				${ this.chosen.length > 0 ? html`<button type="button" class="button primary" part="button" ?disabled=${ this.busy } @click=${ this.onAdd }>${ strings.plural( 'addCount', this.chosen.length ) }</button>` : nothing }`
				: html`<p class="field-hint">${ strings.plural( 'groupFull', config.limits.group ) }</p>` }
			</div>
			<div role="alert" class="composer-problem">${ this.problem }</div>
			<ul class="people">${ people.map( ( person ) => html`<li>${ avatar( personName( this.app, person ), person.avatar ) }
				<span class="option-text"><span class="option-name"><span dir="auto">${ personName( this.app, person ) }</span>${ person.id === config.user ? html` <span class="tag">${ strings.text( 'you' ) }</span>` : nothing }${
					person.id !== 0 && person.id === this.conversation.created_by ? html` <span class="tag">${ strings.text( 'creator' ) }</span>` : nothing }</span>
				${ person.login ? html`<span class="login" dir="ltr">@${ person.login }</span>` : nothing }</span></li>` ) }</ul>
		</div>` : nothing }</dialog>`;
	}

	private onBackdrop( event: Event ): void {
		if ( event.target === event.currentTarget ) {
			this.close();
		}
	}

	private onPeople( event: CustomEvent<readonly Person[]> ): void {
		this.chosen = event.detail;
		this.problem = '';
	}

	private onRename( event: Event ): void {
		event.preventDefault();
		const title = String( new FormData( event.target as HTMLFormElement ).get( 'title' ) ?? '' ).trim();
		if ( title !== this.conversation.title ) {
			void this.work( this.app.store.rename( this.conversation.id, title ), this.app.strings.text( 'renamed' ) );
		} else {
			this.close();
		}
	}

	private onAdd(): void {
		void this.work( this.app.store.addPeople( this.conversation.id, this.chosen.map( ( person ) => person.id ) ), this.app.strings.text( 'peopleAdded' ) );
	}

	private async work( work: Promise<void>, done: string ): Promise<void> {
		this.busy = true;
		this.problem = '';
		try {
			await work;
			this.close();
			this.app.toast( done );
		} catch ( problem ) {
			this.problem = problemText( this.app.strings, asProblem( problem ) );
		} finally {
			this.busy = false;
		}
	}
}

define( 'jetonomy-messages-people', PeoplePanel );
