package wpbridge

import (
	"testing"

	"jetonomy-sidecar/wpbridge/phpserial"
)

func TestJetonomyActive(t *testing.T) {
	f := newFixture(t)
	expect := func(what string, want bool) {
		t.Helper()
		if got, err := f.site.JetonomyActive(t.Context()); got != want || err != nil {
			t.Errorf("%s: %v, %v", what, got, err)
		}
	}
	expect("no such option", false)
	f.SetOption(t, "active_plugins", phpserial.Encode([]any{"jetonomy-sidecar/jetonomy-sidecar.php", "not-jetonomy.php"}))
	expect("others", false)
	f.SetOption(t, "active_plugins", phpserial.Encode([]any{"akismet/akismet.php", "a-copy-of-jetonomy/jetonomy.php"}))
	expect("active, in another folder", true)
	f.SetOption(t, "active_plugins", "")
	if _, err := f.site.JetonomyActive(t.Context()); err == nil {
		t.Error("what cannot be read is no error")
	}
	f.SetOption(t, "active_plugins", phpserial.Encode([]any{}))
	f.Exec(t, `CREATE TABLE {p}sitemeta (meta_id bigint PRIMARY KEY AUTO_INCREMENT, site_id bigint, meta_key varchar(255), meta_value longtext)`)
	expect("a network without plugins", false)
	f.Exec(t, `INSERT INTO {p}sitemeta (site_id, meta_key, meta_value) VALUES (1, 'active_sitewide_plugins', ?)`,
		phpserial.Encode(map[string]any{"jetonomy/jetonomy.php": 1767366245}))
	expect("in the network", true)
}
