package formats

import (
	"strings"
	"time"
)

// missingDays are the ways in which the Missing Migrants Project has written days.
var missingDays = []struct {
	layout  string
	weekday bool // stands before the day
	century bool // the year has two digits
}{
	{layout: "01/02/2006 - 15:04", weekday: true},
	{layout: "01/02/2006", weekday: true},
	{layout: "2-Jan-06", century: true},
	{layout: "2-Jan-2006"},
	{layout: "January 2, 2006"},
	{layout: "2006-01-02"},
}

// missingDay writes a day as 2026-01-31; a text in none of the known forms goes on
// as it is. why says that what stands beside the day contradicts it.
func missingDay(text, year string) (day, why string) {
	text = strings.TrimSpace(text)
	weekday, rest, hasWeekday := strings.Cut(text, ", ")
	for _, form := range missingDays {
		written := text
		if form.weekday {
			if !hasWeekday {
				continue
			}
			written = rest
		}
		t, err := time.Parse(form.layout, written)
		if err != nil {
			continue
		}
		if form.weekday && !strings.EqualFold(weekday, t.Format("Mon")) && !strings.EqualFold(weekday, t.Format("Monday")) {
			return text, "the day of the week is not that of the date: day and month may be the other way round; correct it at the source"
		}
		year, _, _ = strings.Cut(strings.TrimSpace(year), ".") // some copies of the files hold 2020.0
		if year != "" && year != t.Format("2006") {
			return text, "the year beside the date is another one: correct it at the source"
		}
		if form.century && year == "" {
			return text, "" // nothing says which century is meant
		}
		return t.Format(time.DateOnly), ""
	}
	return text, ""
}
