package httpx

import (
	"context"
	"crypto/rand"
	"net/http"
)

const (
	requestIDHeader    = "X-Request-Id"
	maxRequestIDLength = 64
)

type requestIDKey struct{}

// RequestID gives each request an id: the one in its X-Request-Id, as a proxy in front sets it, if that is
// at most 64 letters, digits and the characters -_.=; otherwise a new one. The answer carries it.
func RequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDHeader)
		if !validRequestID(id) {
			id = rand.Text()
		}
		w.Header().Set(requestIDHeader, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

// RequestIDOf returns the id of the request that ctx belongs to, "" if it has none.
func RequestIDOf(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// validRequestID keeps what a client made up from breaking a log or a header.
func validRequestID(id string) bool {
	if id == "" || len(id) > maxRequestIDLength {
		return false
	}
	for i := range len(id) {
		switch c := id[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9',
			c == '-', c == '_', c == '.', c == '=':
		default:
			return false
		}
	}
	return true
}
