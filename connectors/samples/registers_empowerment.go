package samples

import (
	"math/rand/v2"
	"strconv"
)

// Empowerment, businesses, loans, courses and candidates.
//
// Published and exact at scale 1: loans of 2023 in number and sum (S47: 1,397
// debtors, Rp33.11 billion), and of January to November 2025 in sum (S51: Rp64
// billion). The rest is chosen, in round numbers.

// participationsOf are the participations of each year.
var participationsOf = [4]int{2100, 2300, 2500, 3200}

// participant draws a person, as what they come, and to what kind of event.
func (w *World) participant(year int, random *rand.PCG) (r worker, who, kind string) {
	r = w.someone(year, random)
	who = []string{"PMI purna", "Keluarga PMI", "Calon PMI"}[oneOf(random, 6, 3, 1)]
	kind = []string{"Pelatihan usaha", "Pendampingan usaha", "Akses permodalan", "Akses pasar", "Edukasi keuangan"}[oneOf(random, 8, 4, 2, 2, 4)]
	return r, who, kind
}

// founder is a returned worker who forms a business: two times out of three one whom
// the empowerment register has in a training earlier in the year.
func (w *World) founder(year, day int, random *rand.PCG) worker {
	total := apportion(toFloats(participationsOf[:]), roundInt(float64(sum(participationsOf[:]))*w.opt.Scale))[year-yearFacts[0].year]
	first := dayNumber(year, 1, 1)
	earlier := total * (day - first) / (dayNumber(year+1, 1, 1) - first)
	for range 4 {
		if earlier == 0 {
			break
		}
		event := w.noise(streamEmpower, year*1_000_000+below(random.Uint64(), earlier))
		if r, who, kind := w.participant(year, &event); who == "PMI purna" && kind == "Pelatihan usaha" {
			return r
		}
	}
	return w.someone(year, random)
}

// partnerEvents say how events with a partner name it: by the title of its programme or by its number in the register of
// programmes (registers_ministry.go), with the partner beside it or without.
var partnerEvents = []struct{ programme, partner string }{
	{"Contoh: pendampingan usaha PMI purna", "GIZ"},
	{"PM-2024-000005", "IOM"},
	{"PM-2024-000004", ""},
}

var empowermentRegister = register{
	name:   "pemberdayaan",
	fields: join([]string{"nomor"}, personFields, []string{"peserta", "negara", "jenis", "program", "mitra", "upt", "tanggal", "nilai_awal", "nilai_akhir"}),
	fill: func(w *World, add func(e entry)) {
		w.eachRecord(streamEmpower, participationsOf, func(year, n, day int, random *rand.PCG) {
			r, who, kind := w.participant(year, random)
			programme, partner, before, after := "Program contoh", "", "", ""
			if day >= dayNumber(2025, 3, 11) && below(random.Uint64(), 5) == 0 {
				with := partnerEvents[oneOf(random, 3, 1, 1)]
				programme, partner = with.programme, with.partner
			}
			if kind == "Edukasi keuangan" {
				score := 30 + below(random.Uint64(), 40)
				before, after = strconv.Itoa(score), strconv.Itoa(min(score+5+below(random.Uint64(), 30), 100))
			}
			add(entry{at(day+3, 16*3600), day, join([]string{recordNumber("PB", year, n)}, r.personCells(random),
				[]string{who, countries[r.country].name, kind, programme, partner, r.unit(), dayText(day), before, after})})
		})
	},
}

var businessRegister = register{
	name:   "usaha",
	fields: join([]string{"nomor"}, personFields, []string{"pemilik", "negara", "sektor", "upt", "berdiri", "aktif_6_bulan", "aktif_12_bulan", "penghasilan_6_bulan", "penghasilan_12_bulan", "terhubung_pasar"}),
	fill: func(w *World, add func(e entry)) {
		w.eachRecord(streamBusiness, [4]int{450, 500, 550, 650}, func(year, n, day int, random *rand.PCG) {
			r, owner := w.founder(year, day, random), "PMI purna"
			if below(random.Uint64(), 5) == 0 {
				r, owner = w.someone(year, random), "Keluarga PMI"
			}
			cells := join([]string{recordNumber("US", year, n)}, r.personCells(random), []string{owner,
				countries[r.country].name, []string{"Kuliner", "Pertanian", "Perdagangan", "Jasa"}[oneOf(random, 4, 3, 4, 2)], r.unit(), dayText(day), "", "", "", "", ""})
			add(entry{at(day+5, 11*3600), day, cells})
			alive := below(random.Uint64(), 100)
			income := 100_000 * (10 + below(random.Uint64(), 60))
			for _, check := range []struct{ months, at, survive int }{{6, 6, 85}, {12, 7, 70}} {
				cells = join(cells)
				cells[check.at+5] = []string{"ya", "tidak"}[b2i(alive >= check.survive)]
				if alive < check.survive {
					cells[check.at+7] = strconv.Itoa(income * (10 + check.months/6) / 10)
				}
				cells[len(cells)-1] = []string{"ya", "tidak"}[b2i(alive%3 != 0)]
				add(entry{at(day+check.months*30+10, 11*3600), day, cells})
			}
		})
	},
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// loansOf are number and sum (in millions of rupiah) of the loans to workers about to leave.
var loansOf = struct {
	counts, sums [4]int
}{[4]int{1100, 1397, 1500, 2600}, [4]int{26_000, 33_110, 37_000, 69_800}}

var loanRegister = register{
	name:   "kredit",
	fields: join([]string{"nomor"}, personFields, []string{"penyalur", "jenis", "negara", "tanggal_akad", "nilai", "baki_debet", "kolektibilitas"}),
	fill: func(w *World, add func(e entry)) {
		left := loansOf.sums
		counts := apportion(toFloats(loansOf.counts[:]), roundInt(float64(sum(loansOf.counts[:]))*w.opt.Scale))
		w.eachRecord(streamLoan, loansOf.counts, func(year, n, day int, random *rand.PCG) {
			i := year - yearFacts[0].year
			r := w.someone(year, random)
			// What is lent follows the published mean; the last loan of a year closes its sum.
			total := roundInt(float64(loansOf.sums[i]) * w.opt.Scale)
			mean := total / max(counts[i], 1)
			amount := max(mean-3+below(random.Uint64(), 7), 1)
			if n == 0 {
				left[i] = total
			}
			if n == counts[i]-1 {
				amount = max(left[i], 1)
			}
			left[i] -= amount
			cells := join([]string{recordNumber("KR", year, n)}, r.personCells(random), []string{[]string{"Bank Contoh Satu", "Bank Contoh Dua", "Bank Contoh Tiga"}[oneOf(random, 6, 3, 1)],
				"KUR Penempatan PMI", countries[r.country].name, dayText(day), strconv.Itoa(amount * 1_000_000), strconv.Itoa(amount * 1_000_000), "Lancar"})
			add(entry{at(day+4, 17*3600), day, cells})
			year1 := join(cells) // a year later half is paid back, or less
			year1[len(year1)-2] = strconv.Itoa(amount * 500_000)
			year1[len(year1)-1] = []string{"Lancar", "Dalam perhatian khusus", "Kurang lancar", "Diragukan", "Macet"}[oneOf(random, 90, 5, 2, 1, 2)]
			add(entry{at(day+369, 17*3600), day, year1})
		})
	},
}

// courses are the sample's courses: what they teach, for which programme, whom, and who pays.
var courses = []struct {
	kind, title, language, level, country, programme, group, funder string
	weight                                                          int
}{
	{"Bahasa", "Bahasa Jerman B1", "Jerman", "B1", "Jerman", "Triple Win", "Lulusan kesehatan", "GIZ", 3},
	{"Bahasa", "Bahasa Jerman A2", "Jerman", "A2", "Jerman", "", "Pemuda", "GIZ", 2},
	{"Bahasa", "Bahasa Jepang N4", "Jepang", "JLPT N4", "Jepang", "SSW", "Pemuda", "", 10},
	{"Bahasa", "Persiapan EPS-TOPIK", "Korea", "EPS-TOPIK", "Korea Selatan", "EPS", "Pemuda", "", 20},
	{"Bahasa", "Bahasa Mandarin dasar", "Mandarin", "", "Taiwan", "", "Lainnya", "", 15},
	{"Keterampilan", "Perawatan lansia", "", "", "Jepang", "SSW", "Lulusan kesehatan", "", 10},
	{"Keterampilan", "Pengelasan", "", "", "Korea Selatan", "", "Pemuda", "", 8},
}

var trainingRegister = register{
	name:   "pelatihan",
	fields: join([]string{"nomor"}, personFields, []string{"jenis", "kursus", "bahasa", "tingkat", "negara", "program", "sasaran", "penyelenggara", "pendana", "upt", "mulai", "selesai", "tanggal_ujian", "lulus", "sertifikat"}),
	fill: func(w *World, add func(e entry)) {
		weights := make([]int, len(courses))
		for i, c := range courses {
			weights[i] = c.weight
		}
		w.eachRecord(streamTraining, [4]int{2000, 2200, 2500, 2800}, func(year, n, day int, random *rand.PCG) {
			c := courses[oneOf(random, weights...)]
			// Most are placed afterwards: their person is one of the year's own placements.
			r := w.placed(year-yearFacts[0].year, random)
			ends := day + 60 + below(random.Uint64(), 90)
			cells := join([]string{recordNumber("PL", year, n)}, r.personCells(random), []string{c.kind, c.title, c.language, c.level, c.country, c.programme, c.group,
				"Lembaga pelatihan contoh", c.funder, r.unit(), dayText(day), "", "", "", ""})
			add(entry{at(day+1, 8*3600), day, cells})
			done := join(cells)
			passed := below(random.Uint64(), 100) < 76
			done[len(done)-4] = dayText(ends)
			if c.level != "" {
				done[len(done)-3] = dayText(ends + 7)
				done[len(done)-2] = []string{"tidak", "ya"}[b2i(passed)]
			}
			done[len(done)-1] = []string{"tidak", "ya"}[b2i(passed)]
			add(entry{at(ends+10, 9*3600), day, done})
		})
	},
}

// programmes are the ways of skilled placement with their stages: after how many days, and out of a
// hundred how many get there.
var programmes = []struct {
	name, country, group string
	counts               [4]int
	after, reach         [5]int // interview, language, visa, departure, recognition
}{
	{"Triple Win", "Jerman", "Lulusan kesehatan", [4]int{330, 300, 280, 320}, [5]int{60, 300, 380, 420, 700}, [5]int{62, 42, 38, 35, 22}},
	{"IJEPA", "Jepang", "Lulusan kesehatan", [4]int{340, 330, 320, 310}, [5]int{50, 240, 280, 310, 1100}, [5]int{90, 85, 80, 78, 30}},
	{"EPS", "Korea Selatan", "Pemuda", [4]int{1500, 1500, 1400, 1500}, [5]int{40, 90, 160, 190, 0}, [5]int{70, 60, 50, 48, 0}},
}

var candidateRegister = register{
	name:   "kandidat",
	fields: join([]string{"nomor"}, personFields, []string{"program", "angkatan", "negara", "sasaran", "mendaftar", "lulus_wawancara", "lulus_bahasa", "visa", "berangkat", "diakui", "mundur"}),
	fill: func(w *World, add func(e entry)) {
		for k, p := range programmes {
			w.eachRecord(streamCandidate+uint64(k)<<8, p.counts, func(year, n, day int, random *rand.PCG) {
				r := w.someone(year, random)
				cells := join([]string{recordNumber("KD"+strconv.Itoa(k), year, n)}, r.personCells(random),
					[]string{p.name, "Angkatan " + strconv.Itoa(year), p.country, p.group, dayText(day), "", "", "", "", "", ""})
				add(entry{at(day+1, 9*3600), day, cells})
				luck := below(random.Uint64(), 100)
				for stage := range p.after {
					cells = join(cells)
					on := day + p.after[stage]
					if p.after[stage] == 0 {
						break
					}
					if luck >= p.reach[stage] {
						if stage < 3 { // who has not left may give up
							cells[len(cells)-1] = dayText(on)
							add(entry{at(on+1, 9*3600), day, cells})
						}
						break
					}
					cells[len(cells)-6+stage] = dayText(on)
					add(entry{at(on+1, 9*3600), day, cells})
				}
			})
		}
	},
}
