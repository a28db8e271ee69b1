package restapi

import (
	"context"
	"net/http"

	"jetonomy-sidecar/messaging"
)

// threadJSON is a page of messages. Its meta also says how things stood when the page was read, so that a
// client knows whether it is up to date without asking for the conversation.
type threadJSON struct {
	Data []messageJSON  `json:"data"`
	Meta threadMetaJSON `json:"meta"`
}

type threadMetaJSON struct {
	metaJSON
	LastMessageID     uint64 `json:"last_message_id"`
	LastReadMessageID uint64 `json:"last_read_message_id"`
	Unread            bool   `json:"unread"`
}

func (a *api) listMessages(ctx context.Context, c *call) (answer, error) {
	query, w, err := readThreadQuery(c.params)
	if err != nil {
		return answer{}, err
	}
	markRead, given, err := get(c.params, paramMarkRead, asBool)
	if err != nil {
		return answer{}, err
	}
	page, err := a.Service.Thread(ctx, c.caller, c.conversationID, query)
	if err != nil {
		return answer{}, err
	}
	if (markRead || !given) && !c.head {
		a.markRead(ctx, c, &page)
	}

	at := position{window: w, total: page.Total, more: page.HasMore && len(page.Messages) > 0}
	if at.more {
		at.next = nextMessages(query, page)
	}
	thread := threadJSON{Data: make([]messageJSON, len(page.Messages)), Meta: threadMetaJSON{
		metaJSON:          at.meta(len(page.Messages)),
		LastMessageID:     page.LastMessageID,
		LastReadMessageID: page.LastReadMessageID,
		Unread:            page.Unread,
	}}
	now := a.Now()
	for i, message := range page.Messages {
		thread.Data[i] = newMessageJSON(message, c.caller.ID, now)
	}
	return answer{header: a.pageHeader(c, at), body: thread}, nil
}

func readThreadQuery(p *params) (messaging.ThreadQuery, window, error) {
	var q messaging.ThreadQuery
	w, err := readWindow(p)
	if err != nil {
		return q, w, err
	}
	if q.Before, _, err = get(p, paramBefore, asMessageID); err != nil {
		return q, w, err
	}
	if q.After, q.HasAfter, err = get(p, paramAfter, asMessageID); err != nil {
		return q, w, err
	}
	if q.Order, _, err = get(p, paramOrder, asOneOf(messaging.OldestFirst, messaging.NewestFirst)); err != nil {
		return q, w, err
	}
	if q.Before > 0 && q.HasAfter {
		return q, w, messaging.InvalidParam("after", "before and after cannot be used together.")
	}
	if q.Before > 0 || q.HasAfter {
		if w.offset > 0 {
			return q, w, messaging.InvalidParam("before", "before or after and a page or offset cannot be used together.")
		}
		w.byNo, w.page = false, 0
	}
	q.Limit, q.Offset = w.limit, w.offset
	return q, w, nil
}

// nextMessages is the parameter that goes on behind a page, in the direction in which it was read: back
// in time unless the client asked for what comes after a message or for the oldest first.
func nextMessages(q messaging.ThreadQuery, page messaging.ThreadPage) pair {
	if q.HasAfter || q.Before == 0 && q.Order == messaging.OldestFirst {
		return pair{"after", messageCursor(page.Newest())}
	}
	oldest := page.Messages[0].ID
	for _, message := range page.Messages {
		oldest = min(oldest, message.ID)
	}
	return pair{"before", messageCursor(oldest)}
}

// markRead moves the caller's read mark to the end of a page that shows the newest message. It is a
// courtesy to clients that have no other way to say it: the page is answered whether it works or not.
func (a *api) markRead(ctx context.Context, c *call, page *messaging.ThreadPage) {
	if !page.Unread || !page.ReachesEnd() || c.caller.PendingVerification {
		return
	}
	newest := page.Newest()
	if _, err := a.Service.Read(ctx, c.caller, "", c.conversationID, newest); err != nil {
		if _, refused := messaging.AsError(err); !refused && !clientIsGone(c.request, err) {
			a.Log(c.request, err)
		}
		return
	}
	page.Unread, page.LastReadMessageID = false, newest
}

func (a *api) sendMessage(ctx context.Context, c *call) (answer, error) {
	text, _, err := get(c.params, paramText, asText)
	if err != nil {
		return answer{}, err
	}
	key, err := c.clientKey()
	if err != nil {
		return answer{}, err
	}
	outcome, err := a.Service.Send(ctx, c.caller, key, c.conversationID, text)
	if err != nil {
		return answer{}, err
	}
	message, err := a.Service.Message(ctx, c.caller, outcome.ConversationID, outcome.MessageID)
	if err != nil {
		return answer{}, err
	}
	j := newMessageJSON(message, c.caller.ID, a.Now())
	return answer{status: http.StatusCreated, body: sentJSON{messageJSON: j, Data: j}}.withReplayed(outcome), nil
}
