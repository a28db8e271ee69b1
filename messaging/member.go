package messaging

import "context"

// Person is what any member may see of another. The zero Person is somebody whose account is gone.
type Person struct {
	ID          uint64
	Login       string
	DisplayName string // plain text
	AvatarURL   string // 40 px square, as the published clients expect
}

// DeletedName is shown for the author of a message whose account is gone.
const DeletedName = "Deleted User"

// Name is the display name, or [DeletedName].
func (p Person) Name() string {
	if p.Login == "" {
		return DeletedName
	}
	if p.DisplayName == "" {
		return p.Login
	}
	return p.DisplayName
}

// Member is a Person with what the rules ask of them. All of it comes from WordPress's tables,
// at most 5 seconds old.
type Member struct {
	Person
	TrustLevel          int  // 0 to 5
	Administrator       bool // capability manage_options
	Moderator           bool // capability jetonomy_moderate
	Banned              bool // an unexpired global ban
	Silenced            bool // an unexpired silence
	PendingVerification bool // has not confirmed their e-mail address
}

// Staff is an administrator or a moderator: bypasses the trust level and cannot be blocked.
func (m Member) Staff() bool { return m.Administrator || m.Moderator }

// Candidate is somebody who might be meant, by the name that matched.
type Candidate struct {
	Person
	Matched string // display name or login, as it is indexed
}

// Directory looks members up in WordPress. Implementations may cache for at most 5 seconds.
type Directory interface {
	// Members gives the members of ids that exist; a missing key is a deleted or unknown one.
	Members(ctx context.Context, ids []uint64) (map[uint64]Member, error)

	// SharingSpace says which of others are in a Jetonomy space together with member id. Where
	// there are no spaces (plain WordPress) everybody is.
	SharingSpace(ctx context.Context, id uint64, others []uint64) (map[uint64]bool, error)
}
