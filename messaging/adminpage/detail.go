package adminpage

import (
	"context"
	"time"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

// detailData is what the view of a conversation shows.
type detailData struct {
	ID           uint64
	Title        string
	Type         string
	CreatedBy    person
	CreatedAt    time.Time
	LastActivity time.Time
	Messages     int
	OpenReports  int
	People       []participant
	Hold         *hold

	Visit  bool // a reason was given: the thread is open
	Reason string
	Note   string

	Place string // address of the place in the thread that was asked for

	Thread       []message
	Newer, Older string // addresses, "" for none
	Newest       string // address of the newest page, "" on it
	Partial      bool
	Searched     bool
}

type participant struct {
	person
	JoinedAt, LeftAt time.Time
}

type hold struct {
	Since  time.Time
	By     string
	Reason string
}

type message struct {
	ID       uint64
	Sender   person
	Text     string
	Cut      bool
	Whole    string // address of the page with the whole text
	IsSystem bool
	SentAt   time.Time
}

// detail shows a conversation: who is in it to every administrator, what they wrote once a reason was given.
func (a *api) detail(ctx context.Context, p *page) (answer, error) {
	p.sayDone()
	id := p.Query.ID("id")
	d, err := a.Oversight.Detail(ctx, p.visitor(), id)
	if err != nil {
		return answer{}, err
	}
	data := p.detailData(d)
	data.Place = p.Link(p.place(id)...)
	if data.Hold != nil {
		if data.Hold.By, err = a.name(ctx, p, d.Hold.By); err != nil {
			return answer{}, err
		}
	}
	given, visiting, err := a.Oversight.Visited(ctx, p.visitor(), id)
	if err != nil {
		return answer{}, err
	}
	if visiting {
		data.Visit, data.Reason, data.Note = true, p.reason(given.Reason), given.Note
		if err := a.thread(ctx, p, id, &data); err != nil {
			return answer{}, err
		}
	}
	return p.render("detail", data.Title, data)
}

func (p *page) detailData(d oversight.Detail) detailData {
	data := detailData{
		ID: d.ID, Type: p.kind(d.Type), CreatedBy: p.person(d.CreatedBy), CreatedAt: d.CreatedAt, LastActivity: d.LastActivity,
		Messages: d.MessageCount, OpenReports: d.OpenReports,
	}
	var people []messaging.Person
	for _, m := range d.Participants {
		people = append(people, m.Person)
		data.People = append(data.People, participant{p.person(m.Person), m.JoinedAt, m.LeftAt})
	}
	data.Title = p.title(d.ID, d.Title, people)
	if d.Hold != nil {
		data.Hold = &hold{Since: d.Hold.Since, Reason: d.Hold.Reason}
	}
	return data
}

// thread fills in a page of messages, one of them with its whole text where that was asked for.
func (a *api) thread(ctx context.Context, p *page, id uint64, data *detailData) error {
	f := oversight.ThreadFilter{Before: p.Query.ID("before"), After: p.Query.ID("after"), Text: p.Asked("q")}
	_, f.At = p.Query.day("at", p.location)
	t, err := a.Oversight.Thread(ctx, p.visitor(), id, f, oversight.Given{})
	if err != nil {
		return err
	}
	data.Partial, data.Searched = t.Partial, f.Text != ""
	link := func(more ...any) string {
		return p.Link(append([]any{"view", "detail", "id", id, "q", f.Text}, more...)...)
	}
	if t.Older != 0 {
		data.Older = link("before", t.Older)
	}
	if t.Newer != 0 {
		data.Newer, data.Newest = link("after", t.Newer), link()
	}
	whole := p.Query.ID("text")
	for _, m := range t.Messages {
		shown := message{ID: m.ID, Sender: p.person(m.Sender), Text: m.Excerpt, Cut: m.Cut, IsSystem: m.IsSystem, SentAt: m.SentAt}
		if m.Cut && m.ID == whole {
			if shown.Text, err = a.Oversight.Text(ctx, p.visitor(), id, m.ID); err != nil {
				return err
			}
			shown.Cut = false
		}
		shown.Whole = link("before", p.Asked("before"), "after", p.Asked("after"), "at", p.Asked("at"), "text", m.ID)
		data.Thread = append(data.Thread, shown)
	}
	return nil
}

// open begins a visit, and goes on to the thread.
func (a *api) open(ctx context.Context, p *page) (answer, error) {
	id := p.Query.ID("id")
	if err := a.Oversight.BeginVisit(ctx, p.visitor(), id, p.given()); err != nil {
		return answer{}, err
	}
	return redirect(p.place(id)...), nil
}

// place are the parameters of what was asked for in a thread: a reason may have run out in the middle of it.
func (p *page) place(id uint64) []any {
	params := []any{"view", "detail", "id", id}
	for _, name := range []string{"q", "before", "after", "at", "text"} {
		if value := p.Asked(name); value != "" {
			params = append(params, name, value)
		}
	}
	return params
}

// hold puts a conversation under a legal hold or lifts it.
func (a *api) hold(ctx context.Context, p *page) (answer, error) {
	id, on := p.Query.ID("id"), p.Form.Get("task") == "hold"
	if err := a.Oversight.SetHold(ctx, p.visitor(), id, on, p.Form.Get("hold_reason")); err != nil {
		return answer{}, err
	}
	return redirect("view", "detail", "id", id, "done", map[bool]string{true: "held", false: "released"}[on]), nil
}

// name is a member's name, who may be gone.
func (a *api) name(ctx context.Context, p *page, id uint64) (string, error) {
	members, err := a.Members.Members(ctx, []uint64{id})
	if err != nil {
		return "", err
	}
	return p.person(members[id].Person).Name, nil
}
