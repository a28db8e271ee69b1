import { css } from 'lit';

/** Where one writes, and chooses people. Fields have 16 pixels, below which phones zoom in. */
export const forms = css`
	.composer {
		flex: none;
		margin: 0;
		padding: var(--m-3) var(--m-4) var(--m-2);
		border-block-start: 1px solid var(--m-line);
	}
	.composer-problem {
		color: var(--m-danger-text);
		font-size: var(--m-md);
		overflow-wrap: anywhere;
	}
	.composer-problem:not(:empty) {
		padding-block-end: var(--m-2);
	}
	.composer-field {
		display: flex;
		align-items: flex-end;
		gap: var(--m-1);
		padding: 3px;
		border: 1px solid var(--m-edge);
		border-radius: 24px;
		background: var(--m-bg);
	}
	.composer textarea {
		display: block;
		flex: 1;
		min-inline-size: 0;
		max-block-size: min(12em + 16px, var(--m-height) * 0.4);
		margin: 0;
		padding: 8px;
		padding-inline-start: 14px;
		border: 0;
		border-radius: 20px;
		background: none;
		color: inherit;
		font: inherit;
		font-size: var(--m-field);
		line-height: 1.5;
		resize: none;
		outline: none;
		box-shadow: none;
		overflow-y: auto;
		scrollbar-width: thin;
	}
	.composer textarea::placeholder,
	.input::placeholder,
	.chips input::placeholder {
		color: var(--m-soft);
		opacity: 1;
	}
	/* With nothing in it, dir="auto" is left to right. */
	.rtl :placeholder-shown {
		direction: rtl;
	}
	.composer .send {
		min-block-size: 40px;
		block-size: 40px;
		inline-size: 40px;
	}
	.composer-under {
		display: flex;
		justify-content: space-between;
		gap: var(--m-3);
		min-block-size: 20px;
		padding: 4px 14px 0;
		color: var(--m-soft);
		font-size: var(--m-xs);
	}
	.composer-count {
		margin-inline-start: auto;
		font-variant-numeric: tabular-nums;
	}
	.composer-count.over {
		color: var(--m-danger-text);
		font-weight: 600;
	}
	/* Keys mean nothing to who types on glass. */
	@media (pointer: coarse) {
		.composer-hint {
			display: none;
		}
		.composer-under {
			min-block-size: 0;
		}
	}
	.app:not(.wide) .composer {
		padding-inline: var(--m-2);
	}
	.field-label {
		display: block;
		margin-block-end: 6px;
		color: var(--m-text);
		font-size: var(--m-md);
		font-weight: 600;
	}
	.field-hint {
		min-block-size: 20px;
		padding-block-start: var(--m-1);
		color: var(--m-soft);
		font-size: var(--m-sm);
	}
	.field-hint.wrong {
		color: var(--m-danger-text);
	}
	.input,
	.chips {
		inline-size: 100%;
		min-block-size: 44px;
		margin: 0;
		padding: 6px 12px;
		border: 1px solid var(--m-edge);
		border-radius: var(--m-radius-small);
		background: var(--m-bg);
		color: inherit;
		font: inherit;
		font-size: var(--m-field);
		outline: none;
	}
	.input:focus,
	:is(.chips, .composer-field):focus-within {
		border-color: var(--m-accent-text);
		box-shadow: 0 0 0 1px var(--m-accent-text);
	}
	.recipients {
		position: relative;
	}
	.chips {
		display: flex;
		flex-wrap: wrap;
		gap: 6px;
		max-block-size: calc(var(--m-height) * 0.28);
		padding: 5px 6px;
		overflow-y: auto;
		cursor: text;
	}
	.chips input {
		flex: 1;
		min-inline-size: min(14ch, 100%);
		block-size: 32px;
		margin: 0;
		padding: 0 6px;
		border: 0;
		background: none;
		color: inherit;
		font: inherit;
		outline: none;
		box-shadow: none;
	}
	.chip {
		display: inline-flex;
		align-items: center;
		gap: 6px;
		max-inline-size: 100%;
		block-size: 32px;
		padding-inline-start: 2px;
		border-radius: 16px;
		background: var(--m-shade);
		font-size: var(--m-md);
		font-weight: 500;
		cursor: default;
	}
	.chip-name {
		overflow: hidden;
		text-overflow: ellipsis;
		white-space: nowrap;
	}
	.chip-remove {
		position: relative;
		display: grid;
		flex: none;
		place-items: center;
		inline-size: 32px;
		block-size: 32px;
		padding: 0;
		border: 0;
		border-radius: 50%;
		background: none;
		color: var(--m-soft);
		cursor: pointer;
		outline-offset: -2px;
	}
	.chip-remove::after {
		position: absolute;
		inset: -4px;
		content: "";
	}
	.chip-remove:hover {
		color: var(--m-text);
	}
	.chip-remove .icon {
		inline-size: 14px;
		block-size: 14px;
	}
	.options {
		position: absolute;
		z-index: 5;
		inset-inline: 0;
		max-block-size: min(320px, var(--m-height) * 0.4);
		margin-block-start: calc(-20px + 2px);
		padding: var(--m-1);
		overflow-y: auto;
		border: 1px solid var(--m-line);
		border-radius: var(--m-radius-small);
		background: var(--m-bg);
		box-shadow: var(--m-shadow);
	}
	.options[hidden] {
		display: none;
	}
	.option,
	.people li {
		display: flex;
		align-items: center;
		gap: var(--m-3);
		min-block-size: 52px;
		padding: var(--m-1) var(--m-2);
		border-radius: calc(var(--m-radius-small) - 2px);
	}
	.option {
		cursor: pointer;
	}
	.option.active {
		background: var(--m-chosen);
	}
	.option .avatar,
	.people .avatar {
		inline-size: 36px;
		block-size: 36px;
		font-size: 14px;
	}
	.option-text {
		display: grid;
		min-inline-size: 0;
		justify-items: start;
	}
	.option-name {
		max-inline-size: 100%;
		font-weight: 500;
		line-height: 1.35;
		overflow-wrap: anywhere;
	}
	/* In a low window the fields scroll below where one writes. */
	jetonomy-messages-new {
		overflow-y: auto;
		scroll-padding-block: 8px 100px;
	}
	.new-fields {
		display: grid;
		flex: none;
		gap: var(--m-2);
		padding: var(--m-4);
	}
	.wide .new-fields {
		padding-inline: var(--m-6);
	}
	.new-hint {
		color: var(--m-soft);
		font-size: var(--m-md);
	}
	.new-hint a {
		color: var(--m-accent-text);
		font-weight: 600;
	}
	.new-fields ~ jetonomy-messages-composer {
		position: sticky;
		inset-block-end: 0;
		margin-block-start: auto;
		background: var(--m-bg);
	}
`;
