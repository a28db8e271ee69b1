// Package messaging is the domain: conversations between members of a WordPress site, their
// messages, each participant's own state, blocks, and the rules over them. It imports the standard
// library only; storage, HTTP and WordPress are in packages that import it.
//
// # Invariants
//
// Message ids grow within a conversation in the order readers see: whoever inserts one holds the
// lock of the conversation's row.
//
// Unread is "the newest message from somebody else is newer than the last one read", decided by ids,
// or the member's own mark; there is no counter that could drift. Reading moves forward only.
//
// A pair of members has one direct conversation, by a unique key.
//
// What a participant sees of a conversation is shaped for that participant: nobody sees another
// member's mute, archive, block or read state.
//
// Every refusal to deliver that could tell something about the other side is [ErrCannotMessage], and
// every refusal that could tell whether a conversation exists is [ErrNotParticipant].
package messaging
