package wpbridge

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	tokenAudience = "jetonomy-sidecar"

	// TokenLifetime is the longest time a token of ours is good for.
	TokenLifetime = 10 * time.Minute

	tokenLeeway   = 30 * time.Second
	maxTokenBytes = 4096

	// jwtAuthKey stands for JWT_AUTH_SECRET_KEY where a key's id is asked for.
	jwtAuthKey = "jwt-auth"
)

// Refusals of a token. All but the first come wrapped: the text of the whole error is for the log, not for
// the client. Any other error is a fault of the database.
var (
	ErrNoToken      = errors.New("wpbridge: no token")
	ErrInvalidToken = errors.New("wpbridge: invalid token")
	ErrExpired      = errors.New("wpbridge: token expired")
	ErrSessionEnded = errors.New("wpbridge: session ended") // or the password was revoked, or the user is gone
	ErrBanned       = errors.New("wpbridge: user banned")
)

// Identity is who a token speaks for.
type Identity struct {
	UserID    uint64
	Session   string // the claim sid; empty for a token of the plugin JWT Authentication
	ExpiresAt time.Time
	Key       string // id of the key that signed it
}

// OperatorSession is the Session of a token made on the command line.
const OperatorSession = "operator"

// Claims is what [Mint] puts into a token.
type Claims struct {
	Issuer              string // the site's Home
	UserID              uint64
	Session             string
	IssuedAt, ExpiresAt time.Time
}

// Mint makes a token as the plugin does, byte for byte.
func Mint(key Key, c Claims) (string, error) {
	if key.IsZero() {
		return "", errors.New("wpbridge: mint: no key")
	}
	header := struct {
		Typ string `json:"typ"`
		Alg string `json:"alg"`
		Kid string `json:"kid"`
	}{"JWT", jwt.SigningMethodHS256.Alg(), key.id}
	claims := struct {
		Iss string `json:"iss"`
		Aud string `json:"aud"`
		Sub string `json:"sub"`
		Iat int64  `json:"iat"`
		Exp int64  `json:"exp"`
		Sid string `json:"sid"`
	}{c.Issuer, tokenAudience, strconv.FormatUint(c.UserID, 10), c.IssuedAt.Unix(), c.ExpiresAt.Unix(), c.Session}

	var parts [2]string
	for i, part := range []any{header, claims} {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false) // PHP does not
		if err := e.Encode(part); err != nil {
			return "", fmt.Errorf("wpbridge: mint: %w", err)
		}
		parts[i] = base64.RawURLEncoding.EncodeToString(bytes.TrimSpace(b.Bytes()))
	}
	signed := parts[0] + "." + parts[1]
	signature, err := jwt.SigningMethodHS256.Sign(signed, key.secret)
	if err != nil {
		return "", fmt.Errorf("wpbridge: mint: %w", err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// Bearer gives the token of an Authorization header, or "".
func Bearer(h http.Header) string {
	scheme, token, _ := strings.Cut(h.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// tokenClaims are the claims of our tokens and of the plugin JWT Authentication's.
type tokenClaims struct {
	jwt.RegisteredClaims
	Session string `json:"sid"`
	Data    struct {
		User struct {
			ID jsonID `json:"id"`
		} `json:"user"`
	} `json:"data"`
}

// jsonID is a user id, a number or a decimal string.
type jsonID uint64

// UnmarshalJSON implements [json.Unmarshaler].
func (id *jsonID) UnmarshalJSON(text []byte) error {
	n, err := parseUserID(strings.Trim(string(text), `"`))
	*id = jsonID(n)
	return err
}

// parseUserID accepts one spelling of each id only.
func parseUserID(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n == 0 || strconv.FormatUint(n, 10) != s {
		return 0, errors.New("not a user id")
	}
	return n, nil
}

// provenToken is what a token says, once its signature and its claims were found good.
type provenToken struct {
	identity Identity
	snapshot *Snapshot // the options it was compared with
	until    time.Time // when it stops being good, or its key does
}

// parse checks everything about a token that the token itself and the options tell.
func (v *Verifier) parse(token string, snapshot *Snapshot, now time.Time) (provenToken, error) {
	var claims tokenClaims
	var key Key
	_, err := v.parser.ParseWithClaims(token, &claims, func(t *jwt.Token) (any, error) {
		kid, _ := t.Header["kid"].(string)
		var ok bool
		if key, ok = snapshot.Keys.Find(kid, now); ok {
			return key.secret, nil
		}
		if len(v.jwtAuthSecret) > 0 {
			return v.jwtAuthSecret, nil
		}
		return nil, fmt.Errorf("unknown key %.32q", kid)
	})
	switch {
	case errors.Is(err, jwt.ErrTokenExpired): // checked behind the signature
		return provenToken{}, fmt.Errorf("%w at %s", ErrExpired, claims.ExpiresAt.UTC().Format(time.RFC3339))
	case err != nil:
		return provenToken{}, fmt.Errorf("%w: %w", ErrInvalidToken, err)
	}

	proven := provenToken{snapshot: snapshot, until: claims.ExpiresAt.Add(tokenLeeway)}
	if key.IsZero() {
		proven.identity, err = jwtAuthIdentity(&claims, snapshot)
	} else {
		proven.identity, err = ourIdentity(&claims, snapshot, now)
		proven.identity.Key = key.id
		if key.id != snapshot.Keys.Current.id && snapshot.Keys.PreviousUntil.Before(proven.until) {
			proven.until = snapshot.Keys.PreviousUntil
		}
	}
	if err != nil {
		return provenToken{}, fmt.Errorf("%w: %w", ErrInvalidToken, err)
	}
	proven.identity.ExpiresAt = claims.ExpiresAt.Time
	return proven, nil
}

func ourIdentity(c *tokenClaims, snapshot *Snapshot, now time.Time) (Identity, error) {
	if c.Issuer != snapshot.Home {
		return Identity{}, fmt.Errorf("issuer %.200q", c.Issuer)
	}
	if len(c.Audience) != 1 || c.Audience[0] != tokenAudience {
		return Identity{}, fmt.Errorf("audience %.200q", c.Audience)
	}
	if c.ExpiresAt.After(now.Add(TokenLifetime + tokenLeeway)) {
		return Identity{}, errors.New("expires too late")
	}
	id, err := parseUserID(c.Subject)
	if err != nil {
		return Identity{}, fmt.Errorf("subject %.32q: %w", c.Subject, err)
	}
	if _, err := parseSession(c.Session); err != nil {
		return Identity{}, err
	}
	return Identity{UserID: id, Session: c.Session}, nil
}

func jwtAuthIdentity(c *tokenClaims, snapshot *Snapshot) (Identity, error) {
	issuer := strings.TrimRight(c.Issuer, "/")
	if issuer == "" || (issuer != snapshot.Home && issuer != snapshot.SiteURL) {
		return Identity{}, fmt.Errorf("issuer %.200q", c.Issuer)
	}
	if c.Data.User.ID == 0 {
		return Identity{}, errors.New("no data.user.id")
	}
	return Identity{UserID: uint64(c.Data.User.ID), Key: jwtAuthKey}, nil
}
