package bridgeapi

import (
	"net/http"
	"time"

	"jetonomy-sidecar/messaging"
)

type memberParams struct {
	UserID uint64 `json:"user_id"`
}

type overviewJSON struct {
	Conversations  int         `json:"conversations"`
	Messages       int         `json:"messages"`
	Blocks         []blockJSON `json:"blocks"`
	BlockCount     int         `json:"block_count"`
	BlockedBy      []blockJSON `json:"blocked_by"`
	BlockedByCount int         `json:"blocked_by_count"`
}

type blockJSON struct {
	UserID uint64 `json:"user_id"`
	Since  int64  `json:"since"` // 0 where it is not known
}

func (a *api) overview(r *http.Request, p memberParams) (any, error) {
	if err := needID("user_id", p.UserID); err != nil {
		return nil, err
	}
	o, err := a.Store.Overview(r.Context(), p.UserID)
	return overviewJSON{o.Conversations, o.Messages, blocks(o.Blocks), o.BlockCount, blocks(o.BlockedBy), o.BlockedByCount}, err
}

func blocks(list []messaging.Block) []blockJSON {
	out := make([]blockJSON, len(list))
	for i, b := range list {
		out[i].UserID = b.UserID
		if !b.Since.IsZero() {
			out[i].Since = b.Since.Unix()
		}
	}
	return out
}

type unblockParams struct {
	BlockerID uint64 `json:"blocker_id"`
	BlockedID uint64 `json:"blocked_id"`
}

// unblockTime is after how long an unblock answers at the latest, done or not.
const unblockTime = time.Second

type removedJSON struct {
	Removed int  `json:"removed"`
	Done    bool `json:"done"`
}

func (a *api) unblock(r *http.Request, p unblockParams) (any, error) {
	if p.BlockerID == 0 && p.BlockedID == 0 {
		return nil, messaging.InvalidParam("blocker_id", "Name at least one of the two members.")
	}
	var answer removedJSON
	for start := time.Now(); !answer.Done && time.Since(start) < unblockTime; {
		n, done, err := a.Store.Unblock(r.Context(), p.BlockerID, p.BlockedID)
		if err != nil && answer.Removed == 0 {
			return nil, err
		}
		if err != nil {
			a.Log(r, err) // what was removed before is to be known all the same
			break
		}
		answer.Removed, answer.Done = answer.Removed+n, done
	}
	return answer, nil
}

type erasedJSON struct {
	Removed int  `json:"removed"`
	Done    bool `json:"done"`

	// Retained is counted once all else is done.
	Retained int `json:"retained"`
}

func (a *api) erase(r *http.Request, p memberParams) (any, error) {
	if err := needID("user_id", p.UserID); err != nil {
		return nil, err
	}
	removed, done, err := a.Store.Erase(r.Context(), p.UserID)
	if err != nil || !done {
		return erasedJSON{Removed: removed}, err
	}
	retained, err := a.Store.Retained(r.Context(), p.UserID)
	return erasedJSON{removed, done, retained}, err
}

// unix is a time in seconds, nil for none.
func unix(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	seconds := t.Unix()
	return &seconds
}
