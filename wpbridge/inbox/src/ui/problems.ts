import type { Problem } from '../types.ts';
import type { Strings, Text } from '../strings.ts';

/** What the API's codes mean to a reader. */
const BY_CODE: Readonly<Record<string, Text>> = {
	jetonomy_cannot_message: 'refused',
	jetonomy_user_banned: 'banned',
	jetonomy_pending_verification: 'unverified',
	jetonomy_cannot_block_moderator: 'moderator',
	jetonomy_idempotency_conflict: 'sentBefore',
	jetonomy_body_too_large: 'tooLong',
};

const BY_KIND: Readonly<Record<Problem[ 'kind' ], Text>> = {
	offline: 'offline',
	unavailable: 'unavailable',
	session: 'signedOut',
	refused: 'failed',
	invalid: 'failed',
	limited: 'limited',
	off: 'switchedOff',
	unknown: 'failed',
};

/** Why something did not work, in the reader's language; of a refusal that is not known, in the API's words. */
export function problemText( strings: Strings, problem: Problem | null ): string {
	if ( ! problem ) {
		return strings.text( 'failed' );
	}
	const { kind, code, message } = problem;
	const known = BY_CODE[ code ];
	if ( known ) {
		return strings.text( known );
	}
	if ( code === 'jetonomy_too_many_participants' ) {
		return strings.plural( 'groupFull', Number( /\d+/.exec( message )?.[ 0 ] ?? 0 ) );
	}
	if ( code === 'jetonomy_forbidden' ) {
		const level = /trust level (\d+)/.exec( message )?.[ 1 ];
		return level ? strings.text( 'needsTrust', level )
			: strings.text( message.includes( 'silenced' ) ? 'silenced' : 'notParticipant' );
	}
	if ( kind === 'limited' && problem.retryAfter > 0 ) {
		return strings.text( 'limitedFor', strings.duration( problem.retryAfter ) );
	}
	return ( kind === 'refused' || kind === 'invalid' ) && message !== '' ? message : strings.text( BY_KIND[ kind ] );
}

/** What was thrown, as a Problem: the store throws nothing else, but code has faults. */
export function asProblem( thrown: unknown ): Problem {
	const problem = thrown as Partial<Problem> | null;
	return typeof problem?.kind === 'string' ? problem as Problem : { kind: 'unknown', code: '', message: '', retryAfter: 0 };
}
