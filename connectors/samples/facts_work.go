package samples

// What people do, for whom and through whom: occupation, sex, employer type,
// scheme, education and marital status.
//
// Sources: S03 S05 S07 S09 S10 S11 S14 S15 S18 S21 S22 of
// configs/reference/published_sources.csv. 2025's total of women and its five
// largest occupations are published and exact; the splits of 2022-2024 are other
// vintages and are followed as shares, so they do not add up to the publication.

// occupation has its title as the ministry prints it, the count of 2025, the
// chance that such a worker is a woman, and that the employer is a household.
type occupation struct {
	title            string
	of2025           int
	female, domestic float64
}

var occupations = []occupation{
	{"House Maid", 76773, .985, 1}, {"Caregiver", 53574, .86, .85}, {"Plantation Worker", 27828, .12, .002},
	{"Worker", 17250, .38, .002}, {"Domestic Worker", 14466, .98, 1},
	// Not published: each below the fifth, together what is left of 296,948.
	{"Operator Production", 14300, .5, .002}, {"Construction Worker", 11600, .01, .002}, {"Fisherman", 11200, .002, .002},
	{"Cleaner", 9900, .6, .05}, {"Driver", 8100, .005, .15}, {"Waiter", 8000, .45, .002}, {"Hotel Staff", 6900, .55, .002},
	{"Cook", 6200, .3, .05}, {"Spa Therapist", 6100, .97, .002}, {"Deckhand", 5400, .01, .002}, {"Welder", 5000, .005, .002},
	{"Baby Sitter", 3700, .99, 1}, {"Nurse", 2600, .75, .02}, {"Technician", 2600, .05, .002}, {"Security", 1700, .03, .002},
	{"Truck Driver", 1200, .005, .002}, {"Cashier", 900, .75, .002}, {"Other", 1657, .5, .05},
}

// workShares are the published shares of the largest occupations in a year; the
// rest keep the proportions of 2025.
var workShares = map[int][]float64{
	2022: {.2413, .1988, .0915, .060, .045}, // as 2023
	2023: {.2413, .1988, .0915, .060, .045}, // S07: 66,362, 54,665 and 25,163 of 274,965
	2024: {.2700, .1800, .0920, .058, .045}, // between January-February 2024 (S14) and 2025 (S05)
}

// femaleShare by year: October 2022 (S18), 2023 as of January 2024 (S09),
// February 2024 (S15); 2025 is the published count (S05).
var femaleShare = map[int]float64{2022: 14238.0 / 24088, 2023: 167863.0 / 274965, 2024: 15116.0 / 23716, 2025: 187468.0 / 296948}

// domesticShare is the share of household ("informal") employers: S11, S09; 2024
// is 2023 grown by the published 9.17 % (S03); 2025 stays there, because the
// printed 72.53 % is doubtful (it may be the share of P to P).
var domesticShare = map[int]float64{
	2022: 84817.0 / 200761,
	2023: 122205.0 / 274965,
	2024: 1.0917 * 122205 / 274965 * 297108 / 297434,
	2025: 1.0917 * 122205 / 274965 * 297108 / 297434,
}

// work seeds: what a country mostly hires. Weights in the order named; anything
// else gets a little.
var hires = map[string]map[string]float64{
	"HKG": {"House Maid": 60, "Domestic Worker": 22, "Caregiver": 10, "Baby Sitter": 2},
	"TWN": {"Caregiver": 52, "Operator Production": 11, "Worker": 9, "Fisherman": 9, "Construction Worker": 4, "Welder": 3, "House Maid": 3},
	"MYS": {"Plantation Worker": 50, "Operator Production": 9, "Worker": 9, "House Maid": 8, "Cleaner": 7, "Construction Worker": 8, "Cook": 2, "Waiter": 3},
	"JPN": {"Caregiver": 20, "Worker": 16, "Operator Production": 15, "Construction Worker": 10, "Waiter": 7, "Nurse": 3, "Fisherman": 4, "Welder": 4, "Cook": 4, "Hotel Staff": 4},
	"SGP": {"House Maid": 75, "Domestic Worker": 12, "Caregiver": 6, "Worker": 3},
	"KOR": {"Operator Production": 36, "Fisherman": 22, "Worker": 16, "Welder": 10, "Construction Worker": 6},
	"SAU": {"House Maid": 14, "Driver": 22, "Cleaner": 18, "Nurse": 7, "Cook": 7, "Waiter": 6, "Technician": 4, "Hotel Staff": 6},
	"ITA": {"Deckhand": 26, "Waiter": 22, "Hotel Staff": 20, "Cook": 15, "Spa Therapist": 6},
	"BRN": {"House Maid": 30, "Construction Worker": 16, "Worker": 14, "Cook": 8, "Driver": 6, "Waiter": 6},
	"TUR": {"Spa Therapist": 60, "Hotel Staff": 15, "Waiter": 8},
	"ARE": {"Spa Therapist": 15, "Waiter": 15, "Cleaner": 12, "Driver": 10, "Nurse": 8, "Security": 8, "Cashier": 6},
	"QAT": {"Driver": 14, "Cleaner": 14, "Waiter": 12, "Nurse": 9, "Security": 8, "Technician": 8},
	"MDV": {"Spa Therapist": 40, "Waiter": 14, "Cook": 12, "Hotel Staff": 12},
	"POL": {"Worker": 30, "Operator Production": 25, "Welder": 12, "Construction Worker": 12, "Truck Driver": 8},
	"DEU": {"Nurse": 80, "Hotel Staff": 6, "Cook": 5},
	"ZMB": {"Technician": 20, "Construction Worker": 20, "Driver": 15, "Plantation Worker": 5},
	"PNG": {"Technician": 18, "Construction Worker": 20, "Plantation Worker": 12, "Driver": 10},
	"HRV": {"Deckhand": 14, "Waiter": 16, "Cook": 14, "Hotel Staff": 14, "Construction Worker": 12},
	"DMA": {"Deckhand": 30, "Waiter": 20, "Hotel Staff": 15},
	"USA": {"Deckhand": 30, "Waiter": 20, "Hotel Staff": 15, "Cook": 10},
}

// likeHires lets a country hire as another does.
var likeHires = map[string]string{
	"KWT": "QAT", "OMN": "QAT", "BHR": "QAT", "JOR": "SAU", "HUN": "POL", "SVK": "POL", "ROU": "POL", "BGR": "POL", "CZE": "POL", "LTU": "POL",
	"SLB": "PNG", "GAB": "PNG", "TZA": "ZMB", "ESP": "ITA", "PRT": "ITA", "MLT": "HRV", "CYP": "HRV", "MUS": "MDV", "SYC": "MDV", "AZE": "TUR", "KAZ": "TUR",
}

// schemes as the unit offices write them. The blank one is real: the schemes
// published for 2022 leave 11,424 of 200,761 without any (S11).
var schemes = []string{"G to G", "P to P (P3MI)", "Perseorangan", "UKPS", ""}

const (
	schemeGTG = iota
	schemePTP
	schemePRS
	schemeUKPS
	schemeNone
)

// schemeFact holds the placements by government (by country, exact) and the
// weights of the other schemes. 2022 S11; 2023 S10, where 387 have no scheme;
// 2024 P to P 79.47 % (S03); 2025 P to P as in March, 75.88 % (S04).
type schemeFact struct {
	byGovernment figures
	others       [5]float64
}

var schemeFacts = map[int]schemeFact{
	2022: {figures{"KOR": 11094, "JPN": 328, "DEU": 21}, [5]float64{0, 163699, 14079, 114, 11424}},
	2023: {figures{"KOR": 11569, "JPN": 314, "DEU": 84}, [5]float64{0, 242485, 18908, 150, 237}},
	2024: {figures{"KOR": 9900, "JPN": 420, "DEU": 100}, [5]float64{0, 236371, 50463, 180, 0}},
	2025: {figures{"KOR": 9600, "JPN": 450, "DEU": 150}, [5]float64{0, 225324, 61234, 190, 0}},
}

// educations with the shares of 2022-2024 (S22), and how much likelier each is
// among those who need a diploma.
var educations = []struct {
	label          string
	share, skilled float64
}{
	{"SMA/SMK", 44, 1}, {"SMP", 31, .2}, {"SD", 22, .05}, {"Diploma", 2, 60}, {"Sarjana", 1, 60}, {"Pascasarjana", .02, 40},
}

// maritals with the counts of 2021 (S21).
var maritals = []struct {
	label string
	share float64
}{{"Kawin", 31417}, {"Belum Kawin", 23015}, {"Cerai", 18193}}
