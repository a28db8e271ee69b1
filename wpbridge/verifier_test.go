package wpbridge

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"jetonomy-sidecar/wpbridge/phpserial"
)

// tokenFixture is a fixture with a member, a session of theirs, and a key.
type tokenFixture struct {
	*fixture
	verifier *Verifier
	key      Key
	member1  uint64
}

const sessionHash = "d7e83e28a04b537e64424546b14caf9b67bad2f28dabce68116e0d372319fa00"

func newTokenFixture(t *testing.T) *tokenFixture {
	t.Helper()
	f := &tokenFixture{fixture: newFixture(t), key: mustKey(t, secretA)}
	f.setPHP(t, "jetonomy_sidecar_keys", map[string]any{"current": map[string]any{"secret": secretA}})
	f.refresh(t)
	f.verifier = NewVerifier(f.site, VerifierConfig{Now: f.clock.Now})
	f.member1 = f.AddUsers(t, 1)[0]
	f.setSession(t, f.clock.Now().Add(time.Hour))
	return f
}

// setSession makes member1's only session.
func (f *tokenFixture) setSession(t *testing.T, expiration time.Time) {
	t.Helper()
	f.setMeta(t, f.member1, "session_tokens", phpserial.Encode(map[string]any{
		sessionHash: map[string]any{"expiration": expiration.Unix(), "ip": "192.0.2.1", "ua": "browser", "login": expiration.Unix()},
	}))
}

func (f *tokenFixture) mint(t *testing.T, user uint64, sid string) string {
	t.Helper()
	token, err := Mint(f.key, Claims{
		Issuer: f.options.Snapshot().Home, UserID: user, Session: sid,
		IssuedAt: f.clock.Now(), ExpiresAt: f.clock.Now().Add(TokenLifetime),
	})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (f *tokenFixture) verify(t *testing.T, token string) error {
	t.Helper()
	_, err := f.verifier.Verify(t.Context(), token)
	return err
}

func TestVerify(t *testing.T) {
	t.Parallel()
	f := newTokenFixture(t)
	got, err := f.verifier.Verify(t.Context(), f.mint(t, f.member1, "session:"+sessionHash))
	want := Identity{UserID: f.member1, Session: "session:" + sessionHash, ExpiresAt: got.ExpiresAt, Key: f.key.ID()}
	if err != nil || got != want || !got.ExpiresAt.Equal(f.clock.Now().Add(TokenLifetime)) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	if err := f.verify(t, ""); !errors.Is(err, ErrNoToken) {
		t.Errorf("no token: %v", err)
	}
	if err := f.verify(t, strings.Repeat("a", maxTokenBytes+1)); !errors.Is(err, ErrInvalidToken) {
		t.Errorf("too long: %v", err)
	}
	if err := f.verify(t, f.mint(t, f.member1+100, OperatorSession)); !errors.Is(err, ErrSessionEnded) {
		t.Errorf("unknown user: %v", err)
	}
}

func TestSessions(t *testing.T) {
	t.Parallel()
	f := newTokenFixture(t)
	hour := f.clock.Now().Add(time.Hour).Unix()
	const uuid = "0b5ee53e-6b5c-4ba8-9e6e-1a2b3c4d5e6f"
	session := func(entry any) string { return phpserial.Encode(map[string]any{"other": 1, sessionHash: entry}) }
	passwords := func(uuids ...any) string {
		var list []any
		for _, id := range uuids {
			list = append(list, map[string]any{"uuid": id, "name": "app", "password": "$generic$x"})
		}
		return phpserial.Encode(list)
	}
	for _, tt := range []struct {
		name, meta, value, sid string
		good                   bool
	}{
		{"session", "session_tokens", session(map[string]any{"expiration": hour}), "session:" + sessionHash, true},
		{"session of an old WordPress", "session_tokens", session(hour), "session:" + sessionHash, true},
		{"session that is over", "session_tokens", session(map[string]any{"expiration": f.clock.Now().Unix() - 1}), "session:" + sessionHash, false},
		{"session until this second", "session_tokens", session(map[string]any{"expiration": f.clock.Now().Unix()}), "session:" + sessionHash, true},
		{"session without expiration", "session_tokens", session(map[string]any{"ip": "x"}), "session:" + sessionHash, false},
		{"session with a huge expiration", "session_tokens", session(map[string]any{"expiration": int64(1) << 62}), "session:" + sessionHash, true},
		{"another session", "session_tokens", session(map[string]any{"expiration": hour}), "session:" + strings.Repeat("a", 64), false},
		{"no session", "session_tokens", phpserial.Encode([]any{}), "session:" + sessionHash, false},
		{"unreadable sessions", "session_tokens", "a:1:{", "session:" + sessionHash, false},
		{"session as a password", "session_tokens", session(map[string]any{"expiration": hour}), "app:" + sessionHash, false},
		{"application password", "_application_passwords", passwords("x", uuid), "app:" + uuid, true},
		{"revoked application password", "_application_passwords", passwords("x"), "app:" + uuid, false},
		{"application passwords of a wrong kind", "_application_passwords", passwords(nil, true, 7), "app:" + uuid, false},
		{"unreadable application passwords", "_application_passwords", "text", "app:" + uuid, false},
		{"operator", "unused", "", OperatorSession, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			user := f.AddUsers(t, 1)[0]
			f.setMeta(t, user, tt.meta, tt.value)
			err := f.verify(t, f.mint(t, user, tt.sid))
			if tt.good && err != nil || !tt.good && !errors.Is(err, ErrSessionEnded) {
				t.Errorf("good %v: %v", tt.good, err)
			}
		})
	}
	if err := f.verify(t, f.mint(t, f.AddUsers(t, 1)[0], "session:"+sessionHash)); !errors.Is(err, ErrSessionEnded) {
		t.Errorf("session of somebody else: %v", err)
	}
}

// TestTokenDiesWithinSeconds: whatever ends a token does so within 5 seconds of the clock, also for a
// token that is in constant use.
func TestTokenDiesWithinSeconds(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		end  func(*tokenFixture, *testing.T)
		want error
	}{
		"session is destroyed": {func(f *tokenFixture, t *testing.T) {
			f.Exec(t, "DELETE FROM {p}usermeta WHERE meta_key = 'session_tokens'")
		}, ErrSessionEnded},
		"user is deleted": {func(f *tokenFixture, t *testing.T) {
			f.Exec(t, "DELETE FROM {p}users")
		}, ErrSessionEnded},
		"user is banned": {func(f *tokenFixture, t *testing.T) {
			f.restrict(t, f.member1, "global_ban", nil)
		}, ErrBanned},
		"key is replaced": {func(f *tokenFixture, t *testing.T) {
			f.setPHP(t, "jetonomy_sidecar_keys", map[string]any{"current": map[string]any{"secret": secretB}})
		}, ErrInvalidToken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newTokenFixture(t)
			token := f.mint(t, f.member1, "session:"+sessionHash)
			if err := f.verify(t, token); err != nil {
				t.Fatal(err)
			}
			tt.end(f, t)
			var err error
			for range 5 * 4 { // 5 seconds, one use each quarter, one poll of the options every 2 seconds
				f.clock.Advance(250 * time.Millisecond)
				if f.clock.Now().UnixMilli()%2000 == 0 {
					f.refresh(t)
				}
				err = f.verify(t, token)
			}
			if !errors.Is(err, tt.want) {
				t.Errorf("after 5 seconds: %v, want %v", err, tt.want)
			}
		})
	}
}

// TestNewSessionIsGoodAtOnce: the member may have been read a moment before they signed in.
func TestNewSessionIsGoodAtOnce(t *testing.T) {
	t.Parallel()
	f := newTokenFixture(t)
	if err := f.verify(t, f.mint(t, f.member1, "session:"+sessionHash)); err != nil {
		t.Fatal(err)
	}
	second := strings.Repeat("a", 64)
	hour := map[string]any{"expiration": f.clock.Now().Add(time.Hour).Unix()}
	f.setMeta(t, f.member1, "session_tokens", phpserial.Encode(map[string]any{sessionHash: hour, second: hour}))
	if err := f.verify(t, f.mint(t, f.member1, "session:"+second)); err != nil {
		t.Errorf("a session of this moment: %v", err)
	}
}

func TestSilencedMembersMayStillRead(t *testing.T) {
	t.Parallel()
	f := newTokenFixture(t)
	f.restrict(t, f.member1, "silence", nil)
	if err := f.verify(t, f.mint(t, f.member1, "session:"+sessionHash)); err != nil {
		t.Error(err)
	}
}

func TestTokenTimes(t *testing.T) {
	t.Parallel()
	f := newTokenFixture(t)
	token := f.mint(t, f.member1, OperatorSession)
	f.clock.Advance(TokenLifetime + tokenLeeway - time.Second)
	if err := f.verify(t, token); err != nil {
		t.Errorf("within the leeway: %v", err)
	}
	f.clock.Advance(2 * time.Second)
	if err := f.verify(t, token); !errors.Is(err, ErrExpired) {
		t.Errorf("a token that was in the cache: %v", err)
	}
}

func TestPreviousKey(t *testing.T) {
	t.Parallel()
	f := newTokenFixture(t)
	token := f.mint(t, f.member1, OperatorSession)
	f.setPHP(t, "jetonomy_sidecar_keys", map[string]any{
		"current":  map[string]any{"secret": secretB},
		"previous": map[string]any{"secret": secretA, "until": int(f.clock.Now().Unix()) + 60},
	})
	f.refresh(t)
	if err := f.verify(t, token); err != nil {
		t.Errorf("previous key: %v", err)
	}
	f.clock.Advance(time.Minute)
	if err := f.verify(t, token); !errors.Is(err, ErrInvalidToken) {
		t.Errorf("previous key past its time, token in the cache: %v", err)
	}
}

func TestKnownTokenTakesNoStatement(t *testing.T) {
	t.Parallel()
	f := newTokenFixture(t)
	token := f.mint(t, f.member1, "session:"+sessionHash)
	f.trace.Take()
	var callers sync.WaitGroup
	for range 30 {
		callers.Go(func() {
			if _, err := f.verifier.Verify(t.Context(), token); err != nil {
				t.Error(err)
			}
		})
	}
	callers.Wait()
	if n := len(f.trace.Take()); n != 3 {
		t.Errorf("30 callers with a new token took %d statements, want 3", n)
	}
	if err := f.verify(t, token); err != nil {
		t.Error(err)
	}
	if n := len(f.trace.Take()); n != 0 {
		t.Errorf("a known token took %d statements", n)
	}
}

func TestDatabaseFaultIsNoRefusal(t *testing.T) {
	t.Parallel()
	f := newTokenFixture(t)
	token := f.mint(t, f.member1, "session:"+sessionHash)
	f.Exec(t, "RENAME TABLE {p}usermeta TO {p}usermeta_away")
	err := f.verify(t, token)
	for _, refusal := range []error{ErrNoToken, ErrInvalidToken, ErrExpired, ErrSessionEnded, ErrBanned} {
		if err == nil || errors.Is(err, refusal) {
			t.Errorf("error %v", err)
		}
	}
	f.Exec(t, "RENAME TABLE {p}usermeta_away TO {p}usermeta")
	if err := f.verify(t, token); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestBearer(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"Bearer abc": "abc", "bearer abc": "abc", "BEARER  abc ": "abc", "Basic abc": "", "Bearer": "", "abc": "", "": "",
	} {
		if got := Bearer(http.Header{"Authorization": {header}}); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
}

func TestMintWithoutKey(t *testing.T) {
	t.Parallel()
	if _, err := Mint(Key{}, Claims{}); err == nil {
		t.Error("minted without a key")
	}
}

// FuzzVerify: no text without a valid signature is believed, and none makes the verifier panic.
func FuzzVerify(f *testing.F) {
	v := readVectors(f)
	good := map[string]bool{}
	for _, token := range append(v.Tokens, v.JWTAuthTokens...) {
		good[token.Token] = true
		f.Add(token.Token)
	}
	for _, token := range v.RefusedTokens {
		f.Add(token.Token)
	}
	snapshot := v.snapshot(f)
	verifier := v.offline(f, snapshot, v.JWTAuthSecret)
	f.Fuzz(func(t *testing.T, token string) {
		identity, err := verifier.prove(token)
		if err == nil && !good[token] {
			t.Errorf("believed: %+v", identity)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	v := readVectors(b)
	verifier := v.offline(b, v.snapshot(b), "")
	token := v.Tokens[0].Token
	b.Run("known", func(b *testing.B) {
		for b.Loop() {
			if _, err := verifier.prove(token); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			if _, err := verifier.parse(token, verifier.site.options.Snapshot(), v.time()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func TestSignature(t *testing.T) {
	t.Parallel()
	clock := newFakeClock()
	a, b := mustKey(t, secretA), mustKey(t, secretB)
	keys := Keyring{Current: a, Previous: b, PreviousUntil: clock.Now().Add(time.Minute)}
	const method, path = "POST", "/jetonomy-sidecar/v1/poke"
	body := []byte(`{"id":1}`)

	check := func(name string, want error, header http.Header, method, path string, body []byte, now time.Time) {
		t.Helper()
		if err := VerifyRequest(keys, method, path, header, body, now); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	now := clock.Now()
	header := SignRequest(a, method, path, now, body)
	check("good", nil, header, method, path, body, now)
	check("previous key", nil, SignRequest(b, method, path, now, body), method, path, body, now)
	check("previous key past its time", ErrBadSignature, SignRequest(b, method, path, now, body), method, path, body, now.Add(time.Minute))
	check("5 minutes old", nil, header, method, path, body, now.Add(300*time.Second))
	check("older", ErrBadSignature, header, method, path, body, now.Add(301*time.Second))
	check("5 minutes ahead", nil, header, method, path, body, now.Add(-300*time.Second))
	check("further ahead", ErrBadSignature, header, method, path, body, now.Add(-301*time.Second))
	check("another method", ErrBadSignature, header, "PUT", path, body, now)
	check("another path", ErrBadSignature, header, method, path+"/", body, now)
	check("another body", ErrBadSignature, header, method, path, []byte(`{"id":2}`), now)
	check("no headers", ErrBadSignature, http.Header{}, method, path, body, now)
	for name, value := range map[string]string{
		headerKey: b.ID(), headerTimestamp: fmt.Sprint(now.Unix() + 1), headerSignature: strings.Repeat("0", 64),
	} {
		changed := header.Clone()
		changed.Set(name, value)
		check("another "+name, ErrBadSignature, changed, method, path, body, now)
		for _, value := range []string{"", "x", "-9223372036854775808", strings.Repeat("9", 30)} {
			changed.Set(name, value)
			check(name+" "+value, ErrBadSignature, changed, method, path, body, now)
		}
	}
	if err := VerifyRequest(Keyring{}, method, path, SignRequest(Key{}, method, path, now, body), body, now); !errors.Is(err, ErrBadSignature) {
		t.Errorf("no key on both sides: %v", err)
	}
}
