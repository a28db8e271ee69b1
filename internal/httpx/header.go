package httpx

import "net/http"

// Header puts a header with the same value on every answer, those to unknown routes and to failures too.
func Header(name, value string) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set(name, value)
			next.ServeHTTP(w, r)
		})
	}
}
