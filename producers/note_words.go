package producers

import (
	"github.com/kp2mi/lindung/transforms"
)

// noteWords say what is wrong and what to repair, to somebody who has the source before them and
// does not know this program.
type noteWords struct{ wrong, repair Text }

// malformedRecord is a code of the decoders, which this room does not know.
const malformedRecord = "malformed_record"

func problemWords(code string) noteWords {
	if w, ok := problemTexts[code]; ok {
		return w
	}
	return noteWords{
		wrong:  Text{ID: "Rekaman tidak lolos pemeriksaan.", EN: "The record did not pass a check."},
		repair: Text{ID: "Periksa rekaman di tempat yang disebut, lalu kirim ulang.", EN: "Check the record at the place named and send it again."},
	}
}

var problemTexts = map[string]noteWords{
	transforms.MissingRequired: {
		Text{"Kolom wajib kosong.", "A required column is empty."},
		Text{"Isi kolom itu di sistem asal, lalu kirim ulang rekamannya.", "Fill the column in at the source and send the record again."}},
	transforms.UnknownCode: {
		Text{"Kode atau nama tidak ada dalam daftar kode.", "The code or name is not in the code list."},
		Text{"Pakai kode atau nama dari daftar dalam kontrak data; bila kodenya memang baru, kirimkan arti kode itu kepada kami.", "Use a code or name of the list in the data contract; if the code is a new one, tell us what it means."}},
	transforms.ImpossibleDate: {
		Text{"Tanggal tidak ada dalam kalender, atau tidak mungkin untuk kolom ini.", "The date is not in the calendar, or is not possible in this column."},
		Text{"Betulkan tanggalnya di sistem asal.", "Correct the date at the source."}},
	transforms.NotADate: {
		Text{"Isinya bukan tanggal yang dapat dibaca.", "The text is not a date that can be read."},
		Text{"Tulis tanggal sebagai TTTT-BB-HH, satu cara untuk seluruh berkas.", "Write dates as YYYY-MM-DD, one way in the whole file."}},
	transforms.NotANumber: {
		Text{"Isinya bukan angka, atau angka yang bermakna ganda.", "The text is not a number, or a number with two meanings."},
		Text{"Tulis angka saja, dengan satu tanda desimal yang sama di seluruh berkas.", "Write digits only, with one and the same decimal mark in the whole file."}},
	transforms.PercentInAmount: {
		Text{"Ada persen di kolom jumlah.", "There is a percentage in a column of amounts."},
		Text{"Tulis jumlahnya, bukan persennya; periksa apakah kolom tergeser.", "Write the amount instead of the percentage; check whether columns are shifted."}},
	transforms.NegativeAmount: {
		Text{"Jumlah kurang dari nol.", "The amount is below zero."},
		Text{"Betulkan jumlahnya; pembatalan disampaikan lewat status, bukan lewat angka minus.", "Correct the amount; report a reversal by its status, not as a negative number."}},
	transforms.NIKAsNumber: {
		Text{"NIK tersimpan sebagai bilangan, sehingga angka terakhirnya hilang.", "The NIK is stored as a number, so its last digits are lost."},
		Text{"Ubah kolom NIK menjadi teks di sistem asal dan isi kembali NIK dari dokumen.", "Make the NIK's column text at the source and fill the NIK in again from the document."}},
	transforms.NIKMalformed: {
		Text{"NIK tidak terdiri atas 16 angka.", "The NIK does not have 16 digits."},
		Text{"Betulkan NIK menurut dokumen kependudukan.", "Correct the NIK from the civil registration document."}},
	transforms.IdentifierInText: {
		Text{"Ada NIK di kolom yang bukan kolom NIK.", "There is a NIK in a column that is not the NIK's."},
		Text{"Pindahkan NIK ke kolomnya sendiri, dan pakai nomor rekaman yang bukan NIK; periksa apakah kolom tergeser.", "Move the NIK to its own column, and number records otherwise than by NIK; check whether columns are shifted."}},
	transforms.RegionCodeSystem: {
		Text{"Kode wilayah berasal dari sistem kode yang lain (BPS atau Kemendagri).", "The region code is of the other code system (BPS or Kemendagri)."},
		Text{"Pakai satu sistem kode wilayah, sesuai dengan yang disepakati dalam kontrak data.", "Use one system of region codes, the one agreed in the data contract."}},
	transforms.RegionUnknown: {
		Text{"Nama atau kode wilayah tidak dikenal.", "The region's name or code is not known."},
		Text{"Tulis nama resmi wilayah dengan \"Kabupaten\" atau \"Kota\" di depannya, atau kode resminya.", "Write the region's official name with \"Kabupaten\" or \"Kota\" before it, or its official code."}},
	transforms.DateOrder: {
		Text{"Urutan dua tanggal terbalik: yang kemudian mendahului yang terdahulu.", "Two dates are in the wrong order: the later comes before the earlier."},
		Text{"Periksa kedua tanggal di sistem asal dan betulkan yang salah.", "Check both dates at the source and correct the wrong one."}},
	transforms.RepeatedHeader: {
		Text{"Baris nama kolom terulang di antara data.", "The row of column names is repeated among the data."},
		Text{"Hapus baris nama kolom yang terulang dari berkas.", "Take the repeated row of column names out of the file."}},
	transforms.TotalsRow: {
		Text{"Ada baris jumlah di antara data.", "There is a row of totals among the data."},
		Text{"Hapus baris jumlah dari berkas; jumlah dihitung oleh walidata.", "Take the row of totals out of the file; totals are computed here."}},
	transforms.RaggedRow: {
		Text{"Banyaknya kolom pada baris ini lain dari baris nama kolom.", "The row has another number of columns than the row of column names."},
		Text{"Periksa tanda pemisah dan tanda kutip pada baris itu, lalu ekspor ulang.", "Check delimiters and quotes in the row and export it again."}},
	transforms.TooLongCell: {
		Text{"Isi sel terlalu panjang.", "The text of a cell is too long."},
		Text{"Periksa tanda kutip yang tidak ditutup; pendekkan isi sel.", "Check for a quote that is not closed; shorten the cell."}},
	transforms.BadEncoding: {
		Text{"Ada huruf yang rusak: pengodean berkas tidak sesuai.", "Characters are damaged: the file's encoding does not fit."},
		Text{"Simpan berkas sebagai UTF-8 dan kirim ulang.", "Save the file as UTF-8 and send it again."}},
	transforms.CodeConflict: {
		Text{"Dua kolom saling bertentangan.", "Two columns contradict each other."},
		Text{"Periksa kolom ini bersama kolom pasangannya di sistem asal dan betulkan yang salah.", "Check this column and the one that it belongs with at the source and correct the wrong one."}},
	transforms.OutsidePeriods: {
		Text{"Tanggal rekaman di luar masa yang dicakup kiriman ini.", "The record's date is outside the months that this feed covers."},
		Text{"Betulkan tanggalnya, atau kirim rekaman itu lewat kiriman untuk masanya.", "Correct the date, or send the record with the feed for its months."}},
	transforms.MissingColumn: {
		Text{"Kolom wajib tidak ada dalam berkas.", "A required column is not in the file."},
		Text{"Beri kolom itu nama yang disepakati di baris nama kolom; bila namanya memang berganti, beri tahu kami nama yang baru.", "Give the column its agreed name in the header row; if its name has changed, tell us the new one."}},
	transforms.UnreadableObject: {
		Text{"Berkas tidak dapat dibaca: rusak, terpotong, atau formatnya lain.", "The file cannot be read: damaged, cut off, or of another format."},
		Text{"Buka berkas itu di sistem asal, ekspor ulang seluruhnya menurut format dalam kontrak data, lalu kirim ulang.", "Open the file at the source, export all of it again in the format of the data contract, and send it again."}},
	transforms.UnknownObject: {
		Text{"Nama berkas tidak sesuai dengan nama mana pun dalam kontrak data.", "The file's name is none of those in the data contract."},
		Text{"Beri berkas itu nama dan jenis yang disepakati lalu kirim ulang; bila namanya memang berganti, beri tahu kami nama yang baru. Berkas yang bukan data jangan ditaruh di sini.", "Give the file its agreed name and kind and send it again; if the name has changed, tell us the new one. Keep files that are no data out of this place."}},
	transforms.TooManyRecords: {
		Text{"Berkas memuat lebih banyak rekaman daripada yang disepakati untuk satu berkas.", "The file has more records than were agreed for one file."},
		Text{"Periksa apakah isinya terulang; bila tidak, kirim dalam beberapa berkas atau beri tahu kami jumlah yang baru.", "Check whether something in it is repeated; if not, send it in several files or tell us the new number."}},
	transforms.TooMuchDelivered: {
		Text{"Dengan berkas ini, kiriman menjadi lebih besar daripada yang disepakati.", "With this file the delivery becomes larger than agreed."},
		Text{"Periksa apakah ada yang terkirim dua kali; bila tidak, kirim lebih sedikit sekaligus atau beri tahu kami ukuran yang baru.", "Check whether something was sent twice; if not, send less at a time or tell us the new size."}},
	malformedRecord: {
		Text{"Rekaman tidak dapat diuraikan.", "The record cannot be taken apart."},
		Text{"Ekspor ulang rekaman itu dari sistem asal menurut format dalam kontrak data.", "Export the record again in the format of the data contract."}},
}

var withheldWords = map[string]noteWords{
	TooManyProblems: {
		Text{"Rekaman bermasalah melebihi batas yang disepakati, sehingga seluruh kiriman ditahan. Data terakhir yang baik tetap berlaku.",
			"More records have problems than the agreed limit allows, so the whole delivery is withheld. The last good data stay."},
		Text{"Perbaiki masalah di bawah ini, lalu kirim ulang seluruh kiriman.", "Repair the problems below and send the whole delivery again."}},
	Shrunk: {
		Text{"Kiriman memuat jauh lebih sedikit baris daripada sebelumnya: baris yang pernah dikirim kini tidak ada. Data terakhir yang baik tetap berlaku.",
			"The delivery has far fewer rows than before: rows that were delivered once are absent. The last good data stay."},
		Text{"Periksa apakah ekspor terpotong, lalu kirim ulang seluruhnya; bila baris itu memang dihapus, beri tahu kami.",
			"Check whether the export was cut off and send all of it again; if the rows were really deleted, tell us."}},
	Unreadable: {
		Text{"Kiriman tidak dapat dibaca: susunan berkas atau nama kolomnya tidak sesuai dengan kontrak data. Data terakhir yang baik tetap berlaku.",
			"The delivery cannot be read: its files or column names are not those of the data contract. The last good data stay."},
		Text{"Periksa nama kolom dan format berkas terhadap kontrak data, lalu kirim ulang seluruh kiriman.",
			"Check column names and file format against the data contract and send the whole delivery again."}},
	Unexpected: {
		Text{"Kiriman memuat berkas dengan nama yang tidak disepakati, sehingga seluruh kiriman ditahan. Data terakhir yang baik tetap berlaku.",
			"The delivery has a file with a name that was not agreed, so the whole delivery is withheld. The last good data stay."},
		Text{"Betulkan nama berkasnya, atau ambil berkas itu dari kiriman.", "Correct the file's name, or take the file out of the delivery."}},
	TooLarge: {
		Text{"Kiriman jauh lebih besar daripada yang disepakati, sehingga tidak ada yang diambil. Data terakhir yang baik tetap berlaku.",
			"The delivery is far larger than agreed, so nothing of it was taken. The last good data stay."},
		Text{"Periksa apakah ada yang terulang; bila kiriman memang sebesar itu, beri tahu kami agar batasnya dinaikkan.",
			"Check whether something is repeated; if the delivery is really so large, tell us so that the limit is raised."}},
	Unspecified: {
		Text{"Seluruh kiriman ditahan. Data terakhir yang baik tetap berlaku.", "The whole delivery is withheld. The last good data stay."},
		Text{"Perbaiki masalah di bawah ini, lalu kirim ulang seluruh kiriman.", "Repair the problems below and send the whole delivery again."}},
}
