package mysqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

const (
	// threadWindow is how many messages one page of a search in a thread looks at.
	threadWindow = 5000

	// threadStep is how many of them one statement looks at.
	threadStep = 500

	// excerptLength is how much of a message a thread shows, in characters.
	excerptLength = 300
)

// Thread implements oversight.Store.
func (o *Oversight) Thread(ctx context.Context, conversationID uint64, f oversight.ThreadFilter) (oversight.Thread, error) {
	limit := pageSize(f.Limit)
	before, after := f.Before, f.After
	if before == 0 && after == 0 && !f.At.IsZero() {
		var err error
		if before, err = o.firstAt(ctx, conversationID, f.At); err != nil {
			return oversight.Thread{}, err
		}
	}
	forward := before == 0 && after != 0
	from := before
	if forward {
		from = after
	}
	ids, end, err := o.threadWalk(ctx, conversationID, from, forward, f.Text, limit+1)
	if err != nil {
		return oversight.Thread{}, err
	}
	if forward && end == 0 && len(ids) < limit {
		// What is newer is less than a page: this is the newest one, whole.
		return o.Thread(ctx, conversationID, oversight.ThreadFilter{Text: f.Text, Limit: f.Limit})
	}
	thread := oversight.Thread{Partial: end != 0}
	more := len(ids) > limit
	ids = ids[:min(limit, len(ids))]
	ahead := end
	if more {
		ahead = ids[len(ids)-1]
	}
	behind := uint64(0)
	if from != 0 {
		behind = from
		if forward {
			behind++ // the page before it begins with it
		} else {
			behind--
		}
		if len(ids) > 0 {
			behind = ids[0]
		}
	}
	thread.Older, thread.Newer = ahead, behind
	if forward {
		slices.Reverse(ids)
		thread.Older, thread.Newer = behind, ahead
	}
	thread.Messages, err = o.excerpts(ctx, conversationID, ids)
	return thread, err
}

// threadWalk gives the ids of the first n messages older than from (0 is the newest), or newer ones when
// forward, whose text contains text. end is the last one it looked at when that were as many as it may.
func (o *Oversight) threadWalk(ctx context.Context, conversationID, from uint64, forward bool, text string, n int) (ids []uint64, end uint64, err error) {
	step, match := n, "1"
	var matchList []any
	if text != "" {
		step, match = threadStep, `COALESCE(NULLIF(content_plain, ''), content) LIKE ?`+escaped
		matchList = []any{"%" + likeLiteral(text) + "%"}
	}
	type looked struct {
		id      uint64
		matches bool
	}
	for seen := 0; ; {
		condition, direction := "", "DESC"
		list := append(slices.Clone(matchList), conversationID)
		switch {
		case forward:
			condition, direction = "AND id > ?", "ASC"
			list = append(list, from)
		case from != 0:
			condition = "AND id < ?"
			list = append(list, from)
		}
		rows, err := mysqldb.Query(ctx, o.store.db, func(row mysqldb.Scanner) (looked, error) {
			var l looked
			err := row.Scan(&l.id, &l.matches)
			return l, err
		}, o.store.prefix.Expand(`
			SELECT id, `+match+` FROM {p}jt_pro_messages FORCE INDEX (jts_thread)
			WHERE conversation_id = ? `+condition+` ORDER BY id `+direction+` LIMIT ?`), append(list, step)...)
		if err != nil {
			return nil, 0, fmt.Errorf("mysqlstore: messages of conversation %d: %w", conversationID, err)
		}
		for _, l := range rows {
			if from = l.id; l.matches {
				ids = append(ids, l.id)
			}
			if len(ids) == n {
				return ids, 0, nil
			}
		}
		if len(rows) < step {
			return ids, 0, nil
		}
		if seen += len(rows); seen >= threadWindow {
			return ids, from, nil
		}
	}
}

// excerpts reads messages in the order of ids.
func (o *Oversight) excerpts(ctx context.Context, conversationID uint64, ids []uint64) ([]oversight.Message, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	full, err := o.store.messages(ctx, o.store.db, `m.conversation_id = ? AND m.id IN (`+mysqldb.Placeholders(len(ids))+`)
		ORDER BY m.id DESC`, args(ids, conversationID)...)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: messages of conversation %d: %w", conversationID, err)
	}
	messages := make([]oversight.Message, len(full))
	for i, m := range full {
		messages[i] = oversight.Message{ID: m.ID, Sender: m.Sender, IsSystem: m.System, SentAt: m.CreatedAt}
		plain := []rune(o.plain(m))
		messages[i].Cut = len(plain) > excerptLength
		messages[i].Excerpt = string(plain[:min(len(plain), excerptLength)])
	}
	return messages, nil
}

// plain is a message's text, which rows of other code may have as HTML only.
func (o *Oversight) plain(m messaging.Message) string {
	if m.Plain == "" {
		return o.store.format.Plain(m.HTML)
	}
	return m.Plain
}

// Text implements oversight.Store.
func (o *Oversight) Text(ctx context.Context, conversationID, messageID uint64) (string, error) {
	m, err := o.store.messages(ctx, o.store.db, `m.conversation_id = ? AND m.id = ?`, conversationID, messageID)
	if err != nil {
		return "", fmt.Errorf("mysqlstore: message %d: %w", messageID, err)
	}
	if len(m) == 0 {
		return "", messaging.ErrNotFound
	}
	return o.plain(m[0]), nil
}

// firstAt gives the id of a conversation's first message at or behind a time, 0 where there is none.
func (o *Oversight) firstAt(ctx context.Context, conversationID uint64, at time.Time) (uint64, error) {
	return o.store.firstMessage(ctx, at, "FORCE INDEX (jts_thread) WHERE conversation_id = ? AND", conversationID)
}

// firstMessage finds the first message at or behind a time in a set whose ids grow with time, by halving: in
// some thirty look-ups, however many there are. Among messages of other code whose times do not grow it finds
// one of the places where the time is passed.
func (s *Store) firstMessage(ctx context.Context, at time.Time, set string, list ...any) (uint64, error) {
	type message struct {
		id uint64
		at sql.NullTime
	}
	look := func(condition string, id uint64) (message, bool, error) {
		m, err := mysqldb.QueryRow(ctx, s.db, func(row mysqldb.Scanner) (message, error) {
			var m message
			err := row.Scan(&m.id, &m.at)
			return m, err
		}, s.prefix.Expand(`SELECT id, created_at FROM {p}jt_pro_messages `+set+` `+condition+` LIMIT 1`), append(slices.Clone(list), id)...)
		if errors.Is(err, sql.ErrNoRows) {
			return m, false, nil
		}
		if err != nil {
			return m, false, fmt.Errorf("mysqlstore: first message at %s: %w", at, err)
		}
		return m, true, nil
	}
	first, found, err := look(`id > ? ORDER BY id`, 0)
	if err != nil || !found {
		return 0, err
	}
	last, _, err := look(`id >= ? ORDER BY id DESC`, first.id)
	if err != nil || last.at.Time.Before(at) {
		return 0, err
	}
	// What is found so far is at or behind the time; everything before low is before it, and there is nothing
	// between high and what is found.
	answer := last.id
	for low, high := first.id, last.id; low < high; {
		middle := low + (high-low)/2
		m, found, err := look(`id >= ? ORDER BY id`, middle)
		if err != nil {
			return 0, err
		}
		switch {
		case !found || m.id >= high:
			high = middle
		case m.at.Time.Before(at):
			low = m.id + 1
		default:
			answer, high = m.id, middle
		}
	}
	return answer, nil
}
