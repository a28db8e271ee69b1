package mysqlstore_test

import (
	"fmt"
	"strings"
	"testing"

	"jetonomy-sidecar/messaging"
)

// What is asked all the time takes at most two statements, a search three, each of which finds its rows in an
// index: no table is read through, nothing is sorted and nothing put aside in a temporary table.
func TestHotReadsAreTwoIndexedStatements(t *testing.T) {
	f := newFixture(t, 12)
	me := f.users[0]
	var last uint64
	var conversation uint64
	for round := range 4 {
		for i, other := range f.users[1:] {
			o := f.direct(other, me, fmt.Sprint(round))
			if conversation = o.ConversationID; i%3 == 0 {
				if _, err := f.store.SetArchived(t.Context(), messaging.StateCommand{UserID: me, ConversationID: conversation, Value: value(true)}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for range 60 {
		last = f.send(f.users[11], conversation, "more")
	}
	// Enough of others' rows for the optimizer to have a choice.
	for i := range 11 {
		for j := 1; j < i; j++ {
			f.direct(f.users[i+1], f.users[j], "noise")
		}
	}
	f.Exec(t, `ANALYZE TABLE {p}jt_pro_conversations, {p}jt_pro_conversation_participants, {p}jt_pro_messages`)

	pool, trace := f.Traced(t)
	store := f.storeOn(t, pool)

	page, err := store.Conversations(t.Context(), me, messaging.ListQuery{Filter: messaging.FilterActive, Limit: 3})
	if err != nil || page.Next == nil {
		t.Fatalf("%+v, %v", page.Next, err)
	}
	ctx := t.Context()
	found := func(q messaging.ListQuery) error {
		page, err := store.Conversations(ctx, me, q)
		if err == nil && len(page.Conversations) == 0 {
			return fmt.Errorf("nothing found for %+v", q)
		}
		return err
	}
	for _, test := range []struct {
		name string
		most int
		run  func() error
	}{
		{"unread count", 1, func() error { _, err := store.UnreadCount(ctx, me); return err }},
		{"empty poll", 1, func() error {
			page, err := store.Thread(ctx, me, conversation, messaging.ThreadQuery{After: last, HasAfter: true, Limit: 50})
			if len(page.Messages) > 0 {
				return fmt.Errorf("%d messages", len(page.Messages))
			}
			return err
		}},
		{"poll with news", 2, func() error {
			_, err := store.Thread(ctx, me, conversation, messaging.ThreadQuery{After: last - 3, HasAfter: true, Limit: 50})
			return err
		}},
		{"thread, newest page", 2, func() error {
			_, err := store.Thread(ctx, me, conversation, messaging.ThreadQuery{Limit: 20})
			return err
		}},
		{"thread, older page", 2, func() error {
			_, err := store.Thread(ctx, me, conversation, messaging.ThreadQuery{Before: last - 20, Limit: 20})
			return err
		}},
		{"list, active", 2, func() error {
			_, err := store.Conversations(ctx, me, messaging.ListQuery{Filter: messaging.FilterActive, Limit: 3})
			return err
		}},
		{"list, next page", 2, func() error {
			_, err := store.Conversations(ctx, me, messaging.ListQuery{Filter: messaging.FilterActive, Limit: 3, After: page.Next})
			return err
		}},
		{"list, archived", 2, func() error {
			_, err := store.Conversations(ctx, me, messaging.ListQuery{Filter: messaging.FilterArchived, Limit: 3})
			return err
		}},
		{"list, unread", 2, func() error {
			_, err := store.Conversations(ctx, me, messaging.ListQuery{Filter: messaging.FilterUnread, Limit: 3})
			return err
		}},
		{"list, all", 2, func() error {
			_, err := store.Conversations(ctx, me, messaging.ListQuery{Filter: messaging.FilterAll, Limit: 3, Offset: 3})
			return err
		}},
		{"search", 3, func() error { return found(messaging.ListQuery{Filter: messaging.FilterAll, Search: "memb", Limit: 3}) }},
		{"search, next page", 3, func() error {
			return found(messaging.ListQuery{Filter: messaging.FilterActive, Search: "ember", Limit: 3, After: page.Next})
		}},
		{"search, unread", 3, func() error {
			return found(messaging.ListQuery{Filter: messaging.FilterUnread, Search: "MEMBER", Limit: 3})
		}},
		{"search for nothing", 1, func() error {
			page, err := store.Conversations(ctx, me, messaging.ListQuery{Filter: messaging.FilterArchived, Search: "nothing like this", Limit: 3})
			if len(page.Conversations) > 0 {
				return fmt.Errorf("%d conversations", len(page.Conversations))
			}
			return err
		}},
		{"conversation of a pair", 2, func() error {
			return found(messaging.ListQuery{Filter: messaging.FilterAll, With: f.users[3], Limit: 3})
		}},
		{"one conversation", 2, func() error { _, err := store.Conversation(ctx, me, conversation); return err }},
	} {
		t.Run(test.name, func(t *testing.T) {
			trace.Take()
			if err := test.run(); err != nil {
				t.Fatal(err)
			}
			statements := trace.Take()
			if n := len(statements); n == 0 || n > test.most {
				t.Errorf("%d statements, want 1 to %d", n, test.most)
			}
			for _, s := range statements {
				rows := f.DB.Explain(t, s)
				for _, r := range rows {
					if r.Type == "ALL" || r.Type == "index" || r.Key == "" && r.Type != "" && r.Type != "system" ||
						strings.Contains(r.Extra, "filesort") || strings.Contains(r.Extra, "temporary") {
						t.Errorf("%s: %s, key %q, %s, in\n%s", r.Table, r.Type, r.Key, r.Extra, s.Query)
					}
				}
			}
		})
	}
}
