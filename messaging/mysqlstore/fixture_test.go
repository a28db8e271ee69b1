package mysqlstore_test

import (
	"database/sql"
	"sync"
	"testing"
	"time"

	"jetonomy-sidecar/internal/testdb"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/mysqlstore"
	"jetonomy-sidecar/messaging/richtext"
	"jetonomy-sidecar/migrations"
	"jetonomy-sidecar/wpbridge"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// clock is a clock that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// fixture is a site with members, whose ids are in users, and a store on it.
type fixture struct {
	*testdb.DB
	t     *testing.T
	store *mysqlstore.Store
	clock *clock
	users []uint64
}

func newFixture(t *testing.T, members int) *fixture {
	t.Helper()
	t.Parallel()
	db := testdb.New(t)
	db.WordPress(t)
	db.Jetonomy(t)
	if err := migrations.Up(t.Context(), db.DB, db.Prefix, t.Logf); err != nil {
		t.Fatal(err)
	}
	f := &fixture{DB: db, t: t, clock: &clock{at: time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC)}}
	f.users = db.AddUsers(t, members, testdb.Trust(1))
	f.store = f.storeOn(t, db.DB)
	return f
}

// storeOn makes a store on another pool; it stands for another replica.
func (f *fixture) storeOn(t *testing.T, pool *sql.DB) *mysqlstore.Store {
	t.Helper()
	options, err := wpbridge.LoadOptions(t.Context(), pool, f.Prefix, wpbridge.OptionsConfig{Now: f.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	site := wpbridge.NewSite(pool, f.Prefix, options, wpbridge.SiteOptions{Now: f.clock.now})
	return mysqlstore.New(pool, f.Prefix, site, richtext.Formatter{}, f.clock.now)
}

func content(text string) messaging.Content {
	return messaging.Content{HTML: "<p>" + text + "</p>", Plain: text, Preview: text}
}

// direct starts a conversation between two members and gives its id.
func (f *fixture) direct(from, to uint64, text string) messaging.Outcome {
	f.t.Helper()
	o, err := f.store.StartDirect(f.t.Context(), messaging.StartCommand{Sender: from, Recipients: []uint64{to}, Content: content(text)})
	if err != nil {
		f.t.Fatal(err)
	}
	return o
}

func (f *fixture) group(from uint64, to ...uint64) messaging.Outcome {
	f.t.Helper()
	o, err := f.store.StartGroup(f.t.Context(), messaging.StartCommand{Sender: from, Recipients: to, Title: "Group", Content: content("first")}, messaging.MaxGroup)
	if err != nil {
		f.t.Fatal(err)
	}
	return o
}

func (f *fixture) send(from, conversation uint64, text string) uint64 {
	f.t.Helper()
	o, err := f.store.Send(f.t.Context(), messaging.SendCommand{Sender: from, ConversationID: conversation, Content: content(text)})
	if err != nil {
		f.t.Fatal(err)
	}
	return o.MessageID
}

func (f *fixture) read(user, conversation, upTo uint64) {
	f.t.Helper()
	if _, err := f.store.Read(f.t.Context(), messaging.ReadCommand{UserID: user, ConversationID: conversation, UpTo: upTo}); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) view(user, conversation uint64) messaging.Conversation {
	f.t.Helper()
	c, err := f.store.Conversation(f.t.Context(), user, conversation)
	if err != nil {
		f.t.Fatal(err)
	}
	return c
}

func (f *fixture) list(user uint64, filter messaging.Filter) []uint64 {
	f.t.Helper()
	page, err := f.store.Conversations(f.t.Context(), user, messaging.ListQuery{Filter: filter, Limit: 100})
	if err != nil {
		f.t.Fatal(err)
	}
	ids := []uint64{}
	for _, c := range page.Conversations {
		ids = append(ids, c.ID)
	}
	if page.Total != len(ids) && page.Next == nil {
		f.t.Errorf("%s of user %d: total %d, but %d rows", filter, user, page.Total, len(ids))
	}
	return ids
}

func (f *fixture) unread(user uint64) int {
	f.t.Helper()
	n, err := f.store.UnreadCount(f.t.Context(), user)
	if err != nil {
		f.t.Fatal(err)
	}
	return n
}

func value(b bool) *bool { return &b }

// together runs n functions at the same time and gives their errors.
func together(n int, f func(i int) error) []error {
	start := make(chan struct{})
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = f(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

func mustAll(t *testing.T, errs []error) {
	t.Helper()
	for i, err := range errs {
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
}
