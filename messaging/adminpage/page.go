package adminpage

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

//go:embed templates/*.html
var templateFiles embed.FS

var templates = template.Must(template.New("").ParseFS(templateFiles, "templates/*.html"))

// page is a view while it is made: what was asked, and what its template shows. The exported methods are for
// the templates.
type page struct {
	request
	Path     string // of the call
	caller   Caller
	location *time.Location
	now      time.Time
	problem  *messaging.Error // why a task was not done, or there is nothing to show
	open     *int             // reports
	Notices  []notice
	Data     any
}

// notice is a line on top.
type notice struct {
	Type string // success, info, warning, error
	Text string
}

// visitor is the caller in the domain's words.
func (p *page) visitor() oversight.Visitor {
	return oversight.Visitor{UserID: p.caller.ID, Login: p.caller.Login, Address: p.Frame.Address, Session: p.caller.Session}
}

// given is the reason that a form gives.
func (p *page) given() oversight.Given {
	return oversight.Given{Reason: oversight.Reason(p.Form.Get("reason")), Note: p.Form.Get("note")}
}

// refused keeps a refusal of the domain's for the page to show, and says whether err is one.
func (p *page) refused(err error) bool {
	e, ok := messaging.AsError(err)
	if !ok || e.Kind == messaging.Internal {
		return false
	}
	p.problem = e
	p.notify("error", p.explain(e))
	return true
}

// explain is what a refusal says, in the language of whoever looks.
func (p *page) explain(e *messaging.Error) string {
	for _, key := range []string{"error_" + e.Code + "_" + e.Param, "error_" + e.Code} {
		if t, ok := p.Strings[key]; ok {
			return t.one
		}
	}
	return e.Message
}

// notify says something on top, once.
func (p *page) notify(kind, text string) {
	if n := (notice{kind, text}); !slices.Contains(p.Notices, n) {
		p.Notices = append(p.Notices, n)
	}
}

func (p *page) status() int {
	if p.problem != nil {
		return statusOf(p.problem)
	}
	return http.StatusOK
}

// render makes a view of a template.
func (p *page) render(name, title string, data any) (answer, error) {
	p.Data = data
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name+".html", p); err != nil {
		return answer{}, fmt.Errorf("adminpage: template %s: %w", name, err)
	}
	return answer{Title: title, HTML: b.String()}, nil
}

// redirect goes on to another view, which shows the notice done.
func redirect(params ...any) answer {
	to := make(map[string]string, len(params)/2)
	for i := 0; i+1 < len(params); i += 2 {
		to[fmt.Sprint(params[i])] = fmt.Sprint(params[i+1])
	}
	return answer{Status: http.StatusSeeOther, Redirect: to}
}

// T is a text, with its arguments.
func (p *page) T(key string, args ...any) string {
	t, ok := p.Strings[key]
	if !ok {
		return key
	}
	return fill(t.one, args)
}

// N is a text with a number in it, which is its first argument.
func (p *page) N(key string, n int, args ...any) string {
	t, ok := p.Strings[key]
	if !ok {
		return key
	}
	return fill(t.form(n), append([]any{p.Number(n)}, args...))
}

// Number writes a number as this language does.
func (p *page) Number(n int) string {
	digits := strconv.Itoa(n)
	if n < 0 {
		return digits
	}
	var b strings.Builder
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(p.Frame.Thousands)
		}
		b.WriteRune(c)
	}
	return b.String()
}

// Percent writes a share of 0 to 1.
func (p *page) Percent(share float64) string {
	return p.T("percent", strings.Replace(strconv.FormatFloat(100*share, 'f', 1, 64), ".", p.Frame.Decimal, 1))
}

// Date writes a day, Time a moment, in the site's zone and its own formats.
func (p *page) Date(at time.Time) string {
	if at.IsZero() {
		return p.T("never")
	}
	return formatDate(at.In(p.location), p.Frame.DateFormat, p.Strings)
}

func (p *page) Time(at time.Time) string {
	if at.IsZero() {
		return p.T("never")
	}
	return p.T("date_time", p.Date(at), formatDate(at.In(p.location), p.Frame.TimeFormat, p.Strings))
}

// ShortTime writes a moment as WordPress's own tables do.
func (p *page) ShortTime(at time.Time) string {
	at = at.In(p.location)
	return p.T("date_time", formatDate(at, p.T("date_table"), p.Strings), formatDate(at, p.Frame.TimeFormat, p.Strings))
}

// ISO is the moment for machines.
func (p *page) ISO(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// Link is the page's address with parameters: name, value, name, value. Empty texts are left out, and numbers that
// are 0; the text "0" is something that somebody looks for.
func (p *page) Link(params ...any) string {
	u, err := url.Parse(p.Frame.URL)
	if err != nil {
		return ""
	}
	q := u.Query()
	for i := 0; i+1 < len(params); i += 2 {
		value := fmt.Sprint(params[i+1])
		if _, isText := params[i+1].(string); value != "" && (isText || value != "0") {
			q.Set(fmt.Sprint(params[i]), value)
		}
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// filterNames are the parameters that say what the list is to show.
var filterNames = []string{"s", "member", "type", "from", "until"}

// Kept is Link with the list's filter and order, so that the way leads back to the same list.
func (p *page) Kept(params ...any) string { return p.Link(append(params, p.kept()...)...) }

func (p *page) kept() []any {
	var params []any
	for _, name := range append(slices.Clone(filterNames), "orderby", "order") {
		if value := p.Asked(name); value != "" {
			params = append(params, name, value)
		}
	}
	return params
}

// backToList goes on to the list that one came from, which shows the notice done.
func (p *page) backToList(params ...any) answer { return redirect(append(params, p.kept()...)...) }

// field is a hidden input.
type field struct{ Name, Value string }

// Base are the hidden inputs of a form that is sent by GET to Action.
func (p *page) Base() []field {
	u, err := url.Parse(p.Frame.URL)
	if err != nil {
		return nil
	}
	var fields []field
	for name, list := range u.Query() {
		for _, value := range list {
			fields = append(fields, field{name, value})
		}
	}
	slices.SortFunc(fields, func(a, b field) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

// Action is the page's address without parameters.
func (p *page) Action() string {
	address, _, _ := strings.Cut(p.Frame.URL, "?")
	return address
}

// Nonce is for forms that are sent by POST.
func (p *page) Nonce() string { return p.Frame.Nonce }

// Administrator says whether the caller sees more than reports.
func (p *page) Administrator() bool { return p.caller.Administrator }

// OpenReports is the number beside the tab.
func (p *page) OpenReports() int {
	if p.open == nil {
		return 0
	}
	return *p.open
}

// Tab says whether a tab is the one that this view belongs to.
func (p *page) Tab(name string) bool {
	switch p.Page {
	case "reports", "report":
		return name == "reports"
	case "log":
		return name == "log"
	}
	return name == "list"
}

// Asked is a parameter of the address, Sent one of the form.
func (p *page) Asked(name string) string { return p.Query.Get(name) }
func (p *page) Sent(name string) string  { return p.Form.Get(name) }

// person is somebody as the page shows them.
type person struct {
	ID        uint64
	Name      string
	Login     string
	AvatarURL string
	Gone      bool
}

func (p *page) person(m messaging.Person) person {
	if m.Login == "" {
		return person{ID: m.ID, Name: p.T("deleted_user"), Gone: true}
	}
	return person{ID: m.ID, Name: m.Name(), Login: m.Login, AvatarURL: m.AvatarURL}
}

// why is the part of a form that asks for a reason.
type why struct {
	*page
	Task string // of the form; what was sent with another one is not this one's
}

// Why makes it.
func (p *page) Why(task string) why { return why{p, task} }

// Sent is a field of the form as it was sent.
func (w why) Sent(name string) string {
	if w.page.Sent("task") != w.Task {
		return ""
	}
	return w.page.Sent(name)
}

// Reasons are what the form offers.
func (w why) Reasons() []choice {
	var list []choice
	for _, r := range []oversight.Reason{oversight.ReasonReport, oversight.ReasonPrivacy, oversight.ReasonCourt, oversight.ReasonHealth, oversight.ReasonOther} {
		list = append(list, choice{string(r), w.T("reason_" + string(r)), w.Sent("reason") == string(r)})
	}
	return list
}

// MaxNote is how long the note of a reason may be.
func (p *page) MaxNote() int { return oversight.MaxNote }

// choice is an option of a list.
type choice struct {
	Value, Text string
	Selected    bool
}

// reason says in words why something was done.
func (p *page) reason(r oversight.Reason) string {
	if r == "" {
		return ""
	}
	return p.T("reason_" + string(r))
}

// title is what a conversation is called: by its title, or by who is in it.
func (p *page) title(id uint64, title string, people []messaging.Person) string {
	if title != "" {
		return title
	}
	var names []string
	for _, m := range people {
		names = append(names, p.person(m).Name)
	}
	if len(names) == 0 {
		return p.T("conversation_number", id)
	}
	const shown = 4
	if len(names) > shown {
		return p.T("names_more", strings.Join(names[:shown], p.T("comma")), p.Number(len(names)-shown))
	}
	return strings.Join(names, p.T("comma"))
}

func (p *page) kind(t messaging.Type) string {
	if t == messaging.Group {
		return p.T("type_group")
	}
	return p.T("type_direct")
}
