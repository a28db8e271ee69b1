package extension

import (
	"io"
	"net/http"
	"slices"
)

// PrivateMessaging is the id of the one extension there is, as it stands in the option
// jetonomy_pro_extensions. Ids of the option that are not known here belong to somebody else.
const PrivateMessaging = "private-messaging"

// Extension is an extension that this service brings.
type Extension struct{ ID, Title string }

// Registry lists the extensions that this service brings, in the order they are shown in.
func Registry() []Extension {
	return []Extension{{PrivateMessaging, "Private Messaging"}}
}

// Switch says which extensions are on. Safe for concurrent use, if its source is.
type Switch struct{ source func() []string }

// NewSwitch makes a Switch on source, which gives the ids that are enabled now. It is asked at every
// request and must be cheap: a snapshot of the option.
func NewSwitch(source func() []string) *Switch { return &Switch{source} }

// On says whether an extension is on. One that is not in the Registry never is.
func (s *Switch) On(id string) bool {
	known := slices.ContainsFunc(Registry(), func(e Extension) bool { return e.ID == id })
	return known && slices.Contains(s.source(), id)
}

// Gate lets requests through to next while the extension is on, and answers with NoRoute while it is off.
func (s *Switch) Gate(id string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.On(id) {
			next.ServeHTTP(w, r)
		} else {
			NoRoute.ServeHTTP(w, r)
		}
	})
}

// noRoute is what WordPress answers for a route that nobody has registered, to the letter.
const noRoute = `{"code":"rest_no_route","message":"No route was found matching the URL and request method.","data":{"status":404}}`

// NoRoute answers as WordPress does for a route that nobody has registered.
var NoRoute http.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=UTF-8")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusNotFound)
	io.WriteString(w, noRoute)
})
