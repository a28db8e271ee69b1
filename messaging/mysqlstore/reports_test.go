package mysqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

// roles are members, who share no spaces.
type roles map[uint64]messaging.Member

func (r roles) Members(context.Context, []uint64) (map[uint64]messaging.Member, error) { return r, nil }

func (r roles) SharingSpace(context.Context, uint64, []uint64) (map[uint64]bool, error) {
	return nil, errors.New("nobody asks for spaces here")
}

// ruled gives the fields of the events that a ruling makes, by type, and the events.
func (f *fixture) ruled(r oversight.Ruling) (fields map[string][]string, events map[string]map[string]any) {
	f.t.Helper()
	o := f.direct(f.users[1], f.users[0], "bad")
	report := f.report(f.users[0], o.ConversationID, 0)
	f.deliver()
	f.decide(report, r)
	// A purge takes away what was to be told of the conversation, not of the report.
	if purged, err := f.store.Purge(f.t.Context(), o.ConversationID, 1); !purged || err != nil {
		f.t.Fatal(purged, err)
	}
	fields, events = map[string][]string{}, map[string]map[string]any{}
	for _, e := range f.deliver() {
		kind := fmt.Sprint(e["type"])
		if kind == "conversation.purged" || kind == "access.logged" {
			continue
		}
		if got := uint64(e["report_id"].(float64)); got != report {
			f.t.Errorf("%s: report %d, want %d", kind, got, report)
		}
		if events[kind] != nil {
			f.t.Errorf("%s comes twice", kind)
		}
		fields[kind], events[kind] = slices.Sorted(maps.Keys(e)), e
	}
	return fields, events
}

// The reporter learns that it was reviewed, and nothing of the ruling; the reported member nothing of where or
// by whom. The exact fields: a new one is a decision.
func TestRulingsAreTold(t *testing.T) {
	f := newFixture(t, 2)
	reviewed := []string{"conversation_id", "created_at", "id", "recipient_ids", "report_id", "type", "user_id"}
	silenced := []string{"conversation_id", "created_at", "days", "id", "recipient_ids", "report_id", "type", "user_id"}
	for _, test := range []struct {
		ruling oversight.Ruling
		fields map[string][]string
	}{
		{oversight.Ruling{Decision: oversight.Dismissed}, map[string][]string{"report.reviewed": reviewed}},
		{oversight.Ruling{Decision: oversight.Warned, Member: f.users[1]}, map[string][]string{"report.reviewed": reviewed, "report.warned": reviewed}},
		{oversight.Ruling{Decision: oversight.Silenced, Member: f.users[1], SilenceDays: 7}, map[string][]string{"report.reviewed": reviewed, "report.silenced": silenced}},
		{oversight.Ruling{Decision: oversight.Silenced, Member: f.users[1]}, map[string][]string{"report.reviewed": reviewed, "report.silenced": silenced}},
	} {
		fields, events := f.ruled(test.ruling)
		if diff := cmp.Diff(test.fields, fields); diff != "" {
			t.Errorf("%+v (-want +got)\n%s", test.ruling, diff)
			continue
		}
		for kind, e := range events {
			recipient, user := f.users[1], 0.0
			switch kind {
			case "report.reviewed":
				recipient = f.users[0]
			case "report.silenced":
				user = 9999
				if e["days"] != float64(test.ruling.SilenceDays) {
					t.Errorf("silenced for %v days, want %d", e["days"], test.ruling.SilenceDays)
				}
			}
			if !slices.Equal(ids(e["recipient_ids"]), []uint64{recipient}) || e["conversation_id"] != 0.0 || e["user_id"] != user {
				t.Errorf("%s: %v", kind, e)
			}
		}
	}
}

func TestReportIsDecidedOnce(t *testing.T) {
	f := newFixture(t, 2)
	report := f.report(f.users[0], f.direct(f.users[1], f.users[0], "bad").ConversationID, 0)
	f.deliver()
	var decided atomic.Int64
	mustAll(t, together(8, func(i int) error {
		ruling := oversight.Ruling{Decision: oversight.Warned, Member: f.users[1]}
		if i%2 == 0 {
			ruling = oversight.Ruling{Decision: oversight.Silenced, Member: f.users[1], SilenceDays: 1 + i}
		}
		did, err := f.store.Decide(t.Context(), report, ruling, by(uint64(1000+i)))
		if did {
			decided.Add(1)
		}
		return err
	}))
	if decided.Load() != 1 {
		t.Errorf("decided %d times", decided.Load())
	}
	r, _ := f.sealed(report)
	if r.Decision == oversight.Open || r.DecidedBy.ID < 1000 || !r.DecidedAt.Equal(f.clock.now()) {
		t.Errorf("%+v", r)
	}
	if r.Decision == oversight.Silenced && r.SilenceDays != int(r.DecidedBy.ID-999) {
		t.Errorf("silenced for %d days by %d", r.SilenceDays, r.DecidedBy.ID)
	}
	got := kinds(f.deliver())
	slices.Sort(got)
	if want := []string{"access.logged", "access.logged", "report.reviewed", "report." + string(r.Decision)}; !slices.Equal(got, want) {
		t.Errorf("events %v, want %v", got, want)
	}
	if _, err := f.store.Decide(t.Context(), 1<<40, oversight.Ruling{Decision: oversight.Dismissed}, by(9999)); !errors.Is(err, messaging.ErrNotFound) {
		t.Errorf("no such report: %v", err)
	}
}

// A moderator sees nothing of what was reported of them: neither in lists nor by its id, and cannot decide it.
func TestReportedModeratorDoesNotSeeTheReport(t *testing.T) {
	f := newFixture(t, 3)
	moderator := f.users[2]
	about := f.report(f.users[0], f.direct(moderator, f.users[0], "bad").ConversationID, 0)
	other := f.report(f.users[0], f.direct(f.users[1], f.users[0], "bad").ConversationID, 0)
	entries := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_access_log`)

	for viewer, want := range map[uint64][]uint64{moderator: {other}, 9999: {other, about}} {
		list, next, err := f.store.Reports(t.Context(), oversight.ReportQuery{Open: true, Viewer: viewer})
		if err != nil || next != 0 || !slices.Equal(idsOf(list), want) {
			t.Errorf("viewer %d: %v, %d, %v; want %v", viewer, idsOf(list), next, err, want)
		}
		if n, err := f.store.OpenReports(t.Context(), viewer); n != len(want) || err != nil {
			t.Errorf("viewer %d: %d open, %v; want %d", viewer, n, err, len(want))
		}
	}
	if _, _, err := f.store.SealedReport(t.Context(), about, by(moderator)); !errors.Is(err, messaging.ErrNotFound) {
		t.Errorf("opened: %v", err)
	}
	if _, err := f.store.Reported(t.Context(), about, moderator); !errors.Is(err, messaging.ErrNotFound) {
		t.Errorf("asked for: %v", err)
	}
	if decided, err := f.store.Decide(t.Context(), about, oversight.Ruling{Decision: oversight.Dismissed}, by(moderator)); decided || !errors.Is(err, messaging.ErrNotFound) {
		t.Errorf("decided: %v, %v", decided, err)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_access_log`); n != entries {
		t.Errorf("%d entries about what was refused", n-entries)
	}
	if users, err := f.store.Reported(t.Context(), other, moderator); !slices.Equal(users, []uint64{f.users[1]}) || err != nil {
		t.Errorf("the other one: %d, %v", users, err)
	}
}

// A report of a group is about everybody who wrote what it seals, whoever wrote last; from all of them it is hidden,
// also when the texts are gone. A ruling reaches the one whom it names.
func TestReportOfAGroupIsAboutAllWhoWrote(t *testing.T) {
	f := newFixture(t, 5)
	reporter, abuser, other, quiet, early := f.users[0], f.users[1], f.users[2], f.users[3], f.users[4]
	f.Exec(t, `UPDATE {p}usermeta SET meta_value = 'a:1:{s:13:"administrator";b:1;}' WHERE user_id = ? AND meta_key = CONCAT('{p}', 'capabilities')`, abuser)
	id := f.group(early, reporter, abuser, other, quiet).ConversationID
	for range oversight.SealedMessages {
		f.send(reporter, id, "I am afraid")
	}
	f.send(abuser, id, "ABUSE")
	if _, err := f.store.Rename(t.Context(), messaging.RenameCommand{UserID: quiet, ConversationID: id, Title: "Title"}); err != nil {
		t.Fatal(err)
	}
	f.send(other, id, "please stop it")
	report := f.report(reporter, id, 0)

	r, sealed := f.sealed(report)
	if want := []uint64{abuser, other}; !slices.Equal(members(r), want) || r.Ruled.ID != 0 {
		t.Errorf("about %v, ruled %d; want %v and nobody", members(r), r.Ruled.ID, want)
	}
	for _, m := range sealed {
		if m.Reported {
			t.Errorf("%q is the reported one of all", m.Text)
		}
	}
	o := f.store.Oversight()
	hidden := func(when string, open bool) {
		t.Helper()
		for viewer, want := range map[uint64]bool{abuser: false, other: false, reporter: true, quiet: true, early: true, 9999: true} {
			list, _, err := f.store.Reports(t.Context(), oversight.ReportQuery{Open: open, Viewer: viewer})
			if err != nil || (len(list) == 1) != want {
				t.Errorf("%s, viewer %d: %d in the list, %v", when, viewer, len(list), err)
			}
			if n, err := f.store.OpenReports(t.Context(), viewer); err != nil || (n == 1) != (want && open) {
				t.Errorf("%s, viewer %d: %d open, %v", when, viewer, n, err)
			}
			if d, err := o.Detail(t.Context(), viewer, id); err != nil || (d.OpenReports == 1) != (want && open) {
				t.Errorf("%s, viewer %d: %d open in the conversation, %v", when, viewer, d.OpenReports, err)
			}
			if page, err := o.Conversations(t.Context(), oversight.Filter{Viewer: viewer}); err != nil || (page.Rows[0].OpenReports == 1) != (want && open) {
				t.Errorf("%s, viewer %d: %d open in the list of conversations, %v", when, viewer, page.Rows[0].OpenReports, err)
			}
			if _, _, err := f.store.SealedReport(t.Context(), report, by(viewer)); (err == nil) != want || err != nil && !errors.Is(err, messaging.ErrNotFound) {
				t.Errorf("%s, viewer %d: opened: %v", when, viewer, err)
			}
			if _, err := f.store.Reported(t.Context(), report, viewer); (err == nil) != want {
				t.Errorf("%s, viewer %d: asked for: %v", when, viewer, err)
			}
			if want {
				continue
			}
			if decided, err := f.store.Decide(t.Context(), report, oversight.Ruling{Decision: oversight.Dismissed}, by(viewer)); decided || !errors.Is(err, messaging.ErrNotFound) {
				t.Errorf("%s, viewer %d: decided: %v, %v", when, viewer, decided, err)
			}
		}
	}
	hidden("open", true)
	f.deliver()
	f.decide(report, oversight.Ruling{Decision: oversight.Warned, Member: abuser})
	told := map[string][]uint64{}
	for _, e := range f.deliver() {
		if e["type"] != "access.logged" {
			told[fmt.Sprint(e["type"])] = ids(e["recipient_ids"])
		}
	}
	if diff := cmp.Diff(map[string][]uint64{"report.reviewed": {reporter}, "report.warned": {abuser}}, told); diff != "" {
		t.Error(diff)
	}
	if r, _ := f.sealed(report); r.Ruled.ID != abuser || !slices.Equal(members(r), []uint64{abuser, other}) {
		t.Errorf("about %v, ruled %d", members(r), r.Ruled.ID)
	}
	hidden("decided", false)
	f.clock.advance(oversight.SealedFor + time.Second)
	if n, err := f.store.ExpireSealed(t.Context(), 10); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	hidden("expired", false)
}

// A report of one message is about its sender, whoever else wrote what is sealed with it; a conversation of two about
// the other.
func TestReportOfAMessageIsAboutItsSender(t *testing.T) {
	f := newFixture(t, 3)
	group := f.group(f.users[1], f.users[0], f.users[2]).ConversationID
	for report, want := range map[uint64]uint64{
		f.report(f.users[0], group, f.send(f.users[2], group, "bad")):                   f.users[2],
		f.report(f.users[0], f.direct(f.users[1], f.users[0], "bad").ConversationID, 0): f.users[1],
	} {
		if r, _ := f.sealed(report); !slices.Equal(members(r), []uint64{want}) {
			t.Errorf("report %d is about %v, want %d", report, members(r), want)
		}
	}
}

func idsOf(list []oversight.Report) []uint64 {
	var ids []uint64
	for _, r := range list {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestReportsPageByPage(t *testing.T) {
	f := newFixture(t, 8)
	var open, ended []uint64 // newest first
	for i, by := range f.users[1:] {
		report := f.report(by, f.direct(f.users[0], by, "bad").ConversationID, 0)
		if i%3 == 0 {
			f.decide(report, oversight.Ruling{Decision: oversight.Dismissed})
			ended = append([]uint64{report}, ended...)
		} else {
			open = append([]uint64{report}, open...)
		}
	}
	for isOpen, want := range map[bool][]uint64{true: open, false: ended} {
		var got []uint64
		before := uint64(0)
		for range 10 {
			list, next, err := f.store.Reports(t.Context(), oversight.ReportQuery{Open: isOpen, Before: before, Limit: 2})
			if err != nil || len(list) > 2 {
				t.Fatalf("%d rows, %v", len(list), err)
			}
			got = append(got, idsOf(list)...)
			if before = next; next == 0 {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("open %v: %v, want %v", isOpen, got, want)
		}
	}
}

// Opening and deciding are in the access log, by the report alone; WordPress is told without the note.
func TestReportsAreLogged(t *testing.T) {
	f := newFixture(t, 2)
	report := f.report(f.users[0], f.direct(f.users[1], f.users[0], "bad").ConversationID, 0)
	f.deliver()
	reports := oversight.NewReports(f.store, roles{f.users[1]: {}, 77: {Moderator: true}})
	moderator := oversight.Visitor{UserID: 77, Login: "moderator", Address: "192.0.2.7"}
	if _, list, err := reports.Open(t.Context(), moderator, report); len(list) != 1 || err != nil {
		t.Fatal(list, err)
	}
	if decided, err := reports.Decide(t.Context(), moderator, report, oversight.Ruling{Decision: oversight.Silenced, SilenceDays: 3}); !decided || err != nil {
		t.Fatal(decided, err)
	}
	rows, err := mysqldb.Query(t.Context(), f.DB.DB, func(row mysqldb.Scanner) (string, error) {
		var user, conversation, member uint64
		var login, address, action, reason, note string
		err := row.Scan(&user, &login, &address, &action, &conversation, &member, &reason, &note)
		return fmt.Sprint(user, login, address, action, conversation, member, reason, note), err
	}, f.Prefix.Expand(`SELECT user_id, login, address, action, conversation_id, member_id, reason, note FROM {p}jt_sidecar_access_log ORDER BY id`))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		fmt.Sprint(77, "moderator", "192.0.2.7", "report", 0, 0, "abuse_report", fmt.Sprintf("report %d", report)),
		fmt.Sprint(77, "moderator", "192.0.2.7", "decide", 0, 0, "abuse_report", fmt.Sprintf("report %d: silenced for 3 days", report)),
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	var told []map[string]any
	for _, e := range f.deliver() {
		if e["type"] == "access.logged" {
			if e["user_id"] != 77.0 || e["conversation_id"] != 0.0 || e["entry_id"] != float64(len(told)+1) {
				t.Errorf("%v", e)
			}
			told = append(told, e["entry"].(map[string]any))
		}
	}
	entry := func(action string) map[string]any {
		return map[string]any{"action": action, "reason": "abuse_report", "conversation_id": 0.0, "member_id": 0.0}
	}
	if diff := cmp.Diff([]map[string]any{entry("report"), entry("decide")}, told); diff != "" {
		t.Error(diff)
	}
}

func TestReadsOfReportsAreIndexed(t *testing.T) {
	f := newFixture(t, 12)
	for _, by := range f.users[1:] {
		for range 5 {
			f.report(by, f.direct(f.users[0], by, "bad").ConversationID, f.direct(f.users[0], by, "bad").MessageID)
		}
	}
	f.Exec(t, `ANALYZE TABLE {p}jt_sidecar_reports, {p}jt_sidecar_report_messages, {p}jt_sidecar_report_members`)
	pool, trace := f.Traced(t)
	store := f.storeOn(t, pool)
	ctx := t.Context()
	for name, run := range map[string]func() error{
		"list": func() error {
			_, _, err := store.Reports(ctx, oversight.ReportQuery{Open: true, Limit: 3, Before: 30})
			return err
		},
		"count":  func() error { _, err := store.OpenReports(ctx, 1); return err },
		"expire": func() error { _, err := store.ExpireSealed(ctx, 10); return err },
	} {
		trace.Take()
		if err := run(); err != nil {
			t.Fatal(err)
		}
		for _, s := range trace.Take() {
			rows := f.DB.Explain(t, s)
			for _, r := range rows {
				if r.Type == "ALL" || r.Type == "index" || r.Key == "" && r.Type != "" || slices.Contains([]string{"Using filesort", "Using temporary"}, r.Extra) {
					t.Errorf("%s: %s: %s, key %q, %s, in\n%s", name, r.Table, r.Type, r.Key, r.Extra, s.Query)
				}
			}
		}
	}
}
