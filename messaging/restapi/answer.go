package restapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"

	"jetonomy-sidecar/messaging"
)

// answer is what an operation says. The zero status is 200.
type answer struct {
	status int
	header http.Header
	body   any
}

// withReplayed marks the answer to a request that was answered before under the same client key.
func (ans answer) withReplayed(o messaging.Outcome) answer {
	if o.Replayed {
		ans.set("Idempotent-Replayed", "true")
	}
	return ans
}

func (ans *answer) set(name, value string) {
	if ans.header == nil {
		ans.header = http.Header{}
	}
	ans.header.Set(name, value)
}

// write sends an answer with the headers that every answer has.
func (a *api) write(w http.ResponseWriter, r *http.Request, ans answer) {
	body, err := json.Marshal(ans.body)
	if err != nil {
		ans = a.refuse(r, fmt.Errorf("restapi: encode answer: %w", err), nil)
		body, _ = json.Marshal(ans.body) // strings and a number
	}
	header := w.Header()
	maps.Copy(header, ans.header)
	header.Set("Content-Type", "application/json; charset=UTF-8")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Robots-Tag", "noindex")
	header.Set("Cache-Control", "no-store")
	if ans.status == 0 {
		ans.status = http.StatusOK
	}
	w.WriteHeader(ans.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // nobody is left to be told
	}
}
