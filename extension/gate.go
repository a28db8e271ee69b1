package extension

import (
	"io"
	"net/http"
	"strconv"
)

// noRoute is what WordPress's REST API answers where no route fits, to the byte.
const noRoute = `{"code":"rest_no_route","message":"No route was found matching the URL and request method.","data":{"status":404}}`

// NoRoute answers as WordPress does where no route fits. Everything that is not there answers with it, so
// that a route of an extension that is off cannot be told from one that never was.
var NoRoute http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=UTF-8")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(len(noRoute)))
	w.WriteHeader(http.StatusNotFound)
	io.WriteString(w, noRoute) // of HEAD, net/http sends the headers alone
})

// Gate lets requests through to next while the extension is on, and answers with [NoRoute] while it is
// off. It belongs in front of everything that an extension serves, authentication included.
func Gate(s *Switch, id string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.On(id) {
			NoRoute.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}
