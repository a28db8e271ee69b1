package wpbridge

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// A token that is signed with a secret which everybody knows, or can find out, proves nothing.
func TestWeakJWTAuthSecrets(t *testing.T) {
	t.Parallel()
	v := readVectors(t)
	for secret, good := range map[string]bool{
		"":                    false,
		"your-top-secret-key": false,
		"your-top-secret-key-your-top-secret-key": false,
		"Put Your Unique Phrase Here, or not":     false,
		strings.Repeat("x", MinSecret-1):          false,
		strings.Repeat("x", MinSecret):            true,
	} {
		if err := CheckJWTAuthSecret(secret); (err == nil) != good {
			t.Errorf("%q: %v", secret, err)
		}
		token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
			"iss": v.Home, "exp": v.time().Add(time.Hour).Unix(), "data": map[string]any{"user": map[string]any{"id": 1}},
		}).SignedString([]byte(secret))
		if err != nil {
			t.Fatal(err)
		}
		_, err = v.offline(t, v.snapshot(t), secret).prove(token)
		if good != (err == nil) || !good && !errors.Is(err, ErrInvalidToken) {
			t.Errorf("a token signed with %q: %v", secret, err)
		}
	}
}
