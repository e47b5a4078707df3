package samples

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
)

// Two tables of Bank Indonesia's statistics (SEKI), in their layout: V.31 repeats
// the remittances of 2021 by country and quarter that the remittance table has,
// V.30 holds an invented stock of workers in round thousands.

// sekiTable is a table by country: rows of values, one per quarter, and their sum.
type sekiTable struct {
	title, unit string
	from        int // year of the first column
	quarters    int
	labels      []string
	values      [][]int
	text        func(n int) string
}

// stockRound are the invented stocks at the end of 2022, in thousands of persons.
var stockRound = []struct {
	name     string
	thousand int
	quarter  int // how many thousands come on in a quarter
}{
	{"Malaysia", 1630, 5}, {"Arab Saudi", 830, 1}, {"Taiwan", 300, 4}, {"Hong Kong", 340, 3}, {"Singapura", 100, 1},
	{"Korea Selatan", 40, 1}, {"Jepang", 60, 4}, {"Uni Emirat Arab", 50, 0}, {"Brunei Darussalam", 30, 0}, {"Lainnya", 120, 1},
}

// stockTable is V.30 as it is at a moment: a quarter's stock is there remitLag days after its end.
func stockTable(now int64) sekiTable {
	t := sekiTable{title: "V.30. JUMLAH TENAGA KERJA INDONESIA (TKI) MENURUT NEGARA PENEMPATAN", unit: "Ribu Orang", from: 2022, text: strconv.Itoa}
	for t.quarters < 40 && at(quarterEnd(t.from+t.quarters/4, t.quarters%4+1)+remitLag, 9*3600) <= now {
		t.quarters++
	}
	for _, s := range stockRound {
		row := make([]int, t.quarters)
		for q := range row {
			row[q] = s.thousand + (q-3)*s.quarter
		}
		t.labels, t.values = append(t.labels, s.name), append(t.values, row)
	}
	return t
}

// remittanceTable is V.31 as it is at a moment.
func (w *World) remittanceTable(now int64) sekiTable {
	t := sekiTable{title: "V.31. REMITANSI TENAGA KERJA INDONESIA (TKI) MENURUT NEGARA PENEMPATAN", unit: "Juta USD", from: 2021, quarters: 4,
		text: func(n int) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }}
	place := map[string]int{}
	for i := range w.remit {
		r := &w.remit[i]
		if r.year != 2021 || !r.known(now) {
			continue
		}
		row, ok := place[r.country]
		if !ok {
			row = len(t.labels)
			place[r.country] = row
			t.labels, t.values = append(t.labels, r.country), append(t.values, make([]int, 4))
		}
		t.values[row][r.quarter-1] = r.amount
	}
	return t
}

// seki serves a table as a workbook.
func (s *services) seki(table func(now int64) sekiTable) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		t := table(momentOf(s.now()))
		book, err := t.workbook()
		if err != nil {
			refuse(rw, http.StatusInternalServerError, err.Error())
			return
		}
		rw.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		_, _ = rw.Write(book)
	}
}

var romanQuarters = [...]string{"I", "II", "III", "IV"}

// workbook lays the table out: titles, a row of years, a row of quarters, the countries, their sum.
func (t *sekiTable) workbook() ([]byte, error) {
	var out bytes.Buffer
	x, err := newSheet(&out, "V.3x")
	if err != nil {
		return nil, err
	}
	years, quarters, total := []string{"NEGARA PENEMPATAN"}, []string{""}, make([]int, t.quarters)
	for q := range t.quarters {
		year := ""
		if q%4 == 0 {
			year = strconv.Itoa(t.from + q/4)
		}
		years, quarters = append(years, year), append(quarters, romanQuarters[q%4])
	}
	for _, line := range [][]string{{t.title}, {t.unit}, {sampleMark}, years, quarters} {
		if err := x.texts(line...); err != nil {
			return nil, err
		}
	}
	for i, label := range append(t.labels, "TOTAL") {
		x.open()
		x.text(0, []byte(label))
		for q := range t.quarters {
			n := total[q]
			if i < len(t.values) {
				n = t.values[i][q]
				total[q] += n
			}
			x.number(q+1, []byte(t.text(n)), "", "")
		}
		if err := x.close(); err != nil {
			return nil, err
		}
	}
	err = x.end() // writes the container's directory, so before the bytes are taken
	return out.Bytes(), err
}
