package richtext

import (
	"bytes"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"golang.org/x/net/idna"
)

// linkTail is the attribute that keeps a link's source from "]" on.
const linkTail = "tail"

// maxBrackets is how many open brackets in a paragraph may begin a link; goldmark looks through all of
// them again and again.
const maxBrackets = 50

var openBrackets = parser.NewContextKey()

// linkParser is goldmark's without images, remembering the source for links that are refused.
type linkParser struct {
	parser.InlineParser
}

func (linkParser) Trigger() []byte { return []byte{'[', ']'} }

func (p linkParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	_, before := block.Position()
	open, _ := pc.Get(openBrackets).(int)
	if block.Peek() == ']' {
		pc.Set(openBrackets, max(open-1, 0))
	} else {
		if open == maxBrackets {
			return nil
		}
		pc.Set(openBrackets, open+1)
	}
	n := p.InlineParser.Parse(parent, block, pc)
	if link, ok := n.(*ast.Link); ok {
		_, after := block.Position()
		link.SetAttributeString(linkTail, block.Source()[before.Start:after.Start])
	}
	return n
}

func (p linkParser) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	p.InlineParser.(parser.CloseBlocker).CloseBlock(parent, block, pc)
}

// addressParser makes links of bare http and https addresses. It starts at the colon, because no mark
// need stand before an address (in Chinese not even a space), and takes the scheme back from the text.
type addressParser struct{}

func (addressParser) Trigger() []byte { return []byte{':'} }

func (addressParser) Parse(parent ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	before, ok := parent.LastChild().(*ast.Text)
	if !ok || !bytes.HasPrefix(line, []byte("://")) || before.Segment.Stop != segment.Start || before.SoftLineBreak() {
		return nil
	}
	scheme := schemeBefore(before.Segment.Value(block.Source()))
	if scheme == 0 {
		return nil
	}
	n := addressLen(line)
	address := text.NewSegment(segment.Start-scheme, segment.Start+n)
	if _, ok := cleanURL(string(address.Value(block.Source()))); !ok {
		return nil
	}
	before.Segment = before.Segment.WithStop(address.Start)
	if before.Segment.IsEmpty() {
		parent.RemoveChild(parent, before)
	}
	block.Advance(n)
	return ast.NewAutoLink(ast.AutoLinkURL, ast.NewTextSegment(address))
}

// schemeBefore gives the length of the "http" or "https" that s ends with; 0 when it ends with neither.
func schemeBefore(s []byte) int {
	n := 0
	for n < len(s) && n < 6 && isWordByte(rune(s[len(s)-1-n])) {
		n++
	}
	if n < len(s) && strings.IndexByte("+-_", s[len(s)-1-n]) >= 0 {
		return 0
	}
	switch strings.ToLower(string(s[len(s)-n:])) {
	case "http", "https":
		return n
	}
	return 0
}

// addressLen says how much of s belongs to an address: up to white space and other characters that
// addresses have only encoded, to a bracket that was opened before it, and without the punctuation of
// the sentence around it. It stops beyond maxURL.
func addressLen(s []byte) int {
	var round, square int
	end := 0
scan:
	for end < len(s) && end <= maxURL {
		r, size := utf8.DecodeRune(s[end:])
		switch {
		case r == '(':
			round++
		case r == ')':
			round--
		case r == '[':
			square++
		case r == ']':
			square--
		case r < utf8.RuneSelf && (r <= ' ' || strings.ContainsRune("<>\"`\\^{|}\x7f", r)),
			r >= utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r):
			break scan
		}
		if round < 0 || square < 0 {
			break
		}
		end += size
	}
	return len(bytes.TrimRight(s[:end], "?!.,:;*_~'([&"))
}

// maxURL is the longest address that becomes a link, in bytes.
const maxURL = 2048

// cleanURL gives the form in which an address may stand in a link: http or https with a host and
// without a user name (which is there to look like a host), or mailto; ASCII only. It is its own fixed
// point. Everything else is refused: other schemes, relative and protocol-relative addresses, and what
// browsers repair (control characters, white space, backslashes).
func cleanURL(raw string) (string, bool) {
	raw = strings.Trim(raw, " \t\n\f\r")
	if raw == "" || len(raw) > maxURL || strings.ContainsFunc(raw, refusedInURL) {
		return "", false
	}
	u, err := url.Parse(raw)
	if err != nil || !cleanParts(u) {
		return "", false
	}
	clean := u.String()
	again, err := url.Parse(clean)
	if err != nil || again.String() != clean || again.Scheme != u.Scheme || again.Host != u.Host {
		return "", false
	}
	return clean, len(clean) <= 3*maxURL
}

func refusedInURL(r rune) bool {
	return r == '\\' || r == utf8.RuneError || unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zs)
}

func cleanParts(u *url.URL) bool {
	u.RawQuery = encode(u.RawQuery)
	switch u.Scheme {
	case "http", "https":
		host, ok := cleanHost(u.Hostname())
		if !ok || u.Opaque != "" || u.User != nil {
			return false
		}
		if port := u.Port(); port != "" {
			if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
				return false
			}
			host += ":" + port
		}
		u.Host = host
		return true
	case "mailto":
		u.Opaque = encode(u.Opaque)
		return strings.Contains(u.Opaque, "@")
	}
	return false
}

// cleanHost gives a host in ASCII, an IPv6 address in brackets.
func cleanHost(host string) (string, bool) {
	if strings.Contains(host, ":") {
		ip, err := netip.ParseAddr(host)
		return "[" + host + "]", err == nil && ip.Zone() == ""
	}
	if strings.ContainsFunc(host, func(r rune) bool { return r >= utf8.RuneSelf }) {
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return "", false
		}
		host = ascii
	}
	if strings.Trim(host, "-._") == "" {
		return "", false
	}
	for _, r := range host {
		if !isWordByte(r) && r != '-' && r != '.' && r != '_' {
			return "", false
		}
	}
	return host, true
}

// encode percent-encodes what may not stand in a query or a mail address.
func encode(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || strings.IndexByte("\"'<>`^{|}", c) >= 0 {
			b.WriteString("%" + strings.ToUpper(strconv.FormatUint(uint64(c), 16)))
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// names says whether text is the address of href as a member would write it.
func names(text, href string) bool {
	for _, prefix := range []string{"", "https://", "http://", "mailto:"} {
		if full, ok := cleanURL(prefix + text); ok && (full == href || full+"/" == href) {
			return true
		}
	}
	return false
}

// pretends says whether a link's text is the address of another host than the one it leads to.
func pretends(text, href string) bool {
	shown, ok := cleanURL(text)
	if !ok {
		return false
	}
	a, errA := url.Parse(shown)
	b, errB := url.Parse(href)
	return errA != nil || errB != nil || !strings.EqualFold(a.Host, b.Host)
}
