package restapi

import "net/http"

// RenderFailure answers 500 in the API's shape, for what goes wrong outside of it: a panic. err is not
// shown.
func RenderFailure(w http.ResponseWriter, r *http.Request, _ error) {
	(&api{}).write(w, r, errInternal.answer())
}
