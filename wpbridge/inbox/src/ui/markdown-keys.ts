/** The marks of messaging/richtext's small Markdown, by keys. */
export type Mark = 'bold' | 'italic' | 'code' | 'link';

const SIGNS = { bold: '**', italic: '*', code: '`' } as const;

/** The mark that a key with Ctrl or Cmd stands for. */
export function markOf( event: KeyboardEvent ): Mark | null {
	if ( ! ( event.ctrlKey || event.metaKey ) || event.altKey ) {
		return null;
	}
	const key = event.key.toLowerCase();
	if ( event.shiftKey ) {
		return key === 'c' ? 'code' : null;
	}
	return ( { b: 'bold', i: 'italic', e: 'code', k: 'link' } as const )[ key as 'b' ] ?? null;
}

/** Puts a mark around what is selected, or takes it away; the browser's own undo takes it back. */
export function toggleMark( area: HTMLTextAreaElement, mark: Mark ): void {
	const { selectionStart: from, selectionEnd: to, value } = area;
	const selected = value.slice( from, to );
	if ( mark === 'link' ) {
		const isAddress = /^https?:\/\/\S+$/.test( selected );
		const [ text, address ] = isAddress ? [ '', selected ] : [ selected, 'https://' ];
		replace( area, from, to, `[${ text }](${ address })` );
		const start = from + 1 + ( isAddress || text === '' ? 0 : text.length + 2 );
		area.setSelectionRange( start, isAddress || text === '' ? start : start + address.length );
		return;
	}
	if ( mark === 'code' && selected.includes( '\n' ) ) {
		const before = from === 0 || value[ from - 1 ] === '\n' ? '' : '\n';
		const open = `${ before }\`\`\`\n`;
		replace( area, from, to, `${ open }${ selected }\n\`\`\`${ value[ to ] === '\n' || to === value.length ? '' : '\n' }` );
		area.setSelectionRange( from + open.length, from + open.length + selected.length );
		return;
	}
	const sign = SIGNS[ mark ];
	const { length } = sign;
	if ( value.slice( from - length, from ) === sign && value.slice( to, to + length ) === sign && ! ( mark === 'italic' && value[ from - 2 ] === '*' && value[ from - 3 ] !== '*' ) ) {
		replace( area, from - length, to + length, selected );
		area.setSelectionRange( from - length, to - length );
		return;
	}
	// A mark next to a space is text.
	const core = selected.trim();
	const lead = selected.indexOf( core );
	replace( area, from, to, selected.slice( 0, lead ) + sign + core + sign + selected.slice( lead + core.length ) );
	area.setSelectionRange( from + lead + length, from + lead + length + core.length );
}

function replace( area: HTMLTextAreaElement, from: number, to: number, text: string ): void {
	area.focus();
	area.setSelectionRange( from, to );
	// The only way to change a field that its undo knows of; old, but in all browsers.
	if ( ! document.execCommand( 'insertText', false, text ) ) {
		area.setRangeText( text, from, to, 'end' );
		area.dispatchEvent( new InputEvent( 'input', { bubbles: true } ) );
	}
}
