package wpbridge

import (
	"context"
	"slices"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/wpbridge/phpserial"
)

const maxTrust = 5

// Member is a [Profile] with what the rules ask of the member.
type Member struct {
	Profile

	// TrustLevel is 0 to 5. A member that Jetonomy has no profile of has 0; on a site without Jetonomy
	// everybody has the setting trust_without_jetonomy, 1 by default.
	TrustLevel int

	Administrator bool // capability manage_options: may do everything
	Moderator     bool // capability jetonomy_moderate
	ManageUsers   bool // capability jetonomy_manage_users

	Banned   bool // an unexpired restriction global_ban
	Silenced bool // an unexpired restriction silence

	PendingVerification bool // has not confirmed the e-mail address

	sessions map[string]time.Time // by the claim sid: when each session ends; application passwords do not
}

func clampTrust(level int) int { return min(max(level, 0), maxTrust) }

// readMembers reads the members of ids that exist, in 3 statements at most. snapshot says which tables
// there are.
func (s *Site) readMembers(ctx context.Context, snapshot *Snapshot, ids []uint64) (map[uint64]*Member, error) {
	in, args := idList(ids)
	members, err := s.readUsers(ctx, snapshot, in, args)
	if err != nil || len(members) == 0 {
		return members, err
	}
	if err := s.readMeta(ctx, snapshot, members, in, args); err != nil {
		return nil, err
	}
	if snapshot.Jetonomy.Restrictions {
		if err := s.readRestrictions(ctx, members, in, args); err != nil {
			return nil, err
		}
	}
	return members, nil
}

// idList makes the IN list of ids, which must not be empty, and its arguments.
func idList(ids []uint64) (in string, args []any) {
	args = make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	return "(" + mysqldb.Placeholders(len(ids)) + ")", args
}

func (s *Site) readUsers(ctx context.Context, snapshot *Snapshot, in string, args []any) (map[uint64]*Member, error) {
	trust := "0"
	if snapshot.Jetonomy.Profiles {
		trust = "u_jt.trust_level"
	}
	query := "SELECT " + profileColumns("u", snapshot.Jetonomy) + ", " + trust +
		" FROM {p}users u " + profileJoin("u", snapshot.Jetonomy) + " WHERE u.ID IN " + in
	rows, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (*Member, error) {
		m := new(Member)
		err := row.Scan(append(m.dest(snapshot), orZero(&m.TrustLevel))...)
		m.TrustLevel = clampTrust(m.TrustLevel)
		if !snapshot.Jetonomy.Profiles {
			m.TrustLevel = snapshot.trustWithoutJetonomy()
		}
		return m, err
	}, s.prefix.Expand(query), args...)
	if err != nil {
		return nil, err
	}
	members := make(map[uint64]*Member, len(rows))
	for _, m := range rows {
		members[m.ID] = m
	}
	return members, nil
}

type userMeta struct {
	userID     uint64
	key, value string
}

func scanUserMeta(row mysqldb.Scanner) (userMeta, error) {
	var m userMeta
	err := row.Scan(&m.userID, orZero(&m.key), orZero(&m.value))
	return m, err
}

func (s *Site) readMeta(ctx context.Context, snapshot *Snapshot, members map[uint64]*Member, in string, args []any) error {
	capabilities := string(s.prefix) + "capabilities"
	// Newest first: of a key that is there twice WordPress takes the oldest row, which is here the last to say.
	rows, err := mysqldb.Query(ctx, s.db, scanUserMeta,
		s.prefix.Expand("SELECT user_id, meta_key, meta_value FROM {p}usermeta WHERE user_id IN "+in+
			" AND meta_key IN (?, ?, ?, ?) ORDER BY umeta_id DESC"),
		append(slices.Clip(args), capabilities, metaPendingVerification, metaSessions, metaPasswords)...)
	if err != nil {
		return err
	}
	for _, meta := range rows {
		m := members[meta.userID]
		switch {
		case m == nil:
		case meta.key == metaPendingVerification:
			m.PendingVerification = true
		case meta.key == metaSessions, meta.key == metaPasswords:
			m.readSessions(meta)
		case meta.key == capabilities:
			granted, _ := phpserial.Decode(meta.value) // what cannot be read grants nothing, as in WordPress
			m.Administrator = snapshot.roles.can(granted, capManageOptions)
			m.Moderator = snapshot.roles.can(granted, capModerate)
			m.ManageUsers = snapshot.roles.can(granted, capManageUsers)
		}
	}
	return nil
}

// restriction is a row of jt_restrictions.
type restriction struct {
	userID  uint64
	kind    string
	expires time.Time // UTC; zero for ever
}

func (r restriction) active(now time.Time) bool {
	return r.expires.IsZero() || r.expires.After(now)
}

func scanRestriction(row mysqldb.Scanner) (restriction, error) {
	var r restriction
	err := row.Scan(&r.userID, &r.kind, orZero(&r.expires))
	return r, err
}

func (s *Site) readRestrictions(ctx context.Context, members map[uint64]*Member, in string, args []any) error {
	rows, err := mysqldb.Query(ctx, s.db, scanRestriction,
		s.prefix.Expand("SELECT user_id, type, expires_at FROM {p}jt_restrictions WHERE user_id IN "+in+
			" AND type IN ('global_ban', 'silence')"), args...)
	if err != nil {
		return err
	}
	now := s.now()
	for _, r := range rows {
		m := members[r.userID]
		if m == nil || !r.active(now) {
			continue
		}
		m.Banned = m.Banned || r.kind == "global_ban"
		m.Silenced = m.Silenced || r.kind == "silence"
	}
	return nil
}
