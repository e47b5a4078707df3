package transforms

import "strings"

// period is a published period: its first and last day, where they can be known, and its kind.
type period struct {
	start *int32
	end   *int32
	kind  string
}

// readPeriod reads a published period text. When is the part of the period that the breakdown
// names, as in period "2021", breakdown "triwulan=Q1"; it then decides.
func readPeriod(text, when string) (period, bool) {
	text = strings.TrimSpace(text)
	switch {
	case text == "target":
		p, ok := simplePeriod(when)
		p.kind = "target"
		return p, ok
	case text == "per akhir": // "as at the end of": a stock on the last day of when
		p, ok := simplePeriod(when)
		return period{start: p.end, end: p.end, kind: "instant"}, ok
	case when != "":
		if p, ok := simplePeriod(when); ok {
			return p, true
		}
		if strings.HasPrefix(when, "Q") || len(when) == 2 {
			return simplePeriod(text + "-" + when)
		}
		return period{}, false
	case strings.HasPrefix(text, "cumulative to "):
		p, ok := simplePeriod(strings.TrimPrefix(text, "cumulative to "))
		return period{end: p.end, kind: "cumulative"}, ok
	}
	if year, doubtful := strings.CutSuffix(text, "(?)"); doubtful { // printed, but for an uncertain period
		_, ok := simplePeriod(year)
		return period{kind: "unknown"}, ok
	}
	if from, to, ok := strings.Cut(text, ".."); ok {
		return spanPeriod(from, to)
	}
	if len(text) == 9 && text[4] == '-' && isDigits(text[:4]) && isDigits(text[5:]) {
		return spanPeriod(text[:4], text[5:])
	}
	return simplePeriod(text)
}

// simplePeriod reads a year, half, quarter, month or day.
func simplePeriod(text string) (period, bool) {
	if len(text) < 4 {
		return period{}, false
	}
	year := digits(text[:4])
	if year < 1900 || year > 2100 {
		return period{}, false
	}
	rest := text[4:]
	switch {
	case rest == "":
		return months(year, 1, 12, "year"), true
	case len(rest) == 3 && rest[0] == '-' && rest[1] == 'H' && (rest[2] == '1' || rest[2] == '2'):
		first := 1 + 6*int(rest[2]-'1')
		return months(year, first, first+5, "half"), true
	case len(rest) == 3 && rest[0] == '-' && rest[1] == 'Q' && rest[2] >= '1' && rest[2] <= '4':
		first := 1 + 3*int(rest[2]-'1')
		return months(year, first, first+2, "quarter"), true
	case len(rest) == 3 && rest[0] == '-':
		if m := digits(rest[1:]); m >= 1 && m <= 12 {
			return months(year, m, m, "month"), true
		}
	case len(rest) == 6 && rest[0] == '-' && rest[3] == '-':
		if d, f := checkedDate(year, digits(rest[1:3]), digits(rest[4:6])); f.code == "" {
			return period{start: &d, end: &d, kind: "instant"}, true
		}
	}
	return period{}, false
}

func months(year, first, last int, kind string) period {
	start := daysFromCivil(year, first, 1)
	end := daysFromCivil(year, last, daysInMonth(year, last))
	return period{start: &start, end: &end, kind: kind}
}

// spanPeriod reads "2021-01..10", "2023-01-01..07-03", "2017..2025-03": the second half may leave
// out what it shares with the first.
func spanPeriod(from, to string) (period, bool) {
	first, ok := simplePeriod(from)
	if !ok {
		return period{}, false
	}
	last, ok := simplePeriod(to)
	if !ok {
		shared := len(from) - len(to)
		if shared < 5 {
			return period{}, false
		}
		if last, ok = simplePeriod(from[:shared] + to); !ok {
			return period{}, false
		}
	}
	if *last.end < *first.start {
		return period{}, false
	}
	return period{start: first.start, end: last.end, kind: "span"}, true
}

// vintageDay is the day by which a figure was known, out of words such as "29 Dec 2023 (flash)" or
// "Jan-Feb 2024 (monthly report)": the day itself, or the last day of the last month named. Words
// without a month ("annual report 2024") give none.
func vintageDay(text string) *int32 {
	text, _, _ = strings.Cut(text, "(")
	words := strings.Fields(strings.ReplaceAll(text, "-", " "))
	day, month, year := 0, 0, 0
	for _, w := range words {
		switch n := digits(w); {
		case n >= 1900 && n <= 2100 && len(w) == 4:
			year = n
		case n >= 1 && n <= 31 && month == 0:
			day = n
		case n < 0 && monthNames[strings.ToLower(w)] > 0:
			month = monthNames[strings.ToLower(w)]
		default:
			return nil
		}
	}
	if month == 0 || year == 0 {
		return nil
	}
	if day == 0 {
		day = daysInMonth(year, month)
	}
	if d, f := checkedDate(year, month, day); f.code == "" {
		return &d
	}
	return nil
}
