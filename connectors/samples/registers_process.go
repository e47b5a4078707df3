package samples

import (
	"math/rand/v2"
	"strconv"
)

// The way to a placement and back: vacancies, registrations, checks of identity,
// arrivals, reintegration. Vacancies are as published on 23 November 2025 (S63:
// 351,407 offered, 66,877 of them filled). The others are small samples of what
// such systems hold, so that the demo stays quick.

const vacanciesOffered, vacanciesFilled, vacancyOrders = 351_407, 66_877, 2400

var vacancyRegister = register{
	name:   "lowongan",
	fields: []string{"nomor", "negara", "jabatan", "skema", "p3mi", "kuota", "terisi", "dibuka", "ditutup"},
	fill: func(w *World, add func(e entry)) {
		orders := w.scaled(vacancyOrders)
		weights := make([]float64, orders)
		for i := range weights {
			weights[i] = float64(1 + i*7919%97)
		}
		quota := apportion(weights, roundInt(vacanciesOffered*w.opt.Scale))
		for i := range weights { // what is asked for much is filled more slowly
			weights[i] = float64(quota[i]) / float64(20+i%60)
		}
		filled := apportion(weights, roundInt(vacanciesFilled*w.opt.Scale))
		for i := range orders {
			day := dayNumber(2025, 1, 6) + i*310/orders
			c := countries[i%12]
			job := occupations[i*5%len(occupations)].title
			cells := []string{recordNumber("JO", 2025, i), c.name, job, "P to P", agencies[1+i%(len(agencies)-1)], strconv.Itoa(quota[i]), "", dayText(day), ""}
			add(entry{at(day+1, 9*3600), day, cells})
			cells = join(cells)
			cells[6] = strconv.Itoa(min(filled[i], quota[i]))
			add(entry{at(max(day+8, dayNumber(2025, 11, 23)), 9*3600), day, cells})
		}
		for i := range w.scaled(60) { // opened after the publication; nobody has told yet how many were found
			day := dayNumber(2025, 12, 1) + i%30
			add(entry{at(day+1, 9*3600), day, []string{recordNumber("JO", 2025, orders+i), countries[i%12].name, occupations[i*5%len(occupations)].title, "P to P",
				agencies[1+i%(len(agencies)-1)], strconv.Itoa(20 + i%40), "", dayText(day), ""}})
		}
	},
}

// placement is a whole placement of a year, with its dates.
func (w *World) placement(year int, random *rand.PCG) record {
	y := year - yearFacts[0].year
	for w.years[y].n == 0 {
		y++
	}
	return w.record(y, below(random.Uint64(), w.years[y].n))
}

var registrationRegister = register{
	name:   "pendaftaran",
	fields: join([]string{"nomor", "id_penempatan"}, personFields, []string{"skema", "negara", "upt", "tanggal_daftar", "tanggal_opp", "tanggal_epmi"}),
	fill: func(w *World, add func(e entry)) {
		w.eachRecord(streamRegistration, [4]int{2000, 3000, 3000, 3000}, func(year, n, day int, random *rand.PCG) {
			r := w.placement(year, random)
			who := worker{r.slot, r.person}
			cells := join([]string{recordNumber("DF", year, n), ""}, who.personCells(random),
				[]string{[]string{"P to P", "G to G", "Perseorangan"}[oneOf(random, 8, 1, 1)], countries[r.country].name, who.unit(), dayText(r.registered), "", ""})
			if day >= dayNumber(2025, 10, 1) && n%4 == 0 { // who registers at the end of the data still waits
				cells[len(cells)-3] = dayText(day)
				add(entry{at(day, 20*3600), day, cells})
				return
			}
			add(entry{at(r.registered, 20*3600), r.registered, cells})
			if below(random.Uint64(), 12) == 0 {
				return // gave up, or is still waiting
			}
			cells = join(cells)
			if below(random.Uint64(), 15) > 0 { // not everybody comes to the briefing
				cells[len(cells)-2] = dayText(r.completed - 5)
			}
			cells[len(cells)-1] = dayText(r.completed)
			add(entry{at(r.completed+1, 20*3600), r.registered, cells})
		})
	},
}

var identityRegister = register{
	name:   "periksa_nik",
	fields: []string{"nomor", "nik", "hasil", "tanggal"},
	fill: func(w *World, add func(e entry)) {
		w.eachRecord(streamIdentity, [4]int{2000, 3000, 3000, 3000}, func(year, n, day int, random *rand.PCG) {
			r := w.someone(year+1, random)
			result := []string{"Sesuai", "Tidak sesuai", "Tidak ditemukan"}[oneOf(random, 94, 4, 2)]
			add(entry{at(day, 21*3600), day, []string{recordNumber("DK", year, n), string(r.appendNIK(nil)), result, dayText(day)}})
		})
	},
}

// arrivalsUntil is the last day with arrivals: the source has been silent since the attack on the national data centre (S02).
var arrivalsUntil = dayNumber(2024, 6, 19)

var arrivalRegister = register{
	name:   "kedatangan",
	fields: join([]string{"nomor"}, personFields, []string{"negara", "titik", "tanggal"}),
	fill: func(w *World, add func(e entry)) {
		w.eachRecord(streamArrival, [4]int{4000, 5000, 5000, 0}, func(year, n, day int, random *rand.PCG) {
			if day > arrivalsUntil {
				return
			}
			r := w.someone(year, random)
			point := []string{"Bandara Soekarno-Hatta", "Bandara Juanda", "Bandara Lombok", "Batam Center", "Tunon Taka"}[oneOf(random, 50, 20, 10, 12, 8)]
			add(entry{at(day+1, 6*3600), day, join([]string{recordNumber("KD", year, n)}, r.personCells(random), []string{countries[r.country].name, point, dayText(day)})})
		})
	},
}

var reintegrationRegister = register{
	name:   "reintegrasi",
	fields: join([]string{"nomor"}, personFields, []string{"negara", "upt", "berhak", "tanggal_pulang", "tanggal_pemberdayaan_sosial"}),
	fill: func(w *World, add func(e entry)) {
		w.eachRecord(streamReintegration, [4]int{1200, 1300, 1400, 1600}, func(year, n, day int, random *rand.PCG) {
			r := w.someone(year, random)
			entitled := below(random.Uint64(), 10) > 0
			cells := join([]string{recordNumber("RI", year, n)}, r.personCells(random),
				[]string{countries[r.country].name, r.unit(), []string{"tidak", "ya"}[b2i(entitled)], dayText(day), ""})
			add(entry{at(day+2, 9*3600), day, cells})
			if after := 5 + below(random.Uint64(), 50); entitled && below(random.Uint64(), 8) > 0 {
				cells = join(cells)
				cells[len(cells)-1] = dayText(day + after)
				add(entry{at(day+after+1, 9*3600), day, cells})
			}
		})
	},
}
