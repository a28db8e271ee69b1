package wpbridge

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/maypok86/otter/v2"
)

const (
	// provenTTL may be long: what is kept about a token never changes. Whether its user and session are
	// still there is asked apart from it.
	provenTTL            = TokenLifetime
	defaultVerifierCache = 50_000
)

// VerifierConfig is what a [Verifier] needs besides its Site. The zero value is good.
type VerifierConfig struct {
	// JWTAuthSecret is JWT_AUTH_SECRET_KEY of the plugin "JWT Authentication for WP REST API". Without it, or
	// where CheckJWTAuthSecret refuses it, that plugin's tokens are refused.
	JWTAuthSecret string

	Now func() time.Time

	// CacheSize is how many tokens are kept, 50,000 if zero.
	CacheSize int
}

// Verifier proves who is calling. It is safe for concurrent use.
//
// That a token is signed and made out properly is cached here: it stays true until its time or its key is
// over. The user, their sessions and a ban come from the Site, at most its CacheTTL old.
type Verifier struct {
	site          *Site
	now           func() time.Time
	jwtAuthSecret []byte
	parser        *jwt.Parser
	proven        *otter.Cache[[sha256.Size]byte, cached[provenToken]]
}

// NewVerifier makes a Verifier for the tokens of site.
func NewVerifier(site *Site, cfg VerifierConfig) *Verifier {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.CacheSize == 0 {
		cfg.CacheSize = defaultVerifierCache
	}
	if CheckJWTAuthSecret(cfg.JWTAuthSecret) != nil {
		cfg.JWTAuthSecret = ""
	}
	return &Verifier{
		site:          site,
		now:           cfg.Now,
		jwtAuthSecret: []byte(cfg.JWTAuthSecret),
		parser: jwt.NewParser(
			jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
			jwt.WithStrictDecoding(),
			jwt.WithExpirationRequired(),
			jwt.WithIssuedAt(),
			jwt.WithLeeway(tokenLeeway),
			jwt.WithTimeFunc(cfg.Now),
		),
		proven: newCache[[sha256.Size]byte, provenToken](cfg.CacheSize, provenTTL, cfg.Now),
	}
}

// Verify gives the identity of a token that is good now: see [Verifier.Check] for what that takes besides
// the signature and the claims. With ErrSessionEnded and ErrBanned the identity is given, too. A token
// that was seen lately costs no cryptography but its hash, and no statement.
func (v *Verifier) Verify(ctx context.Context, token string) (Identity, error) {
	if token == "" {
		return Identity{}, ErrNoToken
	}
	if len(token) > maxTokenBytes {
		return Identity{}, fmt.Errorf("%w: %d bytes", ErrInvalidToken, len(token))
	}
	identity, err := v.prove(token)
	if err != nil {
		return Identity{}, err
	}
	return identity, v.Check(ctx, identity)
}

func (v *Verifier) prove(token string) (Identity, error) {
	hash := sha256.Sum256([]byte(token))
	snapshot, now := v.site.options.Snapshot(), v.now()
	if p, ok := v.proven.GetIfPresent(hash); ok && p.value.snapshot == snapshot && now.Before(p.value.until) {
		return p.value.identity, nil
	}
	p, err := v.parse(token, snapshot, now)
	if err != nil {
		return Identity{}, err
	}
	v.proven.Set(hash, cached[provenToken]{p, now})
	return p.identity, nil
}

// Check asks whether an identity still stands: its session or application password is there, its user
// exists (ErrSessionEnded) and is not banned (ErrBanned). A change takes effect within 5 seconds. It is
// what a stream asks again and again; when the token expires is for the caller to look at.
func (v *Verifier) Check(ctx context.Context, identity Identity) error {
	member, exists, err := v.site.Member(ctx, identity.UserID)
	switch {
	case err != nil:
		return err
	case !exists:
		return fmt.Errorf("%w: there is no user %d", ErrSessionEnded, identity.UserID)
	}
	if !v.inSession(identity, member) {
		// They may have signed in just now, after the member was read.
		v.site.Forget(identity.UserID)
		if member, _, err = v.site.Member(ctx, identity.UserID); err != nil {
			return err
		}
		if !v.inSession(identity, member) {
			return fmt.Errorf("%w: user %d", ErrSessionEnded, identity.UserID)
		}
	}
	if member.Banned {
		return fmt.Errorf("%w: user %d", ErrBanned, identity.UserID)
	}
	return nil
}
