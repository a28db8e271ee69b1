package restapi

// param is a parameter: the domain's word for it, and its names on the wire. The first name stands for it
// in a refusal when the client sent none.
type param struct {
	domain string
	names  []string

	// emptyIsNone makes an empty value the same as none.
	emptyIsNone bool
}

func named(name string) param { return param{domain: name, names: []string{name}} }

// What clients send. The feature page, the REST guide, the OpenAPI file and the mobile app of Jetonomy
// each have their own names.
var (
	paramRecipients = param{domain: "recipients", names: []string{"recipients", "participants", "recipient_ids"}}
	paramFirstText  = param{domain: "content", names: []string{"message", "body", "content"}}
	paramText       = param{domain: "content", names: []string{"content", "body", "message"}}
	paramTitle      = named("title")
	paramMuted      = param{domain: "muted", names: []string{"muted", "is_muted", "mute"}}
	paramArchived   = param{domain: "archived", names: []string{"archived", "is_archived", "archive"}}
	paramBlocked    = param{domain: "blocked", names: []string{"blocked", "is_blocked", "block"}}
	paramUpTo       = param{domain: "message_id", names: []string{"message_id", "up_to", "last_message_id"}, emptyIsNone: true}
	paramUnread     = named("unread")
	paramReported   = param{domain: "message_id", names: []string{"message_id"}, emptyIsNone: true}
	paramReason     = named("reason")
	paramNote       = param{domain: "note", names: []string{"note", "details"}} // the second is that of Jetonomy's own flags
	paramClientKey  = param{domain: "client_key", names: []string{"client_key"}, emptyIsNone: true}
)

// What the lists are asked with.
var (
	paramLimit    = param{domain: "limit", names: []string{"limit", "per_page"}}
	paramOffset   = named("offset")
	paramPage     = named("page")
	paramFilter   = named("filter")
	paramSearch   = named("search")
	paramWith     = named("with")
	paramCursor   = param{domain: "cursor", names: []string{"cursor"}, emptyIsNone: true}
	paramBefore   = param{domain: "before", names: []string{"before"}, emptyIsNone: true}
	paramAfter    = param{domain: "after", names: []string{"after"}, emptyIsNone: true}
	paramOrder    = named("order")
	paramMarkRead = named("mark_read")
	paramQuery    = named("q")
	paramFormat   = named("format")
)
