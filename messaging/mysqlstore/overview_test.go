package mysqlstore_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jetonomy-sidecar/internal/testdb"
	"jetonomy-sidecar/messaging"
)

// block makes a block in the direct conversation of two members and gives its id.
func (f *fixture) block(by, whom uint64) uint64 {
	f.t.Helper()
	id := f.direct(by, whom, "hello").ConversationID
	if _, err := f.store.SetBlocked(f.t.Context(), messaging.StateCommand{UserID: by, ConversationID: id, Value: value(true)}); err != nil {
		f.t.Fatal(err)
	}
	return id
}

func TestOverview(t *testing.T) {
	f := newFixture(t, 4)
	me := f.users[0]
	group := f.group(me, f.users[1:]...).ConversationID
	f.send(me, group, "two")
	f.block(me, f.users[1])
	f.clock.advance(time.Minute)
	f.block(f.users[2], me)
	if _, err := f.store.Leave(t.Context(), messaging.LeaveCommand{UserID: me, ConversationID: group, Note: content("left")}); err != nil {
		t.Fatal(err)
	}
	got, err := f.store.Overview(t.Context(), me)
	if err != nil {
		t.Fatal(err)
	}
	now := f.clock.now()
	want := messaging.Overview{
		Conversations: 3, Messages: 3,
		Blocks: []messaging.Block{{UserID: f.users[1], Since: now.Add(-time.Minute)}}, BlockCount: 1,
		BlockedBy: []messaging.Block{{UserID: f.users[2], Since: now}}, BlockedByCount: 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// However much a member wrote, their messages are counted in a key alone.
	pool, trace := f.Traced(t)
	store := f.storeOn(t, pool)
	trace.Take()
	if _, err := store.Overview(t.Context(), me); err != nil {
		t.Fatal(err)
	}
	count := trace.Take()[0]
	plan := f.DB.Explain(t, count)
	if !slices.ContainsFunc(plan, func(e testdb.PlanRow) bool {
		return e.Key == "jts_sender" && strings.Contains(e.Extra, "Using index") && !strings.Contains(e.Extra, "Using index condition")
	}) {
		t.Errorf("%+v", plan)
	}
	if got, err := f.store.Overview(t.Context(), 12345); err != nil || got.Conversations != 0 || got.Messages != 0 || got.Blocks != nil {
		t.Errorf("nobody: %+v, %v", got, err)
	}
}

func TestUnblock(t *testing.T) {
	f := newFixture(t, 4)
	a, b, c, d := f.users[0], f.users[1], f.users[2], f.users[3]
	conversations := map[[2]uint64]uint64{}
	for _, pair := range [][2]uint64{{a, b}, {a, c}, {a, d}, {d, b}, {c, b}} {
		conversations[pair] = f.block(pair[0], pair[1])
	}
	for _, test := range []struct {
		blocker, blocked uint64
		want             int
	}{{a, b, 1}, {a, b, 0}, {b, a, 0}, {0, b, 2}, {a, 0, 2}, {a, 0, 0}} {
		if n, done, err := f.store.Unblock(t.Context(), test.blocker, test.blocked); n != test.want || !done || err != nil {
			t.Errorf("unblock %d by %d: %d, %v, %v; want %d", test.blocked, test.blocker, n, done, err, test.want)
		}
	}
	for pair, id := range conversations {
		if f.view(pair[0], id).BlockedByViewer {
			t.Errorf("%d still sees their block", pair[0])
		}
		f.send(pair[1], id, "again")
	}
}

// However many blocks a member is in, an answer has a bounded part of them, and one call clears a bounded part.
func TestManyBlocks(t *testing.T) {
	f := newFixture(t, 2)
	me, other := f.users[0], f.users[1]
	id := f.block(other, me)
	var rows []string
	var list []any
	for i := range uint64(249) {
		rows = append(rows, "(?, ?, NOW()), (?, ?, NOW())")
		list = append(list, 1_000_000+i, me, me, 1_000_000+i)
	}
	f.Exec(t, `INSERT INTO {p}jt_sidecar_blocks (blocker_id, blocked_id, created_at) VALUES `+strings.Join(rows, ", "), list...)

	pool, trace := f.Traced(t)
	store := f.storeOn(t, pool)
	trace.Take()
	o, err := store.Overview(t.Context(), me)
	if err != nil || len(o.Blocks) != 100 || o.BlockCount != 249 || len(o.BlockedBy) != 100 || o.BlockedByCount != 250 || o.BlockedBy[0].UserID != other {
		t.Errorf("%d of %d, %d of %d, %v", len(o.Blocks), o.BlockCount, len(o.BlockedBy), o.BlockedByCount, err)
	}
	for _, s := range trace.Take() {
		plan := f.DB.Explain(t, s)
		for _, e := range plan {
			if e.Type == "ALL" || e.Type == "index" || strings.Contains(e.Extra, "filesort") {
				t.Errorf("%+v, in\n%s", e, s.Query)
			}
		}
	}
	total := 0
	for call := 1; ; call++ {
		n, done, err := f.store.Unblock(t.Context(), 0, me)
		if total += n; err != nil || n > 100 {
			t.Fatalf("call %d: %d, %v", call, n, err)
		}
		if done {
			break
		}
	}
	if total != 250 || f.view(other, id).BlockedByViewer {
		t.Errorf("%d were cleared", total)
	}
	if n := f.erase(me); n != 249 {
		t.Errorf("%d were erased", n)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_blocks`); n != 0 {
		t.Errorf("%d blocks are left", n)
	}
}

func TestSummaries(t *testing.T) {
	f := newFixture(t, 4)
	direct := f.direct(f.users[1], f.users[0], "hello").ConversationID
	group := f.group(f.users[0], f.users[1:]...).ConversationID
	if _, err := f.store.Leave(t.Context(), messaging.LeaveCommand{UserID: f.users[3], ConversationID: group, Note: content("left")}); err != nil {
		t.Fatal(err)
	}
	f.Exec(t, `INSERT INTO {p}jt_pro_conversations (type, created_at) VALUES ('direct', NOW())`)
	now := f.clock.now()
	want := []messaging.ConversationSummary{
		{ID: direct, Type: messaging.Direct, Participants: f.users[:2], MessageCount: 1, LastMessageAt: now},
		{ID: group, Type: messaging.Group, Title: "Group", Participants: f.users, MessageCount: 2, LastMessageAt: now},
	}
	list, next, err := f.store.Summaries(t.Context(), 0, 2)
	if diff := cmp.Diff(want, list); err != nil || next != group || diff != "" {
		t.Errorf("next %d, %v (-want +got)\n%s", next, err, diff)
	}
	list, next, err = f.store.Summaries(t.Context(), next, 2)
	if err != nil || next != 0 || len(list) != 1 || list[0].Participants != nil || !list[0].LastMessageAt.IsZero() {
		t.Errorf("the rest: %+v, %d, %v", list, next, err)
	}
}
