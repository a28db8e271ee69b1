package mysqlstore_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/mysqlstore"
)

// Whoever asks at the same time as others gets what they would get alone.
func TestSharedLookups(t *testing.T) {
	f := newFixture(t, 30)
	var conversations []uint64
	for i, u := range f.users[1:] {
		for j := range i % 5 {
			f.direct(f.users[(i+j+7)%len(f.users)], u, "hello")
		}
		conversations = append(conversations, f.direct(f.users[0], u, "hello").ConversationID)
	}
	alone := make([]int, len(f.users))
	for i, u := range f.users {
		alone[i] = f.unread(u)
	}

	for _, err := range together(20*len(f.users), func(n int) error {
		i := n % len(f.users)
		u := f.users[i]
		if count, err := f.store.UnreadCount(t.Context(), u); err != nil || count != alone[i] {
			return fmt.Errorf("user %d: %d unread, %v; want %d", u, count, err, alone[i])
		}
		conversation := conversations[n%len(conversations)]
		page, err := f.store.Thread(t.Context(), u, conversation, messaging.ThreadQuery{Limit: 1})
		if mine := i == 0 || conversations[i-1] == conversation; !mine {
			if !errors.Is(err, messaging.ErrNotParticipant) {
				return fmt.Errorf("user %d reads conversation %d of others: %v", u, conversation, err)
			}
			return nil
		}
		if err != nil || page.Unread != (i > 0) || len(page.Messages) != 1 {
			return fmt.Errorf("user %d in conversation %d: unread %v, %d messages, %v", u, conversation, page.Unread, len(page.Messages), err)
		}
		return nil
	}) {
		if err != nil {
			t.Error(err)
		}
	}
}

// A shared statement reads the rows of those who share it and no others, each by an index.
func TestSharedLookupsUseIndexes(t *testing.T) {
	f := newFixture(t, 60)
	keys := []mysqlstore.ThreadKey{mysqlstore.NewThreadKey(1<<40, f.users[0])}
	for i, u := range f.users[1:] {
		for j := range 4 {
			o := f.direct(f.users[(i+j+9)%len(f.users)], u, "noise")
			keys = append(keys, mysqlstore.NewThreadKey(o.ConversationID, u))
		}
	}
	// So many others' rows that reading through them all would be dearer.
	f.Exec(t, `
		INSERT INTO {p}jt_pro_conversation_participants (conversation_id, user_id, joined_at, jts_accounted)
		SELECT 1000000 + a.conversation_id, 1000 * b.conversation_id + b.user_id, a.joined_at, 1
		FROM {p}jt_pro_conversation_participants a JOIN {p}jt_pro_conversation_participants b
		WHERE a.user_id = ? AND b.user_id < ?`, f.users[1], f.users[40])
	f.Exec(t, `ANALYZE TABLE {p}jt_pro_conversations, {p}jt_pro_conversation_participants`)
	pool, trace := f.Traced(t)
	store := f.storeOn(t, pool)

	trace.Take()
	counts, err := mysqlstore.LoadUnreadCounts(store, t.Context(), f.users[:40])
	if err != nil || counts[f.users[5]] != f.unread(f.users[5]) {
		t.Errorf("%d, %v; want %d", counts[f.users[5]], err, f.unread(f.users[5]))
	}
	states, err := mysqlstore.LoadThreadStates(store, t.Context(), keys[:100])
	if err != nil || len(states) != 99 {
		t.Errorf("%d threads, %v", len(states), err)
	}
	statements := trace.Take()
	if len(statements) != 2 {
		t.Fatalf("%d statements", len(statements))
	}
	for _, s := range statements {
		rows := f.DB.Explain(t, s)
		for _, r := range rows {
			// What the statement itself lists is read through.
			listed := r.Table == "k" || strings.HasPrefix(r.Table, "<derived") || r.Table == "" || strings.HasPrefix(r.Table, "<union")
			if !listed && r.Type != "range" && r.Type != "eq_ref" {
				t.Errorf("%s: %s, key %q, %s, in\n%.500s", r.Table, r.Type, r.Key, r.Extra, s.Query)
			}
		}
	}
}
