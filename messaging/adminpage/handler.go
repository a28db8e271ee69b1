package adminpage

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"jetonomy-sidecar/internal/httpx"
	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

// Prefix is the path that both calls begin with, and Path the part of it that is signed: POST Prefix/page answers JSON,
// POST Prefix/export a file, or what the other one would have where the domain refuses it, with that status.
const (
	Prefix = "/wp-json" + Path
	Path   = "/jetonomy-sidecar/v1/admin"
)

// maxBody is how many bytes of a body are accepted. Most of them are texts.
const maxBody = 1 << 20

// Caller is whom a bearer token stands for, with the capabilities that the database has now.
type Caller struct {
	messaging.Person
	Session       string // what tells visits apart
	Administrator bool   // manage_options
	Moderator     bool   // jetonomy_moderate
}

// AuthError refuses a bearer token that is not, or no longer, good for anybody. The message says what helps.
type AuthError struct{ Message string }

func (e *AuthError) Error() string { return "adminpage: token refused: " + e.Message }

// Oversight is what the page needs of *oversight.Service, where each method is described.
type Oversight interface {
	Conversations(ctx context.Context, v oversight.Visitor, f oversight.Filter) (oversight.Page, error)
	Detail(ctx context.Context, v oversight.Visitor, conversationID uint64) (oversight.Detail, error)
	Visited(ctx context.Context, v oversight.Visitor, conversationID uint64) (oversight.Given, bool, error)
	BeginVisit(ctx context.Context, v oversight.Visitor, conversationID uint64, g oversight.Given) error
	Thread(ctx context.Context, v oversight.Visitor, conversationID uint64, f oversight.ThreadFilter, g oversight.Given) (oversight.Thread, error)
	Text(ctx context.Context, v oversight.Visitor, conversationID, messageID uint64) (string, error)
	Previews(ctx context.Context, ids []uint64) ([]oversight.Preview, error)
	Member(ctx context.Context, v oversight.Visitor, userID uint64, limit int) ([]uint64, error)
	OfMember(ctx context.Context, userID, after uint64, limit int) ([]uint64, error)
	Purge(ctx context.Context, v oversight.Visitor, conversationID uint64, g oversight.Given) (bool, error)
	SetHold(ctx context.Context, v oversight.Visitor, conversationID uint64, on bool, reason string) error
	Entries(ctx context.Context, f oversight.LogFilter) ([]oversight.Entry, uint64, error)
	Verify(ctx context.Context) (oversight.Verified, error)
	Glance(ctx context.Context) (oversight.Glance, error)
	ExportConversation(ctx context.Context, v oversight.Visitor, w io.Writer, f oversight.Format, conversationID uint64, g oversight.Given) error
	ExportMember(ctx context.Context, v oversight.Visitor, w io.Writer, f oversight.Format, userID uint64, g oversight.Given) error
}

// Reports is what the page needs of *oversight.Reports.
type Reports interface {
	List(ctx context.Context, v oversight.Visitor, open bool, before uint64, limit int) ([]oversight.Report, uint64, error)
	Count(ctx context.Context, v oversight.Visitor) (int, error)
	Open(ctx context.Context, v oversight.Visitor, reportID uint64) (oversight.Report, []oversight.Sealed, error)
	Decide(ctx context.Context, v oversight.Visitor, reportID uint64, r oversight.Ruling) (bool, error)
}

// Members looks members up in WordPress.
type Members interface {
	// Members gives those of ids that exist.
	Members(ctx context.Context, ids []uint64) (map[uint64]messaging.Member, error)

	// MemberByLogin finds a member by the name they log in with.
	MemberByLogin(ctx context.Context, login string) (messaging.Member, bool, error)
}

// Options are what the page is made with. All of them are required.
type Options struct {
	Oversight Oversight
	Reports   Reports
	Members   Members

	// Authenticate gives the caller of a bearer token, or an *AuthError.
	Authenticate func(ctx context.Context, bearer string) (Caller, error)

	// Verify refuses a call that the plugin has not signed. path is the REST path behind /wp-json.
	Verify func(method, path string, header http.Header, body []byte) error

	// Location is the site's time zone.
	Location func() *time.Location

	Now func() time.Time

	// NoRoute answers for everything that is not there, and for calls without a good signature.
	NoRoute http.Handler

	// Refused is told why Verify refused a call.
	Refused func(r *http.Request, err error)

	// Log is told of every error that the plugin only sees as 500 or 503, once.
	Log func(r *http.Request, err error)
}

type api struct {
	Options
	views map[string]view
	tasks map[string]task
}

// view shows a page. Those that are not for moderators need an administrator.
type view struct {
	moderators bool
	show       func(ctx context.Context, p *page) (answer, error)
}

// task does what a form says.
type task struct {
	moderators bool
	do         func(ctx context.Context, p *page) (answer, error)
}

// answer is what the plugin prints, or goes to.
type answer struct {
	Status      int               `json:"status"` // HTTP status of the page
	Title       string            `json:"title"`
	HTML        string            `json:"html"`
	Redirect    map[string]string `json:"redirect,omitempty"` // parameters of the page to go to instead
	OpenReports int               `json:"open_reports"`
}

// New makes the handler. Safe for concurrent use.
func New(o Options) http.Handler {
	a := &api{Options: o}
	a.views = map[string]view{
		"list":    {false, a.list},
		"bulk":    {false, a.bulk("bulk")},
		"bulk2":   {false, a.bulk("bulk2")},
		"detail":  {false, a.detail},
		"purge":   {false, a.purgePreview},
		"member":  {false, a.member},
		"log":     {false, a.accessLog},
		"reports": {true, a.reports},
		"report":  {true, a.report},
		"count":   {true, a.count},
	}
	a.tasks = map[string]task{
		"open":         {false, a.open},
		"hold":         {false, a.hold},
		"release":      {false, a.hold},
		"purge":        {false, a.purge},
		"purge_member": {false, a.purgeMember},
		"decide":       {true, a.decide},
	}
	return a
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	serve := map[string]func(http.ResponseWriter, *http.Request, *page) error{
		Prefix + "/page": a.servePage, Prefix + "/export": a.serveExport,
	}[r.URL.Path]
	if serve == nil || r.Method != http.MethodPost {
		a.NoRoute.ServeHTTP(w, r)
		return
	}
	p, err := a.read(w, r)
	if err == nil {
		err = serve(w, r, p)
	}
	switch {
	case err == errUnsigned:
		a.NoRoute.ServeHTTP(w, r)
	case err != nil:
		a.refuse(w, r, err)
	}
}

// errUnsigned says that a call is not the plugin's, whoever's token it carries.
var errUnsigned = errors.New("adminpage: not signed by the plugin")

// Refusals that are no page. The plugin has texts of its own for their codes.
var (
	errAnonymous = &AuthError{Message: "You are not currently logged in."}
	errForbidden = &messaging.Error{Kind: messaging.Forbidden, Code: "rest_forbidden", Message: "Sorry, you are not allowed to do that."}
	errTooLarge  = &messaging.Error{Kind: messaging.Invalid, Code: "jetonomy_body_too_large", Message: "The request body is larger than 1 MiB."}
	errJSON      = &messaging.Error{Kind: messaging.Invalid, Code: "rest_invalid_json", Message: "The body is not a JSON object in UTF-8."}
)

// read authenticates first: to others there is nothing to say about their body. The plugin's signature is what the
// rest of the request rests on: the address that is logged, and that a nonce was checked.
func (a *api) read(w http.ResponseWriter, r *http.Request) (*page, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return nil, errAnonymous
	}
	caller, err := a.Authenticate(r.Context(), token)
	if err != nil {
		return nil, err
	}
	if !caller.Administrator && !caller.Moderator {
		return nil, errForbidden
	}
	p := &page{caller: caller, location: a.Location(), now: a.Now(), Path: r.URL.Path}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, errTooLarge
	}
	if err != nil {
		return nil, errJSON
	}
	if err := a.Verify(r.Method, strings.TrimPrefix(r.URL.Path, "/wp-json"), r.Header, body); err != nil {
		a.Refused(r, err)
		return nil, errUnsigned
	}
	if json.Unmarshal(body, &p.request) != nil {
		return nil, errJSON
	}
	return p, nil
}

// servePage shows a view, or does a task. What the domain refuses of a task is said on the view that its form
// was on.
func (a *api) servePage(w http.ResponseWriter, r *http.Request, p *page) error {
	ctx := r.Context()
	view, err := a.view(p)
	if err != nil {
		return err
	}
	if _, err := a.openReports(ctx, p); err != nil {
		return err
	}
	var answer answer
	if p.Form != nil {
		task, known := a.tasks[p.Form.Get("task")]
		if !known {
			return messaging.InvalidParam("task", "There is no such task.")
		}
		if !task.moderators && !p.caller.Administrator {
			return errForbidden
		}
		if answer, err = task.do(ctx, p); !p.refused(err) && err != nil {
			return err
		}
	}
	if answer.Status == 0 {
		if answer, err = a.show(ctx, p, view); err != nil {
			return err
		}
	}
	if answer.OpenReports, err = a.openReports(ctx, p); err != nil {
		return err
	}
	httpx.WriteJSON(w, http.StatusOK, answer)
	return nil
}

// view is the one that was asked for, or the first one, if the caller may see it.
func (a *api) view(p *page) (view, error) {
	if p.Page == "" {
		p.Page = map[bool]string{true: "list", false: "reports"}[p.caller.Administrator]
	}
	v, known := a.views[p.Page]
	if !known {
		v, p.Page = view{true, a.unknown}, "reports"
	}
	if !v.moderators && !p.caller.Administrator {
		return v, errForbidden
	}
	return v, nil
}

// show makes a view, with what was refused before on top, or the page that says why there is none.
func (a *api) show(ctx context.Context, p *page, v view) (answer, error) {
	shown, err := v.show(ctx, p)
	if p.refused(err) {
		shown, err = p.render("problem", p.T("title_conversations"), nil)
	}
	shown.Status = p.status()
	return shown, err
}

// openReports is how many of them the caller can see, who may be no moderator.
func (a *api) openReports(ctx context.Context, p *page) (int, error) {
	if p.open == nil {
		n, err := a.Reports.Count(ctx, p.visitor())
		if err != nil {
			return 0, err
		}
		p.open = &n
	}
	return *p.open, nil
}

func (a *api) unknown(context.Context, *page) (answer, error) { return answer{}, messaging.ErrNotFound }

// count is for the number in the menu.
func (a *api) count(context.Context, *page) (answer, error) { return answer{}, nil }

// statusOf is the HTTP status that says what a refusal says.
func statusOf(e *messaging.Error) int {
	if e == errTooLarge {
		return http.StatusRequestEntityTooLarge
	}
	switch e.Kind {
	case messaging.Forbidden:
		return http.StatusForbidden
	case messaging.NotFound:
		return http.StatusNotFound
	case messaging.Conflict:
		return http.StatusConflict
	}
	return http.StatusBadRequest
}

// errorJSON is WordPress's error shape.
type errorJSON struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Data    struct {
		Status int `json:"status"`
	} `json:"data"`
}

// refuse answers with an error.
func (a *api) refuse(w http.ResponseWriter, r *http.Request, err error) {
	e, status := errorJSON{}, 0
	var auth *AuthError
	if refused, ok := messaging.AsError(err); errors.As(err, &auth) {
		e.Code, e.Message, status = "jetonomy_invalid_token", auth.Message, http.StatusUnauthorized
		if auth == errAnonymous {
			e.Code = "rest_not_logged_in"
		}
		w.Header().Set("Www-Authenticate", "Bearer")
	} else if ok && refused.Kind != messaging.Internal {
		e.Code, e.Message, status = refused.Code, refused.Message, statusOf(refused)
	} else {
		a.Log(r, err)
		e.Code, e.Message, status = "jetonomy_internal_error", "Something went wrong on our side. Please try again.", http.StatusInternalServerError
		if mysqldb.IsUnavailable(err) {
			w.Header().Set("Retry-After", "5")
			e.Code, e.Message, status = "jetonomy_sidecar_unavailable", "Messages are not available right now. Please try again in a moment.", http.StatusServiceUnavailable
		}
	}
	e.Data.Status = status
	httpx.WriteJSON(w, status, e)
}
