package mysqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging/oversight"
)

// Rows of jt_sidecar_state.
const (
	stateRolled = "statistics" // how far messages are counted
	stateCensus = "census"     // the census under way
	stateTotals = "totals"     // what the last whole one found
)

const (
	// settled is after which time no transaction can be under way any more that was given its message's id:
	// what has a lower id is there by then, or never will be.
	settled = time.Minute

	// statisticsDays is how many days are shown, and how long ago somebody counts as active.
	statisticsDays = 30

	// dailyLifetime is how long days are kept.
	dailyLifetime = 90 * 24 * time.Hour
)

// rolled is how far messages are counted by day and sender. Between runs it is in jt_sidecar_state.
type rolled struct {
	UpTo    uint64    `json:"up_to"`   // every message up to this id is counted
	Ceiling uint64    `json:"ceiling"` // the newest id at Seen
	Seen    time.Time `json:"seen"`
	Since   time.Time `json:"since"` // of the oldest message that was counted; of the days before nothing is known
	AsOf    time.Time `json:"as_of"` // what was there then is counted; zero before the first time
}

// note says so where all is counted that was there at Seen.
func (r *rolled) note() {
	if r.UpTo >= r.Ceiling {
		r.AsOf = r.Seen
	}
}

// RollStatistics counts at most limit new messages and says how many there were; with fewer than limit there
// is nothing more to count for now. On a site that has messages already it begins with those of the last 30
// days. Safe to run from several processes at once: they take turns, and each message counts once.
func (s *Store) RollStatistics(ctx context.Context, limit int) (int64, error) {
	if err := s.startRolling(ctx); err != nil {
		return 0, err
	}
	n := int64(0)
	err := mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) error {
		n = 0
		var r rolled
		if err := s.lockState(ctx, tx, stateRolled, &r); err != nil {
			return err
		}
		if r.UpTo >= r.Ceiling && s.clock().Sub(r.Seen) >= settled {
			newest, err := mysqldb.QueryRow(ctx, tx, mysqldb.Value[uint64], s.prefix.Expand(
				`SELECT COALESCE(MAX(id), 0) FROM {p}jt_pro_messages`))
			if err != nil {
				return fmt.Errorf("mysqlstore: newest message: %w", err)
			}
			r.Ceiling, r.Seen = newest, s.clock()
			r.note()
			return s.putState(ctx, tx, stateRolled, r)
		}
		if r.UpTo >= r.Ceiling || s.clock().Sub(r.Seen) < settled {
			return nil
		}
		counted, upTo, err := s.roll(ctx, tx, r, limit)
		if err != nil {
			return err
		}
		if n = counted; n < int64(limit) {
			upTo = r.Ceiling
		}
		r.UpTo = upTo
		r.note()
		return s.putState(ctx, tx, stateRolled, r)
	})
	return n, err
}

// startRolling finds where to begin, once. The look-ups are outside of any transaction.
func (s *Store) startRolling(ctx context.Context) error {
	value, err := s.state(ctx, stateRolled)
	if err != nil || value != "" {
		return err
	}
	// Whole days, so that the first one is counted whole.
	since := s.clock().Truncate(24*time.Hour).AddDate(0, 0, -statisticsDays)
	first, err := s.firstMessage(ctx, since, "WHERE")
	if err != nil {
		return err
	}
	r := rolled{Since: since}
	if first > 0 {
		r.UpTo = first - 1
	} else if r.UpTo, err = mysqldb.QueryRow(ctx, s.db, mysqldb.Value[uint64], s.prefix.Expand(
		`SELECT COALESCE(MAX(id), 0) FROM {p}jt_pro_messages`)); err != nil {
		return fmt.Errorf("mysqlstore: newest message: %w", err)
	}
	text, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("mysqlstore: start of statistics: %w", err)
	}
	_, err = s.exec(ctx, s.db, "start statistics", `INSERT IGNORE INTO {p}jt_sidecar_state (name, value) VALUES (?, ?)`, stateRolled, string(text))
	return err
}

// roll counts the next limit messages up to the ceiling, and says how many there were and which was the last.
func (s *Store) roll(ctx context.Context, tx *sql.Tx, r rolled, limit int) (n int64, upTo uint64, err error) {
	type message struct {
		id, sender uint64
		at         sql.NullTime
		system     bool
	}
	list, err := mysqldb.Query(ctx, tx, func(row mysqldb.Scanner) (message, error) {
		var m message
		err := row.Scan(&m.id, &m.sender, &m.at, &m.system)
		return m, err
	}, s.prefix.Expand(`
		SELECT id, COALESCE(sender_id, 0), created_at, COALESCE(is_system <> 0, 0)
		FROM {p}jt_pro_messages WHERE id > ? AND id <= ? ORDER BY id LIMIT ?`), r.UpTo, r.Ceiling, limit)
	if err != nil {
		return 0, 0, fmt.Errorf("mysqlstore: messages behind %d: %w", r.UpTo, err)
	}
	days, senders := make(map[time.Time]int), make(map[uint64]time.Time)
	for _, m := range list {
		upTo = m.id
		if m.system || m.at.Time.Before(r.Since) {
			continue
		}
		days[m.at.Time.Truncate(24*time.Hour)]++
		if m.at.Time.After(senders[m.sender]) {
			senders[m.sender] = m.at.Time
		}
	}
	for day, count := range days {
		if _, err := s.exec(ctx, tx, "count messages", `
			INSERT INTO {p}jt_sidecar_daily (day, messages) VALUES (?, ?)
			ON DUPLICATE KEY UPDATE messages = messages + VALUES(messages)`, day.Format(time.DateOnly), count); err != nil {
			return 0, 0, err
		}
	}
	for sender, at := range senders {
		if _, err := s.exec(ctx, tx, "note sender", `
			INSERT INTO {p}jt_sidecar_senders (user_id, sent_at) VALUES (?, ?)
			ON DUPLICATE KEY UPDATE sent_at = GREATEST(sent_at, VALUES(sent_at))`, sender, at); err != nil {
			return 0, 0, err
		}
	}
	return int64(len(list)), upTo, nil
}

// ForgetStatistics deletes at most limit days and senders that are shown no more, and says how many there were.
func (s *Store) ForgetStatistics(ctx context.Context, limit int) (int64, error) {
	total := int64(0)
	for _, q := range []struct {
		query  string
		before time.Time
	}{
		{`DELETE FROM {p}jt_sidecar_daily WHERE day < ? ORDER BY day LIMIT ?`, s.clock().Add(-dailyLifetime)},
		{`DELETE FROM {p}jt_sidecar_senders WHERE sent_at < ? ORDER BY sent_at LIMIT ?`, s.clock().AddDate(0, 0, -statisticsDays-1)},
	} {
		res, err := s.exec(ctx, s.db, "forget statistics", q.query, q.before, limit)
		if err != nil {
			return total, err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return total, fmt.Errorf("mysqlstore: forget statistics: %w", err)
		}
		total = max(total, n)
	}
	return total, nil
}

// census is a count of everything, batch by batch: first conversations, then places in them.
type census struct {
	After         uint64 `json:"after"` // conversation
	Conversations int    `json:"conversations"`
	Messages      int    `json:"messages"`
	Places        int    `json:"places"`
	Unread        int    `json:"unread"`

	At time.Time `json:"at"` // when it began
}

// TakeCensus goes on with the count of all conversations, messages and places by at most limit conversations,
// and says how many there were; with fewer than limit there is nothing more to count for now. A whole count
// begins again after a time that grows with what there is: ten seconds, and an hour more for each million of
// conversations, but a day at most. Safe to run from several processes at once.
func (s *Store) TakeCensus(ctx context.Context, limit int) (int64, error) {
	n := int64(0)
	err := mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) error {
		n = 0
		var c, last census
		if err := s.lockState(ctx, tx, stateCensus, &c); err != nil {
			return err
		}
		if c.At.IsZero() {
			if err := s.lockState(ctx, tx, stateTotals, &last); err != nil {
				return err
			}
			pause := 10*time.Second + time.Duration(float64(last.Conversations)/1e6*float64(time.Hour))
			if s.clock().Sub(last.At) < min(pause, 24*time.Hour) {
				return nil
			}
			c.At = s.clock()
		}
		ended, err := s.count(ctx, tx, &c, limit, &n)
		if err != nil {
			return err
		}
		if ended {
			if err := s.putState(ctx, tx, stateTotals, c); err != nil {
				return err
			}
			c = census{}
		}
		return s.putState(ctx, tx, stateCensus, c)
	})
	return n, err
}

// count adds the next limit conversations to c and says whether they were the last.
func (s *Store) count(ctx context.Context, tx *sql.Tx, c *census, limit int, n *int64) (ended bool, err error) {
	var last uint64
	var conversations, messages int
	if _, err = mysqldb.QueryRow(ctx, tx, func(row mysqldb.Scanner) (struct{}, error) {
		return struct{}{}, row.Scan(&conversations, &messages, &last)
	}, s.prefix.Expand(`
		SELECT COUNT(*), COALESCE(SUM(message_count), 0), COALESCE(MAX(id), 0) FROM (
			SELECT id, message_count FROM {p}jt_pro_conversations FORCE INDEX (PRIMARY) WHERE id > ? ORDER BY id LIMIT ?
		) batch`), c.After, limit); err != nil {
		return false, fmt.Errorf("mysqlstore: census behind conversation %d: %w", c.After, err)
	}
	if conversations > 0 {
		var places, unread int
		if _, err = mysqldb.QueryRow(ctx, tx, func(row mysqldb.Scanner) (struct{}, error) {
			return struct{}{}, row.Scan(&places, &unread)
		}, s.prefix.Expand(`
			SELECT COUNT(*), COALESCE(SUM(jts_unread = 1), 0) FROM {p}jt_pro_conversation_participants
			WHERE conversation_id > ? AND conversation_id <= ? AND jts_folder <> 0`), c.After, last); err != nil {
			return false, fmt.Errorf("mysqlstore: census of places behind conversation %d: %w", c.After, err)
		}
		c.Conversations += conversations
		c.Messages += messages
		c.Places += places
		c.Unread += unread
		c.After = last
	}
	*n = int64(conversations)
	return conversations < limit, nil
}

// lockState reads a row of jt_sidecar_state into v under lock, and makes it where there is none.
func (s *Store) lockState(ctx context.Context, tx *sql.Tx, name string, v any) error {
	const query = `SELECT value FROM {p}jt_sidecar_state WHERE name = ? FOR UPDATE`
	values, err := mysqldb.Query(ctx, tx, mysqldb.Value[string], s.prefix.Expand(query), name)
	if err == nil && len(values) == 0 {
		if _, err = s.exec(ctx, tx, "make "+name, `INSERT IGNORE INTO {p}jt_sidecar_state (name, value) VALUES (?, '')`, name); err != nil {
			return err
		}
		values, err = mysqldb.Query(ctx, tx, mysqldb.Value[string], s.prefix.Expand(query), name)
	}
	if err != nil {
		return fmt.Errorf("mysqlstore: lock %s: %w", name, err)
	}
	if len(values) == 0 || values[0] == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(values[0]), v); err != nil {
		return fmt.Errorf("mysqlstore: %s: %w", name, err)
	}
	return nil
}

// readState reads a row of jt_sidecar_state into v, which stays as it is where there is none.
func (s *Store) readState(ctx context.Context, name string, v any) error {
	value, err := s.state(ctx, name)
	if err != nil || value == "" {
		return err
	}
	if err := json.Unmarshal([]byte(value), v); err != nil {
		return fmt.Errorf("mysqlstore: %s: %w", name, err)
	}
	return nil
}

func (s *Store) putState(ctx context.Context, tx *sql.Tx, name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("mysqlstore: %s: %w", name, err)
	}
	_, err = s.exec(ctx, tx, "keep "+name, `UPDATE {p}jt_sidecar_state SET value = ? WHERE name = ?`, string(text), name)
	return err
}

// Glance implements oversight.Store. Days are UTC's.
func (o *Oversight) Glance(ctx context.Context) (oversight.Glance, error) {
	s := o.store
	today := s.clock().Truncate(24 * time.Hour)
	first := today.AddDate(0, 0, 1-statisticsDays)
	g := oversight.Glance{Days: make([]oversight.Day, statisticsDays)}
	for i := range g.Days {
		g.Days[i].Date = first.AddDate(0, 0, i)
	}
	if _, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (struct{}, error) {
		var day time.Time
		var messages int
		err := row.Scan(&day, &messages)
		if i := int(day.Sub(first) / (24 * time.Hour)); err == nil && 0 <= i && i < len(g.Days) {
			g.Days[i].Messages = messages
		}
		return struct{}{}, err
	}, s.prefix.Expand(`SELECT day, messages FROM {p}jt_sidecar_daily WHERE day >= ?`), first.Format(time.DateOnly)); err != nil {
		return g, fmt.Errorf("mysqlstore: messages by day: %w", err)
	}
	var err error
	if g.ActiveMembers, err = mysqldb.QueryRow(ctx, s.db, mysqldb.Value[int], s.prefix.Expand(
		`SELECT COUNT(*) FROM {p}jt_sidecar_senders WHERE sent_at >= ?`), first); err != nil {
		return g, fmt.Errorf("mysqlstore: active members: %w", err)
	}
	var r rolled
	if err := s.readState(ctx, stateRolled, &r); err != nil {
		return g, err
	}
	g.DaysAsOf = r.AsOf
	if g.Pending, g.PendingMore, g.Parked, err = s.backlog(ctx); err != nil {
		return g, err
	}
	var c census
	if err := s.readState(ctx, stateTotals, &c); err != nil {
		return g, err
	}
	g.Conversations, g.Messages, g.TotalsAsOf = c.Conversations, c.Messages, c.At
	if c.Places > 0 {
		g.UnreadShare = float64(c.Unread) / float64(c.Places)
	}
	return g, nil
}
