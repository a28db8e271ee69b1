package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/bridgeapi"
	"jetonomy-sidecar/messaging/oversight"
	"jetonomy-sidecar/migrations"
	"jetonomy-sidecar/wpbridge"
	"jetonomy-sidecar/wpbridge/phpserial"
)

// migrated is a site whose tables are there, and what commands are made of.
func migrated(t *testing.T) (*site, *parts) {
	t.Helper()
	s := newSite(t)
	if code, _, stderr := s.run(t, "migrate"); code != exitOK {
		t.Fatal(stderr)
	}
	c, err := configure(process{getenv: s.getenv, stderr: io.Discard}, "")
	if err != nil {
		t.Fatal(err)
	}
	p, err := assemble(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.close)
	return s, p
}

// conversations makes one of two members for each number of days since its last message.
func (s *site) conversations(t *testing.T, users []uint64, days ...int) {
	t.Helper()
	for i, d := range days {
		at := time.Now().UTC().AddDate(0, 0, -d)
		s.Exec(t, `INSERT INTO {p}jt_pro_conversations (id, type, created_by, last_message_at, message_count, created_at) VALUES (?, 'direct', ?, ?, 1, ?)`, i+1, users[0], at, at)
		for _, u := range users {
			s.Exec(t, `INSERT INTO {p}jt_pro_conversation_participants (conversation_id, user_id, joined_at, jts_accounted) VALUES (?, ?, ?, 1)`, i+1, u, at)
		}
		s.Exec(t, `INSERT INTO {p}jt_pro_messages (conversation_id, sender_id, content, created_at, jts_accounted) VALUES (?, ?, 'x', ?, 1)`, i+1, users[0], at)
	}
}

func TestAuditVerify(t *testing.T) {
	s, p := migrated(t)
	verify := func(args ...string) (int, string) {
		t.Helper()
		code, stdout, stderr := s.run(t, append([]string{"audit", "verify"}, args...)...)
		return code, stdout + stderr
	}
	if code, out := verify(); code != exitOK || out != "0 rows, unchanged\n" {
		t.Errorf("empty: %d %s", code, out)
	}
	var log bytes.Buffer
	p.log = p.log.Output(&log)
	var copies []string
	p.store.OnAccess(func(e oversight.Entry) { copies = append(copies, fmt.Sprintf("%d:%x", e.ID, e.Hash)) })
	for range 3 {
		if _, err := p.store.Oversight().Log(t.Context(), oversight.Entry{UserID: 1, Login: "admin", Action: oversight.ActionOpen}); err != nil {
			t.Fatal(err)
		}
	}
	if code, out := verify(); code != exitOK || out != "3 rows, unchanged; newest "+copies[2]+"\n" {
		t.Errorf("%d %s", code, out)
	}
	if code, out := verify("--expect", copies[1]); code != exitOK {
		t.Errorf("with a row that is there: %d %s", code, out)
	}
	if code, out := verify("--expect", "2"+copies[0][1:]); code != exitError || !strings.Contains(out, "There is no row 2:") {
		t.Errorf("with a row that is not there: %d %s", code, out)
	}
	for _, bad := range []string{"2", "x:" + copies[0][2:], copies[0] + "0", "2:" + strings.Repeat("x", 64)} {
		if code, out := verify("--expect", bad); code != exitUsage {
			t.Errorf("--expect %s: %d %s", bad, code, out)
		}
	}
	s.Exec(t, `DELETE FROM {p}jt_sidecar_access_log WHERE id = 3`)
	if code, out := verify(); code != exitError || !strings.Contains(out, "missing at the end, behind row 2") {
		t.Errorf("cut: %d %s", code, out)
	}
	s.Exec(t, `UPDATE {p}jt_sidecar_access_log SET note = 'x' WHERE id = 2`)
	if code, out := verify(); code != exitError || !strings.Contains(out, "Row 2 was changed") || !strings.Contains(out, "1 rows before that are as they were written") {
		t.Errorf("changed: %d %s", code, out)
	}
	if code, _, stderr := s.run(t, "audit"); code != exitUsage || !strings.Contains(stderr, "audit verify") {
		t.Errorf("without a word: %d %s", code, stderr)
	}
}

// The log line of a row carries what audit verify can be given.
func TestAccessIsLogged(t *testing.T) {
	s := newSite(t)
	if code, _, stderr := s.run(t, "migrate"); code != exitOK {
		t.Fatal(stderr)
	}
	var log bytes.Buffer
	c, err := configure(process{getenv: s.getenv, stderr: &log}, "")
	if err != nil {
		t.Fatal(err)
	}
	p, err := assemble(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	e, err := p.store.Oversight().Log(t.Context(), oversight.Entry{UserID: 7, Login: "admin", Action: oversight.ActionSearch, Note: "knife"})
	if err != nil {
		t.Fatal(err)
	}
	line := log.String()
	for _, part := range []string{`"id":1`, fmt.Sprintf(`"hash":"%x"`, e.Hash), `"user":7`, `"action":"search"`, `"message":"access log"`} {
		if !strings.Contains(line, part) {
			t.Errorf("no %s in %s", part, line)
		}
	}
	if strings.Contains(line, "knife") {
		t.Errorf("what was searched for is in the log: %s", line)
	}
}

func TestPurgeCommand(t *testing.T) {
	s, p := migrated(t)
	users := s.AddUsers(t, 2)
	s.conversations(t, users, 800, 740, 700, 10)
	s.Exec(t, `UPDATE {p}users SET display_name = ? WHERE ID = ?`, "\x1b[2JEvil", users[1])
	count := func() int { return s.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_conversations`) }

	code, stdout, stderr := s.run(t, "purge", "--inactive-for", "24mo", "--dry-run")
	first := regexp.MustCompile(`^1: direct, 1 messages, last message \d{4}-\d\d-\d\d: Member1, \[2JEvil\n2: `)
	if code != exitOK || !first.MatchString(stdout) || !strings.Contains(stdout, "\n2 conversations with 2 messages, inactive since before ") {
		t.Errorf("dry run: %d %q %s", code, stdout, stderr)
	}
	if n := count(); n != 4 || s.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_access_log`) != 0 {
		t.Errorf("a dry run left %d conversations", n)
	}
	for _, bad := range []string{"", "24", "mo", "0d", "-1d", "1w", "1.5y", "99999999999y", "36501d", "5ddd"} {
		if code, _, stderr := s.run(t, "purge", "--inactive-for", bad, "--yes"); code != exitUsage {
			t.Errorf("%q: %d %s", bad, code, stderr)
		}
	}
	ask := func(answer string, args ...string) (string, error) {
		var out bytes.Buffer
		err := purge(t.Context(), process{s.getenv, strings.NewReader(answer), &out, io.Discard}, args)
		return out.String(), err
	}
	for _, answer := range []string{"", "no\n", "y\n", "YES\n"} {
		if out, err := ask(answer, "--inactive-for", "2y"); err == nil || !strings.Contains(out, "Type yes") || count() != 4 {
			t.Errorf("%q: %s %v", answer, out, err)
		}
	}
	if out, err := ask("yes\n", "--inactive-for", "2y"); err != nil || !strings.Contains(out, "2 conversations deleted") {
		t.Errorf("%s %v", out, err)
	}
	if n := count(); n != 2 || s.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages`) != 2 {
		t.Errorf("%d conversations are left", n)
	}
	if n := s.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_access_log WHERE action = 'retention' AND note LIKE 'command line%'`); n != 2 {
		t.Errorf("%d rows of the log", n)
	}
	if code, stdout, stderr := s.run(t, "purge", "--inactive-for", "90d", "--yes"); code != exitOK || !strings.Contains(stdout, "1 conversations deleted") || count() != 1 {
		t.Errorf("%d %s %s", code, stdout, stderr)
	}
	if code, stdout, stderr := s.run(t, "purge", "--inactive-for", "90d"); code != exitOK || !strings.HasPrefix(stdout, "0 conversations") {
		t.Errorf("nothing to do: %d %s %s", code, stdout, stderr)
	}
	if v, err := p.oversight.Verify(t.Context()); err != nil || !v.Unchanged() || v.Rows != 3 {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestAgo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	for length, want := range map[string]string{"90d": "2025-12-31", "24mo": "2024-03-31", "2y": "2024-03-31", "1d": "2026-03-30",
		"1mo": "2026-02-28", "6mo": "2025-09-30", "13mo": "2025-02-28", "3mo": "2025-12-31"} {
		if got, err := ago(length, now); err != nil || got.Format(time.DateOnly) != want {
			t.Errorf("%s: %s, %v; want %s", length, got, err, want)
		}
	}
}

// Retention runs in the night behind the one in which it was switched on, makes good for a night it missed, and
// never while it is off.
func TestRetain(t *testing.T) {
	s, p := migrated(t)
	users := s.AddUsers(t, 2)
	s.SetOption(t, "timezone_string", "America/New_York")
	set := func(months string) {
		t.Helper()
		s.SetOption(t, "jetonomy_sidecar_settings", phpserial.Encode(map[string]any{"retention_months": months}))
		if err := p.options.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	s.conversations(t, users, 500, 400, 300)
	retain := func(now time.Time, want int) {
		t.Helper()
		if err := p.retain(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		if n := s.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_conversations`); n != want {
			t.Errorf("at %s: %d conversations are left, want %d", now, n, want)
		}
	}
	set("0")
	run := night(time.Now(), p.options.Snapshot().Location(), p.options.Snapshot().Home)
	retain(run.Add(time.Minute), 3) // off
	set("15")
	retain(run.Add(2*time.Minute), 3) // just switched on
	retain(run.Add(12*time.Hour), 3)
	retain(run.Add(25*time.Hour), 2)
	retain(run.Add(26*time.Hour), 2)
	set("12")
	retain(run.Add(27*time.Hour), 2)   // this night's is done
	retain(run.Add(5*24*time.Hour), 1) // nights without a service
	set("0")
	retain(run.Add(6*24*time.Hour), 1)
	set("1")
	retain(run.Add(60*24*time.Hour), 1) // switched on anew: not before the next night
	retain(run.Add(62*24*time.Hour), 0)
	if n := s.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages`); n != 0 {
		t.Errorf("%d messages are left", n)
	}
}

func TestNight(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for hour := range 24 * 400 {
		now := time.Date(2026, 1, 1, 0, 30, 0, 0, time.UTC).Add(time.Duration(hour) * time.Hour)
		run := night(now, zone, "https://site.test")
		if run.After(now) || now.Sub(run) > 25*time.Hour || run.In(zone).Hour() != retentionHour {
			t.Errorf("at %s: %s", now, run.In(zone))
		}
	}
	minutes := map[int]bool{}
	for i := range 100 {
		minutes[night(time.Now(), time.UTC, fmt.Sprint("https://", i)).Minute()] = true
	}
	if len(minutes) < 20 {
		t.Errorf("100 sites begin at %d different minutes", len(minutes))
	}
}

// An owner deletes the plugin with all messages while the service runs, and comes back later. Meanwhile nothing
// is made anew.
func TestTablesComeBack(t *testing.T) {
	s := newSite(t)
	ids := s.AddUsers(t, 2)
	service := s.serve(t)
	token := s.token(t, "member1")
	key, err := wpbridge.NewKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	status := func() (int, string) {
		header := wpbridge.SignRequest(key, "POST", bridgeapi.Path+"/status", time.Now(), []byte("{}"))
		code, _, text := service.do("POST", service.url+bridgeapi.Prefix+"/status", "", "{}", header)
		return code, text
	}
	tables := func() int {
		return s.Count(t, `SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name LIKE ?`, string(s.Prefix)+`jt\_%`)
	}
	before := tables()
	s.SetOption(t, "jetonomy_pro_extensions", phpserial.Encode([]any{"polls"}))
	names, err := mysqldb.Query(t.Context(), s.DB.DB, mysqldb.Value[string],
		`SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name LIKE ?`, string(s.Prefix)+`jt\_%`)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		s.Exec(t, "DROP TABLE `"+name+"`")
	}
	service.wait("the tables are gone; they are made anew while Private Messaging is on")
	if code, body := status(); code != http.StatusServiceUnavailable || !strings.Contains(body, "jetonomy_sidecar_no_tables") || tables() != 0 {
		t.Errorf("without tables: %d %s, %d tables", code, body, tables())
	}
	s.SetOption(t, "jetonomy_pro_extensions", phpserial.Encode([]any{"private-messaging"}))
	service.wait("the tables are there again")
	if code, body := status(); code != http.StatusOK || tables() != before {
		t.Errorf("%d %s, %d tables, want %d", code, body, tables(), before)
	}
	if code, body := service.api("POST", "/conversations", token, fmt.Sprintf(`{"recipient_ids":[%d],"message":"hello"}`, ids[1])); code != http.StatusCreated {
		t.Errorf("start: %d %s", code, body)
	}
}

// Tables are made anew for an extension that is on, and with a key: an owner who deletes the plugin takes both away.
func TestTablesStayAway(t *testing.T) {
	s, p := migrated(t)
	s.Exec(t, `DROP TABLE {p}jt_sidecar_migrations`)
	again := func(ids []any, secret string) bool {
		t.Helper()
		s.SetOption(t, "jetonomy_pro_extensions", phpserial.Encode(ids))
		s.env["SIDECAR_SECRET"] = secret
		c, err := configure(process{getenv: s.getenv, stderr: io.Discard}, "")
		if err != nil {
			t.Fatal(err)
		}
		other, err := assemble(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		defer other.close()
		if err := other.keepTables(t.Context()); err != nil {
			t.Fatal(err)
		}
		current, newest, err := migrations.Status(t.Context(), p.background, p.prefix)
		if err != nil {
			t.Fatal(err)
		}
		return current == newest
	}
	on := []any{"private-messaging"}
	if again([]any{"polls"}, secret) || again(on, "") {
		t.Error("tables were made for somebody who went away")
	}
	if !again(on, secret) {
		t.Error("they do not come back")
	}
}

// A hold may be lifted while no service runs: the one that starts next erases what it kept of a deleted member.
func TestErasureIsFinishedAfterRestart(t *testing.T) {
	s, p := migrated(t)
	users := s.AddUsers(t, 2)
	s.conversations(t, users, 2, 1)
	hold := func(on bool) {
		t.Helper()
		if err := p.store.Oversight().SetHold(t.Context(), 1, on, "court", oversight.Entry{UserID: 7, Action: oversight.ActionHold}); err != nil {
			t.Fatal(err)
		}
	}
	kept := func() int {
		return s.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages WHERE sender_id = ? AND content = 'x'`, users[0])
	}
	hold(true)
	s.Exec(t, `DELETE FROM {p}users WHERE ID = ?`, users[0])
	if _, done, err := p.store.Erase(t.Context(), users[0]); err != nil || !done || kept() != 1 {
		t.Fatalf("%v, %v, %d messages have their text", done, err, kept())
	}
	hold(false)
	s.serve(t).wait("went on with an erasure that a legal hold kept waiting")
	if n := kept(); n != 0 {
		t.Errorf("%d messages have their text", n)
	}
}

// While the service runs it counts, so that the page has numbers.
func TestChoresCount(t *testing.T) {
	s, p := migrated(t)
	users := s.AddUsers(t, 2)
	s.conversations(t, users, 2, 1)
	for _, c := range p.longChores() {
		if err := c.run(t.Context()); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	g, err := p.oversight.Glance(t.Context())
	if err != nil || g.Conversations != 2 || g.Messages != 2 {
		t.Errorf("%+v, %v", g, err)
	}
	if got := p.settings().RetentionMonths; got != messaging.DefaultSettings().RetentionMonths || got != 0 {
		t.Errorf("retention is on by default: %d", got)
	}
}
