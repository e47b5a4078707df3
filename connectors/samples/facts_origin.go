package samples

import (
	_ "embed"
	"strconv"
	"strings"
)

// Where people come from: provinces, regencies and the unit offices that serve
// them. Codes are Kemendagri's. Counts: S05 (2025, exact; 2024, comparison
// column), S24 (2024), S08 (2023), S18 (October 2022); provinces without a
// published count share what is left by restWeight.

type province struct {
	code, name, unit string
	restWeight       float64
	since            int // first year whose records use the code; 0 = all
}

var provinces = []province{
	{"11", "Aceh", "BP3MI-ACEH", .9, 0}, {"12", "Sumatera Utara", "BP3MI-SUMUT", 9, 0}, {"13", "Sumatera Barat", "BP3MI-SUMBAR", .9, 0},
	{"14", "Riau", "BP3MI-RIAU", .7, 0}, {"15", "Jambi", "BP3MI-SUMSEL", .4, 0}, {"16", "Sumatera Selatan", "BP3MI-SUMSEL", 2, 0},
	{"17", "Bengkulu", "BP3MI-SUMSEL", .7, 0}, {"18", "Lampung", "BP3MI-LAMPUNG", 20, 0}, {"19", "Kepulauan Bangka Belitung", "BP3MI-SUMSEL", .15, 0},
	{"21", "Kepulauan Riau", "BP3MI-KEPRI", .9, 0}, {"31", "DKI Jakarta", "BP3MI-DKI", 2, 0}, {"32", "Jawa Barat", "BP3MI-JABAR", 50, 0},
	{"33", "Jawa Tengah", "BP3MI-JATENG", 55, 0}, {"34", "DI Yogyakarta", "BP3MI-DIY", 2.3, 0}, {"35", "Jawa Timur", "BP3MI-JATIM", 68, 0},
	{"36", "Banten", "BP3MI-BANTEN", 3.2, 0}, {"51", "Bali", "BP3MI-BALI", 9, 0}, {"52", "Nusa Tenggara Barat", "BP3MI-NTB", 33, 0},
	{"53", "Nusa Tenggara Timur", "BP3MI-NTT", 2.4, 0}, {"61", "Kalimantan Barat", "BP3MI-KALBAR", 2, 0}, {"62", "Kalimantan Tengah", "BP3MI-KALSEL", .15, 0},
	{"63", "Kalimantan Selatan", "BP3MI-KALSEL", .6, 0}, {"64", "Kalimantan Timur", "BP3MI-KALTARA", .5, 0}, {"65", "Kalimantan Utara", "BP3MI-KALTARA", .6, 0},
	{"71", "Sulawesi Utara", "BP3MI-SULUT", 1.2, 0}, {"72", "Sulawesi Tengah", "BP3MI-SULTENG", .7, 0}, {"73", "Sulawesi Selatan", "BP3MI-SULSEL", 2.1, 0},
	{"74", "Sulawesi Tenggara", "BP3MI-SULTRA", .7, 0}, {"75", "Gorontalo", "BP3MI-SULUT", .02, 0}, {"76", "Sulawesi Barat", "BP3MI-SULSEL", .6, 0},
	{"81", "Maluku", "BP3MI-SULSEL", .25, 0}, {"82", "Maluku Utara", "BP3MI-SULUT", .012, 0}, {"91", "Papua", "BP3MI-SULSEL", .02, 0},
	{"92", "Papua Barat", "BP3MI-SULSEL", .015, 0}, {"93", "Papua Selatan", "BP3MI-SULSEL", .006, 2024}, {"94", "Papua Tengah", "BP3MI-SULSEL", .006, 2024},
	{"95", "Papua Pegunungan", "BP3MI-SULSEL", .004, 2024}, {"96", "Papua Barat Daya", "BP3MI-SULSEL", .006, 2024},
}

// provinceFact: counts by province code out of a total. Where the total is the
// year's own, they are exact; else they are shares.
type provinceFact struct {
	of     int
	counts figures
}

var provinceFacts = map[int]provinceFact{
	2022: {24088, figures{"35": 5757, "33": 5220, "52": 3905, "32": 3744, "12": 1873}},
	2023: {274965, figures{"35": 68069, "33": 59009, "32": 52961, "52": 33949, "18": 21539, "12": 10550, "51": 9359, "36": 3183, "16": 2088,
		"73": 2076, "75": 20, "92": 15, "82": 12}},
	2024: {297434, figures{"35": 79339, "32": 61556, "52": 31031, "33": 66581, "18": 25123}}, // the last two: S24's by Jawa Timur's revision
	2025: {296948, figures{"35": 69925, "32": 62358, "33": 62276, "52": 35215, "18": 24175, "51": 10059, "73": 7173, "53": 4163, "36": 3658, "12": 3545}},
}

// leaning multiplies the seed of (province, country): islands near Malaysia send
// there, Bali sends to ships and resorts.
var leaning = map[string]map[string]float64{
	"52": {"MYS": 6, "SAU": 2.5, "ARE": 2}, "12": {"MYS": 6}, "53": {"MYS": 5, "SGP": 2}, "73": {"MYS": 5}, "61": {"MYS": 3, "BRN": 5}, "65": {"MYS": 6, "BRN": 3},
	"35": {"HKG": 1.7, "TWN": 1.3, "MYS": .8}, "33": {"KOR": 2, "HKG": 1.3, "TWN": 1.3, "JPN": 1.4}, "32": {"TWN": 1.5, "SAU": 1.8, "JPN": 1.5, "KOR": 1.5},
	"18": {"TWN": 1.5, "HKG": 1.2}, "51": {"ITA": 40, "TUR": 30, "MDV": 40, "USA": 40, "POL": 20, "HRV": 20, "DMA": 20, "JPN": 3, "ARE": 10},
}

// unit is an office that drops files. Each has its own habits.
type unit struct {
	code, slug string
	comma      bool // CSV separated by comma; else by semicolon
	workbook   bool // drops XLSX
	dates      dateStyle
}

// dateStyle is how an office writes a day.
type dateStyle uint8

const (
	slashed dateStyle = iota // 17/08/2023
	dashed                   // 17-08-2023
	iso                      // 2023-08-17
)

var units = []unit{
	{"BP3MI-ACEH", "aceh", false, false, slashed}, {"BP3MI-SUMUT", "sumut", false, false, dashed}, {"BP3MI-SUMBAR", "sumbar", true, false, slashed},
	{"BP3MI-RIAU", "riau", false, false, slashed}, {"BP3MI-KEPRI", "kepri", true, false, iso}, {"BP3MI-SUMSEL", "sumsel", false, false, slashed},
	{"BP3MI-LAMPUNG", "lampung", false, false, dashed}, {"BP3MI-DKI", "dki", true, false, iso}, {"BP3MI-BANTEN", "banten", false, false, slashed},
	{"BP3MI-JABAR", "jabar", false, false, slashed}, {"BP3MI-JATENG", "jateng", true, false, slashed}, {"BP3MI-DIY", "diy", false, true, iso},
	{"BP3MI-JATIM", "jatim", false, false, slashed}, {"BP3MI-BALI", "bali", true, false, dashed}, {"BP3MI-NTB", "ntb", false, false, dashed},
	{"BP3MI-NTT", "ntt", false, false, slashed}, {"BP3MI-KALBAR", "kalbar", false, false, iso}, {"BP3MI-KALSEL", "kalsel", false, true, iso},
	{"BP3MI-KALTARA", "kaltara", false, true, iso}, {"BP3MI-SULUT", "sulut", true, false, slashed}, {"BP3MI-SULTENG", "sulteng", false, true, iso},
	{"BP3MI-SULSEL", "sulsel", false, false, slashed}, {"BP3MI-SULTRA", "sultra", true, false, dashed},
}

// regency is a place of origin with its weight inside its province.
type regency struct {
	code, name string
	weight     float64
}

//go:embed origins.csv
var originsCSV string

// Read once at start-up and never written again: for each province its
// regencies, and the unit that serves it.
var (
	regencies    = readRegencies(originsCSV)
	provinceUnit = indexUnits()
)

func readRegencies(text string) [][]regency {
	at := map[string]int{}
	for i, p := range provinces {
		at[p.code] = i
	}
	out := make([][]regency, len(provinces))
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSpace(line), ",")
		if len(f) != 3 || len(f[0]) != 4 || f[0] == "kode" {
			continue
		}
		w, err := strconv.ParseFloat(f[2], 64)
		if err != nil {
			panic("origins.csv: weight of " + f[0] + " is no number")
		}
		p := at[f[0][:2]]
		out[p] = append(out[p], regency{f[0], f[1], w})
	}
	return out
}

func indexUnits() []int {
	out := make([]int, len(provinces))
	for i, p := range provinces {
		for u := range units {
			if units[u].code == p.unit {
				out[i] = u
			}
		}
	}
	return out
}
