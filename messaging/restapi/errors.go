package restapi

import (
	"errors"
	"net/http"
	"strconv"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

// statuses is the one place where a domain error's kind becomes an HTTP status. A kind that is missing
// here is a fault: 500.
var statuses = map[messaging.Kind]int{
	messaging.Invalid:     http.StatusBadRequest,
	messaging.Forbidden:   http.StatusForbidden,
	messaging.NotFound:    http.StatusNotFound,
	messaging.Conflict:    http.StatusConflict,
	messaging.RateLimited: http.StatusTooManyRequests,
}

// refusal is an error of HTTP itself, which the domain knows nothing of.
type refusal struct {
	status        int
	code, message string
	header        http.Header
}

func (e *refusal) Error() string { return e.code + ": " + e.message }

var errInternal = &refusal{status: http.StatusInternalServerError, code: "jetonomy_internal_error", message: "Something went wrong on our side. Please try again."}

// errUnavailable answers where the database is slow, busy or gone for a moment.
var errUnavailable = &refusal{
	status: http.StatusServiceUnavailable, code: "jetonomy_sidecar_unavailable",
	message: "Messages are not available right now. What you wrote is not lost; please try again in a moment.",
	header:  http.Header{"Retry-After": {"5"}},
}

// errorJSON is WordPress's error shape.
type errorJSON struct {
	Code    string    `json:"code"`
	Message string    `json:"message"`
	Data    errorData `json:"data"`
}

type errorData struct {
	Status     int                    `json:"status"`
	Params     map[string]string      `json:"params,omitempty"`
	Details    map[string]errorDetail `json:"details,omitempty"`
	RetryAfter int                    `json:"retry_after,omitempty"`
}

type errorDetail struct {
	Code    string    `json:"code"`
	Message string    `json:"message"`
	Data    *struct{} `json:"data"` // always null, as in WordPress
}

// refuse turns an error into its answer. p tells how the client spelled its parameters; it may be nil.
func (a *api) refuse(r *http.Request, err error, p *params) answer {
	var edge *refusal
	var auth *AuthError
	switch {
	case errors.As(err, &edge):
		return edge.answer()
	case errors.As(err, &auth):
		return invalidToken(auth).answer()
	}
	if e, ok := messaging.AsError(err); ok && statuses[e.Kind] != 0 {
		return domainAnswer(e, p)
	}
	if clientIsGone(r, err) {
		return errInternal.answer()
	}
	a.Log(r, err)
	if mysqldb.IsUnavailable(err) {
		return errUnavailable.answer()
	}
	return errInternal.answer()
}

func (e *refusal) answer() answer {
	return answer{status: e.status, header: e.header, body: errorJSON{Code: e.code, Message: e.message, Data: errorData{Status: e.status}}}
}

func domainAnswer(e *messaging.Error, p *params) answer {
	status := statuses[e.Kind]
	body := errorJSON{Code: e.Code, Message: e.Message, Data: errorData{Status: status, RetryAfter: e.RetryAfter}}
	if e.Param != "" {
		name := p.asSpelled(e.Param)
		body.Data.Params = map[string]string{name: e.Message}
		body.Data.Details = map[string]errorDetail{name: {Code: e.Code, Message: e.Message}}
		if e.Code == "rest_invalid_param" {
			body.Message = "Invalid parameter(s): " + name
		}
	}
	s := answer{status: status, body: body}
	if e.RetryAfter > 0 {
		s.set("Retry-After", strconv.Itoa(e.RetryAfter))
	}
	return s
}
