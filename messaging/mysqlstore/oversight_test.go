package mysqlstore_test

import (
	"errors"
	"testing"
	"time"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/mysqlstore"
	"jetonomy-sidecar/messaging/oversight"
	"jetonomy-sidecar/migrations"
)

// overseen makes a fixture whose store has no more rights than the service needs.
func overseen(t *testing.T, members int) (*fixture, *mysqlstore.Oversight) {
	t.Helper()
	f := newFixture(t, members)
	f.store = f.storeOn(t, f.Restricted(t, migrations.Grants()))
	return f, f.store.Oversight()
}

func TestOversightDetail(t *testing.T) {
	f, o := overseen(t, 3)
	id := f.group(f.users[0], f.users[1], f.users[2]).ConversationID
	f.clock.advance(time.Hour)
	if _, err := f.store.Leave(t.Context(), messaging.LeaveCommand{UserID: f.users[2], ConversationID: id, Note: content("left")}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.SetMuted(t.Context(), messaging.StateCommand{UserID: f.users[1], ConversationID: id, Value: value(true)}); err != nil {
		t.Fatal(err)
	}
	f.Exec(t, `DELETE FROM {p}users WHERE ID = ?`, f.users[1])
	d, err := o.Detail(t.Context(), 0, id)
	if err != nil {
		t.Fatal(err)
	}
	if d.Title != "Group" || d.Type != messaging.Group || d.MessageCount != 2 || d.CreatedBy.Login != "member1" || d.Hold != nil || d.Held || len(d.Participants) != 3 {
		t.Errorf("%+v", d)
	}
	for i, want := range []struct {
		name string
		left bool
	}{{"Member1", false}, {messaging.DeletedName, false}, {"Member3", true}} {
		if p := d.Participants[i]; p.Person.Name() != want.name || p.LeftAt.IsZero() == want.left || p.JoinedAt.IsZero() {
			t.Errorf("participant %d: %+v", i, p)
		}
	}
	if _, err := o.Detail(t.Context(), 0, id+1); !errors.Is(err, messaging.ErrNotFound) {
		t.Errorf("of nothing: %v", err)
	}
	previews, err := o.Previews(t.Context(), []uint64{id + 1, id})
	if err != nil || len(previews) != 1 || previews[0].Messages != 2 || len(previews[0].People) != 3 {
		t.Errorf("%+v, %v", previews, err)
	}
}

// Reports that are open show, but not to the one they are about.
func TestOversightReports(t *testing.T) {
	f, o := overseen(t, 3)
	id := f.direct(f.users[0], f.users[1], "x").ConversationID
	if _, err := f.store.Report(t.Context(), messaging.ReportCommand{Reporter: f.users[1], ConversationID: id, Reason: messaging.ReportSpam}); err != nil {
		t.Fatal(err)
	}
	for viewer, want := range map[uint64]int{f.users[2]: 1, f.users[1]: 1, f.users[0]: 0} {
		d, err := o.Detail(t.Context(), viewer, id)
		if err != nil || d.OpenReports != want {
			t.Errorf("detail for %d: %d, %v; want %d", viewer, d.OpenReports, err, want)
		}
		page, err := oversight.New(o).Conversations(t.Context(), oversight.Visitor{UserID: viewer}, oversight.Filter{})
		if err != nil || len(page.Rows) != 1 || page.Rows[0].OpenReports != want {
			t.Errorf("list for %d: %+v, %v; want %d", viewer, page.Rows, err, want)
		}
	}
}
