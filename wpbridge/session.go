package wpbridge

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/maypok86/otter/v2"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/wpbridge/phpserial"
)

// sessionKind says where a session is looked up.
type sessionKind int

const (
	sessionOperator sessionKind = iota // nowhere
	sessionCookie                      // user meta session_tokens
	sessionPassword                    // user meta _application_passwords
)

const (
	cookiePrefix   = "session:"
	passwordPrefix = "app:"
	maxSessionID   = 64 // bytes: SHA-256 in hexadecimal, longer than a UUID
)

func parseSession(sid string) (sessionKind, error) {
	kind, id := sessionOperator, ""
	switch {
	case sid == OperatorSession:
		return kind, nil
	case strings.HasPrefix(sid, cookiePrefix):
		kind, id = sessionCookie, sid[len(cookiePrefix):]
	case strings.HasPrefix(sid, passwordPrefix):
		kind, id = sessionPassword, sid[len(passwordPrefix):]
	}
	if id == "" || len(id) > maxSessionID {
		return kind, fmt.Errorf("session %.80q", sid)
	}
	return kind, nil
}

type sessionKey struct {
	userID uint64
	sid    string
}

// forever is the end of what has none.
var forever = time.Unix(1<<40, 0)

func (v *Verifier) checkSession(ctx context.Context, identity Identity) error {
	if identity.Session == "" || identity.Session == OperatorSession {
		return nil
	}
	ends, err := v.sessions.Get(ctx, sessionKey{identity.UserID, identity.Session}, otter.LoaderFunc[sessionKey, cached[time.Time]](v.loadSession))
	if err != nil {
		return fmt.Errorf("wpbridge: session of user %d: %w", identity.UserID, err)
	}
	if v.now().After(ends.value) {
		return fmt.Errorf("%w: user %d", ErrSessionEnded, identity.UserID)
	}
	return nil
}

// loadSession gives the time when a session ends; the zero time for one that is not there.
func (v *Verifier) loadSession(ctx context.Context, key sessionKey) (cached[time.Time], error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTimeout)
	defer cancel()
	now := v.now()
	kind, err := parseSession(key.sid)
	if err != nil {
		return cached[time.Time]{}, err
	}
	meta, find := "session_tokens", cookieSessionEnds
	if kind == sessionPassword {
		meta, find = "_application_passwords", passwordEnds
	}
	value, err := v.site.oldestMeta(ctx, key.userID, meta)
	if err != nil {
		return cached[time.Time]{}, err
	}
	return cached[time.Time]{find(value, key.sid), now}, nil
}

// cookieSessionEnds reads session_tokens: a map of the hashed session token to an array with its
// expiration, or, from old versions of WordPress, to the expiration alone.
func cookieSessionEnds(sessions phpserial.Value, sid string) time.Time {
	session := sessions.Get(strings.TrimPrefix(sid, cookiePrefix))
	if session.Kind() == phpserial.KindArray {
		session = session.Get("expiration")
	}
	if expiration := session.Int(); expiration > 0 {
		return time.Unix(min(expiration, forever.Unix()), 0)
	}
	return time.Time{}
}

// passwordEnds reads _application_passwords, a list of arrays with a uuid. They do not expire.
func passwordEnds(passwords phpserial.Value, sid string) time.Time {
	for _, password := range passwords.Entries() {
		if password.Value.Get("uuid").String() == strings.TrimPrefix(sid, passwordPrefix) {
			return forever
		}
	}
	return time.Time{}
}

// oldestMeta gives a serialized user meta as WordPress does: of several rows the oldest. What is missing
// or cannot be read is null.
func (s *Site) oldestMeta(ctx context.Context, userID uint64, key string) (phpserial.Value, error) {
	type row struct {
		id    uint64
		value string
	}
	// Neither ordered nor limited by the database, which would be tempted to walk through the primary key.
	rows, err := mysqldb.Query(ctx, s.db, func(scan mysqldb.Scanner) (row, error) {
		var r row
		err := scan.Scan(&r.id, orZero(&r.value))
		return r, err
	}, s.prefix.Expand("SELECT umeta_id, meta_value FROM {p}usermeta WHERE user_id = ? AND meta_key = ?"), userID, key)
	if err != nil || len(rows) == 0 {
		return phpserial.Value{}, err
	}
	oldest := rows[0]
	for _, r := range rows {
		if r.id < oldest.id {
			oldest = r
		}
	}
	value, err := phpserial.Decode(oldest.value)
	if err != nil {
		return phpserial.Value{}, nil
	}
	return value, nil
}
