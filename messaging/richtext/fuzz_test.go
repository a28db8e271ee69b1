package richtext

import "testing"

// FuzzRender: whatever is typed, only what is allowed comes out, Sanitize leaves it alone, text without
// marks comes back, and what could be seen can be seen.
func FuzzRender(f *testing.F) {
	for _, tt := range renderTests {
		f.Add(tt.text)
	}
	for _, text := range attacks {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkRender(t, text) })
}

// FuzzSanitize: whatever is stored, only what is allowed comes out, and a second time the same.
func FuzzSanitize(f *testing.F) {
	for _, tt := range sanitizeTests {
		f.Add(tt.in)
	}
	for _, in := range attacks {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) { checkSanitize(t, in) })
}

// FuzzPreview: no input makes it panic or exceed its limit.
func FuzzPreview(f *testing.F) {
	f.Add("Hello 🇩🇪🇫🇷", 3)
	f.Fuzz(func(t *testing.T, plain string, max int) {
		if n := len([]rune(Preview(plain, max%300))); n > 300 || n > 0 && n > max%300 {
			t.Fatalf("%d characters", n)
		}
	})
}
