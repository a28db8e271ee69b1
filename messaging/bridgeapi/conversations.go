package bridgeapi

import (
	"net/http"
	"time"

	"jetonomy-sidecar/messaging"
)

const (
	defaultList = 50 // conversations of a list that names no limit

	// A purge answers after so long at the latest. What is left of the messages then goes in the background.
	sweepTime  = time.Second
	sweepBatch = 500 // messages
)

type listParams struct {
	After uint64 `json:"after"`
	Limit *int   `json:"limit"`
}

type listJSON struct {
	Conversations []conversationJSON `json:"conversations"`
	Next          uint64             `json:"next"`
}

type conversationJSON struct {
	ID            uint64         `json:"id"`
	Type          messaging.Type `json:"type"`
	Title         string         `json:"title"`
	Participants  []uint64       `json:"participants"`
	MessageCount  int            `json:"message_count"`
	LastMessageAt *int64         `json:"last_message_at"`
}

func (a *api) listConversations(r *http.Request, p listParams) (any, error) {
	limit := defaultList
	if p.Limit != nil {
		limit = *p.Limit
	}
	if limit < 1 || limit > messaging.MaxPage {
		return nil, messaging.InvalidParam("limit", "Ask for 1 to 100 conversations.")
	}
	list, next, err := a.Store.Summaries(r.Context(), p.After, limit)
	answer := listJSON{Conversations: make([]conversationJSON, len(list)), Next: next}
	for i, c := range list {
		answer.Conversations[i] = conversationJSON{
			ID: c.ID, Type: c.Type, Title: c.Title, Participants: append([]uint64{}, c.Participants...),
			MessageCount: c.MessageCount, LastMessageAt: unix(c.LastMessageAt),
		}
	}
	return answer, err
}

type purgeParams struct {
	ConversationID uint64 `json:"conversation_id"`
	AdminID        uint64 `json:"admin_id"` // 0 on the command line, where nobody is signed in
}

type purgedJSON struct {
	Purged bool `json:"purged"`
}

// purge answers false where there is no such conversation (any more). The conversation is gone with the
// answer; of the messages, as many as can be deleted in a moment.
func (a *api) purge(r *http.Request, p purgeParams) (any, error) {
	if err := needID("conversation_id", p.ConversationID); err != nil {
		return nil, err
	}
	purged, err := a.Store.Purge(r.Context(), p.ConversationID, p.AdminID)
	if err != nil || !purged {
		return purgedJSON{}, err
	}
	for start := time.Now(); time.Since(start) < sweepTime; {
		n, err := a.Store.SweepPurged(r.Context(), sweepBatch)
		if err != nil {
			a.Log(r, err) // it was purged all the same, and the background goes on with this
			break
		}
		if n < sweepBatch {
			break
		}
	}
	return purgedJSON{true}, nil
}
