package bridgeapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"jetonomy-sidecar/internal/httpx"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/mysqlstore"
	"jetonomy-sidecar/messaging/oversight"
)

// Prefix is the path that every call begins with, and Path the part of it that is signed.
const (
	Prefix = "/wp-json" + Path
	Path   = "/jetonomy-sidecar/v1"
)

// maxBody is how many bytes of a body are accepted.
const maxBody = 64 << 10

// Store is what the calls need of mysqlstore.Store, where each method is described.
type Store interface {
	OutboxStatus(ctx context.Context) (mysqlstore.OutboxStatus, error)
	RetryFailed(ctx context.Context) (int64, error)
	HeldErasures(ctx context.Context) (int, error)

	Overview(ctx context.Context, userID uint64) (messaging.Overview, error)
	Unblock(ctx context.Context, blockerID, blockedID uint64) (removed int, done bool, err error)
	Export(ctx context.Context, userID uint64, cursor string) (items []messaging.ExportItem, next string, err error)
	ExportVolume(ctx context.Context, userID uint64) (messaging.ExportVolume, error)
	Erase(ctx context.Context, userID uint64) (removed int, done bool, err error)
	Retained(ctx context.Context, userID uint64) (int, error)

	Summaries(ctx context.Context, after uint64, limit int) (list []messaging.ConversationSummary, next uint64, err error)
	Purge(ctx context.Context, conversationID, adminID uint64) (bool, error)
	SweepPurged(ctx context.Context, limit int) (int64, error)
}

// Oversight writes the access log; oversight.Service describes it.
type Oversight interface {
	BeginMemberExport(ctx context.Context, v oversight.Visitor, userID uint64, g oversight.Given) error
}

// Members gives those of ids that exist.
type Members interface {
	Members(ctx context.Context, ids []uint64) (map[uint64]messaging.Member, error)
}

// About is what the service says of itself.
type About struct {
	Version     string
	Site        string // the address, without a trailing slash
	Listen      string // where this service listens
	ExtensionOn bool
}

// Options are what the calls are answered with. All of them are required.
type Options struct {
	Store     Store
	Oversight Oversight
	Members   Members
	About     func() About

	// Verify refuses a call that is not signed as it must be. path is the REST path behind /wp-json.
	Verify func(method, path string, header http.Header, body []byte) error

	// Refresh reads the site's options again.
	Refresh func(ctx context.Context) error

	Now func() time.Time

	// NoRoute answers for everything that is not there, and for calls without a good signature.
	NoRoute http.Handler

	// Refused is told why Verify refused a call.
	Refused func(r *http.Request, err error)

	// Log is told of every error that the plugin only sees as 500 or 503, once.
	Log func(r *http.Request, err error)
}

type api struct {
	Options
	routes map[string]operation
}

// New makes the handler. Safe for concurrent use.
func New(o Options) http.Handler {
	a := &api{Options: o}
	a.routes = map[string]operation{
		"/poke":                with(a.poke),
		"/status":              with(a.status),
		"/events/retry":        with(a.retryEvents),
		"/members/overview":    with(a.overview),
		"/members/unblock":     with(a.unblock),
		"/members/export":      with(a.export),
		"/members/erase":       with(a.erase),
		"/conversations/list":  with(a.listConversations),
		"/conversations/purge": with(a.purge),
	}
	return a
}

// operation answers one call, whose body it is given. A nil answer is 204.
type operation func(r *http.Request, body []byte) (any, error)

// with makes an operation of a function that takes the parameters in P.
func with[P any](do func(r *http.Request, p P) (any, error)) operation {
	return func(r *http.Request, body []byte) (any, error) {
		var p P
		if err := decode(body, &p); err != nil {
			return nil, err
		}
		return do(r, p)
	}
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, ours := strings.CutPrefix(r.URL.Path, Prefix)
	do := a.routes[path]
	if !ours || do == nil || r.Method != http.MethodPost {
		a.NoRoute.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err == nil {
		err = a.Verify(r.Method, Path+path, r.Header, body)
	}
	if err != nil {
		a.Refused(r, err)
		a.NoRoute.ServeHTTP(w, r)
		return
	}
	result, err := do(r, body)
	switch {
	case err != nil:
		a.refuse(w, r, err)
	case result == nil:
		w.WriteHeader(http.StatusNoContent)
	default:
		httpx.WriteJSON(w, http.StatusOK, result)
	}
}

// errUnavailable marks what is over in a moment.
var errUnavailable = errors.New("bridgeapi: not available for now")
