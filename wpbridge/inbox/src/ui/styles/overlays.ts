import { css } from 'lit';

/** Menus, dialogs, the people panel, and the toast. */
export const overlays = css`
	.menu {
		position: absolute;
		z-index: 10;
		inset-block-start: calc(100% + 4px);
		inset-inline-end: 0;
		inline-size: max-content;
		min-inline-size: 208px;
		max-inline-size: min(320px, 80cqi);
		padding: 6px;
		border: 1px solid var(--m-line);
		border-radius: var(--m-radius);
		background: var(--m-bg);
		box-shadow: var(--m-shadow);
	}
	.menu button {
		display: flex;
		align-items: center;
		gap: var(--m-3);
		inline-size: 100%;
		min-block-size: 44px;
		padding: var(--m-1) var(--m-3);
		border: 0;
		border-radius: var(--m-radius-small);
		background: none;
		color: inherit;
		font: inherit;
		text-align: start;
		overflow-wrap: anywhere;
		cursor: pointer;
		outline-offset: -2px;
	}
	.menu button > .icon {
		color: var(--m-soft);
	}
	.menu button:is(:hover, :focus) {
		background: var(--m-hover);
	}
	.menu .danger,
	.menu .danger > .icon {
		color: var(--m-danger-text);
	}
	dialog {
		padding: 0;
		border: 1px solid var(--m-line);
		background: var(--m-bg);
		color: var(--m-text);
		font-size: var(--m-base);
		box-shadow: var(--m-shadow);
	}
	dialog::backdrop {
		background: rgb(0 0 0 / 45%);
	}
	.confirm {
		inline-size: min(420px, calc(100vw - 32px));
		padding: var(--m-6);
		border-radius: 16px;
		text-align: start;
	}
	.app .confirm h2 {
		margin-block-end: var(--m-2);
		font-size: calc(var(--m-base) + 3px);
		font-weight: 700;
		line-height: 1.35;
		overflow-wrap: anywhere;
	}
	.confirm p {
		color: var(--m-soft);
		overflow-wrap: anywhere;
	}
	.quote {
		max-block-size: 4.5em;
		margin: 0 0 var(--m-3);
		padding-inline-start: var(--m-3);
		overflow: hidden;
		border-inline-start: 3px solid var(--m-edge);
		overflow-wrap: anywhere;
	}
	.reasons {
		margin: var(--m-4) 0 var(--m-3);
		padding: 0;
		border: 0;
	}
	.reasons legend {
		padding: 0;
	}
	.reasons label {
		display: flex;
		align-items: center;
		gap: var(--m-3);
		min-block-size: 40px;
	}
	.reasons input {
		inline-size: 18px;
		block-size: 18px;
		margin: 0;
		accent-color: var(--m-accent-text);
	}
	.confirm textarea {
		display: block;
		resize: vertical;
	}
	.confirm .composer-problem {
		padding-block-start: var(--m-2);
	}
	.actions {
		display: flex;
		flex-wrap: wrap;
		justify-content: flex-end;
		gap: var(--m-2);
		margin-block-start: var(--m-6);
	}
	.sheet {
		inset-block: 0;
		inset-inline: auto 0;
		inline-size: min(400px, 100vw);
		max-inline-size: none;
		block-size: 100%;
		max-block-size: none;
		margin: 0;
		border-width: 0;
		border-inline-start-width: 1px;
	}
	.sheet-inner {
		display: flex;
		flex-direction: column;
		min-block-size: 100%;
	}
	.sheet .bar {
		position: sticky;
		z-index: 6;
		inset-block-start: 0;
		border-block-end: 1px solid var(--m-line);
		background: var(--m-bg);
	}
	.sheet-form {
		display: grid;
		gap: var(--m-1);
		margin: 0;
		padding: var(--m-4);
		padding-block-end: 0;
	}
	.field-row {
		display: flex;
		gap: var(--m-2);
	}
	.field-row .input {
		flex: 1;
		min-inline-size: 0;
	}
	.sheet .composer-problem {
		padding-inline: var(--m-4);
	}
	.people {
		padding: var(--m-2) !important;
		margin-block-start: var(--m-2) !important;
		border-block-start: 1px solid var(--m-line);
	}
	.tag {
		display: inline-block;
		padding: 0 6px;
		border-radius: 9px;
		background: var(--m-shade);
		color: var(--m-soft);
		font-size: var(--m-xs);
		font-weight: 500;
		line-height: 18px;
	}
	jetonomy-messages-toast {
		display: contents;
	}
	/* In the list it is at the end; over a thread at its top, away from where one writes. Menus are over it. */
	.toast-place {
		position: absolute;
		z-index: 8;
		grid-column: -2 / -1;
		inset: auto 0 var(--m-4);
		display: flex;
		flex-direction: column;
		align-items: center;
		gap: var(--m-2);
		padding-inline: var(--m-4);
		pointer-events: none;
	}
	.main-pane ~ * > .toast-place {
		inset-block: 84px auto;
	}
	.toast {
		display: flex;
		align-items: center;
		gap: var(--m-1);
		max-inline-size: 100%;
		padding: 4px;
		padding-inline-start: 16px;
		border-radius: 24px;
		background: var(--m-text);
		color: var(--m-bg);
		font-size: var(--m-md);
		box-shadow: var(--m-shadow);
		pointer-events: auto;
		animation: rise 0.18s ease-out;
	}
	@media (max-height: 500px) {
		.toast:not(:last-child) {
			display: none;
		}
	}
	.toast > span {
		min-inline-size: 0;
		padding-block: 6px;
		overflow-wrap: anywhere;
	}
	.button.inverse {
		padding-inline: var(--m-3);
		color: inherit;
	}
	.button.inverse:hover {
		background: color-mix(in srgb, var(--m-bg) 18%, transparent);
	}
	.toast :focus-visible {
		outline-color: currentColor;
		outline-offset: -2px;
	}
	@keyframes rise {
		from {
			opacity: 0;
			transform: translateY(8px);
		}
	}
`;
