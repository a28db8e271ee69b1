package richtext

import (
	"strings"
	"sync"
	"testing"
)

// same stands for a plain text that equals the text.
const same = "\x00same"

var renderTests = []struct {
	name, text, html, plain string
}{
	{"empty", "", "", ""},
	{"text", "Hello, Anna!", "<p>Hello, Anna!</p>", same},
	{"trimmed", "\n  Hello \r\n\r\n", "<p>Hello</p>", "Hello"},
	{"line ends", "a\r\nb\rc\nd", "<p>a<br>b<br>c<br>d</p>", "a\nb\nc\nd"},
	{"paragraphs", "a\n\nb\n\n\n\nc", "<p>a</p><p>b</p><p>c</p>", same},
	{"indentation", "if x:\n    y()\n\tz()", "<p>if x:<br>    y()<br>\tz()</p>", same},
	{"indented paragraph is no code", "a\n\n     b\n\n\tc", "<p>a</p><p>     b</p><p>\tc</p>", same},
	{"spaces at line ends", "a  \nb \t\nc", "<p>a  <br>b \t<br>c</p>", same},

	{"bold", "**a b** __c__", "<p><strong>a b</strong> <strong>c</strong></p>", "a b c"},
	{"italic", "*a b* _c_", "<p><em>a b</em> <em>c</em></p>", "a b c"},
	{"both", "***a*** **b *c* d**", "<p><strong><em>a</em></strong> <strong>b <em>c</em> d</strong></p>", "a b c d"},
	{"joined", "**a**-ish **b**/**c** *d*/e", "<p><strong>a</strong>-ish <strong>b</strong>/<strong>c</strong> <em>d</em>/e</p>", "a-ish b/c d/e"},
	{"over lines", "**a\nb**", "<p><strong>a<br>b</strong></p>", "a\nb"},
	{"before punctuation", "(*a*), “*b*”: *c*!", "<p>(<em>a</em>), “<em>b</em>”: <em>c</em>!</p>", "(a), “b”: c!"},
	{"chinese", "这是**重点**内容，*好*。", "<p>这是<strong>重点</strong>内容，<em>好</em>。</p>", "这是重点内容，好。"},
	{"korean", "**단어**는", "<p><strong>단어</strong>는</p>", "단어는"},
	{"emoji inside", "**🎉** *🎉 yes 🎉*", "<p><strong>🎉</strong> <em>🎉 yes 🎉</em></p>", "🎉 🎉 yes 🎉"},
	{"inline code", "run `a **b** <c>` now", "<p>run <code>a **b** &lt;c&gt;</code> now</p>", "run a **b** <c> now"},
	{"code with backticks", "`` a`b ``", "<p><code>a`b</code></p>", "a`b"},
	{"code on one line only", "it`s\nthat`s", "<p>it`s<br>that`s</p>", same},
	{"bold code", "**`a`**", "<p><strong><code>a</code></strong></p>", "a"},
	{"code of punctuation", "*`-`*", "<p>*<code>-</code>*</p>", "*-*"},

	{"fence", "see\n```go\nfunc f() {\n\n\tx < y\n}\n```\nok",
		"<p>see</p><pre><code>func f() {\n\n\tx &lt; y\n}</code></pre><p>ok</p>", "see\nfunc f() {\n\n\tx < y\n}\nok"},
	{"fence keeps marks", "```\n> **a**\n- b\n```", "<pre><code>&gt; **a**\n- b</code></pre>", "> **a**\n- b"},
	{"longer fence", "````\n```\na\n````", "<pre><code>```\na</code></pre>", "```\na"},
	{"open fence", "```\na", "<p>```<br>a</p>", same},
	{"empty fence", "```\n\n```", "<p>```</p><p>```</p>", same},
	{"tildes", "~~~\na\n~~~", "<p>~~~<br>a<br>~~~</p>", same},

	{"quote", "> a\n> b\nc", "<blockquote><p>a<br>b</p></blockquote><p>c</p>", same},
	{"quote in quote", "> > a\n> b", "<blockquote><blockquote><p>a</p></blockquote><p>b</p></blockquote>", same},
	{"quote with paragraphs", "> a\n>\n> b", "<blockquote><p>a</p><p>b</p></blockquote>", same},
	{"quote with list", "> - a\n> - b", "<blockquote><ul><li>a</li><li>b</li></ul></blockquote>", same},
	{"quoted bold", ">> **a**", "<blockquote><blockquote><p><strong>a</strong></p></blockquote></blockquote>", "> > a"},
	{"no quote", ">:(\n>.<\n>5\n>\n>=3", "<p>&gt;:(<br>&gt;.&lt;<br>&gt;5<br>&gt;<br>&gt;=3</p>", same},

	{"bullets", "buy:\n- milk\n- *eggs*\nthanks", "<p>buy:</p><ul><li>milk</li><li><em>eggs</em></li></ul><p>thanks</p>",
		"buy:\n- milk\n- eggs\nthanks"},
	{"stars", "* a\n* b", "<ul><li>a</li><li>b</li></ul>", "- a\n- b"},
	{"numbers", "1. a\n2. b\n3. c", "<ol><li>a</li><li>b</li><li>c</li></ol>", same},
	{"numbers, all one", "1) a\n1) b", "<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"},
	{"nested", "- a\n  - b\n    1. c\n- d", "<ul><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ul>", same},
	{"nested by tab", "1. a\n\t- b\n2. c", "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>", "1. a\n   - b\n2. c"},
	{"loose", "- a\n\n  more\n\n- b\n\n\nend", "<ul><li>a<p>more</p></li><li>b</li></ul><p>end</p>", same},
	{"lines in items", "- a\n  b\n- c", "<ul><li>a<br>b</li><li>c</li></ul>", same},
	{"code in items", "- a\n  ```\n  x\n  ```\n- b", "<ul><li>a<pre><code>x</code></pre></li><li>b</li></ul>", "- a\n  x\n- b"},
	{"one item", "- 5 degrees", "<p>- 5 degrees</p>", same},
	{"date", "24. December", "<p>24. December</p>", same},
	{"first of month", "1. May is a holiday", "<p>1. May is a holiday</p>", same},
	{"years", "1986. A great year.\n1987. Too.", "<p>1986. A great year.<br>1987. Too.</p>", same},
	{"numbers with gaps", "1. yes\n3. no", "<p>1. yes<br>3. no</p>", same},
	{"number in an item", "1. a\n    24. b", "<p>1. a<br>    24. b</p>", same},
	{"pros and cons", "+ cheap\n+ fast", "<p>+ cheap<br>+ fast</p>", same},
	{"dashes", "- - -\n* * *\n---\n***\n-", "<p>- - -<br>* * *<br>---<br>***<br>-</p>", same},

	{"link", "[the site](https://example.org/a?b=1&c=2)", `<p><a href="https://example.org/a?b=1&amp;c=2">the site</a></p>`,
		"the site (https://example.org/a?b=1&c=2)"},
	{"link by its name", "[example.org](https://example.org)", `<p><a href="https://example.org">example.org</a></p>`, "example.org"},
	{"link in bold", "**[a](https://b.c)** [*d* e](https://f.g)",
		`<p><a href="https://b.c"><strong>a</strong></a> <a href="https://f.g"><em>d</em> e</a></p>`,
		"a (https://b.c) d e (https://f.g)"},
	{"link without text", "[](https://b.c)", `<p><a href="https://b.c">https://b.c</a></p>`, "https://b.c"},
	{"mail", "[me](mailto:a@b.c)", `<p><a href="mailto:a@b.c">me</a></p>`, "me (mailto:a@b.c)"},
	{"title is dropped", `[a](https://b.c "t")`, `<p><a href="https://b.c">a</a></p>`, "a (https://b.c)"},
	{"address", "see https://example.org/a_b_c?d=*e*.", `<p>see <a href="https://example.org/a_b_c?d=*e">https://example.org/a_b_c?d=*e</a>*.</p>`, same},
	{"address in parentheses", "(https://en.example.org/wiki/A_(b))", `<p>(<a href="https://en.example.org/wiki/A_(b)">https://en.example.org/wiki/A_(b)</a>)</p>`, same},
	{"address in brackets", "[https://b.c] <HTTP://B.c>", `<p>[<a href="https://b.c">https://b.c</a>] &lt;<a href="http://B.c">HTTP://B.c</a>&gt;</p>`, same},
	{"address in chinese", "看https://例え.jp/日本。好", `<p>看<a href="https://xn--r8jz45g.jp/%E6%97%A5%E6%9C%AC">https://例え.jp/日本</a>。好</p>`, same},
	{"address in bold", "**https://b.c**, *https://d.e/_f*", `<p><a href="https://b.c"><strong>https://b.c</strong></a>, <a href="https://d.e/_f"><em>https://d.e/_f</em></a></p>`, "https://b.c, https://d.e/_f"},
	{"no address", "http:// https://. ftp://a.b git+https://a.b https://a@b.c", "<p>http:// https://. ftp://a.b git+https://a.b https://a@b.c</p>", same},
	{"refused link", "[a](javascript:alert(1)) [b](//c.d) [e](/f) list[0](x)", "<p>[a](javascript:alert(1)) [b](//c.d) [e](/f) list[0](x)</p>", same},
	{"pretending link", "[https://bank.example](https://evil.example)", `<p>[<a href="https://bank.example">https://bank.example</a>](https://evil.example)</p>`, same},
	{"image", "![a](https://b.c/d.png)", "<p>![a](https://b.c/d.png)</p>", same},
	{"references", "[a]: https://b.c\n[a] [d][a] [^1]\n\n[^1]: e", `<p>[a]: <a href="https://b.c">https://b.c</a><br>[a] [d][a] [^1]</p><p>[^1]: e</p>`, same},

	{"html", "<b>hi</b> <!-- x --> &amp; &#60;", "<p>&lt;b&gt;hi&lt;/b&gt; &lt;!-- x --&gt; &amp;amp; &amp;#60;</p>", same},
	{"html block", "<div>\n**a**\n</div>", "<p>&lt;div&gt;<br><strong>a</strong><br>&lt;/div&gt;</p>", "<div>\na\n</div>"},
	{"comparison", "a < b && c > d", "<p>a &lt; b &amp;&amp; c &gt; d</p>", same},
	{"headings", "# a\n## b\nc\n===\nd\n---", "<p># a<br>## b<br>c<br>===<br>d<br>---</p>", same},
	{"table", "|a|b|\n|-|-|\n|1|2|", "<p>|a|b|<br>|-|-|<br>|1|2|</p>", same},
	{"strike", "~~a~~", "<p>~~a~~</p>", same},
	{"product", "2 * 3 * 4, 2*3*4, 2**3**4", "<p>2 * 3 * 4, 2*3*4, 2**3**4</p>", same},
	{"names", "snake_case_name __init_x Foo_bar_", "<p>snake_case_name __init_x Foo_bar_</p>", same},
	{"unequal marks", "**a* *b __c_", "<p>**a* *b __c_</p>", same},
	{"globs", "*.txt,*.md src/*/x/* **/*.go and **/*.md /* c */ /*c*/ -*-", "<p>*.txt,*.md src/*/x/* **/*.go and **/*.md /* c */ /*c*/ -*-</p>", same},
	{"footnote stars", "free* and cheap*\n* terms apply", "<p>free* and cheap*<br>* terms apply</p>", same},
	{"gaps to fill", "Name: ____ Age: ____ ____x____", "<p>Name: ____ Age: ____ ____x____</p>", same},
	{"faces", ":-) ^_^ ok ^_^ -_- no -_- *_* >_< ;_; so ;_; o_o", "<p>:-) ^_^ ok ^_^ -_- no -_- *_* &gt;_&lt; ;_; so ;_; o_o</p>", same},
	{"shrug", `¯\_(ツ)_/¯`, `<p>¯\_(ツ)_/¯</p>`, same},
	{"paths", `C:\*.txt \\server\_share\_x C:\temp\*.* D:\temp\*.*`, `<p>C:\*.txt \\server\_share\_x C:\temp\*.* D:\temp\*.*</p>`, same},
	{"escapes", `\*a\* \_\_b\_\_ \[c\](https://d.e)`, `<p>*a* __b__ [c](<a href="https://d.e">https://d.e</a>)</p>`, "*a* __b__ [c](https://d.e)"},
	{"only marks", "** __ ` > -", "<p>** __ ` &gt; -</p>", same},
	{"invisible inside", "**\u200b**", "<p>**\u200b**</p>", same},

	{"unicode", "e\u0301 é 👩‍👩‍👧 ❤️ 🏴󠁧󠁢󠁳󠁣󠁴󠁿 שלום مرحبا क्षि \u202eabc\u202c \ufeff", "<p>e\u0301 é 👩‍👩‍👧 ❤️ 🏴󠁧󠁢󠁳󠁣󠁴󠁿 שלום مرحبا क्षि \u202eabc\u202c \ufeff</p>", same},
	{"quotes", `"a" 'b'`, "<p>&#34;a&#34; &#39;b&#39;</p>", same},
	{"broken", "a\xffb\x00c", "<p>a\ufffdb\ufffdc</p>", "a\ufffdb\ufffdc"},
}

func TestRender(t *testing.T) {
	for _, tt := range renderTests {
		t.Run(tt.name, func(t *testing.T) {
			checkRender(t, tt.text)
			html, plain := Render(tt.text)
			if got := brief(html); got != tt.html {
				t.Errorf("html of %q:\n got %s\nwant %s", tt.text, got, tt.html)
			}
			want := tt.plain
			if want == same {
				want = tt.text
			}
			if plain != want {
				t.Errorf("plain of %q:\n got %q\nwant %q", tt.text, plain, want)
			}
		})
	}
}

func TestRenderStatesDirectionAndRel(t *testing.T) {
	got, _ := Render("[a](https://b.c)\n\n- d\n- e")
	want := `<p dir="auto"><a href="https://b.c" rel="nofollow ugc noopener" target="_blank">a</a></p>` +
		`<ul dir="auto"><li>d</li><li>e</li></ul>`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestRenderConcurrently(t *testing.T) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, tt := range renderTests {
				html, _ := Render(tt.text)
				if got := brief(Sanitize(html)); got != tt.html {
					t.Errorf("%s: %s", tt.name, got)
				}
			}
		})
	}
	wg.Wait()
}

func TestRenderNestsEightDeep(t *testing.T) {
	html, plain := Render(strings.Repeat("> ", 12) + "a")
	if n := strings.Count(html, "<blockquote>"); n != maxDepth {
		t.Errorf("%d quotes", n)
	}
	if want := strings.Repeat("> ", 12) + "a"; plain != want {
		t.Errorf("plain %q", plain)
	}
	html, _ = Render(strings.Repeat("- ", 12) + "a\n- b")
	if n := strings.Count(html, "<ul "); n > maxDepth {
		t.Errorf("%d lists", n)
	}
}

func TestRenderOfHugeTextKeepsIt(t *testing.T) {
	text := strings.Repeat("**a** <b>\n", maxInput/8)
	html, plain := Render(text)
	if plain != strings.TrimSpace(text) || strings.Contains(html, "<strong>") {
		t.Error("a text beyond the limit is not shown as typed")
	}
	checkTree(t, "huge", html)
}
