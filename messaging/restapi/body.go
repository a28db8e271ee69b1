package restapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
)

// maxBody is how many bytes of a body are accepted.
const maxBody = 64 << 10

var (
	errBodyTooLarge = &refusal{status: http.StatusRequestEntityTooLarge, code: "jetonomy_body_too_large", message: "The request body is larger than 64 KiB."}
	errMediaType    = &refusal{status: http.StatusUnsupportedMediaType, code: "rest_unsupported_media_type", message: "Send the body as application/json or application/x-www-form-urlencoded, in UTF-8."}
	errBodyCutShort = &refusal{status: http.StatusBadRequest, code: "rest_invalid_json", message: "The request body ended too early."}
)

func invalidJSON(why string) *refusal {
	return &refusal{status: http.StatusBadRequest, code: "rest_invalid_json", message: "Invalid JSON body passed: " + why + "."}
}

// readBody gives the parameters in a request's body. An empty body has none, whatever its type.
func readBody(w http.ResponseWriter, r *http.Request) (values, error) {
	if r.ContentLength > maxBody {
		return nil, errBodyTooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, errBodyTooLarge
	case err != nil:
		return nil, errBodyCutShort
	case len(body) == 0:
		return nil, nil
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return nil, errMediaType
	}
	return decodeBody(r.Header.Get("Content-Type"), body)
}

func decodeBody(contentType string, body []byte) (values, error) {
	mediaType, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, errMediaType
	}
	if charset := strings.ToLower(parameters["charset"]); charset != "" && charset != "utf-8" && charset != "utf8" {
		return nil, errMediaType
	}
	switch {
	case mediaType == "application/json", strings.HasPrefix(mediaType, "application/") && strings.HasSuffix(mediaType, "+json"):
		return decodeJSON(body)
	case mediaType == "application/x-www-form-urlencoded":
		return parseForm(string(body)).values(), nil
	default:
		return nil, errMediaType
	}
}

// decodeJSON reads an object. Of a name that is there twice the last one counts, as in PHP.
func decodeJSON(body []byte) (values, error) {
	if err := checkJSON(body); err != nil {
		return nil, invalidJSON(err.Error())
	}
	if !bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{")) {
		return nil, invalidJSON("it is not an object")
	}
	var v values
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber() // ids are larger than a float is exact
	if err := decoder.Decode(&v); err != nil {
		return nil, invalidJSON("it cannot be read")
	}
	return v, nil
}
