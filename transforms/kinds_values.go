package transforms

import "strings"

// Kinds whose texts seldom repeat are read afresh for every record.

// value is a column's text after the feed's own codes; "" when it says nothing.
func (f *Fields) value(s *slot) string {
	text := f.raw(s)
	if s.codes != nil {
		if ours, ok := s.codes[strings.ToLower(text)]; ok {
			text = ours
		}
	}
	if isNothing(text) {
		return ""
	}
	return text
}

// Date reads a calendar day as days since 1970.
func (f *Fields) Date(name string) int32 {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", true)
		s.kind = DayInput
		return 0
	}
	text := f.value(s)
	if text == "" {
		f.missing(s)
		return 0
	}
	d, why := parseDate(text, f.units.DateOrder, f.zone)
	if why.code != "" {
		f.report(s, why.code, s.name+" "+quoted(text, isDateLike(text))+": "+why.words)
	}
	return d
}

// DateOpt is Date for a column that may be empty.
func (f *Fields) DateOpt(name string) *int32 {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", false)
		s.kind = DayInput
		return nil
	}
	text := f.value(s)
	if text == "" {
		return nil
	}
	d, why := parseDate(text, f.units.DateOrder, f.zone)
	if why.code != "" {
		f.report(s, why.code, s.name+" "+quoted(text, isDateLike(text))+": "+why.words)
		return nil
	}
	return f.numbers.put(d)
}

// BirthYear reads a birth date and keeps its year alone. Its messages never show the text.
func (f *Fields) BirthYear(name string) *int32 {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", false)
		s.kind = DayInput
		s.class = "personal"
		return nil
	}
	text := f.value(s)
	if text == "" {
		return nil
	}
	d, why := parseDate(text, f.units.DateOrder, f.zone)
	if why.code != "" {
		f.report(s, why.code, s.name+": "+why.words)
		return nil
	}
	y, _, _ := civilFromDays(d)
	return f.numbers.put(int32(y))
}

// Timestamp reads a moment as microseconds since 1970.
func (f *Fields) Timestamp(name string) int64 {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", true)
		s.kind = MomentInput
		return 0
	}
	us, ok := f.moment(s)
	if !ok && !f.reported(s) {
		f.missing(s)
	}
	return us
}

// TimestampOpt is Timestamp for a column that may be empty.
func (f *Fields) TimestampOpt(name string) *int64 {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", false)
		s.kind = MomentInput
		return nil
	}
	us, ok := f.moment(s)
	if !ok {
		return nil
	}
	return f.longs.put(us)
}

func (f *Fields) moment(s *slot) (us int64, ok bool) {
	text := f.value(s)
	if text == "" {
		return 0, false
	}
	us, why := parseTimestamp(text, f.units.DateOrder, f.zone)
	if why.code != "" {
		f.report(s, why.code, s.name+" "+quoted(text, isDateLike(text))+": "+why.words)
		return 0, false
	}
	return us, true
}

// isDateLike says whether a text is made like a date, so that showing it in a message gives away
// nothing else: at most eight digits in groups of at most four, and month names.
func isDateLike(text string) bool {
	if len(text) > 32 || digitsIn(text) > 8 {
		return false
	}
	for _, p := range dateParts(text) {
		if isDigits(p) && len(p) <= 4 {
			continue
		}
		if monthNames[strings.ToLower(p)] == 0 && !weekdays[strings.ToLower(p)] {
			return false
		}
	}
	return true
}

// Money reads an amount as minor units (two decimals), by the feed's units.
func (f *Fields) Money(name string) int64 {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", true)
		s.kind = AmountInput
		return 0
	}
	n, ok := f.amount(s, f.amounts)
	if !ok && !f.reported(s) {
		f.missing(s)
	}
	return n
}

// MoneyOpt is Money for a column that may be empty.
func (f *Fields) MoneyOpt(name string) *int64 {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", false)
		s.kind = AmountInput
		return nil
	}
	n, ok := f.amount(s, f.amounts)
	if !ok {
		return nil
	}
	return f.longs.put(n)
}

// Figure reads a number with four decimals that may be below zero and has no currency or scale.
func (f *Fields) Figure(name string) int64 {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", true)
		s.kind = NumberInput
		return 0
	}
	n, ok := f.amount(s, amountRules{decimal: f.units.Decimal, scale: 1, places: 4, negative: true})
	if !ok && !f.reported(s) {
		f.missing(s)
	}
	return n
}

func (f *Fields) amount(s *slot, rules amountRules) (n int64, ok bool) {
	text := f.value(s)
	if text == "" {
		return 0, false
	}
	n, why := parseAmount(text, rules)
	if why.code != "" {
		f.report(s, why.code, s.name+" "+quoted(text, isNumberLike(text))+": "+why.words)
		return 0, false
	}
	return n, true
}

// isNumberLike says whether a text is an amount in form: a few digits with a separator or a sign. A
// longer number may be a person's.
func isNumberLike(text string) bool {
	return len(text) <= 24 && digitsIn(text) > 0 && digitsIn(text) <= 9 && strings.ContainsAny(text, ".,%-()")
}

// NIK reads a national identity number and gives its token and the outcome of its structural
// check. A number that is missing or structurally wrong is no problem of the record; one that is
// not 16 digits is. Filler digits, which many persons share, get no token.
func (f *Fields) NIK(name string, sex *string) (token *Token, check string) {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", false)
		s.kind = NIKInput
		f.needTokens(s)
		return token, ""
	}
	text := f.value(s)
	if text == "" {
		return token, NIKMissing
	}
	nik, why := parseNIK(text)
	if why.code != "" {
		f.report(s, why.code, s.name+": "+why.words)
		return token, NIKInvalid
	}
	said := ""
	if sex != nil {
		said = *sex
	}
	valid, placeholder := checkNIK(nik, said, f.env.Lists.provinces)
	switch {
	case placeholder:
		return token, NIKInvalid
	case !valid:
		return f.tokens.put(Token(f.env.Tokens.Token("nik", nik))), NIKInvalid
	}
	return f.tokens.put(Token(f.env.Tokens.Token("nik", nik))), NIKValid
}

// Passport reads a passport number and gives its token; a text that is no passport number gives
// none.
func (f *Fields) Passport(name string) (token *Token) {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", false)
		s.kind = PassportInput
		f.needTokens(s)
		return token
	}
	text := f.value(s)
	if text == "" {
		return token
	}
	number, ok := parsePassport(text)
	if !ok {
		return token
	}
	return f.tokens.put(Token(f.env.Tokens.Token("passport", number)))
}

// needTokens takes down that a column is a direct identifier.
func (f *Fields) needTokens(s *slot) { s.class, f.tokenised = "identifier", true }

// Province reads a province from a column of codes and a column of names; either may be empty.
func (f *Fields) Province(codeName, nameName string) *string {
	return f.region(codeName, nameName, (*regions).judgeProvince)
}

// Regency reads a regency from a column of codes and a column of names; either may be empty.
func (f *Fields) Regency(codeName, nameName string) *string {
	return f.region(codeName, nameName, (*regions).judgeRegency)
}

func (f *Fields) region(codeName, nameName string, judge func(r *regions, system, code, name string) verdict) *string {
	f.slot(codeName)
	at := f.cursor - 1
	ns := f.slot(nameName)
	cs := &f.slots[at] // taken now, since the second look-up may have moved the slots
	if f.tour {
		f.declare(cs, "", false)
		f.declare(ns, "", false)
		cs.kind, ns.kind = RegionCodeInput, RegionNameInput
		return nil
	}
	code, name := f.raw(cs), f.raw(ns)
	f.pair = append(append(append(f.pair[:0], code...), 0), name...)
	o := cs.memo.findBytes(f.pair)
	if o == nil {
		o = cs.memo.keep(string(f.pair), f.judged(f.value(cs), f.value(ns), judge))
	}
	f.settle(cs, o)
	return o.text
}

func (f *Fields) judged(code, name string, judge func(r *regions, system, code, name string) verdict) outcome {
	if code == "" && name == "" {
		return outcome{}
	}
	v := judge(&f.env.Lists.regions, f.units.RegionCodes, code, name)
	if v.problem != "" {
		return outcome{code: v.problem, message: v.message}
	}
	return outcome{text: &v.found.code}
}

// NotBefore reports date_order when day b is before day a.
func (f *Fields) NotBefore(aName string, a int32, bName string, b int32) {
	if f.tour || b >= a {
		return
	}
	f.problems = append(f.problems, Problem{Code: DateOrder, Column: bName,
		Message: bName + ": before " + aName + "; correct the source"})
}

// Problem adds a problem that a normaliser finds in the record as a whole.
func (f *Fields) Problem(code, column, message string) {
	if !f.tour {
		f.problems = append(f.problems, Problem{Code: code, Column: column, Message: message})
	}
}
