package richtext

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

var sanitizeTests = []struct {
	name, in, html, plain string
}{
	{"empty", "", "", ""},
	{"only tags", "<p>&nbsp;</p><div><br></div><!-- x -->", "", ""},
	{"text", "Hello <World> & you,\na < b\n\nBye", "<p>Hello &lt;World&gt; &amp; you,<br>a &lt; b</p><p>Bye</p>", "Hello <World> & you,\na < b\n\nBye"},
	{"text with entities", "Tom &amp; Jerry &#8217;s &lt;b&gt;", "<p>Tom &amp; Jerry ’s &lt;b&gt;</p>", "Tom & Jerry ’s <b>"},
	{"text that compares", "if a<b and b>c", "<p>if a&lt;b and b&gt;c</p>", "if a<b and b>c"},
	{"unknown names", "if x<y and y>z", "<p>if x&lt;y and y&gt;z</p>", "if x<y and y>z"},
	{"text with open tag", "see <name", "<p>see &lt;name</p>", "see <name"},
	{"wordpress", "<p>Hello<br />\nyou</p>\n\n<p>Bye  <b>now</b></p>\n", "<p>Hello<br>you</p><p>Bye  <strong>now</strong></p>", "Hello\nyou\n\nBye  now"},
	{"block comments", "<!-- wp:paragraph -->\n<p>a</p>\n<!-- /wp:paragraph -->", "<p>a</p>", "a"},
	{"inline only", "a <b>b</b>\nc\n\n\nd", "<p>a <strong>b</strong><br>c</p><p>d</p>", "a b\nc\n\nd"},
	{"source lines", "<div>\n  a\n  <i>b</i>\n  c\n</div>", "<p>a <em>b</em> c</p>", "a b c"},
	{"marks", "<b>a</b><strong>b</strong><i>c</i><u>d</u><s>e</s><strike>f</strike><del>g</del><ins>h</ins><code>i</code>",
		"<p><strong>ab</strong><em>c</em><u>d</u><s>ef</s><del>g</del><u>h</u><code>i</code></p>", "abcdefghi"},
	{"nesting", "<em>a<strong>b<em>c</em></strong></em>", "<p><em>a</em><strong><em>bc</em></strong></p>", "abc"},
	{"crossing", "<b>a<i>b</b>c</i>", "<p><strong>a<em>b</em></strong><em>c</em></p>", "abc"},
	{"span", `<span style="color:red" class="x" id="y">a</span>`, "<p>a</p>", "a"},
	{"headings", "<h1>a</h1><h6>b</h6>c", "<p><strong>a</strong></p><p><strong>b</strong></p><p>c</p>", "a\n\nb\n\nc"},
	{"link", `<a href="https://a.b/?c=d&amp;e=f" onclick="x()" rel="follow" target="_top" title="t">g</a>`,
		`<p><a href="https://a.b/?c=d&amp;e=f">g</a></p>`, "g (https://a.b/?c=d&e=f)"},
	{"links refused", `<a href="/x">a</a> <a href="//x.y">b</a> <a href="ftp://x.y">c</a> <a href="https://u:p@x.y">d</a> <a name=n>e</a>`,
		"<p>a b c d e</p>", "a b c d e"},
	{"link around blocks", `<a href=https://a.b><div>c</div><div>d</div></a>`,
		`<p><a href="https://a.b">c</a></p><p><a href="https://a.b">d</a></p>`, "c (https://a.b)\n\nd (https://a.b)"},
	{"image", `<p>a <img src="https://a.b/c.png" alt="cat" width=1> b</p>`, `<p>a <a href="https://a.b/c.png">cat</a> b</p>`, "a cat (https://a.b/c.png) b"},
	{"image without alt", `<img src=https://a.b/c.png>`, `<p><a href="https://a.b/c.png">https://a.b/c.png</a></p>`, "https://a.b/c.png"},
	{"image in link", `<a href=https://a.b><img src=https://c.d/e.png alt=f></a>`, `<p><a href="https://a.b">f</a></p>`, "f (https://a.b)"},
	{"image refused", `a<img src=data:image/png;base64,AAAA alt=pic><img src=/x.png>`, "<p>apic</p>", "apic"},
	{"emoji image", `a <img class="emoji" alt="😀" src="https://s.w.org/x.svg">`, "<p>a 😀</p>", "a 😀"},
	{"video", `<video src=https://a.b/c.mp4>old</video>`, `<p><a href="https://a.b/c.mp4">https://a.b/c.mp4</a>old</p>`, "https://a.b/c.mp4old"},
	{"list", "<ul>\n<li>a</li>\n<li><p>b</p><p>c</p></li>\n<li></li></ul>", "<ul><li>a</li><li>b<p>c</p></li></ul>", "- a\n- b\n  c"},
	{"ordered", `<ol start=5><li>a<ol><li>b</ol><li>c</ol>`, `<ol start="5"><li>a<ol><li>b</li></ol></li><li>c</li></ol>`, "5. a\n   1. b\n6. c"},
	{"bad list", "<ul>x<li>a</li><ul><li>b</li></ul></ul><li>c", "<ul><li>x</li><li>a<ul><li>b</li></ul></li></ul><p>c</p>", "- x\n- a\n  - b\n\nc"},
	{"quote", "<blockquote>a<blockquote><p>b</p></blockquote></blockquote>", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>", "> a\n>\n> > b"},
	{"pre", "<pre class=x>\n  a\n<b>b</b><br>c\n</pre>", "<pre><code>  a\nb\nc</code></pre>", "a\nb\nc"},
	{"table", "<table><tr><th>a<th>b<tr><td>c<td>d</table>", "<p>a b</p><p>c d</p>", "a b\n\nc d"},
	{"hidden", "<script>x()</script><style>y{}</style><template>z</template><title>t</title><p>a</p><iframe src=https://b.c>d</iframe>", "<p>a</p>", "a"},
	{"foreign", "<svg><text>a</text></svg><math><mi>b</mi></math>c", "<p>c</p>", "c"},
	{"form", `<form action=x><input value=y><button onclick=z>a</button><textarea>b</textarea></form>`, "<p>a</p>", "a"},
	{"details", "<details open><summary>a</summary>b</details>", "<p>a</p><p>b</p>", "a\n\nb"},
	{"line ends", "<p>a</p>\r\n<pre>b\r\nc</pre>", "<p>a</p><pre><code>b\nc</code></pre>", "a\n\nb\nc"},
	{"numeric references", "<p>a&#0;b&#13;c&#x80;</p>", "<p>a\ufffdb c€</p>", "a\ufffdb c€"},
}

func TestSanitize(t *testing.T) {
	for _, tt := range sanitizeTests {
		t.Run(tt.name, func(t *testing.T) {
			checkSanitize(t, tt.in)
			if got := brief(Sanitize(tt.in)); got != tt.html {
				t.Errorf("html of %q:\n got %s\nwant %s", tt.in, got, tt.html)
			}
			if got := Plain(tt.in); got != tt.plain {
				t.Errorf("plain of %q:\n got %q\nwant %q", tt.in, got, tt.plain)
			}
		})
	}
}

func TestSanitizeKeepsWhatRenderMade(t *testing.T) {
	for _, tt := range renderTests {
		html, plain := Render(tt.text)
		if got := Sanitize(html); got != html {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, html)
		}
		if strings.Contains(tt.name, "paragraphs") || strings.Contains(tt.name, "list") {
			if got := Plain(html); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(plain), " ") {
				t.Errorf("%s: Plain gives %q, Render gave %q", tt.name, got, plain)
			}
		}
	}
}

func TestSanitizeOfDeepAndHugeHTML(t *testing.T) {
	for name, in := range map[string]string{
		"quotes": strings.Repeat("<blockquote>", 200) + "a",
		"lists":  strings.Repeat("<ul><li>", 200) + "a",
		"divs":   strings.Repeat("<div>", 5000) + "a<script>b</script>",
		"bold":   strings.Repeat("<b>", 400) + "a",
		"huge":   "<p>" + strings.Repeat("<b>a</b>\n", maxInput/8),
	} {
		t.Run(name, func(t *testing.T) {
			checkSanitize(t, in)
			if out := Sanitize(in); !strings.Contains(out, "a") || strings.Contains(out, "b<") {
				t.Errorf("got %.200q", out)
			}
		})
	}
}

// TestSecondWall shows that the wall holds without what stands before it.
func TestSecondWall(t *testing.T) {
	for _, in := range attacks {
		out := secondWall(in)
		for n := range mustParse(t, out).Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			attrs, ok := allowed[n.Data]
			if !ok && n.Data != "html" && n.Data != "head" && n.Data != "body" {
				t.Errorf("%q gave element %s: %q", in, n.Data, out)
			}
			for _, a := range n.Attr {
				if !strings.Contains(strings.Join(attrs, " "), a.Key) || strings.Contains(a.Val, "javascript:") {
					t.Errorf("%q gave attribute %s=%q: %q", in, a.Key, a.Val, out)
				}
			}
		}
	}
}

func mustParse(t *testing.T, s string) *html.Node {
	t.Helper()
	n, err := html.Parse(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
