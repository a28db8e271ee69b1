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
// 'previous' is absent before the first rotation and ignored once 'until' has passed. The constant
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
// user is not banned; this is looked up at most 5 seconds late.
//
// Tokens of the plugin "JWT Authentication for WP REST API" (HS256 with JWT_AUTH_SECRET_KEY, iss the
// site URL, iat, nbf, exp, data.user.id a number or a decimal string) are accepted when that key is known.
//
// # Signed calls
//
// The plugin's calls to this service that concern no member (the poke: POST
// /wp-json/jetonomy-sidecar/v1/poke, answered 204, which makes the service read its options again at
// once), and this service's calls to the plugin, carry
//
//	X-Jetonomy-Key: K
//	X-Jetonomy-Timestamp: unix seconds, within 300 seconds of the receiver's clock
//	X-Jetonomy-Signature: hexadecimal HMAC-SHA256 with S over "v1\n" METHOD "\n" PATH "\n" TIMESTAMP "\n" BODY
//
// PATH is the REST path behind /wp-json, for example /jetonomy-sidecar/v1/poke.
//
// # Proxied calls
//
// The plugin registers the routes of jetonomy/v1 that this service serves and passes such a request
// on: method, the same path under /wp-json, query, body as received, and of the headers only
// Content-Type, Idempotency-Key and Accept-Language. Authorization is "Bearer" with the token the
// request came with, or one minted for the WordPress user that the request was authenticated as, or
// absent for an anonymous request. The answer goes back with its status, body and the headers
// X-WP-Total, X-WP-TotalPages, Link, Allow, Retry-After, Location and Idempotent-Replayed.
// Two seconds without an answer, or no connection: 503 jetonomy_sidecar_unavailable in WordPress's error shape.
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
