package reports

import (
	"fmt"

	"github.com/kp2mi/lindung/figures"
)

// words are the sentences of the page that no figure changes. The template asks for
// them by name; a name without a sentence stops the page.
var words = map[string]figures.Text{
	"title":            {ID: "Laporan KPI Pelindungan PMI", EN: "KPI report on the protection of Indonesian migrant workers"},
	"publisher":        {ID: "Kementerian Pelindungan Pekerja Migran Indonesia · Pusat Data dan Informasi", EN: "Ministry for the Protection of Indonesian Migrant Workers · Centre for Data and Information"},
	"as_of":            {ID: "Data per", EN: "Data as of"},
	"release":          {ID: "rilis", EN: "release"},
	"headlines":        {ID: "Angka pokok", EN: "Headline figures"},
	"no_target":        {ID: "target belum ditetapkan", EN: "no target set"},
	"target":           {ID: "Target", EN: "Target"},
	"former_target":    {ID: "Target semula", EN: "Earlier target"},
	"actual":           {ID: "Realisasi", EN: "Actual"},
	"of_target":        {ID: "dari target", EN: "of the target"},
	"running":          {ID: "tahun berjalan, belum dinilai", EN: "year still running, not yet judged"},
	"not_comparable":   {ID: "tidak dibandingkan: ukuran dan satuannya lain", EN: "not compared: another measure and unit"},
	"met":              {ID: "● tercapai", EN: "● met"},
	"near":             {ID: "▲ hampir tercapai", EN: "▲ nearly met"},
	"missed":           {ID: "■ belum tercapai", EN: "■ not met"},
	"from":             {ID: "dari", EN: "from"},
	"latest":           {ID: "terakhir tersedia:", EN: "latest available:"},
	"not_available":    {ID: "tidak tersedia", EN: "not available"},
	"trends":           {ID: "Perkembangan 24 bulan", EN: "The last 24 months"},
	"trend_sub":        {ID: "per bulan; bagian putus-putus masih sementara [p]", EN: "by month; the dashed part is provisional [p]"},
	"table":            {ID: "Tabel", EN: "Table"},
	"month":            {ID: "Bulan", EN: "Month"},
	"value":            {ID: "Nilai", EN: "Value"},
	"top":              {ID: "Sepuluh negara tujuan terbesar", EN: "The ten largest destinations"},
	"top_sub":          {ID: "layanan penempatan; garis tegak menunjukkan", EN: "placement services; the upright line shows"},
	"rank":             {ID: "No.", EN: "Rank"},
	"country":          {ID: "Negara", EN: "Destination"},
	"change":           {ID: "Perubahan", EN: "Change"},
	"share":            {ID: "Porsi", EN: "Share"},
	"rest":             {ID: "Lainnya dan tidak diketahui", EN: "Others and unknown"},
	"all":              {ID: "Semua negara", EN: "All destinations"},
	"small":            {ID: "Negara dengan kurang dari 10 layanan tidak disebut sendiri.", EN: "Destinations with fewer than 10 services are not named on their own."},
	"gaps":             {ID: "Yang tidak tersedia", EN: "What is not available"},
	"no_gaps":          {ID: "Semua KPI dalam rilis ini memiliki angka untuk bulan laporan.", EN: "Every KPI of this release has a figure for the report month."},
	"gap_suppressed":   {ID: "Disamarkan karena jumlahnya kecil.", EN: "Suppressed because the number is small."},
	"gap_no_row":       {ID: "Rilis ini tidak memuat angka untuk bulan laporan.", EN: "This release holds no figure for the report month."},
	"gap_no_data":      {ID: "Data sumber untuk bulan laporan belum ada atau belum lengkap.", EN: "The source data of the report month are not there or not complete yet."},
	"restated":         {ID: "Angka yang berubah sejak rilis sebelumnya", EN: "Figures restated since the last release"},
	"restated_first":   {ID: "Tidak ada rilis sebelumnya untuk dibandingkan.", EN: "There is no earlier release to compare with."},
	"restated_none":    {ID: "Tidak ada angka pokok yang berubah.", EN: "No headline figure has changed."},
	"restated_against": {ID: "Dibandingkan dengan rilis", EN: "Compared with release"},
	"restated_count":   {ID: "angka pokok berubah; yang terbesar:", EN: "headline figures changed; the largest:"},
	"figure":           {ID: "Angka", EN: "Figure"},
	"was":              {ID: "Semula", EN: "Was"},
	"is":               {ID: "Menjadi", EN: "Is now"},
	"mainly":           {ID: "Terutama", EN: "Mainly"},
	"withdrawn":        {ID: "ditarik [x]", EN: "withdrawn [x]"},
	"definitions":      {ID: "Definisi", EN: "Definitions"},
	"numerator":        {ID: "Pembilang", EN: "Numerator"},
	"denominator":      {ID: "Penyebut", EN: "Denominator"},
	"exclusions":       {ID: "Tidak dihitung", EN: "Left out"},
	"maturity":         {ID: "Kematangan", EN: "Maturity"},
	"key":              {ID: "Kunci", EN: "Key"},
	"key_text":         {ID: "[p] sementara, masih dapat berubah · [x] tidak tersedia (bukan nol) · [c] disamarkan · poin persen adalah selisih dua persentase", EN: "[p] provisional, may still change · [x] not available (not zero) · [c] suppressed · percentage points are the difference of two percentages"},
	"placement_note":   {ID: "Penempatan berarti layanan yang selesai dalam sistem, bukan keberangkatan.", EN: "A placement is a service completed in the system, not a departure."},
	"national_note":    {ID: "Pengaduan hanya disajikan secara nasional.", EN: "Complaints are shown for the whole country only."},
	"quality":          {ID: "Mutu data", EN: "Data quality"},
	"quality_note":     {ID: "Skor adalah bagian aturan tentang data yang lulus (lengkap, sah, konsisten, unik, tepat waktu); setiap aturan dihitung satu kali. ● semua lulus, ▲ sedikitnya sembilan dari sepuluh, ■ kurang dari itu. Skor KPI dihitung dari aturan tentang himpunan data asalnya; aturannya ada dalam meta.checks.", EN: "A score is the share of the rules about the data that passed (complete, valid, consistent, unique, on time); each rule counts once. ● all passed, ▲ at least nine of ten, ■ fewer. A KPI's score comes from the rules about the datasets that it is made from; the rules are in meta.checks."},
	"quality_met":      {ID: "● mutu data", EN: "● data quality"},
	"quality_near":     {ID: "▲ mutu data", EN: "▲ data quality"},
	"quality_missed":   {ID: "■ mutu data", EN: "■ data quality"},
	"rules_of":         {ID: "dari", EN: "of"},
	"rules_passed":     {ID: "aturan lulus", EN: "rules passed"},
	"all_sources":      {ID: "Semua sumber", EN: "All sources"},
	"source":           {ID: "Sumber", EN: "Source"},
	"score":            {ID: "Skor", EN: "Score"},
	"freshness":        {ID: "Feed menurut kalender kirimannya", EN: "Feeds by their calendar"},
	"volume":           {ID: "Feed menurut jumlah rekaman kiriman terbaru", EN: "Feeds by the size of their newest delivery"},
	"feed_on_time":     {ID: "tepat waktu", EN: "on time"},
	"feed_late":        {ID: "terlambat", EN: "late"},
	"feed_never":       {ID: "belum pernah", EN: "never came"},
	"feed_no_calendar": {ID: "tanpa kalender", EN: "without a calendar"},
	"feed_within":      {ID: "lazim", EN: "usual"},
	"feed_low":         {ID: "di bawah lazim", EN: "below the usual"},
	"feed_high":        {ID: "di atas lazim", EN: "above the usual"},
	"feed_no_band":     {ID: "tanpa batas lazim", EN: "without a usual band"},
	"days_late":        {ID: "hari", EN: "days"},
	"provenance":       {ID: "Asal-usul", EN: "Provenance"},
	"report_month":     {ID: "Bulan laporan", EN: "Report month"},
	"origin":           {ID: "Asal data", EN: "Origin of the data"},
	"origin_sample":    {ID: "contoh, dibuat oleh program", EN: "sample, generated by a program"},
	"origin_real":      {ID: "sistem resmi", EN: "official systems"},
	"log":              {ID: "Catatan commit", EN: "Commit log"},
	"code":             {ID: "Versi program", EN: "Program version"},
	"account":          {ID: "Neraca baris", EN: "Account of rows"},
	"dataset":          {ID: "Himpunan data", EN: "Dataset"},
	"rows_in":          {ID: "Masuk", EN: "In"},
	"accepted":         {ID: "Diterima", EN: "Accepted"},
	"quarantined":      {ID: "Karantina", EN: "Quarantined"},
	"superseded":       {ID: "Digantikan", EN: "Superseded"},
	"duplicates":       {ID: "Rangkap", EN: "Duplicates"},
	"tombstoned":       {ID: "Dihapus", EN: "Deleted"},
	"current":          {ID: "Berlaku", EN: "Current"},
	"how":              {ID: "Setiap angka membawa alamatnya (atribut data-figure); lindung explain ALAMAT menunjukkan asalnya.", EN: "Every number carries its address (attribute data-figure); lindung explain ADDRESS shows where it comes from."},
}

// say finds a sentence of the page.
func (l language) say(name string) (string, error) {
	text, known := words[name]
	if !known {
		return "", fmt.Errorf("report sentence %q: there is none; add it to words.go", name)
	}
	return text.In(string(l)), nil
}

// word is say for names that the package itself writes.
func (l language) word(name string) string { return words[name].In(string(l)) }
