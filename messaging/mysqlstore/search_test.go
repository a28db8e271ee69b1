package mysqlstore_test

import (
	"fmt"
	"slices"
	"testing"

	"jetonomy-sidecar/messaging"
)

// search gives the ids of what a search finds, page by page.
func (f *fixture) search(user uint64, filter messaging.Filter, text string) []uint64 {
	f.t.Helper()
	ids := []uint64{}
	var after *messaging.ListCursor
	for {
		page, err := f.store.Conversations(f.t.Context(), user, messaging.ListQuery{Filter: filter, Search: text, Limit: 2, After: after})
		if err != nil {
			f.t.Fatal(err)
		}
		for _, c := range page.Conversations {
			ids = append(ids, c.ID)
			if len(c.Participants) == 0 {
				f.t.Errorf("conversation %d has no participants", c.ID)
			}
		}
		if after = page.Next; after == nil {
			if page.Total != len(ids) {
				f.t.Errorf("search for %q: total %d, but %d rows", text, page.Total, len(ids))
			}
			return ids
		}
	}
}

func (f *fixture) names(display map[int]string) {
	f.t.Helper()
	for i, name := range display {
		f.Exec(f.t, `UPDATE {p}users SET display_name = ? WHERE ID = ?`, name, f.users[i])
	}
}

func (f *fixture) title(conversation uint64, title string) {
	f.t.Helper()
	f.Exec(f.t, `UPDATE {p}jt_pro_conversations SET title = ? WHERE id = ?`, title, conversation)
}

func TestSearchFindsTitlesAndNames(t *testing.T) {
	f := newFixture(t, 7)
	f.names(map[int]string{0: "Reader", 1: "Zoë Ångström", 2: "100% o_k!", 3: `back\slash`, 4: "日本の友達", 5: "", 6: "Gone"})
	me := f.users[0]
	zoe := f.direct(me, f.users[1], "a").ConversationID
	odd := f.direct(me, f.users[2], "b").ConversationID
	slash := f.direct(me, f.users[3], "c").ConversationID
	friend := f.direct(me, f.users[4], "d").ConversationID
	unnamed := f.direct(me, f.users[5], "e").ConversationID
	gone := f.direct(me, f.users[6], "f").ConversationID
	crew := f.group(me, f.users[1], f.users[2]).ConversationID
	f.title(crew, "The Crew's 50% trip")
	// Not the member's own, and left by the member.
	f.title(f.group(f.users[1], f.users[2], f.users[3]).ConversationID, "Secret crew")
	left := f.group(f.users[1], me, f.users[2]).ConversationID
	f.title(left, "Left crew")
	if _, err := f.store.Leave(t.Context(), messaging.LeaveCommand{UserID: me, ConversationID: left}); err != nil {
		t.Fatal(err)
	}
	f.Exec(t, `DELETE FROM {p}users WHERE ID = ?`, f.users[6])
	if ids := f.list(me, messaging.FilterAll); !slices.Contains(ids, gone) {
		t.Fatalf("the conversation with the member that is gone is not in the list %v", ids)
	}

	for text, want := range map[string][]uint64{
		"zoe":                     {crew, zoe},
		"ANGSTROM":                {crew, zoe},
		"ë Å":                     {crew, zoe},
		"crew":                    {crew},
		"w's 50":                  {crew},
		"100%":                    {crew, odd},
		"%":                       {crew, odd},
		"_":                       {crew, odd},
		"o_k!":                    {crew, odd},
		"!":                       {crew, odd},
		"!%":                      {},
		"0_o":                     {},
		`\`:                       {slash},
		`k\s`:                     {slash},
		"友達":                      {friend},
		"MEMBER6":                 {unnamed},
		"Reader":                  {},
		"gone":                    {},
		"deleted":                 {},
		"secret":                  {},
		"left":                    {},
		"first":                   {},
		`' OR '1'='1`:             {},
		"zoe angstrom and others": {},
	} {
		if got := f.search(me, messaging.FilterActive, text); !slices.Equal(got, want) {
			t.Errorf("search for %q finds %v, want %v", text, got, want)
		}
	}
}

// WordPress stores names as HTML, and some are not from WordPress.
func TestSearchFindsNamesWithEntities(t *testing.T) {
	f := newFixture(t, 5)
	f.names(map[int]string{1: "Fun &amp; Games", 2: "O&#039;Neil &quot;Jo&quot; &lt;3", 3: "R&D's", 4: "&amp;amp;"})
	me := f.users[0]
	var ids []uint64
	for _, other := range f.users[1:] {
		ids = append(ids, f.direct(me, other, "x").ConversationID)
	}
	for text, want := range map[string][]uint64{
		"fun & games": {ids[0]},
		"n & g":       {ids[0]},
		"&":           {ids[3], ids[2], ids[0]},
		`o'neil "jo"`: {ids[1]},
		`" <3`:        {ids[1]},
		"r&d's":       {ids[2]},
		"&amp;":       {ids[3]},
		"quot":        {},
		"lt;":         {},
		"039":         {},
	} {
		if got := f.search(me, messaging.FilterActive, text); !slices.Equal(got, want) {
			t.Errorf("search for %q finds %v, want %v", text, got, want)
		}
	}
	if name := f.view(me, ids[0]).DisplayTitle(); name != "Fun & Games" {
		t.Errorf("the conversation is called %q", name)
	}
}

func TestSearchKeepsToTheFilter(t *testing.T) {
	f := newFixture(t, 6)
	f.names(map[int]string{1: "Ann One", 2: "Ann Two", 3: "Ann Three", 4: "Ann Four", 5: "Bob"})
	me := f.users[0]
	one := f.direct(f.users[1], me, "a").ConversationID
	two := f.direct(me, f.users[2], "b").ConversationID
	three := f.direct(f.users[3], me, "c").ConversationID
	four := f.direct(f.users[4], me, "d").ConversationID
	f.direct(f.users[5], me, "e")
	for _, id := range []uint64{two, three} {
		if _, err := f.store.SetArchived(t.Context(), messaging.StateCommand{UserID: me, ConversationID: id, Value: value(true)}); err != nil {
			t.Fatal(err)
		}
	}
	for filter, want := range map[messaging.Filter][]uint64{
		messaging.FilterActive:   {four, one},
		messaging.FilterUnread:   {four, one},
		messaging.FilterArchived: {three, two},
		messaging.FilterAll:      {four, three, two, one},
	} {
		if got := f.search(me, filter, "ann"); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", filter, got, want)
		}
	}
	page, err := f.store.Conversations(t.Context(), me, messaging.ListQuery{Filter: messaging.FilterAll, Search: "ann", Limit: 2, Offset: 3})
	if err != nil || len(page.Conversations) != 1 || page.Conversations[0].ID != one || page.Total != 4 || page.Next != nil {
		t.Errorf("by offset: %+v, %v", page, err)
	}
	page, err = f.store.Conversations(t.Context(), me, messaging.ListQuery{Filter: messaging.FilterAll, Search: "ann", Limit: 2, Offset: 9})
	if err != nil || len(page.Conversations) != 0 || page.Total != 4 || page.Next != nil {
		t.Errorf("behind the end: %+v, %v", page, err)
	}
	got, want := f.search(me, messaging.FilterAll, "ann"), f.view(me, four)
	page, err = f.store.Conversations(t.Context(), me, messaging.ListQuery{Filter: messaging.FilterAll, Search: "ann", Limit: 1})
	if err != nil || got[0] != four || fmt.Sprintf("%+v", page.Conversations[0]) != fmt.Sprintf("%+v", want) {
		t.Errorf("found %+v\nwant %+v, %v", page.Conversations, want, err)
	}
}

// A pair is found by both of the two, whoever began, in the folder where each of them has the conversation.
func TestConversationOfAPair(t *testing.T) {
	f := newFixture(t, 4)
	me, two, three, four := f.users[0], f.users[1], f.users[2], f.users[3]
	f.group(me, two, three)
	a := f.direct(two, me, "a").ConversationID
	b := f.direct(me, three, "b").ConversationID
	f.direct(two, three, "not mine")
	if _, err := f.store.SetArchived(t.Context(), messaging.StateCommand{UserID: me, ConversationID: b, Value: value(true)}); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		user, with uint64
		filter     messaging.Filter
		want       uint64
	}{
		{me, two, messaging.FilterAll, a},
		{me, two, messaging.FilterActive, a},
		{me, two, messaging.FilterUnread, a},
		{me, two, messaging.FilterArchived, 0},
		{two, me, messaging.FilterAll, a},
		{two, me, messaging.FilterUnread, 0},
		{me, three, messaging.FilterAll, b},
		{me, three, messaging.FilterActive, 0},
		{me, three, messaging.FilterArchived, b},
		{three, me, messaging.FilterActive, b},
		{me, four, messaging.FilterAll, 0},
		{me, me, messaging.FilterAll, 0},
	} {
		page, err := f.store.Conversations(t.Context(), test.user, messaging.ListQuery{Filter: test.filter, With: test.with, Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if test.want == 0 {
			if len(page.Conversations) != 0 || page.Total != 0 {
				t.Errorf("%d with %d, %s: %+v", test.user, test.with, test.filter, page)
			}
			continue
		}
		if page.Total != 1 || page.Next != nil || len(page.Conversations) != 1 {
			t.Fatalf("%d with %d, %s: %+v", test.user, test.with, test.filter, page)
		}
		if got, want := fmt.Sprintf("%+v", page.Conversations[0]), fmt.Sprintf("%+v", f.view(test.user, test.want)); got != want {
			t.Errorf("%d with %d, %s:\n%s\nwant %s", test.user, test.with, test.filter, got, want)
		}
	}
}

// A site that was made long ago has names of three bytes for a character at most.
func TestSearchInAnOldTableOfUsers(t *testing.T) {
	f := newFixture(t, 3)
	f.names(map[int]string{1: "Ann Ångström", 2: "Tom &amp; member"})
	f.Exec(t, "ALTER TABLE {p}users MODIFY display_name varchar(250) CHARACTER SET utf8 NOT NULL DEFAULT '', MODIFY user_login varchar(60) CHARACTER SET latin1 NOT NULL DEFAULT ''")
	me := f.users[0]
	one := f.direct(f.users[1], me, "a").ConversationID
	two := f.direct(f.users[2], me, "b").ConversationID
	for text, want := range map[string][]uint64{"angstrom": {one}, "tom & m": {two}, "😀": {}, "友達": {}} {
		if got := f.search(me, messaging.FilterActive, text); !slices.Equal(got, want) {
			t.Errorf("search for %q finds %v, want %v", text, got, want)
		}
	}
}
