package restapi

import (
	"context"

	"jetonomy-sidecar/messaging"
)

// defaultSuggestions is how many rows fit under an input field.
const defaultSuggestions = 10

func (a *api) suggestRecipients(ctx context.Context, c *call) (answer, error) {
	query, _, err := get(c.params, paramQuery, asText)
	if err != nil {
		return answer{}, err
	}
	limit, given, err := get(c.params, paramLimit, asNumber(1, messaging.MaxSuggestions))
	if err != nil {
		return answer{}, err
	}
	if !given {
		limit = defaultSuggestions
	}
	people, err := a.Service.Suggest(ctx, c.caller, query, limit)
	if err != nil {
		return answer{}, err
	}
	list := listJSON[personJSON]{Data: make([]personJSON, len(people)), Meta: metaJSON{Count: len(people), Total: len(people)}}
	for i, p := range people {
		list.Data[i] = newSuggestionJSON(p)
	}
	return answer{body: list}, nil
}
