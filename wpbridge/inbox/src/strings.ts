import type { Config } from './types.ts';

/** Texts, as Inbox_Strings in the plugin gives them in the reader's language. %s and %1$s are filled in. */
export type Text =
	| 'messages' | 'conversations' | 'conversation' | 'folders' | 'inbox' | 'unread' | 'archived' | 'search'
	| 'clearSearch' | 'inboxOptions' | 'readAll' | 'enterSends' | 'newMessage' | 'back' | 'close' | 'previewOwn'
	| 'draft' | 'muted' | 'blocked' | 'deletedUser' | 'formerMember' | 'you' | 'loading' | 'failedToLoad'
	| 'tryAgain' | 'emptyInbox' | 'emptyInboxHint' | 'emptyUnread' | 'emptyUnreadHint' | 'emptyArchived'
	| 'emptyArchivedHint' | 'emptySearch' | 'emptySearchHint' | 'emptyThread' | 'writeFirst' | 'nothingOpen'
	| 'nothingOpenHint' | 'newLine' | 'toNewest' | 'noteLeft' | 'noteAdded' | 'announced' | 'creator'
	| 'groupName' | 'optional' | 'save' | 'renamed' | 'addPeople' | 'peopleAdded' | 'write' | 'send'
	| 'hintEnter' | 'hintCtrlEnter' | 'sending' | 'notSent' | 'retry' | 'delete' | 'messageDeleted' | 'erased'
	| 'youBlocked' | 'to' | 'recipientsPlaceholder' | 'removePerson' | 'personAdded' | 'personRemoved'
	| 'searching' | 'nobodyFound' | 'nobodyChosen' | 'noSuchMember' | 'alreadyTalking' | 'openConversation'
	| 'moreOptions' | 'mute' | 'unmute' | 'mutedDone' | 'unmutedDone' | 'archive' | 'moveToInbox'
	| 'archivedDone' | 'unarchivedDone' | 'markUnread' | 'markedUnread' | 'leaveGroup' | 'leaveTitle'
	| 'leaveMeans' | 'leaveConfirm' | 'leftDone' | 'block' | 'unblock' | 'blockTitle' | 'blockMeans'
	| 'blockConfirm' | 'blockedDone' | 'unblockedDone' | 'report' | 'reportMessage' | 'reportConversation'
	| 'reportMessageMeans' | 'reportMeans' | 'reportWhy' | 'reasonSpam' | 'reasonHarassment' | 'reasonThreat'
	| 'reasonIllegal' | 'reasonOther' | 'reportNote' | 'reportNoteOptional' | 'reportSend' | 'reportDone' | 'undo' | 'dismiss' | 'cancel' | 'offline'
	| 'unavailable' | 'signedOut' | 'signIn' | 'switchedOff' | 'failed' | 'limited' | 'limitedFor' | 'refused' | 'banned'
	| 'silenced' | 'unverified' | 'moderator' | 'notParticipant' | 'needsTrust' | 'sentBefore' | 'tooLong';

/** Texts with a number: the first %s is the number. */
export type Plural =
	| 'people' | 'newMessages' | 'charactersLeft' | 'charactersOver' | 'typeMore' | 'groupFull' | 'addCount';

export interface Strings {
	text( key: Text, ...values: readonly ( string | number )[] ): string;
	plural( key: Plural, count: number, ...values: readonly ( string | number )[] ): string;
	/** Seconds as words: "40 seconds", "2 hours". */
	duration( seconds: number ): string;
}

/** WordPress counts forms up to this number; larger ones repeat the last hundred. */
const COUNTED = 200;

export function makeStrings( config: Config ): Strings {
	const locale = safeLocale( config.locale );
	const number = new Intl.NumberFormat( locale );
	return {
		text( key, ...values ) {
			const text = config.strings[ key ];
			return fill( typeof text === 'string' ? text : key, values );
		},
		plural( key, count, ...values ) {
			const text = config.strings[ key ];
			if ( typeof text !== 'object' ) {
				return fill( text ?? key, [ number.format( count ), ...values ] );
			}
			const form = Number( text.index[ count < COUNTED ? count : 100 + count % 100 ] ?? 0 );
			return fill( text.forms[ form ] ?? '', [ number.format( count ), ...values ] );
		},
		duration( seconds ) {
			const [ size, unit ] = seconds < 90 ? [ 1, 'second' ] : seconds < 5_400 ? [ 60, 'minute' ] : [ 3_600, 'hour' ];
			return new Intl.NumberFormat( locale, { style: 'unit', unit, unitDisplay: 'long' } ).format( Math.ceil( seconds / size ) );
		},
	};
}

/** A locale that Intl takes; undefined, which is the browser's, for one that it does not. */
export function safeLocale( locale: string ): string | undefined {
	try {
		return Intl.getCanonicalLocales( locale )[ 0 ];
	} catch {
		return undefined;
	}
}

/** Fills in placeholders in the manner of sprintf: %s, %d, %1$s, %%. */
function fill( text: string, values: readonly ( string | number )[] ): string {
	let next = 0;
	return text.replace( /%(?:(\d+)\$)?[sd]|%%/g, ( found, place?: string ) =>
		found === '%%' ? '%' : String( values[ place ? Number( place ) - 1 : next++ ] ?? '' )
	);
}
