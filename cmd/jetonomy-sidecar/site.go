package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"jetonomy-sidecar/extension"
	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/internal/ratelimit"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/mysqlstore"
	"jetonomy-sidecar/messaging/oversight"
	"jetonomy-sidecar/messaging/richtext"
	"jetonomy-sidecar/wpbridge"
	"jetonomy-sidecar/wpbridge/outbox"
)

// migrationTimeout is how long one ALTER TABLE of a large table may take.
const migrationTimeout = 6 * time.Hour

// backgroundConnections is how many the work has at most that nobody waits for, or for longer than for a request.
const backgroundConnections = 8

// parts are what the commands share, made of a configuration.
//
// There are two pools. Requests have the larger one, in which no statement goes on for longer than somebody waits for
// its answer. Background work, wp-admin and the commands have the other one: what they do may take its time, and what
// requests do never waits for a connection of theirs.
type parts struct {
	config
	requests, background *sql.DB

	options *wpbridge.Options
	site    *wpbridge.Site
	quick   *mysqlstore.Store // on requests
	store   *mysqlstore.Store // on background
	service *messaging.Service

	settings  func() messaging.Settings // as they are now
	oversight *oversight.Service

	tablesGone atomic.Bool // as keepTables saw it last
}

// assemble connects to the database and reads the site's options. It changes nothing.
func assemble(ctx context.Context, c config) (*parts, error) {
	requests, err := mysqldb.Open(ctx, c.dsn, mysqldb.Options{StatementTimeout: requestTimeout})
	if err != nil {
		return nil, fmt.Errorf("%w (check DB_HOST, DB_USER and DB_PASSWORD in wp-config.php, or SIDECAR_DSN)", err)
	}
	background, err := mysqldb.Open(ctx, c.dsn, mysqldb.Options{MaxOpen: backgroundConnections})
	if err != nil {
		requests.Close()
		return nil, err
	}
	p := &parts{config: c, requests: requests, background: background}
	p.options, err = wpbridge.LoadOptions(ctx, requests, c.prefix, wpbridge.OptionsConfig{
		Home: c.home, SiteURL: c.siteURL, Secret: c.secret, Log: c.log,
	})
	if err != nil {
		p.close()
		return nil, fmt.Errorf("%w (is %q the site's table prefix?)", err, c.prefix)
	}
	p.settings = func() messaging.Settings { return messaging.ParseSettings(p.options.Snapshot().Settings) }
	p.site = wpbridge.NewSite(requests, c.prefix, p.options, wpbridge.SiteOptions{})
	p.quick, p.store = p.storeOn(requests), p.storeOn(background)
	p.service = messaging.NewService(p.quick, directory{p.site}, richtext.Formatter{}, ratelimit.New(time.Now), p.settings)
	p.oversight = oversight.New(p.store.Oversight())
	return p, nil
}

// isOn says whether the owner has switched the extension on.
func (p *parts) isOn() bool {
	return slices.Contains(p.options.Snapshot().Extensions, extension.PrivateMessaging)
}

func (p *parts) storeOn(db *sql.DB) *mysqlstore.Store {
	store := mysqlstore.New(db, p.prefix, p.site, richtext.Formatter{}, time.Now)
	store.SetMailDelay(func() time.Duration { return p.settings().EmailDelay })
	store.HoldMail(func() bool { return !p.isOn() })
	store.OnAccess(func(e oversight.Entry) {
		p.log.Info().Uint64("id", e.ID).Hex("hash", e.Hash[:]).Uint64("user", e.UserID).Str("action", string(e.Action)).Msg("access log")
	})
	return store
}

// delivery brings events to WordPress.
func (p *parts) delivery() *outbox.Worker {
	return outbox.New(p.store, p.store, func() outbox.Target {
		snapshot := p.options.Snapshot()
		target := outbox.Target{URL: snapshot.Home, Key: snapshot.Keys.Current}
		if home, err := url.Parse(snapshot.Home); err == nil {
			target.Host = home.Host
		}
		if p.wpURL != "" {
			target.URL = p.wpURL
		}
		return target
	}, time.Now, p.log)
}

func (p *parts) close() {
	p.requests.Close()
	p.background.Close()
}
