package httpx

import (
	"net/http"
)

// Handler is a handler that leaves the answer to an error to Handle's render.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Renderer answers a request that failed with err. What it says must be safe to show.
type Renderer func(w http.ResponseWriter, r *http.Request, err error)

// Middleware wraps a handler in another.
type Middleware func(http.Handler) http.Handler

// Chain wraps h in the middlewares, the first one outermost.
func Chain(h http.Handler, ms ...Middleware) http.Handler {
	for i := len(ms) - 1; i >= 0; i-- {
		h = ms[i](h)
	}
	return h
}

// Handle makes h an http.Handler: its error goes into the request's log line, and to render. If h has
// begun its answer before it fails, the connection is cut instead, so that the client does not take the
// part for the whole.
func Handle(h Handler, render Renderer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := record(w)
		err := h(rec, r)
		if err == nil {
			return
		}
		Fields(r.Context()).Err(err)
		if rec.status != 0 {
			panic(http.ErrAbortHandler)
		}
		render(rec, r, err)
	})
}
