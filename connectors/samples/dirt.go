package samples

// harmless is a flaw that a good reader repairs: the row counts all the same.
type harmless uint8

const (
	harmlessNone   harmless = iota
	nikMissing              // no NIK: not a mistake of the row
	countryAlias            // "Hongkong", "KSA", "UEA"
	mixedCase               // "HOUSE MAID", "hong kong"
	trailingSpace           // "Hong Kong  "
	monthName               // "17 Agustus 2023"
	thousandDots            // "22.376"
	extraSeparator          // an empty cell too many at the end of a line
	formulaCell             // a workbook cell that holds a formula and its last result
)

// names of the flaws in the ledger.
var harmlessNames = [...]string{"", "nik_missing", "country_alias", "mixed_case", "trailing_space", "month_name", "thousand_dots", "extra_separator", "formula_cell"}

// aliasOf gives other names that offices use for a country.
var aliasOf = map[string][]string{
	"HKG": {"Hongkong", "HONGKONG", "Hong Kong SAR"}, "TWN": {"Taiwan ROC", "TAIWAN (R.O.C)"}, "MYS": {"Malaysia Timur", "Malaysia Barat"},
	"SAU": {"Saudi Arabia", "KSA", "Saudi Arab"}, "KOR": {"Korsel", "South Korea", "Korea (Korea Selatan)"}, "JPN": {"Japan"}, "SGP": {"Singapore"},
	"ARE": {"UEA", "Uni Emirate Arab", "United Arab Emirates"}, "BRN": {"Brunei"}, "TUR": {"Turkey"}, "SVK": {"Slowakia"}, "HUN": {"Hongaria"},
	"DEU": {"Germany", "Germani"}, "PNG": {"Papua Guinea Baru"},
}

// harmlessFor decides which flaw a record has, if any: at most one.
func (w *World) harmlessFor(r *record, bits uint64) harmless {
	office := &units[provinceUnit[r.province]]
	rate := uint64(15) // of a thousand without NIK
	if r.reentry {
		rate = 200
		if office.slug == "kaltara" {
			rate = 500 // about half of the returning workers at Nunukan have none
		}
	}
	x := bits & 0xffff % 1000
	if x < rate {
		return nikMissing
	}
	fromFile := r.year < 2025
	switch x := bits >> 12 % 1000; {
	case x < 9 && len(aliasOf[countries[r.country].iso]) > 0:
		return countryAlias
	case x >= 9 && x < 15:
		return mixedCase
	case x >= 15 && x < 21:
		return trailingSpace
	case x >= 21 && x < 27 && fromFile:
		return monthName
	case x >= 27 && x < 37 && r.wage >= 1000 && fromFile:
		return thousandDots
	case x >= 37 && x < 40 && fromFile && !office.workbook:
		return extraSeparator
	case x >= 40 && x < 70 && fromFile && office.workbook:
		return formulaCell
	}
	return harmlessNone
}

// fatal is a defect that no reader can repair. Its name is the problem code that
// the row must be rejected with.
type fatal uint8

const (
	fatalNone fatal = iota
	unknownCountry
	nikAsNumber
	nikShort
	impossibleDate
	notADate
	dateOrder
	totalsRow
	repeatedHeader
	regionCodeSystem
	regionUnknown
	regionConflict
	percentInAmount
	negativeAmount
	notANumber
	missingRequired
	raggedRow
	badEncoding
	tooLongCell
	unknownCategory
)

var fatalCodes = [...]string{
	"", "unknown_code", "nik_as_number", "nik_malformed", "impossible_date", "not_a_date", "date_order", "totals_row", "repeated_header",
	"region_code_system", "region_unknown", "code_conflict", "percent_in_amount", "negative_amount", "not_a_number", "missing_required", "ragged_row",
	"bad_encoding", "too_long_cell", "unknown_code",
}

// planted says how many broken rows of each kind the file drops hold at scale 1.
var planted = []struct {
	kind  fatal
	count int
}{
	{unknownCountry, 260}, {nikAsNumber, 190}, {nikShort, 90}, {impossibleDate, 160}, {notADate, 50}, {dateOrder, 60}, {totalsRow, 70},
	{repeatedHeader, 80}, {regionCodeSystem, 120}, {regionUnknown, 40}, {regionConflict, 40}, {percentInAmount, 80}, {negativeAmount, 70},
	{notANumber, 50}, {missingRequired, 90}, {raggedRow, 80}, {badEncoding, 12}, {tooLongCell, 3},
}

// planted2025 is the same for the sample SISKOP2MI.
var planted2025 = []struct {
	kind  fatal
	count int
}{
	{unknownCountry, 60}, {nikAsNumber, 40}, {impossibleDate, 40}, {regionCodeSystem, 30}, {percentInAmount, 20}, {negativeAmount, 20}, {missingRequired, 30},
}

// misspelt are country names that no list of aliases knows.
var misspelt = []string{"Hong Kg", "Taiwwan", "Malasyia Brt", "Saudi Aribia", "Singapur City", "Korae Selatan", "Jepamg", "Bruney Drs"}
