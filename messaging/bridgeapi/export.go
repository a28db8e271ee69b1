package bridgeapi

import (
	"net/http"

	"jetonomy-sidecar/messaging"
)

type exportParams struct {
	UserID uint64 `json:"user_id"`
	Cursor string `json:"cursor"`
}

type exportJSON struct {
	Items  []itemJSON  `json:"items"`
	Next   string      `json:"next"`
	Volume *volumeJSON `json:"volume,omitempty"` // on the first page
}

type volumeJSON struct {
	Items int `json:"items"`
	Bytes int `json:"bytes"`
}

type itemJSON struct {
	Group          messaging.ExportGroup `json:"group"`
	ID             string                `json:"id"`
	ConversationID uint64                `json:"conversation_id,omitempty"`
	Fields         []fieldJSON           `json:"fields"`
}

type fieldJSON struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// export answers with a page. The first one says how much there is, so that whoever asks can decide where to put it.
func (a *api) export(r *http.Request, p exportParams) (any, error) {
	if err := needID("user_id", p.UserID); err != nil {
		return nil, err
	}
	items, next, err := a.Store.Export(r.Context(), p.UserID, p.Cursor)
	if err != nil {
		return nil, err
	}
	answer := exportJSON{Items: make([]itemJSON, len(items)), Next: next}
	for i, item := range items {
		answer.Items[i] = itemJSON{item.Group, item.ID, item.ConversationID, make([]fieldJSON, len(item.Fields))}
		for j, f := range item.Fields {
			answer.Items[i].Fields[j] = fieldJSON{f.Name, f.Value}
		}
	}
	if p.Cursor == "" {
		v, err := a.Store.ExportVolume(r.Context(), p.UserID)
		if err != nil {
			return nil, err
		}
		answer.Volume = &volumeJSON{v.Items, v.Bytes}
	}
	return answer, nil
}
