package restapi

import (
	"strings"

	"jetonomy-sidecar/messaging"
)

// personJSON is what anybody may see of a member, under the names of all the descriptions.
type personJSON struct {
	ID          uint64 `json:"id"`
	UserID      uint64 `json:"user_id"`
	Login       string `json:"login"`
	UserLogin   string `json:"user_login"`
	DisplayName string `json:"display_name"`
	Name        string `json:"name"`
	Avatar      string `json:"avatar"`
	AvatarURL   string `json:"avatar_url"`
}

// anonymousAvatar is WordPress's own for somebody without an account.
const anonymousAvatar = "https://secure.gravatar.com/avatar/?s=40&d=mm&r=g"

// newPersonJSON shows a person. id is given apart: of an account that is gone nothing else may be left.
func newPersonJSON(id uint64, p messaging.Person) personJSON {
	avatar := p.AvatarURL
	if avatar == "" {
		avatar = anonymousAvatar
	}
	return personJSON{
		ID: id, UserID: id,
		Login: p.Login, UserLogin: p.Login,
		DisplayName: p.Name(), Name: p.Name(),
		Avatar: avatar, AvatarURL: avatar,
	}
}

// newSuggestionJSON shows a person for a list of suggestions, where clients expect 32 px.
func newSuggestionJSON(p messaging.Person) personJSON {
	s := newPersonJSON(p.ID, p)
	s.Avatar = smallAvatar(s.Avatar)
	s.AvatarURL = s.Avatar
	return s
}

// smallAvatar asks Gravatar for 32 px instead of 40. Other pictures come in one size.
func smallAvatar(url string) string {
	address, query, ok := strings.Cut(url, "?")
	if !ok || !strings.Contains(address, "gravatar.com/avatar/") {
		return url
	}
	options := strings.Split(query, "&")
	for i, option := range options {
		if option == "s=40" {
			options[i] = "s=32"
		}
	}
	return address + "?" + strings.Join(options, "&")
}
