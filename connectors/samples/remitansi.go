package samples

import (
	"strconv"
)

// Remittances as published, in hundredths of a million US dollars.
//
// 2021 by quarter and, for the year, by country (S43; the two fit): every
// country's year is spread over the quarters as the total is, and what no country
// is named for stands in a line "Lainnya". From 2022 on another table of
// the central bank is quoted (S47, S48), without countries: those years have
// totals alone, because the shares of 2021 belong to another series. Their
// quarters are even parts. The first half of 2025 is the last that is published;
// later quarters are absent, which is not zero.

// remitRow is one line of the table.
type remitRow struct {
	year, quarter int
	country       string // "" = not by country
	amount        int    // hundredths of a million
	published     int    // day
	until         int    // day from which the line is no longer there; 0 = for good
}

var remit2021 = struct {
	quarters  [4]int
	countries []struct {
		name   string
		amount int
	}
}{
	[4]int{225998, 227698, 230307, 232401},
	[]struct {
		name   string
		amount int
	}{
		{"Arab Saudi", 282000}, {"Malaysia", 256000}, {"Taiwan", 137000}, {"Hong Kong", 114000}, {"Singapura", 34460}, {"Korea Selatan", 20280},
		{"Uni Emirat Arab", 17930}, {"Yordania", 17705}, {"Brunei Darussalam", 6027}, {"Lainnya", 31002},
	},
}

// remitYears are the totals of later years, and into how many quarters they go.
var remitYears = []struct{ year, quarters, amount int }{{2022, 4, 1285000}, {2023, 4, 1422000}, {2024, 4, 1570000}, {2025, 2, 840000}}

// remitLag is how many days after a quarter's end its figures are there.
const remitLag = 45

// mislabelled is the line that the first delivery holds under the wrong name.
// The table is delivered whole, so the wrong line is gone in the second one.
const mislabelledQuarter, mislabelledAs, mislabelledIs = 4, "Suriah", "Yordania"

func makeRemittances() []remitRow {
	var rows []remitRow
	totals, names := make([]int, len(remit2021.countries)), make([]string, len(remit2021.countries))
	seed := newTable(len(totals), 4)
	for i, c := range remit2021.countries {
		totals[i], names[i] = c.amount, c.name
		for q, n := range remit2021.quarters {
			seed[i][q] = float64(c.amount) * float64(n)
		}
	}
	table := fill(seed, nil, totals, remit2021.quarters[:])
	corrected := dayNumber(2024, 6, 3)
	for q := range 4 {
		for i, name := range names {
			row := remitRow{year: 2021, quarter: q + 1, country: name, amount: table[i][q], published: quarterEnd(2021, q+1) + remitLag}
			if q+1 == mislabelledQuarter && name == mislabelledIs {
				wrong := row
				wrong.country, wrong.until = mislabelledAs, corrected
				row.published = corrected
				rows = append(rows, wrong)
			}
			rows = append(rows, row)
		}
	}
	for _, y := range remitYears {
		even := make([]float64, y.quarters)
		for i := range even {
			even[i] = 1
		}
		for q, n := range apportion(even, y.amount) {
			rows = append(rows, remitRow{year: y.year, quarter: q + 1, amount: n, published: quarterEnd(y.year, q+1) + remitLag})
		}
	}
	return rows
}

func quarterEnd(year, quarter int) int {
	return dayNumber(year, quarter*3, daysIn(year, quarter*3))
}

// known says whether the table of a moment has the line.
func (r *remitRow) known(now int64) bool {
	return at(r.published, 9*3600) <= now && (r.until == 0 || now < at(r.until, 9*3600))
}

const remitHeader = "tahun;triwulan;negara;kanal;nilai_juta_usd;diperbarui\n"

// appendRemittances writes the whole table as it is at a moment. Amounts are
// Indonesian: 2.259,98.
func (w *World) appendRemittances(b []byte, now int64) []byte {
	b = append(b, remitHeader...)
	for i := range w.remit {
		r := &w.remit[i]
		if !r.known(now) {
			continue
		}
		b = append(strconv.AppendInt(b, int64(r.year), 10), ';')
		b = append(strconv.AppendInt(b, int64(r.quarter), 10), ';')
		b = append(append(b, r.country...), ";BI;"...)
		b = append(append(b, dotted(r.amount/100)...), ',')
		b = append(appendPadded(b, r.amount%100, 2), ';')
		b = append(appendDay(b, r.published, iso), '\n')
	}
	return b
}
