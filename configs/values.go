package configs

import (
	"fmt"
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // time zones are resolved here, also on a machine that has none installed
)

// Size is a number of bytes. In YAML it is a text like 512MiB, 2GiB or 10MB, or a plain number.
type Size int64

var sizeUnits = []struct {
	name  string
	bytes float64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
	{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1},
}

const (
	sizePattern     = `^[0-9]+(\.[0-9]+)? ?(B|[KMGT]i?B)?$`
	durationPattern = `^([0-9]+d)?([0-9]+(\.[0-9]+)?(h|m|s|ms))*$`
)

var sizeRE = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) ?([A-Za-z]*)$`)

// ParseSize reads a size: a number with B, KiB, MiB, GiB, TiB (powers of 1024) or KB, MB, GB, TB
// (powers of 1000). Without a unit it counts bytes.
func ParseSize(s string) (Size, error) {
	const remedy = "write a number and a unit, such as 512MiB or 2GiB"
	m := sizeRE.FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("%q is not a size; %s", s, remedy)
	}
	factor := 0.0
	for _, u := range sizeUnits {
		if strings.EqualFold(u.name, m[2]) || m[2] == "" {
			factor = u.bytes
			if m[2] == "" {
				factor = 1
			}
			break
		}
	}
	if factor == 0 {
		return 0, fmt.Errorf("%q has the unknown unit %q; %s", s, m[2], remedy)
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil || n*factor >= math.MaxInt64 {
		return 0, fmt.Errorf("%q is more than can be counted; %s", s, remedy)
	}
	if n*factor != math.Trunc(n*factor) {
		return 0, fmt.Errorf("%q is no whole number of bytes; %s", s, remedy)
	}
	if i, err := strconv.ParseInt(m[1], 10, 64); err == nil { // exact beyond 2^53 too
		return Size(i) * Size(factor), nil
	}
	return Size(n * factor), nil
}

// String writes the size in the largest unit that divides it.
func (s Size) String() string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for s != 0 && s%1024 == 0 && i < len(units)-1 {
		s /= 1024
		i++
	}
	return strconv.FormatInt(int64(s), 10) + units[i]
}

var daysRE = regexp.MustCompile(`^([0-9]+)d(.*)$`)

// ParseDuration reads a length of time: Go's notation (90s, 48h, 1h30m) with days before it (30d, 1d12h).
func ParseDuration(s string) (time.Duration, error) {
	bad := func(why string) (time.Duration, error) {
		return 0, fmt.Errorf("%q %s; write such as 90s, 48h or 30d", s, why)
	}
	rest, days := s, time.Duration(0)
	if m := daysRE.FindStringSubmatch(s); m != nil {
		n, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil || n > 100*366 {
			return bad("is longer than a century")
		}
		days, rest = time.Duration(n)*24*time.Hour, m[2]
		if rest == "" {
			return days, nil
		}
	}
	d, err := time.ParseDuration(rest)
	switch {
	case err != nil || strings.ContainsAny(rest, "+"):
		return bad("is not a length of time")
	case d < 0 || strings.HasPrefix(rest, "-"):
		return bad("is negative")
	case d > 100*366*24*time.Hour:
		return bad("is longer than a century")
	}
	return days + d, nil
}

// PeriodRange is a span of months, both included, written 2025-01. Empty means open.
type PeriodRange struct {
	From string `yaml:"from" like:"month" doc:"First month, such as \"2025-01\". Left out: from the beginning."`
	To   string `yaml:"to" like:"month" doc:"Last month, included. Left out: without end."`
}

// Contains says whether a month, written 2025-01, lies in the span.
func (p PeriodRange) Contains(month string) bool {
	return (p.From == "" || month >= p.From) && (p.To == "" || month <= p.To)
}

// String says the span in words.
func (p PeriodRange) String() string {
	switch {
	case p.From == "" && p.To == "":
		return "every month"
	case p.From == "":
		return "up to " + p.To
	case p.To == "":
		return "from " + p.From + " on"
	case p.From == p.To:
		return p.From
	}
	return p.From + " to " + p.To
}

// overlap returns the months that two spans share.
func (p PeriodRange) overlap(q PeriodRange) (PeriodRange, bool) {
	both := PeriodRange{From: max(p.From, q.From), To: p.To}
	if p.To == "" || (q.To != "" && q.To < p.To) {
		both.To = q.To
	}
	return both, both.To == "" || both.From <= both.To
}

// form is a rule for the content of a text: the `like` tag names it. pattern goes to the schema.
type form struct {
	pattern string
	check   func(s string) (complaint string)
}

var forms = map[string]form{
	"name":     patternForm(`^[a-z][a-z0-9_]{0,62}$`, "must be lower case letters, digits and _, beginning with a letter"),
	"month":    patternForm(`^[0-9]{4}-(0[1-9]|1[0-2])$`, `must be a month such as "2025-01"`),
	"currency": patternForm(`^[A-Z]{3}$`, "must be a currency code of three capitals, such as IDR"),
	"text":     {pattern: `\S`, check: notBlank},
	"zone":     {pattern: `\S`, check: knownZone},
	"glob":     {pattern: `\S`, check: goodGlob},
	"folder":   {pattern: `\S`, check: notBlank},
	"clock":    patternForm(`^([01][0-9]|2[0-3]):[0-5][0-9]$`, `must be a time of the day such as "07:00"`),
	"arrival":  {pattern: arrivalRE.String(), check: arrival},
	"listen":   {pattern: `^(.*:[0-9]+)?$`, check: listenForm},
	"measure":  patternForm(`^[A-Z]{3}-[0-9]{2}(\.[a-z][a-z0-9_]*)?$`, "must be a KPI, with a measure if it is not the KPI's own, such as PLC-01 or PLC-01.persons"),
}

func patternForm(pattern, rule string) form {
	re := regexp.MustCompile(pattern)
	return form{pattern: pattern, check: func(s string) string {
		if re.MatchString(s) {
			return ""
		}
		return rule
	}}
}

func notBlank(s string) string {
	if strings.TrimSpace(s) == "" {
		return "must not be empty"
	}
	return ""
}

func knownZone(s string) string {
	if _, err := time.LoadLocation(s); err != nil || s == "" || s == "Local" {
		return "must be a time zone such as Asia/Jakarta, Asia/Makassar, Asia/Jayapura or UTC"
	}
	return ""
}

func goodGlob(s string) string {
	if complaint := notBlank(s); complaint != "" {
		return complaint
	}
	if _, err := path.Match(s, ""); err != nil {
		return "must be a file pattern such as \"*.csv\"; a [ needs its ]"
	}
	return ""
}
