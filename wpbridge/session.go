package wpbridge

import (
	"fmt"
	"strings"
	"time"

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

// forever is the end of what has none.
var forever = time.Unix(1<<40, 0)

// inSession says whether a member still has the session, or the application password, of an identity.
func (v *Verifier) inSession(identity Identity, member Member) bool {
	if identity.Session == "" || identity.Session == OperatorSession {
		return true
	}
	ends, ok := member.sessions[identity.Session]
	return ok && !v.now().After(ends)
}

const (
	metaSessions  = "session_tokens"
	metaPasswords = "_application_passwords"
)

// readSessions takes over what one meta says of the member's sessions, in place of what a newer row of the same meta
// said. What cannot be read has none.
func (m *Member) readSessions(meta userMeta) {
	prefix := cookiePrefix
	if meta.key == metaPasswords {
		prefix = passwordPrefix
	}
	for sid := range m.sessions {
		if strings.HasPrefix(sid, prefix) {
			delete(m.sessions, sid)
		}
	}
	value, err := phpserial.Decode(meta.value)
	if err != nil {
		return
	}
	if m.sessions == nil {
		m.sessions = make(map[string]time.Time)
	}
	for _, e := range value.Entries() {
		if meta.key == metaPasswords {
			m.sessions[prefix+e.Value.Get("uuid").String()] = forever
			continue
		}
		// An array with its expiration, or, from old versions of WordPress, the expiration alone.
		session := e.Value
		if session.Kind() == phpserial.KindArray {
			session = session.Get("expiration")
		}
		if expiration := session.Int(); expiration > 0 {
			m.sessions[prefix+e.Key.String()] = time.Unix(min(expiration, forever.Unix()), 0)
		}
	}
}
