// Package httpx is net/http with what every server needs and no rule of any application: handlers that
// return errors, a line in the log per request, recovery from panics, limits, and a graceful end.
//
// Handlers are wrapped from the outside in:
//
//	h = httpx.Chain(router,
//		httpx.MaxBytes(1<<20),
//		httpx.RequestID,
//		httpx.Log(logger, "/healthz"),
//		httpx.Recover(logger, render),
//	)
//
// MaxBytes comes first: net/http closes a connection whose request was too large only if it is told
// through its own ResponseWriter. Recover comes inside Log, so that Log sees the status it answered with.
// A router goes inside all of them, so that its own 404 and 405 answers are logged, too.
//
// # Streams
//
// The ResponseWriter that handlers get works with http.NewResponseController. A handler whose answer
// has no end must, for each write, move the deadline that Serve has set (SetWriteDeadline), and must
// return when Draining(ctx) is closed.
package httpx
