import { css } from 'lit';

/** Buttons, pictures, and what stands for things that load. */
export const controls = css`
	.button {
		display: inline-flex;
		flex: none;
		align-items: center;
		justify-content: center;
		gap: var(--m-2);
		min-block-size: var(--m-tap);
		padding: 0 var(--m-4);
		border: 1px solid transparent;
		border-radius: var(--jt-radius-full, 999px);
		background: none;
		color: inherit;
		font: inherit;
		font-size: var(--m-md);
		font-weight: 600;
		line-height: 1.2;
		text-decoration: none;
		cursor: pointer;
		transition: background-color var(--m-ease), color var(--m-ease);
		-webkit-tap-highlight-color: transparent;
	}
	.button:hover {
		background: var(--m-hover);
	}
	.button.icon-only {
		inline-size: max(40px, var(--m-tap));
		padding: 0;
	}
	.button.primary {
		background: var(--m-accent);
		color: var(--m-accent-fg);
	}
	.button.primary:hover {
		background: var(--m-accent-strong);
	}
	.button.primary:disabled {
		background: var(--m-shade);
		color: color-mix(in srgb, var(--m-text) 40%, var(--m-bg));
		cursor: default;
	}
	.button.quiet {
		border-color: var(--m-line);
	}
	.button.danger-fill {
		background: var(--m-danger);
		color: #fff;
	}
	.dark .button.danger-fill {
		background: color-mix(in srgb, var(--m-danger) 65%, #000);
		color: #fff;
	}
	.button.small {
		padding: 0 var(--m-3);
		font-size: var(--m-sm);
		color: var(--m-accent-text);
	}
	.avatar {
		position: relative;
		display: inline-grid;
		flex: none;
		place-items: center;
		inline-size: 44px;
		block-size: 44px;
		overflow: hidden;
		border-radius: 50%;
		background: var(--m-shade);
		color: var(--m-soft);
		font-size: 16px;
		font-weight: 600;
		line-height: 1;
		user-select: none;
	}
	.avatar img {
		position: absolute;
		inset: 0;
		inline-size: 100%;
		block-size: 100%;
		max-inline-size: none;
		object-fit: cover;
	}
	.avatar.small {
		inline-size: 28px;
		block-size: 28px;
		font-size: 12px;
	}
	.stack {
		position: relative;
		flex: none;
		inline-size: 44px;
		block-size: 44px;
	}
	.avatar.stacked {
		position: absolute;
		inline-size: 30px;
		block-size: 30px;
		font-size: 12px;
	}
	.stack .avatar:first-child {
		inset-block-start: 0;
		inset-inline-end: 0;
	}
	.stack .avatar:last-child {
		inset-block-end: 0;
		inset-inline-start: 0;
		box-shadow: 0 0 0 2px var(--m-bg);
	}
	.mark .icon {
		inline-size: 16px;
		block-size: 16px;
	}
	.skeleton-row {
		display: flex;
		align-items: center;
		gap: var(--m-3);
		block-size: 72px;
		padding-inline: var(--m-4);
	}
	.skeleton-text {
		display: block;
		inline-size: 60%;
		block-size: 12px;
		border-radius: 6px;
		background: var(--m-shade);
	}
	.skeleton-bubble {
		inline-size: 50%;
		block-size: 44px;
		border-radius: 18px;
		background: var(--m-shade);
	}
	.skeleton-bubble.own {
		align-self: flex-end;
	}
	.w45 { inline-size: 45%; }
	.w50 { inline-size: 50%; }
	.w60 { inline-size: 60%; }
	.w65 { inline-size: 65%; }
	.w70 { inline-size: 70%; }
	.thread-skeleton {
		display: flex;
		flex-direction: column;
		gap: var(--m-4);
		padding: var(--m-4);
	}
	.skeleton > * {
		animation: breathe 1.6s ease-in-out infinite alternate;
	}
	@keyframes breathe {
		to {
			opacity: 0.5;
		}
	}
`;
