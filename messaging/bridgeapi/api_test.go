package bridgeapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jetonomy-sidecar/extension"
	"jetonomy-sidecar/internal/testdb"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/bridgeapi"
	"jetonomy-sidecar/messaging/mysqlstore"
	"jetonomy-sidecar/messaging/oversight"
	"jetonomy-sidecar/messaging/richtext"
	"jetonomy-sidecar/migrations"
	"jetonomy-sidecar/wpbridge"
)

func TestMain(m *testing.M) { testdb.Main(m) }

const secret = "0123456789abcdef0123456789abcdef-test"

var at = time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC)

// site is the calls on a real database, for one test.
type site struct {
	*testdb.DB
	t       *testing.T
	store   *mysqlstore.Store
	handler http.Handler
	key     wpbridge.Key
	users   []uint64

	refreshed atomic.Int32
	refused   atomic.Int32
	failed    atomic.Int32
}

// directory gives logins.
type directory struct{ *wpbridge.Site }

func (d directory) Members(ctx context.Context, ids []uint64) (map[uint64]messaging.Member, error) {
	found, err := d.Site.Members(ctx, ids)
	members := map[uint64]messaging.Member{}
	for id, m := range found {
		members[id] = messaging.Member{Person: messaging.Person{ID: id, Login: m.Login}}
	}
	return members, err
}

// newSite makes a site; wrap may put something in front of its store.
func newSite(t *testing.T, members int, wrap func(bridgeapi.Store) bridgeapi.Store) *site {
	t.Helper()
	t.Parallel()
	db := testdb.New(t)
	db.WordPress(t)
	db.Jetonomy(t)
	if err := migrations.Up(t.Context(), db.DB, db.Prefix, nil); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return at }
	options, err := wpbridge.LoadOptions(t.Context(), db.DB, db.Prefix, wpbridge.OptionsConfig{Secret: secret, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	key, err := wpbridge.NewKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{DB: db, t: t, key: key, users: db.AddUsers(t, members, testdb.Trust(1))}
	wp := wpbridge.NewSite(db.DB, db.Prefix, options, wpbridge.SiteOptions{Now: now})
	s.store = mysqlstore.New(db.DB, db.Prefix, wp, richtext.Formatter{}, now)
	var store bridgeapi.Store = s.store
	if wrap != nil {
		store = wrap(store)
	}
	s.handler = bridgeapi.New(bridgeapi.Options{
		Store:     store,
		Oversight: oversight.New(s.store.Oversight()),
		Members:   directory{wp},
		About: func() bridgeapi.About {
			return bridgeapi.About{Version: "1.2.3", Site: testdb.SiteURL, Listen: "127.0.0.1:8787", ExtensionOn: true}
		},
		Verify: func(method, path string, header http.Header, body []byte) error {
			return wpbridge.VerifyRequest(options.Snapshot().Keys, method, path, header, body, now())
		},
		Refresh: func(context.Context) error { s.refreshed.Add(1); return nil },
		Now:     now,
		NoRoute: extension.NoRoute,
		Refused: func(*http.Request, error) { s.refused.Add(1) },
		Log:     func(*http.Request, error) { s.failed.Add(1) },
	})
	return s
}

// send sends a body with a header, and gives status and body of the answer.
func (s *site) send(method, name, body string, header http.Header) (int, string) {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), method, bridgeapi.Prefix+"/"+name, strings.NewReader(body))
	r.Header = header
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	text, err := io.ReadAll(w.Result().Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return w.Code, string(text)
}

// call is a call as the plugin makes it.
func (s *site) call(name, body string) (int, string) {
	s.t.Helper()
	return s.send("POST", name, body, wpbridge.SignRequest(s.key, "POST", bridgeapi.Path+"/"+name, at, []byte(body)))
}

// want makes a call and compares its answer, which is JSON.
func (s *site) want(name, body, want string) {
	s.t.Helper()
	status, got := s.call(name, body)
	if status != http.StatusOK {
		s.t.Errorf("%s %s: %d %s", name, body, status, got)
		return
	}
	var a, b any
	if err := json.Unmarshal([]byte(got), &a); err != nil {
		s.t.Fatalf("%s: %v in %s", name, err, got)
	}
	if err := json.Unmarshal([]byte(want), &b); err != nil {
		s.t.Fatalf("%v in %s", err, want)
	}
	if diff := cmp.Diff(b, a); diff != "" {
		s.t.Errorf("%s %s (-want +got)\n%s", name, body, diff)
	}
}

func (s *site) start(from uint64, to ...uint64) uint64 {
	s.t.Helper()
	c := messaging.StartCommand{Sender: from, Recipients: to, Content: messaging.Content{HTML: "<p>hello</p>", Plain: "hello", Preview: "hello"}}
	start := s.store.StartDirect
	if len(to) > 1 {
		start = func(ctx context.Context, c messaging.StartCommand) (messaging.Outcome, error) {
			return s.store.StartGroup(ctx, c, messaging.MaxGroup)
		}
	}
	o, err := start(s.t.Context(), c)
	if err != nil {
		s.t.Fatal(err)
	}
	return o.ConversationID
}

func (s *site) block(by, conversation uint64) {
	s.t.Helper()
	yes := true
	if _, err := s.store.SetBlocked(s.t.Context(), messaging.StateCommand{UserID: by, ConversationID: conversation, Value: &yes}); err != nil {
		s.t.Fatal(err)
	}
}

var names = []string{
	"poke", "status", "events/retry", "members/overview", "members/unblock", "members/export", "members/erase",
	"conversations/list", "conversations/purge",
}

// Without a good signature, nothing can be told from what is not there.
func TestOnlySignedCalls(t *testing.T) {
	s := newSite(t, 2, nil)
	s.block(s.users[0], s.start(s.users[0], s.users[1]))
	_, noRoute := s.send("GET", "unknown", "", http.Header{})
	other, err := wpbridge.NewKey(strings.Repeat("x", 40))
	if err != nil {
		t.Fatal(err)
	}
	body := fmt.Sprintf(`{"user_id":%d,"cursor":"","blocker_id":%d,"conversation_id":1,"admin_id":1}`, s.users[0], s.users[0])
	sign := func(key wpbridge.Key, name string, at time.Time, body string) http.Header {
		return wpbridge.SignRequest(key, "POST", bridgeapi.Path+"/"+name, at, []byte(body))
	}
	for _, name := range names {
		for what, header := range map[string]http.Header{
			"no signature": {},
			"another key":  sign(other, name, at, body),
			"another path": sign(s.key, "pok", at, body),
			"another body": sign(s.key, name, at, body+" "),
			"old":          sign(s.key, name, at.Add(-6*time.Minute), body),
			"from ahead":   sign(s.key, name, at.Add(6*time.Minute), body),
		} {
			if status, got := s.send("POST", name, body, header); status != http.StatusNotFound || got != noRoute {
				t.Errorf("%s, %s: %d %s", name, what, status, got)
			}
		}
		for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"} {
			header := wpbridge.SignRequest(s.key, method, bridgeapi.Path+"/"+name, at, []byte(body))
			if status, got := s.send(method, name, body, header); status != http.StatusNotFound || got != noRoute {
				t.Errorf("%s %s: %d %s", method, name, status, got)
			}
		}
		if status, got := s.call(name, `{"x":"`+strings.Repeat("a", 64<<10)+`"}`); status != http.StatusNotFound || got != noRoute {
			t.Errorf("%s, large body: %d %s", name, status, got)
		}
	}
	for _, name := range []string{"", "unknown", "members", "members/overview/", "members//overview", "Poke"} {
		if status, got := s.call(name, "{}"); status != http.StatusNotFound || got != noRoute {
			t.Errorf("%q: %d %s", name, status, got)
		}
	}
	if n := s.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_blocks`) + s.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_conversations`); n != 2 || s.refreshed.Load() != 0 {
		t.Error("a call without a signature did something")
	}
	if s.refused.Load() != int32(7*len(names)) {
		t.Errorf("%d refusals were told", s.refused.Load())
	}
}

func TestBadParameters(t *testing.T) {
	s := newSite(t, 1, nil)
	for _, test := range []struct{ name, body, code, param string }{
		{"status", `[]`, "rest_invalid_json", ""},
		{"status", `null`, "rest_invalid_json", ""},
		{"status", `{`, "rest_invalid_json", ""},
		{"status", `{} {}`, "rest_invalid_json", ""},
		{"status", "{\"a\":\"\xff\"}", "rest_invalid_json", ""},
		{"members/overview", ``, "rest_invalid_param", "user_id"},
		{"members/overview", `{"user_id":"1"}`, "rest_invalid_param", "user_id"},
		{"members/overview", `{"user_id":-1}`, "rest_invalid_param", "user_id"},
		{"members/overview", `{"user_id":1.5}`, "rest_invalid_param", "user_id"},
		{"members/overview", `{"user_id":18446744073709551616}`, "rest_invalid_param", "user_id"},
		{"members/erase", `{"user_id":0}`, "rest_invalid_param", "user_id"},
		{"members/unblock", `{"blocker_id":0,"blocked_id":0}`, "rest_invalid_param", "blocker_id"},
		{"members/export", `{"cursor":""}`, "rest_invalid_param", "user_id"},
		{"members/export", `{"user_id":1,"cursor":1}`, "rest_invalid_param", "cursor"},
		{"members/export", `{"user_id":1,"cursor":"2"}`, "rest_invalid_param", "cursor"},
		{"members/export", `{"user_id":1}`, "rest_invalid_param", "reason"},
		{"members/export", `{"user_id":1,"reason":"curiosity"}`, "rest_invalid_param", "reason"},
		{"members/export", `{"user_id":1,"reason":"other"}`, "rest_invalid_param", "note"},
		{"members/export", `{"user_id":1,"reason":"other","note":"` + strings.Repeat("a", 501) + `"}`, "rest_invalid_param", "note"},
		{"members/export", `{"user_id":1,"reason":"privacy_request","actor_id":999999}`, "rest_invalid_param", "actor_id"},
		{"members/export", `{"user_id":1,"reason":"privacy_request","actor_id":-1}`, "rest_invalid_param", "actor_id"},
		{"members/export", `{"user_id":1,"reason":"privacy_request","address":"somewhere"}`, "rest_invalid_param", "address"},
		{"members/export", `{"user_id":1,"reason":"privacy_request","address":"fe80::1%eth0"}`, "rest_invalid_param", "address"},
		{"members/export", `{"user_id":1,"reason":"privacy_request","address":7}`, "rest_invalid_param", "address"},
		{"conversations/list", `{"limit":0}`, "rest_invalid_param", "limit"},
		{"conversations/list", `{"limit":101}`, "rest_invalid_param", "limit"},
		{"conversations/list", `{"after":"x"}`, "rest_invalid_param", "after"},
		{"conversations/purge", `{"admin_id":1}`, "rest_invalid_param", "conversation_id"},
	} {
		status, body := s.call(test.name, test.body)
		var answer struct {
			Code, Message string
			Data          struct {
				Status int
				Params map[string]string
			}
		}
		if err := json.Unmarshal([]byte(body), &answer); err != nil || status != http.StatusBadRequest || answer.Data.Status != status ||
			answer.Code != test.code || answer.Message == "" || (test.param != "" && answer.Data.Params[test.param] == "") {
			t.Errorf("%s %s: %d %s", test.name, test.body, status, body)
		}
	}
	if s.failed.Load() != 0 {
		t.Error("a refusal was logged as a fault")
	}
	if n := s.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_access_log`); n != 0 {
		t.Errorf("%d rows in the access log of what was refused", n)
	}
}

func TestService(t *testing.T) {
	s := newSite(t, 2, nil)
	for _, body := range []string{"{}", ""} {
		if status, got := s.call("poke", body); status != http.StatusNoContent || got != "" {
			t.Errorf("poke: %d %s", status, got)
		}
	}
	if s.refreshed.Load() != 2 {
		t.Error("poke does not read the options")
	}
	head := fmt.Sprintf(`"version":"1.2.3","time":%d,"site":"http://site.test","extension_on":true,"listen":"127.0.0.1:8787"`, at.Unix())
	s.want("status", `{}`, `{`+head+`,"outbox":{"pending":0,"failing":0,"parked":0,"oldest_seconds":0,"last_delivered_at":null,"last_error":""},"erasures_held":0}`)

	s.start(s.users[0], s.users[1]) // conversation.created, message.sent
	s.Exec(t, `UPDATE {p}jt_sidecar_outbox SET created_at = ?`, at.Add(-time.Minute))
	last := s.Count(t, `SELECT MAX(id) FROM {p}jt_sidecar_outbox`)
	s.Exec(t, `INSERT INTO {p}jt_sidecar_failures (event_id, attempts, due_at, parked, error) VALUES (?, 11, ?, 1, 'no such hook')`, last, at)
	if err := s.store.Delivered(t.Context(), []uint64{99999}); err != nil {
		t.Fatal(err)
	}
	s.want("status", `{}`, fmt.Sprintf(`{%s,"outbox":{"pending":1,"failing":0,"parked":1,"oldest_seconds":60,"last_delivered_at":%d,"last_error":"no such hook"},"erasures_held":0}`, head, at.Unix()))
	s.Exec(t, `INSERT INTO {p}jt_sidecar_failures (event_id, attempts, due_at, parked, error) VALUES (?, 1, ?, 0, 'no answer')`, last-1, at)
	s.want("status", `{}`, fmt.Sprintf(`{%s,"outbox":{"pending":1,"failing":1,"parked":1,"oldest_seconds":60,"last_delivered_at":%d,"last_error":"no answer"},"erasures_held":0}`, head, at.Unix()))
	s.want("events/retry", `{}`, `{"retried":2}`)
	s.want("events/retry", `{}`, `{"retried":0}`)
}

func TestMembers(t *testing.T) {
	s := newSite(t, 3, nil)
	me, other, third := s.users[0], s.users[1], s.users[2]
	a, b := s.start(me, other), s.start(third, me)
	s.block(me, a)
	s.block(third, b)
	param := fmt.Sprintf(`{"user_id":%d}`, me)
	s.want("members/overview", param, fmt.Sprintf(`{"conversations":2,"messages":1,
		"blocks":[{"user_id":%d,"since":%d}],"block_count":1,"blocked_by":[{"user_id":%d,"since":%[2]d}],"blocked_by_count":1}`, other, at.Unix(), third))
	s.want("members/overview", `{"user_id":12345}`, `{"conversations":0,"messages":0,"blocks":[],"block_count":0,"blocked_by":[],"blocked_by_count":0}`)

	// One that was adopted.
	s.Exec(t, `UPDATE {p}jt_sidecar_blocks SET created_at = '1970-01-01 00:00:00' WHERE blocker_id = ?`, third)
	if _, got := s.call("members/overview", param); !strings.Contains(got, fmt.Sprintf(`"blocked_by":[{"user_id":%d,"since":0}]`, third)) {
		t.Errorf("a block of an unknown time: %s", got)
	}

	s.want("members/unblock", fmt.Sprintf(`{"blocker_id":%d,"blocked_id":%d}`, other, me), `{"removed":0,"done":true}`)
	s.want("members/unblock", fmt.Sprintf(`{"blocker_id":0,"blocked_id":%d}`, me), `{"removed":1,"done":true}`)
	s.want("members/erase", param, `{"removed":2,"done":true,"retained":0}`)
	s.want("members/erase", param, `{"removed":0,"done":true,"retained":0}`)
	if n := s.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages WHERE sender_id = ? AND content_plain <> 'Message deleted'`, me); n != 0 {
		t.Error("the text is still there")
	}
}

func TestConversations(t *testing.T) {
	s := newSite(t, 3, nil)
	direct, group := s.start(s.users[0], s.users[1]), s.start(s.users[2], s.users[:2]...)
	row := func(id uint64, kind string, participants ...uint64) string {
		list, _ := json.Marshal(participants)
		return fmt.Sprintf(`{"id":%d,"type":"%s","title":"","participants":%s,"message_count":1,"last_message_at":%d}`, id, kind, list, at.Unix())
	}
	first, second := row(direct, "direct", s.users[:2]...), row(group, "group", s.users...)
	s.want("conversations/list", `{}`, `{"conversations":[`+first+`,`+second+`],"next":0}`)
	s.want("conversations/list", `{"after":0,"limit":1}`, fmt.Sprintf(`{"conversations":[%s],"next":%d}`, first, direct))
	s.want("conversations/list", fmt.Sprintf(`{"after":%d,"limit":1}`, direct), `{"conversations":[`+second+`],"next":0}`)
	s.want("conversations/list", `{"after":99}`, `{"conversations":[],"next":0}`)

	purge := fmt.Sprintf(`{"conversation_id":%d,"admin_id":7}`, direct)
	s.Exec(t, `INSERT INTO {p}jt_sidecar_holds (conversation_id, since, user_id, reason) VALUES (?, NOW(), 7, 'court')`, direct)
	if status, got := s.call("conversations/purge", purge); status != http.StatusConflict || !strings.Contains(got, "jetonomy_conversation_held") {
		t.Errorf("under a hold: %d %s", status, got)
	}
	s.want("members/erase", fmt.Sprintf(`{"user_id":%d}`, s.users[0]), `{"removed":0,"done":true,"retained":1}`)
	if _, got := s.call("status", `{}`); !strings.Contains(got, `"erasures_held":1}`) {
		t.Errorf("status while an erasure waits for a hold: %s", got)
	}
	s.Exec(t, `DELETE FROM {p}jt_sidecar_holds`)
	s.want("conversations/purge", purge, `{"purged":true}`)
	s.want("conversations/purge", purge, `{"purged":false}`)
	s.want("conversations/purge", fmt.Sprintf(`{"conversation_id":%d}`, group), `{"purged":true}`) // from the command line
	for _, table := range []string{"jt_pro_conversations", "jt_pro_conversation_participants", "jt_pro_messages", "jt_sidecar_state WHERE name LIKE 'purge:%'"} {
		if n := s.Count(t, `SELECT COUNT(*) FROM {p}`+table); n != 0 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
	if n := s.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_outbox WHERE type = 'conversation.purged'`); n != 2 {
		t.Errorf("%d events, want one for each", n)
	}
}

// broken is a store whose sweep never works.
type broken struct{ bridgeapi.Store }

func (broken) SweepPurged(context.Context, int) (int64, error) {
	return 0, errors.New("Table 'secret' doesn't exist")
}

// What is left of a purge is done in the background; the conversation is gone all the same.
func TestPurgeWithoutSweep(t *testing.T) {
	s := newSite(t, 2, func(store bridgeapi.Store) bridgeapi.Store { return broken{store} })
	id := s.start(s.users[0], s.users[1])
	s.want("conversations/purge", fmt.Sprintf(`{"conversation_id":%d,"admin_id":1}`, id), `{"purged":true}`)
	if s.failed.Load() != 1 {
		t.Error("the failure was not logged")
	}
	if n, err := s.store.SweepPurged(t.Context(), 10); n != 1 || err != nil {
		t.Errorf("the background: %d, %v", n, err)
	}
}

// slow is a store that takes back two blocks a call, and then as many times nothing, or fails.
type slow struct {
	bridgeapi.Store
	calls atomic.Int32
	fails int32 // from this call on
}

func (s *slow) Unblock(context.Context, uint64, uint64) (int, bool, error) {
	n := s.calls.Add(1)
	switch {
	case n >= s.fails:
		return 0, false, errors.New("no connection")
	case n == 1:
		return 2, false, nil
	}
	return 0, false, nil
}

// What was taken back is told, whether more is left or it broke off.
func TestUnblockInParts(t *testing.T) {
	for _, test := range []struct {
		name   string
		fails  int32
		status int
		want   string
		faults int32
	}{
		{"there is more than a call may do", 1 << 30, http.StatusOK, `{"removed":2,"done":false}`, 0},
		{"it breaks off", 3, http.StatusOK, `{"removed":2,"done":false}`, 1},
		{"it never begins", 1, http.StatusInternalServerError, `"jetonomy_internal_error"`, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t, 1, func(store bridgeapi.Store) bridgeapi.Store { return &slow{Store: store, fails: test.fails} })
			status, got := s.call("members/unblock", `{"blocked_id":1}`)
			if status != test.status || !strings.Contains(got, test.want) || s.failed.Load() != test.faults {
				t.Errorf("%d %s, %d faults", status, got, s.failed.Load())
			}
		})
	}
}

// Tables that are gone have a name of their own: the owner can do something about it.
func TestNoTables(t *testing.T) {
	s := newSite(t, 1, nil)
	s.Exec(t, `DROP TABLE {p}jt_sidecar_outbox`)
	status, body := s.call("status", `{}`)
	if status != http.StatusServiceUnavailable || !strings.Contains(body, `"code":"jetonomy_sidecar_no_tables"`) || strings.Contains(body, "outbox") || s.failed.Load() != 1 {
		t.Errorf("%d %s, %d faults were logged", status, body, s.failed.Load())
	}
}

// A fault is told to the log, and to the plugin without a word of it.
func TestFaults(t *testing.T) {
	s := newSite(t, 1, nil)
	s.Exec(t, `ALTER TABLE {p}jt_sidecar_outbox DROP COLUMN created_at`)
	s.Exec(t, `ALTER TABLE {p}jt_sidecar_blocks DROP COLUMN created_at`)
	s.Exec(t, `ALTER TABLE {p}jt_sidecar_state DROP COLUMN value`)
	for _, test := range []struct{ name, body string }{
		{"status", `{}`}, {"members/overview", `{"user_id":1}`}, {"members/export", `{"user_id":1,"reason":"privacy_request"}`}, {"members/erase", `{"user_id":1}`},
	} {
		status, body := s.call(test.name, test.body)
		if status != http.StatusInternalServerError || strings.Contains(body, "jt_") || strings.Contains(body, "SELECT") || !strings.Contains(body, `"code":"jetonomy_internal_error"`) {
			t.Errorf("%s: %d %s", test.name, status, body)
		}
	}
	if s.failed.Load() != 4 {
		t.Errorf("%d faults were logged, want 4", s.failed.Load())
	}
}
