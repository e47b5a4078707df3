package lint

// A Rule is something that the figures of a publication must keep. Its code is stable.
type Rule struct {
	Code    string `json:"rule"`
	Summary string `json:"summary"`
	Why     string `json:"why"`
	Remedy  string `json:"remedy"`
}

// The codes of the rules.
const (
	partsTotal    = "parts_total"
	growthWrong   = "growth"
	shareWrong    = "share"
	sharesHundred = "shares_to_100"
	shareTooLarge = "share_above_100"
	points        = "percentage_points"
	unitMixed     = "unit_mixed"
	unitConflict  = "unit_conflict"
	titleYear     = "title_year"
	otherYear     = "block_of_another_year"
	cumulative    = "cumulative_as_annual"
	partialYear   = "partial_year"
	twoValues     = "two_values"
	dotsAsMarks   = "thousands_as_decimals"
	brokenCount   = "count_with_decimals"
	mixedNotation = "notation_mixed"
	openNotation  = "notation_ambiguous"
)

var rules = []Rule{
	{partsTotal, "parts add up to the total that is written, down and across, with subtotals",
		"The four published schemes of 2022 miss their total by 11,424: a class was left out.",
		"correct the part or the total; if a class is missing, add it (for instance “unknown”) so that the parts close"},
	{growthWrong, "a growth equals what its two values give, and has their direction",
		"“Up 29.37 %” from 35 to 42 was a share, 42 of 143; the growth is 20 %.",
		"recompute the growth from the two values beside it, or say what the figure really is"},
	{shareWrong, "a share equals part over whole",
		"Shares computed from another total tell a reader of another edition of the data.",
		"recompute the share from the counts beside it, or state the total that it is a share of"},
	{sharesHundred, "shares of one whole add up to 100, within rounding",
		"55.9 % women and 44.41 % men are 100.31 %: one of them is wrong.",
		"recompute the shares; where classes overlap, say so"},
	{shareTooLarge, "a share is not above 100 %",
		"A part cannot be larger than its whole.",
		"check whether this is a growth or an index, and call it that"},
	{points, "the difference of two percentages is in percentage points",
		"From 28.5 % to 30.1 % is 1.6 percentage points, and a growth of 5.6 %.",
		"write “poin persen” (percentage points), or give the relative growth"},
	{unitMixed, "a column or a sum has one unit",
		"Persons, services, cases, rupiah and per cent cannot be added or compared.",
		"give each unit its own column, or write the unit of the exception into its row"},
	{unitConflict, "one number is not called by two units",
		"A placement is a service, not a person: 297,434 services are fewer persons.",
		"decide which unit the figure has and use it everywhere"},
	{titleYear, "the years of a title are the years of its columns",
		"A title taken over from last year's edition dates the whole table wrongly.",
		"correct the year in the title or in the column"},
	{otherYear, "blocks that split one total have one total",
		"An education block of 2020 (113,174) was printed beside the total of 2021 (72,624).",
		"take all blocks from the same year and the same edition of the data"},
	{cumulative, "months that add up on their own are not called monthly values",
		"Cumulative figures were read as those of one year: 15,307 complaints of 1,462.",
		"print each month's own value, or call the column cumulative"},
	{partialYear, "a part of a year is not called by the year",
		"“2025” for January to March, beside whole years, looks like a fall.",
		"write the months into the column's head, and compare with the same months"},
	{twoValues, "one thing has one value in a document",
		"Two targets for 2025 were published: 425,000 and 259,000.",
		"keep one, or say what sets them apart (edition, date, scope)"},
	{dotsAsMarks, "thousands marks are not read as decimal marks",
		"A program that reads 12.720 as 12.72 makes a thousandth of it; 513 beside it stays 513.",
		"extract the table again as text, or multiply what was divided; let the sums prove it"},
	{brokenCount, "persons, cases and services are whole",
		"A half person is a thousands mark that was read as a decimal mark, or an average.",
		"check the decimal mark; write “rata-rata” (average) where it is one"},
	{mixedNotation, "one mark means one thing",
		"A dot that is a decimal mark here and a thousands mark there cannot be read safely.",
		"write all numbers one way: 1.234,5 in Indonesian, 1,234.5 in English"},
	{openNotation, "a number can be read in one way only",
		"22.376 is twenty-two thousand in Indonesian and twenty-two in English.",
		"add a number that settles it, name the unit, or write the document's language"},
}

// Rules lists what is checked.
func Rules() []Rule { return rules }

func ruleOf(code string) (Rule, bool) {
	for _, r := range rules {
		if r.Code == code {
			return r, true
		}
	}
	return Rule{}, false
}
