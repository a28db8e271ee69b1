package messaging

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseSettings(t *testing.T) {
	t.Parallel()
	changed := func(change func(*Settings)) Settings {
		s := DefaultSettings()
		change(&s)
		return s
	}
	for _, test := range []struct {
		name   string
		option map[string]string
		want   Settings
	}{
		{"no option", nil, DefaultSettings()},
		{"all", map[string]string{
			"min_trust_level": "2", "reply_below_trust": "1", "recipient_scope": "shared_space", "group_limit": "5",
			"message_length": "500", "messages_per_minute": "0", "conversations_per_day": "7", "email_delay": "60",
			"retention_months": "24",
		}, Settings{2, true, SharedSpace, 5, 500, 0, 7, time.Hour, 24}},
		{"retention of more than ten years", map[string]string{"retention_months": "121"}, DefaultSettings()},
		{"retention of less than nothing", map[string]string{"retention_months": "-1"}, DefaultSettings()},
		{"no mail", map[string]string{"email_delay": "0"}, changed(func(s *Settings) { s.EmailDelay = 0 })},
		{"mail after two days", map[string]string{"email_delay": "2880"}, DefaultSettings()},
		{"unknown scope", map[string]string{"recipient_scope": "friends"}, DefaultSettings()},
		{"false as PHP writes it", map[string]string{"reply_below_trust": ""}, DefaultSettings()},
		{"group of two", map[string]string{"group_limit": "2"}, DefaultSettings()},
		{"smallest group", map[string]string{"group_limit": "3"}, changed(func(s *Settings) { s.GroupLimit = 3 })},
		{"group of 21", map[string]string{"group_limit": "21"}, DefaultSettings()},
		{"no number", map[string]string{"min_trust_level": "high", "message_length": "1e3"}, DefaultSettings()},
		{"trust level 6", map[string]string{"min_trust_level": "6"}, DefaultSettings()},
		{"longer than a message may be", map[string]string{"message_length": "10001"}, DefaultSettings()},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, ParseSettings(test.option)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// The WordPress plugin shows the same settings: it is tested against the same vectors.
func TestParseSettingsVectors(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../wpbridge/testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Settings []struct {
			Key, Stored string
			Value       any
		}
	}
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	checked := map[string]bool{}
	for _, v := range vectors.Settings {
		if v.Key == "trust_without_jetonomy" { // wpbridge's own
			continue
		}
		checked[v.Key] = true
		s := ParseSettings(map[string]string{v.Key: v.Stored})
		replies := 0
		if s.ReplyBelowTrust {
			replies = 1
		}
		got, ok := map[string]any{
			"min_trust_level": s.MinTrustLevel, "reply_below_trust": replies, "recipient_scope": string(s.RecipientScope),
			"group_limit": s.GroupLimit, "message_length": s.MessageLength, "messages_per_minute": s.MessagesPerMinute,
			"conversations_per_day": s.ConversationsPerDay, "email_delay": int(s.EmailDelay / time.Minute),
			"retention_months": s.RetentionMonths,
		}[v.Key]
		if n, isInt := got.(int); isInt {
			got = float64(n) // as encoding/json reads numbers
		}
		if !ok || got != v.Value {
			t.Errorf("%s %q is %v, want %v", v.Key, v.Stored, got, v.Value)
		}
	}
	if len(checked) != 9 {
		t.Errorf("the vectors have %d settings: %v", len(checked), checked)
	}
}
