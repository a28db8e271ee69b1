package oversight

import (
	"context"
	"errors"
	"testing"

	"jetonomy-sidecar/messaging"
)

// store remembers what it is asked for.
type store struct {
	reported []uint64
	ruling   Ruling
	entry    Entry
	query    ReportQuery
	calls    int
}

func (s *store) Reports(_ context.Context, q ReportQuery) ([]Report, uint64, error) {
	s.query = q
	return nil, 0, nil
}

func (s *store) SealedReport(_ context.Context, _ uint64, e Entry) (Report, []Sealed, error) {
	s.entry = e
	return Report{}, nil, nil
}

func (s *store) Reported(context.Context, uint64, uint64) ([]uint64, error) { return s.reported, nil }

func (s *store) OpenReports(_ context.Context, viewer uint64) (int, error) { return int(viewer), nil }

func (s *store) Decide(_ context.Context, _ uint64, r Ruling, e Entry) (bool, error) {
	s.ruling, s.entry, s.calls = r, e, s.calls+1
	return true, nil
}

type directory map[uint64]messaging.Member

func (d directory) Members(_ context.Context, ids []uint64) (map[uint64]messaging.Member, error) {
	found := map[uint64]messaging.Member{}
	for _, id := range ids {
		if m, ok := d[id]; ok {
			found[id] = m
		}
	}
	return found, nil
}

func (d directory) SharingSpace(context.Context, uint64, []uint64) (map[uint64]bool, error) {
	return nil, errors.New("nobody asks for spaces here")
}

const (
	admin uint64 = iota + 1
	admin2
	moderator
	moderator2
	member
	gone
)

var everybody = directory{admin: {Administrator: true, Moderator: true}, admin2: {Administrator: true}, moderator: {Moderator: true}, moderator2: {Moderator: true}, member: {}}

func TestWhoMayBeRuledOn(t *testing.T) {
	t.Parallel()
	warn, silence, dismiss := Ruling{Decision: Warned}, Ruling{Decision: Silenced, SilenceDays: 7}, Ruling{Decision: Dismissed}
	for _, test := range []struct {
		by, of uint64
		ruling Ruling
		want   error
	}{
		{moderator, member, warn, nil}, {moderator, member, silence, nil}, {moderator, member, dismiss, nil},
		{moderator, moderator2, warn, nil}, {moderator, moderator2, silence, ErrSilenceModerator}, {admin, moderator, silence, nil},
		{moderator, admin, warn, nil}, {moderator, admin, silence, ErrSilenceAdmin}, {admin, admin2, silence, ErrSilenceAdmin},
		{moderator, gone, warn, ErrAccountGone}, {moderator, gone, silence, ErrAccountGone}, {moderator, gone, dismiss, nil},
	} {
		s := &store{reported: []uint64{test.of}}
		decided, err := NewReports(s, everybody).Decide(t.Context(), Visitor{UserID: test.by}, 5, test.ruling)
		if !errors.Is(err, test.want) || test.want == nil && err != nil || decided != (test.want == nil) || (s.calls == 1) != decided {
			t.Errorf("%d of %d, %+v: %v, %v, %d calls; want %v", test.by, test.of, test.ruling, decided, err, s.calls, test.want)
		}
	}
}

func TestRulingsThatAreNone(t *testing.T) {
	t.Parallel()
	for param, rulings := range map[string][]Ruling{
		"decision": {{}, {Decision: Open}, {Decision: "ban"}},
		"days":     {{Decision: Silenced, SilenceDays: -1}, {Decision: Silenced, SilenceDays: MaxSilence + 1}},
	} {
		for _, ruling := range rulings {
			s := &store{reported: []uint64{member}}
			_, err := NewReports(s, everybody).Decide(t.Context(), Visitor{UserID: admin}, 5, ruling)
			if e, ok := messaging.AsError(err); !ok || e.Param != param || s.calls != 0 {
				t.Errorf("%+v: %v, %d calls", ruling, err, s.calls)
			}
		}
	}
}

func TestReportsOfAVisitor(t *testing.T) {
	t.Parallel()
	s := &store{reported: []uint64{member}}
	reports, v := NewReports(s, everybody), Visitor{UserID: moderator, Login: "moderator", Address: "192.0.2.7"}
	if _, _, err := reports.List(t.Context(), v, true, 9, 3); err != nil || s.query != (ReportQuery{Open: true, Before: 9, Limit: 3, Viewer: moderator}) {
		t.Errorf("%+v, %v", s.query, err)
	}
	if n, err := reports.Count(t.Context(), v); n != int(moderator) || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	log := func(action Action, note string) Entry {
		return Entry{UserID: moderator, Login: "moderator", Address: "192.0.2.7", Action: action, Reason: ReasonReport, Note: note}
	}
	if _, _, err := reports.Open(t.Context(), v, 12); err != nil || s.entry != log(ActionReport, "report 12") {
		t.Errorf("%+v, %v", s.entry, err)
	}
	for note, ruling := range map[string]Ruling{
		"report 12: dismissed":           {Decision: Dismissed},
		"report 12: warned":              {Decision: Warned},
		"report 12: silenced":            {Decision: Silenced},
		"report 12: silenced for 7 days": {Decision: Silenced, SilenceDays: 7},
	} {
		want := ruling
		if want.Decision != Dismissed {
			want.Member = member // there is no other
		}
		if _, err := reports.Decide(t.Context(), v, 12, ruling); err != nil || s.entry != log(ActionDecide, note) || s.ruling != want {
			t.Errorf("%+v: %+v, %+v, %v", ruling, s.ruling, s.entry, err)
		}
	}
	// Days are a silence's alone, and nobody is the one of a dismissed report.
	if _, err := reports.Decide(t.Context(), v, 12, Ruling{Decision: Dismissed, Member: member, SilenceDays: 7}); err != nil || s.ruling != (Ruling{Decision: Dismissed}) {
		t.Errorf("%+v, %v", s.ruling, err)
	}
	if _, err := reports.Decide(t.Context(), v, 12, Ruling{Decision: Warned, SilenceDays: 7}); err != nil || s.ruling.SilenceDays != 0 {
		t.Errorf("%+v, %v", s.ruling, err)
	}
}

// Where a report is about several, a ruling names one of them.
func TestRulingNamesOneOfThem(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		ruling  Ruling
		member  uint64
		refused bool
	}{
		{Ruling{Decision: Warned}, 0, true},
		{Ruling{Decision: Silenced, SilenceDays: 7}, 0, true},
		{Ruling{Decision: Warned, Member: gone + 1}, 0, true}, // the reporter, for one
		{Ruling{Decision: Warned, Member: member}, member, false},
		{Ruling{Decision: Silenced, Member: moderator2, SilenceDays: 7}, moderator2, false},
		{Ruling{Decision: Dismissed}, 0, false},
	} {
		s := &store{reported: []uint64{moderator2, member}}
		_, err := NewReports(s, everybody).Decide(t.Context(), Visitor{UserID: admin}, 5, test.ruling)
		e, ok := messaging.AsError(err)
		if test.refused && (!ok || e.Param != "member" || s.calls != 0) || !test.refused && (err != nil || s.ruling.Member != test.member) {
			t.Errorf("%+v: %v, %+v", test.ruling, err, s.ruling)
		}
	}
}
