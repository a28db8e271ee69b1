import { html } from 'lit';
import type { Question } from './app.ts';
import { Part, define } from './part.ts';

/** Asks before something that matters. The browser's own dialog keeps the focus in and gives it back. */
export class ConfirmDialog extends Part {
	static override properties = { ...Part.properties, question: { state: true } };

	declare question: Question | null;
	private answer: ( ( yes: boolean ) => void ) | null = null;

	constructor() {
		super();
		this.question = null;
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.settle( false );
	}

	async ask( question: Question ): Promise<boolean> {
		this.settle( false );
		this.question = question;
		await this.updateComplete;
		this.find<HTMLDialogElement>( 'dialog' )?.showModal();
		return new Promise( ( resolve ) => {
			this.answer = resolve;
		} );
	}

	protected override render() {
		return html`<dialog class="confirm" part="dialog" aria-labelledby="confirm-title" aria-describedby="confirm-text" @close=${ () => this.settle( false ) }>
			<h2 id="confirm-title">${ this.question?.title }</h2>
			<p id="confirm-text">${ this.question?.text }</p>
			<div class="actions">
				<button type="button" class="button quiet" part="button" @click=${ () => this.settle( false ) }>${ this.app.strings.text( 'cancel' ) }</button>
				<button type="button" class="button danger-fill" part="button" @click=${ () => this.settle( true ) }>${ this.question?.confirm }</button>
			</div>
		</dialog>`;
	}

	private settle( yes: boolean ): void {
		const answer = this.answer;
		this.answer = null;
		this.find<HTMLDialogElement>( 'dialog' )?.close();
		answer?.( yes );
	}
}

define( 'jetonomy-messages-dialog', ConfirmDialog );
