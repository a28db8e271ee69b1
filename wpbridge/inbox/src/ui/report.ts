import { html, nothing } from 'lit';
import { host } from '../data/host.ts';
import type { Text } from '../strings.ts';
import type { Message, ReportReason } from '../types.ts';
import { Part, define } from './part.ts';
import { asProblem, problemText } from './problems.ts';
import { titleOf } from './row.ts';
import { block } from './thread-header.ts';

/** In the order in which they are offered. */
const REASONS: readonly ( readonly [ ReportReason, Text ] )[] = [
	[ 'spam', 'reasonSpam' ],
	[ 'harassment', 'reasonHarassment' ],
	[ 'threat', 'reasonThreat' ],
	[ 'illegal', 'reasonIllegal' ],
	[ 'other', 'reasonOther' ],
];

/** Characters that the service keeps of a note. */
const LONGEST_NOTE = 1000;
/** Characters of the reported message that stand in the dialog. */
const QUOTED = 300;

interface Reported {
	conversationId: number;
	message: Message | null;
}

/** Asks why a message, or a conversation, is to be seen by the moderators. What is typed stays until it is sent or given up. */
export class ReportDialog extends Part {
	static override properties = {
		...Part.properties,
		reported: { state: true },
		reason: { state: true },
		problem: { state: true },
		busy: { state: true },
	};

	declare reported: Reported | null;
	declare reason: ReportReason | null;
	declare problem: string;
	declare busy: boolean;
	private key = '';
	/** What the key stands for: the same wish again has the same key, another one its own. */
	private wish = '';

	constructor() {
		super();
		this.reported = this.reason = null;
		this.problem = '';
		this.busy = false;
	}

	async show( conversationId: number, message: Message | null ): Promise<void> {
		this.reported = { conversationId, message };
		this.reason = null;
		this.problem = this.wish = '';
		await this.updateComplete;
		this.find<HTMLDialogElement>( 'dialog' )?.showModal();
	}

	protected override render() {
		const { strings } = this.app;
		const { reported } = this;
		const message = reported?.message;
		return html`<dialog class="confirm" part="dialog report" aria-labelledby="report-title" aria-describedby="report-text" @close=${ this.onClose }>${ reported ? html`
			<h2 id="report-title">${ strings.text( message ? 'reportMessage' : 'reportConversation' ) }</h2>
			${ message ? html`<blockquote class="quote" dir="auto">${ [ ...message.content_plain ].slice( 0, QUOTED ).join( '' ) }</blockquote>` : nothing }
			<p id="report-text">${ strings.text( message ? 'reportMessageMeans' : 'reportMeans' ) }</p>
			<form @submit=${ this.onSubmit }>
				<fieldset class="reasons"><legend class="field-label">${ strings.text( 'reportWhy' ) }</legend>
					${ REASONS.map( ( [ reason, text ] ) => html`<label><input type="radio" name="reason" value=${ reason } required @change=${ () => {
						this.reason = reason;
					} }>${ strings.text( text ) }</label>` ) }
				</fieldset>
				<label class="field-label" for="report-note">${ strings.text( this.reason === 'other' ? 'reportNote' : 'reportNoteOptional' ) }</label>
				<textarea class="input" id="report-note" name="note" rows="3" dir="auto" placeholder=" " maxlength=${ LONGEST_NOTE } ?required=${ this.reason === 'other' }></textarea>
				<div role="alert" class="composer-problem">${ this.problem }</div>
				<div class="actions">
					<button type="button" class="button quiet" part="button" @click=${ this.close }>${ strings.text( 'cancel' ) }</button>
					<button type="submit" class="button primary" part="button" ?disabled=${ this.busy }>${ strings.text( 'reportSend' ) }</button>
				</div>
			</form>` : nothing }</dialog>`;
	}

	private close(): void {
		this.find<HTMLDialogElement>( 'dialog' )?.close();
	}

	private onClose(): void {
		this.reported = null;
	}

	private async onSubmit( event: Event ): Promise<void> {
		event.preventDefault();
		const { app: { store, strings }, reported, reason } = this;
		const note = this.find<HTMLTextAreaElement>( 'textarea' )?.value.trim() ?? '';
		if ( ! reported || ! reason || this.busy ) {
			return;
		}
		if ( reason === 'other' && note === '' ) {
			this.problem = strings.text( 'reportNote' );
			this.find<HTMLElement>( 'textarea' )?.focus();
			return;
		}
		if ( this.wish !== reason + note ) {
			this.wish = reason + note;
			this.key = host().newKey();
		}
		this.busy = true;
		this.problem = '';
		try {
			await store.report( reported.conversationId, reported.message?.id ?? 0, reason, note, this.key );
			if ( this.reported === reported ) {
				this.close();
			}
			this.thank( reported.conversationId );
		} catch ( problem ) {
			this.problem = problemText( strings, asProblem( problem ) );
		} finally {
			this.busy = false;
		}
	}

	/** Who reported somebody may not want to hear from them either. */
	private thank( conversationId: number ): void {
		const { app } = this;
		const conversation = app.store.thread?.conversation;
		if ( conversation?.id === conversationId && conversation.type === 'direct' && ! conversation.is_blocked ) {
			app.toast( app.strings.text( 'reportDone' ), () => block( app, conversation ), app.strings.text( 'block', titleOf( app, conversation ) ) );
		} else {
			app.toast( app.strings.text( 'reportDone' ) );
		}
	}
}

define( 'jetonomy-messages-report', ReportDialog );
