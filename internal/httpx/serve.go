package httpx

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/rs/zerolog"
)

// ServeOptions are what may differ between two servers. The zero value is good.
type ServeOptions struct {
	// Logger gets what net/http itself complains about.
	Logger zerolog.Logger

	// ReadTimeout is how long a request may take to arrive, its body included, 30 seconds if zero. net/http
	// lifts it when the request has arrived: streams don't notice.
	ReadTimeout time.Duration

	// WriteTimeout is how long an answer may take from the end of the request's header, 30 seconds if
	// zero. Streams move it for themselves.
	WriteTimeout time.Duration

	// DrainTimeout is how long requests may go on after the end of ctx, 10 seconds if zero.
	DrainTimeout time.Duration
}

const (
	readHeaderTimeout   = 5 * time.Second
	idleTimeout         = 2 * time.Minute // above the 60 seconds after which nginx drops its side
	maxHeaderBytes      = 32 << 10        // a token, and the cookies of a site that has many
	defaultReadTimeout  = 30 * time.Second
	defaultWriteTimeout = 30 * time.Second
	defaultDrainTimeout = 10 * time.Second
)

type drainingKey struct{}

// Draining is closed when the server of the request that ctx belongs to begins to shut down. It is nil,
// and so never ready, outside Serve.
func Draining(ctx context.Context) <-chan struct{} {
	done, _ := ctx.Value(drainingKey{}).(<-chan struct{})
	return done
}

// Serve serves h on ln until ctx is done, then takes no more requests, waits for those under way and
// returns nil. The contexts of requests have the values of ctx but not its end; those still not over
// after the DrainTimeout are canceled, their connections closed, and that is an error. ln is closed in
// any case.
func Serve(ctx context.Context, ln net.Listener, h http.Handler, opts ServeOptions) error {
	if opts.ReadTimeout == 0 {
		opts.ReadTimeout = defaultReadTimeout
	}
	if opts.WriteTimeout == 0 {
		opts.WriteTimeout = defaultWriteTimeout
	}
	if opts.DrainTimeout == 0 {
		opts.DrainTimeout = defaultDrainTimeout
	}

	base := context.WithValue(context.WithoutCancel(ctx), drainingKey{}, ctx.Done())
	base, cancel := context.WithCancel(base)
	defer cancel()
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       opts.ReadTimeout,
		WriteTimeout:      opts.WriteTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		BaseContext:       func(net.Listener) context.Context { return base },
		ErrorLog:          log.New(warnings{opts.Logger}, "", 0),
	}

	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	select {
	case err := <-served:
		srv.Close()
		return fmt.Errorf("httpx: serve on %s: %w", ln.Addr(), err)
	case <-ctx.Done():
	}

	drain, stop := context.WithTimeout(context.WithoutCancel(ctx), opts.DrainTimeout)
	defer stop()
	err := srv.Shutdown(drain)
	if err != nil {
		cancel()
		err = errors.Join(err, srv.Close())
		return fmt.Errorf("httpx: shut down %s with requests under way: %w", ln.Addr(), err)
	}
	<-served
	return nil
}

// warnings is net/http's log, one line per write.
type warnings struct{ logger zerolog.Logger }

func (w warnings) Write(line []byte) (int, error) {
	n := len(line)
	if n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	w.logger.Warn().Msg(string(line))
	return n, nil
}
