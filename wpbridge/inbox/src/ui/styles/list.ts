import { css } from 'lit';

/** The list pane. Rows are 72 pixels: see ROW_HEIGHT. */
export const list = css`
	.list-tools {
		flex: none;
		padding-inline: var(--m-4);
		border-block-end: 1px solid var(--m-line);
	}
	.search {
		position: relative;
		display: flex;
		align-items: center;
		color: var(--m-soft);
	}
	.search > .icon {
		position: absolute;
		inset-inline-start: 12px;
		inline-size: 18px;
		block-size: 18px;
		pointer-events: none;
	}
	.search input {
		inline-size: 100%;
		block-size: 40px;
		margin: 0;
		padding: 0;
		padding-inline: 40px;
		border: 1px solid transparent;
		border-radius: var(--jt-radius-full, 999px);
		background: var(--m-shade);
		color: var(--m-text);
		font: inherit;
		font-size: var(--m-field);
		appearance: none;
		outline-offset: 0;
	}
	.search input::placeholder {
		color: var(--m-soft);
		opacity: 1;
	}
	.search input::-webkit-search-cancel-button {
		display: none;
	}
	.search .clear {
		position: absolute;
		inset-inline-end: 0;
	}
	.search .clear .icon {
		inline-size: 16px;
		block-size: 16px;
	}
	.tabs {
		display: flex;
		gap: var(--m-1);
		margin-block-start: var(--m-1);
		margin-inline: calc(-1 * var(--m-2));
		overflow-x: auto;
		scrollbar-width: none;
	}
	.tabs a {
		display: inline-flex;
		flex: none;
		align-items: center;
		gap: 6px;
		min-block-size: 44px;
		padding-inline: var(--m-2);
		border-block-end: 2px solid transparent;
		color: var(--m-soft);
		font-size: var(--m-md);
		font-weight: 600;
		text-decoration: none;
		outline-offset: -2px;
	}
	.tabs a:hover {
		color: var(--m-text);
	}
	.tabs a[aria-current] {
		border-color: var(--m-accent);
		color: var(--m-text);
	}
	.count {
		min-inline-size: 20px;
		padding: 1px 6px;
		border-radius: 10px;
		background: var(--m-accent);
		color: var(--m-accent-fg);
		font-size: var(--m-xs);
		font-variant-numeric: tabular-nums;
		line-height: 18px;
		text-align: center;
	}
	.list-scroll {
		display: flex;
		flex: 1;
		flex-direction: column;
		min-block-size: 0;
		overflow-x: hidden;
		overflow-y: auto;
		overscroll-behavior: contain;
		overflow-anchor: none;
		scrollbar-width: thin;
	}
	.rows {
		position: relative;
		flex: none;
		contain: layout style;
	}
	.row-place {
		position: absolute;
		inset-block-start: 0;
		inset-inline: 0;
		block-size: 72px;
		padding: 1px 6px;
	}
	.row {
		display: flex;
		align-items: center;
		gap: var(--m-3);
		block-size: 100%;
		padding-inline: 10px;
		border-radius: var(--m-radius-small);
		color: inherit;
		text-decoration: none;
		outline-offset: -2px;
		-webkit-tap-highlight-color: transparent;
	}
	.row:hover {
		background: var(--m-hover);
	}
	.row.selected {
		background: var(--m-chosen);
	}
	.row-text {
		display: grid;
		flex: 1;
		gap: 2px;
		min-inline-size: 0;
	}
	.row-title,
	.row-preview {
		overflow: hidden;
		text-align: start;
		text-overflow: ellipsis;
		white-space: nowrap;
	}
	.rtl :is(.row-title, .row-preview) {
		text-align: right;
	}
	.app:not(.rtl) :is(.row-title, .row-preview) {
		text-align: left;
	}
	.row-title {
		font-weight: 500;
	}
	.row-preview {
		color: var(--m-soft);
		font-size: var(--m-md);
	}
	.draft {
		color: var(--m-danger-text);
	}
	.row-side {
		display: grid;
		flex: none;
		gap: 2px;
		justify-items: end;
		align-self: center;
	}
	.row-time {
		color: var(--m-soft);
		font-size: var(--m-xs);
		line-height: calc(var(--m-base) * 1.45);
		white-space: nowrap;
	}
	.row-marks {
		position: relative;
		display: flex;
		align-items: center;
		gap: 6px;
		min-block-size: 20px;
		color: var(--m-soft);
	}
	.dot {
		inline-size: 10px;
		block-size: 10px;
		border-radius: 50%;
		background: var(--m-accent);
	}
	.row.unread .row-title {
		font-weight: 700;
	}
	.row.unread .row-preview {
		color: var(--m-text);
		font-weight: 600;
	}
	.row.unread .row-time {
		color: var(--m-accent-text);
		font-weight: 600;
	}
`;
