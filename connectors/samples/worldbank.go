package samples

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// World Bank indicators in the form of its API v2. The values are invented and
// round; the newest year has none yet, which the API says with null.

type bankIndicator struct {
	id, title string
	// first is the invented value of Indonesia in 2015, in hundredths, and step what
	// a year adds; other countries have a part of it.
	first, step int
}

var bankIndicators = []bankIndicator{
	{"NY.GDP.MKTP.CD", "GDP (current US$), sample", 90_000_000_000_000, 5_000_000_000_000},
	{"BX.TRF.PWKR.CD.DT", "Personal remittances, received (current US$), sample", 900_000_000_000, 50_000_000_000},
	{"BX.TRF.PWKR.DT.GD.ZS", "Personal remittances, received (% of GDP), sample", 110, -1},
	{"SI.RMT.COST.IB.ZS", "Average transaction cost of sending remittances to a specific country (%), sample", 800, -20},
}

// bankCountries are the countries that the sample bank knows: ISO 3166-1 codes of
// two and three letters, the bank's name, and the part of Indonesia's value in percent.
var bankCountries = []struct {
	iso2, iso3, name string
	part             int
}{{"ID", "IDN", "Indonesia", 100}, {"MY", "MYS", "Malaysia", 30}, {"SA", "SAU", "Saudi Arabia", 75}, {"SG", "SGP", "Singapore", 35},
	{"HK", "HKG", "Hong Kong SAR, China", 28}, {"KR", "KOR", "Korea, Rep.", 125}, {"JP", "JPN", "Japan", 300}, {"DE", "DEU", "Germany", 320}}

const bankFrom = 2015

// worldBank answers a question for one indicator and some countries. A name that
// it does not know refuses the whole question, with status 200.
func (s *services) worldBank(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "application/json;charset=utf-8")
	indicator := -1
	for i, x := range bankIndicators {
		if strings.EqualFold(x.id, r.PathValue("indicator")) {
			indicator = i
		}
	}
	var asked []int
	for _, code := range strings.Split(r.PathValue("countries"), ";") {
		at := -1
		for i, c := range bankCountries {
			if strings.EqualFold(code, c.iso2) || strings.EqualFold(code, c.iso3) {
				at = i
			}
		}
		if at < 0 {
			indicator = -1
		}
		asked = append(asked, at)
	}
	if indicator < 0 {
		_, _ = rw.Write([]byte(`[{"message":[{"id":"120","key":"Invalid value","value":"The provided parameter value is not valid"}]}]`))
		return
	}
	now := momentOf(s.now())
	rows := bankRows(indicator, asked, now)
	size, err := strconv.Atoi(r.URL.Query().Get("per_page"))
	if err != nil || size < 1 {
		size = 50
	}
	page, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || page < 1 {
		page = 1
	}
	from, to := min((page-1)*size, len(rows)), min(page*size, len(rows))
	answer, err := json.Marshal([]any{
		map[string]any{"page": page, "pages": (len(rows) + size - 1) / size, "per_page": size, "total": len(rows), "sourceid": "2", "lastupdated": bankUpdated(now)},
		rows[from:to],
	})
	if err != nil {
		refuse(rw, http.StatusInternalServerError, err.Error())
		return
	}
	_, _ = rw.Write(answer)
}

// bankUpdated is the last first of July.
func bankUpdated(now int64) string {
	on, _ := local(now)
	year, month, _ := civil(on)
	if month < 7 {
		year--
	}
	return strconv.Itoa(year) + "-07-01"
}

type bankRow struct {
	Indicator bankName    `json:"indicator"`
	Country   bankName    `json:"country"`
	ISO3      string      `json:"countryiso3code"`
	Date      string      `json:"date"`
	Value     json.Number `json:"value"`
	Unit      string      `json:"unit"`
	Status    string      `json:"obs_status"`
	Decimal   int         `json:"decimal"`
}

type bankName struct {
	ID    string `json:"id"`
	Value string `json:"value"`
}

// bankRows are the values by country, newest year first. The year of the last
// update is listed and has none.
func bankRows(indicator int, asked []int, now int64) []any {
	last, _ := strconv.Atoi(bankUpdated(now)[:4])
	x := bankIndicators[indicator]
	var rows []any
	for _, at := range asked {
		c := bankCountries[at]
		for year := last; year >= bankFrom; year-- {
			row := bankRow{Indicator: bankName{x.id, x.title}, Country: bankName{c.iso2, c.name}, ISO3: c.iso3, Date: strconv.Itoa(year)}
			if year == last {
				rows = append(rows, struct {
					bankRow
					Value *string `json:"value"`
				}{bankRow: row})
				continue
			}
			n := (x.first + (year-bankFrom)*x.step) * c.part / 100
			row.Value = json.Number(hundredths(n))
			rows = append(rows, row)
		}
	}
	return rows
}
