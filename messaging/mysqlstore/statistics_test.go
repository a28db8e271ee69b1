package mysqlstore_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/mysqlstore"
	"jetonomy-sidecar/messaging/oversight"
)

// roll counts until nothing is left to count, in batches of limit, and gives the number of messages.
func roll(t *testing.T, stores []*mysqlstore.Store, limit int) int64 {
	t.Helper()
	var total atomic.Int64
	mustAll(t, together(len(stores), func(i int) error {
		for {
			n, err := stores[i].RollStatistics(t.Context(), limit)
			if total.Add(n); err != nil || n < int64(limit) {
				return err
			}
		}
	}))
	return total.Load()
}

func glance(t *testing.T, s *mysqlstore.Store) oversight.Glance {
	t.Helper()
	g, err := s.Oversight().Glance(t.Context())
	if err != nil || len(g.Days) != 30 {
		t.Fatalf("%d days, %v", len(g.Days), err)
	}
	return g
}

// A small site's numbers follow within seconds: somebody looks for the conversation that was just begun.
func TestCensusOfASmallSiteFollows(t *testing.T) {
	f, _ := overseen(t, 3)
	census := func() {
		t.Helper()
		if _, err := f.store.TakeCensus(t.Context(), 100); err != nil {
			t.Fatal(err)
		}
	}
	if g := glance(t, f.store); !g.TotalsAsOf.IsZero() || !g.AsOf().IsZero() {
		t.Errorf("as of %s before anything was counted", g.TotalsAsOf)
	}
	census()
	if g := glance(t, f.store); !g.TotalsAsOf.Equal(f.clock.now()) || g.Conversations != 0 || !g.AsOf().IsZero() {
		t.Errorf("%d conversations as of %s, all as of %s", g.Conversations, g.TotalsAsOf, g.AsOf())
	}
	f.direct(f.users[0], f.users[1], "hello")
	f.clock.advance(15 * time.Second)
	census()
	if g := glance(t, f.store); g.Conversations != 1 || g.Messages != 1 {
		t.Errorf("%d messages in %d conversations, want 1 in 1", g.Messages, g.Conversations)
	}
}

// What the chart shows is as old as it says: what was sent until then is in it, and what came later is not. The
// older of its time and that of the census is the time of all.
func TestStatisticsSayHowOldTheyAre(t *testing.T) {
	f, _ := overseen(t, 2)
	stores := []*mysqlstore.Store{f.store}
	id := f.direct(f.users[0], f.users[1], "one").ConversationID
	if roll(t, stores, 1); !glance(t, f.store).DaysAsOf.IsZero() {
		t.Error("counted before any message can be")
	}
	seen := f.clock.now()
	for sent := 1; sent < 9; sent++ {
		f.clock.advance(40 * time.Second)
		f.send(f.users[0], id, "more")
		roll(t, stores, 1) // message by message, as on a site that has more than a batch of them
		g := glance(t, f.store)
		if total := g.Days[29].Messages; total != f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages WHERE created_at <= ?`, g.DaysAsOf) {
			t.Errorf("%d messages as of %s", total, g.DaysAsOf)
		}
		if age := f.clock.now().Sub(g.DaysAsOf); sent > 1 && age > 3*time.Minute {
			t.Errorf("counted %s ago", age)
		}
		if _, err := f.store.TakeCensus(t.Context(), 100); err != nil {
			t.Fatal(err)
		}
		if g := glance(t, f.store); !g.TotalsAsOf.Equal(f.clock.now()) || !g.AsOf().Equal(g.DaysAsOf) || g.DaysAsOf.Before(seen) && sent > 1 {
			t.Errorf("%s and %s, all as of %s", g.TotalsAsOf, g.DaysAsOf, g.AsOf())
		}
	}
	// With nothing new to count the chart is as new as the last look.
	for range 3 {
		f.clock.advance(2 * time.Minute)
		roll(t, stores, 10)
	}
	if g := glance(t, f.store); !g.DaysAsOf.Equal(f.clock.now()) || !g.AsOf().Equal(g.TotalsAsOf) || g.Days[29].Messages != 9 {
		t.Errorf("%d messages as of %s, all as of %s", g.Days[29].Messages, g.DaysAsOf, g.AsOf())
	}
}

// However many events wait, no more than so many are counted.
func TestBacklogIsBounded(t *testing.T) {
	f, _ := overseen(t, 2)
	f.Exec(t, `DELETE FROM {p}jt_sidecar_outbox`)
	events := func(n int) {
		t.Helper()
		f.Exec(t, `INSERT INTO {p}jt_sidecar_outbox (conversation_id, type, payload, created_at) VALUES (1, 'x', '{}', NOW())`+
			strings.Repeat(`, (1, 'x', '{}', NOW())`, n-1))
	}
	check := func(pending int, more bool, parked int) {
		t.Helper()
		if g := glance(t, f.store); g.Pending != pending || g.PendingMore != more || g.Parked != parked {
			t.Errorf("%d events wait, more %t, %d failed; want %d, %t, %d", g.Pending, g.PendingMore, g.Parked, pending, more, parked)
		}
	}
	check(0, false, 0)
	events(3)
	f.Exec(t, `INSERT INTO {p}jt_sidecar_failures (event_id, attempts, due_at, parked, error) SELECT id, 11, NOW(), 1, 'x' FROM {p}jt_sidecar_outbox`)
	events(2)
	f.Exec(t, `INSERT INTO {p}jt_sidecar_failures (event_id, attempts, due_at, parked, error) SELECT MAX(id), 1, NOW(), 0, 'x' FROM {p}jt_sidecar_outbox`)
	check(2, false, 3)
	// What was purged meanwhile neither waits nor failed.
	f.Exec(t, `INSERT INTO {p}jt_sidecar_failures (event_id, attempts, due_at, parked, error) SELECT MAX(id) + 5000, 11, NOW(), 1, 'x' FROM {p}jt_sidecar_outbox`)
	check(2, false, 3)
	events(995)
	check(997, false, 3)
	events(100)
	check(1000, true, 3)
}

// The numbers are those that counting gives, with several replicas at work and nothing counted twice.
func TestStatisticsAreExact(t *testing.T) {
	f, _ := overseen(t, 4)
	stores := []*mysqlstore.Store{f.store, f.storeOn(t, f.DB.DB), f.storeOn(t, f.DB.DB)}
	group := f.group(f.users[0], f.users[1], f.users[2]).ConversationID
	pair := f.direct(f.users[3], f.users[0], "hello").ConversationID
	roll(t, stores, 10)
	for day := range 40 {
		f.clock.advance(24 * time.Hour)
		for i := range 1 + day%4 {
			f.send(f.users[i%3], group, "x")
		}
		if day < 5 {
			f.send(f.users[3], pair, "x") // more than a month before the end
		}
		if day%3 == 0 { // others' clocks stand still, and a message may come at any time
			roll(t, stores, 3)
			f.clock.advance(time.Minute)
			roll(t, stores, 3)
		}
	}
	if _, err := f.store.Leave(t.Context(), messaging.LeaveCommand{UserID: f.users[2], ConversationID: group, Note: content("left")}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		roll(t, stores, 3)
		f.clock.advance(time.Minute)
	}
	roll(t, stores, 3)
	for range 20 {
		for _, s := range stores {
			if _, err := s.TakeCensus(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
		}
	}

	g := glance(t, f.store)
	total := 0
	for _, d := range g.Days {
		want := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages WHERE DATE(created_at) = ? AND is_system = 0`, d.Date.Format(time.DateOnly))
		if total += want; d.Messages != want {
			t.Errorf("%s: %d messages, counted %d", d.Date.Format(time.DateOnly), d.Messages, want)
		}
	}
	if total == 0 || !g.Days[29].Date.Equal(f.clock.now().Truncate(24*time.Hour)) {
		t.Errorf("%d messages until %s", total, g.Days[29].Date)
	}
	active := f.Count(t, `SELECT COUNT(DISTINCT sender_id) FROM {p}jt_pro_messages WHERE created_at >= ? AND is_system = 0`, g.Days[0].Date)
	if g.ActiveMembers != active || active != 3 {
		t.Errorf("%d active members, counted %d", g.ActiveMembers, active)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages`); g.Messages != n || g.Conversations != 2 {
		t.Errorf("%d messages in %d conversations, counted %d", g.Messages, g.Conversations, n)
	}
	places := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_conversation_participants WHERE left_at IS NULL`)
	unread := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_conversation_participants WHERE left_at IS NULL AND jts_unread = 1`)
	if want := float64(unread) / float64(places); g.UnreadShare != want || unread == 0 || unread == places {
		t.Errorf("unread share %f, counted %d of %d", g.UnreadShare, unread, places)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_outbox`); g.Pending != n || g.Parked != 0 {
		t.Errorf("%+v, counted %d events", g, n)
	}
	if g.AsOf().IsZero() || g.AsOf().After(f.clock.now()) {
		t.Errorf("as of %s", g.AsOf())
	}

	// What is shown no more goes.
	f.clock.advance(200 * 24 * time.Hour)
	if _, err := f.store.ForgetStatistics(t.Context(), 1000); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"jt_sidecar_daily", "jt_sidecar_senders"} {
		if n := f.Count(t, `SELECT COUNT(*) FROM {p}`+table); n != 0 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
}

// A message whose transaction is under way while later ones are counted is counted, too.
func TestStatisticsWaitForTransactions(t *testing.T) {
	f, _ := overseen(t, 3)
	a, b := f.direct(f.users[0], f.users[1], "x").ConversationID, f.direct(f.users[0], f.users[2], "x").ConversationID
	stores := []*mysqlstore.Store{f.store}
	roll(t, stores, 100)
	tx, err := f.DB.DB.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(t.Context(), f.Prefix.Expand(`
		INSERT INTO {p}jt_pro_messages (conversation_id, sender_id, content, created_at, jts_accounted) VALUES (?, ?, 'slow', ?, 1)`),
		a, f.users[1], f.clock.now()); err != nil {
		t.Fatal(err)
	}
	f.send(f.users[2], b, "quick")
	f.clock.advance(50 * time.Second)
	roll(t, stores, 100)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		f.clock.advance(time.Minute)
		roll(t, stores, 100)
	}
	if g := glance(t, f.store); g.Days[29].Messages != 4 || g.ActiveMembers != 3 {
		t.Errorf("%d messages by %d members, want 4 by 3", g.Days[29].Messages, g.ActiveMembers)
	}
}

// A site that has had messages for long begins with the last 30 days, wherever they begin.
func TestStatisticsOfAnAdoptedSite(t *testing.T) {
	f, _ := overseen(t, 2)
	today := f.clock.now().Truncate(24 * time.Hour)
	id, want := 1, map[string]int{}
	for day := range 400 {
		at := today.AddDate(0, 0, day-399)
		n := day % 3
		id += 1000 // ids have gaps
		for i := range n {
			f.Exec(t, `INSERT INTO {p}jt_pro_messages (id, conversation_id, sender_id, content, created_at, jts_accounted) VALUES (?, 1, ?, 'x', ?, 1)`,
				id+i, f.users[i%2], at.Add(time.Hour))
		}
		want[at.Format(time.DateOnly)] = n
	}
	for range 3 {
		roll(t, []*mysqlstore.Store{f.store}, 7)
		f.clock.advance(time.Minute)
	}
	for _, d := range glance(t, f.store).Days {
		if date := d.Date.Format(time.DateOnly); d.Messages != want[date] {
			t.Errorf("%s: %d messages, want %d", date, d.Messages, want[date])
		}
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_daily WHERE day < ?`, today.AddDate(0, 0, -30)); n != 0 {
		t.Errorf("%d days before the last 30 were counted", n)
	}
}

// The first message at a time is found in every position of the time and with every gap of ids.
func TestThreadAtATime(t *testing.T) {
	f, o := overseen(t, 2)
	c := f.direct(f.users[0], f.users[1], "x").ConversationID
	f.Exec(t, `DELETE FROM {p}jt_pro_messages`)
	start := f.clock.now().Truncate(24 * time.Hour)
	var rows []string
	for i := range 60 {
		rows = append(rows, fmt.Sprintf("(%d, %d, %d, 'x', 'x', '%s')", 10+i*i*i, c, f.users[0], start.Add(time.Duration(i/3)*time.Hour).Format(time.DateTime)))
	}
	f.Exec(t, `INSERT INTO {p}jt_pro_messages (id, conversation_id, sender_id, content, content_plain, created_at) VALUES `+strings.Join(rows, ", "))
	for hour := range 20 {
		thread, err := o.Thread(t.Context(), c, oversight.ThreadFilter{At: start.Add(time.Duration(hour)*time.Hour + time.Minute), Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		last := 3*hour + 2
		if want := uint64(10 + last*last*last); len(thread.Messages) != 1 || thread.Messages[0].ID != want {
			t.Errorf("hour %d: %+v, want message %d", hour, thread.Messages, want)
		}
	}
}
