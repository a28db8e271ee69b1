package richtext

import "errors"

// What Formatter.Check says is shown as it is.
var (
	errBlankForMember  = memberError("The message is empty. Write something that can be seen.")
	errBrokenForMember = memberError("The message contains characters that cannot be stored. Type it again, or paste it as plain text.")
)

type memberError string

func (e memberError) Error() string { return string(e) }

// Formatter gives this package's functions to the domain: it is a messaging.Formatter.
type Formatter struct{}

// Check is [Check], in words for the member who typed the text.
func (Formatter) Check(text string) error {
	switch err := Check(text); {
	case errors.Is(err, ErrBlank):
		return errBlankForMember
	case errors.Is(err, ErrInvalidUTF8), errors.Is(err, ErrNUL):
		return errBrokenForMember
	default:
		return err
	}
}

// Render is [Render].
func (Formatter) Render(text string) (html, plain string) { return Render(text) }

// Preview is [Preview].
func (Formatter) Preview(plain string, max int) string { return Preview(plain, max) }

// Sanitize is [Sanitize].
func (Formatter) Sanitize(html string) string { return Sanitize(html) }

// Plain is [Plain].
func (Formatter) Plain(html string) string { return Plain(html) }
