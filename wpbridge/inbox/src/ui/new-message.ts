import { html, nothing } from 'lit';
import { host } from '../data/host.ts';
import { behind } from '../store/drafts.ts';
import type { Conversation, Draft, Person } from '../types.ts';
import { personName } from './app.ts';
import type { Composer } from './composer.ts';
import { Part, define, isPlainClick } from './part.ts';
import { asProblem, problemText } from './problems.ts';
import type { Recipients } from './recipients.ts';
import { backButton } from './thread-header.ts';

/** Where the draft is kept that the page's address begins to nobody. */
const NEW = 0;

/** To whom, under which name, and the first message. Somebody the reader has a conversation with leads there. */
export class NewMessage extends Part {
	static override properties = {
		...Part.properties,
		level: { type: Number },
		to: { attribute: false },
		changes: { type: Number },
		unknown: { type: Boolean },
		draft: { state: true },
		known: { state: true },
		busy: { state: true },
		refusal: { state: true },
		missing: { state: true },
	};

	/** Of the heading. */
	declare level: number;
	/** Grows with the store's changes: the draft may be one. */
	declare changes: number;
	/** Whom the page's address names. */
	declare to: Person | null;
	/** Whether the page's address names somebody whom nobody knows. */
	declare unknown: boolean;
	declare draft: Draft;
	/** The conversation that the one recipient and the reader have. */
	declare known: Conversation | null;
	declare busy: boolean;
	declare refusal: string;
	declare missing: string;
	/** The draft as the device has it, to notice what another tab makes of it. */
	private kept = '';
	/** Whom a conversation was looked for with last. */
	private lookedFor = 0;

	constructor() {
		super();
		this.level = 2;
		this.to = this.known = null;
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

	/**
	 * Where the draft is kept. What was begun to somebody by the page's address is never offered for somebody else: it
	 * is kept for them, or for the first of those who were chosen instead.
	 */
	private get place(): number {
		const { to, people } = this;
		return to ? -( people.find( ( person ) => person.id === to.id ) ?? people[ 0 ] ?? to ).id : NEW;
	}

	protected override willUpdate(): void {
		const { to, app, place } = this;
		const draft = app.store.draft( place );
		const kept = JSON.stringify( draft );
		if ( kept !== this.kept ) {
			this.kept = kept;
			this.draft = draft.recipients?.length || ! to ? draft : { ...draft, recipients: [ to ] };
			void this.look( ! this.hasUpdated && to !== null );
		}
		if ( ! this.hasUpdated && this.unknown ) {
			this.missing = app.strings.text( 'noSuchMember' );
		}
	}

	/**
	 * Looks for the conversation of a pair.
	 *
	 * @param opens Whether it is shown then: whoever came to write to one member does not want a group.
	 */
	private async look( opens = false ): Promise<void> {
		const { app, people: [ person, another ] } = this;
		const id = person && ! another ? person.id : 0;
		if ( id === this.lookedFor ) {
			return;
		}
		this.lookedFor = id;
		this.known = null;
		const known = id > 0 ? await app.store.conversationWith( id ).catch( () => null ) : null;
		if ( known && person && id === this.lookedFor && this.isConnected ) {
			if ( opens ) {
				this.open( known );
			} else {
				this.known = known;
				app.announce( this.already( person ) );
			}
		}
	}

	private already( person: Person ): string {
		return this.app.strings.text( 'alreadyTalking', personName( this.app, person ) );
	}

	/** Goes on in a conversation, with what was typed here. */
	private open( { id }: Conversation ): void {
		const { app, draft, place } = this;
		app.store.addToDraft( id, draft.text );
		app.store.saveDraft( place, { text: '' } );
		app.go( { view: 'conversation', id }, true );
	}

	protected override render() {
		const { app, people } = this;
		const { strings, config } = app;
		return html`
			<header class="bar thread-bar" part="thread-header">${ backButton( app ) }<div class="thread-names"><h2 class="title" aria-level=${ this.level } tabindex="-1">${ strings.text( 'newMessage' ) }</h2></div></header>
			<div class="new-fields">
				<jetonomy-messages-recipients .app=${ app } .label=${ strings.text( 'to' ) } .people=${ people } .most=${ config.limits.group - 1 } .problem=${ this.missing } @people=${ this.onPeople }></jetonomy-messages-recipients>
				${ people.length > 1 ? html`<div class="name-field"><label class="field-label" for="group-name">${ strings.text( 'groupName' ) }</label>
					<input class="input" id="group-name" dir="auto" .value=${ this.draft.title ?? '' } maxlength=${ config.limits.title } placeholder=${ strings.text( 'optional' ) } autocomplete="off" @input=${ this.onTitle }></div>` : nothing }
				${ this.existing() }
			</div>
			<jetonomy-messages-composer .app=${ app } .text=${ this.draft.text } .busy=${ this.busy } .problem=${ this.refusal } @typed=${ this.onTyped } @send=${ this.onSend }></jetonomy-messages-composer>`;
	}

	/** A pair has one conversation: the message goes there. */
	private existing() {
		const { app, known, people: [ person ] } = this;
		if ( ! known || ! person ) {
			return nothing;
		}
		return html`<p class="new-hint">${ this.already( person ) } <a href=${ app.href( { view: 'conversation', id: known.id } ) } @click=${ ( event: MouseEvent ) => {
			if ( isPlainClick( event ) ) {
				event.preventDefault();
				this.open( known );
			}
		} }>${ app.strings.text( 'openConversation' ) }</a></p>`;
	}

	/** The key belongs to one wish: with any change it is another. */
	private change( draft: Partial<Draft> ): void {
		const { store } = this.app;
		const before = this.place;
		this.draft = { ...this.draft, ...draft, key: '' };
		this.refusal = '';
		if ( this.place !== before ) {
			store.saveDraft( before, { text: '' } );
			this.draft.text = behind( store.draft( this.place ).text, this.draft.text );
		}
		this.keep();
	}

	private keep(): void {
		const { place, app: { store } } = this;
		store.saveDraft( place, this.draft );
		this.kept = JSON.stringify( store.draft( place ) );
	}

	private onPeople( event: CustomEvent<readonly Person[]> ): void {
		this.missing = '';
		this.change( { recipients: [ ...event.detail ] } );
		void this.look();
	}

	private onTitle( event: Event ): void {
		this.change( { title: ( event.target as HTMLInputElement ).value } );
	}

	private onTyped( event: CustomEvent<string> ): void {
		this.change( { text: event.detail } );
	}

	private async onSend( event: CustomEvent<string> ): Promise<void> {
		const { app, people, place } = this;
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
		this.keep();
		this.busy = true;
		this.refusal = '';
		try {
			const title = people.length > 1 ? ( this.draft.title ?? '' ).trim() : '';
			const conversation = await app.store.start( people.map( ( person ) => person.id ), event.detail, title, key );
			this.rest( place, people, event.detail, conversation.id );
			if ( this.isConnected ) {
				app.go( { view: 'conversation', id: conversation.id }, true );
			}
		} catch ( problem ) {
			this.refusal = problemText( app.strings, asProblem( problem ) );
		} finally {
			this.busy = false;
		}
	}

	/** What was typed while a message was under way goes on in its conversation. */
	private rest( place: number, people: readonly Person[], sent: string, conversationId: number ): void {
		const { store } = this.app;
		const { text, recipients = [] } = store.draft( place );
		const same = recipients.length === people.length && people.every( ( person, n ) => person.id === recipients[ n ]?.id );
		if ( same ) {
			store.addToDraft( conversationId, text.startsWith( sent ) ? text.slice( sent.length ).trimStart() : text );
			store.saveDraft( place, { text: '' } );
		}
	}
}

define( 'jetonomy-messages-new', NewMessage );
