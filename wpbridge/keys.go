package wpbridge

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"jetonomy-sidecar/wpbridge/phpserial"
)

// MinSecret is the number of bytes that a secret has at least.
const MinSecret = 32

// Key signs tokens and calls. The zero Key signs nothing and fits no id.
type Key struct {
	id     string
	secret []byte
}

// NewKey makes the key of a secret, whose bytes are used as they are.
func NewKey(secret string) (Key, error) {
	if len(secret) < MinSecret {
		return Key{}, fmt.Errorf("wpbridge: a secret of %d bytes, it takes at least %d", len(secret), MinSecret)
	}
	sum := sha256.Sum256([]byte(secret))
	return Key{id: hex.EncodeToString(sum[:])[:16], secret: []byte(secret)}, nil
}

// ID is the key's public name, the kid of its tokens.
func (k Key) ID() string { return k.id }

// IsZero reports whether k is no key.
func (k Key) IsZero() bool { return k.id == "" }

// String and GoString name the key without its secret, wherever it may get printed.
func (k Key) String() string { return "key " + k.id }

// GoString is described at [Key.String].
func (k Key) GoString() string { return k.String() }

// Keyring holds the keys of a site: the one to sign with, and the one before it while it is accepted.
type Keyring struct {
	Current       Key
	Previous      Key
	PreviousUntil time.Time
}

// Find gives the key of that id which is good at that time.
func (r Keyring) Find(id string, at time.Time) (Key, bool) {
	switch {
	case id == "":
		return Key{}, false
	case id == r.Current.id:
		return r.Current, true
	case id == r.Previous.id && at.Before(r.PreviousUntil):
		return r.Previous, true
	default:
		return Key{}, false
	}
}

// parseKeys reads the option jetonomy_sidecar_keys. An entry that cannot be used is left out.
func parseKeys(option phpserial.Value) Keyring {
	var r Keyring
	r.Current, _ = NewKey(option.Get("current").Get("secret").String())
	previous := option.Get("previous")
	r.Previous, _ = NewKey(previous.Get("secret").String())
	r.PreviousUntil = time.Unix(previous.Get("until").Int(), 0)
	return r
}
