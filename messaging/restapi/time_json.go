package restapi

import (
	"math"
	"strconv"
	"time"
)

// timeJSON is a moment in UTC with whole seconds, null where there was none: other code stores zero dates.
func timeJSON(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := t.UTC().Format(time.RFC3339)
	return &text
}

var units = []struct {
	name    string
	seconds int64
}{
	{"year", 365 * 24 * 3600},
	{"month", 30 * 24 * 3600},
	{"week", 7 * 24 * 3600},
	{"day", 24 * 3600},
	{"hour", 3600},
	{"minute", 60},
	{"second", 1},
}

// ago says how long t is past, in the steps and with the rounding of WordPress's human_time_diff.
func ago(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	seconds := now.Unix() - t.Unix()
	if seconds < 0 {
		seconds = -seconds
	}
	for _, unit := range units {
		if seconds < unit.seconds && unit.seconds > 1 {
			continue
		}
		n := int64(math.Round(float64(seconds) / float64(unit.seconds)))
		if n <= 1 {
			return "1 " + unit.name + " ago"
		}
		return strconv.FormatInt(n, 10) + " " + unit.name + "s ago"
	}
	return ""
}
