package figures

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// An Address names one figure: a KPI, one of its measures, a period, and, unless
// it is the total, a member of a breakdown; optionally the release it is read from.
//
//	PLC-01/2024
//	PLC-01.persons/2024-10/country=HKG@r000003
//
// An empty Measure is the KPI's default measure; an empty Release is the current one.
type Address struct {
	KPI       string
	Measure   string
	Period    string
	Breakdown string // "" is the total
	Member    string
	Release   string
}

// ParseAddress reads an address. Its errors say which part is wrong and what it
// should look like.
func ParseAddress(text string) (Address, error) {
	var a Address
	rest := text
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		rest, a.Release = rest[:at], rest[at+1:]
		if !plain(a.Release, "-_.") {
			return Address{}, badAddress(text, "the release after @ is letters, digits, '-', '_' or '.'")
		}
	}
	parts := strings.Split(rest, "/")
	if len(parts) < 2 || len(parts) > 3 {
		return Address{}, badAddress(text, "write KPI[.measure]/period[/breakdown=member][@release]")
	}
	var dotted bool
	if a.KPI, a.Measure, dotted = strings.Cut(parts[0], "."); dotted && !identifier(a.Measure) {
		return Address{}, badAddress(text, "a measure is lower-case letters, digits and '_'")
	}
	if !kpiID(a.KPI) {
		return Address{}, badAddress(text, "a KPI is three capital letters, a dash and two digits, as in PLC-01")
	}
	a.Period = parts[1]
	if _, err := ParsePeriod(a.Period); err != nil {
		return Address{}, badAddress(text, err.Error())
	}
	if len(parts) == 3 {
		if err := a.parseBreakdown(parts[2]); err != nil {
			return Address{}, badAddress(text, err.Error())
		}
	}
	return a, nil
}

func (a *Address) parseBreakdown(text string) error {
	name, escaped, found := strings.Cut(text, "=")
	if !found || !identifier(name) || name == "total" {
		return fmt.Errorf("a breakdown is written name=member, as in country=HKG; leave it out for the total")
	}
	member, err := url.PathUnescape(escaped)
	if err != nil || member == "" {
		return fmt.Errorf("the member after %s= is empty or wrongly escaped", name)
	}
	a.Breakdown, a.Member = name, member
	return nil
}

func badAddress(text, remedy string) error {
	return fmt.Errorf("figure address %q: %s", text, remedy)
}

// String prints the address in the form that ParseAddress reads.
func (a Address) String() string {
	var b strings.Builder
	b.WriteString(a.KPI)
	if a.Measure != "" {
		b.WriteString("." + a.Measure)
	}
	b.WriteString("/" + a.Period)
	if a.Breakdown != "" {
		b.WriteString("/" + a.Breakdown + "=" + escapeMember(a.Member))
	}
	if a.Release != "" {
		b.WriteString("@" + a.Release)
	}
	return b.String()
}

// MarshalText lets an address stand as a string in JSON.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (a *Address) UnmarshalText(text []byte) error {
	parsed, err := ParseAddress(string(text))
	if err == nil {
		*a = parsed
	}
	return err
}

// escapeMember escapes everything but letters, digits and "-_.": an address must
// survive a shell, a URL and an HTML attribute unquoted.
func escapeMember(member string) string {
	var b strings.Builder
	for i := 0; i < len(member); i++ {
		if c := member[i]; letterOrDigit(c) || strings.IndexByte("-_.", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func kpiID(s string) bool {
	if len(s) != 6 || s[3] != '-' {
		return false
	}
	for i := 0; i < 3; i++ {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return digits(s[4:])
}

func identifier(s string) bool {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_') {
			return false
		}
	}
	return true
}

func plain(s, extra string) bool {
	for i := 0; i < len(s); i++ {
		if !letterOrDigit(s[i]) && strings.IndexByte(extra, s[i]) < 0 {
			return false
		}
	}
	return s != ""
}

func letterOrDigit(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// A Period is a run of whole months: [Start, End).
type Period struct {
	Type  string // month, quarter, year, or span for anything else
	Start time.Time
	End   time.Time
}

// ParsePeriod reads a period as figures name it: 2024, 2024-Q4 or 2024-10.
func ParsePeriod(text string) (Period, error) {
	remedy := fmt.Errorf("a period is a year, quarter or month: 2024, 2024-Q4 or 2024-10; got %q", text)
	if len(text) < 4 || !digits(text[:4]) || text[0] == '0' {
		return Period{}, remedy
	}
	year, _ := strconv.Atoi(text[:4])
	first := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	rest := text[4:]
	switch {
	case rest == "":
		return Period{"year", first, first.AddDate(1, 0, 0)}, nil
	case len(rest) == 3 && rest[:2] == "-Q" && rest[2] >= '1' && rest[2] <= '4':
		start := first.AddDate(0, 3*int(rest[2]-'1'), 0)
		return Period{"quarter", start, start.AddDate(0, 3, 0)}, nil
	case len(rest) == 3 && rest[0] == '-' && digits(rest[1:]):
		month, _ := strconv.Atoi(rest[1:])
		if month < 1 || month > 12 {
			return Period{}, remedy
		}
		start := first.AddDate(0, month-1, 0)
		return Period{"month", start, start.AddDate(0, 1, 0)}, nil
	}
	return Period{}, remedy
}

// String names the period as figures do; a span is written with both of its months.
func (p Period) String() string {
	switch p.Type {
	case "year":
		return p.Start.Format("2006")
	case "quarter":
		return fmt.Sprintf("%04d-Q%d", p.Start.Year(), (int(p.Start.Month())+2)/3)
	case "month":
		return p.Start.Format("2006-01")
	}
	return p.Start.Format("2006-01") + ".." + p.End.AddDate(0, -1, 0).Format("2006-01")
}

// Months is the number of months in the period.
func (p Period) Months() int { return monthsBetween(p.Start, p.End) }

// Shift moves a period by whole months, keeping its type.
func (p Period) Shift(months int) Period {
	return Period{p.Type, p.Start.AddDate(0, months, 0), p.End.AddDate(0, months, 0)}
}

func monthsBetween(from, to time.Time) int {
	return 12*(to.Year()-from.Year()) + int(to.Month()) - int(from.Month())
}

// periodOf gives a run of months its proper type.
func periodOf(start, end time.Time) Period {
	p := Period{"span", start, end}
	switch months := p.Months(); {
	case months == 1:
		p.Type = "month"
	case months == 3 && (start.Month()-1)%3 == 0:
		p.Type = "quarter"
	case months == 12 && start.Month() == time.January:
		p.Type = "year"
	}
	return p
}
