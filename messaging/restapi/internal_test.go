package restapi

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"jetonomy-sidecar/messaging"
)

func TestAgo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for past, want := range map[time.Duration]string{
		0:                       "1 second ago",
		999 * time.Millisecond:  "1 second ago",
		59 * time.Second:        "59 seconds ago",
		60 * time.Second:        "1 minute ago",
		89 * time.Second:        "1 minute ago",
		90 * time.Second:        "2 minutes ago",
		5 * time.Minute:         "5 minutes ago",
		59*time.Minute + 40e9:   "60 minutes ago",
		time.Hour:               "1 hour ago",
		23*time.Hour + 40*60e9:  "24 hours ago",
		36 * time.Hour:          "2 days ago",
		7 * 24 * time.Hour:      "1 week ago",
		29 * 24 * time.Hour:     "4 weeks ago",
		30 * 24 * time.Hour:     "1 month ago",
		364 * 24 * time.Hour:    "12 months ago",
		365 * 24 * time.Hour:    "1 year ago",
		4000 * 24 * time.Hour:   "11 years ago",
		-3 * time.Minute:        "3 minutes ago", // a clock that is ahead
		-200 * time.Millisecond: "1 second ago",
	} {
		if got := ago(now.Add(-past), now); got != want {
			t.Errorf("%v is %q, want %q", past, got, want)
		}
	}
	if got := ago(time.Time{}, now); got != "" {
		t.Errorf("no time is %q", got)
	}
}

func TestTimeJSON(t *testing.T) {
	t.Parallel()
	if got := timeJSON(time.Time{}); got != nil {
		t.Errorf("no time is %q", *got)
	}
	zone := time.FixedZone("", 2*3600)
	if got := *timeJSON(time.Date(2026, 1, 2, 17, 4, 5, 987e6, zone)); got != "2026-01-02T15:04:05Z" {
		t.Errorf("got %s", got)
	}
}

func TestSmallAvatar(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"https://secure.gravatar.com/avatar/ab?s=40&d=mm&r=g":    "https://secure.gravatar.com/avatar/ab?s=32&d=mm&r=g",
		"https://secure.gravatar.com/avatar/ab?d=mm&s=40":        "https://secure.gravatar.com/avatar/ab?d=mm&s=32",
		"https://secure.gravatar.com/avatar/ab?s=400":            "https://secure.gravatar.com/avatar/ab?s=400",
		"https://secure.gravatar.com/avatar/ab":                  "https://secure.gravatar.com/avatar/ab",
		"https://example.org/a.png?s=40":                         "https://example.org/a.png?s=40",
		"https://example.org/?u=https://gravatar.com/avatar/&s=": "https://example.org/?u=https://gravatar.com/avatar/&s=",
		"": "",
	} {
		if got := smallAvatar(url); got != want {
			t.Errorf("%s becomes %s, want %s", url, got, want)
		}
	}
}

func TestStatusesAreComplete(t *testing.T) {
	t.Parallel()
	for kind := messaging.Internal + 1; kind <= messaging.RateLimited; kind++ {
		if statuses[kind] < 400 || statuses[kind] >= 500 {
			t.Errorf("kind %d has status %d", kind, statuses[kind])
		}
	}
	if statuses[messaging.Internal] != 0 {
		t.Error("an internal error must be rendered as a fault")
	}
}

func TestListCursorRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := messaging.ListCursor{LastMessageID: rapid.Uint64().Draw(t, "message"), ConversationID: rapid.Uint64Min(1).Draw(t, "conversation")}
		got, err := asListCursor(encodeListCursor(want))
		if err != nil || got != want {
			t.Fatalf("%+v came back as %+v, %v", want, got, err)
		}
	})
}

func TestFormRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name, value := rapid.StringN(1, 20, -1).Draw(t, "name"), rapid.String().Draw(t, "value")
		written := form{}.with(pair{name, value}, pair{"end", "1"})
		got := parseForm(written)
		if value == "" {
			return // a replacement by nothing
		}
		if len(got) != 2 || got[0] != (pair{name, value}) {
			t.Fatalf("%q=%q was written as %s and read as %q", name, value, written, got)
		}
	})
}
