package samples

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// Minimum wages of all regencies and cities by year, in the form of Open Data Jabar: pages by skip and limit, numbers
// for codes, the rows under data. The wages are invented, in steps of Rp10,000, and grow by Rp100,000 a year.

const (
	minimumWagesFrom = 2022
	minimumWagesPage = 1000
	lowestWage       = 1_900_000
)

// minimumWagesUntil is the last year whose wages are decided at a moment: those of a year are in December before it.
func minimumWagesUntil(now int64) int {
	on, _ := local(now)
	year, month, _ := civil(on)
	if month == 12 {
		year++
	}
	return year
}

// minimumWage is the sample's wage of a month: higher in some provinces, and there in the regencies that many leave.
func minimumWage(province, regency, year int) int {
	return lowestWage + 10_000*(17*(province%9)+regency%40) + 100_000*(year-minimumWagesFrom)
}

type wageRow struct {
	ID           int    `json:"id"`
	ProvinceCode int    `json:"kode_provinsi"`
	Province     string `json:"nama_provinsi"`
	RegencyCode  int    `json:"kode_kabupaten_kota"`
	Regency      string `json:"nama_kabupaten_kota"`
	Wage         int    `json:"besaran_upah_minimum"`
	Unit         string `json:"satuan"`
	Year         int    `json:"tahun"`
}

// minimumWageRows is the whole table as it is at a moment; a province that is younger has no wages before its year.
func minimumWageRows(now int64) (rows []wageRow) {
	for year := minimumWagesFrom; year <= minimumWagesUntil(now); year++ {
		for i, p := range provinces {
			if p.since > year {
				continue
			}
			province, _ := strconv.Atoi(p.code)
			for k, r := range regencies[i] {
				regency, _ := strconv.Atoi(r.code)
				rows = append(rows, wageRow{len(rows) + 1, province, p.name, regency, r.name, minimumWage(i, k, year), "RUPIAH (contoh)", year})
			}
		}
	}
	return rows
}

// minimumWages answers one page of the table.
func (s *services) minimumWages(rw http.ResponseWriter, r *http.Request) {
	rows := minimumWageRows(momentOf(s.now()))
	skip, _ := strconv.Atoi(r.URL.Query().Get("skip"))
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || limit < 1 || limit > minimumWagesPage {
		limit = minimumWagesPage
	}
	from := min(max(skip, 0), len(rows))
	b, err := json.Marshal(map[string]any{"message": sampleMark, "error": 0, "data": rows[from:min(from+limit, len(rows))],
		"metadata": map[string]any{"total_record": len(rows)}})
	if err != nil {
		refuse(rw, http.StatusInternalServerError, err.Error())
		return
	}
	rw.Header().Set("Content-Type", "application/json")
	_, _ = rw.Write(b)
}
