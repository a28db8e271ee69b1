package mysqlstore_test

import (
	"slices"
	"testing"

	"jetonomy-sidecar/internal/testdb"
	"jetonomy-sidecar/messaging"
)

func (f *fixture) syncNames() {
	f.t.Helper()
	for after := uint64(0); ; {
		next, err := f.store.SyncNames(f.t.Context(), after, 3)
		if err != nil {
			f.t.Fatal(err)
		}
		if next == 0 {
			return
		}
		after = next
	}
}

func (f *fixture) suggest(user uint64, prefix string) []uint64 {
	f.t.Helper()
	ids := []uint64{}
	var last *messaging.Candidate
	for {
		candidates, err := f.store.Suggest(f.t.Context(), user, prefix, last, 2)
		if err != nil {
			f.t.Fatal(err)
		}
		for _, c := range candidates {
			if c.ID != 0 && !slices.Contains(ids, c.ID) {
				ids = append(ids, c.ID)
			}
		}
		if len(candidates) < 2 {
			return ids
		}
		last = &candidates[1]
	}
}

func TestSuggestions(t *testing.T) {
	f := newFixture(t, 1)
	me := f.users[0]
	ada := f.AddUser(t, "zz_ada", testdb.DisplayName("Àda Example"))
	adb := f.AddUser(t, "adb%x", testdb.DisplayName("Someone"))
	adc := f.AddUser(t, "plain", testdb.DisplayName("ADC 100% sure"))
	ade := f.AddUser(t, "adeeee", testdb.DisplayName("Adeeee"))
	f.syncNames()

	for _, test := range []struct {
		prefix string
		want   []uint64
	}{
		{"ad", []uint64{ada, adb, adc, ade}},
		{"ada", []uint64{ada}},
		{"zz_", []uint64{ada}},
		{"zz%", nil},
		{"z__", nil},
		{"adb%", []uint64{adb}},
		{"adc 100%", []uint64{adc}},
		{"nobody", nil},
		{"member1", nil}, // oneself
		{"100", nil},     // not a prefix
	} {
		if got := f.suggest(me, test.prefix); !slices.Equal(got, test.want) && len(got)+len(test.want) > 0 {
			t.Errorf("%q: %v, want %v", test.prefix, got, test.want)
		}
	}

	// Blocked pairs, in either direction and in either table.
	o := f.direct(me, ada, "x")
	if _, err := f.store.SetBlocked(t.Context(), messaging.StateCommand{UserID: ada, ConversationID: o.ConversationID, Value: value(true)}); err != nil {
		t.Fatal(err)
	}
	f.Exec(t, `INSERT INTO {p}jt_blocked_users (blocker_id, blocked_id, created_at) VALUES (?, ?, NOW())`, me, adb)
	// Renamed and deleted members.
	f.Exec(t, `UPDATE {p}users SET display_name = 'Other' WHERE ID = ?`, adc)
	f.Exec(t, `DELETE FROM {p}users WHERE ID = ?`, ade)
	f.syncNames()
	if got := f.suggest(me, "ad"); len(got) != 0 {
		t.Errorf("after blocks, a new name and a deletion: %v, want nobody", got)
	}
	if got := f.suggest(me, "oth"); !slices.Equal(got, []uint64{adc}) {
		t.Errorf("by the new name: %v, want %v", got, []uint64{adc})
	}
}

// WordPress stores names as HTML; they are found as they are read, also where the index has them as stored.
func TestSuggestionsOfNamesWithEntities(t *testing.T) {
	f := newFixture(t, 1)
	me := f.users[0]
	pair := f.AddUser(t, "member_a", testdb.DisplayName("Fun &amp; Games"))
	less := f.AddUser(t, "member_b", testdb.DisplayName("1 &lt; 2"))
	for _, id := range []uint64{pair, less} {
		f.Exec(t, `INSERT INTO {p}jt_sidecar_names (user_id, kind, name) SELECT ID, 0, display_name FROM {p}users WHERE ID = ?`, id)
	}
	f.syncNames()
	for prefix, want := range map[string][]uint64{
		"Fun & G": {pair},
		"fun &":   {pair},
		"1 < 2":   {less},
		"fun &a":  {},
		"1 &lt":   {},
	} {
		if got := f.suggest(me, prefix); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", prefix, got, want)
		}
	}
	candidates, err := f.store.Suggest(t.Context(), me, "fun", nil, 2)
	if err != nil || len(candidates) != 1 || candidates[0].Name() != "Fun & Games" {
		t.Errorf("%+v, %v", candidates, err)
	}
}
