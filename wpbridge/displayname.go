package wpbridge

import (
	"html"
	"regexp"
	"strings"
)

// WordPress stores a display name as HTML: what its filters of pre_user_display_name leave has & as &amp;, < as
// &lt; and > as &gt;, and entities that somebody typed stay as they are. So "&amp;" typed is the same row as "&"
// typed, and "&" to all who see it in WordPress. Plugins that escape once more add those of the quotes.

// nameEntity is what wp_specialchars_decode() decodes with ENT_QUOTES.
var nameEntity = regexp.MustCompile(`&(?:amp|lt|gt|quot|#0*(?:34|38|39|60|62)|#[xX]0*(?:22|26|27));`)

// PlainName gives a name that WordPress stores as plain text. It is undone once: what was "&amp;amp;" is "&amp;".
// Whoever prints it must escape it, since it can be any text.
func PlainName(stored string) string {
	if !strings.Contains(stored, "&") {
		return stored
	}
	return nameEntity.ReplaceAllStringFunc(stored, html.UnescapeString)
}

// PlainNameSQL is PlainName in a query, for a column such as "u.display_name", as near as a search needs: of each
// entity it knows the spelling in which WordPress stores it. No index helps with it.
func PlainNameSQL(column string) string {
	plain := column
	for _, e := range [...]struct{ entity, character string }{
		{"&lt;", "<"}, {"&#060;", "<"}, {"&gt;", ">"}, {"&#062;", ">"},
		{"&quot;", `"`}, {"&#034;", `"`}, {"&#x22;", `"`}, {"&#039;", "''"}, {"&#x27;", "''"},
		{"&#038;", "&"}, {"&#x26;", "&"}, {"&amp;", "&"}, // the last, or what they leave would be decoded again
	} {
		plain = "REPLACE(" + plain + ", '" + e.entity + "', '" + e.character + "')"
	}
	return ComparableSQL("IF(LOCATE('&', " + column + ") > 0, " + plain + ", " + column + ")")
}

// ComparableSQL is a text of WordPress's tables in a form that can be compared with what somebody types: those of an
// old site have other characters than utf8mb4. The order is that of WordPress's own tables.
func ComparableSQL(text string) string {
	return "CONVERT(" + text + " USING utf8mb4) COLLATE utf8mb4_unicode_520_ci"
}

// plainName scans a display name; NULL is none.
type plainName struct{ to *string }

// Scan implements [sql.Scanner].
func (n plainName) Scan(value any) error {
	if err := orZero(n.to).Scan(value); err != nil {
		return err
	}
	*n.to = PlainName(*n.to)
	return nil
}
