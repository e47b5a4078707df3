package samples

// Published totals of placements, by year, month and country.
//
// Sources: the ministry's table of placements by destination 2022-2024 (the
// thousands of the printed copy repaired: 200,717 / 297,108 / 297,434), and the
// publications S02 to S24 of configs/reference/published_sources.csv. A figure
// that no publication gives is chosen so that every published sum holds;
// those are the months not named in the comments below.

// country is a destination with what a contract there pays, in its own currency
// and per month.
type country struct {
	iso, name, currency string
	wageLow, wageHigh   int
}

// namedCountries is how many of the countries the ministry's table names; the
// others share its line "Lainnya".
const namedCountries = 25

// countries: the table's 25 in its order, then those that make up the rest.
var countries = []country{
	{"HKG", "Hong Kong", "HKD", 4730, 5100}, {"TWN", "Taiwan", "TWD", 20000, 28590}, {"MYS", "Malaysia", "MYR", 1500, 2300},
	{"JPN", "Jepang", "JPY", 165000, 210000}, {"SGP", "Singapura", "SGD", 570, 750}, {"KOR", "Korea Selatan", "KRW", 2010580, 2096270},
	{"SAU", "Arab Saudi", "SAR", 1500, 2200}, {"ITA", "Italia", "EUR", 900, 1500}, {"BRN", "Brunei Darussalam", "BND", 450, 800},
	{"TUR", "Turki", "USD", 700, 1100}, {"POL", "Polandia", "PLN", 3600, 4700}, {"ARE", "Uni Emirat Arab", "AED", 1400, 3200},
	{"ZMB", "Zambia", "USD", 800, 1600}, {"QAT", "Qatar", "QAR", 1500, 3200}, {"KWT", "Kuwait", "KWD", 120, 300},
	{"MDV", "Maladewa", "USD", 500, 1000}, {"PNG", "Papua Nugini", "PGK", 2500, 5000}, {"HUN", "Hungaria", "HUF", 320000, 450000},
	{"SVK", "Slovakia", "EUR", 800, 1300}, {"ROU", "Rumania", "EUR", 700, 1000}, {"HRV", "Kroasia", "EUR", 800, 1300},
	{"NZL", "Selandia Baru", "NZD", 4000, 5200}, {"SLB", "Pulau Solomon", "USD", 600, 1100}, {"BGR", "Bulgaria", "EUR", 600, 1000},
	{"DMA", "Persemakmuran Dominika", "USD", 700, 1200},
	{"DEU", "Jerman", "EUR", 2300, 2900}, {"KHM", "Kamboja", "USD", 500, 900}, {"AUT", "Austria", "EUR", 1700, 2200}, {"FRA", "Prancis", "EUR", 1500, 2000},
	{"USA", "Amerika Serikat", "USD", 900, 1800}, {"CAN", "Kanada", "CAD", 2600, 3400}, {"GBR", "Inggris", "GBP", 1500, 1900}, {"JOR", "Yordania", "USD", 350, 600},
	{"OMN", "Oman", "OMR", 120, 250}, {"BHR", "Bahrain", "BHD", 120, 260}, {"ESP", "Spanyol", "EUR", 1000, 1500}, {"PRT", "Portugal", "EUR", 800, 1200},
	{"CZE", "Ceko", "CZK", 20000, 28000}, {"LTU", "Lituania", "EUR", 800, 1200}, {"MLT", "Malta", "EUR", 900, 1300}, {"CYP", "Siprus", "EUR", 700, 1100},
	{"VNM", "Vietnam", "USD", 500, 900}, {"THA", "Thailand", "USD", 500, 900}, {"PHL", "Filipina", "USD", 500, 900}, {"IND", "India", "USD", 500, 900},
	{"CHN", "Tiongkok", "USD", 800, 1400}, {"FJI", "Fiji", "USD", 500, 900}, {"MUS", "Mauritius", "USD", 500, 900}, {"SYC", "Seychelles", "USD", 600, 1000},
	{"TZA", "Tanzania", "USD", 600, 1100}, {"GAB", "Gabon", "USD", 700, 1200}, {"AZE", "Azerbaijan", "USD", 600, 1100}, {"KAZ", "Kazakhstan", "USD", 600, 1100},
	{"AUS", "Australia", "AUD", 4000, 5200}, {"NLD", "Belanda", "EUR", 1700, 2300}, {"BFA", "Burkina Faso", "USD", 700, 1200}, {"ERI", "Eritrea", "USD", 700, 1200},
	{"TCA", "Kepulauan Turks dan Caicos", "USD", 800, 1300}, {"COG", "Kongo (Brazzaville)", "USD", 700, 1200}, {"LBN", "Libanon", "USD", 400, 700},
	{"PLW", "Palau", "USD", 500, 900}, {"MDA", "Moldova", "EUR", 600, 1000}, {"SRB", "Serbia", "EUR", 600, 1000}, {"GRC", "Yunani", "EUR", 800, 1200},
}

// figures are counts by ISO code of the country.
type figures map[string]int

// singles are the countries with one placement in the first half of 2024 (S16).
var singles = []string{"AUS", "NLD", "BFA", "ERI", "TCA", "COG", "LBN", "PLW", "MDA", "SRB", "GRC"}

// withoutSingles adds none of the singles to what is published of a span.
func withoutSingles(f figures) figures {
	for _, iso := range singles {
		f[iso] = 0
	}
	return f
}

// restWeights share the table's line "Lainnya" among the countries after the
// named ones, but for those that yearFact.fixed gives.
var restWeights = map[string]float64{
	"DEU": 40, "KHM": 20, "AUT": 8, "FRA": 20, "USA": 190, "CAN": 95, "GBR": 120, "JOR": 130, "OMN": 150, "BHR": 140, "ESP": 60, "PRT": 40, "CZE": 90,
	"LTU": 45, "MLT": 40, "CYP": 25, "VNM": 40, "THA": 35, "PHL": 20, "IND": 25, "CHN": 30, "FJI": 40, "MUS": 60, "SYC": 55, "TZA": 25, "GAB": 20,
	"AZE": 12, "KAZ": 14, "AUS": 3, "NLD": 4, "BFA": 1, "ERI": 1, "TCA": 2, "COG": 2, "LBN": 1, "PLW": 3, "MDA": 1, "SRB": 3, "GRC": 4,
}

// span is a run of months with the figures published for it. at holds country
// totals that are taken exactly.
type span struct {
	from, to int
	at       figures
}

// yearFact is what is known of one year.
type yearFact struct {
	year, total int
	months      [12]int
	named       [namedCountries]int // the table's line; all zero: shares of the year before and `fixed`
	fixed       figures             // countries outside the table, or exact ones of a year without table
	spans       []span
}

var yearFacts = []yearFact{
	{
		year: 2022, total: 200717,
		// February 5,659 (S15), September 21,739, October 24,088, January-October 146,955 (S18).
		months: [12]int{5230, 5659, 8040, 9020, 13510, 17540, 20040, 22089, 21739, 24088, 27262, 26500},
		named: [...]int{60065, 53471, 43125, 5832, 6619, 11571, 4675, 3583, 513, 1489, 1897, 548, 110, 848, 718, 1164, 549, 178, 30, 288, 0, 185,
			418, 29, 0},
		fixed: figures{"DEU": 35},
		spans: []span{
			{1, 8, nil},
			{9, 9, figures{"MYS": 6847, "HKG": 5839, "TWN": 4498, "KOR": 1551, "SGP": 644}},
			{10, 10, figures{"MYS": 7094, "HKG": 6448, "TWN": 6055, "KOR": 1806, "SAU": 570}},
			{11, 12, nil},
		},
	},
	{
		year: 2023, total: 297108,
		// February 24,788 (S15) and August 28,927 (S02) are comparison columns of 2024. The first half and January-October are
		// S13 and S12 plus Hong Kong's later rows, spread as Hong Kong's known ones were.
		months: [12]int{26010, 24788, 26240, 18930, 26410, 24768, 27020, 28927, 27420, 28027, 19480, 19088},
		named: [...]int{88167, 83142, 72257, 9673, 7883, 12582, 6290, 3520, 2870, 2290, 1524, 976, 289, 307, 427, 718, 634, 447, 401, 221, 29, 335,
			374, 177, 45},
		fixed: figures{"DEU": 96, "KHM": 49, "AUT": 15},
		spans: []span{
			{1, 6, figures{"HKG": 44994, "TWN": 39178, "MYS": 38478, "KOR": 6999, "JPN": 4927, "SGP": 2572, "SAU": 2424, "TUR": 1632,
				"ITA": 1535, "POL": 807}},
			{7, 10, figures{"HKG": 36426, "TWN": 30879, "MYS": 25062, "KOR": 3192, "JPN": 3270, "SGP": 3581, "SAU": 2627, "TUR": 518,
				"ITA": 1184}},
			{11, 12, nil},
		},
	},
	{
		year: 2024, total: 297434,
		// January to March, July and August published or derived (S02 S04 S15 S17); first half 160,496 (S16); January-August 207,090 (S17).
		months: [12]int{27243, 23716, 23049, 22310, 31420, 32758, 23397, 23197, 22140, 23610, 22480, 22114},
		named: [...]int{99773, 84581, 51723, 12720, 10819, 10750, 7759, 3535, 3183, 2630, 1320, 1244, 857, 783, 640, 591, 456, 427, 404, 377, 323, 291,
			223, 192, 191},
		// Eleven countries with one placement in the first half (S16); Jerman and Prancis begin with 27 and 12 in January-February (S14).
		fixed: figures{"DEU": 112, "FRA": 58, "KHM": 45, "AUS": 1, "NLD": 1, "BFA": 1, "ERI": 1, "TCA": 1, "COG": 1, "LBN": 1, "PLW": 1,
			"MDA": 1, "SRB": 1, "GRC": 1},
		spans: []span{
			{1, 2, figures{"HKG": 16076, "TWN": 14203, "MYS": 10988, "JPN": 1848, "SGP": 1904, "KOR": 2041, "SAU": 1125, "ITA": 690,
				"BRN": 548, "ARE": 322, "NZL": 26, "DEU": 27, "FRA": 12}},
			{3, 6, figures{"HKG": 37532, "TWN": 30717, "MYS": 21718, "JPN": 4191, "SGP": 3164, "KOR": 2892, "SAU": 2721, "ITA": 983,
				"BRN": 898}},
			{7, 8, withoutSingles(figures{"HKG": 16827, "TWN": 14734, "MYS": 3794, "JPN": 2482, "SGP": 1717, "KOR": 2234, "SAU": 1416, "ITA": 572,
				"TUR": 720, "BRN": 534})},
			{9, 12, withoutSingles(figures{"TUR": 430})},
		},
	},
	{
		year: 2025, total: 296948,
		// January and June (S23), March (S04). Taiwan (S05); the other countries by their shares of 2024; Hong Kong and Taiwan in June (S23).
		months: [12]int{25642, 24310, 22376, 20480, 25930, 22324, 26910, 26120, 25790, 26340, 25460, 25266},
		fixed:  figures{"TWN": 89960, "DEU": 165},
		spans: []span{
			{1, 5, nil},
			{6, 6, figures{"HKG": 7327, "TWN": 5177}},
			{7, 12, nil},
		},
	},
}

// knownJanuary2024 is 2023 by country as the monthly report of February 2024 had
// it (S07), total 274,965; countries not listed were already as they are now,
// but for two in the line "Lainnya" (here Jerman's neighbours in it: Inggris).
var knownJanuary2024 = figures{
	"TWN": 83216, "MYS": 72260, "HKG": 65916, "KOR": 12580, "JPN": 9673, "SGP": 7898, "SAU": 6310, "ITA": 3519, "BRN": 2872, "TUR": 2289,
}

const total2023KnownJanuary2024 = 274965
