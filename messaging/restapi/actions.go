package restapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"jetonomy-sidecar/messaging"
)

// setter is one of the Service's changes of the caller's own state; nil turns the flag round.
type setter func(ctx context.Context, caller messaging.Member, key string, conversationID uint64, value *bool) (messaging.Outcome, error)

func (a *api) mute(ctx context.Context, c *call) (answer, error) {
	return a.setFlag(ctx, c, paramMuted, a.Service.SetMuted, showMuted)
}

func (a *api) archive(ctx context.Context, c *call) (answer, error) {
	return a.setFlag(ctx, c, paramArchived, a.Service.SetArchived, showArchived)
}

func (a *api) block(ctx context.Context, c *call) (answer, error) {
	return a.setFlag(ctx, c, paramBlocked, a.Service.SetBlocked, showBlocked)
}

// The flag is shown as the request set it: a repeated request gets its first answer, whatever happened since.
func showMuted(to *messaging.Conversation, value bool)    { to.Muted = value }
func showArchived(to *messaging.Conversation, value bool) { to.Archived = value }
func showBlocked(to *messaging.Conversation, value bool)  { to.BlockedByViewer = value }

func (a *api) setFlag(ctx context.Context, c *call, flag param, set setter, show func(*messaging.Conversation, bool)) (answer, error) {
	value, err := optionalBool(c.params, flag)
	if err != nil {
		return answer{}, err
	}
	key, err := c.clientKey()
	if err != nil {
		return answer{}, err
	}
	outcome, err := set(ctx, c.caller, key, c.conversationID, value)
	if err != nil {
		return answer{}, err
	}
	return a.changed(ctx, c, outcome, show)
}

func optionalBool(p *params, of param) (*bool, error) {
	value, given, err := get(p, of, asBool)
	if err != nil || !given {
		return nil, err
	}
	return &value, nil
}

// changed answers with the conversation as it is now.
func (a *api) changed(ctx context.Context, c *call, outcome messaging.Outcome, show func(*messaging.Conversation, bool)) (answer, error) {
	conversation, err := a.Service.Conversation(ctx, c.caller, c.conversationID)
	if err != nil {
		return answer{}, err
	}
	if show != nil {
		show(&conversation, outcome.Value)
	}
	return answer{body: newChangedJSON(conversation)}.withReplayed(outcome), nil
}

// patchConversation sets title, mute and archive, in this order, each given or not. All of them are read
// before the first is set.
func (a *api) patchConversation(ctx context.Context, c *call) (answer, error) {
	title, hasTitle, err := get(c.params, paramTitle, asText)
	if err != nil {
		return answer{}, err
	}
	muted, err := optionalBool(c.params, paramMuted)
	if err != nil {
		return answer{}, err
	}
	archived, err := optionalBool(c.params, paramArchived)
	if err != nil {
		return answer{}, err
	}
	key, err := c.clientKey()
	if err != nil {
		return answer{}, err
	}
	var changes []func(key string) (messaging.Outcome, error)
	if hasTitle {
		changes = append(changes, func(key string) (messaging.Outcome, error) {
			return a.Service.Rename(ctx, c.caller, key, c.conversationID, title)
		})
	}
	if muted != nil {
		changes = append(changes, func(key string) (messaging.Outcome, error) {
			return a.Service.SetMuted(ctx, c.caller, key, c.conversationID, muted)
		})
	}
	if archived != nil {
		changes = append(changes, func(key string) (messaging.Outcome, error) {
			return a.Service.SetArchived(ctx, c.caller, key, c.conversationID, archived)
		})
	}
	if len(changes) == 0 {
		return answer{}, messaging.InvalidParam("muted", "Say what to change: muted, archived or title.")
	}
	outcome := messaging.Outcome{Replayed: true}
	for i, change := range changes {
		o, err := change(keyOfPart(key, i))
		if err != nil {
			return answer{}, err
		}
		outcome.Replayed = outcome.Replayed && o.Replayed
	}
	return a.changed(ctx, c, outcome, func(conversation *messaging.Conversation, _ bool) {
		if muted != nil {
			conversation.Muted = *muted
		}
		if archived != nil {
			conversation.Archived = *archived
		}
	})
}

// keyOfPart gives each part of a request that is several mutations a client key of its own. The first has
// the request's, so that another use of it is noticed.
func keyOfPart(key string, part int) string {
	if key == "" || part == 0 {
		return key
	}
	sum := sha256.Sum256(append([]byte{byte(part)}, key...))
	return hex.EncodeToString(sum[:])
}

// leave reads the conversation first: afterwards it is closed to the caller. A repeated request finds it
// closed and must get its answer all the same.
func (a *api) leave(ctx context.Context, c *call) (answer, error) {
	key, err := c.clientKey()
	if err != nil {
		return answer{}, err
	}
	conversation, readErr := a.Service.Conversation(ctx, c.caller, c.conversationID)
	if readErr != nil && (key == "" || !errors.Is(readErr, messaging.ErrNotParticipant)) {
		return answer{}, readErr
	}
	outcome, err := a.Service.Leave(ctx, c.caller, key, c.conversationID)
	if err != nil {
		return answer{}, err
	}
	now := a.Now()
	if readErr != nil {
		data := leftDataJSON{ID: c.conversationID, ConversationID: c.conversationID, LeftAt: timeJSON(now)}
		return answer{body: leftAgainJSON{leftDataJSON: data, Success: true, Deleted: true, Left: true, Data: data}}.withReplayed(outcome), nil
	}
	return answer{body: newLeftJSON(conversation, now)}.withReplayed(outcome), nil
}

// read moves the caller's read mark, or with unread=true puts the unread mark up.
func (a *api) read(ctx context.Context, c *call) (answer, error) {
	upTo, hasUpTo, err := get(c.params, paramUpTo, asMessageID)
	if err != nil {
		return answer{}, err
	}
	unread, _, err := get(c.params, paramUnread, asBool)
	if err != nil {
		return answer{}, err
	}
	key, err := c.clientKey()
	if err != nil {
		return answer{}, err
	}
	var outcome messaging.Outcome
	switch {
	case unread && hasUpTo:
		return answer{}, messaging.InvalidParam("unread", "A conversation is marked as unread as a whole, without a message.")
	case unread:
		outcome, err = a.Service.MarkUnread(ctx, c.caller, key, c.conversationID)
	default:
		outcome, err = a.Service.Read(ctx, c.caller, key, c.conversationID, upTo)
	}
	if err != nil {
		return answer{}, err
	}
	return a.changed(ctx, c, outcome, nil)
}

// readAllJSON says how many conversations were marked as read, and how many are unread now.
type readAllJSON struct {
	unreadCountJSON
	Success bool `json:"success"`
	Marked  int  `json:"marked"`
}

func (a *api) readAll(ctx context.Context, c *call) (answer, error) {
	marked, err := a.Service.ReadAll(ctx, c.caller)
	if err != nil {
		return answer{}, err
	}
	unread, err := a.Service.UnreadCount(ctx, c.caller)
	if err != nil {
		return answer{}, err
	}
	return answer{body: readAllJSON{unreadCountJSON: newUnreadCountJSON(unread), Success: true, Marked: marked}}, nil
}
