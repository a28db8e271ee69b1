import { svg, type SVGTemplateResult } from 'lit';

/** Drawn on a grid of 24 with lines of 2, in the colour of the text. Decoration only: names are on the buttons. */
const icon = ( drawing: SVGTemplateResult, turns = false ): SVGTemplateResult => svg`<svg class=${ turns ? 'icon turns' : 'icon' } viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${ drawing }</svg>`;

export const icons = {
	write: icon( svg`<path d="M12 20h9M16.5 3.5a2.1 2.1 0 0 1 3 3L7 19l-4 1 1-4z"/>` ),
	more: icon( svg`<circle cx="5" cy="12" r="1"/><circle cx="12" cy="12" r="1"/><circle cx="19" cy="12" r="1"/>` ),
	sliders: icon( svg`<path d="M4 7h9M19 7h1M4 17h1M11 17h9"/><circle cx="16" cy="7" r="2.5"/><circle cx="8" cy="17" r="2.5"/>` ),
	search: icon( svg`<circle cx="11" cy="11" r="7"/><path d="m20 20-4-4"/>` ),
	close: icon( svg`<path d="M18 6 6 18M6 6l12 12"/>` ),
	back: icon( svg`<path d="M19 12H5M11 18l-6-6 6-6"/>`, true ),
	send: icon( svg`<path d="M4 12 3 4.5 21 12 3 19.5zM4 12h8"/>`, true ),
	down: icon( svg`<path d="M12 5v14M6 13l6 6 6-6"/>` ),
	mute: icon( svg`<path d="M18 8a6 6 0 0 0-9.3-5M6.2 6.5C6 9 6 13 4 17h13M10.3 21a2 2 0 0 0 3.4 0M3 3l18 18"/>` ),
	bell: icon( svg`<path d="M6 8a6 6 0 0 1 12 0c0 7 2 9 2 9H4s2-2 2-9M10.3 21a2 2 0 0 0 3.4 0"/>` ),
	archive: icon( svg`<path d="M3 4h18v5H3zM5 9v11h14V9M10 13h4"/>` ),
	inbox: icon( svg`<path d="M3 13h5l1.5 3h5L16 13h5M5.5 5h13L21 13v6H3v-6z"/>` ),
	unread: icon( svg`<path d="M20 12v6a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h7M4 8l8 6 3-2.2"/><circle cx="19" cy="6" r="2.5" fill="currentColor"/>` ),
	leave: icon( svg`<path d="M10 4H5v16h5M15 8l4 4-4 4M19 12H9"/>`, true ),
	block: icon( svg`<circle cx="12" cy="12" r="9"/><path d="m6 6 12 12"/>` ),
	flag: icon( svg`<path d="M5 21V4h13l-3 4.5 3 4.5H5"/>` ),
	people: icon( svg`<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20a6.5 6.5 0 0 1 13 0M16 4.8a3.5 3.5 0 0 1 0 6.4M18 14.5a6.5 6.5 0 0 1 3.5 5.5"/>` ),
	check: icon( svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>` ),
	clock: icon( svg`<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 2"/>` ),
	alert: icon( svg`<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5M12 16.2v.1"/>` ),
	offline: icon( svg`<path d="M3 3l18 18M8.5 15.5a5 5 0 0 1 6.6-.4M5 12a10 10 0 0 1 4-2.4M14 9.2a10 10 0 0 1 5 2.8M12 19v.1"/>` ),
	bubble: icon( svg`<path d="M21 12a8 8 0 0 1-8 8H4l1.8-3.2A8 8 0 1 1 21 12z"/>` ),
};
