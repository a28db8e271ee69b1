import { UnreadBadge } from './badge.ts';
import { JetonomyMessages } from './ui/messages.ts';

function define( name: string, element: CustomElementConstructor ): void {
	// A page may load the module twice, under two addresses.
	if ( ! customElements.get( name ) ) {
		customElements.define( name, element );
	}
}

define( 'jetonomy-unread-badge', UnreadBadge );
define( 'jetonomy-messages', JetonomyMessages );
