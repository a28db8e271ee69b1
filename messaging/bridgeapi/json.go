package bridgeapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"unicode/utf8"

	"jetonomy-sidecar/internal/httpx"
	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

var errJSON = &messaging.Error{Kind: messaging.Invalid, Code: "rest_invalid_json", Message: "The body is not a JSON object in UTF-8."}

// decode reads a JSON object into p; an empty body is an empty object. Names that p does not know are for
// later versions.
func decode(body []byte, p any) error {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return nil
	}
	if body[0] != '{' || !utf8.Valid(body) {
		return errJSON
	}
	d := json.NewDecoder(bytes.NewReader(body))
	err := d.Decode(p)
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType) && wrongType.Field != "":
		if wrongType.Type.Kind() == reflect.String {
			return messaging.InvalidParam(wrongType.Field, wrongType.Field+" is not a text.")
		}
		return messaging.InvalidParam(wrongType.Field, wrongType.Field+" is not a whole number in its range.")
	case err != nil:
		return errJSON
	}
	if _, err := d.Token(); err != io.EOF {
		return errJSON
	}
	return nil
}

// needID refuses 0, which no member and no conversation has.
func needID(name string, id uint64) error {
	if id == 0 {
		return messaging.InvalidParam(name, name+" is missing.")
	}
	return nil
}

// errorJSON is WordPress's error shape.
type errorJSON struct {
	Code    string    `json:"code"`
	Message string    `json:"message"`
	Data    errorData `json:"data"`
}

type errorData struct {
	Status int               `json:"status"`
	Params map[string]string `json:"params,omitempty"`
}

// refuse answers with an error. Only what the domain says of the parameters is shown.
func (a *api) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if e, ok := messaging.AsError(err); ok && (e.Kind == messaging.Invalid || e.Kind == messaging.Conflict) {
		status := http.StatusBadRequest
		if e.Kind == messaging.Conflict {
			status = http.StatusConflict
		}
		answer := errorJSON{Code: e.Code, Message: e.Message, Data: errorData{Status: status}}
		if e.Param != "" {
			answer.Message = "Invalid parameter(s): " + e.Param
			answer.Data.Params = map[string]string{e.Param: e.Message}
		}
		httpx.WriteJSON(w, status, answer)
		return
	}
	a.Log(r, err)
	if errors.Is(err, errUnavailable) || mysqldb.IsUnavailable(err) {
		w.Header().Set("Retry-After", "5")
		httpx.WriteJSON(w, http.StatusServiceUnavailable, errorJSON{
			"jetonomy_sidecar_unavailable", "Messages are not available right now. Please try again in a moment.",
			errorData{Status: http.StatusServiceUnavailable},
		})
		return
	}
	if mysqldb.IsNoSuchTable(err) {
		httpx.WriteJSON(w, http.StatusServiceUnavailable, errorJSON{
			"jetonomy_sidecar_no_tables", "The service's tables are gone from the database.",
			errorData{Status: http.StatusServiceUnavailable},
		})
		return
	}
	httpx.WriteJSON(w, http.StatusInternalServerError, errorJSON{
		"jetonomy_internal_error", "Something went wrong on our side. Please try again.",
		errorData{Status: http.StatusInternalServerError},
	})
}
