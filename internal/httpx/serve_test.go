package httpx_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"jetonomy-sidecar/internal/httpx"
)

type contextKey struct{}

// serve starts h, and returns its URL, what ends it, and what Serve will have returned.
func serve(t *testing.T, h http.Handler, opts httpx.ServeOptions) (url string, end context.CancelFunc, result <-chan error) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), contextKey{}, "base"))
	t.Cleanup(cancel)
	opts.Logger = zerolog.Nop()
	c := make(chan error, 1)
	go func() { c <- httpx.Serve(ctx, ln, h, opts) }()
	return "http://" + ln.Addr().String(), cancel, c
}

func TestServeDrains(t *testing.T) {
	t.Parallel()
	inside := make(chan context.Context)
	finish := make(chan struct{})
	url, end, result := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inside <- r.Context()
		<-finish
		if err := r.Context().Err(); err != nil {
			t.Errorf("the request ended with the server's context: %v", err)
		}
		io.WriteString(w, "whole")
	}), httpx.ServeOptions{})

	type answer struct {
		body string
		err  error
	}
	answered := make(chan answer, 1)
	go func() {
		resp, err := http.Get(url)
		if err != nil {
			answered <- answer{err: err}
			return
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		answered <- answer{string(b), err}
	}()

	ctx := <-inside
	if ctx.Value(contextKey{}) != "base" {
		t.Error("the request's context has not the values of Serve's")
	}
	select {
	case <-httpx.Draining(ctx):
		t.Error("draining before the end")
	default:
	}
	end()
	<-httpx.Draining(ctx)
	close(finish)
	if a := <-answered; a.body != "whole" || a.err != nil {
		t.Errorf("answer %+v", a)
	}
	if err := <-result; err != nil {
		t.Error(err)
	}
	if _, err := http.Get(url); err == nil {
		t.Error("still served")
	}
}

func TestServeCutsWhatDoesNotEnd(t *testing.T) {
	t.Parallel()
	inside := make(chan struct{})
	url, end, result := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(inside)
		<-r.Context().Done()
	}), httpx.ServeOptions{DrainTimeout: time.Millisecond})
	go http.Get(url)
	<-inside
	end()
	if err := <-result; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

func TestServeFails(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	if err := httpx.Serve(t.Context(), ln, http.NotFoundHandler(), httpx.ServeOptions{}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("error %v", err)
	}
}

// A stream sends its events at once through all middlewares, outlives the WriteTimeout by moving it, and
// ends with the server.
func TestStream(t *testing.T) {
	t.Parallel()
	const writeTimeout = 500 * time.Millisecond // in which a busy machine gets to the first event, too
	next := make(chan string)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rc := http.NewResponseController(w)
		for {
			select {
			case s := <-next:
				if err := rc.SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
					t.Error(err)
				}
				io.WriteString(w, s+"\n")
				if err := rc.Flush(); err != nil {
					t.Error(err)
				}
			case <-httpx.Draining(r.Context()):
				return
			}
		}
	})
	url, end, result := serve(t, httpx.Chain(h,
		httpx.MaxBytes(8),
		httpx.RequestID,
		httpx.Log(zerolog.Nop()),
		httpx.Recover(zerolog.Nop(), render),
	), httpx.ServeOptions{WriteTimeout: writeTimeout})

	go func() { next <- "one" }()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewReader(resp.Body)
	if s, err := lines.ReadString('\n'); s != "one\n" {
		t.Fatalf("%q, %v", s, err)
	}
	time.Sleep(2 * writeTimeout) // it is time itself that is tested
	next <- "two"
	if s, err := lines.ReadString('\n'); s != "two\n" {
		t.Fatalf("%q, %v", s, err)
	}
	end()
	if _, err := lines.ReadString('\n'); err != io.EOF {
		t.Errorf("end of the stream: %v", err)
	}
	if err := <-result; err != nil {
		t.Error(err)
	}
}

// A request that stops coming fails the read; one that came does not end when the time is up, with or
// without a body.
func TestReadTimeout(t *testing.T) {
	t.Parallel()
	const readTimeout = 500 * time.Millisecond // in which a busy machine reads four bytes, too
	read := make(chan error, 1)
	over := make(chan error, 1)
	url, _, _ := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		read <- err
		if err == nil {
			time.Sleep(3 * readTimeout) // as above
			over <- r.Context().Err()
		}
	}), httpx.ServeOptions{ReadTimeout: readTimeout})

	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
	if err := <-read; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("half a body: %v", err)
	}

	for _, body := range []string{"abcd", ""} {
		resp, err := http.Post(url, "text/plain", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if err := <-read; err != nil {
			t.Errorf("body %q: %v", body, err)
		}
		if err := <-over; err != nil {
			t.Errorf("the request with body %q ended early: %v", body, err)
		}
	}
}
