package main

import (
	"context"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/wpbridge"
)

// directory is WordPress's members as the domain asks for them: a messaging.Directory.
type directory struct{ site *wpbridge.Site }

func (d directory) Members(ctx context.Context, ids []uint64) (map[uint64]messaging.Member, error) {
	found, err := d.site.Members(ctx, ids)
	if err != nil {
		return nil, err
	}
	members := make(map[uint64]messaging.Member, len(found))
	for id, m := range found {
		members[id] = memberOf(m)
	}
	return members, nil
}

func (d directory) SharingSpace(ctx context.Context, id uint64, others []uint64) (map[uint64]bool, error) {
	return d.site.ShareSpace(ctx, id, others)
}

// avatarSize is what the published clients show, in pixels.
const avatarSize = 40

func memberOf(m wpbridge.Member) messaging.Member {
	return messaging.Member{
		Person: messaging.Person{
			ID: m.ID, Login: m.Login, DisplayName: m.DisplayName, AvatarURL: m.AvatarURL(avatarSize),
		},
		TrustLevel:          m.TrustLevel,
		Administrator:       m.Administrator,
		Moderator:           m.Moderator,
		Banned:              m.Banned,
		Silenced:            m.Silenced,
		PendingVerification: m.PendingVerification,
	}
}
