package transforms

import (
	"maps"
	"slices"
	"strings"
)

// What a profile says to people: the codes that are not known, what changed, and texts by their
// shape.

// A CodeCount is a text of a column of codes that its list does not know.
type CodeCount struct {
	Text      string // shown only if Showable
	Count     int64
	Nearest   string // the code that was probably meant, or ""
	Label     string // its name for people
	Showable  bool   // the text is one that a message may show
	Ambiguous bool
}

// Unknown gives the texts that are neither in a field's list nor among the feed's own codes, the
// most frequent first. Whether a text may be shown follows the rule of the messages: it resembles
// a code, or is a short word, and one that came more than once where numbers of persons stand in the
// column, since then columns slip; or it comes again and again in a column that is not personal.
func (p *Profile) Unknown(in Input, lists *Lists, codes map[string]string) []CodeCount {
	own := map[string]string{}
	for theirs, ours := range codes {
		own[strings.ToLower(trim(theirs))] = ours
	}
	slipped := false
	for text := range p.texts {
		slipped = slipped || LooksPersonal(text)
	}
	var unknown []CodeCount
	for _, text := range slices.Sorted(maps.Keys(p.texts)) {
		meant := text
		if ours, ok := own[strings.ToLower(text)]; ok {
			meant = ours
		}
		if lists.knows(in.List, meant) {
			continue
		}
		c := CodeCount{Text: text, Count: p.texts[text]}
		_, candidates := lists.byName[in.List].find(meant)
		c.Ambiguous = len(candidates) > 1
		near := lists.byName[in.List].nearest(meant)
		if near != nil && !c.Ambiguous {
			c.Nearest, c.Label = near.code, near.label()
		}
		repeats := !in.Personal() && c.Count >= 3 && len(p.texts) <= 60 && digitsIn(text) < 6
		c.Showable = quoted(text, near != nil) == `"`+text+`"` && (near != nil || c.Count > 1 || !slipped) || repeats
		unknown = append(unknown, c)
	}
	slices.SortStableFunc(unknown, func(a, b CodeCount) int { return int(b.Count - a.Count) })
	return unknown
}

// FormsDiffer says whether two forms of one column are a change that alters what its texts mean,
// and not only what happened to be delivered.
func FormsDiffer(before, now string) bool {
	if before == now || before == "" || now == "" {
		return false
	}
	for _, form := range []string{before, now} {
		if form == FormEmpty || form == FormMixed {
			return false
		}
	}
	word := func(form string) bool { return form == FormText || form == FormYesNo } // short codes look like either
	if word(before) && word(now) {
		return false
	}
	plain := func(form string) bool {
		return form == FormNumber || form == FormDigits || strings.HasSuffix(form, " digit") || strings.HasSuffix(form, " digits")
	}
	number := func(form string) bool { return plain(form) || form == FormComma || form == FormPoint }
	if before == FormDayUnclear && (now == FormDayDMY || now == FormDayMDY) || now == FormDayUnclear && (before == FormDayDMY || before == FormDayMDY) {
		return false
	}
	if number(before) && number(now) {
		marks := (before == FormComma && now == FormPoint) || (before == FormPoint && now == FormComma)
		wasNIK, isNIK := before == "16 "+FormDigits, now == "16 "+FormDigits
		// Digits of several lengths among which most have sixteen are identity numbers with a few broken ones.
		return marks || wasNIK != isNIK && before != FormDigits
	}
	return true
}

// Shape says what a text looks like without giving it away: "16 digits", "2 words, 13 characters".
func Shape(text string) string {
	text = trim(text)
	switch {
	case text == "":
		return ""
	case isDigits(text):
		return plural(len(text), "digit")
	}
	if words := len(strings.Fields(text)); words > 1 {
		return decimalText(int64(words), 0) + " words, " + plural(len([]rune(text)), "character")
	}
	return plural(len([]rune(text)), "character")
}
