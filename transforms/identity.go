package transforms

import "strings"

// The outcomes of the structural check of a national identity number (NIK).
const (
	NIKValid   = "valid"
	NIKMissing = "missing"
	NIKInvalid = "invalid"
)

var (
	nikAsNumber  = finding{NIKAsNumber, "stored as a number, so digits may be lost; store the source's column as text"}
	nikMalformed = finding{NIKMalformed, "not 16 digits; correct the source"}
)

// parseNIK cleans a national identity number down to its 16 digits. A number that passed through
// a spreadsheet's floating point has lost digits beyond the 15th and is refused.
func parseNIK(text string) (string, finding) {
	if len(text) == 16 && isDigits(text) {
		return text, good
	}
	if len(text) > 64 {
		return "", nikMalformed
	}
	clean := strings.NewReplacer(" ", "", "-", "", "'", "", "`", "", "’", "", "\u00a0", "").Replace(text)
	lower := strings.ToLower(clean)
	if len(clean) > 1 && clean[0] >= '0' && clean[0] <= '9' && strings.Trim(lower, "0123456789.,e+") == "" &&
		strings.ContainsAny(lower, ".,e") {
		return "", nikAsNumber
	}
	if len(clean) != 16 || !isDigits(clean) {
		return "", nikMalformed
	}
	return clean, good
}

// checkNIK judges the structure of 16 digits: PPRRDD for the region of first registration (of any
// vintage: old numbers keep old codes), DDMMYY for the birth date with 40 added to a woman's day,
// and a serial. Sex is L, P or "" when unknown. Placeholder says that the digits are filler, which
// many persons may share.
func checkNIK(nik, sex string, provinces map[string]bool) (valid, placeholder bool) {
	if nik == "1234567890123456" || strings.Count(nik, nik[:1]) == 16 {
		return false, true
	}
	regency, district := digits(nik[2:4]), digits(nik[4:6])
	if !provinces[nik[:2]] || regency < 1 || regency > 79 || regency == 70 || district < 1 {
		return false, false
	}
	day, month, year := digits(nik[6:8]), digits(nik[8:10]), digits(nik[10:12])
	woman := day > 40
	if woman {
		day -= 40
	}
	if (sex == "L" && woman) || (sex == "P" && !woman) {
		return false, false
	}
	if month < 1 || month > 12 || day < 1 {
		return false, false
	}
	// The century is not written: the day must exist in one of the two that are possible.
	return day <= max(daysInMonth(1900+year, month), daysInMonth(2000+year, month)), false
}

// parsePassport cleans a passport number: capital letters and digits without blanks. Anything
// else is no passport number and cannot be compared across sources.
func parsePassport(text string) (string, bool) {
	if isPassport(text) {
		return text, true
	}
	if len(text) > 64 {
		return "", false
	}
	clean := strings.ToUpper(strings.NewReplacer(" ", "", "-", "", ".", "", "\u00a0", "").Replace(text))
	return clean, isPassport(clean)
}

func isPassport(text string) bool {
	if len(text) < 5 || len(text) > 12 {
		return false
	}
	hasDigit := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c >= '0' && c <= '9':
			hasDigit = true
		case c < 'A' || c > 'Z':
			return false
		}
	}
	return hasDigit
}
