package transforms

import "strings"

// What of a person stands where nobody expects it: a column that slipped, a row of names that is
// missing, a number put into a free text. Whoever shows or keeps a text asks here first.

// LooksPersonal says whether a text holds what looks like a number of a person: sixteen digits or
// so (a NIK, one that lost a digit, a card), a phone number, or nothing but a passport number. It
// would rather be wrong than show one.
func LooksPersonal(text string) bool {
	if isPassportLike(text) {
		return true
	}
	digits, start := 0, [2]byte{}
	gap := false
	personal := func() bool {
		phone := start == [2]byte{'0', '8'} || start == [2]byte{'6', '2'}
		return digits >= 15 || digits >= 10 && phone
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			if digits < len(start) {
				start[digits] = c
			}
			digits, gap = digits+1, false
		case digits > 0 && !gap && strings.IndexByte(" .-", c) >= 0:
			gap = true
		case personal():
			return true
		default:
			digits, gap = 0, false
		}
	}
	return personal()
}

// isPassportLike says whether a text is a letter and seven digits, as Indonesian passports have.
func isPassportLike(text string) bool {
	text = trim(text)
	return len(text) == 8 && text[0]|0x20 >= 'a' && text[0]|0x20 <= 'z' && isDigits(text[1:])
}

// Misplaced says whether a text in a field of this kind shows that the columns of its record have
// slipped, so that any of them may hold a name.
func Misplaced(kind InputKind, text string) bool {
	if len(text) < 3 {
		return false
	}
	switch kind {
	case NIKInput:
		return isPassportLike(text) || !isNothing(text) && digitsIn(text) == 0 || LooksPersonal(text) && digitsIn(text) < 15
	case PassportInput:
		return LooksPersonal(text) && !isPassportLike(text)
	}
	return LooksPersonal(text)
}

// holdsNIK says whether a text holds sixteen digits that are a NIK by their structure.
func (f *Fields) holdsNIK(text string) bool {
	if len(text) < 16 || digitsIn(text) < 16 {
		return false
	}
	for from := 0; from < len(text); {
		to := from
		for to < len(text) && text[to] >= '0' && text[to] <= '9' {
			to++
		}
		if to-from == 16 {
			if valid, _ := checkNIK(text[from:to], "", f.env.Lists.provinces); valid {
				return true
			}
		}
		from = to + 1
	}
	return false
}

const identifierInText = ": holds a national identity number (NIK), which belongs into its own column alone; correct the source, or the mapping under fields:"

// hideMisplaced takes the record's own texts out of the messages about it, when its columns have
// slipped. What is wrong, and where, stays.
func (f *Fields) hideMisplaced() {
	slipped := false
	for i := range f.slots {
		s := &f.slots[i]
		slipped = slipped || s.col >= 0 && Misplaced(s.kind, f.raw(s))
	}
	if !slipped {
		return
	}
	for i := range f.slots {
		s := &f.slots[i]
		text := f.raw(s)
		if s.col < 0 || text == "" {
			continue
		}
		for j := range f.problems {
			p := &f.problems[j]
			p.Message = strings.ReplaceAll(p.Message, `"`+text+`"`, notShown(text))
		}
	}
}

// HideNames gives a header without the names that may be a person's, or nil when all may be shown.
// A header that holds a person's number, or dates and numbers and not one of the declared columns,
// is a record whose row of names is missing: of it only what is declared stays.
func HideNames(header []string, declared map[string]bool) []string {
	known, numbers, personal := 0, false, false
	for _, name := range header {
		if declared[headerKey(name)] {
			known++
			continue
		}
		numbers = numbers || digitsIn(name) >= 6
		personal = personal || LooksPersonal(name)
	}
	if !personal && (known > 0 || !numbers) {
		return nil
	}
	hidden := make([]string, len(header))
	for i, name := range header {
		hidden[i] = name
		if !declared[headerKey(name)] && (known == 0 || digitsIn(name) >= 6) {
			hidden[i] = "column " + decimalText(int64(i+1), 0) + " (its name is not shown)"
		}
	}
	return hidden
}
