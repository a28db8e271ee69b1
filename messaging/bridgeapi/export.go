package bridgeapi

import (
	"context"
	"net/http"
	"net/netip"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

type exportParams struct {
	UserID uint64 `json:"user_id"`
	Cursor string `json:"cursor"`

	// Of the first page.
	ActorID uint64           `json:"actor_id"` // 0 where nobody is signed in
	Address string           `json:"address"`  // "" on the command line
	Reason  oversight.Reason `json:"reason"`
	Note    string           `json:"note"`
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

// begin writes into the access log that an export begins, and who gets it.
func (a *api) begin(ctx context.Context, p exportParams) error {
	v := oversight.Visitor{UserID: p.ActorID}
	if p.Address != "" {
		address, err := netip.ParseAddr(p.Address)
		if err != nil || address.Zone() != "" {
			return messaging.InvalidParam("address", "address is not an IP address.")
		}
		v.Address = address.String()
	}
	if p.ActorID != 0 {
		members, err := a.Members.Members(ctx, []uint64{p.ActorID})
		if err != nil {
			return err
		}
		actor, exists := members[p.ActorID]
		if !exists {
			return messaging.InvalidParam("actor_id", "There is no such user.")
		}
		v.Login = actor.Login
	}
	return a.Oversight.BeginMemberExport(ctx, v, p.UserID, oversight.Given{Reason: p.Reason, Note: p.Note})
}

// export answers with a page. The first one is a row of the access log before anything is read, and says how much there is, so that whoever asks can decide where to put it.
func (a *api) export(r *http.Request, p exportParams) (any, error) {
	if err := needID("user_id", p.UserID); err != nil {
		return nil, err
	}
	if p.Cursor == "" {
		if err := a.begin(r.Context(), p); err != nil {
			return nil, err
		}
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
