package samples

import "strconv"

// Registers that are handed over as files alone: other systems serve what they hold, or nobody does.

// remittanceRegister are the lines of the quarterly table that stand for good.
var remittanceRegister = register{
	name:   "remitansi_bank",
	fields: []string{"nomor", "tahun", "triwulan", "negara", "kanal", "nilai_juta_usd"},
	fill: func(w *World, add func(e entry)) {
		for i, r := range w.remit {
			if r.until != 0 {
				continue
			}
			amount := dotted(r.amount/100) + "," + string(appendPadded(nil, r.amount%100, 2))
			add(entry{at(r.published, 9*3600), r.published, []string{recordNumber("RM", r.year, i), strconv.Itoa(r.year), strconv.Itoa(r.quarter), r.country, "BI", amount}})
		}
	},
}

// placementRegister is what SISKOP2MI knows, its dirt included. A row that is too short or too long there
// is of the right length here.
var placementRegister = register{
	name:   "penempatan_berkas",
	fields: dropHeader[:columns-1],
	fill: func(w *World, add func(e entry)) {
		last := Deliveries()[len(Deliveries())-1]
		var c cells
		w.sisko.walk(place{}, momentOf(last), func(known place, index int, item *siskoItem) bool {
			row := w.siskoRow(index, item)
			c.render(&row, &unit{code: units[provinceUnit[row.province]].code, dates: iso})
			texts := make([]string, columns-1)
			for i := range min(c.n, columns-1) {
				texts[i] = string(c.get(i))
			}
			add(entry{known.updated, row.completed, texts})
			return true
		})
	},
}

// laporStatus are the national portal's words for steps; "Proses" names none.
var laporStatus = map[string]string{"DITERIMA": "Belum Terverifikasi", "VERIFIKASI": "Belum Ditindaklanjuti", "DITUTUP_ADM": "Diarsipkan"}

// laporRegister are the reports that the national portal handed over: one case of ten. Of fifty one has a
// status that names no step, in a world of some size.
var laporRegister = register{
	name:   "lapor",
	fields: []string{"nomor", "masuk", "negara", "kategori", "status", "Judul", "Isi Laporan", "Pelapor", "Instansi Terdisposisi"},
	fill: func(w *World, add func(e entry)) {
		n := 0
		for i := range w.cases {
			c := &w.cases[i]
			if i%10 != 3 {
				continue
			}
			n++
			for _, e := range c.events {
				status := caseSteps[e.step]
				if word, ok := laporStatus[status]; ok {
					status = word
				}
				if n > 50 && n%50 == 7 { // in a small world one would be too large a share
					status = "Proses"
				}
				add(entry{max(e.recorded, e.visible), int(c.received / 86400), []string{"L" + string(c.appendNumber(nil, c.number)), string(appendStamp(nil, c.received)),
					caseCountries[c.country].text, caseCategories[c.category].text, status,
					"Laporan contoh", "Isi laporan contoh", "Pelapor Contoh", "KP2MI (contoh)"}})
			}
		}
	},
}

// victimRegister are victims of trafficking by month, province and sex. All numbers are invented.
var victimRegister = register{
	name:   "korban_tppo",
	fields: []string{"nomor", "kode_provinsi", "provinsi", "bulan", "jenis_kelamin", "korban"},
	fill: func(w *World, add func(e entry)) {
		for m := range 48 {
			year, month := 2022+m/12, m%12+1
			end := dayNumber(year, month, daysIn(year, month))
			for k, code := range []string{"12", "32", "33", "35", "52", "53"} {
				for s, sex := range sexLetters {
					add(entry{at(end+30, 9*3600), end, []string{recordNumber("TP", year, 100*month+10*k+s), code, provinceName(code),
						strconv.Itoa(year) + "-" + string(appendPadded(nil, month, 2)), sex, strconv.Itoa(1 + (m+3*k+5*s)%9)}})
				}
			}
		}
	},
}
