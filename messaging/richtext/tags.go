package richtext

import (
	"strings"

	"golang.org/x/net/html"
)

// scanTags says whether s contains tags or comments of HTML, and whether they include any that parts lines.
// What HTML does not have ("Dear <name>") is no tag, nor is the beginning of an inline element that never
// ends ("a<b and b>c").
func scanTags(s string) (tags, blocks bool) {
	if strings.IndexByte(s, '<') < 0 {
		return false, false
	}
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return tags, blocks
		case html.CommentToken:
			tags = tags || strings.HasPrefix(string(z.Raw()), "<!--")
		case html.DoctypeToken:
			tags = true
		case html.EndTagToken:
			name, _ := z.TagName()
			tags = tags || isInlineElement[string(name)] || isBlockElement[string(name)]
			blocks = blocks || isBlockElement[string(name)]
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			tags = tags || isVoidElement[string(name)] || isBlockElement[string(name)]
			blocks = blocks || isBlockElement[string(name)]
		}
	}
}

// stripTags gives the text between the tags of s.
func stripTags(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	hidden := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if hidden == "" {
				b.WriteString(cleanText(string(z.Text())))
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			token := z.Token()
			switch {
			case token.Data == "script" || token.Data == "style":
				hidden = ""
				if token.Type == html.StartTagToken {
					hidden = token.Data
				}
			case isBlockElement[token.Data]:
				b.WriteByte('\n')
			}
		}
	}
}

// isBlockElement holds the elements that part lines.
var isBlockElement = set(`address article aside blockquote body br caption center dd details dialog dir div dl dt
	fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li listing main menu
	nav ol optgroup option p plaintext pre section summary table tbody td tfoot th thead tr ul xmp`)

// isInlineElement holds the other elements that HTML has or had, and those that WordPress strips with their content.
var isInlineElement = set(`a abbr acronym applet area audio b base basefont bdi bdo big blink button canvas cite code
	col colgroup data datalist del dfn em embed font frame frameset i iframe image img input ins isindex kbd label
	link map mark marquee math meta meter noembed noframes noscript object output param picture progress q rb rp rt
	rtc ruby s samp script select slot small source span strike strong style sub sup svg template textarea time title
	track tt u var video wbr`)

// isVoidElement holds the inline elements that have no end tag.
var isVoidElement = set(`img input wbr embed source track`)

func set(names string) map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		m[name] = true
	}
	return m
}
