package httpx

import "net/http"

// MaxBytes limits the body of each request to n bytes, after which reading it fails with an
// *http.MaxBytesError.
func MaxBytes(n int64) Middleware {
	return func(next http.Handler) http.Handler {
		return http.MaxBytesHandler(next, n)
	}
}
