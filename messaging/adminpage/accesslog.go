package adminpage

import (
	"context"
	"encoding/hex"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"jetonomy-sidecar/messaging/oversight"
)

// verifyTime is how long a page checks the access log. What takes longer is for the command line.
const verifyTime = 1500 * time.Millisecond

// actions are what rows of the log tell of.
var actions = []oversight.Action{
	oversight.ActionOpen, oversight.ActionText, oversight.ActionSearch, oversight.ActionExport, oversight.ActionPurge, oversight.ActionHold,
	oversight.ActionRelease, oversight.ActionReport, oversight.ActionDecide, oversight.ActionRetention,
}

// reportNote is what the domain notes of a report.
var reportNote = regexp.MustCompile(`^report (\d+)(?:: (\w+)(?: for (\d+) days)?)?$`)

type logData struct {
	Rows     []logRow
	Older    string // address, "" for none
	Newest   string
	Filtered bool
}

type logRow struct {
	ID             uint64
	At             time.Time
	User           string
	Login          string
	Address        string
	Action         string
	ConversationID uint64
	Member         string
	Message        string // or a report, by its number
	Words          string // that were searched for
	Reason, Note   string
	Hash           string
}

// About says whether the row names anything that it is about.
func (r logRow) About() bool {
	return r.ConversationID != 0 || r.Member != "" || r.Message != "" || r.Words != ""
}

// accessLog shows who looked at what, and why.
func (a *api) accessLog(ctx context.Context, p *page) (answer, error) {
	f := oversight.LogFilter{ConversationID: p.Query.ID("conversation"), Before: p.Query.ID("before")}
	data := logData{Filtered: p.Asked("user") != "" || f.ConversationID != 0}
	known := true
	if text := p.Asked("user"); text != "" {
		id, err := a.memberID(ctx, text)
		if err != nil {
			return answer{}, err
		}
		if f.UserID = id; id == 0 {
			known = false
			p.notify("warning", p.T("no_such_member", text))
		}
	}
	if p.Asked("verify") == "1" {
		if err := a.verify(ctx, p); err != nil {
			return answer{}, err
		}
	}
	if known {
		entries, next, err := a.Oversight.Entries(ctx, f)
		if err != nil {
			return answer{}, err
		}
		if data.Rows, err = a.logRows(ctx, p, entries); err != nil {
			return answer{}, err
		}
		filter := []any{"view", "log", "user", p.Asked("user"), "conversation", f.ConversationID}
		if next != 0 {
			data.Older = p.Link(append(slices.Clone(filter), "before", next)...)
		}
		if f.Before != 0 {
			data.Newest = p.Link(filter...)
		}
	}
	return p.render("log", p.T("title_log"), data)
}

func (a *api) logRows(ctx context.Context, p *page, entries []oversight.Entry) ([]logRow, error) {
	var ids []uint64
	for _, e := range entries {
		for _, id := range []uint64{e.UserID, e.MemberID} {
			if id != 0 && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	members, err := a.Members.Members(ctx, ids)
	if err != nil {
		return nil, err
	}
	rows := make([]logRow, len(entries))
	for i, e := range entries {
		rows[i] = logRow{
			ID: e.ID, At: e.At, Login: e.Login, Address: e.Address, Action: string(e.Action), ConversationID: e.ConversationID,
			Reason: p.reason(e.Reason), Note: e.Note, Hash: hex.EncodeToString(e.Hash[:]),
		}
		switch e.Action {
		case oversight.ActionSearch:
			rows[i].Words, rows[i].Note = e.Note, ""
		case oversight.ActionText:
			if number, ok := strings.CutPrefix(e.Note, "message "); ok {
				rows[i].Message, rows[i].Note = p.T("message_number", number), ""
			}
		case oversight.ActionReport, oversight.ActionDecide:
			if m := reportNote.FindStringSubmatch(e.Note); m != nil {
				days, err := strconv.Atoi(m[3])
				if err != nil {
					days = 0 // until somebody lifts it
				}
				rows[i].Message, rows[i].Note = p.T("report_number", m[1]), p.ruling(oversight.Decision(m[2]), days)
			}
		case oversight.ActionRetention:
			if since, ok := strings.CutPrefix(e.Note, "inactive since "); ok {
				rows[i].Note = p.T("inactive_since", since)
			} else if since, ok := strings.CutPrefix(e.Note, "command line: inactive since "); ok {
				rows[i].Note = p.T("inactive_since_command", since)
			}
		}
		if slices.Contains(actions, e.Action) {
			rows[i].Action = p.T("action_" + string(e.Action))
		}
		switch m, exists := members[e.UserID]; {
		case exists:
			rows[i].User = m.Name()
		case e.UserID == 0:
			rows[i].User = p.T("the_service")
		default:
			rows[i].User = p.T("deleted_user_number", e.UserID)
		}
		if e.MemberID != 0 {
			if m, exists := members[e.MemberID]; exists {
				rows[i].Member = m.Name()
			} else {
				rows[i].Member = p.T("deleted_user_number", e.MemberID)
			}
		}
	}
	return rows, nil
}

// verify says whether the log is as it was written, where that can be found out while somebody waits.
func (a *api) verify(ctx context.Context, p *page) error {
	short, cancel := context.WithTimeout(ctx, verifyTime)
	defer cancel()
	v, err := a.Oversight.Verify(short)
	switch {
	case err != nil && errors.Is(short.Err(), context.DeadlineExceeded) && ctx.Err() == nil:
		p.notify("info", p.T("verify_long"))
	case err != nil:
		return err
	case v.IsBroken:
		p.notify("error", p.T("verify_broken", v.Broken))
	case v.Cut:
		p.notify("error", p.T("verify_cut", v.Newest))
	case v.Rows == 0:
		p.notify("info", p.T("verify_empty"))
	default:
		p.notify("success", p.N("verify_unchanged", int(v.Rows), v.Newest, hex.EncodeToString(v.Head[:])))
	}
	return nil
}
