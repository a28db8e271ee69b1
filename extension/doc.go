// Package extension switches whole parts of the service on and off, as Jetonomy does with its extensions:
// by an option that lists the ids of the enabled ones.
//
// An extension that is off is gone: each of its routes answers as if it had never been registered, see
// [Gate], and its streams end, see [Switch.Done].
//
// # Lifecycle
//
// A [Registry] is made once. A [Switch] reads its source when it is made and on each Update, which whoever
// follows the option calls after every change. All of it is safe for concurrent use, and there is nothing
// to close.
package extension
