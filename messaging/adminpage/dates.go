package adminpage

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Places of a format where a month stands beside the number of a day.
var (
	monthThenDay = regexp.MustCompile(`(^|[^\\])F ([dj])S?`)
	dayThenMonth = regexp.MustCompile(`[dj]\.? F`)
)

// formatDate writes a time as WordPress does, which is as PHP's date() with the names of months and days in texts:
// month_1 and month_short_1 to 12, day_0 and day_short_0 (Sunday) to 6, and am, pm, AM and PM as meridiem_am and so
// on. Languages that decline months have month_genitive_1 to 12, too: these stand beside the number of a day, and
// that comes first.
func formatDate(at time.Time, format string, texts texts) string {
	month := "month_"
	if _, declined := texts["month_genitive_1"]; declined {
		format = monthThenDay.ReplaceAllString(format, "${1}${2} F")
		if dayThenMonth.MatchString(format) {
			month = "month_genitive_"
		}
	}
	var b strings.Builder
	two := func(n int) { b.WriteString(pad(n, 2)) }
	number := func(n int) { b.WriteString(strconv.Itoa(n)) }
	name := func(kind string, n int) { b.WriteString(texts[kind+strconv.Itoa(n)].one) }
	hour12 := (at.Hour()+11)%12 + 1
	escaped := false
	for _, c := range format {
		if escaped {
			b.WriteRune(c)
			escaped = false
			continue
		}
		switch c {
		case '\\':
			escaped = true
		case 'd':
			two(at.Day())
		case 'j':
			number(at.Day())
		case 'D':
			name("day_short_", int(at.Weekday()))
		case 'l':
			name("day_", int(at.Weekday()))
		case 'N':
			number((int(at.Weekday())+6)%7 + 1)
		case 'w':
			number(int(at.Weekday()))
		case 'z':
			number(at.YearDay() - 1)
		case 'S':
			b.WriteString(ordinal(at.Day()))
		case 'm':
			two(int(at.Month()))
		case 'n':
			number(int(at.Month()))
		case 'M':
			name("month_short_", int(at.Month()))
		case 'F':
			name(month, int(at.Month()))
		case 'Y', 'o':
			b.WriteString(pad(at.Year(), 4))
		case 'y':
			two(at.Year() % 100)
		case 'a', 'A':
			half := map[bool]string{true: "am", false: "pm"}[at.Hour() < 12]
			if c == 'A' {
				half = strings.ToUpper(half)
			}
			b.WriteString(texts["meridiem_"+half].one)
		case 'g':
			number(hour12)
		case 'h':
			two(hour12)
		case 'G':
			number(at.Hour())
		case 'H':
			two(at.Hour())
		case 'i':
			two(at.Minute())
		case 's':
			two(at.Second())
		case 'T':
			b.WriteString(at.Format("MST"))
		case 'e':
			b.WriteString(at.Location().String())
		case 'P':
			b.WriteString(at.Format("-07:00"))
		case 'O':
			b.WriteString(at.Format("-0700"))
		case 'U':
			b.WriteString(strconv.FormatInt(at.Unix(), 10))
		case 'c':
			b.WriteString(at.Format("2006-01-02T15:04:05-07:00"))
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

func pad(n, digits int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(0, digits-len(s))) + s
}

// ordinal is what English has behind a day's number.
func ordinal(day int) string {
	switch {
	case day%10 == 1 && day != 11:
		return "st"
	case day%10 == 2 && day != 12:
		return "nd"
	case day%10 == 3 && day != 13:
		return "rd"
	}
	return "th"
}
