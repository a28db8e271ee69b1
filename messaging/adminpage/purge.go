package adminpage

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

const (
	// purgeBatch is how many conversations one form purges at most, and purgeTime after which time it begins
	// no other: the page answers before the plugin stops waiting.
	purgeBatch = 20
	purgeTime  = time.Second

	// mostSelected is how many conversations can be selected for a purge at once.
	mostSelected = 100
)

// purgeData is what the question before a purge shows.
type purgeData struct {
	Member    *person // whose conversations all go, nil for those that were selected
	Rows      []purgeRow
	More      bool // there are more than the rows
	Messages  int
	IDs       []uint64
	NeedsWhy  bool   // no visit gives a reason
	Why, Note string // of the visit
	Deletable int
	Held      int
}

type purgeRow struct {
	ID       uint64
	Title    string
	Type     string
	Messages int
	People   []person
	Held     bool
}

// progress is where a purge of many is. Its form goes on with it.
type progress struct {
	Member            *person
	IDs               string // still to go, with commas
	After             uint64 // of a member's, the last one that was looked at
	Done, Held, Total int
	Reason, Note      string
}

// Seen is how many were looked at.
func (a progress) Seen() int { return a.Done + a.Held }

// purgePreview asks whether to purge what was selected, and shows what that is.
func (a *api) purgePreview(ctx context.Context, p *page) (answer, error) {
	ids := p.Query.IDs("ids")
	if len(ids) > mostSelected {
		ids = ids[:mostSelected]
	}
	data := purgeData{IDs: ids, NeedsWhy: true}
	if len(ids) == 1 {
		given, visiting, err := a.Oversight.Visited(ctx, p.visitor(), ids[0])
		if err != nil {
			return answer{}, err
		}
		data.NeedsWhy, data.Why, data.Note = !visiting, p.reason(given.Reason), given.Note
	}
	if len(ids) > 0 {
		if err := a.preview(ctx, p, ids, &data); err != nil {
			return answer{}, err
		}
	}
	return p.render("purge", p.T("title_purge"), data)
}

func (a *api) preview(ctx context.Context, p *page, ids []uint64, data *purgeData) error {
	previews, err := a.Oversight.Previews(ctx, ids)
	if err != nil {
		return err
	}
	for _, v := range previews {
		row := purgeRow{ID: v.ID, Title: p.title(v.ID, v.Title, v.People), Type: p.kind(v.Type), Messages: v.Messages, Held: v.Held}
		for _, m := range v.People {
			row.People = append(row.People, p.person(m))
		}
		if data.Rows = append(data.Rows, row); v.Held {
			data.Held++
		} else {
			data.Deletable++
			data.Messages += v.Messages
		}
	}
	return nil
}

// purge deletes a batch of what was selected. It shows how far it is, with a form that goes on, until all are
// gone; held ones are left.
func (a *api) purge(ctx context.Context, p *page) (answer, error) {
	given := p.given()
	left := p.Form.IDs("ids")
	if len(left) > mostSelected {
		left = left[:mostSelected]
	}
	if len(left) == 0 {
		return p.backToList("done", "nothing"), nil
	}
	if given == (oversight.Given{}) && len(left) > 1 {
		return answer{}, oversight.ErrReasonNeeded
	}
	at := progress{Done: p.Form.Int("done"), Held: p.Form.Int("held"), Total: max(p.Form.Int("total"), len(left)), Reason: string(given.Reason), Note: given.Note}
	single := at.Total == 1
	for begun, n := time.Now(), 0; len(left) > 0 && n < purgeBatch && time.Since(begun) < purgeTime; n++ {
		done, held, err := a.purgeOne(ctx, p, left[0], given)
		if err != nil {
			return answer{}, err
		}
		if single && held {
			return answer{}, oversight.ErrHeld
		}
		at.Done, at.Held, left = at.Done+done, at.Held+b2i(held), left[1:]
	}
	if len(left) > 0 {
		at.IDs = joinIDs(left)
		return p.progress(at)
	}
	if at.Done == 0 && at.Held == 0 {
		return p.backToList("done", "nothing"), nil
	}
	return p.backToList("done", "purged", "count", at.Done, "held", at.Held), nil
}

// purgeOne deletes a conversation and says whether that was its doing, or a hold forbids it.
func (a *api) purgeOne(ctx context.Context, p *page, id uint64, g oversight.Given) (done int, held bool, err error) {
	purged, err := a.Oversight.Purge(ctx, p.visitor(), id, g)
	if errors.Is(err, oversight.ErrHeld) {
		return 0, true, nil
	}
	return b2i(purged), false, err
}

// memberData is what the view of a member shows.
type memberData struct {
	purgeData
	Login string
}

// member shows what there is of a member, to export it or to delete all of it.
func (a *api) member(ctx context.Context, p *page) (answer, error) {
	who, err := a.asked(ctx, p)
	if err != nil {
		return answer{}, err
	}
	data := memberData{purgeData: purgeData{Member: &who, NeedsWhy: true}, Login: who.Login}
	ids, err := a.Oversight.Member(ctx, p.visitor(), who.ID, mostSelected+1)
	if err != nil {
		return answer{}, err
	}
	if data.More = len(ids) > mostSelected; data.More {
		ids = ids[:mostSelected]
	}
	if len(ids) > 0 {
		if err := a.preview(ctx, p, ids, &data.purgeData); err != nil {
			return answer{}, err
		}
	}
	return p.render("member", p.T("title_member", who.Name), data)
}

// asked is the member in the address, who may be gone.
func (a *api) asked(ctx context.Context, p *page) (person, error) {
	id := p.Query.ID("user")
	if id == 0 {
		return person{}, messaging.ErrNotFound
	}
	members, err := a.Members.Members(ctx, []uint64{id})
	if err != nil {
		return person{}, err
	}
	who := p.person(members[id].Person)
	who.ID = id
	if who.Gone {
		who.Name = p.T("deleted_user_number", id)
	}
	return who, nil
}

// purgeMember deletes a batch of a member's conversations, in the order of ids, as purge does.
func (a *api) purgeMember(ctx context.Context, p *page) (answer, error) {
	who, err := a.asked(ctx, p)
	if err != nil {
		return answer{}, err
	}
	given := p.given()
	if given == (oversight.Given{}) {
		return answer{}, oversight.ErrReasonNeeded
	}
	at := progress{
		Member: &who, After: p.Form.ID("after"), Done: p.Form.Int("done"), Held: p.Form.Int("held"),
		Reason: string(given.Reason), Note: given.Note,
	}
	ids, err := a.Oversight.OfMember(ctx, who.ID, at.After, purgeBatch+1)
	if err != nil {
		return answer{}, err
	}
	begun, n := time.Now(), 0
	for ; n < len(ids) && n < purgeBatch && time.Since(begun) < purgeTime; n++ {
		done, held, err := a.purgeOne(ctx, p, ids[n], given)
		if err != nil {
			return answer{}, err
		}
		at.Done, at.Held, at.After = at.Done+done, at.Held+b2i(held), ids[n]
	}
	if n < len(ids) {
		return p.progress(at)
	}
	if at.Done == 0 && at.Held == 0 {
		return p.backToList("done", "nothing"), nil
	}
	return p.backToList("done", "purged", "count", at.Done, "held", at.Held), nil
}

// progress shows how far a purge of many is.
func (p *page) progress(at progress) (answer, error) {
	a, err := p.render("progress", p.T("title_purge"), at)
	a.Status = p.status()
	return a, err
}

func joinIDs(ids []uint64) string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = strconv.FormatUint(id, 10)
	}
	return strings.Join(list, ",")
}

// CanPurge says whether anything can be deleted, as far as that was looked at.
func (d purgeData) CanPurge() bool { return d.Deletable > 0 || d.More }

// Selected are the ids of what was selected, with commas.
func (d purgeData) Selected() string { return joinIDs(d.IDs) }

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
