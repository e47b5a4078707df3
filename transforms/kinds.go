package transforms

import "strings"

// The kinds: each turns the text of one column into a value or a problem. Kinds whose name ends
// in Opt give nil where the record says nothing; the others report missing_required.

// Text reads an identifier as it stands.
func (f *Fields) Text(name string) string {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", true)
		return ""
	}
	text := f.raw(s)
	if isNothing(text) {
		f.missing(s)
		return ""
	}
	if f.holdsNIK(text) {
		f.report(s, IdentifierInText, s.name+identifierInText)
		return ""
	}
	return f.bytes.put(text)
}

// Label reads a free text that repeats (a company, a title), with runs of blanks made one.
func (f *Fields) Label(name string) string {
	if p := f.LabelOpt(name); p != nil {
		return *p
	}
	s := &f.slots[f.cursor-1]
	if f.tour {
		s.required = true
		return ""
	}
	if !f.reported(s) {
		f.missing(s)
	}
	return ""
}

// LabelOpt is Label for a column that may be empty.
func (f *Fields) LabelOpt(name string) *string {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", false)
		s.kind = LabelInput
		return nil
	}
	o := f.recall(s, func(text string) outcome {
		if text == "" {
			return outcome{}
		}
		if f.holdsNIK(text) {
			return outcome{code: IdentifierInText, message: s.name + identifierInText}
		}
		return outcome{text: f.texts.put(strings.Clone(strings.Join(strings.Fields(text), " ")))}
	})
	f.settle(s, o)
	return o.text
}

// Code reads a code of a list: the code, a name or an alias of it.
func (f *Fields) Code(name, listName string) string {
	return f.coded(name, listName, "", true)
}

// CodeOr is Code with a code for records that say nothing.
func (f *Fields) CodeOr(name, listName, otherwise string) string {
	return f.coded(name, listName, otherwise, false)
}

func (f *Fields) coded(name, listName, otherwise string, required bool) string {
	p := f.CodeOpt(name, listName)
	s := &f.slots[f.cursor-1]
	if f.tour {
		s.required = required
		return ""
	}
	if p != nil {
		return *p
	}
	if required && !f.reported(s) {
		f.missing(s)
	}
	return otherwise
}

// CodeOpt is Code for a column that may be empty.
func (f *Fields) CodeOpt(name, listName string) *string {
	s := f.slot(name)
	if f.tour {
		f.declare(s, listName, false)
		return nil
	}
	o := f.recall(s, func(text string) outcome { return f.lookUp(s, text) })
	f.settle(s, o)
	return o.text
}

// CodeIf is Code where the record needs one, and CodeOpt elsewhere.
func (f *Fields) CodeIf(name, listName string, needed bool) *string {
	p := f.CodeOpt(name, listName)
	if s := &f.slots[f.cursor-1]; !f.tour && needed && p == nil && !f.reported(s) {
		f.missing(s)
	}
	return p
}

// reported says whether the column already has a problem.
func (f *Fields) reported(s *slot) bool {
	n := len(f.problems)
	return n > 0 && f.problems[n-1].Column == s.name
}

func (f *Fields) lookUp(s *slot, text string) outcome {
	if text == "" {
		return outcome{}
	}
	found, candidates := s.list.find(text)
	if found == nil && s.list.name == "country" {
		found, candidates = findState(s.list, text, candidates)
	}
	if found != nil {
		return outcome{text: &found.code}
	}
	o := outcome{code: UnknownCode}
	const remedy = "; add an alias to codes: in the feed or correct the source"
	if len(candidates) > 0 {
		names := make([]string, len(candidates))
		for i, c := range candidates {
			names[i] = s.list.entries[c].label()
		}
		o.message = s.name + " " + quoted(text, true) + ": ambiguous, either " + strings.Join(names, " or ") + remedy
		return o
	}
	near := s.list.nearest(text)
	o.message = s.name + " " + quoted(text, near != nil) + ": not in the " + strings.ReplaceAll(s.list.name, "_", " ") + " list"
	if near != nil {
		o.message += "; nearest is " + near.label()
	}
	o.message += remedy
	return o
}

// findState looks a country up again without the words for "state" that some files put first.
func findState(l *list, text string, candidates []int) (*entry, []int) {
	if len(candidates) > 0 {
		return nil, candidates
	}
	words := strings.Fields(text)
	for len(words) > 1 {
		switch fold(words[0]) {
		case "republik", "negara", "kerajaan", "rep", "republic", "kingdom", "the", "of":
			words = words[1:]
		default:
			return nil, nil
		}
		if found, several := l.find(strings.Join(words, " ")); found != nil || len(several) > 0 {
			return found, several
		}
	}
	return nil, nil
}

// Country reads a country as ISO 3166-1 alpha-3.
func (f *Fields) Country(name string) string { return f.Code(name, "country") }

// CountryOpt is Country for a column that may be empty.
func (f *Fields) CountryOpt(name string) *string { return f.CodeOpt(name, "country") }

// CountryIfKnown is CountryOpt for words that need not name one country: what no list knows, or what
// names several, is no problem and has no code.
func (f *Fields) CountryIfKnown(name string) *string {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "country", false)
		s.kind = LabelInput // any text is good
		return nil
	}
	return f.recall(s, func(text string) outcome {
		if o := f.lookUp(s, text); o.code == "" {
			return o
		}
		return outcome{}
	}).text
}

// Occupation reads an occupation code out of a free job title; a title that no alias knows is no
// problem, it has no occupation.
func (f *Fields) Occupation(name string) *string {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "occupation", false)
		s.kind = LabelInput // any title is good
		return nil
	}
	text := f.value(s)
	o := f.titles.find(text)
	if o == nil {
		known := outcome{}
		if found, _ := s.list.find(text); found != nil {
			known.text = &found.code
		}
		o = f.titles.keep(text, known)
	}
	return o.text
}

// Bool reads yes or no.
func (f *Fields) Bool(name string) *bool {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", false)
		s.kind = YesNoInput
		return nil
	}
	o := f.recall(s, func(text string) outcome {
		if text == "" {
			return outcome{}
		}
		switch yes, no := yesOrNo(text); {
		case yes:
			return outcome{flag: &f.yes}
		case no:
			return outcome{flag: &f.no}
		}
		return outcome{code: UnknownCode, message: s.name + " " + quoted(text, false) + ": neither yes nor no; write ya or tidak, or add the text to codes: in the feed"}
	})
	f.settle(s, o)
	return o.flag
}

// yesOrNo says whether a text is a word for yes, or one for no.
func yesOrNo(text string) (yes, no bool) {
	switch fold(text) {
	case "ya", "y", "yes", "true", "1", "benar", "ada", "sudah":
		return true, false
	case "tidak", "n", "no", "false", "0", "salah", "tidakada", "belum", "tdk":
		return false, true
	}
	return false, false
}

// Int reads a whole number between low and high.
func (f *Fields) Int(name string, low, high int32) int32 {
	p := f.IntOpt(name, low, high)
	s := &f.slots[f.cursor-1]
	if f.tour {
		s.required = true
		return 0
	}
	if p != nil {
		return *p
	}
	if !f.reported(s) {
		f.missing(s)
	}
	return 0
}

// IntOpt is Int for a column that may be empty.
func (f *Fields) IntOpt(name string, low, high int32) *int32 {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", false)
		s.kind = WholeInput
		return nil
	}
	o := f.recall(s, func(text string) outcome {
		if text == "" {
			return outcome{}
		}
		n, why := parseInt(text)
		if why.code == "" && (n < int64(low) || n > int64(high)) {
			why = finding{NotANumber, "outside " + decimalText(int64(low), 0) + " to " + decimalText(int64(high), 0) + "; correct the source"}
		}
		if why.code != "" {
			return outcome{code: why.code, message: s.name + " " + quoted(text, false) + ": " + why.words}
		}
		return outcome{num: f.numbers.put(int32(n))}
	})
	f.settle(s, o)
	return o.num
}

// Quarter reads a quarter of the year: 1, Q1, I, TW1, Triwulan I.
func (f *Fields) Quarter(name string) int32 {
	p := f.QuarterOpt(name)
	s := &f.slots[f.cursor-1]
	if f.tour {
		s.required = true
		return 0
	}
	if p != nil {
		return *p
	}
	if !f.reported(s) {
		f.missing(s)
	}
	return 0
}

// QuarterOpt is Quarter for a column that may be empty.
func (f *Fields) QuarterOpt(name string) *int32 {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", false)
		s.kind = QuarterInput
		return nil
	}
	o := f.recall(s, func(text string) outcome {
		if text == "" {
			return outcome{}
		}
		if q := quarterOf(text); q > 0 {
			return outcome{num: f.numbers.put(q)}
		}
		return outcome{code: NotANumber, message: s.name + " " + quoted(text, false) + ": not a quarter; write 1 to 4"}
	})
	f.settle(s, o)
	return o.num
}

// quarterOf is the quarter that a text names, 0 when it names none.
func quarterOf(text string) int32 {
	key := fold(text)
	for _, word := range []string{"triwulan", "kuartal", "kwartal", "quarter", "tw", "q"} {
		if rest, ok := strings.CutPrefix(key, word); ok {
			key = rest
			break
		}
	}
	for i, names := range [4][2]string{{"1", "i"}, {"2", "ii"}, {"3", "iii"}, {"4", "iv"}} {
		if key == names[0] || key == names[1] {
			return int32(i + 1)
		}
	}
	return 0
}

// Currency reads the currency of an amount. Where the column says nothing it is the feed's own;
// an amount without any currency means nothing and is a problem.
func (f *Fields) Currency(name string, hasAmount bool) *string {
	p := f.CodeOpt(name, "currency")
	if f.tour || !hasAmount || p != nil {
		if !hasAmount {
			return nil
		}
		return p
	}
	s := &f.slots[f.cursor-1]
	if f.reported(s) {
		return nil
	}
	if found, _ := f.env.Lists.byName["currency"].find(f.units.Currency); found != nil {
		return &found.code
	}
	f.report(s, MissingRequired, s.name+": empty, although there is an amount; map a column or set currency in units:")
	return nil
}

// Within joins a regency with its province: the regency gives the province where the record does
// not, and a province that the regency does not lie in is a conflict.
func (f *Fields) Within(column string, regency, province *string) *string {
	if f.tour || regency == nil {
		return province
	}
	belongs := f.env.Lists.regions.province[kemendagri][(*regency)[:2]]
	if province == nil {
		return &belongs.code
	}
	if *province != belongs.code {
		f.Problem(CodeConflict, column, column+" "+*regency+": lies in "+belongs.label()+", not in province "+*province+"; correct the source")
	}
	return province
}

// clean says whether the record has no problem so far; comparing values of columns that have one
// would only repeat it.
func (f *Fields) clean() bool { return len(f.problems) == 0 }
