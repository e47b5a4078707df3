package samples

// Complaints by month and what is published about them.
//
// 2023: total 1,995, August 172 (S02), first half 898 (S32), January-November
// 1,918 (S65). 2024: the monthly series, which closes (S02 S03 S04 S25-S29); of
// April and June only the sum, 228, is published. 2022: total 2,016, from the sum
// of three years (S38). 2025: March 171 (S04), November 2024 to April 2025
// together 567 (S73); the rest is chosen. Splits: S25-S30, S32, S36, S38, S65.

// caseSpan is a run of months with the counts published for it; what they leave
// is shared by the weights of the dimension.
type caseSpan struct {
	year, from                       int
	months                           []int
	categories, countries, provinces figures
	procedures                       [3]int // nonprocedural, procedural, other; all zero: by share
}

var caseSpans = []caseSpan{
	{2022, 1, []int{120, 118, 140, 131, 128, 160, 171, 190, 205, 221, 216, 216},
		figures{"K01": 602, "K03": 256, "K07": 204, "K02": 174}, figures{"MYS": 631, "SAU": 416}, figures{"52": 165}, [3]int{}},
	{2023, 1, []int{131, 128, 150, 127, 176, 186},
		figures{"K01": 270, "K06": 132, "K02": 84, "K17": 44, "K19": 29}, figures{"SAU": 261, "MYS": 137, "HKG": 117}, figures{"52": 75}, [3]int{727, 150, 21}},
	{2023, 7, []int{196, 172, 214, 231, 207},
		figures{"K01": 307, "K06": 150, "K02": 95, "K17": 50, "K19": 33}, figures{"SAU": 255, "MYS": 168}, figures{"52": 84}, [3]int{826, 170, 24}},
	{2023, 12, []int{77}, figures{"K01": 23, "K06": 11, "K02": 7}, figures{"SAU": 19, "MYS": 12}, figures{"52": 6}, [3]int{62, 14, 1}},
	{2024, 1, []int{114, 81, 115},
		figures{"K01": 59, "K03": 27, "K11": 25, "K07": 24, "K02": 24, "K12": 12, "K17": 10}, figures{"MYS": 62, "SAU": 50}, figures{"52": 25}, [3]int{}},
	{2024, 4, []int{108, 226, 120},
		figures{"K01": 77, "K03": 58, "K12": 49, "K17": 22, "K02": 21, "K07": 17}, figures{"MYS": 95, "SAU": 74}, figures{"52": 37}, [3]int{}},
	{2024, 7, []int{115}, figures{"K01": 24, "K03": 13, "K02": 9}, figures{"MYS": 26, "SAU": 14}, figures{"32": 35, "52": 9}, [3]int{}},
	{2024, 8, []int{143}, figures{"K01": 30, "K03": 16, "K02": 14}, figures{"MYS": 30, "SAU": 20, "TWN": 20, "HKG": 14, "KHM": 10}, figures{"32": 42, "52": 12}, [3]int{}},
	{2024, 9, []int{134}, figures{"K02": 45, "K01": 33, "K03": 10, "K30": 9}, figures{"TWN": 41, "MYS": 30, "SAU": 14, "KHM": 13, "ARE": 6}, figures{"52": 11}, [3]int{}},
	{2024, 10, []int{106}, figures{"K01": 22, "K02": 18, "K03": 9}, figures{"MYS": 22, "SAU": 12}, figures{"52": 9}, [3]int{}},
	{2024, 11, []int{96}, figures{"K01": 22, "K02": 15, "K30": 12, "K07": 7}, figures{"TWN": 21, "MYS": 15, "SAU": 9, "KOR": 5}, figures{"52": 8}, [3]int{}},
	// The 23 printed for Kongo are taken for Kamboja, which the annual text names among the first five.
	{2024, 12, []int{142}, figures{"K01": 50, "K02": 16, "K03": 13, "K08": 10, "K30": 9}, figures{"MYS": 31, "KHM": 23, "SAU": 18, "TWN": 18}, figures{"52": 10}, [3]int{111, 31, 0}},
	{2025, 1, []int{50, 48, 171, 60, 128, 141, 137, 150, 146, 139, 133, 144},
		figures{"K01": 268, "K03": 150, "K02": 160, "K30": 90}, figures{"MYS": 330, "SAU": 150, "TWN": 210, "KHM": 160}, figures{"32": 400, "52": 110}, [3]int{}},
}

// label is a code of ours beside what the case system writes, and its weight in
// what publications leave open.
type label struct {
	code, text string
	weight     float64
}

var caseCategories = []label{
	{"K01", "PMI ingin dipulangkan", 10}, {"K02", "PMI gagal berangkat", 8}, {"K03", "Gaji tidak dibayar", 8}, {"K04", "Gaji di bawah standar", 4},
	{"K05", "Potongan gaji melebihi ketentuan", 5}, {"K06", "Biaya penempatan melebihi struktur biaya", 6}, {"K07", "Meninggal dunia di negara tujuan", 5},
	{"K08", "Sakit / rawat inap", 6}, {"K09", "Kecelakaan kerja", 3}, {"K10", "Depresi / sakit jiwa", 2}, {"K11", "PMI hamil / punya anak", 3},
	{"K12", "Deportasi / repatriasi", 6}, {"K13", "Overstay", 3}, {"K14", "Tidak berdokumen", 4}, {"K15", "Penahanan paspor / dokumen", 4},
	{"K16", "Pemalsuan dokumen", 1}, {"K17", "Penipuan peluang kerja", 5}, {"K18", "Perekrutan ilegal calon PMI", 4}, {"K19", "Perdagangan orang (TPPO)", 4},
	{"K20", "Pekerjaan tidak sesuai perjanjian kerja", 5}, {"K21", "PHK sebelum perjanjian kerja berakhir", 5}, {"K22", "Putus hubungan komunikasi", 5},
	{"K23", "Tindak kekerasan / penganiayaan", 4}, {"K24", "Pelecehan seksual", 1}, {"K25", "PMI dalam tahanan / proses hukum", 3}, {"K26", "Hukuman mati", .3},
	{"K27", "Lari dari majikan", 3}, {"K28", "Unfit", 2}, {"K29", "Selesai kontrak tidak dipulangkan", 3}, {"K30", "Jaminan sosial / asuransi PMI", 4},
	{"K99", "Lain-lain", 6},
}

// categoryAliases are other labels that arrive for a category.
var categoryAliases = figuresText{"K01": "Ingin dipulangkan", "K03": "Gaji tak dibayar", "K06": "Overcharging", "K07": "Meninggal dunia", "K12": "Deportasi/repatriasi",
	"K19": "TPPO", "K21": "PHK sepihak", "K30": "Jaminan sosial PMI"}

// figuresText are words by code.
type figuresText map[string]string

// Where the case happened; the last line is cases without a country.
var caseCountries = []label{
	{"MYS", "Malaysia", 20}, {"SAU", "Arab Saudi", 12}, {"TWN", "Taiwan", 13}, {"HKG", "Hong Kong", 10}, {"SGP", "Singapura", 6}, {"ARE", "Uni Emirat Arab", 6},
	{"KHM", "Kamboja", 7}, {"KOR", "Korea Selatan", 3}, {"BRN", "Brunei Darussalam", 3}, {"JOR", "Yordania", 3}, {"QAT", "Qatar", 3}, {"OMN", "Oman", 3},
	{"KWT", "Kuwait", 2}, {"JPN", "Jepang", 3}, {"THA", "Thailand", 2}, {"TUR", "Turki", 2}, {"POL", "Polandia", 1.5}, {"BHR", "Bahrain", 1}, {"", "", 2},
}

var caseProvinces = []label{
	{"32", "Jawa Barat", 27}, {"33", "Jawa Tengah", 15}, {"35", "Jawa Timur", 11}, {"52", "Nusa Tenggara Barat", 8}, {"12", "Sumatera Utara", 6},
	{"18", "Lampung", 5}, {"36", "Banten", 5}, {"53", "Nusa Tenggara Timur", 4}, {"31", "DKI Jakarta", 4}, {"73", "Sulawesi Selatan", 3}, {"51", "Bali", 2},
	{"16", "Sumatera Selatan", 2}, {"61", "Kalimantan Barat", 2}, {"71", "Sulawesi Utara", 2}, {"34", "DI Yogyakarta", 1.5}, {"11", "Aceh", 1.5},
	{"14", "Riau", 1}, {"21", "Kepulauan Riau", 1},
}

// procedures with the shares of January to 5 December 2024 (S36).
var caseProcedures = []label{{"NONPROSEDURAL", "Nonprosedural", 985}, {"PROSEDURAL", "Prosedural", 265}, {"LAINNYA", "Lainnya", 212}}

// caseChannels after S30, S34 and S35, with the channels that came later.
var caseChannels = []label{
	{"SURAT", "Surat", 30}, {"LANGSUNG", "Langsung", 24}, {"TELEPON", "Telepon", 13}, {"EPENGADUAN", "e-Pengaduan", 9}, {"WHATSAPP", "WhatsApp", 9},
	{"EMAIL", "Email", 6}, {"MEDSOS", "Media Sosial", 6}, {"LAINNYA", "Lainnya", 2},
}

var caseRelations = []label{{"KELUARGA", "Keluarga", 52}, {"PMI", "PMI", 34}, {"KUASA", "Kuasa hukum / LSM", 6}, {"MASYARAKAT", "Masyarakat", 4}, {"PERWAKILAN", "Perwakilan RI", 4}}

// Women and men among those who complained, January to 5 December 2024 (S36).
var caseSexes = []label{{"L", "L", 712}, {"P", "P", 750}}

// The steps of a case, in order; the last three end it.
var caseSteps = []string{"DITERIMA", "VERIFIKASI", "KLARIFIKASI_1", "KLARIFIKASI_2", "MEDIASI", "LITIGASI", "SELESAI", "DITUTUP_ADM", "DILIMPAHKAN"}

const (
	stepReceived = iota
	stepVerified
	stepClarified
	stepClarifiedAgain
	stepMediated
	stepInCourt
	stepResolved
	stepClosed
	stepReferred
)

// resolution is the declared curve: the share of all cases resolved within so
// many days of receipt. It is chosen, so that snapshots a few weeks old show the
// few per cent of the monthly reports and a year later a good half is resolved,
// as for 2021 (S30: 55 %).
var resolution = [...]struct {
	days  float64
	share float64
}{{0, 0}, {7, .02}, {30, .07}, {60, .14}, {90, .21}, {180, .39}, {365, .56}, {540, .62}}

// Shares of all cases that are closed administratively or referred; what is left
// stays open.
const closedShare, referredShare = .24, .09

// closures are the reasons of administrative closure, with the days after which
// the rule allows it and how much longer it takes at most.
var closures = [...]struct {
	reason     string
	days, more int
}{{"LENGKAP_30H", 30, 25}, {"TAK_JELAS_15HK", 21, 40}, {"TAK_TERHUBUNG_60H", 60, 90}, {"TANPA_TANGGAPAN_6BLN", 182, 100}}
