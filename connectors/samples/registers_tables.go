package samples

import "strconv"

// Systems that hand over figures, not persons: the missions' cases, members and
// claims of social security, villages, licences. Figures that are published stand
// as published; what lies between them is a straight line.

// missionYears are the cases of all citizens that missions abroad handled (S37 S54 S55; LEG-03: Kemlu 2020 and 2021).
var missionYears = []struct{ year, handled, resolved, recoveredMillions, deathOpen, deathFreed int }{
	{2020, 54953, 45378, 140_470, 0, 0}, {2021, 29233, 26173, 179_370, 0, 0}, {2022, 35159, 30894, 0, 0, 0},
	{2023, 53598, 50349, 0, 0, 0}, {2024, 67297, 60122, 0, 157, 137},
}

var missionCountries2024 = []struct {
	name string
	n    int
}{{"Malaysia", 20272}, {"Arab Saudi", 16667}, {"Singapura", 8292}, {"Uni Emirat Arab", 5339}, {"Kamboja", 3598}}

var missionRegister = register{
	name:   "kasus_perwakilan",
	fields: []string{"nomor", "tahun", "negara", "ditangani", "selesai", "hukuman_mati_terbuka", "hukuman_mati_bebas", "nilai_rupiah"},
	fill: func(w *World, add func(e entry)) {
		some := func(n int) string {
			if n == 0 {
				return "" // not published
			}
			return strconv.Itoa(n)
		}
		for _, y := range missionYears {
			published := dayNumber(y.year+1, 1, 10)
			add(entry{at(published, 9*3600), dayNumber(y.year, 1, 1), []string{recordNumber("KW", y.year, 0), strconv.Itoa(y.year), "", some(y.handled), some(y.resolved),
				some(y.deathOpen), some(y.deathFreed), some(y.recoveredMillions * 1_000_000)}})
			if y.year != 2024 {
				continue
			}
			for i, c := range missionCountries2024 {
				add(entry{at(published, 9*3600), dayNumber(y.year, 1, 1), []string{recordNumber("KW", y.year, i+1), strconv.Itoa(y.year), c.name, some(c.n), "", "", "", ""}})
			}
		}
	},
}

// memberPoints are the published members of social security at the ends of months (S53); the last is chosen.
var memberPoints = []struct{ year, month, members int }{{2021, 12, 235657}, {2022, 12, 333163}, {2023, 12, 472934}, {2024, 5, 592392}, {2025, 12, 640000}}

var memberCountries = []struct {
	name string
	n    int // of May 2024
}{{"Taiwan", 216738}, {"Malaysia", 176278}, {"Hong Kong", 68216}, {"Korea Selatan", 27268}, {"Jepang", 25151}}

var memberRegister = register{
	name:   "peserta_jaminan_sosial",
	fields: []string{"nomor", "tahun", "bulan", "negara", "peserta"},
	fill: func(w *World, add func(e entry)) {
		for i := 0; i+1 < len(memberPoints); i++ {
			a, b := memberPoints[i], memberPoints[i+1]
			steps := 12*(b.year-a.year) + b.month - a.month
			last := 0
			if i+2 == len(memberPoints) {
				last = 1
			}
			for k := range steps + last {
				addMembers(add, a.year, a.month+k, a.members+(b.members-a.members)*k/steps)
			}
		}
	},
}

// addMembers adds a month's members, in all and by the countries that are published.
func addMembers(add func(e entry), year, month, members int) {
	year, month = year+(month-1)/12, (month-1)%12+1
	end := dayNumber(year, month, daysIn(year, month))
	row := func(n int, country string, count int) {
		add(entry{at(end+20, 9*3600), end, []string{recordNumber("JS", year, 100*month+n), strconv.Itoa(year), strconv.Itoa(month), country, strconv.Itoa(count)}})
	}
	row(0, "", members)
	for i, c := range memberCountries {
		row(i+1, c.name, c.n*members/592392)
	}
}

// claimsTo202405 are the claims from January 2017 to May 2024 (S53): 2,368 with Rp55.1 billion.
var claimsTo202405 = []struct {
	kind           string
	cases, million int
}{{"JKK", 1843, 31_100}, {"JKM", 525, 24_000}}

var claimRegister = register{
	name:   "klaim_jaminan_sosial",
	fields: []string{"nomor", "tahun", "bulan", "jenis", "diajukan", "dibayar", "meninggal", "nilai_rupiah"},
	fill: func(w *World, add func(e entry)) {
		const months = 89 // from January 2017
		even := make([]float64, months)
		for i := range even {
			even[i] = float64(10 + i) // more members, more claims
		}
		for k, c := range claimsTo202405 {
			cases, sums := apportion(even, c.cases), apportion(even, c.million)
			for i := range months + 19 { // and on in the same measure until the end of 2025
				n, million := 0, 0
				if i < months {
					n, million = cases[i], sums[i]
				} else {
					n, million = cases[months-1], sums[months-1]
				}
				year, month := 2017+i/12, i%12+1
				end := dayNumber(year, month, daysIn(year, month))
				fatal := 0
				if c.kind == "JKM" {
					fatal = n
				}
				add(entry{at(end+20, 9*3600), end, []string{recordNumber("KL", year, 100*month+k), strconv.Itoa(year), strconv.Itoa(month), c.kind,
					strconv.Itoa(n + i%2), strconv.Itoa(n), strconv.Itoa(fatal), strconv.Itoa(million * 1_000_000)}})
			}
		}
	},
}

// villageProvinces: 70 villages in 17 regencies of 16 provinces, as printed for December 2023; which they are is chosen.
var villageProvinces = []string{"12", "14", "16", "18", "21", "31", "32", "33", "34", "35", "36", "51", "52", "53", "61", "73"}

var villageRegister = register{
	name:   "desa_migran_emas",
	fields: []string{"kode", "desa", "kode_provinsi", "provinsi", "kode_kabkota", "kabkota", "nomor_sk", "upt", "tanggal_sk"},
	fill: func(w *World, add func(e entry)) {
		type place struct{ province, regency int }
		var places []place
		for _, code := range villageProvinces {
			for p := range provinces {
				if provinces[p].code == code {
					places = append(places, place{p, 0})
					if code == "32" { // the seventeenth regency
						places = append(places, place{p, 1})
					}
				}
			}
		}
		for n := range 70 {
			at1 := places[n%len(places)]
			p, r := provinces[at1.province], regencies[at1.province][at1.regency]
			day := dayNumber(2022, 3, 1) + 9*n
			add(entry{at(day+7, 9*3600), day, []string{r.code + "99" + string(appendPadded(nil, n+1, 4)), "Desa Contoh " + strconv.Itoa(n+1), p.code, p.name, r.code, r.name,
				"SK-CONTOH-" + strconv.Itoa(n+1), p.unit, dayText(day)}})
		}
	},
}

// licencesByProvince are the licensed placement companies of April 2024 (S72: 424); those of provinces that are not named are in Riau Islands.
var licencesByProvince = []struct {
	province string
	n        int
}{{"31", 129}, {"32", 113}, {"35", 77}, {"33", 32}, {"36", 16}, {"51", 14}, {"52", 14}, {"12", 8}, {"21", 21}}

var licenceRegister = register{
	name:   "p3mi",
	fields: []string{"nomor_izin", "nama", "kode_provinsi", "provinsi", "status", "terbit", "berlaku_sampai", "berakhir"},
	fill: func(w *World, add func(e entry)) {
		n := 0
		for _, of := range licencesByProvince {
			for range of.n {
				n++
				issued := dayNumber(2019, 6, 1) + n*2 // all of them before the first sanction, and in force in April 2024
				cells := []string{recordNumber("SIP3MI", 2019, n), "PT Penempatan Contoh " + strconv.Itoa(n) + " (CONTOH)", of.province, provinceName(of.province),
					"Berlaku", dayText(issued), dayText(issued + 5*365), ""}
				add(entry{at(issued+3, 9*3600), issued, cells})
				cells = join(cells)
				if n%14 == 0 {
					ended := dayNumber(2024, 6, 1) + n
					cells[4], cells[7] = "Dicabut", dayText(ended)
					add(entry{at(ended+1, 9*3600), issued, cells})
					continue
				}
				cells[6] = dayText(issued + 10*365) // prolonged in time
				add(entry{at(issued+5*365-30, 9*3600), issued, cells})
			}
		}
	},
}

var sanctionRegister = register{
	name:   "sanksi_p3mi",
	fields: []string{"nomor", "nomor_izin", "jenis", "dijatuhkan", "dicabut"},
	fill: func(w *World, add func(e entry)) {
		for n := range 120 {
			day := dayNumber(2022, 1, 20) + 12*n
			cells := []string{recordNumber("SK", 2022, n), recordNumber("SIP3MI", 2019, 1+n*7%424), []string{"Peringatan tertulis", "Penghentian sementara", "Peringatan tertulis", "Pencabutan izin"}[n%4], dayText(day), ""}
			add(entry{at(day+2, 9*3600), day, cells})
			if n%4 == 1 {
				cells = join(cells)
				cells[4] = dayText(day + 90)
				add(entry{at(day+91, 9*3600), day, cells})
			}
		}
	},
}

func provinceName(code string) string {
	for _, p := range provinces {
		if p.code == code {
			return p.name
		}
	}
	return ""
}
