package adminpage

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// Every date that a browser can send is a range of times that the database knows, in every zone.
func TestDays(t *testing.T) {
	t.Parallel()
	for hours := -12; hours <= 14; hours++ {
		zone := time.FixedZone("", hours*3600)
		for text, want := range map[string][2]string{
			"2026-03-09": {"2026-03-09", "2026-03-10"}, "9999-12-30": {"9999-12-30", "9999-12-31"}, "9999-12-31": {"9999-12-31", "9999-12-31"},
			"0000-01-01": {"1970-01-01", "1970-01-02"}, "0001-01-01": {"1970-01-01", "1970-01-02"}, "1969-12-31": {"1970-01-01", "1970-01-02"},
		} {
			begin, end := values{"day": {text}}.day("day", zone)
			if got := [2]string{begin.Format(time.DateTime), end.Format(time.DateTime)}; got != [2]string{want[0] + " 00:00:00", want[1] + " 00:00:00"} {
				t.Errorf("%s at %+d: %v", text, hours, got)
			}
			if begin.UTC().Year() < 1969 || end.UTC().Year() > 9999 {
				t.Errorf("%s at %+d: %s to %s", text, hours, begin.UTC(), end.UTC())
			}
		}
		for _, text := range []string{"", "yesterday", "2026-02-30", "10000-01-01", "-001-01-01", "2026-03-09T10:00"} {
			if begin, end := (values{"day": {text}}).day("day", zone); !begin.IsZero() || !end.IsZero() {
				t.Errorf("%q: %s to %s", text, begin, end)
			}
		}
	}
}

// Where clocks go forward at midnight, a day begins an hour late, and the one before ends there.
func TestDaysWithoutMidnight(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ zone, day, begin, end string }{
		{"America/Santiago", "2026-09-05", "2026-09-05T00:00:00-04:00", "2026-09-06T01:00:00-03:00"},
		{"America/Santiago", "2026-09-06", "2026-09-06T01:00:00-03:00", "2026-09-07T00:00:00-03:00"},
		{"America/Havana", "2026-03-08", "2026-03-08T01:00:00-04:00", "2026-03-09T00:00:00-04:00"},
		{"America/Santiago", "2026-04-04", "2026-04-04T00:00:00-03:00", "2026-04-05T00:00:00-04:00"}, // 25 hours
	} {
		zone, err := time.LoadLocation(test.zone)
		if err != nil {
			t.Fatal(err)
		}
		begin, end := values{"day": {test.day}}.day("day", zone)
		if begin.Format(time.RFC3339) != test.begin || end.Format(time.RFC3339) != test.end {
			t.Errorf("%s in %s: %s to %s", test.day, test.zone, begin.Format(time.RFC3339), end.Format(time.RFC3339))
		}
	}
}

// A body that is too large is not called broken.
func TestBodies(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for body, want := range map[string]string{
		`{"page":"list","query":{"s":"` + strings.Repeat("x", maxBody) + `"}}`: "413 jetonomy_body_too_large",
		`{"page":"list"`:          "400 rest_invalid_json",
		`{"page":["list"]}`:       "400 rest_invalid_json",
		`{"query":{"s":{"a":1}}}`: "400 rest_invalid_json",
	} {
		r := httptest.NewRequest(http.MethodPost, Prefix+"/page", strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer admin")
		r.Header.Set("X-Signed-For-Tests", "yes")
		w := newRecorder(s, r)
		var e errorJSON
		if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(w.Code, " ", e.Code); got != want || e.Data.Status != w.Code || len(s.calls) > 0 {
			t.Errorf("%.40s: %s, want %s (%v)", body, got, want, s.calls)
		}
	}
}

func FuzzRequest(f *testing.F) {
	f.Add([]byte(`{"page":"list","query":{"ids":["1","2"]},"form":{"task":"open"},"strings":{"a":"b","c":{"forms":["x"],"index":"0"}}}`))
	f.Add([]byte(`{"query":[]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var r request
		if json.Unmarshal(b, &r) != nil {
			return
		}
		for _, id := range r.Query.IDs("ids") {
			if id == 0 {
				t.Error("an id is 0")
			}
		}
		for _, text := range r.Strings {
			text.form(int(r.Query.ID("n") % 1000))
		}
	})
}
