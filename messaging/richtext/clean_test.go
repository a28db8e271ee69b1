package richtext

import (
	"testing"

	"pgregory.net/rapid"
)

func TestIsClean(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		html string
		want bool
	}{
		{`<p dir="auto">hello</p>`, true},
		{`<p dir="auto">a<br>b</p><p dir="auto">c &amp; &lt;d&gt; &#34;e&#34; &#39;f&#39;</p>`, true},
		{`<p dir="auto"><strong>a <em>b</em></strong> <code>c</code> 👋🏽 שלום</p>`, true},
		{``, false},
		{`hello`, false},
		{`<p>hello</p>`, false},
		{`<p dir="auto"></p>`, false},
		{`<p dir="auto"><strong></strong></p>`, false},
		{`<p dir="auto">hello`, false},
		{`<p dir="auto">hello</p>x`, false},
		{`<p dir="auto">a<p dir="auto">b</p></p>`, false},
		{`<p dir="auto"><strong>a</p></strong>`, false},
		{`<p dir="auto"><strong><em>a</strong></em></p>`, false},
		{`<p dir="auto"><strong>a<strong>b</strong></strong></p>`, false},
		{`<p dir="auto"><script>alert(1)</script></p>`, false},
		{`<p dir="auto"><br onclick=alert(1)></p>`, false},
		{`<p dir="auto"><STRONG>a</STRONG></p>`, false},
		{`<p dir="auto">&nbsp;</p>`, false},
		{`<p dir="auto">a & b</p>`, false},
		{`<p dir="auto">"a"</p>`, false},
		{"<p dir=\"auto\">a\nb</p>", false},
		{"<p dir=\"auto\">a\x00b</p>", false},
		{"<p dir=\"auto\">\xff</p>", false},
		{`<p dir="auto"><a href="https://example.test" rel="nofollow ugc noopener" target="_blank">x</a></p>`, false},
	} {
		if got := isClean(test.html); got != test.want {
			t.Errorf("%q: %v, want %v", test.html, got, test.want)
		}
	}
}

// What counts as clean is what the whole way through the parser would leave as it is.
func TestCleanIsWhatSanitizingLeavesAlone(t *testing.T) {
	t.Parallel()
	pieces := []string{
		openParagraph, closeParagraph, "<strong>", "</strong>", "<em>", "</em>", "<code>", "</code>", "<br>",
		"text", " ", "&amp;", "&lt;", "👋🏽", "é",
	}
	clean := 0
	rapid.Check(t, func(t *rapid.T) {
		middle := rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 8).Draw(t, "pieces")
		html := openParagraph + "a"
		for _, piece := range middle {
			html += piece
		}
		html += "z" + closeParagraph
		if !isClean(html) {
			return
		}
		clean++
		if tree := writeHTML(parseHTML(html)); isClean(tree) != true || secondWall(html) != html {
			t.Fatalf("%q becomes %q, and %q behind the wall", html, tree, secondWall(html))
		}
	})
	if clean == 0 {
		t.Fatal("no clean content was tried")
	}
}
