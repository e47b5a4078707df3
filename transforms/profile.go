package transforms

import (
	"strings"
	"time"
)

// profileTexts is how many different texts of a column a profile keeps: more than a code list has
// that people write by hand.
const profileTexts = 400

// A Profile learns what the texts of one column look like. It knows nothing of the column's name,
// and what it says of the texts are forms and counts, never a text; the few that it keeps, to
// compare them with code lists, leave it only through Unknown.
type Profile struct {
	seen, filled int64
	forms        map[string]int64
	lengths      map[int]int64 // of texts that are digits alone
	dayFirst     int64
	monthFirst   int64
	comma, point int64 // numbers that show their decimal mark
	eight        int64 // eight digits that may be a day
	nik          int64
	passport     int64
	texts        map[string]int64
	full         bool
}

// NewProfile makes an empty profile.
func NewProfile() *Profile {
	return &Profile{forms: map[string]int64{}, texts: map[string]int64{}, lengths: map[int]int64{}}
}

// The forms of a column's texts, in words for people.
const (
	FormDigits     = "digits"
	FormNumber     = "number"
	FormComma      = "number with decimal comma"
	FormPoint      = "number with decimal point"
	FormDay        = "day, year first"
	FormDayDMY     = "day, day/month/year"
	FormDayMDY     = "day, month/day/year"
	FormDayUnclear = "day, in digits"
	FormDayWords   = "day, month in words"
	FormMoment     = "day and time"
	FormYesNo      = "yes/no"
	FormText       = "text"
	FormMixed      = "mixed" // no form is that of most texts
	FormEmpty      = "empty"
)

// Add takes one text of the column.
func (p *Profile) Add(text string) {
	p.seen++
	text = trim(text)
	if isNothing(text) {
		return
	}
	p.filled++
	switch _, known := p.texts[text]; {
	case known:
		p.texts[text]++
	case len(p.texts) < profileTexts && len(text) <= 64:
		p.texts[strings.Clone(text)] = 1 // a cell would hold its whole batch in memory
	default:
		p.full = true
	}
	p.forms[p.formOf(text)]++
	if _, why := parseNIK(text); why.code == "" {
		p.nik++
	}
	if _, ok := parsePassport(text); ok && !isDigits(text) && digitsIn(text) >= 4 {
		p.passport++
	}
}

func (p *Profile) formOf(text string) string {
	if isDigits(text) {
		p.lengths[len(text)]++
		if len(text) == 8 {
			p.eight++
		}
		return FormDigits
	}
	if form := p.dayForm(text); form != "" {
		return form
	}
	if form := p.numberForm(text); form != "" {
		return form
	}
	if yes, no := yesOrNo(text); yes || no {
		return FormYesNo
	}
	return FormText
}

func (p *Profile) dayForm(text string) string {
	if len(text) > 64 || digitsIn(text) < 3 {
		return ""
	}
	form := func(order string) string {
		if _, why := parseTimestamp(text, order, time.UTC); why.code != "" {
			return ""
		}
		if _, clock := cutTime(text); clock != "" {
			return FormMoment
		}
		return FormDayUnclear
	}
	day, _ := cutTime(text)
	parts := dateParts(day)
	if len(parts) > 0 && weekdays[strings.ToLower(parts[0])] {
		parts = parts[1:]
	}
	if len(parts) != 3 {
		return ""
	}
	found := form("dmy")
	if _, at := monthAmong(parts); at >= 0 || len(parts[0]) == 4 {
		switch {
		case found == "" || found == FormMoment:
			return found
		case at >= 0:
			return FormDayWords
		}
		return FormDay
	}
	if found == "" {
		if found = form("mdy"); found != "" {
			p.monthFirst++
		}
	} else if digits(parts[0]) > 12 {
		p.dayFirst++
	}
	return found
}

func (p *Profile) numberForm(text string) string {
	if len(text) > 32 || digitsIn(text) == 0 {
		return ""
	}
	body, _, why := cutCurrency(text, amountRules{places: 2, negative: true, scale: 1})
	if why.code != "" || body == "" {
		return ""
	}
	whole, _, why := separate(body, "")
	switch {
	case why == twoReadings:
		return FormNumber
	case why.code != "" || whole == "":
		return ""
	}
	i := strings.LastIndexAny(body, ".,")
	if i < 0 {
		return FormNumber
	}
	mark := body[i : i+1]
	if strings.Count(body, mark) > 1 { // what comes more than once can only group
		mark = otherMark(mark)
	}
	if mark == "," {
		p.comma++
		return FormComma
	}
	p.point++
	return FormPoint
}

// Filled counts the texts that say something, Seen all of them.
func (p *Profile) Filled() int64 { return p.filled }

// Seen counts the records.
func (p *Profile) Seen() int64 { return p.seen }

// Different is the number of different texts; more says that there are more than were counted.
func (p *Profile) Different() (n int, more bool) { return len(p.texts), p.full }

// Form says in words what nearly all texts look like.
func (p *Profile) Form() string {
	if p.filled == 0 {
		return FormEmpty
	}
	count := func(forms ...string) (n int64) {
		for _, f := range forms {
			n += p.forms[f]
		}
		return n
	}
	enough := func(n int64) bool { return float64(n) >= 0.9*float64(p.filled) }
	switch numbers := count(FormDigits, FormNumber, FormComma, FormPoint); {
	case enough(p.forms[FormDigits]):
		for length, n := range p.lengths {
			if enough(n) {
				return plural(length, "digit")
			}
		}
		return FormDigits
	case enough(numbers) && p.comma > 0 && p.point == 0:
		return FormComma
	case enough(numbers) && p.point > 0 && p.comma == 0:
		return FormPoint
	case enough(numbers):
		return FormNumber
	}
	switch days := count(FormDay, FormDayUnclear, FormDayWords, FormMoment); {
	case enough(p.forms[FormMoment]):
		return FormMoment
	case enough(p.forms[FormDay]):
		return FormDay
	case enough(p.forms[FormDayWords]):
		return FormDayWords
	case enough(days):
		switch p.DateOrder() {
		case "dmy":
			return FormDayDMY
		case "mdy":
			return FormDayMDY
		}
		return FormDayUnclear
	case enough(p.forms[FormYesNo]):
		return FormYesNo
	case 2*p.forms[FormText] < p.filled:
		return FormMixed
	}
	return FormText
}

// DateOrder is the order that the column's days of digits show, "" when they show none: no text
// has a day above 12, or they contradict each other.
func (p *Profile) DateOrder() string {
	switch {
	case p.dayFirst > 0 && p.monthFirst == 0:
		return "dmy"
	case p.monthFirst > 0 && p.dayFirst == 0:
		return "mdy"
	}
	return ""
}

// NeedsDateOrder says that there are days whose order decides what they mean.
func (p *Profile) NeedsDateOrder() bool { return p.forms[FormDayUnclear] > 0 }

// Decimal is the decimal mark that the column's numbers show, "" when they show none.
func (p *Profile) Decimal() string {
	switch {
	case p.comma > 0 && p.point == 0:
		return ","
	case p.point > 0 && p.comma == 0:
		return "."
	}
	return ""
}

// NeedsDecimal says that there are numbers which read in two ways.
func (p *Profile) NeedsDecimal() bool { return p.forms[FormNumber] > 0 || p.comma > 0 && p.point > 0 }

// Fit is the share of the filled texts that a field could read; 0 when nothing is filled.
func (p *Profile) Fit(in Input, lists *Lists) float64 {
	if p.filled == 0 {
		return 0
	}
	share := func(n int64) float64 { return float64(n) / float64(p.filled) }
	days := p.forms[FormDay] + p.forms[FormDayUnclear] + p.forms[FormDayWords] + p.forms[FormMoment]
	switch in.Kind {
	case NIKInput:
		return share(p.nik)
	case PassportInput:
		return share(p.passport)
	case DayInput, MomentInput:
		return share(days + p.eight)
	case AmountInput, NumberInput:
		return share(p.forms[FormDigits] + p.forms[FormNumber] + p.forms[FormComma] + p.forms[FormPoint])
	case WholeInput:
		return share(p.forms[FormDigits])
	case YesNoInput:
		return p.shareOf(func(text string) bool { yes, no := yesOrNo(text); return yes || no })
	case QuarterInput:
		return p.shareOf(func(text string) bool { return quarterOf(text) > 0 })
	case CodeInput:
		return p.shareOf(func(text string) bool { return lists.knows(in.List, text) })
	case RegionCodeInput, RegionNameInput:
		return p.shareOf(func(text string) bool { return lists.knowsRegion(in, text) })
	}
	return 1
}

// shareOf is the share, by occurrence, of the kept texts that satisfy a test.
func (p *Profile) shareOf(good func(text string) bool) float64 {
	var all, fit int64
	for text, n := range p.texts {
		all += n
		if good(text) {
			fit += n
		}
	}
	if all == 0 {
		return 0
	}
	return float64(fit) / float64(all)
}

// Resembles is the code list that knows nearly all texts, the smallest of several; "" when none
// does, or when there are too few different texts to tell.
func (p *Profile) Resembles(lists *Lists) string {
	if len(p.texts) < 2 || p.full {
		return ""
	}
	best := ""
	for _, f := range listFiles {
		known := p.shareOf(func(text string) bool { return lists.knows(f.name, text) })
		if known >= 0.9 && (best == "" || len(lists.byName[f.name].entries) < len(lists.byName[best].entries)) {
			best = f.name
		}
	}
	return best
}

// RegionCodes says which code system the column's codes of regions are written in, "" when every
// code is the same in both.
func (p *Profile) RegionCodes(lists *Lists) string {
	counts := map[string]int64{}
	for text, n := range p.texts {
		for _, system := range []string{kemendagri, bps} {
			if !lists.regions.has(system, text) && lists.regions.has(otherSystem(system), text) {
				counts[otherSystem(system)] += n
			}
		}
	}
	switch {
	case counts[bps] > 0 && counts[kemendagri] == 0:
		return bps
	case counts[kemendagri] > 0 && counts[bps] == 0:
		return kemendagri
	}
	return ""
}
