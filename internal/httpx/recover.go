package httpx

import (
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/rs/zerolog"
)

// Recover answers a request whose handler panicked through render, with an error that has the panic's
// value in its text, and logs that with the stack. If the answer has begun, the connection is cut
// instead. http.ErrAbortHandler, which asks for just that, passes.
func Recover(logger zerolog.Logger, render Renderer) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rec := record(w)
			defer func() {
				p := recover()
				if p == nil {
					return
				}
				if p == http.ErrAbortHandler {
					panic(p)
				}
				err := panicError(p)
				logger.Error().
					Str("request_id", RequestIDOf(r.Context())).
					Err(err).
					Bytes("stack", debug.Stack()).
					Msg("panic")
				Fields(r.Context()).Err(err)
				if rec.status != 0 {
					panic(http.ErrAbortHandler)
				}
				render(rec, r, err)
			}()
			next.ServeHTTP(rec, r)
		})
	}
}

func panicError(p any) error {
	if err, ok := p.(error); ok {
		return fmt.Errorf("panic: %w", err)
	}
	return fmt.Errorf("panic: %v", p)
}
