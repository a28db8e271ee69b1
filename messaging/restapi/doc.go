// Package restapi serves private messages under /wp-json/jetonomy/v1, in the shapes that Jetonomy's
// published clients expect. openapi.yaml beside this file is the contract; every answer in the tests is
// checked against it.
//
// # Spellings
//
// Four public descriptions of this API exist and differ. Every spelling is accepted (see spellings.go),
// in a JSON or form body and, as in WordPress, in the query; the body goes before the query. Several
// spellings of one parameter may be sent together only if they say the same: who a private message goes
// to is never guessed. Refusals name a parameter as the client spelled it.
//
// Answers are a superset of what the descriptions show: flags under each of their names, and the object
// both at the top level and under "data" where clients disagree about that.
//
// # Privacy
//
// A conversation is shown as its viewer sees it. The published shape has mute, archive, block and read
// state on every participant's row; here they are filled in on the viewer's own row alone, except for the
// viewer's own block, which stands on the other side's row of a direct conversation.
//
// # Reading
//
// A GET changes nothing, with one exception for clients that have no other way to say it: a thread page
// that shows the newest message counts as reading, unless mark_read=false.
package restapi
