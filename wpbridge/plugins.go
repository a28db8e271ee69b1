package wpbridge

import (
	"context"
	"fmt"
	"path"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/wpbridge/phpserial"
)

// jetonomyFile is the main file of the plugin Jetonomy, in whatever folder it is.
const jetonomyFile = "jetonomy.php"

// JetonomyActive reports whether the plugin Jetonomy is active, on the site or in its whole network. That it is says
// nothing of its tables, which a database user without rights to them does not see: see [Snapshot].
func (s *Site) JetonomyActive(ctx context.Context) (bool, error) {
	// A network's table, where there is one and it can be read.
	network, err := mysqldb.QueryRow(ctx, s.db, mysqldb.Value[int],
		"SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?", string(s.prefix)+"sitemeta")
	if err != nil {
		return false, fmt.Errorf("wpbridge: look for a network: %w", err)
	}
	queries := []string{"SELECT option_value FROM {p}options WHERE option_name = 'active_plugins'"}
	if network > 0 {
		queries = append(queries, "SELECT meta_value FROM {p}sitemeta WHERE meta_key = 'active_sitewide_plugins'")
	}
	for _, query := range queries {
		lists, err := mysqldb.Query(ctx, s.db, mysqldb.Value[string], s.prefix.Expand(query))
		if err != nil {
			return false, fmt.Errorf("wpbridge: active plugins: %w", err)
		}
		for _, list := range lists {
			value, err := phpserial.Decode(list)
			if err != nil {
				return false, fmt.Errorf("wpbridge: active plugins: %w", err)
			}
			for _, e := range value.Entries() { // of a site they are values, of a network keys
				if path.Base(e.Value.String()) == jetonomyFile || path.Base(e.Key.String()) == jetonomyFile {
					return true, nil
				}
			}
		}
	}
	return false, nil
}
