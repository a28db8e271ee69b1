package mysqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

// Oversight is an oversight.Store: the same tables as they show to administrators. Safe for concurrent use.
type Oversight struct{ store *Store }

var _ oversight.Store = (*Oversight)(nil)

// Oversight makes it.
func (s *Store) Oversight() *Oversight { return &Oversight{s} }

// pageSize is how many rows a page has that asks for limit of them.
func pageSize(limit int) int {
	if limit <= 0 {
		return 50
	}
	return min(limit, 100)
}

// rows reads conversations as lists show them to viewer, in the order of ids. What is gone is left out.
func (o *Oversight) rows(ctx context.Context, viewer uint64, ids []uint64) ([]oversight.Row, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := mysqldb.Query(ctx, o.store.db, func(row mysqldb.Scanner) (oversight.Row, error) {
		var r oversight.Row
		var kind string
		var count sql.NullInt64
		var created, active sql.NullTime
		err := row.Scan(&r.ID, &kind, &r.Title, &count, &created, &active, &r.Held, &r.OpenReports)
		r.Type, r.MessageCount, r.CreatedAt, r.LastActivity = typeOf(kind), int(count.Int64), created.Time, active.Time
		return r, err
	}, o.store.prefix.Expand(`
		SELECT c.id, COALESCE(c.type, ''), COALESCE(c.title, ''), c.message_count, c.created_at, c.last_message_at,
			EXISTS (SELECT 1 FROM {p}jt_sidecar_holds h WHERE h.conversation_id = c.id),
			(SELECT COUNT(*) FROM {p}jt_sidecar_reports r `+aboutViewer+` WHERE r.conversation_id = c.id AND r.is_open = 1 AND `+notAboutViewer+`)
		FROM {p}jt_pro_conversations c WHERE c.id IN (`+mysqldb.Placeholders(len(ids))+`)`), args(ids, viewer)...)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: %d conversations: %w", len(ids), err)
	}
	people, err := o.participants(ctx, ids)
	if err != nil {
		return nil, err
	}
	place := make(map[uint64]int, len(ids))
	for i, id := range ids {
		place[id] = i
	}
	slices.SortFunc(rows, func(a, b oversight.Row) int { return place[a.ID] - place[b.ID] })
	for i := range rows {
		rows[i].Participants = people[rows[i].ID]
	}
	return rows, nil
}

// participants are all who take or took part, by conversation, in the order they joined.
func (o *Oversight) participants(ctx context.Context, ids []uint64) (map[uint64][]oversight.Participant, error) {
	columns, joins := o.store.site.ProfileSQL("p.user_id", "m")
	people := make(map[uint64][]oversight.Participant, len(ids))
	_, err := mysqldb.Query(ctx, o.store.db, func(row mysqldb.Scanner) (struct{}, error) {
		var conversationID, userID uint64
		var joined, left sql.NullTime
		var profile profileScan
		err := row.Scan(append([]any{&conversationID, &userID, &joined, &left}, profile.dest(o.store.site)...)...)
		people[conversationID] = append(people[conversationID], oversight.Participant{
			Person: profile.person(userID), JoinedAt: joined.Time, LeftAt: left.Time,
		})
		return struct{}{}, err
	}, o.store.prefix.Expand(`
		SELECT p.conversation_id, p.user_id, p.joined_at, IF(p.jts_folder = 0, p.left_at, NULL), `+columns+`
		FROM {p}jt_pro_conversation_participants p `+joins+`
		WHERE p.conversation_id IN (`+mysqldb.Placeholders(len(ids))+`)`), args(ids)...)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: participants of %d conversations: %w", len(ids), err)
	}
	for _, list := range people {
		slices.SortFunc(list, func(a, b oversight.Participant) int {
			if d := a.JoinedAt.Compare(b.JoinedAt); d != 0 {
				return d
			}
			if a.Person.ID < b.Person.ID {
				return -1
			}
			return 1
		})
	}
	return people, nil
}

// Detail implements oversight.Store.
func (o *Oversight) Detail(ctx context.Context, viewer, conversationID uint64) (oversight.Detail, error) {
	rows, err := o.rows(ctx, viewer, []uint64{conversationID})
	if err != nil {
		return oversight.Detail{}, err
	}
	if len(rows) == 0 {
		return oversight.Detail{}, messaging.ErrNotFound
	}
	d := oversight.Detail{Row: rows[0]}
	columns, joins := o.store.site.ProfileSQL("c.created_by", "m")
	creators, err := mysqldb.Query(ctx, o.store.db, func(row mysqldb.Scanner) (messaging.Person, error) {
		var id uint64
		var profile profileScan
		err := row.Scan(append([]any{&id}, profile.dest(o.store.site)...)...)
		return profile.person(id), err
	}, o.store.prefix.Expand(`
		SELECT COALESCE(c.created_by, 0), `+columns+` FROM {p}jt_pro_conversations c `+joins+` WHERE c.id = ?`), conversationID)
	if err != nil {
		return d, fmt.Errorf("mysqlstore: creator of conversation %d: %w", conversationID, err)
	}
	if len(creators) > 0 {
		d.CreatedBy = creators[0]
	}
	d.Hold, err = o.hold(ctx, conversationID)
	return d, err
}

// Previews implements oversight.Store.
func (o *Oversight) Previews(ctx context.Context, ids []uint64) ([]oversight.Preview, error) {
	rows, err := o.rows(ctx, 0, ids)
	if err != nil {
		return nil, err
	}
	previews := make([]oversight.Preview, len(rows))
	for i, r := range rows {
		previews[i] = oversight.Preview{ID: r.ID, Title: r.Title, Type: r.Type, Messages: r.MessageCount, Held: r.Held}
		for _, p := range r.Participants {
			previews[i].People = append(previews[i].People, p.Person)
		}
	}
	return previews, nil
}

// OfMember implements oversight.Store.
func (o *Oversight) OfMember(ctx context.Context, userID, after uint64, limit int) ([]uint64, error) {
	// The keys by member are in another order, but only as long as the member has conversations.
	ids, err := mysqldb.Query(ctx, o.store.db, mysqldb.Value[uint64], o.store.prefix.Expand(`
		SELECT conversation_id FROM {p}jt_pro_conversation_participants FORCE INDEX (jts_all)
		WHERE user_id = ? AND conversation_id > ? ORDER BY conversation_id LIMIT ?`), userID, after, limit)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: conversations of user %d: %w", userID, err)
	}
	return ids, nil
}
