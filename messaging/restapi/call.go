package restapi

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gorilla/mux"

	"jetonomy-sidecar/messaging"
)

// call is one request of a known member.
type call struct {
	caller         messaging.Member
	conversationID uint64 // from the path; 0 where the path names none
	params         *params
	idempotencyKey []string // the header, as often as it was sent
	path           string   // below the site's address
	head           bool     // only the headers are wanted
	request        *http.Request
}

// operation answers one method of one route.
type operation func(ctx context.Context, c *call) (answer, error)

// endpoint is a route's operations by method. HEAD is implied by GET, OPTIONS by any.
type endpoint map[string]operation

func (e endpoint) methods() []string {
	methods := append(slices.Collect(maps.Keys(e)), http.MethodOptions)
	if e[http.MethodGet] != nil {
		methods = append(methods, http.MethodHead)
	}
	slices.Sort(methods)
	return methods
}

// serve is the one adapter between HTTP and operations.
func (a *api) serve(e endpoint) http.Handler {
	methods := e.methods()
	allow := http.Header{"Allow": {strings.Join(methods, ", ")}}
	options := answer{header: allow, body: struct {
		Namespace string   `json:"namespace"`
		Methods   []string `json:"methods"`
	}{"jetonomy/v1", methods}}
	notAllowed := &refusal{status: http.StatusMethodNotAllowed, code: "jetonomy_method_not_allowed", message: "This address does not know the request method. See the Allow header.", header: allow}

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method := methodOf(r)
		head := method == http.MethodHead
		if head {
			method = http.MethodGet
		}
		switch do := e[method]; {
		case method == http.MethodOptions:
			a.write(w, r, options)
		case do == nil:
			a.write(w, r, a.refuse(r, notAllowed, nil))
		default:
			c := &call{head: head, request: r, path: r.URL.Path, params: newParams(r.URL.RawQuery), idempotencyKey: r.Header.Values("Idempotency-Key")}
			result, err := a.run(w, c, method, do)
			if err != nil {
				result = a.refuse(r, err, c.params)
			}
			a.write(w, r, result)
		}
	})
}

// methodOf is the request's method, or what a POST says that it stands for: WordPress's own script
// client sends PATCH that way.
func methodOf(r *http.Request) string {
	if r.Method != http.MethodPost {
		return r.Method
	}
	if method := r.Header.Get("X-HTTP-Method-Override"); method != "" {
		return strings.ToUpper(method)
	}
	return r.Method
}

// run finds out who is calling before it looks at anything else.
func (a *api) run(w http.ResponseWriter, c *call, method string, do operation) (answer, error) {
	r := c.request
	caller, err := a.authenticate(r)
	if err != nil {
		return answer{}, err
	}
	c.caller = caller
	if id, ok := mux.Vars(r)["id"]; ok {
		// A number that no conversation can have is answered like one that this member is not in.
		if c.conversationID, err = strconv.ParseUint(id, 10, 64); err != nil || c.conversationID == 0 {
			return answer{}, messaging.ErrNotParticipant
		}
	}
	if method != http.MethodGet {
		if c.params.body, err = readBody(w, r); err != nil {
			return answer{}, err
		}
	}
	return do(r.Context(), c)
}

// clientKey is what makes a mutation repeatable: the header Idempotency-Key or the parameter client_key.
func (c *call) clientKey() (string, error) {
	key, given, err := get(c.params, paramClientKey, asText)
	if err != nil {
		return "", err
	}
	for _, header := range c.idempotencyKey {
		if header == "" {
			continue
		}
		if _, err := asText(header); err != nil {
			return "", messaging.InvalidParam("Idempotency-Key", "Idempotency-Key "+err.Error()+".")
		}
		if given && header != key {
			return "", messaging.InvalidParam("Idempotency-Key", "The request carries two different idempotency keys.")
		}
		key, given = header, true
		c.params.spelled[paramClientKey.domain] = "Idempotency-Key"
	}
	return key, nil
}

// clientIsGone says whether an operation failed because nobody waits for its answer any more.
func clientIsGone(r *http.Request, err error) bool {
	return errors.Is(err, context.Canceled) && errors.Is(r.Context().Err(), context.Canceled)
}
