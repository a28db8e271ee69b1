import { host, type Channel } from '../data/host.ts';
import type { Access } from '../data/transport.ts';

export const CHANNEL = 'jetonomy-messages';

/**
 * What tabs and scripts of a page tell each other. `read` with a message is said in the moment it is seen, and
 * without one when the service knows; `changed` without a conversation means that anything may have changed.
 */
export interface News {
	/** Unread conversations. */
	unread?: number;
	type?: string;
	conversation?: number;
	message?: number;
	/** Whose inbox it is, and of which site, by its REST root; not said by others than us. */
	user?: number;
	site?: string;
}

/** Tells and hears news, on a BroadcastChannel and as an event of this window. */
export class Newsroom {
	private channel: Channel | null = null;
	private telling = false;

	constructor( private readonly access: Pick<Access, 'user' | 'rest'>, private readonly heard: ( news: News ) => void ) {}

	start(): void {
		this.channel = host().channel( CHANNEL );
		this.channel?.addEventListener( 'message', this.hear );
		host().window.addEventListener( CHANNEL, this.hear );
	}

	stop(): void {
		this.channel?.close();
		this.channel = null;
		host().window.removeEventListener( CHANNEL, this.hear );
	}

	tell( news: News ): void {
		const { user, rest } = this.access;
		const told = user > 0 ? { ...news, user, site: rest } : news;
		this.channel?.postMessage( told );
		this.telling = true;
		try {
			host().window.dispatchEvent( new CustomEvent( CHANNEL, { detail: told } ) );
		} finally {
			this.telling = false;
		}
	}

	private readonly hear = ( event: Event ): void => {
		if ( this.telling ) {
			return;
		}
		const said: unknown = event instanceof MessageEvent ? event.data : ( event as CustomEvent ).detail;
		const news: News = typeof said === 'object' && said !== null ? said : {};
		const { user, rest } = this.access;
		// A tab that is still open from before somebody else signed in speaks of another inbox, and so does
		// one of another site of this origin.
		if ( ( news.user === undefined || user === 0 || news.user === user ) && ( news.site ?? rest ) === rest ) {
			this.heard( news );
		}
	};
}
