package samples

import "strconv"

// Registers that the ministry keeps by hand: scores with their papers, partners'
// programmes, promises, budget, publication calendar. Published are the scores of
// 2020 (S69: 75.35) and of 2025 (Ombudsman, 88.74) and that the meeting of 11 March
// 2025 took place, with which partners and on which themes. All else is invented and
// says so: its titles begin with Contoh. None of it grows with the scale.

var indicatorRegister = register{
	name:   "indikator_manual",
	fields: []string{"nomor", "indikator", "periode", "negara", "nilai", "dokumen", "tanggal", "penanda_tangan"},
	fill: func(w *World, add func(e entry)) {
		for n, v := range []struct {
			code, period, country, value, document, dated, office string
			year, month                                           int // when the register knew it
		}{
			{"Nilai kinerja anggaran", "2020", "", "75.35", "Laporan kinerja dalam opini BPK (S69), terbit", "", "", 2021, 6},
			{"Nilai Ombudsman", "2025", "", "88.74", "Penghargaan Ombudsman zona hijau, terbit 2025", "", "", 2025, 12},
			{"Biaya rekrutmen", "2024", "", "2.5", "Contoh survei biaya rekrutmen 2024", "2024-12-16", "Pusat Data dan Informasi (contoh)", 2024, 12},
			{"Biaya rekrutmen", "2024", "Taiwan", "3.1", "Contoh survei biaya rekrutmen 2024", "2024-12-16", "Pusat Data dan Informasi (contoh)", 2024, 12},
			{"Biaya rekrutmen", "2024", "Malaysia", "1.4", "Contoh survei biaya rekrutmen 2024", "2024-12-16", "Pusat Data dan Informasi (contoh)", 2024, 12},
			{"TPB 10.7.2", "2023", "", "4", "Contoh jawaban atas daftar pertanyaan PBB", "2023-11-20", "Biro Kerja Sama (contoh)", 2023, 12},
		} {
			day := dayNumber(v.year, v.month, 20)
			add(entry{at(day, 10*3600), day, []string{recordNumber("IM", v.year, n), v.code, v.period, v.country, v.value, v.document, v.dated, v.office}})
		}
	},
}

var programmeRegister = register{
	name:   "program_mitra",
	fields: []string{"nomor", "program", "tema", "mitra", "judul", "kegiatan_iati", "upt", "mulai", "selesai", "bukti"},
	fill: func(w *World, add func(e entry)) {
		for n, p := range []struct {
			partner, title, activity, unit string
			year, month, years             int
			themes                         []string
		}{
			{"GIZ", "bahasa Jerman bagi perawat dan pemuda", "XM-DAC-5-52-CONTOH-C01", "", 2023, 1, 3, []string{"Penempatan terampil"}},
			{"GIZ", "pendampingan usaha PMI purna", "XM-DAC-5-52-CONTOH-C02", "BP3MI-NTB", 2025, 1, 3, []string{"Pemberdayaan ekonomi", "Tata kelola"}},
			{"DFAT", "migrasi aman", "AU-5-CONTOH-C01", "", 2022, 1, 3, []string{"Pelindungan hukum"}},
			{"ILO", "pusat layanan PMI", "XM-DAC-41302-CONTOH-C01", "BP3MI-JATIM", 2024, 1, 3, []string{"Pelindungan hukum", "Tata kelola"}},
			{"IOM", "data migrasi internasional", "XM-DAC-47066-CONTOH-C01", "", 2024, 1, 3, []string{"Tata kelola"}},
			{"JICA", "bahasa Jepang dan keterampilan khusus", "XM-DAC-701-8-CONTOH-C01", "", 2024, 1, 3, []string{"Penempatan terampil"}},
			{"KOICA", "pelatihan sebelum berangkat", "KR-GOV-010-CONTOH-C01", "", 2023, 1, 3, []string{"Penempatan terampil"}},
		} {
			for k, theme := range p.themes {
				day := dayNumber(p.year, p.month, 1)
				add(entry{at(day, 9*3600), day, []string{recordNumber("PT", p.year, 10*n+k), recordNumber("PM", p.year, n), theme, p.partner, "Contoh: " + p.title, p.activity, p.unit,
					dayText(day), dayText(dayNumber(p.year+p.years, p.month, 1) - 1), "Contoh perjanjian"}})
			}
		}
	},
}

// foundingMeeting is the meeting of the ministry with six partners (press reports of 12 March 2025); the other one is invented.
var (
	foundingMeeting = dayNumber(2025, 3, 11)
	samplePreparing = dayNumber(2024, 12, 5)
)

var commitmentRegister = register{
	name:   "komitmen_mitra",
	fields: []string{"nomor", "pertemuan", "tanggal_pertemuan", "mitra", "tema", "komitmen", "batas_waktu", "keadaan", "ditepati"},
	fill: func(w *World, add func(e entry)) {
		for n, c := range []struct {
			partner, theme, promise string
			due, kept               int // days after the meeting; kept 0: not kept
		}{
			{"ILO", "Kerja sama dan anggaran", "daftar peserta pertemuan", 60, 55},
			{"GIZ", "Pemberdayaan ekonomi", "daftar pendampingan usaha", 90, 80},
			{"DFAT", "Pelindungan hukum", "daftar layanan bantuan hukum", 90, 130},
			{"ILO", "Tata kelola", "bahan panduan pusat layanan", 120, 110},
			{"IOM", "Tata kelola", "usulan pertukaran data", 180, 0},
			{"JICA", "Penempatan terampil", "usulan kursus bahasa", 200, 190},
			{"KOICA", "Penempatan terampil", "usulan kursus sebelum berangkat", 270, 0},
		} {
			met, meeting := foundingMeeting, "Pertemuan dengan mitra, 11 Maret 2025"
			if n == 0 {
				met, meeting = samplePreparing, "Contoh: pertemuan persiapan"
			}
			cells := []string{recordNumber("KM", 2025, n), meeting, dayText(met), c.partner, c.theme, "Contoh: " + c.promise,
				dayText(met + c.due), "Berjalan", ""}
			add(entry{at(met+1, 9*3600), met, cells})
			if c.kept > 0 {
				cells = join(cells)
				cells[7], cells[8] = "Ditepati", dayText(met+c.kept)
				add(entry{at(met+c.kept+1, 9*3600), met, cells})
			}
		}
	},
}

// budgetThemes are the sample's budget of 2025 by theme, in millions of rupiah; other years are in proportion.
var budgetThemes = []struct {
	unit, theme   string
	need, ceiling int
}{
	{"Contoh: satuan kerja pemberdayaan", "Pemberdayaan ekonomi", 220_000, 140_000}, {"Contoh: satuan kerja pelindungan", "Pelindungan hukum", 260_000, 190_000},
	{"Contoh: satuan kerja data", "Tata kelola", 90_000, 70_000}, {"Contoh: satuan kerja kerja sama", "Kerja sama dan anggaran", 30_000, 25_000},
	{"Contoh: satuan kerja penempatan", "Penempatan terampil", 240_000, 175_000},
}

var budgetRegister = register{
	name:   "anggaran",
	fields: []string{"nomor", "tahun", "satuan_kerja", "tema", "kebutuhan", "pagu", "realisasi"},
	fill: func(w *World, add func(e entry)) {
		for k, year := range []int{2024, 2025} {
			for n, b := range budgetThemes {
				percent := 80 + 20*k
				need, ceiling := b.need*percent/100, b.ceiling*percent/100
				cells := []string{recordNumber("AG", year, n), strconv.Itoa(year), b.unit, b.theme, strconv.Itoa(need * 1_000_000), strconv.Itoa(ceiling * 1_000_000), ""}
				day := dayNumber(year, 1, 10)
				add(entry{at(day, 9*3600), day, cells})
				cells = join(cells)
				cells[6] = strconv.Itoa(ceiling * (90 + n) / 100 * 1_000_000)
				add(entry{at(dayNumber(year+1, 1, 8), 9*3600), day, cells})
			}
		}
	},
}

var calendarRegister = register{
	name:   "kalender_publikasi",
	fields: []string{"nomor", "publikasi", "jadwal", "terbit"},
	fill: func(w *World, add func(e entry)) {
		for n := range 48 { // the month's report, due on the twentieth of the next; every sixth is four days late
			year, month := 2022+n/12, n%12+1
			due := dayNumber(year+month/12, month%12+1, 20)
			cells := []string{recordNumber("KP", year, n), "Contoh laporan bulanan penempatan", dayText(due), ""}
			add(entry{at(dayNumber(year, 1, 5), 9*3600), due, cells})
			out := due - 1
			if n%6 == 5 {
				out = due + 4
			}
			cells = join(cells)
			cells[3] = dayText(out)
			add(entry{at(out+1, 9*3600), due, cells})
		}
	},
}
