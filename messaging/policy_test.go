package messaging

import (
	"errors"
	"testing"
)

func TestMayWrite(t *testing.T) {
	t.Parallel()
	standard := DefaultSettings()
	replies := DefaultSettings()
	replies.ReplyBelowTrust = true
	strict := DefaultSettings()
	strict.MinTrustLevel = 3
	open := DefaultSettings()
	open.MinTrustLevel = 0

	for _, test := range []struct {
		name     string
		caller   Member
		settings Settings
		incoming bool
		want     error
	}{
		{"level 1", Member{TrustLevel: 1}, standard, false, nil},
		{"level 5", Member{TrustLevel: 5}, standard, false, nil},
		{"newcomer", Member{TrustLevel: 0}, standard, false, ErrTrust(1)},
		{"newcomer replies", Member{TrustLevel: 0}, standard, true, ErrTrust(1)},
		{"newcomer where replies are allowed, but starts", Member{TrustLevel: 0}, replies, false, ErrTrust(1)},
		{"newcomer where replies are allowed", Member{TrustLevel: 0}, replies, true, nil},
		{"below a stricter level", Member{TrustLevel: 2}, strict, false, ErrTrust(3)},
		{"at a stricter level", Member{TrustLevel: 3}, strict, false, nil},
		{"newcomer where no level is asked", Member{TrustLevel: 0}, open, false, nil},
		{"moderator without a level", Member{Moderator: true}, strict, false, nil},
		{"administrator without a level", Member{Administrator: true}, strict, false, nil},
		{"banned", Member{TrustLevel: 5, Banned: true}, standard, false, ErrBanned},
		{"banned moderator", Member{Moderator: true, Banned: true}, standard, false, ErrBanned},
		{"banned, replies", Member{TrustLevel: 0, Banned: true}, replies, true, ErrBanned},
		{"silenced", Member{TrustLevel: 5, Silenced: true}, standard, false, ErrSilenced},
		{"silenced administrator", Member{Administrator: true, Silenced: true}, standard, false, ErrSilenced},
		{"pending", Member{TrustLevel: 5, PendingVerification: true}, standard, false, ErrPendingVerification},
		{"pending administrator", Member{Administrator: true, PendingVerification: true}, standard, false, ErrPendingVerification},
		{"pending and banned", Member{PendingVerification: true, Banned: true}, standard, false, ErrPendingVerification},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := mayWrite(test.caller, test.settings, test.incoming); !errors.Is(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestMayChangeOwnState(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		caller Member
		want   error
	}{
		{"member", Member{TrustLevel: 1}, nil},
		{"newcomer", Member{}, nil},
		{"silenced", Member{Silenced: true}, nil},
		{"banned", Member{Banned: true}, nil},
		{"pending", Member{TrustLevel: 1, PendingVerification: true}, ErrPendingVerification},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := mayChangeOwnState(test.caller); !errors.Is(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestMayReceive(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		member Member
		exists bool
		want   bool
	}{
		{"member", Member{TrustLevel: 1}, true, true},
		{"newcomer", Member{}, true, true},
		{"silenced: can read", Member{Silenced: true}, true, true},
		{"banned", Member{Banned: true}, true, false},
		{"deleted", Member{}, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := mayReceive(test.member, test.exists); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
