import { html, nothing, type TemplateResult } from 'lit';
import type { Connection } from '../types.ts';
import type { App } from './app.ts';
import { icons } from './icons.ts';

/** One line at the top while something is wrong; what is typed is kept all the same. */
export function connectionLine( app: App, connection: Connection ): TemplateResult {
	return html`<div role="status" class="connection-place">${ connection === 'ok' ? nothing : line( app, connection ) }</div>`;
}

function line( app: App, connection: Exclude<Connection, 'ok'> ): TemplateResult {
	const { strings, config, store } = app;
	const tryAgain = html`<button type="button" class="button small" part="button" @click=${ () => store.refresh() }>${ strings.text( 'tryAgain' ) }</button>`;
	switch ( connection ) {
		case 'offline':
			return shown( icons.offline, strings.text( 'offline' ) );
		case 'unavailable':
			return shown( icons.alert, strings.text( 'unavailable' ), tryAgain );
		case 'off':
			return shown( icons.alert, strings.text( 'switchedOff' ), tryAgain );
		case 'session': {
			const login = new URL( config.urls.login, location.href );
			login.searchParams.set( 'redirect_to', location.href );
			return shown( icons.alert, strings.text( 'signedOut' ), html`<a class="button small" part="button" href=${ login.href }>${ strings.text( 'signIn' ) }</a>` );
		}
	}
}

const shown = ( icon: unknown, text: string, action: unknown = nothing ): TemplateResult =>
	html`<div class="connection" part="connection">${ icon }<span>${ text }</span>${ action }</div>`;
