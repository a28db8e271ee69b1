package mysqlstore_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/internal/testdb"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/mysqlstore"
	"jetonomy-sidecar/messaging/oversight"
	"jetonomy-sidecar/messaging/richtext"
	"jetonomy-sidecar/migrations"
	"jetonomy-sidecar/wpbridge"
)

// bench is a site for a benchmark, or for a test that shares its code with one.
type bench struct {
	*testdb.DB
	store *mysqlstore.Store
	users []uint64
}

func newBench(tb testing.TB, members int) *bench {
	tb.Helper()
	db := testdb.New(tb)
	db.WordPress(tb)
	db.Jetonomy(tb)
	if err := migrations.Up(tb.Context(), db.DB, db.Prefix, nil); err != nil {
		tb.Fatal(err)
	}
	b := &bench{DB: db, users: db.AddUsers(tb, members, testdb.Trust(1))}
	options, err := wpbridge.LoadOptions(tb.Context(), db.DB, db.Prefix, wpbridge.OptionsConfig{})
	if err != nil {
		tb.Fatal(err)
	}
	b.store = mysqlstore.New(db.DB, db.Prefix, wpbridge.NewSite(db.DB, db.Prefix, options, wpbridge.SiteOptions{}), richtext.Formatter{}, time.Now)
	return b
}

// numbers is a table of the numbers 0 to 9999.
const numbers = `(SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n AS n FROM ` +
	digits + ` a, ` + digits + ` b, ` + digits + ` c, ` + digits + ` d)`

const digits = `(SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
	UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)`

// conversations makes n conversations of two members each, with 1 message, and times that jump about.
func (b *bench) conversations(tb testing.TB, n int) {
	tb.Helper()
	count := len(b.users)
	for from := 0; from < n; from += 10_000 {
		size := min(10_000, n-from)
		b.Exec(tb, `INSERT INTO {p}jt_pro_conversations
				(id, type, title, created_by, last_message_at, last_message_preview, message_count, created_at, jts_last_message_id, jts_user_message_count)
			SELECT ? + n, IF(n % 4 = 0, 'group', 'direct'), IF(n % 4 = 0, CONCAT('Topic ', n), ''), ?,
				'2020-01-01' + INTERVAL (((? + n) * 7919) % 100000000) SECOND, 'x', (? + n) * 31 % 1009, '2020-01-01', ? + n, 1
			FROM `+numbers+` numbers WHERE n < ?`, from+1, b.users[0], from, from, from+1, size)
		b.Exec(tb, `INSERT INTO {p}jt_pro_conversation_participants
				(conversation_id, user_id, joined_at, jts_last_message_id, jts_accounted)
			SELECT ? + n, ? + (? + n + side * (1 + n % 7)) % ?, '2020-01-01', ? + n, 1
			FROM `+numbers+` numbers, (SELECT 0 AS side UNION ALL SELECT 1) sides WHERE n < ?`,
			from+1, b.users[0], from, count, from+1, size)
		b.Exec(tb, `INSERT INTO {p}jt_pro_messages (id, conversation_id, sender_id, content, content_plain, created_at, jts_accounted)
			SELECT ? + n, ? + n, ? + n % ?, 'x', 'x', '2020-01-01', 1 FROM `+numbers+` numbers WHERE n < ?`,
			from+1, from+1, b.users[0], count, size)
	}
	// A long thread in the middle.
	b.thread(tb, uint64(n/2), 2000)
	b.Exec(tb, `ANALYZE TABLE {p}jt_pro_conversations, {p}jt_pro_conversation_participants, {p}jt_pro_messages`)
}

// thread adds messages to a conversation.
func (b *bench) thread(tb testing.TB, conversationID uint64, n int) {
	tb.Helper()
	for from := 0; from < n; from += 10_000 {
		b.Exec(tb, `INSERT INTO {p}jt_pro_messages (conversation_id, sender_id, content, content_plain, created_at, jts_accounted)
			SELECT ?, ? + n % 2, CONCAT('<p>', REPEAT('text ', 40), '</p>'), REPEAT('text ', 40), NOW(), 1 FROM `+numbers+` numbers WHERE n < ?`,
			conversationID, b.users[0], min(10_000, n-from))
	}
}

// BenchmarkOversight shows that lists and details cost the same however many conversations there are: each
// round asks a site of a thousand and one of a million, so that both see the same load of the machine. The
// ratio is that of the medians.
//
//	go test -run '^$' -bench Oversight -benchtime 500x -timeout 30m ./messaging/mysqlstore
func BenchmarkOversight(b *testing.B) {
	sizes := []int{1000, 1_000_000}
	var cases [][]benchCase
	for _, n := range sizes {
		s := newBench(b, 500)
		s.conversations(b, n)
		cases = append(cases, s.oversight(b, n))
	}
	for i, c := range cases[0] {
		b.Run(c.name, func(b *testing.B) {
			took := make([][]time.Duration, len(sizes))
			for b.Loop() {
				for size := range sizes {
					start := time.Now()
					if err := cases[size][i].run(); err != nil {
						b.Fatal(err)
					}
					took[size] = append(took[size], time.Since(start))
				}
			}
			var medians []float64
			for size, n := range sizes {
				slices.Sort(took[size])
				medians = append(medians, float64(took[size][len(took[size])/2].Microseconds()))
				b.ReportMetric(medians[size], fmt.Sprintf("median-µs/%d", n))
			}
			b.ReportMetric(medians[1]/medians[0], "ratio")
		})
	}
}

type benchCase struct {
	name string
	run  func() error
}

// oversight are the pages of a site of n conversations.
func (b *bench) oversight(tb testing.TB, n int) []benchCase {
	tb.Helper()
	o := b.store.Oversight()
	ctx := tb.Context()
	middle := time.Date(2021, 6, 1, 0, 0, 0, 0, time.UTC)
	list := func(f oversight.Filter) func() error {
		return func() error {
			page, err := o.Conversations(ctx, f)
			if err == nil && len(page.Rows) != 50 {
				err = fmt.Errorf("%d rows", len(page.Rows))
			}
			return err
		}
	}
	page, err := o.Conversations(ctx, oversight.Filter{At: middle})
	if err != nil {
		tb.Fatal(err)
	}
	up, err := o.Conversations(ctx, oversight.Filter{Ascending: true})
	if err != nil {
		tb.Fatal(err)
	}
	long := uint64(n / 2)
	return []benchCase{
		{"list", list(oversight.Filter{})},
		{"list-from-a-time", list(oversight.Filter{At: middle})},
		{"list-next", list(oversight.Filter{Cursor: page.Next})},
		{"list-back", list(oversight.Filter{Cursor: page.Previous, Back: true})},
		{"list-groups", list(oversight.Filter{Type: messaging.Group})},
		{"list-by-messages", list(oversight.Filter{Sort: oversight.ByMessages})},
		{"list-ascending", list(oversight.Filter{Ascending: true})},
		{"list-ascending-next", list(oversight.Filter{Ascending: true, Cursor: up.Next})},
		{"list-ascending-by-messages", list(oversight.Filter{Ascending: true, Sort: oversight.ByMessages})},
		{"detail", func() error { _, err := o.Detail(ctx, 0, long); return err }},
		{"thread", func() error { _, err := o.Thread(ctx, long, oversight.ThreadFilter{}); return err }},
		{"thread-at-a-time", func() error { _, err := o.Thread(ctx, long, oversight.ThreadFilter{At: middle}); return err }},
		{"glance", func() error { _, err := o.Glance(ctx); return err }},
	}
}

// BenchmarkPurge tells the longest send of 20 members while a conversation of 200,000 messages is purged:
//
//	go test -run '^$' -bench Purge -benchtime 1x ./messaging/mysqlstore
func BenchmarkPurge(b *testing.B) {
	for b.Loop() {
		longest, sent, took := purgeUnderLoad(b, 200_000)
		b.ReportMetric(float64(longest.Milliseconds()), "longest-send-ms")
		b.ReportMetric(float64(sent), "sends")
		b.ReportMetric(took.Seconds(), "purge-s")
	}
}

func TestPurgeWhileOthersSend(t *testing.T) {
	t.Parallel()
	purgeUnderLoad(t, 6000)
}

// purgeUnderLoad purges a conversation of n messages while 20 members write elsewhere, and checks that nothing
// is left of it and that the others lost nothing.
func purgeUnderLoad(tb testing.TB, n int) (longest time.Duration, sent int64, took time.Duration) {
	tb.Helper()
	s := newBench(tb, 24)
	o := s.store.Oversight()
	started, err := s.store.StartGroup(tb.Context(), messaging.StartCommand{
		Sender: s.users[0], Recipients: s.users[1:4], Title: "long", Content: content("first"),
		Request: messaging.Request{Key: "start"},
	}, messaging.MaxGroup)
	if err != nil {
		tb.Fatal(err)
	}
	c := started.ConversationID
	s.thread(tb, c, n)
	if err := s.store.Backfill(tb.Context(), tb.Logf); err != nil {
		tb.Fatal(err)
	}
	if err := o.BeginVisit(tb.Context(), oversight.Visitor{UserID: s.users[0]}, c, oversight.Given{Reason: oversight.ReasonHealth}); err != nil {
		tb.Fatal(err)
	}
	if _, err := s.store.Send(tb.Context(), messaging.SendCommand{
		Sender: s.users[1], ConversationID: c, Content: content("keyed"), Request: messaging.Request{Key: "keyed"},
	}); err != nil {
		tb.Fatal(err)
	}
	var elsewhere []uint64
	for i := range 20 {
		direct, err := s.store.StartDirect(tb.Context(), messaging.StartCommand{Sender: s.users[4+i], Recipients: s.users[:1], Content: content("x")})
		if err != nil {
			tb.Fatal(err)
		}
		elsewhere = append(elsewhere, direct.ConversationID)
	}

	var wg sync.WaitGroup
	var slowest, sends atomic.Int64
	ctx, stop := context.WithCancel(tb.Context())
	ready := make(chan struct{}, 20)
	for i := range 20 {
		wg.Go(func() {
			for first := true; ctx.Err() == nil; first = false {
				start := time.Now()
				if _, err := s.store.Send(tb.Context(), messaging.SendCommand{Sender: s.users[4+i], ConversationID: elsewhere[i], Content: content("y")}); err != nil {
					tb.Error(err)
					return
				}
				d := int64(time.Since(start))
				for old := slowest.Load(); d > old && !slowest.CompareAndSwap(old, d); old = slowest.Load() {
				}
				sends.Add(1)
				if first {
					ready <- struct{}{}
				}
			}
		})
	}
	for range 20 {
		<-ready
	}
	begin := time.Now()
	if purged, err := o.Purge(tb.Context(), c, oversight.Entry{UserID: s.users[0], Action: oversight.ActionPurge, ConversationID: c}); !purged || err != nil {
		tb.Errorf("%t, %v", purged, err)
	}
	for swept := int64(1000); swept == 1000; {
		if swept, err = s.store.SweepPurged(tb.Context(), 1000); err != nil {
			tb.Fatal(err)
		}
	}
	took = time.Since(begin)
	stop()
	wg.Wait()

	// Every column that can name the conversation, in every table: the log and the word to WordPress are left.
	type place struct{ table, column string }
	places, err := mysqldb.Query(tb.Context(), s.DB.DB, func(row mysqldb.Scanner) (place, error) {
		var p place
		err := row.Scan(&p.table, &p.column)
		return p, err
	}, `
		SELECT table_name, column_name FROM information_schema.columns
		WHERE table_schema = DATABASE() AND table_name LIKE ? AND (column_name = 'conversation_id' OR (table_name LIKE '%conversations' AND column_name = 'id'))`,
		string(s.Prefix)+"jt\\_%")
	if err != nil || len(places) < 8 {
		tb.Fatalf("%v, %v", places, err)
	}
	for _, p := range places {
		want := 0
		switch p.table {
		case s.Prefix.Expand("{p}jt_sidecar_access_log"), s.Prefix.Expand("{p}jt_sidecar_outbox"):
			want = 1
		}
		if got := s.Count(tb, "SELECT COUNT(*) FROM "+p.table+" WHERE "+p.column+" = ?", c); got != want {
			tb.Errorf("%s has %d rows of it, want %d", p.table, got, want)
		}
	}
	if got := s.Count(tb, `SELECT COUNT(*) FROM {p}jt_sidecar_state WHERE name LIKE 'purge:%'`); got != 0 {
		tb.Errorf("%d purges are unfinished", got)
	}
	if got, want := s.Count(tb, `SELECT COUNT(*) FROM {p}jt_pro_messages`), int(sends.Load())+20; got != want {
		tb.Errorf("%d messages are left, want the others' %d", got, want)
	}
	return time.Duration(slowest.Load()), sends.Load(), took
}
