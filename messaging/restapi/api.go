package restapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"jetonomy-sidecar/messaging"
)

// Options are what the API is made of. All of them are required.
type Options struct {
	Service *messaging.Service

	// Authenticate gives the member that a bearer token stands for. An [AuthError] is answered with 401,
	// a *messaging.Error as everywhere, and anything else with 500.
	Authenticate func(ctx context.Context, bearer string) (messaging.Member, error)

	// Home is the site's address without a trailing slash, for links.
	Home func() string

	// Now is the clock that "5 minutes ago" is told by.
	Now func() time.Time

	// NoRoute answers for paths that are not known here, as WordPress does for an unknown route.
	NoRoute http.Handler

	// Log is told of every error that a client only sees as 500, once, and of read marks that failed.
	Log func(r *http.Request, err error)
}

type api struct {
	Options
	router *mux.Router
}

// New makes the API's handler. Safe for concurrent use.
func New(o Options) http.Handler {
	a := &api{Options: o}
	a.router = a.routes()
	return a
}

// ServeHTTP takes trailing slashes away first, as WordPress does.
func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if path := strings.TrimRight(r.URL.Path, "/"); path != r.URL.Path {
		trimmed, url := *r, *r.URL
		url.Path, url.RawPath = path, ""
		trimmed.URL = &url
		r = &trimmed
	}
	a.router.ServeHTTP(w, r)
}
