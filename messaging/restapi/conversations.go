package restapi

import (
	"context"
	"net/http"
	"strconv"

	"jetonomy-sidecar/messaging"
)

func (a *api) listConversations(ctx context.Context, c *call) (answer, error) {
	query, w, err := readListQuery(c.params)
	if err != nil {
		return answer{}, err
	}
	page, err := a.Service.Conversations(ctx, c.caller, query)
	if err != nil {
		return answer{}, err
	}
	at := position{window: w, total: page.Total}
	if page.Next != nil {
		at.more, at.next = true, pair{"cursor", encodeListCursor(*page.Next)}
	}
	list := listJSON[conversationJSON]{Data: make([]conversationJSON, len(page.Conversations)), Meta: at.meta(len(page.Conversations))}
	for i, conversation := range page.Conversations {
		list.Data[i] = newConversationJSON(conversation)
	}
	return answer{header: a.pageHeader(c, at), body: list}, nil
}

// readListQuery reads which conversations are asked for. filter is the mobile app's way and shows the
// archive alone; archived=true is the OpenAPI file's, and adds it to the inbox.
func readListQuery(p *params) (messaging.ListQuery, window, error) {
	q := messaging.ListQuery{Filter: messaging.FilterActive}
	withArchive, _, err := get(p, named("archived"), asBool)
	if err != nil {
		return q, window{}, err
	}
	if withArchive {
		q.Filter = messaging.FilterAll
	}
	filter, given, err := get(p, paramFilter, asOneOf(messaging.FilterActive, messaging.FilterArchived, messaging.FilterUnread, messaging.FilterAll))
	if err != nil {
		return q, window{}, err
	}
	if given {
		q.Filter = filter
	}
	if q.Search, _, err = get(p, paramSearch, asText); err != nil {
		return q, window{}, err
	}
	w, err := readWindow(p)
	if err != nil {
		return q, window{}, err
	}
	after, given, err := get(p, paramCursor, asListCursor)
	if err != nil {
		return q, window{}, err
	}
	if given {
		if w.offset > 0 {
			return q, window{}, messaging.InvalidParam("cursor", "A cursor and a page or offset cannot be used together.")
		}
		q.After, w.byNo, w.page = &after, false, 0
	}
	q.Limit, q.Offset = w.limit, w.offset
	if q.With, _, err = get(p, paramWith, asID); err != nil {
		return q, window{}, err
	}
	if q.With != 0 && (q.Search != "" || q.After != nil || q.Offset > 0) {
		return q, window{}, messaging.InvalidParam("with", "A pair has one conversation: it cannot be searched or paged.")
	}
	return q, w, nil
}

func (a *api) getConversation(ctx context.Context, c *call) (answer, error) {
	conversation, err := a.Service.Conversation(ctx, c.caller, c.conversationID)
	if err != nil {
		return answer{}, err
	}
	return answer{body: newConversationJSON(conversation)}, nil
}

func (a *api) startConversation(ctx context.Context, c *call) (answer, error) {
	recipients, _, err := get(c.params, paramRecipients, asIDs)
	if err != nil {
		return answer{}, err
	}
	text, _, err := get(c.params, paramFirstText, asText)
	if err != nil {
		return answer{}, err
	}
	title, _, err := get(c.params, paramTitle, asText)
	if err != nil {
		return answer{}, err
	}
	key, err := c.clientKey()
	if err != nil {
		return answer{}, err
	}
	outcome, err := a.Service.Start(ctx, c.caller, key, recipients, title, text)
	if err != nil {
		return answer{}, err
	}
	conversation, err := a.Service.Conversation(ctx, c.caller, outcome.ConversationID)
	if err != nil {
		return answer{}, err
	}
	message, err := a.Service.Message(ctx, c.caller, outcome.ConversationID, outcome.MessageID)
	if err != nil {
		return answer{}, err
	}
	ans := answer{body: startedJSON{
		changedJSON: newChangedJSON(conversation),
		MessageID:   message.ID,
		Message:     newMessageJSON(message, c.caller.ID, a.Now()),
	}}
	if outcome.Created {
		ans.status = http.StatusCreated
		// With 201 only: CGI, by which WordPress passes this answer on, makes a redirect of a Location with 200.
		ans.set("Location", a.Home()+Prefix+"/conversations/"+strconv.FormatUint(conversation.ID, 10))
	}
	return ans.withReplayed(outcome), nil
}

func (a *api) addParticipants(ctx context.Context, c *call) (answer, error) {
	members, _, err := get(c.params, paramRecipients, asIDs)
	if err != nil {
		return answer{}, err
	}
	key, err := c.clientKey()
	if err != nil {
		return answer{}, err
	}
	outcome, err := a.Service.Add(ctx, c.caller, key, c.conversationID, members)
	if err != nil {
		return answer{}, err
	}
	return a.changed(ctx, c, outcome, nil)
}

// unreadCountJSON has the count under the names of all the descriptions.
type unreadCountJSON struct {
	Count       int `json:"count"`
	Unread      int `json:"unread"`
	UnreadCount int `json:"unread_count"`
}

func newUnreadCountJSON(n int) unreadCountJSON { return unreadCountJSON{n, n, n} }

// countFormat is how the unread count is given. The feature page shows a bare number, which is no object.
type countFormat string

const (
	countAsObject countFormat = "object"
	countAsNumber countFormat = "number"
)

func (a *api) unreadCount(ctx context.Context, c *call) (answer, error) {
	format, _, err := get(c.params, paramFormat, asOneOf(countAsObject, countAsNumber))
	if err != nil {
		return answer{}, err
	}
	n, err := a.Service.UnreadCount(ctx, c.caller)
	if err != nil {
		return answer{}, err
	}
	if format == countAsNumber {
		return answer{body: n}, nil
	}
	return answer{body: newUnreadCountJSON(n)}, nil
}
