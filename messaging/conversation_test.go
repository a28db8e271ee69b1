package messaging

import (
	"testing"
	"time"
)

func TestDisplayTitle(t *testing.T) {
	t.Parallel()
	person := func(id uint64, name string) Participant {
		return Participant{Person: Person{ID: id, Login: name, DisplayName: name}}
	}
	gone := Participant{Person: Person{ID: 9}}
	left := person(4, "Member 4")
	left.LeftAt = time.Unix(1, 0)

	for _, test := range []struct {
		name string
		c    Conversation
		want string
	}{
		{"direct", Conversation{Type: Direct, ViewerID: 1, Participants: []Participant{person(1, "Member 1"), person(2, "Member 2")}}, "Member 2"},
		{"direct with somebody gone", Conversation{Type: Direct, ViewerID: 1, Participants: []Participant{person(1, "Member 1"), gone}}, "Deleted User"},
		{"title", Conversation{Type: Group, Title: "Plans", ViewerID: 1}, "Plans"},
		{"group", Conversation{Type: Group, ViewerID: 1, Participants: []Participant{person(1, "Member 1"), person(2, "Member 2"), person(3, "Member 3")}}, "Member 2, Member 3"},
		{"group somebody left", Conversation{Type: Group, ViewerID: 1, Participants: []Participant{person(1, "Member 1"), left, person(3, "Member 3")}}, "Member 3"},
		{"large group", Conversation{Type: Group, ViewerID: 1, Participants: []Participant{
			person(1, "Member 1"), person(2, "Member 2"), person(3, "Member 3"), person(5, "Member 5"), person(6, "Member 6"), gone,
		}}, "Member 2, Member 3, Member 5 +2"},
		{"group all left", Conversation{Type: Group, ViewerID: 1, Participants: []Participant{person(1, "Member 1"), left}}, "Deleted User"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := test.c.DisplayTitle(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
