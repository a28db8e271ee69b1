package bridgeapi

import (
	"fmt"
	"net/http"
)

type none struct{}

// poke reads the site's options again at once: the plugin has changed one.
func (a *api) poke(r *http.Request, _ none) (any, error) {
	if err := a.Refresh(r.Context()); err != nil {
		return nil, fmt.Errorf("%w: %w", errUnavailable, err)
	}
	return nil, nil
}

type statusJSON struct {
	Version     string     `json:"version"`
	Time        int64      `json:"time"`
	Site        string     `json:"site"`
	ExtensionOn bool       `json:"extension_on"`
	Listen      string     `json:"listen"`
	Outbox      outboxJSON `json:"outbox"`

	// ErasuresHeld is how many members' erasures wait for a legal hold to be lifted.
	ErasuresHeld int `json:"erasures_held"`
}

type outboxJSON struct {
	Pending         int    `json:"pending"`
	Failing         int    `json:"failing"`
	Parked          int    `json:"parked"`
	OldestSeconds   int64  `json:"oldest_seconds"`
	LastDeliveredAt *int64 `json:"last_delivered_at"`
	LastError       string `json:"last_error"`
}

func (a *api) status(r *http.Request, _ none) (any, error) {
	outbox, err := a.Store.OutboxStatus(r.Context())
	if err != nil {
		return nil, err
	}
	held, err := a.Store.HeldErasures(r.Context())
	if err != nil {
		return nil, err
	}
	about := a.About()
	return statusJSON{
		Version: about.Version, Time: a.Now().Unix(), Site: about.Site, ExtensionOn: about.ExtensionOn, Listen: about.Listen,
		Outbox: outboxJSON{
			Pending: outbox.Pending, Failing: outbox.Failing, Parked: outbox.Parked, OldestSeconds: outbox.OldestSeconds,
			LastDeliveredAt: unix(outbox.LastDeliveredAt), LastError: outbox.LastError,
		},
		ErasuresHeld: held,
	}, nil
}

type retriedJSON struct {
	Retried int64 `json:"retried"`
}

func (a *api) retryEvents(r *http.Request, _ none) (any, error) {
	n, err := a.Store.RetryFailed(r.Context())
	return retriedJSON{n}, err
}
