package mysqlstore

import (
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/wpbridge"
)

// avatarSize is what the published clients show, in pixels.
const avatarSize = 40

// profileScan takes the columns of wpbridge's ProfileSQL out of a row.
type profileScan struct{ profile wpbridge.Profile }

func (p *profileScan) dest(site *wpbridge.Site) []any { return p.profile.Dest(site) }

// person is the member with id as others see them; of an account that is gone only the id is left.
func (p *profileScan) person(id uint64) messaging.Person {
	if !p.profile.Exists() {
		return messaging.Person{ID: id}
	}
	return messaging.Person{
		ID:          id,
		Login:       p.profile.Login,
		DisplayName: p.profile.DisplayName,
		AvatarURL:   p.profile.AvatarURL(avatarSize),
	}
}
