package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"sync/atomic"
	"time"

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

// parts are what the commands share, made of a configuration.
type parts struct {
	config
	db      *sql.DB
	options *wpbridge.Options
	site    *wpbridge.Site
	store   *mysqlstore.Store
	service *messaging.Service

	settings  func() messaging.Settings // as they are now
	oversight *oversight.Service

	tablesGone atomic.Bool // as keepTables saw it last
}

// assemble connects to the database and reads the site's options. It changes nothing.
func assemble(ctx context.Context, c config) (*parts, error) {
	db, err := mysqldb.Open(ctx, c.dsn, mysqldb.Options{})
	if err != nil {
		return nil, fmt.Errorf("%w (check DB_HOST, DB_USER and DB_PASSWORD in wp-config.php, or SIDECAR_DSN)", err)
	}
	options, err := wpbridge.LoadOptions(ctx, db, c.prefix, wpbridge.OptionsConfig{
		Home: c.home, SiteURL: c.siteURL, Secret: c.secret, Log: c.log,
	})
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("%w (is %q the site's table prefix?)", err, c.prefix)
	}
	site := wpbridge.NewSite(db, c.prefix, options, wpbridge.SiteOptions{})
	store := mysqlstore.New(db, c.prefix, site, richtext.Formatter{}, time.Now)
	settings := func() messaging.Settings { return messaging.ParseSettings(options.Snapshot().Settings) }
	store.SetMailDelay(func() time.Duration { return settings().EmailDelay })
	store.OnAccess(func(e oversight.Entry) {
		c.log.Info().Uint64("id", e.ID).Hex("hash", e.Hash[:]).Uint64("user", e.UserID).Str("action", string(e.Action)).Msg("access log")
	})
	return &parts{
		config: c, db: db, options: options, site: site, store: store,
		service:  messaging.NewService(store, directory{site}, richtext.Formatter{}, ratelimit.New(time.Now), settings),
		settings: settings, oversight: oversight.New(store.Oversight()),
	}, nil
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

func (p *parts) close() { p.db.Close() }
