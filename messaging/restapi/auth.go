package restapi

import (
	"net/http"
	"strings"

	"jetonomy-sidecar/messaging"
)

// AuthError refuses a bearer token that is not, or no longer, good for anybody. The message is shown to
// the client and should say what helps.
type AuthError struct{ Message string }

func (e *AuthError) Error() string { return "restapi: token refused: " + e.Message }

var errNotLoggedIn = &refusal{
	status: http.StatusUnauthorized, code: "rest_not_logged_in", message: "You are not currently logged in.",
	header: http.Header{"Www-Authenticate": {"Bearer"}},
}

// invalidToken answers for an AuthError, with the challenge of RFC 6750.
func invalidToken(e *AuthError) *refusal {
	return &refusal{
		status: http.StatusUnauthorized, code: "jetonomy_invalid_token", message: e.Message,
		header: http.Header{"Www-Authenticate": {`Bearer error="invalid_token"`}},
	}
}

func (a *api) authenticate(r *http.Request) (messaging.Member, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	// Other schemes are WordPress's business, which passes such requests on with a token.
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return messaging.Member{}, errNotLoggedIn
	}
	return a.Authenticate(r.Context(), token)
}
