import { html, nothing } from 'lit';
import { host } from '../data/host.ts';
import type { Draft, ListState, Person } from '../types.ts';
import { personName } from './app.ts';
import type { Composer } from './composer.ts';
import { Part, define, isPlainClick } from './part.ts';
import { asProblem, problemText } from './problems.ts';
import type { Recipients } from './recipients.ts';
import { backButton } from './thread-header.ts';

/** The draft of the new message is kept under this number. */
const NEW = 0;

/** To whom, under which name, and the first message. */
export class NewMessage extends Part {
	static override properties = {
		...Part.properties,
		level: { type: Number },
		to: { attribute: false },
		list: { attribute: false },
		unknown: { type: Boolean },
		draft: { state: true },
		busy: { state: true },
		refusal: { state: true },
		missing: { state: true },
	};

	/** Of the heading. */
	declare level: number;
	declare list: ListState;
	/** Whom the page's address names. */
	declare to: Person | null;
	/** Whether the page's address names somebody whom nobody knows. */
	declare unknown: boolean;
	declare draft: Draft;
	declare busy: boolean;
	declare refusal: string;
	declare missing: string;

	constructor() {
		super();
		this.level = 2;
		this.to = null;
		this.draft = { text: '' };
		this.busy = this.unknown = false;
		this.refusal = this.missing = '';
	}

	focusStart(): void {
		if ( this.people.length > 0 ) {
			this.find<Composer>( 'jetonomy-messages-composer' )?.focus();
		} else {
			this.find<Recipients>( 'jetonomy-messages-recipients' )?.focus();
		}
	}

	private get people(): readonly Person[] {
		return this.draft.recipients ?? [];
	}

	protected override willUpdate(): void {
		if ( ! this.hasUpdated ) {
			const kept = this.app.store.draft( NEW );
			this.draft = this.to ? { ...kept, recipients: [ this.to ], key: kept.recipients?.length === 1 && kept.recipients[ 0 ]?.id === this.to.id ? kept.key ?? '' : '' } : kept;
			this.missing = this.unknown ? this.app.strings.text( 'noSuchMember' ) : '';
		}
	}

	protected override render() {
		const { app, people } = this;
		const { strings, config } = app;
		return html`
			<header class="bar thread-bar" part="thread-header">${ backButton( app ) }<div class="thread-names"><h2 class="title" aria-level=${ this.level } tabindex="-1">${ strings.text( 'newMessage' ) }</h2></div></header>
			<div class="new-fields">
				<jetonomy-messages-recipients .app=${ app } .label=${ strings.text( 'to' ) } .people=${ people } .most=${ config.limits.group - 1 } .problem=${ this.missing } @people=${ this.onPeople }></jetonomy-messages-recipients>
				${ people.length > 1 ? html`<div class="name-field"><label class="field-label" for="group-name">${ strings.text( 'groupName' ) }</label>
					<input class="input" id="group-name" type="text" dir="auto" .value=${ this.draft.title ?? '' } maxlength=${ config.limits.title } placeholder=${ strings.text( 'optional' ) } autocomplete="off" @input=${ this.onTitle }></div>` : nothing }
				${ this.existing() }
			</div>
			<div class="new-space"></div>
			<jetonomy-messages-composer .app=${ app } .text=${ this.draft.text } .busy=${ this.busy } .problem=${ this.refusal } @typed=${ this.onTyped } @send=${ this.onSend }></jetonomy-messages-composer>`;
	}

	/** A pair has one conversation: the message goes there. */
	private existing() {
		const { app, people } = this;
		const [ person ] = people;
		const known = people.length === 1 && person ? this.list.rows.find( ( conversation ) => conversation.type === 'direct' && conversation.participants.some( ( one ) => one.id === person.id ) ) : undefined;
		if ( ! known || ! person ) {
			return nothing;
		}
		const route = { view: 'conversation', id: known.id } as const;
		return html`<p class="new-hint">${ app.strings.text( 'alreadyTalking', personName( app, person ) ) } <a href=${ app.href( route ) } @click=${ ( event: MouseEvent ) => {
			if ( isPlainClick( event ) ) {
				event.preventDefault();
				app.go( route, true );
			}
		} }>${ app.strings.text( 'openConversation' ) }</a></p>`;
	}

	/** The key belongs to one wish: with any change it is another. */
	private change( draft: Partial<Draft> ): void {
		this.draft = { ...this.draft, ...draft, key: '' };
		this.refusal = '';
		this.app.store.saveDraft( NEW, this.draft );
	}

	private onPeople( event: CustomEvent<readonly Person[]> ): void {
		this.missing = '';
		this.change( { recipients: [ ...event.detail ] } );
	}

	private onTitle( event: Event ): void {
		this.change( { title: ( event.target as HTMLInputElement ).value } );
	}

	private onTyped( event: CustomEvent<string> ): void {
		this.change( { text: event.detail } );
	}

	private async onSend( event: CustomEvent<string> ): Promise<void> {
		const { app, people } = this;
		if ( this.busy ) {
			return;
		}
		if ( people.length === 0 ) {
			this.missing = app.strings.text( 'nobodyChosen' );
			this.find<Recipients>( 'jetonomy-messages-recipients' )?.focus();
			return;
		}
		const key = this.draft.key || host().newKey();
		this.draft = { ...this.draft, text: event.detail, key };
		app.store.saveDraft( NEW, this.draft );
		this.busy = true;
		this.refusal = '';
		try {
			const title = people.length > 1 ? ( this.draft.title ?? '' ).trim() : '';
			const conversation = await app.store.start( people.map( ( person ) => person.id ), event.detail, title, key );
			app.store.saveDraft( NEW, { text: '' } );
			if ( this.isConnected ) {
				app.go( { view: 'conversation', id: conversation.id }, true );
			}
		} catch ( problem ) {
			this.refusal = problemText( app.strings, asProblem( problem ) );
		} finally {
			this.busy = false;
		}
	}
}

define( 'jetonomy-messages-new', NewMessage );
