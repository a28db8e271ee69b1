package wpbridge

import (
	"fmt"
	"strings"
)

// placeholders are what the documentations of the plugin "JWT Authentication for WP REST API" and of WordPress have in
// place of a secret.
var placeholders = []string{"your-top-secret-key", "put your unique phrase here"}

// CheckJWTAuthSecret refuses a JWT_AUTH_SECRET_KEY by which anybody could make a token for any member: a placeholder that
// was never replaced, or one of fewer than MinSecret bytes, which can be found out by trying, with any token at hand. That
// plugin itself takes any.
func CheckJWTAuthSecret(secret string) error {
	for _, placeholder := range placeholders {
		if strings.Contains(strings.ToLower(secret), placeholder) {
			return fmt.Errorf("it is the placeholder %q, which everybody knows", placeholder)
		}
	}
	if len(secret) < MinSecret {
		return fmt.Errorf("it has %d bytes, and takes at least %d", len(secret), MinSecret)
	}
	return nil
}
