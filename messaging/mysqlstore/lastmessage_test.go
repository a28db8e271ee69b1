package mysqlstore_test

import (
	"testing"

	"jetonomy-sidecar/messaging"
)

// Whose the newest message is, every way to a conversation says alike; a note is nobody's, also not who caused it.
func TestNewestMessageIsTheViewersOrNot(t *testing.T) {
	f := newFixture(t, 4)
	one, two, three := f.users[0], f.users[1], f.users[2]
	direct := f.direct(one, two, "first").ConversationID
	group := f.group(one, two, three).ConversationID
	is := func(when string, user, conversation uint64, want bool) {
		t.Helper()
		if got := f.view(user, conversation).LastMessageByViewer; got != want {
			t.Errorf("%s: conversation %d of user %d says %v", when, conversation, user, got)
		}
		for _, search := range []string{"", "member"} {
			page, err := f.store.Conversations(t.Context(), user, messaging.ListQuery{Filter: messaging.FilterAll, Search: search, Limit: 10})
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, c := range page.Conversations {
				if c.ID == conversation {
					found = true
					if c.LastMessageByViewer != want {
						t.Errorf("%s: list of user %d, search %q, says %v", when, user, search, c.LastMessageByViewer)
					}
				}
			}
			if !found {
				t.Errorf("%s: user %d does not find conversation %d with %q", when, user, conversation, search)
			}
		}
	}
	is("started", one, direct, true)
	is("started", two, direct, false)
	f.send(two, direct, "answer")
	is("answered", one, direct, false)
	is("answered", two, direct, true)

	is("started", one, group, true)
	is("started", three, group, false)
	if _, err := f.store.Add(t.Context(), messaging.AddCommand{
		By: one, ConversationID: group, Members: f.users[3:], Limit: messaging.MaxGroup,
		Note: func([]string) messaging.Content { return content("added") },
	}); err != nil {
		t.Fatal(err)
	}
	is("added somebody", one, group, false)
	is("was added", f.users[3], group, false)

	f.Exec(t, `DELETE FROM {p}jt_pro_messages WHERE conversation_id = ?`, direct)
	is("without its messages", two, direct, false)
}
