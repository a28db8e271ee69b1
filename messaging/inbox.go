package messaging

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"
)

// UnreadCount is the number of conversations in the caller's inbox with something unread.
func (s *Service) UnreadCount(ctx context.Context, caller Member) (int, error) {
	return s.store.UnreadCount(ctx, caller.ID)
}

// Conversations gives a page of the caller's conversations. A search for nothing but spaces is none.
func (s *Service) Conversations(ctx context.Context, caller Member, q ListQuery) (ConversationPage, error) {
	q.Search = strings.TrimSpace(q.Search)
	if !utf8.ValidString(q.Search) || utf8.RuneCountInString(q.Search) > MaxSearch {
		return ConversationPage{}, InvalidParam("search", fmt.Sprintf("Search for at most %d characters.", MaxSearch))
	}
	return s.store.Conversations(ctx, caller.ID, q)
}

// Conversation gives one conversation as the caller sees it.
func (s *Service) Conversation(ctx context.Context, caller Member, conversationID uint64) (Conversation, error) {
	return s.store.Conversation(ctx, caller.ID, conversationID)
}

// Thread gives a page of messages, safe to show whoever stored them. It changes nothing.
func (s *Service) Thread(ctx context.Context, caller Member, conversationID uint64, q ThreadQuery) (ThreadPage, error) {
	page, err := s.store.Thread(ctx, caller.ID, conversationID, q)
	if err != nil {
		return ThreadPage{}, err
	}
	for i := range page.Messages {
		s.present(&page.Messages[i])
	}
	return page, nil
}

// Message gives one message of a conversation, safe to show.
func (s *Service) Message(ctx context.Context, caller Member, conversationID, messageID uint64) (Message, error) {
	m, err := s.store.Message(ctx, caller.ID, conversationID, messageID)
	if err != nil {
		return Message{}, err
	}
	s.present(&m)
	return m, nil
}

// present makes a stored message fit to be shown: other code writes these rows, too.
func (s *Service) present(m *Message) {
	m.HTML = s.format.Sanitize(m.HTML)
	if m.Plain == "" {
		m.Plain = s.format.Plain(m.HTML)
	}
}

// A round of Suggest looks at this many candidates, and there are at most this many rounds, however
// many of them turn out not to be reachable.
const (
	suggestBatch  = 100
	suggestRounds = 5
)

// Suggest gives at most limit members whose display name or login starts with query and whom the
// caller could write to.
func (s *Service) Suggest(ctx context.Context, caller Member, query string, limit int) ([]Person, error) {
	query = strings.TrimSpace(query)
	if n := utf8.RuneCountInString(query); !utf8.ValidString(query) || n < MinSuggestion || n > MaxSuggestion {
		return nil, InvalidParam("q", fmt.Sprintf("Type %d to %d characters of a name.", MinSuggestion, MaxSuggestion))
	}
	if limit < 1 || limit > MaxSuggestions {
		limit = MaxSuggestions
	}
	settings := s.settings()
	suggestions := make([]Person, 0, limit)
	seen := make(map[uint64]bool)
	var last *Candidate
	for range suggestRounds {
		candidates, err := s.store.Suggest(ctx, caller.ID, query, last, suggestBatch)
		if err != nil {
			return nil, err
		}
		reachable, err := s.reachable(ctx, caller, candidates, settings)
		if err != nil {
			return nil, err
		}
		for _, c := range reachable {
			if len(suggestions) == limit {
				return suggestions, nil
			}
			if !seen[c.ID] {
				seen[c.ID] = true
				suggestions = append(suggestions, c.Person)
			}
		}
		if len(candidates) < suggestBatch {
			break
		}
		last = &candidates[len(candidates)-1]
	}
	return suggestions, nil
}

// reachable keeps the candidates that the caller could start a conversation with.
func (s *Service) reachable(ctx context.Context, caller Member, candidates []Candidate, settings Settings) ([]Candidate, error) {
	if len(candidates) == 0 {
		return nil, nil
	}
	ids := make([]uint64, len(candidates))
	for i, c := range candidates {
		ids[i] = c.ID
	}
	members, err := s.directory.Members(ctx, ids)
	if err != nil {
		return nil, err
	}
	var shared map[uint64]bool
	scoped := settings.RecipientScope == SharedSpace && !caller.Staff()
	if scoped {
		if shared, err = s.directory.SharingSpace(ctx, caller.ID, ids); err != nil {
			return nil, err
		}
	}
	var kept []Candidate
	for _, c := range candidates {
		member, exists := members[c.ID]
		if mayReceive(member, exists) && (!scoped || shared[c.ID] || member.Staff()) {
			kept = append(kept, c)
		}
	}
	return kept, nil
}
