package adminpage

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// request is what the plugin sends.
type request struct {
	Page    string `json:"page"`  // which of the views; "" is the first one that the caller may see
	Query   values `json:"query"` // of the page's address
	Form    values `json:"form"`  // of a form whose nonce was checked; nil where none was sent
	Frame   frame  `json:"frame"`
	Strings texts  `json:"strings"`
}

// frame is what the page is printed into.
type frame struct {
	URL        string   `json:"url"`     // the page's address, absolute, with its query
	Nonce      string   `json:"nonce"`   // for the forms, which are sent to URL
	Address    string   `json:"address"` // of the browser, as WordPress saw it
	CanSilence bool     `json:"can_silence"`
	Columns    []string `json:"columns"` // of the list that are shown
	DateFormat string   `json:"date_format"`
	TimeFormat string   `json:"time_format"`
	Thousands  string   `json:"thousands"` // between groups of three digits
	Decimal    string   `json:"decimal"`
}

// values are parameters by name, each with one value or some.
type values map[string][]string

func (v *values) UnmarshalJSON(b []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		if string(b) == "[]" { // PHP's empty array
			return nil
		}
		return err
	}
	*v = make(values, len(raw))
	for name, value := range raw {
		var one string
		if err := json.Unmarshal(value, &one); err == nil {
			(*v)[name] = []string{one}
			continue
		}
		var some []string
		if err := json.Unmarshal(value, &some); err != nil {
			return fmt.Errorf("parameter %s: %w", name, err)
		}
		(*v)[name] = some
	}
	return nil
}

// Get gives a parameter without the blanks around it, "" where it is missing.
func (v values) Get(name string) string {
	if list := v[name]; len(list) > 0 {
		return strings.TrimSpace(list[0])
	}
	return ""
}

// ID gives a parameter that is a number, 0 where it is none.
func (v values) ID(name string) uint64 {
	n, err := strconv.ParseUint(v.Get(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Int gives a parameter that is a small number, 0 where it is none.
func (v values) Int(name string) int {
	n, err := strconv.Atoi(v.Get(name))
	if err != nil {
		return 0
	}
	return n
}

// IDs gives the different ones of a parameter, in their order, each of which may be a list with commas.
func (v values) IDs(name string) []uint64 {
	var ids []uint64
	for _, part := range strings.Split(strings.Join(v[name], ","), ",") {
		id, err := strconv.ParseUint(strings.TrimSpace(part), 10, 64)
		if err == nil && id > 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// The database knows times of four-digit years, and there is nothing to find before the first of these.
const (
	firstYear = 1970
	lastDay   = "9999-12-31"
)

// day gives the beginning of a day of a calendar and that of the next, both zero where it is none. An earlier day than
// the first is that one, and the last one ends where it begins.
func (v values) day(name string, in *time.Location) (begin, end time.Time) {
	date, err := time.Parse(time.DateOnly, v.Get(name))
	if err != nil {
		return time.Time{}, time.Time{}
	}
	if date.Year() < firstYear {
		date = time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	begin = midnight(date, in)
	if date.Format(time.DateOnly) == lastDay {
		return begin, begin
	}
	return begin, midnight(date.AddDate(0, 0, 1), in)
}

// midnight is the first moment of a date. Where clocks go forward at midnight that is one o'clock.
func midnight(date time.Time, in *time.Location) time.Time {
	t := time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, in)
	if t.Day() != date.Day() {
		t = t.Add(time.Hour)
	}
	return t
}
