package mysqlstore_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

// report reports a message, or with 0 the conversation, and gives the report's id.
func (f *fixture) report(by, conversation, message uint64) uint64 {
	f.t.Helper()
	o, err := f.store.Report(f.t.Context(), messaging.ReportCommand{
		Reporter: by, ConversationID: conversation, MessageID: message, Reason: messaging.ReportThreat, Note: "note of " + fmt.Sprint(by),
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return o.MessageID
}

// by is an entry of the access log by a moderator.
func by(user uint64) oversight.Entry {
	return oversight.Entry{UserID: user, Login: "moderator", Address: "192.0.2.7", Action: oversight.ActionReport, Reason: oversight.ReasonReport, Note: "a report"}
}

// sealed opens a report as a moderator who has no part in it.
func (f *fixture) sealed(report uint64) (oversight.Report, []oversight.Sealed) {
	f.t.Helper()
	r, list, err := f.store.SealedReport(f.t.Context(), report, by(9999))
	if err != nil {
		f.t.Fatal(err)
	}
	return r, list
}

// members are the ids of those whom a report is about.
func members(r oversight.Report) []uint64 {
	var ids []uint64
	for _, m := range r.Members {
		ids = append(ids, m.ID)
	}
	return ids
}

func (f *fixture) decide(report uint64, r oversight.Ruling) {
	f.t.Helper()
	if decided, err := f.store.Decide(f.t.Context(), report, r, by(9999)); !decided || err != nil {
		f.t.Fatalf("%v, %v", decided, err)
	}
}

// Eleven messages are sealed as they were, with the names that their senders had, whatever becomes of all that.
func TestReportSealsWhatWasWritten(t *testing.T) {
	f := newFixture(t, 3)
	me, other, third := f.users[0], f.users[1], f.users[2]
	id := f.group(other, me, third).ConversationID
	var all []uint64
	for i := range 14 {
		all = append(all, f.send(f.users[i%3], id, fmt.Sprint(canary, i)))
	}
	f.Exec(t, `UPDATE {p}users SET display_name = 'Old Name' WHERE ID = ?`, other)
	f.Exec(t, `UPDATE {p}jt_user_profiles SET display_name = 'Old Name' WHERE user_id = ?`, other)
	// One that other code wrote, without a plain text, and a note.
	f.Exec(t, `UPDATE {p}jt_pro_messages SET content = '<p>by <b>hand</b></p>', content_plain = '' WHERE id = ?`, all[11])
	if _, err := f.store.Leave(t.Context(), messaging.LeaveCommand{UserID: third, ConversationID: id, Note: content("Member left the conversation")}); err != nil {
		t.Fatal(err)
	}
	report := f.report(me, id, all[13]) // by the second of the three
	want := f.texts(report)
	if len(want) != 11 || want[10] != canary+"13" || want[8] != "by hand" || want[0] != canary+"3" {
		t.Fatalf("sealed %q", want)
	}
	r, list := f.sealed(report)
	if r.ConversationID != id || r.MessageID != all[13] || r.Whole || r.Reporter.ID != me || !slices.Equal(members(r), []uint64{other}) || r.Members[0].Login == "" || r.Ruled.ID != 0 ||
		r.Reason != messaging.ReportThreat || r.Note != "note of "+fmt.Sprint(me) || !r.CreatedAt.Equal(f.clock.now()) ||
		r.Decision != oversight.Open || r.DecidedBy.ID != 0 || !r.DecidedAt.IsZero() {
		t.Errorf("report %+v", r)
	}
	for i, m := range list {
		if m.MessageID != all[3+i] || m.Sender.ID != f.users[(3+i)%3] || m.Reported != (i == 10) || m.IsSystem || !m.SentAt.Equal(f.clock.now()) {
			t.Errorf("%d: %+v", i, m)
		}
	}
	if got := list[10].Sender.Name(); got != "Old Name" {
		t.Errorf("the sender is called %q", got)
	}

	f.Exec(t, `UPDATE {p}users SET display_name = 'New Name' WHERE ID = ?`, other)
	f.erase(other)
	if diff := cmp.Diff(want, f.texts(report)); diff != "" {
		t.Errorf("after an erasure:\n%s", diff)
	}
	f.Exec(t, `DELETE FROM {p}users WHERE ID = ?`, other)
	if purged, err := f.store.Purge(t.Context(), id, 1); !purged || err != nil {
		t.Fatal(purged, err)
	}
	for range 2 {
		if _, err := f.store.SweepPurged(t.Context(), 1000); err != nil {
			t.Fatal(err)
		}
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages`); n != 0 {
		t.Fatalf("%d messages are left", n)
	}
	if diff := cmp.Diff(want, f.texts(report)); diff != "" {
		t.Errorf("after a purge:\n%s", diff)
	}
	r, list = f.sealed(report)
	if r.Members[0].Name() != messaging.DeletedName || list[10].Sender.Name() != "Old Name" {
		t.Errorf("reported %+v, sealed %+v", r.Members[0], list[10].Sender)
	}
}

func (f *fixture) texts(report uint64) []string {
	f.t.Helper()
	_, list := f.sealed(report)
	var texts []string
	for _, m := range list {
		texts = append(texts, m.Text)
	}
	return texts
}

func TestWhatCanBeReported(t *testing.T) {
	f := newFixture(t, 4)
	me, other, third, stranger := f.users[0], f.users[1], f.users[2], f.users[3]
	id := f.group(other, me, third).ConversationID
	theirs := f.send(other, id, "theirs")
	mine := f.send(me, id, "mine")
	elsewhere := f.direct(other, me, "elsewhere").MessageID
	o, err := f.store.Leave(t.Context(), messaging.LeaveCommand{UserID: third, ConversationID: id, Note: content("left")})
	if err != nil {
		t.Fatal(err)
	}
	command := func(by, conversation, message uint64) messaging.ReportCommand {
		return messaging.ReportCommand{Reporter: by, ConversationID: conversation, MessageID: message, Reason: messaging.ReportSpam}
	}
	for name, c := range map[string]messaging.ReportCommand{
		"their own":                        command(me, id, mine),
		"a note":                           command(me, id, o.MessageID),
		"of another conversation":          command(me, id, elsewhere),
		"not there":                        command(me, id, 1<<40),
		"where nobody else has written":    command(stranger, f.direct(stranger, me, "first").ConversationID, 0),
		"their own, where others answered": command(other, id, theirs),
	} {
		if _, err := f.store.Report(t.Context(), c); !refusesParam(err, "message_id") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, c := range map[string]messaging.ReportCommand{
		"a stranger":            command(stranger, id, theirs),
		"who left":              command(third, id, theirs),
		"no such conversation":  command(me, 1<<40, theirs),
		"a stranger, all of it": command(stranger, id, 0),
	} {
		if _, err := f.store.Report(t.Context(), c); !errors.Is(err, messaging.ErrNotParticipant) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_reports`) + f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_report_messages`); n != 0 {
		t.Errorf("%d rows of refused reports", n)
	}

	// The conversation is reported by the newest message from somebody else, and no message of it.
	whole := f.report(me, id, 0)
	if r, list := f.sealed(whole); !r.Whole || r.MessageID != theirs || !slices.Equal(members(r), []uint64{other}) || len(list) != 2 || list[1].Reported {
		t.Errorf("%+v, %+v", r, list)
	}
}

func refusesParam(err error, name string) bool {
	e, ok := messaging.AsError(err)
	return ok && e.Kind == messaging.Invalid && e.Param == name
}

// The same report of the same member is one while it is open; another member's is another.
func TestSameReportIsOne(t *testing.T) {
	f := newFixture(t, 3)
	me, other, third := f.users[0], f.users[1], f.users[2]
	group := f.group(other, me, third)
	id, message := group.ConversationID, group.MessageID
	first := f.report(me, id, message)
	if again := f.report(me, id, message); again != first {
		t.Errorf("again: report %d, the first is %d", again, first)
	}
	whole := f.report(me, id, 0)
	later := f.send(other, id, "later")
	others := []uint64{first, whole, f.report(me, id, later), f.report(third, id, message)}
	if slices.Sort(others); len(slices.Compact(slices.Clone(others))) != 4 {
		t.Errorf("reports %v", others)
	}
	if again := f.report(me, id, 0); again != whole {
		t.Errorf("the conversation again: report %d, the first is %d", again, whole)
	}
	f.decide(first, oversight.Ruling{Decision: oversight.Dismissed})
	if again := f.report(me, id, message); again == first {
		t.Error("a decided report is given for a new one")
	}

	// A client key gives the first answer, and nothing else.
	command := messaging.ReportCommand{
		Request:  messaging.Request{Key: "k", Fingerprint: [32]byte{1}},
		Reporter: third, ConversationID: id, MessageID: later, Reason: messaging.ReportSpam,
	}
	made, err := f.store.Report(t.Context(), command)
	if err != nil || !made.Created || made.Replayed {
		t.Fatalf("%+v, %v", made, err)
	}
	f.decide(made.MessageID, oversight.Ruling{Decision: oversight.Dismissed})
	again, err := f.store.Report(t.Context(), command)
	if made.Replayed = true; err != nil || again != made {
		t.Errorf("%+v, %v; want %+v", again, err, made)
	}
	command.Request.Fingerprint[0]++
	if _, err := f.store.Report(t.Context(), command); !errors.Is(err, messaging.ErrKeyReused) {
		t.Errorf("%v", err)
	}
}

func TestReportsAtOnceAreOne(t *testing.T) {
	f := newFixture(t, 2)
	o := f.direct(f.users[1], f.users[0], "x")
	var created atomic.Int64
	mustAll(t, together(12, func(i int) error {
		made, err := f.store.Report(t.Context(), messaging.ReportCommand{
			Reporter: f.users[0], ConversationID: o.ConversationID, MessageID: o.MessageID, Reason: messaging.ReportSpam,
		})
		if made.Created {
			created.Add(1)
		}
		return err
	}))
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_reports`); n != 1 || created.Load() != 1 {
		t.Errorf("%d reports, created %d times", n, created.Load())
	}
}

// A purge that comes at the same moment leaves a whole report or none.
func TestReportRacesPurge(t *testing.T) {
	f := newFixture(t, 2)
	for range 10 {
		o := f.direct(f.users[1], f.users[0], "1")
		for i := range 4 {
			o.MessageID = f.send(f.users[1], o.ConversationID, fmt.Sprint(i))
		}
		before := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_report_messages`)
		errs := together(2, func(i int) error {
			if i == 0 {
				_, err := f.store.Purge(t.Context(), o.ConversationID, 1)
				return err
			}
			_, err := f.store.Report(t.Context(), messaging.ReportCommand{
				Reporter: f.users[0], ConversationID: o.ConversationID, MessageID: o.MessageID, Reason: messaging.ReportSpam,
			})
			return err
		})
		want := 5
		if errors.Is(errs[1], messaging.ErrNotParticipant) {
			want, errs[1] = 0, nil
		}
		mustAll(t, errs)
		if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_report_messages`) - before; n != want {
			t.Errorf("%d messages are sealed, want %d", n, want)
		}
	}
}

// What is sealed, and the note, is kept while the report is open and 90 days after the decision.
func TestSealedTextsExpire(t *testing.T) {
	f := newFixture(t, 3)
	var reports []uint64
	for _, by := range f.users[:2] {
		o := f.group(f.users[2], f.users[0], f.users[1])
		f.send(f.users[2], o.ConversationID, canary)
		reports = append(reports, f.report(by, o.ConversationID, 0))
	}
	expire := func(want int64) {
		t.Helper()
		if n, err := f.store.ExpireSealed(t.Context(), 100); n != want || err != nil {
			t.Errorf("expired %d, %v; want %d", n, err, want)
		}
	}
	f.clock.advance(365 * 24 * time.Hour)
	expire(0)
	f.decide(reports[0], oversight.Ruling{Decision: oversight.Warned, Member: f.users[2]})
	f.clock.advance(oversight.SealedFor)
	expire(0)
	f.clock.advance(time.Second)
	expire(1)
	expire(0)
	if r, list := f.sealed(reports[0]); len(list) != 0 || r.Note != "" || r.Decision != oversight.Warned || r.Reporter.ID != f.users[0] {
		t.Errorf("%+v, %d messages", r, len(list))
	}
	if r, list := f.sealed(reports[1]); len(list) != 2 || r.Note == "" {
		t.Errorf("%+v, %d messages", r, len(list))
	}
}

// Whoever is erased: sealed texts stay for their time, a reporter's note goes.
func TestEraseLeavesSealedTexts(t *testing.T) {
	f := newFixture(t, 2)
	reporter, reported := f.users[0], f.users[1]
	id := f.direct(reported, reporter, canary).ConversationID
	f.send(reporter, id, canary+" too")
	f.send(reported, id, canary+" again")
	report := f.report(reporter, id, 0)
	for _, user := range f.users {
		if n := f.erase(user); n == 0 {
			t.Errorf("nothing was erased of user %d", user)
		}
	}
	if found := f.whereIs(canary); !slices.Equal(found, []string{string(f.Prefix) + "jt_sidecar_report_messages.content"}) {
		t.Errorf("the text is in %v", found)
	}
	if r, list := f.sealed(report); r.Note != "" || len(list) != 3 {
		t.Errorf("%+v, %d messages", r, len(list))
	}
	retained := func(want map[uint64]int) {
		t.Helper()
		for user, n := range want {
			if got, err := f.store.Retained(t.Context(), user); got != n || err != nil {
				t.Errorf("user %d: %d messages are retained, %v; want %d", user, got, err, n)
			}
		}
	}
	retained(map[uint64]int{reporter: 1, reported: 2})
	f.decide(report, oversight.Ruling{Decision: oversight.Dismissed})
	retained(map[uint64]int{reporter: 1, reported: 2})
	f.clock.advance(oversight.SealedFor + time.Second)
	if n, err := f.store.ExpireSealed(t.Context(), 100); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if found := f.whereIs(canary); found != nil {
		t.Errorf("the text is in %v", found)
	}
	retained(map[uint64]int{reporter: 0, reported: 0})
}

// Nothing that a member can ask for is other than before, and a member's export has nothing of who reported them.
func TestReportIsSeenByNoMember(t *testing.T) {
	f := newFixture(t, 3)
	id := f.group(f.users[1], f.users[0], f.users[2]).ConversationID
	message := f.send(f.users[1], id, "text")
	type seen struct {
		Conversation messaging.Conversation
		Thread       messaging.ThreadPage
		Export       map[string]messaging.ExportItem
		Overview     messaging.Overview
		Unread       int
	}
	see := func() map[uint64]seen {
		all := map[uint64]seen{}
		for _, user := range f.users {
			thread, err := f.store.Thread(t.Context(), user, id, messaging.ThreadQuery{Limit: 50})
			if err != nil {
				t.Fatal(err)
			}
			overview, err := f.store.Overview(t.Context(), user)
			if err != nil {
				t.Fatal(err)
			}
			export, _ := f.export(user, nil)
			if user == f.users[0] {
				maps.DeleteFunc(export, func(id string, _ messaging.ExportItem) bool { return strings.HasPrefix(id, "report-") })
			}
			all[user] = seen{f.view(user, id), thread, export, overview, f.unread(user)}
		}
		return all
	}
	before, events := see(), f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_outbox`)
	report := f.report(f.users[0], id, message)
	if diff := cmp.Diff(before, see()); diff != "" {
		t.Errorf("reported (-before +after)\n%s", diff)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_outbox`); n != events {
		t.Errorf("a report makes %d events", n-events)
	}
	f.decide(report, oversight.Ruling{Decision: oversight.Silenced, Member: f.users[1], SilenceDays: 7})
	if diff := cmp.Diff(before, see()); diff != "" {
		t.Errorf("decided (-before +after)\n%s", diff)
	}
}

// A reporter's export has what they said, and not what became of it.
func TestReportIsExportedToItsReporter(t *testing.T) {
	f := newFixture(t, 2)
	id := f.direct(f.users[1], f.users[0], "bad").ConversationID
	report := f.report(f.users[0], id, 0)
	for _, reviewed := range []string{"No", "Yes"} {
		items, _ := f.export(f.users[0], nil)
		want := []string{fmt.Sprint("Conversation: Conversation ", id), "Date: 2026-01-02 15:04:05 UTC", "Reason: threat", fmt.Sprint("Note: note of ", f.users[0]), "Reviewed: " + reviewed}
		if got := values(items[fmt.Sprint("report-", report)]); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		if reviewed == "No" {
			f.decide(report, oversight.Ruling{Decision: oversight.Warned, Member: f.users[1]})
		}
	}
}

func TestLongTextIsSealedInPart(t *testing.T) {
	f := newFixture(t, 2)
	o := f.direct(f.users[1], f.users[0], "x")
	f.Exec(t, `UPDATE {p}jt_pro_messages SET content_plain = ? WHERE id = ?`, strings.Repeat("ä", 120_000), o.MessageID)
	if got := f.texts(f.report(f.users[0], o.ConversationID, 0))[0]; got != strings.Repeat("ä", 100_000) {
		t.Errorf("%d bytes are sealed", len(got))
	}
}
