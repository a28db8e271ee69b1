package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"jetonomy-sidecar/wpbridge"
)

// errNoKey says what makes a key.
var errNoKey = errors.New("the site has no signing key yet: activate the plugin Jetonomy Sidecar in WordPress, or set SIDECAR_SECRET (at least 32 bytes)")

// token prints a token for a member. Whoever can read the site's keys could make one anyway.
func token(ctx context.Context, p process, args []string) error {
	var login string
	wpConfig, err := flags(p, "token", args, func(set *flag.FlagSet) {
		set.StringVar(&login, "user", "", "the member's login")
	})
	if err != nil {
		return err
	}
	if login == "" {
		return fmt.Errorf("%w: --user LOGIN is missing", errUsage)
	}
	c, err := configure(p, wpConfig)
	if err != nil {
		return err
	}
	parts, err := assemble(ctx, c)
	if err != nil {
		return err
	}
	defer parts.close()
	member, exists, err := parts.site.MemberByLogin(ctx, login)
	if err != nil {
		return err
	}
	if !exists {
		return fmt.Errorf("there is no member with the login %q", login)
	}
	snapshot := parts.options.Snapshot()
	if snapshot.Keys.Current.IsZero() {
		return errNoKey
	}
	now := time.Now()
	text, err := wpbridge.Mint(snapshot.Keys.Current, wpbridge.Claims{
		Issuer: snapshot.Home, UserID: member.ID, Session: wpbridge.OperatorSession,
		IssuedAt: now, ExpiresAt: now.Add(wpbridge.TokenLifetime),
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, text)
	return err
}
