package mysqlstore_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

func TestOversightThread(t *testing.T) {
	f, o := overseen(t, 2)
	id := f.direct(f.users[0], f.users[1], "number 0").ConversationID
	other := f.direct(f.users[1], f.users[0], "the same").ConversationID
	if other != id {
		t.Fatal("two conversations of a pair")
	}
	var ids []uint64
	var times []time.Time
	first, err := o.Thread(t.Context(), id, oversight.ThreadFilter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range slices.Backward(first.Messages) {
		ids, times = append(ids, m.ID), append(times, m.SentAt)
	}
	for i := range 70 {
		f.clock.advance(time.Hour)
		text := fmt.Sprintf("number %d 100%% ", i) + strings.Repeat("ä", 10*i)
		sent, err := f.store.Send(t.Context(), messaging.SendCommand{
			Sender: f.users[i%2], ConversationID: id, Content: messaging.Content{HTML: text, Plain: text, Preview: "cut"},
		})
		if err != nil {
			t.Fatal(err)
		}
		ids, times = append(ids, sent.MessageID), append(times, f.clock.now())
	}
	newestFirst := slices.Clone(ids)
	slices.Reverse(newestFirst)
	messageIDs := func(thread oversight.Thread) []uint64 {
		list := []uint64{}
		for _, m := range thread.Messages {
			list = append(list, m.ID)
		}
		return list
	}

	// Down to the oldest, and back up.
	q := oversight.ThreadFilter{Limit: 20}
	got := []uint64{}
	for {
		thread, err := o.Thread(t.Context(), id, q)
		if err != nil {
			t.Fatal(err)
		}
		if (thread.Newer == 0) != (q.Before == 0) {
			t.Errorf("newer is %d at %d", thread.Newer, q.Before)
		}
		got = append(got, messageIDs(thread)...)
		if thread.Older == 0 {
			q = oversight.ThreadFilter{Limit: 20, After: thread.Newer}
			break
		}
		q.Before = thread.Older
	}
	if !slices.Equal(got, newestFirst) {
		t.Errorf("down: %v, want %v", got, newestFirst)
	}
	up, err := o.Thread(t.Context(), id, q)
	if err != nil {
		t.Fatal(err)
	}
	if got := messageIDs(up); !slices.Equal(got, newestFirst[40:60]) || up.Older != got[19] || up.Newer != got[0] {
		t.Errorf("up: %v, want %v", got, newestFirst[40:60])
	}

	// To each moment.
	for i, at := range times {
		thread, err := o.Thread(t.Context(), id, oversight.ThreadFilter{Limit: 5, At: at.Add(time.Second)})
		if err != nil {
			t.Fatal(err)
		}
		if i >= 2 && (len(thread.Messages) == 0 || thread.Messages[0].ID != ids[i]) {
			t.Errorf("at %s: %v, want %d first", at, messageIDs(thread), ids[i])
		}
	}

	// Texts, cut by characters.
	last := first
	if last, err = o.Thread(t.Context(), id, oversight.ThreadFilter{Limit: 1}); err != nil {
		t.Fatal(err)
	}
	m := last.Messages[0]
	if n := len([]rune(m.Excerpt)); n != 300 || !m.Cut || m.Sender.Login != "member2" {
		t.Errorf("%d characters, cut %t, by %+v", n, m.Cut, m.Sender)
	}
	if text, err := o.Text(t.Context(), id, m.ID); err != nil || len([]rune(text)) < 690 || !strings.HasPrefix(text, "number 69") {
		t.Errorf("text %q, %v", text, err)
	}
	if _, err := o.Text(t.Context(), id+1, m.ID); !errors.Is(err, messaging.ErrNotFound) {
		t.Errorf("text of another conversation: %v", err)
	}

	// Search, in which no character is special.
	found, err := o.Thread(t.Context(), id, oversight.ThreadFilter{Text: "NUMBER 4"})
	if err != nil || len(found.Messages) != 11 {
		t.Errorf("%d found, %v", len(found.Messages), err)
	}
	if found, err = o.Thread(t.Context(), id, oversight.ThreadFilter{Text: "0% "}); err != nil || len(found.Messages) != 50 || found.Older == 0 {
		t.Errorf("%d found, older %d, %v", len(found.Messages), found.Older, err)
	}
}

// A search in a long thread looks at so many messages, says so, and goes on from there.
func TestOversightThreadIsBounded(t *testing.T) {
	f, o := overseen(t, 2)
	c := f.direct(f.users[0], f.users[1], "needle")
	row := fmt.Sprintf("(%d, %d, 'noise', 'noise', NOW())", c.ConversationID, f.users[0])
	for range 6 {
		f.Exec(t, `INSERT INTO {p}jt_pro_messages (conversation_id, sender_id, content, content_plain, created_at) VALUES `+row+strings.Repeat(", "+row, 1999))
	}
	q := oversight.ThreadFilter{Text: "needle"}
	for i, want := range []int{0, 0, 1} {
		thread, err := o.Thread(t.Context(), c.ConversationID, q)
		if err != nil {
			t.Fatal(err)
		}
		if len(thread.Messages) != want || thread.Partial == (want == 1) {
			t.Fatalf("page %d: %d messages, partial %t", i, len(thread.Messages), thread.Partial)
		}
		q.Before = thread.Older
	}
}

// An export is whole, over more messages than one statement reads; a member's has what they could see.
func TestOversightExport(t *testing.T) {
	f, o := overseen(t, 3)
	id := f.group(f.users[0], f.users[1], f.users[2]).ConversationID
	f.send(f.users[2], id, "by the one who left")
	f.clock.advance(time.Second)
	if _, err := f.store.Leave(t.Context(), messaging.LeaveCommand{UserID: f.users[2], ConversationID: id, Note: content("left")}); err != nil {
		t.Fatal(err)
	}
	f.clock.advance(time.Second)
	for i := range 600 {
		f.send(f.users[i%2], id, fmt.Sprintf("later %d", i))
	}
	export := func(member uint64) (texts []string) {
		t.Helper()
		title, last := "Group", uint64(0)
		if member == f.users[2] {
			title = "" // which may have become another one since they left
		}
		if err := o.Export(t.Context(), id, member, func(m oversight.ExportedMessage) error {
			if m.ID <= last || m.ConversationID != id || m.Title != title || m.SentAt.IsZero() || m.Sender.Login == "" {
				t.Errorf("%+v behind %d", m, last)
			}
			last = m.ID
			texts = append(texts, m.Text)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return texts
	}
	if all := export(0); len(all) != 603 || all[602] != "later 599" {
		t.Errorf("%d messages", len(all))
	}
	if all := export(f.users[1]); len(all) != 603 {
		t.Errorf("of a member: %d messages", len(all))
	}
	if before := export(f.users[2]); fmt.Sprint(before) != "[first by the one who left]" {
		t.Errorf("of the one who left: %q", before)
	}
	if none := export(12345); none != nil {
		t.Errorf("of a stranger: %q", none)
	}
	stop, seen := errors.New("enough"), 0
	if err := o.Export(t.Context(), id, 0, func(oversight.ExportedMessage) error { seen++; return stop }); !errors.Is(err, stop) || seen != 1 {
		t.Errorf("%v behind %d messages", err, seen)
	}
	if ids, err := o.OfMember(t.Context(), f.users[2], 0, 10); err != nil || fmt.Sprint(ids) != fmt.Sprint([]uint64{id}) {
		t.Errorf("%v, %v", ids, err)
	}
}
