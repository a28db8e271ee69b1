package restapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"jetonomy-sidecar/messaging/restapi"
)

type contract struct {
	document *openapi3.T
	router   routers.Router
}

var loadContract = sync.OnceValue(func() contract {
	document, err := openapi3.NewLoader().LoadFromData(restapi.OpenAPI())
	if err != nil {
		panic(err)
	}
	router, err := gorillamux.NewRouter(document)
	if err != nil {
		panic(err)
	}
	return contract{document, router}
})

func TestDocumentIsValid(t *testing.T) {
	t.Parallel()
	document := loadContract().document
	if err := document.Validate(context.Background(), openapi3.EnableExamplesValidation()); err != nil {
		t.Fatal(err)
	}
	if !document.IsOpenAPI31OrLater() {
		t.Errorf("the document says it is OpenAPI %s", document.OpenAPI)
	}
}

// checkContract holds an answer against openapi.yaml: headers, status and body as documented, nothing in
// the body that is not; and where the request was accepted, the request, too.
func checkContract(t testing.TB, r *http.Request, q request, w *httptest.ResponseRecorder) {
	t.Helper()
	for name, want := range map[string]string{
		"Content-Type":           "application/json; charset=UTF-8",
		"X-Content-Type-Options": "nosniff",
		"X-Robots-Tag":           "noindex",
		"Cache-Control":          "no-store",
	} {
		if got := w.Header().Get(name); got != want && w.Code != http.StatusNotFound {
			t.Errorf("%s %s: header %s is %q, want %q", r.Method, q.path, name, got, want)
		}
	}
	if got, want := w.Header().Get("Content-Length"), fmt.Sprint(w.Body.Len()); got != want && r.Method != http.MethodHead && w.Code != http.StatusNotFound {
		t.Errorf("%s %s: Content-Length %s, want %s", r.Method, q.path, got, want)
	}
	if r.Method == http.MethodHead {
		if w.Body.Len() > 0 {
			t.Errorf("HEAD %s has a body: %s", q.path, w.Body)
		}
		return
	}

	c := loadContract()
	switch {
	case r.Method == http.MethodOptions && w.Code == http.StatusOK:
		c.checkBody(t, w, c.document.Components.Schemas["Methods"])
		return
	case w.Code == http.StatusMethodNotAllowed:
		c.checkBody(t, w, c.document.Components.Responses["MethodNotAllowed"].Value.Content.Get("application/json").Schema)
		return
	case w.Code == http.StatusNotFound:
		c.checkBody(t, w, c.document.Components.Responses["NoRoute"].Value.Content.Get("application/json").Schema)
		return
	}

	documented := r.Clone(context.Background())
	if method := r.Header.Get("X-HTTP-Method-Override"); method != "" {
		documented.Method = method
	}
	documented.URL.Path = strings.TrimRight(documented.URL.Path, "/")
	documented.Body = http.NoBody
	if q.form == nil && q.body != "" {
		documented.Body = readCloser{bytes.NewReader([]byte(q.body))}
	}
	route, pathParams, err := c.router.FindRoute(documented)
	if err != nil {
		t.Errorf("%s %s is not documented: %v", r.Method, q.path, err)
		return
	}
	input := &openapi3filter.RequestValidationInput{
		Request: documented, PathParams: pathParams, Route: route,
		Options: &openapi3filter.Options{
			IncludeResponseStatus: true, ExcludeRequestBody: q.form != nil || q.contentType != "" || q.body == "" || q.loose,
			AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
		},
	}
	if w.Code < 300 {
		if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil {
			t.Errorf("%s %s %s was accepted, but is not documented: %v", r.Method, q.path, q.body, err)
		}
		checkNames(t, q, route)
	}
	answer := &openapi3filter.ResponseValidationInput{RequestValidationInput: input, Status: w.Code, Header: w.Header(), Options: input.Options}
	answer.SetBodyBytes(w.Body.Bytes())
	if err := openapi3filter.ValidateResponse(context.Background(), answer); err != nil {
		t.Errorf("%s %s: the answer %d is not as documented: %v\n%s", r.Method, q.path, w.Code, err, w.Body)
	}
	c.checkFields(t, w, route.Operation.Responses.Status(w.Code).Value.Content.Get("application/json").Schema)
}

// checkNames finds what a client sent that is not documented: every spelling has to be.
func checkNames(t testing.TB, q request, route *routers.Route) {
	t.Helper()
	documented := map[string]bool{}
	for _, parameter := range slices.Concat(route.PathItem.Parameters, route.Operation.Parameters) {
		documented[parameter.Value.Name] = true
	}
	if body := route.Operation.RequestBody; body != nil {
		for name := range body.Value.Content.Get("application/json").Schema.Value.Properties {
			documented[name] = true
		}
	}
	sent := map[string]bool{}
	if _, query, ok := strings.Cut(q.path, "?"); ok {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatalf("query %s: %v", query, err)
		}
		for name := range values {
			sent[name] = true
		}
	}
	for name := range q.form {
		name, _, _ = strings.Cut(name, "[")
		sent[name] = true
	}
	if q.body != "" && q.contentType == "" {
		var values map[string]any
		if err := json.Unmarshal([]byte(q.body), &values); err != nil {
			t.Fatalf("body %s: %v", q.body, err)
		}
		for name := range values {
			sent[name] = true
		}
	}
	for name := range sent {
		if !documented[name] && !slices.Contains([]string{"x", "extra", "unknown", "_locale", "Content"}, name) {
			t.Errorf("%s is accepted by %s %s and not documented", name, route.Method, route.Path)
		}
	}
}

func TestCheckerNotices(t *testing.T) {
	t.Parallel()
	c := loadContract()
	schema := c.document.Components.Schemas["ChangedConversation"]
	s := newSite(t)
	good := s.post("member1", s.direct("member1", member2)+"/mute", ``)
	for name, spoil := range map[string]func(map[string]any){
		"a missing field":                func(v map[string]any) { delete(v, "unread") },
		"a missing field further inside": func(v map[string]any) { delete(v["data"].(map[string]any), "participants") },
		"a wrong type":                   func(v map[string]any) { v["id"] = "1" },
		"a wrong time":                   func(v map[string]any) { v["created_at"] = "2026-01-02 15:04:05" },
		"null":                           func(v map[string]any) { v["title"] = nil },
	} {
		value := decoded(t, good)
		spoil(value)
		if err := schema.Value.VisitJSON(value, openapi3.EnableJSONSchema2020()); err == nil {
			t.Errorf("%s passes", name)
		}
	}
	value := decoded(t, good)
	value["data"].(map[string]any)["participants"].([]any)[0].(map[string]any)["email"] = "member1@example.org"
	if got := undocumented(value, "", schema); !slices.Equal(got, []string{".data.participants[].email"}) {
		t.Errorf("undocumented: %q", got)
	}
}

func decoded(t *testing.T, r response) map[string]any {
	t.Helper()
	var value map[string]any
	if err := json.Unmarshal(r.Body.Bytes(), &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func (c contract) checkBody(t testing.TB, w *httptest.ResponseRecorder, schema *openapi3.SchemaRef) {
	t.Helper()
	var value any
	if err := json.Unmarshal(w.Body.Bytes(), &value); err != nil {
		t.Errorf("the answer is not JSON: %v", err)
		return
	}
	if err := schema.Value.VisitJSON(value, openapi3.EnableJSONSchema2020()); err != nil {
		t.Errorf("the answer %d is not as documented: %v\n%s", w.Code, err, w.Body)
	}
	c.checkFields(t, w, schema)
}

// checkFields finds what is answered and not documented.
func (c contract) checkFields(t testing.TB, w *httptest.ResponseRecorder, schema *openapi3.SchemaRef) {
	t.Helper()
	var value any
	if err := json.Unmarshal(w.Body.Bytes(), &value); err != nil {
		t.Errorf("the answer is not JSON: %v", err)
		return
	}
	for _, path := range undocumented(value, "", schema) {
		t.Errorf("the answer has %s, which is not documented: %s", path, w.Body)
	}
}

// undocumented lists the paths in value that none of the schemas, which apply together, has.
func undocumented(value any, path string, schemas ...*openapi3.SchemaRef) []string {
	for i := 0; i < len(schemas); i++ { // grows while it is walked
		s := schemas[i].Value
		schemas = append(schemas, slices.Concat(s.AllOf, s.AnyOf, s.OneOf)...)
	}
	var missing []string
	switch value := value.(type) {
	case map[string]any:
		for name, field := range value {
			var under []*openapi3.SchemaRef
			for _, s := range schemas {
				if p := s.Value.Properties[name]; p != nil {
					under = append(under, p)
				} else if more := s.Value.AdditionalProperties.Schema; more != nil {
					under = append(under, more)
				}
			}
			if under == nil {
				missing = append(missing, path+"."+name)
				continue
			}
			missing = append(missing, undocumented(field, path+"."+name, under...)...)
		}
	case []any:
		var under []*openapi3.SchemaRef
		for _, s := range schemas {
			if s.Value.Items != nil {
				under = append(under, s.Value.Items)
			}
		}
		for _, item := range value {
			missing = append(missing, undocumented(item, path+"[]", under...)...)
		}
	}
	return missing
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }
