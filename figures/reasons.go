package figures

// Codes of the reasons that a reconciliation gives. They are stable: goldens and
// programs compare them.
const (
	// why a published figure differs
	revision      = "revision"
	partsDoNotAdd = "published_parts_do_not_add_up"
	misprint      = "suspected_misprint"
	otherVintage  = "other_vintage"
	sampleSplit   = "sample_split"
	definition    = "definition"
	// why it cannot be computed
	noKPI           = "no_kpi"
	otherDefinition = "different_definition"
	stock           = "stock_not_held"
	cumulative      = "cumulative"
	periodUnclear   = "period_unclear"
	outsideData     = "outside_data"
	partialMonth    = "partial_month"
	noBreakdown     = "no_breakdown"
	mixedMeasures   = "mixed_measures"
	memberUnknown   = "member_unknown"
	withheld        = "value_not_available"
	otherCurrency   = "other_currency"
	noTarget        = "target_not_recorded"
	input           = "input_of_kpi"
)

// sentences explain each code to a reader. A sentence with blanks is completed
// where the code is given.
var sentences = map[string]Text{
	revision: {
		"Data sumber direvisi setelah angka ini terbit: rilis %s (per %s) menghitung %s.",
		"The source data were revised after this was printed: release %s (as of %s) computes %s."},
	partsDoNotAdd: {
		"Rincian yang terbit tidak berjumlah sama dengan totalnya sendiri (%s dari %s).",
		"The published parts do not add up to their own total (%s of %s)."},
	misprint: {
		"Angka terbitan diduga salah cetak: %s.",
		"The printed figure is probably a misprint: %s."},
	otherVintage: {
		"Terbitan ini memakai keadaan data yang lain: %s.",
		"This publication rests on another state of the data: %s."},
	sampleSplit: {
		"Data contoh mengikuti total yang terbit, bukan rincian ini.",
		"The sample data follow the published totals, not this split."},
	definition: {
		"Definisi terbitan tampaknya berbeda; periksa cakupan dan sumbernya.",
		"The publication seems to use another definition; check its coverage and source."},
	noKPI: {
		"Belum ada KPI untuk ukuran ini.",
		"There is no KPI for this measure yet."},
	otherDefinition: {
		"Terbitan memotret status kasus saat terbit atau memakai ukuran yang tidak dapat dijumlahkan; KPI di sini memakai kohort.",
		"The publication is a snapshot of case states, or a measure that cannot be summed; the KPI here is a cohort measure."},
	stock: {
		"Angka ini stok pada satu saat; rilis hanya memuat arus.",
		"This is a stock at one moment; the release holds flows only."},
	cumulative: {
		"Angka kumulatif sejak sebelum data dimulai.",
		"A cumulative count from before the data begin."},
	periodUnclear: {
		"Periode yang dimaksud tidak jelas.",
		"It is not clear which period is meant."},
	outsideData: {
		"Periode ini di luar data rilis.",
		"The period lies outside the data of the release."},
	partialMonth: {
		"Periode berawal atau berakhir di tengah bulan; angka di sini per bulan penuh.",
		"The period begins or ends within a month; figures here are by whole month."},
	noBreakdown: {
		"KPI ini tidak dirinci menurut dimensi tersebut.",
		"The KPI is not broken down this way."},
	mixedMeasures: {
		"Terbitan menjumlahkan hal yang di sini ukuran tersendiri dan tidak dijumlahkan.",
		"The publication adds up what are measures of their own here and are not added."},
	memberUnknown: {
		"Nama anggota rincian tidak ada di daftar kode.",
		"The member's name is not in the code lists."},
	withheld: {
		"Angka ini tidak tersedia atau disamarkan dalam rilis.",
		"The release has this figure as not available or suppressed."},
	otherCurrency: {
		"Terbitan memakai rupiah; rilis menyimpan dolar AS tanpa kurs.",
		"The publication is in rupiah; the release holds US dollars and no rate."},
	noTarget: {
		"Target ini tidak tercatat dalam daftar target.",
		"This target is not on record in the list of targets."},
	input: {
		"Angka ini masukan bagi suatu KPI (plafon), bukan hasilnya.",
		"This goes into a KPI (a ceiling) and is no result of it."},
}
