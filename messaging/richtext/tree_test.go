package richtext

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// reporter is what testing.T and rapid.T share.
type reporter interface {
	Helper()
	Fatalf(format string, args ...any)
}

// allowed lists the elements that may come out with their attributes.
var allowed = map[string][]string{
	"p": {"dir"}, "br": {}, "strong": {}, "em": {}, "u": {}, "s": {}, "del": {}, "code": {}, "pre": {}, "blockquote": {},
	"ul": {"dir"}, "ol": {"dir", "start"}, "li": {}, "a": {"href", "rel", "target"},
}

// checkTree parses HTML as a browser would and fails for anything that is not allowed to come out.
func checkTree(t reporter, input, out string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader("<!DOCTYPE html><html><head></head><body>" + out + "</body></html>"))
	if err != nil {
		t.Fatalf("%q gave %q, which does not parse: %v", input, out, err)
	}
	for n := range root.Descendants() {
		switch n.Type {
		case html.CommentNode:
			t.Fatalf("%q gave a comment: %q", input, out)
		case html.ElementNode:
			if n.Data == "html" || n.Data == "head" || n.Data == "body" {
				if len(n.Attr) > 0 {
					t.Fatalf("%q gave %s attributes: %q", input, n.Data, out)
				}
				continue
			}
			checkElement(t, n, input, out)
		}
	}
}

func checkElement(t reporter, n *html.Node, input, out string) {
	t.Helper()
	attrs, ok := allowed[n.Data]
	if !ok || n.Namespace != "" {
		t.Fatalf("%q gave element %s: %q", input, n.Data, out)
	}
	for _, a := range n.Attr {
		if !slices.Contains(attrs, a.Key) || a.Namespace != "" {
			t.Fatalf("%q gave %s attribute %s: %q", input, n.Data, a.Key, out)
		}
		if a.Key == "dir" && a.Val != "auto" {
			t.Fatalf("%q gave dir=%q: %q", input, a.Val, out)
		}
	}
	if n.Data == "a" {
		checkLink(t, n, input, out)
	}
}

func checkLink(t reporter, n *html.Node, input, out string) {
	t.Helper()
	if attr(n, "rel") != "nofollow ugc noopener" || attr(n, "target") != "_blank" {
		t.Fatalf("%q gave a link with other attributes: %q", input, out)
	}
	href := attr(n, "href")
	u, err := url.Parse(href)
	if err != nil || u.User != nil || !slices.Contains([]string{"http", "https", "mailto"}, u.Scheme) ||
		u.Scheme != "mailto" && u.Host == "" {
		t.Fatalf("%q gave a link to %q: %q", input, href, out)
	}
	lower := strings.ToLower(href)
	if !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") && !strings.HasPrefix(lower, "mailto:") {
		t.Fatalf("%q gave a link to %q: %q", input, href, out)
	}
}

// checkRender states what holds for every text.
func checkRender(t reporter, text string) {
	t.Helper()
	out, plain := Render(text)
	checkTree(t, text, out)
	if again := Sanitize(out); again != out {
		t.Fatalf("Sanitize changed what Render made of %q:\n %q\n %q", text, out, again)
	}
	typed := strings.TrimSpace(cleanText(text))
	if !strings.ContainsAny(typed, "*_`[>\\") && !strings.Contains(typed, "- ") && !strings.ContainsAny(typed, ".)-\t") && plain != typed {
		t.Fatalf("text without marks changed:\n %q\n %q", typed, plain)
	}
	if Check(text) == nil && Check(plain) != nil {
		t.Fatalf("%q became invisible: %q", text, plain)
	}
}

// checkSanitize states what holds for every HTML.
func checkSanitize(t reporter, in string) {
	t.Helper()
	out := Sanitize(in)
	checkTree(t, in, out)
	if again := Sanitize(out); again != out {
		t.Fatalf("Sanitize(%q) is not stable:\n %q\n %q", in, out, again)
	}
	if first := writeHTML(parseHTML(cleanText(in))); first != out {
		t.Fatalf("the second wall changed what the first made of %q:\n %q\n %q", in, first, out)
	}
	if plain := Plain(in); strings.Contains(plain, "\x00") || strings.Contains(plain, "\r") {
		t.Fatalf("Plain(%q) = %q", in, plain)
	}
}

// brief leaves out of HTML what is the same everywhere.
func brief(s string) string {
	s = strings.ReplaceAll(s, ` dir="auto"`, "")
	return strings.ReplaceAll(s, ` rel="nofollow ugc noopener" target="_blank"`, "")
}
