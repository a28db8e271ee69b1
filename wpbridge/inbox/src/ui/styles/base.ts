import { css } from 'lit';

/**
 * Colours and sizes: Jetonomy's tokens, else the theme's colours, else values of our own. Everything else uses the
 * --m-* names. Dark changes our own values only: Jetonomy's tokens change by themselves.
 */
export const base = css`
	:host {
		display: block;
		container-type: inline-size;
		min-width: 0;
		max-width: none;
		/* Or the line above the panes, which says what is wrong, comes in above the screen's edge. */
		overflow-anchor: none;
		/* Themes draw one around what has the focus in it. */
		outline: none !important;
	}
	:host([hidden]) {
		display: none;
	}
	.app {
		--m-text: var(--jt-text, var(--wp--preset--color--contrast, #16191d));
		--m-bg: var(--jt-surface, var(--jt-bg, var(--wp--preset--color--base, #fff)));
		--m-accent: var(--jt-accent, #2260c4);
		--m-accent-fg: var(--jt-accent-fg, #fff);
		--m-accent-strong: var(--jt-accent-hover, color-mix(in srgb, var(--m-accent) 86%, #000));
		--m-accent-text: color-mix(in srgb, var(--m-accent) 88%, var(--m-text));
		--m-danger: var(--jt-danger, #b3261e);
		--m-danger-text: color-mix(in srgb, var(--m-danger) 88%, var(--m-text));
		--m-soft: color-mix(in srgb, var(--m-text) 70%, var(--m-bg));
		--m-line: var(--jt-border, color-mix(in srgb, var(--m-text) 12%, transparent));
		--m-edge: color-mix(in srgb, var(--m-text) 50%, var(--m-bg));
		--m-shade: color-mix(in srgb, var(--m-text) 6%, var(--m-bg));
		--m-hover: color-mix(in srgb, var(--m-text) 5%, var(--m-bg));
		--m-chosen: color-mix(in srgb, var(--m-accent) 10%, var(--m-bg));
		--m-own: color-mix(in srgb, var(--m-accent) 16%, var(--m-bg));
		--m-radius: var(--jt-radius-lg, 12px);
		--m-radius-small: var(--jt-radius, 8px);
		--m-shadow: var(--jt-shadow-lg, 0 8px 16px rgb(16 24 40 / 8%), 0 20px 40px rgb(16 24 40 / 12%));
		--m-1: var(--jt-space-1, 4px);
		--m-2: var(--jt-space-2, 8px);
		--m-3: var(--jt-space-3, 12px);
		--m-4: var(--jt-space-4, 16px);
		--m-6: var(--jt-space-6, 24px);
		--m-base: max(15px, var(--jt-text-base, 15px));
		--m-field: max(16px, var(--m-base));
		--m-md: calc(var(--m-base) - 1px);
		--m-sm: max(13px, var(--jt-text-sm, 13px));
		--m-xs: max(12px, var(--jt-text-xs, 12px));
		--m-tap: var(--jt-tap, 40px);
		--m-height: var(--jetonomy-messages-height, 640px);
		--m-ease: var(--jt-dur, 0.15s) var(--jt-ease, ease-out);
		position: relative;
		display: flex;
		flex-direction: column;
		box-sizing: border-box;
		block-size: var(--m-height);
		overflow: hidden;
		border: 1px solid var(--m-line);
		border-radius: var(--m-radius);
		background: var(--m-bg);
		color: var(--m-text);
		font-family: var(--jt-font, inherit);
		font-size: var(--m-base);
		font-weight: 400;
		font-style: normal;
		line-height: 1.45;
		letter-spacing: normal;
		text-align: start;
		text-transform: none;
		-webkit-text-size-adjust: 100%;
	}
	@container (min-width: 100vw) {
		.app {
			border-inline-width: 0;
			border-radius: 0;
		}
	}
	.app.dark {
		--m-text: var(--jt-text, var(--wp--preset--color--contrast, #e7e9ec));
		/* Not --jt-surface, which is made of the light --jt-bg where dark begins below the root. */
		--m-bg: var(--jt-bg, var(--wp--preset--color--base, #17191c));
		--m-accent: var(--jt-accent, #7aa9f7);
		--m-accent-fg: var(--jt-accent-fg, #0c1726);
		--m-accent-text: color-mix(in srgb, var(--m-accent) 55%, var(--m-text));
		--m-accent-strong: var(--jt-accent-hover, color-mix(in srgb, var(--m-accent) 86%, #fff));
		--m-danger: var(--jt-danger, #f2877f);
		--m-danger-text: color-mix(in srgb, var(--m-danger) 60%, var(--m-text));
		--m-own: color-mix(in srgb, var(--m-accent) 30%, var(--m-bg));
		--m-chosen: color-mix(in srgb, var(--m-accent) 18%, var(--m-bg));
		--m-shade: color-mix(in srgb, var(--m-text) 10%, var(--m-bg));
		--m-shadow: 0 8px 16px rgb(0 0 0 / 40%), 0 20px 40px rgb(0 0 0 / 50%);
		color-scheme: dark;
	}
	/* On a site without Jetonomy, a page that is dark by a class or attribute need not have dark theme colours. */
	.app.dark.plain {
		--m-text: #e7e9ec;
		--m-bg: #17191c;
	}
	.app *,
	.app *::before,
	.app *::after {
		box-sizing: border-box;
	}
	.app :where(h2, p, ul, ol) {
		margin: 0;
		padding: 0;
		font: inherit;
	}
	.app :where(ul) {
		list-style: none;
	}
	.icon {
		display: block;
		flex: none;
		inline-size: 20px;
		block-size: 20px;
	}
	.rtl .icon.turns {
		transform: scaleX(-1);
	}
	.hidden {
		position: absolute !important;
		inline-size: 1px;
		block-size: 1px;
		margin: -1px;
		padding: 0;
		overflow: hidden;
		clip-path: inset(50%);
		white-space: nowrap;
	}
	:focus-visible {
		outline: 2px solid var(--m-accent-text);
		outline-offset: 2px;
	}
	.title:focus {
		outline: none;
	}
	jetonomy-messages-list,
	jetonomy-messages-thread,
	jetonomy-messages-new {
		display: flex;
		flex: 1;
		flex-direction: column;
		min-block-size: 0;
	}
	jetonomy-messages-menu {
		position: relative;
		flex: none;
	}
	.panes {
		position: relative;
		display: grid;
		flex: 1;
		grid-template-columns: minmax(0, 1fr);
		min-block-size: 0;
	}
	.list-pane,
	.main-pane {
		display: flex;
		flex-direction: column;
		min-inline-size: 0;
		min-block-size: 0;
		background: var(--m-bg);
	}
	/* One pane at a time: the list stays behind the thread, where it is. */
	.app:not(.wide) :is(.list-pane, .main-pane) {
		grid-area: 1 / 1;
	}
	.app:not(.wide) .list-pane[inert] {
		visibility: hidden;
	}
	.wide .panes {
		grid-template-columns: minmax(280px, 34%) minmax(0, 1fr);
	}
	@container (min-width: 1040px) {
		.wide .panes {
			grid-template-columns: 360px minmax(0, 1fr);
		}
	}
	.wide .list-pane {
		border-inline-end: 1px solid var(--m-line);
	}
	.wide .back {
		display: none;
	}
	.bar {
		display: flex;
		flex: none;
		align-items: center;
		gap: var(--m-2);
		min-block-size: 64px;
		padding-block: var(--m-2);
		padding-inline: var(--m-4) var(--m-3);
	}
	.app .title {
		flex: 1;
		min-inline-size: 0;
		overflow: hidden;
		color: inherit;
		font-family: var(--jt-font-heading, inherit);
		font-size: calc(var(--m-base) + 5px);
		font-weight: 700;
		line-height: 1.3;
		text-overflow: ellipsis;
		white-space: nowrap;
	}
	.connection {
		display: flex;
		align-items: center;
		gap: var(--m-2);
		padding: var(--m-1) var(--m-4);
		min-block-size: 40px;
		background: var(--m-shade);
		border-block-end: 1px solid var(--m-line);
		font-size: var(--m-sm);
	}
	.connection > span {
		flex: 1;
		min-inline-size: 0;
	}
	.state {
		display: flex;
		flex: 1;
		flex-direction: column;
		align-items: center;
		justify-content: center;
		gap: var(--m-1);
		max-inline-size: 34ch;
		min-block-size: min(100%, 200px);
		margin: auto;
		padding: var(--m-6) var(--m-4);
		color: var(--m-soft);
		text-align: center;
		overflow-wrap: anywhere;
	}
	.state-icon {
		display: grid;
		place-items: center;
		inline-size: 56px;
		block-size: 56px;
		margin-block-end: var(--m-2);
		border-radius: 50%;
		background: var(--m-shade);
	}
	.state-icon .icon {
		inline-size: 26px;
		block-size: 26px;
		stroke-width: 1.6;
	}
	.state-title {
		color: var(--m-text);
		font-weight: 600;
	}
	.state .button {
		margin-block-start: var(--m-3);
	}
	.more {
		display: flex;
		justify-content: center;
		padding: var(--m-3);
		color: var(--m-soft);
		font-size: var(--m-sm);
	}
	@media (prefers-reduced-motion: reduce) {
		.app *,
		.app *::before,
		.app *::after {
			animation: none !important;
			transition: none !important;
		}
	}
	@media (forced-colors: active) {
		.app :is(.bubble, .toast, .jump, .chip, .count) {
			border: 1px solid CanvasText;
		}
		.tabs a:not([aria-current]) {
			border-color: Canvas;
		}
		:is(.chips, .composer-field):focus-within,
		.input:focus,
		.row.selected,
		.option.active {
			outline: 2px solid Highlight;
			outline-offset: -2px;
		}
		.dot {
			background: Highlight !important;
			forced-color-adjust: none;
		}
	}
`;
