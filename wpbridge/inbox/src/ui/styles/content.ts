import { css } from 'lit';

/** What members wrote: long words and code wrap, white space stays. */
export const content = css`
	.content {
		overflow-wrap: anywhere;
		white-space: pre-wrap;
	}
	.content.plain {
		unicode-bidi: plaintext;
	}
	.content :is(p, ul, ol, blockquote, pre) {
		margin: 0;
		padding: 0;
	}
	.content :is(p, ul, ol, blockquote, pre) + :is(p, ul, ol, blockquote, pre) {
		margin-block-start: var(--m-2);
	}
	.content :is(ul, ol) {
		padding-inline-start: 1.6em;
	}
	.content ul {
		list-style: disc;
	}
	.content a {
		color: var(--m-accent-text);
		text-decoration: underline;
		text-underline-offset: 2px;
		border-radius: 2px;
	}
	.content blockquote {
		padding-inline-start: var(--m-3);
		border-inline-start: 3px solid var(--m-edge);
		color: color-mix(in srgb, var(--m-text) 82%, var(--m-bg));
	}
	.content :is(code, pre) {
		border-radius: 6px;
		background: color-mix(in srgb, var(--m-text) 8%, transparent);
		font-family: var(--jt-font-mono, ui-monospace, SFMono-Regular, Menlo, Consolas, monospace);
		font-size: 0.9em;
		tab-size: 4;
	}
	.content code {
		padding: 0.1em 0.35em;
	}
	.content pre {
		padding: var(--m-2) var(--m-3);
		direction: ltr;
		text-align: left;
		white-space: pre-wrap;
	}
	.content pre code {
		padding: 0;
		background: none;
		font-size: 1em;
	}
`;
