package xlsx

import "github.com/kp2mi/lindung/reports/tables"

// The words of a workbook that no report says.
var (
	wordCover      = tables.Text{ID: "Sampul", EN: "Cover"}
	wordContents   = tables.Text{ID: "Daftar isi", EN: "Contents"}
	wordNotes      = tables.Text{ID: "Catatan", EN: "Notes"}
	wordDefined    = tables.Text{ID: "Definisi", EN: "Definitions"}
	wordCode       = tables.Text{ID: "SQL", EN: "SQL"}
	wordGaps       = tables.Text{ID: "Data grafik", EN: "Chart data"}
	wordProvenance = tables.Text{ID: "Asal-usul", EN: "Provenance"}

	wordBack     = tables.Text{ID: "← Daftar isi", EN: "← Contents"}
	wordItem     = tables.Text{ID: "Keterangan", EN: "Item"}
	wordContent  = tables.Text{ID: "Isi", EN: "Content"}
	wordSheet    = tables.Text{ID: "Lembar", EN: "Sheet"}
	wordTitle    = tables.Text{ID: "Judul", EN: "Title"}
	wordSection  = tables.Text{ID: "Bagian", EN: "Section"}
	wordKind     = tables.Text{ID: "Jenis", EN: "Kind"}
	wordText     = tables.Text{ID: "Teks", EN: "Text"}
	wordTerm     = tables.Text{ID: "Istilah", EN: "Term"}
	wordMeaning  = tables.Text{ID: "Arti", EN: "Meaning"}
	wordPart     = tables.Text{ID: "Potongan", EN: "Part"}
	wordMark     = tables.Text{ID: "tanda", EN: "mark"}
	wordUnits    = tables.Text{ID: "Satuan tertulis dalam kepala kolom.", EN: "Units are in the column heads."}
	wordNoteLink = tables.Text{ID: "Catatan untuk tabel ini ada di lembar Catatan.", EN: "The notes on this table are on the sheet Notes."}

	wordCoverLine = tables.Text{
		ID: "Setiap tabel ada di lembarnya sendiri: judul di baris 1, rilis di baris 2, catatan di baris 3, kepala kolom di baris 5, data mulai baris 6.",
		EN: "Each table has a sheet of its own: title in row 1, release in row 2, notes in row 3, column heads in row 5, data from row 6."}
	wordContentsLine = tables.Text{ID: "Klik nama lembar untuk membukanya.", EN: "Click a sheet's name to open it."}
	wordNotesLine    = tables.Text{ID: "Kalimat laporan, berurutan, dan catatan pada tabel dan grafik.", EN: "The report's sentences in their order, and the notes on tables and charts."}
	wordDefinedLine  = tables.Text{ID: "Istilah laporan, lalu cara membaca kolom op pada lembar Asal-usul.", EN: "The report's terms, then how to read column op of the sheet Provenance."}
	wordCodeLine     = tables.Text{ID: "Teks program yang menghitung angka; yang panjang terbagi dalam beberapa baris.", EN: "The programs that computed the figures; long ones are split over several rows."}
	wordGapsLine     = tables.Text{
		ID: "Kolom yang digambar grafik bila tabelnya memuat tanda; sel kosong di sini berarti putus dalam grafik, tabelnya menyebut sebabnya.",
		EN: "What charts draw where their table holds marks; an empty cell here is a gap in the chart, the table says why."}
	wordProvenanceLine = tables.Text{
		ID: "Satu baris per angka: sel, angka seperti tercetak, cara hitung (op, lihat Definisi), alamat angka, pembanding, target. lindung explain ALAMAT menunjukkan asalnya.",
		EN: "One row a number: its cell, the number as printed, how it is made (op, see Definitions), the figure's address, bases, target. lindung explain ADDRESS shows where it comes from."}

	wordFindings  = tables.Text{ID: "temuan", EN: "finding"}
	wordDecisions = tables.Text{ID: "perlu keputusan", EN: "needs decision"}
	wordChanges   = tables.Text{ID: "perubahan", EN: "change"}
	wordSentence  = tables.Text{ID: "kalimat", EN: "sentence"}
	wordSmall     = tables.Text{ID: "catatan", EN: "note"}
	wordChart     = tables.Text{ID: "grafik", EN: "chart"}
	wordTable     = tables.Text{ID: "catatan tabel", EN: "table note"}

	wordCell    = tables.Text{ID: "Sel", EN: "Cell"}
	wordShown   = tables.Text{ID: "Tercetak", EN: "As printed"}
	wordFigure  = tables.Text{ID: "Alamat angka", EN: "Figure address"}
	wordBases   = tables.Text{ID: "Pembanding", EN: "Bases"}
	wordAgainst = tables.Text{ID: "Lawan", EN: "Others"}
	wordTarget  = tables.Text{ID: "Target", EN: "Target"}
	wordPage    = tables.Text{ID: "Hal. ", EN: "Page "}
)
