package mysqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

const (
	// mailConversations is how many conversations one mail names; of the others it has the number.
	mailConversations = 10

	// mailSenders is how many senders are looked up in one statement.
	mailSenders = 500

	// mailLooksAt is how many unread messages of a conversation are looked at for one whose sender may be shown.
	mailLooksAt = 50
)

// mailedConversation is a conversation as a mail names it.
type mailedConversation struct {
	ConversationID uint64 `json:"conversation_id"`
	Title          string `json:"title"`
	SenderID       uint64 `json:"sender_id"`
	SenderName     string `json:"sender_name"`
	UnreadCount    int    `json:"unread_count"`
	Preview        string `json:"preview"`
	LastMessageAt  int64  `json:"last_message_at"`
}

// mailTotals is what there is with that which a mail does not name.
type mailTotals struct {
	Conversations int `json:"conversations"`
	Messages      int `json:"messages"`
}

// unmailed is a conversation with something unread that its member was not told of.
type unmailed struct {
	conversationID uint64
	unread         int
	readID         uint64
	newest         incoming // from somebody else, or the newest that may be shown
}

// incoming is a message from somebody else.
type incoming struct {
	messageID, senderID uint64
	at                  time.Time
	erased              bool
}

// newestOf gives the id of the newest message in conversations.
func newestOf(places []unmailed) (newest uint64) {
	for _, c := range places {
		newest = max(newest, c.newest.messageID)
	}
	return newest
}

// completeMail says what is unread now, and notes that it is told. Nothing any more makes the event moot, and so does
// a ban. Who is banned or blocked, either way, or has no account any more, is not named as a sender and not quoted, and
// neither is what was erased; a conversation in which there is nothing else is left out.
func (s *Store) completeMail(ctx context.Context, p pending, userID uint64, body map[string]any) error {
	var payload mailPayload
	if err := json.Unmarshal([]byte(p.payload), &payload); err != nil {
		return fmt.Errorf("mysqlstore: payload of event %d: %w", p.id, err)
	}
	member, exists, err := s.site.Member(ctx, userID)
	if err != nil {
		return err
	}
	if !exists || member.Banned {
		return errMoot
	}
	places, err := s.unmailed(ctx, s.db, userID, payload.After)
	if err != nil {
		return err
	}
	if len(places) == 0 {
		return errMoot
	}
	if err := s.noteMailed(ctx, userID, newestOf(places)); err != nil {
		return err
	}
	if places, err = s.showable(ctx, s.db, userID, payload.After, places); err != nil {
		return err
	}
	if len(places) == 0 {
		return errMoot
	}
	totals := mailTotals{Conversations: len(places)}
	for _, c := range places {
		totals.Messages += c.unread
	}
	conversations, err := s.mailed(ctx, userID, places[:min(len(places), mailConversations)])
	if err != nil {
		return err
	}
	delete(body, "after_message_id")
	body["conversations"], body["totals"] = conversations, totals
	return nil
}

// unmailed gives the conversations in which something newer than a message is unread, the most recent first.
func (s *Store) unmailed(ctx context.Context, q mysqldb.Queryer, userID, after uint64) ([]unmailed, error) {
	list, err := mysqldb.Query(ctx, q, func(row mysqldb.Scanner) (unmailed, error) {
		var c unmailed
		var at sql.NullTime
		err := row.Scan(&c.conversationID, &c.unread, &c.readID, &c.newest.messageID, &c.newest.senderID, &at, &c.newest.erased)
		c.newest.at = at.Time
		return c, err
	}, s.prefix.Expand(`
		SELECT p.conversation_id, c.jts_user_message_count - p.jts_read_count, p.jts_last_read_id,
			m.id, m.sender_id, m.created_at, NOT COALESCE(`+textLeft+`, 0)
		FROM {p}jt_pro_conversation_participants p FORCE INDEX (jts_unread_inbox)
		STRAIGHT_JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id
		STRAIGHT_JOIN {p}jt_pro_messages m ON m.id = p.jts_last_incoming_id
		WHERE p.user_id = ? AND p.jts_unread = 1 AND p.jts_folder = 1 AND p.jts_last_incoming_id > ?
			AND p.jts_last_incoming_id > p.jts_last_read_id AND COALESCE(p.is_muted, 0) = 0
		ORDER BY p.jts_last_message_id DESC`), userID, after)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: mail of user %d: %w", userID, err)
	}
	return list, nil
}

// showable leaves out conversations in which there is nothing since the last mail but what may not be shown. Of the
// others the newest message is one that may be.
func (s *Store) showable(ctx context.Context, q mysqldb.Queryer, userID, after uint64, places []unmailed) ([]unmailed, error) {
	senders := make(map[uint64]bool)
	for _, c := range places {
		senders[c.newest.senderID] = true
	}
	hidden, err := s.hiddenFrom(ctx, q, userID, slices.Sorted(maps.Keys(senders)))
	if err != nil {
		return nil, err
	}
	var shown []unmailed
	for _, c := range places {
		if c.newest.erased || hidden[c.newest.senderID] {
			var found bool
			if c.newest, found, err = s.showableMessage(ctx, q, userID, after, c, "DESC"); err != nil {
				return nil, err
			}
			if !found {
				continue
			}
		}
		shown = append(shown, c)
	}
	return shown, nil
}

// showableMessage looks in a conversation for a message that may be shown, among those up to the newest that are
// unread and were not told: the last one by the order DESC, the first by ASC.
func (s *Store) showableMessage(ctx context.Context, q mysqldb.Queryer, userID, after uint64, c unmailed, order string) (incoming, bool, error) {
	list, err := mysqldb.Query(ctx, q, func(row mysqldb.Scanner) (incoming, error) {
		var m incoming
		var at sql.NullTime
		err := row.Scan(&m.messageID, &m.senderID, &at)
		m.at = at.Time
		return m, err
	}, s.prefix.Expand(`
		SELECT m.id, m.sender_id, m.created_at FROM {p}jt_pro_messages m FORCE INDEX (jts_thread)
		WHERE m.conversation_id = ? AND m.id > ? AND m.id <= ? AND m.sender_id <> ? AND COALESCE(m.is_system, 0) = 0
			AND `+textLeft+`
		ORDER BY m.id `+order+` LIMIT ?`), c.conversationID, max(after, c.readID), c.newest.messageID, userID, mailLooksAt)
	if err != nil {
		return incoming{}, false, fmt.Errorf("mysqlstore: unread messages of conversation %d: %w", c.conversationID, err)
	}
	senders := make(map[uint64]bool)
	for _, m := range list {
		senders[m.senderID] = true
	}
	hidden, err := s.hiddenFrom(ctx, q, userID, slices.Sorted(maps.Keys(senders)))
	if err != nil {
		return incoming{}, false, err
	}
	for _, m := range list {
		if !hidden[m.senderID] {
			return m, true, nil
		}
	}
	return incoming{}, false, nil
}

// hiddenFrom gives those of others who are banned, whom a member blocks or who block them, or whose account is gone.
func (s *Store) hiddenFrom(ctx context.Context, q mysqldb.Queryer, userID uint64, others []uint64) (map[uint64]bool, error) {
	hidden := make(map[uint64]bool)
	for some := range slices.Chunk(others, mailSenders) {
		blocked, err := s.blockedBetween(ctx, q, userID, some)
		if err != nil {
			return nil, err
		}
		members, err := s.site.Members(ctx, some)
		if err != nil {
			return nil, err
		}
		for _, id := range some {
			if member, exists := members[id]; !exists || member.Banned || blocked[id] {
				hidden[id] = true
			}
		}
	}
	return hidden, nil
}

// mailed looks up what a mail says of conversations, in their order.
func (s *Store) mailed(ctx context.Context, userID uint64, places []unmailed) ([]mailedConversation, error) {
	var ids []uint64
	for _, c := range places {
		ids = append(ids, c.newest.messageID)
	}
	columns, joins := s.site.ProfileSQL("m.sender_id", "s")
	messages := make(map[uint64]mailedConversation, len(places))
	_, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (struct{}, error) {
		var c mailedConversation
		var plain, html string
		var at sql.NullTime
		var profile profileScan
		err := row.Scan(append([]any{&c.ConversationID, &c.SenderID, &plain, &html, &at}, profile.dest(s.site)...)...)
		if plain == "" {
			plain = s.format.Plain(html)
		}
		c.SenderName, c.Preview, c.LastMessageAt = profile.person(c.SenderID).Name(), s.format.Preview(plain, eventPreview), at.Time.Unix()
		messages[c.ConversationID] = c
		return struct{}{}, err
	}, s.prefix.Expand(`
		SELECT m.conversation_id, m.sender_id, COALESCE(m.content_plain, ''), m.content, m.created_at, `+columns+`
		FROM {p}jt_pro_messages m `+joins+` WHERE m.id IN (`+mysqldb.Placeholders(len(ids))+`)`), args(ids)...)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: messages for a mail of user %d: %w", userID, err)
	}
	conversations := make([]mailedConversation, 0, len(places))
	for _, place := range places {
		c, found := messages[place.conversationID]
		if !found {
			continue // purged this very moment
		}
		c.UnreadCount = place.unread
		view, err := s.Conversation(ctx, userID, c.ConversationID)
		switch {
		case err == nil:
			c.Title = view.DisplayTitle()
		case err != messaging.ErrNotParticipant: // left this very moment; the title is all that is missing
			return nil, err
		}
		conversations = append(conversations, c)
	}
	return conversations, nil
}
