package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// healthcheckTimeout bounds the question, readiness and all.
const healthcheckTimeout = 5 * time.Second

// healthcheck asks the service that listens on SIDECAR_INTERNAL_LISTEN whether it is ready, for a container
// that has no other program to ask with.
func healthcheck(ctx context.Context, p process, args []string) error {
	if _, err := flags(p, "healthcheck", args, nil); err != nil {
		return err
	}
	v, err := env.ParseAsWithOptions[variables](env.Options{Environment: environment(p.getenv)})
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(v.InternalListen)
	if err != nil {
		return fmt.Errorf("SIDECAR_INTERNAL_LISTEN: %q is not host:port", v.InternalListen)
	}
	ctx, cancel := context.WithTimeout(ctx, healthcheckTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(reachable(host), port)+"/readyz", nil)
	if err != nil {
		return err
	}
	// No proxy: the service is on this machine.
	res, err := (&http.Client{Transport: &http.Transport{}}).Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 1000))
		return fmt.Errorf("%d: %s", res.StatusCode, strings.TrimSpace(string(text)))
	}
	return nil
}

// reachable gives a host to ask for one that is listened on: every address of the machine has its loopback.
func reachable(host string) string {
	address, err := netip.ParseAddr(host)
	switch {
	case host == "", err == nil && address == netip.IPv4Unspecified():
		return "127.0.0.1"
	case err == nil && address == netip.IPv6Unspecified():
		return "::1"
	}
	return host
}
