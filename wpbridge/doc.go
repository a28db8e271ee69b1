// Package wpbridge is WordPress as this service sees it: wp-config.php, options, members with their
// capabilities, trust and restrictions, sessions, and the tokens that prove who is calling. It knows
// nothing of messages. It reads WordPress's and Jetonomy's tables and never writes one.
//
// # The bridge protocol
//
// Both ends, this package and the WordPress plugin in wpbridge/plugin, are tested against the vectors
// in testdata/vectors.json. A change here is a change there.
//
// # Keys
//
// The option jetonomy_sidecar_keys is a PHP array
//
//	['current' => ['kid' => K, 'secret' => S], 'previous' => ['kid' => K, 'secret' => S, 'until' => unix]]
//
// made by the plugin on activation. S is used as its bytes (64 hexadecimal characters as made by the
// plugin; at least 32 bytes in any case) and K is the first 16 hexadecimal characters of SHA-256(S).
// 'previous' is absent before the first rotation and behind one that lets nobody go on with the old key, and
// ignored once 'until' has passed. The constant
// JETONOMY_SIDECAR_SECRET (in wp-config.php or the environment; SIDECAR_SECRET for this service alone)
// replaces the option as a whole; its K is computed the same way.
//
// # Tokens
//
// A compact JWT, header {"typ":"JWT","alg":"HS256","kid":K}, claims
//
//	iss  the option home, without a trailing slash
//	aud  "jetonomy-sidecar"
//	sub  the user id as a decimal string
//	iat, exp  unix seconds; exp is at most 600 seconds after now (30 seconds leeway)
//	sid  "session:" + the key of the session in the user meta session_tokens (SHA-256 of the session
//	     token in hexadecimal), or "app:" + the uuid of the application password, or "operator" for a
//	     token that `jetonomy-sidecar token` printed
//
// A token is good only while its session or application password exists, its user exists and the
// user is not banned; this is looked up at most 5 seconds late. When a password changes, the plugin ends the user's
// sessions, but not the one in which they changed it themselves: of their cookies WordPress accepts none any more.
//
// Tokens of the plugin "JWT Authentication for WP REST API" (HS256 with JWT_AUTH_SECRET_KEY, iss the
// site URL, iat, nbf, exp, data.user.id a number or a decimal string) are accepted when that key is known, and
// CheckJWTAuthSecret has nothing against it.
//
// # Signed calls
//
// The plugin's calls to this service that concern no member, and this service's calls to the plugin, carry
//
//	X-Jetonomy-Key: K
//	X-Jetonomy-Timestamp: unix seconds, within 300 seconds of the receiver's clock
//	X-Jetonomy-Signature: hexadecimal HMAC-SHA256 with S over "v1\n" METHOD "\n" PATH "\n" TIMESTAMP "\n" BODY
//
// PATH is the REST path behind /wp-json, for example /jetonomy-sidecar/v1/poke. All of them are POST with a
// JSON object as their body. Without a good signature the answer is that of an unknown route.
//
// Plugin to service, all under /wp-json/jetonomy-sidecar/v1, answered whether the extension is on or off; 503
// jetonomy_sidecar_no_tables where somebody deleted the service's tables:
//
//	poke                    {}                → 204; the service reads its options again at once
//	status                  {}                → {"version", "time": unix, "site", "extension_on": bool, "listen",
//	                                            "outbox": {"pending", "failing": those of them that are tried again, "parked", "oldest_seconds", "last_delivered_at": unix or null, "last_error"},
//	                                            "erasures_held": members whose erasure waits for a legal hold}
//	events/retry            {}                → {"retried": n}; events that failed are due at once, parked or not
//	members/overview        {"user_id"}       → {"conversations", "messages", "blocks": [{"user_id", "since": unix}], "block_count",
//	                                            "blocked_by": [same], "blocked_by_count"}; the lists have the first 100 by user_id, since is 0
//	                                            where it is not known
//	members/unblock         {"blocker_id", "blocked_id"} (either 0 for all of the other's) → {"removed": n, "done": bool}; to be repeated until done
//	members/export          {"user_id", "cursor", on the first page "actor_id", "address", "reason", "note"} → {"items": [{"group": "conversations"|"settings"|"blocks"|"reports",
//	                                            "id", "conversation_id" or absent, "fields": [{"name", "value"}]}], "next", on the first page "volume": {"items", "bytes"}}, see "Export"
//	members/erase           {"user_id"}       → {"removed": n, "done": bool, "retained": n}; to be repeated until done, see "Erasure"
//	conversations/list      {"after": id, "limit"} → {"conversations": [{"id", "type", "title", "participants": [user ids], "message_count", "last_message_at"}], "next": id or 0}
//	conversations/purge     {"conversation_id", "admin_id"} → {"purged": bool}; 409 jetonomy_conversation_held under a legal hold
//
// # The page Conversations
//
// The plugin asks for pages of wp-admin, and for exports, as whoever is signed in: Authorization is "Bearer" with a
// token minted for them. Without a good one the answer is 401, without the capability 403, to a body of more than 1 MiB
// 413, in WordPress's error shape. The call is signed, too: the token alone is good for its owner's messages, and not for
// what WordPress says of the visit. While the extension is off there are no such routes. Both are POST with the same body
//
//	{"page": "list"|"bulk"|"bulk2"|"detail"|"purge"|"member"|"log" (manage_options), "reports"|"report"|"count" (or jetonomy_moderate), "" for the first,
//	 "query": {name: string or [string]}, "form": {the same} of a form whose nonce was checked, or absent,
//	 "frame": {"url", "nonce", "address", "can_silence": bool, "columns": [name], "date_format", "time_format", "thousands", "decimal"},
//	 "strings": {key: text, or {"forms": [text], "index": a digit for each number from 0 to 199 that says which}}}
//
//	admin/page    → {"status": HTTP status of the page, "title", "html", "redirect": {parameters of the page to go to instead} or absent, "open_reports"}
//	admin/export  → a file, with Content-Disposition; what breaks off is not whole. Refused: the answer of admin/page, with its status
//
// The form's field task says what to do: open, hold, release, purge, purge_member, decide; export and export_member
// belong to admin/export. html is escaped by the service, and printed as it is.
//
// # Export
//
// cursor is "" for the first page and then the next of the answer before; next is "" after the last page. The first page
// is a row of the access log before anything is given: of actor_id (0 where nobody is signed in) at address ("" on the
// command line), for a reason of the log; "other" needs a note.
//
// Items come group by group, those of group conversations (one for each message) conversation by conversation, 500 on
// a page and about a megabyte of text at most. A page may be empty and not the last one. volume is how much there is:
// items, counted up to 2001, and the bytes of their texts. The plugin decides by it where the messages go: WordPress
// loses items of large exports.
//
// # Erasure
//
// An erased message stays where it was, with the text "Message deleted": that is its content_plain, and how the
// plugin knows in the tables what is erased already (Orphan_Columns::TOMBSTONE). What stays of a member are their places
// in conversations, and the titles of groups, which any member of a group can change and nobody's name is kept with.
// Messages in conversations under a legal hold, and what reports seal, stay as they were: retained says how many.
// Nobody has to ask again: the service erases the held ones by itself, within seconds of the hold's end. Of a member
// who is still there these are the messages from before the erasure.
//
// # Events
//
// Service to plugin: events, in batches, in order within each conversation, at least once:
//
//	POST /wp-json/jetonomy-sidecar/v1/events  {"events": [E, …], "nonce"}  → 200 {"results": {"<id>": {"ok": true} or {"ok": false, "error": "…"}}}
//
// At most 64 events and 256 KiB; none at all asks whether events are taken. Any other answer means that none was
// handled, as far as is known. An event that was handled before is ok again; no id is given twice. The error "waiting" means that it was
// not tried: it is behind one that failed, or another request is at it. A call whose signature was seen before is
// refused with 409: nonce makes it another one. E is
//
//	{"id", "type", "created_at": unix, "conversation_id", "user_id": who did it, …}
//
// and by type, where recipients are those who are to be told now: active, not muted, not blocked either way,
// not banned; preview is plain text, filled in at delivery and stored nowhere on the way:
//
//	conversation.created   participant_ids (everybody, user_id included)
//	message.sent           message_id, participant_ids (everybody else), recipient_ids, preview, unread_ids (recipients to whom it is unread still)
//	conversation.archived  value (bool)
//	conversation.blocked   participant_ids (the blocked one), value
//	conversation.left      message_id
//	participants.added     participant_ids, message_id
//	conversation.read      message_id, unread_ids (user_id, if something has come since: the bell stays; else empty); also where user_id answered what was unread
//	conversation.purged    user_id is the administrator's, participant_ids
//	mail.due               user_id is the recipient's; conversations, 10 at most: [{"conversation_id", "title", "sender_id", "sender_name", "unread_count", "preview", "last_message_at": unix}];
//	                       totals, of all that is unread: {"conversations", "messages"}
//	report.reviewed        report_id, recipient_ids (the reporter); conversation_id and user_id are 0
//	report.warned          report_id, recipient_ids (one of those whom the report is about); conversation_id and user_id are 0
//	report.silenced        report_id, recipient_ids (one of those whom the report is about), days (0 until somebody lifts it); user_id is the moderator's, conversation_id is 0
//	access.logged          entry_id, entry: {"action", "reason", "conversation_id", "member_id"}, a new row of the access log; user_id is who did it, conversation_id is 0
//
// Events with the conversation_id 0 wait for no other one, and a purge leaves them. Handled twice, those of reports
// and of the access log must do no more than once.
//
// mail.due comes once per recipient for all that is unread and not muted, mail_delay seconds (setting
// email_delay, minutes, default 5, 0 for no mail) after the oldest unread message that no mail has told, and not at
// all when it was read meanwhile. There is one at a time for each recipient. The newest message of a conversation is
// one that is not erased, by somebody who has an account, is not banned and not blocked either way; conversations
// without one that is new are left out. The numbers are those that the inbox shows. While the extension is off none
// comes, and what is due by then comes afterwards; the plugin fails one that comes all the same.
//
// # Proxied calls
//
// The plugin registers the routes of jetonomy/v1 that this service serves and passes such a request
// on: method, the same path under /wp-json, query, body as received, and of the headers only
// Content-Type, Idempotency-Key and Accept-Language. Authorization is "Bearer" with the token the
// request came with, or one minted for the WordPress user that the request was authenticated as, or
// absent for an anonymous request. The answer goes back with its status, body and the headers
// X-WP-Total, X-WP-TotalPages, Link, Allow, Retry-After, Location and Idempotent-Replayed. Not with
// X-Jetonomy-Sidecar, the version that every answer of this service names: clients see by it who answered.
// Two seconds without an answer, or no connection: 503 jetonomy_sidecar_unavailable in WordPress's error shape.
//
// # Display names
//
// WordPress stores them as HTML, "Fun & Games" as "Fun &amp; Games". All that leaves this package is plain text,
// see [PlainName], as are the names in what both ends tell each other. The plugin does the same where it does not print
// into HTML. Whoever prints a name escapes it.
//
// # Lifecycle
//
// [LoadOptions] comes first and must succeed; [Options.Run] then polls until its context ends, and is the
// only goroutine here. A [Site] reads through these Options, a [Verifier] through a Site. All three are
// safe for concurrent use and have nothing to close.
//
// What grants access is at most 5 seconds old: options are polled every 2 seconds, members and sessions
// are cached for 3, each counted from when its reading began, and members are forgotten when the options
// change. The ages do not add up.
//
// A multisite network's super administrators, and CUSTOM_USER_TABLE, are not known here.
package wpbridge
