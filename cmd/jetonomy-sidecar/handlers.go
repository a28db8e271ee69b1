package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/mux"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"jetonomy-sidecar/extension"
	"jetonomy-sidecar/internal/httpx"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/adminpage"
	"jetonomy-sidecar/messaging/bridgeapi"
	"jetonomy-sidecar/messaging/restapi"
	"jetonomy-sidecar/migrations"
	"jetonomy-sidecar/wpbridge"
)

// requestTimeout bounds a request's work: a little less than the 2 seconds that nginx and the plugin wait,
// so that what they pass on is this service's own answer and nothing is still under way behind it.
const requestTimeout = 1900 * time.Millisecond

// publicHandler serves the REST API, the plugin's signed calls and its page in wp-admin.
func (p *parts) publicHandler(enabled *extension.Switch) http.Handler {
	verifier := wpbridge.NewVerifier(p.site, wpbridge.VerifierConfig{JWTAuthSecret: p.jwtAuthSecret})
	api := restapi.New(restapi.Options{
		Service:      p.service,
		Authenticate: authenticator(verifier, p.site),
		Home:         func() string { return p.options.Snapshot().Home },
		Now:          time.Now,
		NoRoute:      extension.NoRoute,
		Log:          func(r *http.Request, err error) { httpx.Fields(r.Context()).Err(err) },
	})
	router := mux.NewRouter().SkipClean(true)
	router.NotFoundHandler = extension.NoRoute
	router.MethodNotAllowedHandler = extension.NoRoute
	quick := timeout(requestTimeout)
	router.PathPrefix(adminpage.Prefix + "/").Handler(p.adminHandler(verifier, enabled))
	router.PathPrefix(bridgeapi.Prefix + "/").Handler(quick(p.bridgeHandler(enabled)))
	router.PathPrefix(restapi.Prefix + "/").Handler(quick(extension.Gate(enabled, extension.PrivateMessaging, api)))
	return httpx.Chain(router,
		httpx.RequestID,
		httpx.Header(restapi.VersionHeader, version),
		httpx.Log(p.log),
		httpx.Recover(p.log, restapi.RenderFailure),
	)
}

func timeout(d time.Duration) httpx.Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), d)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// authenticator gives the member that a bearer token stands for. A banned member's token is good for
// reading: what they may not do is the domain's to refuse.
func authenticator(verifier *wpbridge.Verifier, site *wpbridge.Site) func(context.Context, string) (messaging.Member, error) {
	return func(ctx context.Context, bearer string) (messaging.Member, error) {
		identity, err := verifier.Verify(ctx, bearer)
		switch {
		case errors.Is(err, wpbridge.ErrBanned):
		case errors.Is(err, wpbridge.ErrExpired):
			return messaging.Member{}, &restapi.AuthError{Message: "Your sign-in has expired. Ask WordPress for a new token."}
		case errors.Is(err, wpbridge.ErrSessionEnded):
			return messaging.Member{}, &restapi.AuthError{Message: "Your session has ended. Please sign in again."}
		case errors.Is(err, wpbridge.ErrInvalidToken), errors.Is(err, wpbridge.ErrNoToken):
			httpx.Fields(ctx).Set("token", err.Error())
			return messaging.Member{}, &restapi.AuthError{Message: "This token is not valid here. Ask WordPress for a new one."}
		case err != nil:
			return messaging.Member{}, err
		}
		httpx.Fields(ctx).Set("user", identity.UserID)
		member, exists, err := site.Member(ctx, identity.UserID)
		if err != nil {
			return messaging.Member{}, err
		}
		if !exists {
			return messaging.Member{}, &restapi.AuthError{Message: "This account is gone."}
		}
		return memberOf(member), nil
	}
}

// bridgeHandler serves the plugin's signed calls, whether the extension is on or off.
func (p *parts) bridgeHandler(enabled *extension.Switch) http.Handler {
	return bridgeapi.New(bridgeapi.Options{
		Store:     p.quick,
		Oversight: p.oversight,
		Members:   directory{p.site},
		About: func() bridgeapi.About {
			return bridgeapi.About{
				Version: version, Site: p.options.Snapshot().Home, Listen: p.listen,
				ExtensionOn: enabled.On(extension.PrivateMessaging),
			}
		},
		Verify:  p.verifySigned,
		Refresh: p.options.Refresh,
		Now:     time.Now,
		NoRoute: extension.NoRoute,
		Refused: refusedSignature,
		Log:     func(r *http.Request, err error) { httpx.Fields(r.Context()).Err(err) },
	})
}

// verifySigned refuses a call that the plugin has not signed with one of the site's keys.
func (p *parts) verifySigned(method, path string, header http.Header, body []byte) error {
	return wpbridge.VerifyRequest(p.options.Snapshot().Keys, method, path, header, body, time.Now())
}

func refusedSignature(r *http.Request, err error) {
	httpx.Fields(r.Context()).Set("signature", err.Error())
}

// internalHandler serves health and metrics to the operator.
func (p *parts) internalHandler() http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewDBStatsCollector(p.requests, "requests"),
		collectors.NewDBStatsCollector(p.background, "background"),
	)
	router := http.NewServeMux()
	router.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	router.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		current, newest, err := migrations.Status(r.Context(), p.requests, p.prefix)
		switch {
		case err != nil:
			http.Error(w, "the database does not answer; see the log", http.StatusServiceUnavailable)
			httpx.Fields(r.Context()).Err(err)
		case current < newest:
			http.Error(w, "the tables are not up to date; run `jetonomy-sidecar migrate`", http.StatusServiceUnavailable)
		default:
			fmt.Fprintln(w, "ready")
		}
	})
	router.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return httpx.Chain(router, httpx.RequestID, httpx.Log(p.log, "/healthz", "/readyz", "/metrics"))
}
