package messaging

import (
	"strconv"
	"time"
)

// Scope says whom a member may write to.
type Scope string

const (
	Anyone      Scope = "anyone"
	SharedSpace Scope = "shared_space" // members of a space the sender is in, too
)

// Bounds of the settings.
const (
	MinGroup, MaxGroup         = 3, 20
	MinMessage, MaxMessage     = 1, 10_000 // characters
	MaxTitle                   = 120       // characters
	MaxPreview                 = 200       // characters; the column holds 255
	MinSuggestion              = 3         // characters of a query
	MaxSuggestion              = 64
	MaxSuggestions             = 20 // rows of an answer
	MaxSearch                  = 64 // characters that conversations are searched for
	MaxClientKey               = 255
	maxRetention               = 120 // months
	defaultMessagesPerMinute   = 60
	defaultConversationsPerDay = 100
	defaultEmailDelay          = 5 * time.Minute
	maxEmailDelay              = 24 * 60 // minutes
)

// Settings are what the site's owner decides. The zero value is not useful: see [DefaultSettings].
type Settings struct {
	MinTrustLevel       int
	ReplyBelowTrust     bool // under the level, a reply is allowed where somebody else wrote
	RecipientScope      Scope
	GroupLimit          int // participants, creator included
	MessageLength       int // characters
	MessagesPerMinute   int // per member; 0 = no limit
	ConversationsPerDay int // started per member; 0 = no limit

	// EmailDelay is how long a message may stay unread before its recipient gets a mail; 0 = no mail.
	EmailDelay time.Duration

	// RetentionMonths is after how many months without a message a conversation is purged; 0 = never.
	RetentionMonths int
}

// DefaultSettings are the behaviour of Jetonomy's feature page.
func DefaultSettings() Settings {
	return Settings{
		MinTrustLevel:       1,
		RecipientScope:      Anyone,
		GroupLimit:          MaxGroup,
		MessageLength:       MaxMessage,
		MessagesPerMinute:   defaultMessagesPerMinute,
		ConversationsPerDay: defaultConversationsPerDay,
		EmailDelay:          defaultEmailDelay,
	}
}

// ParseSettings reads the option jetonomy_sidecar_settings, a flat PHP array whose scalars are given
// as strings. A missing or unusable value is the default: a typing error in one field must not stop
// the others or loosen a rule.
func ParseSettings(option map[string]string) Settings {
	s := DefaultSettings()
	number := func(name string, to *int, low, high int) {
		if n, err := strconv.Atoi(option[name]); err == nil && low <= n && n <= high {
			*to = n
		}
	}
	number("min_trust_level", &s.MinTrustLevel, 0, 5)
	number("group_limit", &s.GroupLimit, MinGroup, MaxGroup)
	number("message_length", &s.MessageLength, MinMessage, MaxMessage)
	number("messages_per_minute", &s.MessagesPerMinute, 0, 10_000)
	number("conversations_per_day", &s.ConversationsPerDay, 0, 100_000)
	number("retention_months", &s.RetentionMonths, 0, maxRetention)
	minutes := int(defaultEmailDelay / time.Minute)
	number("email_delay", &minutes, 0, maxEmailDelay)
	s.EmailDelay = time.Duration(minutes) * time.Minute
	s.ReplyBelowTrust = option["reply_below_trust"] == "1"
	if option["recipient_scope"] == string(SharedSpace) {
		s.RecipientScope = SharedSpace
	}
	return s
}
