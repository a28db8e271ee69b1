import type { Config, Message, Person, Store } from '../types.ts';
import type { Strings } from '../strings.ts';
import type { Format } from './format.ts';
import type { Route } from './route.ts';

/** What the parts of the element share. Made anew when the element enters a document. */
export interface App {
	readonly config: Config;
	readonly store: Store;
	readonly strings: Strings;
	readonly format: Format;
	/** Shows a route; replacing keeps the browser's back button where it is. */
	go( route: Route, replace?: boolean ): void;
	href( route: Route ): string;
	/** Back to the list, by the browser's own way where that leads there. */
	back(): void;
	/** Says what was done, with a way to undo it for some seconds, or with what one may want to do next. */
	toast( text: string, undo?: () => unknown, label?: string ): void;
	/** Asks before something that matters. */
	confirm( question: Question ): Promise<boolean>;
	/** Puts the keyboard where one goes on, when a part has taken away what had it. */
	refocus( part: Element ): void;
	/** Lets the reader report a message to the moderators, or with null the conversation. */
	report( conversation: number, message: Message | null ): void;
	/** Says something to screen readers only. */
	announce( text: string ): void;
	/** Says why something did not work; what was thrown may be anything. */
	fail( problem: unknown ): void;
}

export interface Question {
	title: string;
	text: string;
	/** The button that does it. */
	confirm: string;
}

/** A person's name, also of somebody who is gone. The service says so in English. */
export function nameOf( strings: Strings, id: number, name: string ): string {
	return id === 0 || name === '' || name === 'Deleted User' ? strings.text( 'deletedUser' ) : name;
}

export const personName = ( app: App, person: Person ): string => nameOf( app.strings, person.id, person.display_name );
