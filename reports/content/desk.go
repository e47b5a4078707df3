package content

import (
	"fmt"
	"strings"
	"time"

	"github.com/kp2mi/lindung/figures"
)

// A desk writes in one language about one month, from a book. Of a report about a province, a destination or a partner
// it knows which one.
type desk struct {
	*Book
	pen
	month   figures.Period
	subject subject
	sample  string // the mark of drawings of sample data
}

// A subject is what tables are about: a member of a breakdown; none is the nation.
type subject struct{ breakdown, member string }

// desk is the writer's desk: of a report about a year, in its last month.
func (w *writer) desk() desk {
	return desk{Book: w.book, pen: w.pen, month: monthPeriod(w.subject.Period.End.AddDate(0, -1, 0)),
		subject: subject{w.subject.Breakdown, w.subject.Member}, sample: w.doc.Sample}
}

func (s desk) lang() string { return string(s.Language) }

// say is a text in the desk's language.
func (s desk) say(id, en string) string { return figures.Text{ID: id, EN: en}.In(s.lang()) }

// memberName is the name of a member; of one that a source does not tell it says so.
func (s desk) memberName(breakdown, member string) string {
	switch {
	case member == unknownMember:
		return s.say("Tidak diketahui", "Unknown")
	case strings.HasSuffix(member, "-"+unknownMember):
		return s.say("Kabupaten/kota tidak diketahui", "Regency unknown")
	}
	return s.Name(breakdown, member, s.lang())
}

// monthPeriod is the month that a day lies in.
func monthPeriod(at time.Time) figures.Period {
	start := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	return figures.Period{Type: "month", Start: start, End: start.AddDate(0, 1, 0)}
}

// yearName is a year in a heading: as far as it is told.
func (s desk) yearName(t countTable, year int) string {
	if t.yearly || s.month.Start.Month() == time.December {
		return fmt.Sprint(year)
	}
	first := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	last := s.ShortMonth(s.month.Start.AddDate(year-s.month.Start.Year(), 0, 0))
	if s.month.Start.Month() == time.January {
		return last
	}
	return fmt.Sprintf("%.3s–%s", s.Month(first), last)
}

// titleOf is a table's title with its years.
func (s desk) titleOf(t countTable) string {
	years := s.yearsOf(t)
	return fmt.Sprintf("%s, %s – %s", t.title.In(s.lang()), s.yearName(t, years[0]), s.yearName(t, years[len(years)-1]))
}
