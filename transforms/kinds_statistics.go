package transforms

import (
	"strconv"
	"strings"
)

// Kinds of other people's statistics: their areas, times and numbers come in more forms than those of
// the ministry's records.

// The two kinds of area.
const (
	areaCountry = "country"
	areaGroup   = "group"
)

// Area reads a country, or a group of countries by the code or name that its publisher gives it, such
// as WLD. It answers the code and which of the two it is.
func (f *Fields) Area(name string) (code, kind string) {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "country", true)
		s.kind = LabelInput // a group of countries is good as well
		return "", ""
	}
	groups := f.env.Lists.byName["area_group"]
	o := f.recall(s, func(text string) outcome {
		country := f.lookUp(s, text)
		if country.code == "" {
			return country
		}
		if group, _ := groups.find(text); group != nil {
			return outcome{text: &group.code, flag: &f.yes}
		}
		country.message = strings.Replace(country.message, "not in the country list", "neither in the country list nor in the list of area groups", 1)
		return country
	})
	if !f.settle(s, o) {
		return "", ""
	}
	if o.text == nil {
		f.missing(s)
		return "", ""
	}
	if o.flag != nil {
		return *o.text, areaGroup
	}
	return *o.text, areaCountry
}

// span is the time that a value is about: its canonical text, its kind, its first and last day.
type span struct {
	text, kind  string
	first, last int32
}

// Span reads a year, half, quarter, month or day as statistical offices write them: 2024, 2024-S1,
// 2024Q1, 2016_2Q, 2024M03, 2024-03, 2024-03-31. Where the year stands alone, a second column may
// name the part of it: S1, Q2, M03.
func (f *Fields) Span(name, partName string) span {
	f.slot(name)
	at := f.cursor - 1
	ps := f.slot(partName)
	s := &f.slots[at] // taken now, since the second look-up may have moved the slots
	if f.tour {
		f.declare(s, "", true)
		f.declare(ps, "", false)
		return span{}
	}
	text := f.value(s)
	if text == "" {
		f.missing(s)
		return span{}
	}
	if part := f.value(ps); part != "" {
		text += "-" + part
	}
	if known, ok := f.spans[text]; ok {
		return known
	}
	found, ok := readSpan(text)
	if !ok {
		f.report(s, NotADate, s.name+" "+quoted(text, isNumberLike(text) || len(text) <= 10)+": no year, half, quarter, month or day; write 2024, 2024-S1, 2024-Q1 or 2024-03, or map "+partName)
		return span{}
	}
	if f.spans == nil {
		f.spans = map[string]span{}
	}
	if len(f.spans) < memoLimit {
		f.spans[strings.Clone(text)] = found
	}
	return found
}

// readSpan reads one time.
func readSpan(text string) (span, bool) {
	text = strings.TrimSuffix(text, "T00:00:00") // some services write a day as its midnight
	if len(text) == len("2024.0") {
		text = strings.TrimSuffix(text, ".0") // and some a year as a number with decimals
	}
	if len(text) < 4 || !isDigits(text[:4]) {
		return span{}, false
	}
	year := text[:4]
	rest := strings.TrimLeft(strings.ToUpper(text[4:]), "-_ ")
	if len(rest) == 2 && rest[0] >= '1' && rest[0] <= '4' && rest[1] == 'Q' { // 2016_2Q
		rest = "Q" + rest[:1]
	}
	canonical := year
	switch {
	case rest == "" || rest == "A" || rest == "A1":
	case (rest[0] == 'S' || rest[0] == 'H') && len(rest) == 2:
		canonical += "-H" + rest[1:]
	case rest[0] == 'Q' && len(rest) == 2:
		canonical += "-" + rest
	case rest[0] == 'M' && len(rest) <= 3:
		canonical += "-" + twoDigits(rest[1:])
	default:
		canonical += "-" + rest
	}
	p, ok := simplePeriod(canonical)
	if !ok || p.start == nil || p.end == nil {
		return span{}, false
	}
	kind := p.kind
	if kind == "instant" {
		kind = "day"
	}
	return span{text: canonical, kind: kind, first: *p.start, last: *p.end}, true
}

func twoDigits(text string) string {
	if len(text) == 1 {
		return "0" + text
	}
	return text
}

// Digits reads a number of any size as its digits and how many of them are decimals. A second column
// may name the power of ten that the number counts in; the feed's scale does the same for all of it.
// An exponent is a way of writing here, not a loss: these are estimates that machines print.
func (f *Fields) Digits(name, powerName string) (digits *int64, decimals *int32) {
	f.slot(name)
	at := f.cursor - 1
	ps := f.slot(powerName)
	s := &f.slots[at] // taken now, since the second look-up may have moved the slots
	if f.tour {
		f.declare(s, "", false)
		f.declare(ps, "", false)
		s.kind, ps.kind = NumberInput, WholeInput
		return nil, nil
	}
	text := f.value(s)
	if text == "" {
		return nil, nil
	}
	n, places, why := readDigits(text, f.units.Decimal)
	if why.code != "" {
		f.report(s, why.code, s.name+" "+quoted(text, isNumberLike(text))+": "+why.words)
		return nil, nil
	}
	power := len(strconv.FormatInt(f.amounts.scale, 10)) - 1
	if p := f.value(ps); p != "" {
		said, err := strconv.Atoi(p)
		if err != nil || said < -18 || said > 18 {
			f.report(ps, NotANumber, ps.name+" "+quoted(p, false)+": no power of ten between -18 and 18; correct the source")
			return nil, nil
		}
		power += said
	}
	places -= int32(power)
	return f.longs.put(n), f.numbers.put(places)
}

var tooManyDigits = finding{NotANumber, "more than 18 digits; correct the source"}

// readDigits parts a number into its digits, without zeros at the end, and its decimals.
func readDigits(text, decimal string) (digits int64, decimals int32, f finding) {
	body, power := text, 0
	if i := strings.LastIndexAny(body, "eE"); i > 0 {
		p, err := strconv.Atoi(body[i+1:])
		if err != nil || p < -300 || p > 300 {
			return 0, 0, notANumber
		}
		body, power = body[:i], p
	}
	sign := int64(1)
	if rest, ok := strings.CutPrefix(body, "-"); ok {
		sign, body = -1, rest
	} else {
		body = strings.TrimPrefix(body, "+")
	}
	if body == "" || len(body) > 64 {
		return 0, 0, notANumber
	}
	whole, fraction, f := separate(body, decimal)
	if f.code != "" {
		return 0, 0, f
	}
	fraction = strings.TrimRight(fraction, "0")
	all := strings.TrimLeft(whole+fraction, "0")
	if all == "" {
		return 0, 0, good
	}
	if len(all) > 18 {
		return 0, 0, tooManyDigits
	}
	n, err := strconv.ParseInt(all, 10, 64)
	if err != nil {
		return 0, 0, notANumber
	}
	return sign * n, int32(len(fraction) - power), good
}
