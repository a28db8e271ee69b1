package restapi

import (
	"context"
	"net/http"

	"jetonomy-sidecar/messaging"
)

// reportJSON answers a report. It shows what the reporter said and no more: what becomes of it is told by
// WordPress, and to nobody else.
type reportJSON struct {
	reportDataJSON
	Success bool           `json:"success"`
	Data    reportDataJSON `json:"data"`
}

type reportDataJSON struct {
	ID             uint64  `json:"id"`
	ConversationID uint64  `json:"conversation_id"`
	MessageID      *uint64 `json:"message_id"` // null where the conversation was reported
}

// reportToModerators brings a message, or without one the conversation, to the moderators.
func (a *api) reportToModerators(ctx context.Context, c *call) (answer, error) {
	messageID, _, err := get(c.params, paramReported, asMessageID)
	if err != nil {
		return answer{}, err
	}
	reason, _, err := get(c.params, paramReason, asOneOf(messaging.ReportReasons...))
	if err != nil {
		return answer{}, err
	}
	note, _, err := get(c.params, paramNote, asText)
	if err != nil {
		return answer{}, err
	}
	key, err := c.clientKey()
	if err != nil {
		return answer{}, err
	}
	outcome, err := a.Service.Report(ctx, c.caller, key, c.conversationID, messageID, reason, note)
	if err != nil {
		return answer{}, err
	}
	data := reportDataJSON{ID: outcome.MessageID, ConversationID: c.conversationID}
	if messageID != 0 {
		data.MessageID = &messageID
	}
	ans := answer{body: reportJSON{reportDataJSON: data, Success: true, Data: data}}
	if outcome.Created {
		ans.status = http.StatusCreated
	}
	return ans.withReplayed(outcome), nil
}
