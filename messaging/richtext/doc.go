// Package richtext turns what a member typed into what is stored and shown, and cleans what other code
// stored. It does no I/O, keeps no state, and everything in it may be called concurrently.
//
// Both ways in, a small Markdown (Render) and foreign HTML (Sanitize, Plain), end in one small document
// model, and both ways out, HTML and plain text, start from it. So nothing that the model cannot hold
// can come out, Sanitize is idempotent, and it leaves what Render made unchanged, byte for byte. The
// HTML passes a bluemonday policy on its way out, a second wall that finds nothing to do.
//
// # The Markdown that is understood
//
// *italic*, **bold** (or with underscores), `code` on one line, fenced code blocks (three backticks,
// closed), quotes ("> ", also nested), lists ("- ", "* ", "1. ", also nested), [text](address) and bare
// http and https addresses. Line breaks stay. Everything else is text and comes back as typed: HTML,
// headings, rules, tables, images, footnotes, reference definitions, indentation.
//
// Members mostly write plain text, so a mark has to be meant. Where CommonMark would change what was
// typed, this dialect does not:
//
//   - One item is no list ("24. December", "- 5 degrees"). An ordered list starts at 1 and counts up,
//     or has 1 everywhere.
//   - A quote mark is followed by a space (">:(" is a face). A line without the mark ends the quote, a
//     line that is not indented ends the list.
//   - A mark inside a word is text ("2*3*4", "snake_case", "*.txt"), except in scripts that put no
//     spaces between words. Four marks in a row are text ("Name: ____").
//   - A link that is refused stays as it was typed ("list[0](x)"), also one whose text is the address
//     of another host.
//   - A backslash keeps a mark from working. It disappears itself only in a pair around something
//     (\*so\*), so that paths and shrugs keep theirs. Entities are not decoded.
//
// # What comes out
//
// p, br, strong, em, u, s, del, code, pre, blockquote, ul, ol, li and a, nested at most eight quotes or
// lists deep. Attributes: dir="auto" on p, ul and ol, start on ol, and on a link href (http, https or
// mailto, without a user name), rel="nofollow ugc noopener" and target="_blank". Newlines occur in pre
// only, and runs of spaces are kept, so a page may show the HTML with white-space: pre-wrap. The HTML of
// a short text full of links is about seven times as long (10,000 characters gave up to 68 kB).
//
// Plain text has no marks: items begin with "- " or "1. ", quoted lines with "> ", and a link whose
// text is not its address has the address behind it in parentheses.
package richtext
