package bridgeapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jetonomy-sidecar/messaging/oversight"
)

func TestExport(t *testing.T) {
	s := newSite(t, 3, nil)
	me, other, third := s.users[0], s.users[1], s.users[2]
	a, b := s.start(me, other), s.start(third, me)
	s.block(me, a)
	s.block(third, b)

	const date = "2026-01-02 15:04:05 UTC"
	message := func(id int, in uint64, conversation, from string) string {
		return fmt.Sprintf(`{"group":"conversations","id":"message-%d","conversation_id":%d,"fields":[{"name":"Conversation","value":"%s"},
			{"name":"Date","value":"%s"},{"name":"From","value":"%s"},{"name":"Message","value":"hello"}]}`, id, in, conversation, date, from)
	}
	settings := func(id uint64, conversation string) string {
		return fmt.Sprintf(`{"group":"settings","id":"conversation-%d","conversation_id":%[1]d,"fields":[{"name":"Conversation","value":"%s"},
			{"name":"Joined","value":"%s"},{"name":"Muted","value":"No"},{"name":"Archived","value":"No"}]}`, id, conversation, date)
	}
	s.want("members/export", fmt.Sprintf(`{"user_id":%d,"cursor":"","reason":"privacy_request"}`, me), `{"items":[`+strings.Join([]string{
		message(1, a, "Member2", "Member1"), message(2, b, "Member3", "Member3"), settings(a, "Member2"), settings(b, "Member3"),
		fmt.Sprintf(`{"group":"blocks","id":"block-%d","fields":[{"name":"Blocked member","value":"Member2"},{"name":"Since","value":"%s"}]}`, other, date),
	}, ",")+`],"next":"","volume":{"items":5,"bytes":10}}`)
	s.want("members/export", `{"user_id":12345,"reason":"privacy_request"}`, `{"items":[],"next":"","volume":{"items":0,"bytes":0}}`)
}

// A page leads to the next one, and only the first says how much there is.
func TestExportPages(t *testing.T) {
	s := newSite(t, 2, nil)
	id := s.start(s.users[0], s.users[1])
	s.Exec(t, `INSERT INTO {p}jt_pro_messages (conversation_id, sender_id, content, created_at, jts_accounted) VALUES (?, ?, 'x', NOW(), 1)`+
		strings.Repeat(fmt.Sprintf(", (%d, %d, 'x', NOW(), 1)", id, s.users[0]), 899), id, s.users[0])
	var cursors []string
	messages := 0
	for cursor := ""; len(cursors) == 0 || cursor != ""; {
		cursors = append(cursors, cursor)
		status, body := s.call("members/export", fmt.Sprintf(`{"user_id":%d,"cursor":%q,"reason":"other","note":"WP-CLI"}`, s.users[0], cursor))
		var answer struct {
			Items  []struct{ Group string }
			Next   *string
			Volume *struct{ Items, Bytes int }
		}
		if err := json.Unmarshal([]byte(body), &answer); err != nil || status != http.StatusOK || answer.Next == nil || (answer.Volume != nil) != (cursor == "") {
			t.Fatalf("%q: %d, %v, %.200s", cursor, status, err, body)
		}
		for _, item := range answer.Items {
			if item.Group == "conversations" {
				messages++
			}
		}
		cursor = *answer.Next
	}
	if n := s.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_access_log`); n != 1 {
		t.Errorf("%d rows in the access log, want one for the whole export", n)
	}
	if messages != 901 || len(cursors) != 2 {
		t.Errorf("%d messages, want 901; cursors %q", messages, cursors)
	}
}

// Who exports is in the access log before anything is given; where that cannot be written, nothing is.
func TestExportIsLogged(t *testing.T) {
	s := newSite(t, 3, nil)
	me, admin := s.users[0], s.users[2]
	s.start(me, s.users[1])
	body := fmt.Sprintf(`{"user_id":%d,"actor_id":%d,"address":"2001:DB8::1","reason":"privacy_request"}`, me, admin)
	if status, got := s.call("members/export", body); status != http.StatusOK {
		t.Fatalf("%d %s", status, got)
	}
	if status, got := s.call("members/export", fmt.Sprintf(`{"user_id":%d,"reason":"other","note":"WP-CLI"}`, me)); status != http.StatusOK {
		t.Fatalf("%d %s", status, got)
	}
	entries, _, err := s.store.Oversight().Entries(t.Context(), oversight.LogFilter{})
	if err != nil || len(entries) != 2 {
		t.Fatalf("%d rows, %v", len(entries), err)
	}
	for i, want := range []oversight.Entry{
		{Action: oversight.ActionExport, MemberID: me, Reason: oversight.ReasonOther, Note: "WP-CLI"},
		{UserID: admin, Login: "member3", Address: "2001:db8::1", Action: oversight.ActionExport, MemberID: me, Reason: oversight.ReasonPrivacy},
	} {
		if diff := cmp.Diff(want, entries[i], cmpopts.IgnoreFields(oversight.Entry{}, "ID", "At", "Previous", "Hash")); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}

	s.Exec(t, `ALTER TABLE {p}jt_sidecar_access_log DROP COLUMN hash`)
	if status, got := s.call("members/export", body); status != http.StatusInternalServerError || strings.Contains(got, "hello") {
		t.Errorf("without a log: %d %s", status, got)
	}
}
