package samples

import (
	"math/rand/v2"
	"strconv"
)

// Returns, shelters and legal aid.
//
// Published and exact at scale 1: returns of 2023 in all (S24: 21,945), and of 2024
// by class (S24: 10,568 in difficulty, 262 ill, 486 dead, 4,191 prevented from
// leaving). The rest is chosen: 2022 and 2025 in round numbers, countries by the
// published proportions of 2024.

// returnsOf are the returns by class and year.
var returnsOf = []struct {
	class  string
	counts [4]int
}{
	{"TERKENDALA", [4]int{11000, 9085, 5568, 6000}}, {"DEPORTASI", [4]int{8000, 12000, 5000, 5500}},
	{"SAKIT", [4]int{400, 340, 262, 270}}, {"MENINGGAL", [4]int{550, 520, 486, 460}}, {"PENCEGAHAN", [4]int{3000, 3500, 4191, 3600}},
}

var returnsRegister = register{
	name:   "kepulangan",
	fields: join([]string{"nomor"}, personFields, []string{"negara", "kelas", "kategori_masalah", "prosedur", "titik_debarkasi", "upt", "tanggal"}),
	fill: func(w *World, add func(e entry)) {
		for c, of := range returnsOf {
			w.eachRecord(streamReturn+uint64(c)<<8, of.counts, func(year, n, day int, random *rand.PCG) {
				r := w.someone(year, random)
				country := []string{"Malaysia", "Arab Saudi", "Singapura", "Thailand", "Uni Emirat Arab", "Taiwan", "Kamboja"}[oneOf(random, 71, 8, 2, 3, 4, 5, 7)]
				point := []string{"Bandara Soekarno-Hatta", "Bandara Juanda", "Bandara Kualanamu", "Bandara Lombok", "Tunon Taka", "Batam Center", "PLBN Entikong", "Dumai"}[oneOf(random, 30, 12, 8, 7, 18, 10, 10, 5)]
				if of.class == "PENCEGAHAN" {
					country = ""
				}
				procedure := []string{"Nonprosedural", "Prosedural"}[oneOf(random, 4, 1)]
				category := ""
				if of.class == "TERKENDALA" {
					category = []string{"Gaji tidak dibayar", "Pekerjaan tidak sesuai perjanjian kerja", "Lari dari majikan", "Perdagangan orang (TPPO)", "Overstay"}[oneOf(random, 5, 5, 3, 2, 5)]
				}
				add(entry{at(day+2, 10*3600), day, join([]string{recordNumber("KP"+strconv.Itoa(c), year, n)}, r.personCells(random),
					[]string{country, of.class, category, procedure, point, r.unit(), dayText(day)})})
			})
		}
	},
}

// shelters are the sample's: of missions abroad, of the ministry, of a partner.
var shelters = []struct {
	id, location, country, unit string
	beds, share                 int
}{
	{"SH-KL", "Perwakilan", "Malaysia", "", 120, 30}, {"SH-RY", "Perwakilan", "Arab Saudi", "", 90, 20}, {"SH-HK", "Perwakilan", "Hong Kong", "", 40, 8},
	{"SH-TP", "Perwakilan", "Taiwan", "", 40, 8}, {"RR-BANTEN", "Rumah Ramah", "", "BP3MI-BANTEN", 60, 14}, {"RR-KALTARA", "Rumah Ramah", "", "BP3MI-KALTARA", 80, 12},
	{"MT-NTT", "Mitra", "", "BP3MI-NTT", 25, 8},
}

var capacityRegister = register{
	name:   "kapasitas_penampungan",
	fields: []string{"nomor", "kode", "berlaku_mulai", "lokasi", "negara", "upt", "tempat_tidur"},
	fill: func(w *World, add func(e entry)) {
		for _, s := range shelters {
			for k, year := range []int{2022, 2025} { // a fifth more beds from 2025 on
				day := dayNumber(year, 1, 1)
				beds := strconv.Itoa(s.beds + k*s.beds/5)
				add(entry{at(day, 8*3600), day, []string{recordNumber(s.id, year, 0), s.id, dayText(day), s.location, s.country, s.unit, beds}})
			}
		}
	},
}

var staysRegister = register{
	name:   "penampungan",
	fields: join([]string{"nomor"}, personFields, []string{"kode_penampungan", "lokasi", "negara", "upt", "kategori_masalah", "masuk", "keluar"}),
	fill: func(w *World, add func(e entry)) {
		shares := make([]int, len(shelters))
		for i, s := range shelters {
			shares[i] = s.share
		}
		w.eachRecord(streamStay, [4]int{1200, 1300, 1250, 1150}, func(year, n, day int, random *rand.PCG) {
			r, s := w.someone(year, random), shelters[oneOf(random, shares...)]
			category := []string{"Gaji tidak dibayar", "Tindak kekerasan / penganiayaan", "Perdagangan orang (TPPO)", "Lari dari majikan", "PMI hamil / punya anak"}[oneOf(random, 6, 3, 2, 6, 2)]
			nights := 3 + below(random.Uint64(), 60)
			cells := join([]string{recordNumber("PN", year, n)}, r.personCells(random), []string{s.id, s.location, s.country, s.unit, category, dayText(day), ""})
			add(entry{at(day, 20*3600), day, cells})
			left := join(cells)
			left[len(left)-1] = dayText(day + nights)
			add(entry{at(day+nights, 18*3600), day, left})
		})
	},
}

// legalPaths are the kinds of service with their weights and what they come to.
var legalPaths = []struct {
	path, place, forum string
	weight             int
	results            []string // the last is the worst
	recovers           bool
}{
	{"Konsultasi", "Dalam negeri", "", 30, nil, false}, {"Klaim", "Dalam negeri", "BPJS Ketenagakerjaan", 15, []string{"Tercapai kesepakatan", "Tidak tercapai kesepakatan"}, true},
	{"Klarifikasi", "Dalam negeri", "", 20, []string{"Tercapai kesepakatan", "Tidak tercapai kesepakatan"}, true},
	{"Mediasi", "Dalam negeri", "", 20, []string{"Tercapai kesepakatan", "Tidak tercapai kesepakatan"}, true},
	{"Mediasi", "Luar negeri", "Perwakilan RI", 8, []string{"Tercapai kesepakatan", "Tidak tercapai kesepakatan"}, true},
	{"PHI", "Luar negeri", "Mahkamah ketenagakerjaan (contoh)", 4, []string{"Menang", "Menang sebagian", "Kalah"}, true},
	{"Pidana", "Luar negeri", "Pengadilan pidana (contoh)", 3, []string{"Menang", "Bebas dari hukuman mati", "Kalah"}, false},
}

// The results' spelling that the list knows where it prints another.
var legalSpelling = map[string]string{"Menang": "Dimenangkan", "Menang sebagian": "Dimenangkan sebagian", "Kalah": "Tidak dimenangkan"}

var legalRegister = register{
	name:   "bantuan_hukum",
	fields: join([]string{"nomor"}, personFields, []string{"jalur", "kategori", "tempat", "forum", "negara", "upt", "mulai", "selesai", "hasil", "nilai_dipulihkan"}),
	fill: func(w *World, add func(e entry)) {
		weights := make([]int, len(legalPaths))
		for i, p := range legalPaths {
			weights[i] = p.weight
		}
		w.eachRecord(streamLegal, [4]int{1100, 1200, 1150, 1250}, func(year, n, day int, random *rand.PCG) {
			r, p := w.someone(year, random), legalPaths[oneOf(random, weights...)]
			category := []string{"Gaji tidak dibayar", "Biaya penempatan melebihi struktur biaya", "Jaminan sosial / asuransi PMI", "Tindak kekerasan / penganiayaan"}[oneOf(random, 6, 4, 3, 2)]
			cells := join([]string{recordNumber("BH", year, n)}, r.personCells(random),
				[]string{p.path, category, p.place, p.forum, countries[r.country].name, r.unit(), dayText(day), "", "", ""})
			add(entry{at(day+1, 9*3600), day, cells})
			took := 10 + below(random.Uint64(), 200)
			if below(random.Uint64(), 8) == 0 {
				return // still going on
			}
			ended := join(cells)
			ended[len(ended)-3] = dayText(day + took)
			if len(p.results) > 0 {
				result := p.results[min(below(random.Uint64(), len(p.results)+2), len(p.results)+1)%len(p.results)]
				ended[len(ended)-2] = result
				if spelt, ok := legalSpelling[result]; ok {
					ended[len(ended)-2] = spelt
				}
				if p.recovers && result != p.results[len(p.results)-1] {
					ended[len(ended)-1] = strconv.Itoa(1_000_000 * (2 + below(random.Uint64(), 60)))
				}
			}
			add(entry{at(day+took, 15*3600), day, ended})
		})
	},
}
