package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"jetonomy-sidecar/extension"
	"jetonomy-sidecar/internal/httpx"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/adminpage"
	"jetonomy-sidecar/messaging/oversight"
	"jetonomy-sidecar/wpbridge"
)

const (
	// adminTimeout bounds a page of wp-admin: less than the 10 seconds that the plugin waits for it.
	adminTimeout = 9 * time.Second

	// exportTimeout bounds an export, which lasts as long as there is something to send.
	exportTimeout = 2 * time.Hour
)

// adminHandler serves the page Conversations of wp-admin.
func (p *parts) adminHandler(verifier *wpbridge.Verifier, enabled *extension.Switch) http.Handler {
	members := directory{p.site}
	page := adminpage.New(adminpage.Options{
		Oversight:    p.oversight,
		Reports:      oversight.NewReports(p.store, members),
		Members:      members,
		Authenticate: adminAuthenticator(verifier, p.site),
		Verify:       p.verifySigned,
		Location:     func() *time.Location { return p.options.Snapshot().Location() },
		Now:          time.Now,
		NoRoute:      extension.NoRoute,
		Refused:      refusedSignature,
		Log:          func(r *http.Request, err error) { httpx.Fields(r.Context()).Err(err) },
	})
	quick, long := timeout(adminTimeout)(page), timeout(exportTimeout)(page)
	return extension.Gate(enabled, extension.PrivateMessaging, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == adminpage.Prefix+"/export" {
			long.ServeHTTP(w, r)
			return
		}
		quick.ServeHTTP(w, r)
	}))
}

// adminAuthenticator gives the administrator or moderator that a bearer token stands for. A banned one is none.
func adminAuthenticator(verifier *wpbridge.Verifier, site *wpbridge.Site) func(context.Context, string) (adminpage.Caller, error) {
	return func(ctx context.Context, bearer string) (adminpage.Caller, error) {
		identity, err := verifier.Verify(ctx, bearer)
		switch {
		case errors.Is(err, wpbridge.ErrBanned):
			return adminpage.Caller{}, &adminpage.AuthError{Message: "This account is banned."}
		case errors.Is(err, wpbridge.ErrExpired):
			return adminpage.Caller{}, &adminpage.AuthError{Message: "Your sign-in has expired. Ask WordPress for a new token."}
		case errors.Is(err, wpbridge.ErrSessionEnded):
			return adminpage.Caller{}, &adminpage.AuthError{Message: "Your session has ended. Please sign in again."}
		case errors.Is(err, wpbridge.ErrInvalidToken), errors.Is(err, wpbridge.ErrNoToken):
			httpx.Fields(ctx).Set("token", err.Error())
			return adminpage.Caller{}, &adminpage.AuthError{Message: "This token is not valid here. Ask WordPress for a new one."}
		case err != nil:
			return adminpage.Caller{}, err
		}
		httpx.Fields(ctx).Set("user", identity.UserID)
		member, exists, err := site.Member(ctx, identity.UserID)
		if err != nil {
			return adminpage.Caller{}, err
		}
		if !exists {
			return adminpage.Caller{}, &adminpage.AuthError{Message: "This account is gone."}
		}
		m := memberOf(member)
		return adminpage.Caller{Person: m.Person, Session: identity.Session, Administrator: m.Administrator, Moderator: m.Moderator}, nil
	}
}

// MemberByLogin finds a member by the name they log in with.
func (d directory) MemberByLogin(ctx context.Context, login string) (messaging.Member, bool, error) {
	member, found, err := d.site.MemberByLogin(ctx, login)
	if err != nil || !found {
		return messaging.Member{}, false, err
	}
	return memberOf(member), true, nil
}
