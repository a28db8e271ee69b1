import { css } from 'lit';

/** The thread pane without what is in bubbles. */
export const thread = css`
	.thread-bar {
		padding-inline-start: var(--m-4);
		border-block-end: 1px solid var(--m-line);
	}
	.app:not(.wide) .thread-bar {
		gap: var(--m-1);
		padding-inline-start: var(--m-1);
	}
	.app:not(.wide) .thread-bar > .avatar {
		margin-inline-end: var(--m-1);
	}
	.thread-bar > .avatar {
		inline-size: 40px;
		block-size: 40px;
	}
	.thread-names {
		display: grid;
		flex: 1;
		grid-template-columns: minmax(0, 1fr);
		justify-items: start;
		container-type: inline-size;
	}
	.app .thread-bar .title {
		display: flex;
		align-items: center;
		gap: 6px;
		max-inline-size: 100%;
		font-size: calc(var(--m-base) + 2px);
	}
	.cut {
		overflow: hidden;
		text-overflow: ellipsis;
	}
	.title .mark {
		color: var(--m-soft);
	}
	.login {
		max-inline-size: 100%;
		overflow: hidden;
		color: var(--m-soft);
		font-size: var(--m-sm);
		line-height: 1.4;
		text-overflow: ellipsis;
		white-space: nowrap;
	}
	.people-button {
		display: flex;
		align-items: center;
		gap: var(--m-2);
		max-inline-size: 100%;
		min-block-size: 40px;
		margin-block-end: -6px;
		margin-inline-start: -6px;
		padding: 0 6px;
		border: 0;
		border-radius: var(--m-radius-small);
		background: none;
		color: var(--m-soft);
		font: inherit;
		font-size: var(--m-sm);
		white-space: nowrap;
		cursor: pointer;
		outline-offset: -2px;
	}
	.people-button:hover {
		color: var(--m-text);
		text-decoration: underline;
	}
	.faces {
		display: flex;
		align-items: center;
		min-inline-size: 0;
		overflow: hidden;
		padding: 2px;
	}
	.rest {
		display: none;
		padding-inline-start: 4px;
	}
	@container (max-width: 460px) {
		.faces:has(.rest) .avatar:nth-child(n + 6) {
			display: none;
		}
		.rest {
			display: block;
		}
	}
	.faces .avatar {
		inline-size: 24px;
		block-size: 24px;
		font-size: 11px;
		box-shadow: 0 0 0 2px var(--m-bg);
	}
	.faces .avatar + .avatar {
		margin-inline-start: -6px;
	}
	.thread-body {
		position: relative;
		display: flex;
		flex: 1;
		flex-direction: column;
		min-block-size: 0;
	}
	.thread-scroll {
		flex: 1;
		min-block-size: 0;
		overflow-x: hidden;
		overflow-y: auto;
		overscroll-behavior: contain;
		overflow-anchor: none;
		scrollbar-width: thin;
	}
	.thread-content {
		display: flex;
		flex-direction: column;
		min-block-size: 100%;
		padding: var(--m-4);
		padding-block-end: var(--m-3);
	}
	.wide .thread-content {
		padding-inline: var(--m-6);
	}
	.log {
		display: flex;
		flex-direction: column;
		gap: 2px;
		margin-block-start: auto;
	}
	.thread-end {
		block-size: 1px;
	}
	.day,
	.new-line {
		display: flex;
		align-items: center;
		gap: var(--m-3);
		margin-block: var(--m-4) var(--m-2);
		color: var(--m-soft);
		font-size: var(--m-xs);
		font-weight: 600;
	}
	.day {
		justify-content: center;
	}
	.new-line {
		color: var(--m-accent-text);
		margin-block: var(--m-3) var(--m-1);
	}
	.new-line::before,
	.new-line::after {
		flex: 1;
		border-block-start: 1px solid currentColor;
		content: "";
		opacity: 0.45;
	}
	.entry {
		outline-offset: 1px;
		border-radius: var(--m-radius-small);
	}
	.note {
		align-self: center;
		max-inline-size: min(90%, 52ch);
		margin-block: var(--m-2);
		color: var(--m-soft);
		font-size: var(--m-sm);
		text-align: center;
		overflow-wrap: anywhere;
	}
	.message {
		display: grid;
		grid-template-columns: minmax(0, max-content) 36px;
		column-gap: var(--m-2);
		align-self: flex-start;
		max-inline-size: min(85% + 44px, 684px);
	}
	.message.faced {
		grid-template-columns: 28px minmax(0, max-content) 36px;
	}
	.message > .report {
		grid-row: 2;
		grid-column-end: -1;
		align-self: center;
		inline-size: 36px;
		min-block-size: 36px;
		margin-block: -4px;
		color: var(--m-soft);
		opacity: 0;
	}
	.message:is(:hover, :focus-within) > .report {
		opacity: 1;
	}
	/* A tap on the message shows it; without one, nobody taps on what they do not see. */
	@media (hover: none) {
		.message:not(:focus-within) > .report {
			pointer-events: none;
		}
	}
	.message.own {
		grid-template-columns: minmax(0, max-content);
		max-inline-size: min(85%, 640px);
		align-self: flex-end;
		justify-items: end;
	}
	.message.first {
		margin-block-start: var(--m-3);
	}
	.message > .avatar {
		grid-row: 2;
		grid-column: 1;
		align-self: end;
	}
	.message > .sender {
		grid-row: 1;
		padding-inline: 14px;
		margin-block-end: 2px;
		color: var(--m-soft);
		font-size: var(--m-xs);
		font-weight: 600;
		overflow-wrap: anywhere;
	}
	.message > .bubble {
		grid-row: 2;
	}
	.message > .time {
		grid-row: 3;
		padding-inline: 14px;
		margin-block-start: 3px;
		color: var(--m-soft);
		font-size: var(--m-xs);
		line-height: 16px;
		unicode-bidi: plaintext;
	}
	.message.faced > :not(.avatar, .report) {
		grid-column: 2;
	}
	.message.own > .time {
		padding-inline: 14px 4px;
	}
	.bubble {
		justify-self: start;
		max-inline-size: 100%;
		padding: 8px 14px;
		border-start-start-radius: 6px;
		border-start-end-radius: 18px;
		border-end-end-radius: 18px;
		border-end-start-radius: 6px;
		background: var(--m-shade);
	}
	.message.first .bubble {
		border-start-start-radius: 18px;
	}
	.message.last .bubble {
		border-end-start-radius: 18px;
	}
	.own .bubble {
		justify-self: end;
		border-start-start-radius: 18px;
		border-start-end-radius: 6px;
		border-end-end-radius: 6px;
		border-end-start-radius: 18px;
		background: var(--m-own);
	}
	.own.first .bubble {
		border-start-end-radius: 18px;
	}
	.own.last .bubble {
		border-end-end-radius: 18px;
	}
	.outgoing .bubble {
		color: color-mix(in srgb, var(--m-text) 76%, var(--m-own));
	}
	.outgoing .time {
		display: flex;
		flex-wrap: wrap;
		align-items: center;
		justify-content: flex-end;
		gap: var(--m-1);
	}
	.outgoing .time .icon {
		inline-size: 14px;
		block-size: 14px;
	}
	.failed .bubble {
		box-shadow: inset 0 0 0 1px var(--m-danger-text);
	}
	.message > .failure {
		color: var(--m-danger-text);
		font-size: var(--m-sm);
	}
	.jump {
		position: absolute;
		inset-block-end: var(--m-3);
		inset-inline: 0;
		inline-size: max-content;
		margin-inline: auto;
		border-color: var(--m-line);
		background: var(--m-bg);
		box-shadow: var(--jt-shadow-md, 0 2px 4px rgb(16 24 40 / 8%), 0 8px 16px rgb(16 24 40 / 10%));
		color: var(--m-text);
	}
	.jump:hover {
		background: var(--m-shade);
	}
	.jump:not(.icon-only) {
		padding-inline: 12px 16px;
		background: var(--m-accent);
		color: var(--m-accent-fg);
	}
	.blocked {
		display: flex;
		flex-wrap: wrap;
		align-items: center;
		justify-content: center;
		gap: var(--m-2) var(--m-4);
		padding: var(--m-3) var(--m-4);
		border-block-start: 1px solid var(--m-line);
		color: var(--m-soft);
		font-size: var(--m-md);
		overflow-wrap: anywhere;
	}
	.blocked .button {
		flex: 0 1 auto;
		padding-block: var(--m-1);
	}
`;
