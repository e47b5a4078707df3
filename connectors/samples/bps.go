package samples

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// A table of BPS (Statistics Indonesia) in the form of its WebAPI: the share of
// poor people by province, place and half of the year. Values are invented and
// round. Provinces have BPS's codes, which differ from Kemendagri's in Papua.

const (
	bpsVariable = 192
	bpsFrom     = 2021
	bpsNation   = 9999
)

// bpsPapua are BPS's codes where they differ.
var bpsPapua = map[string]string{"91": "94", "92": "91", "93": "95", "94": "96", "95": "97", "96": "92"}

// bpsCode is a province as BPS writes it in a table by province.
func bpsCode(province string) int {
	if other, ok := bpsPapua[province]; ok {
		province = other
	}
	n, _ := strconv.Atoi(province + "00")
	return n
}

type bpsItem struct {
	Val   any    `json:"val"`
	Label string `json:"label"`
}

var (
	bpsPlaces = []bpsItem{{"432", "Perkotaan"}, {"433", "Perdesaan"}, {"434", "Jumlah"}}
	bpsHalves = []bpsItem{{61, "Semester 1 (Maret)"}, {62, "Semester 2 (September)"}}
)

// bps answers lists of years and the values of a year. The address holds names
// and values in turn, the key among them; what it does not know it answers as the
// service does: with status 200 and "list-not-available".
func (s *services) bps(rw http.ResponseWriter, r *http.Request) {
	asked := map[string]string{}
	parts := strings.Split(strings.Trim(r.PathValue("question"), "/"), "/")
	for i := 0; i+1 < len(parts); i += 2 {
		asked[parts[i]] = parts[i+1]
	}
	for name, values := range r.URL.Query() {
		asked[name] = values[0]
	}
	rw.Header().Set("Content-Type", "application/json")
	if asked["key"] != APIKey {
		_, _ = rw.Write([]byte(`{"status":"Error","message":"Invalid app key"}`))
		return
	}
	on, _ := local(momentOf(s.now()))
	year, month, _ := civil(on)
	last := bpsFrom + 1 // two years have been there for long
	for y := last; y < year || y == year && month >= 8; y++ {
		last = y
	}
	var answer any = map[string]any{"status": "OK", "data-availability": "list-not-available", "data": nil}
	switch th, err := strconv.Atoi(asked["th"]); {
	case asked["var"] != strconv.Itoa(bpsVariable):
	case asked["model"] == "th":
		answer = bpsYears(last)
	case asked["model"] == "data" && err == nil && th+1900 >= bpsFrom && th+1900 <= last:
		answer = bpsTable(th+1900, last)
	}
	b, err := json.Marshal(answer)
	if err != nil {
		refuse(rw, http.StatusInternalServerError, err.Error())
		return
	}
	_, _ = rw.Write(b)
}

func bpsYears(last int) any {
	var years []map[string]any
	for y := last; y >= bpsFrom; y-- {
		years = append(years, map[string]any{"th_id": y - 1900, "th": strconv.Itoa(y)})
	}
	page := map[string]any{"page": 1, "pages": 1, "per_page": 10, "count": len(years), "total": len(years)}
	return map[string]any{"status": "OK", "data-availability": "available", "data": []any{page, years}}
}

// bpsTable is the answer for one year. The second half of the newest year has no
// values yet: its cells have no keys.
func bpsTable(year, last int) any {
	provincesOf := []bpsItem{}
	content := map[string]json.Number{}
	add := func(code, level int) {
		for p, place := range bpsPlaces {
			for h, half := range bpsHalves {
				if year == last && h == 1 {
					continue
				}
				key := strconv.Itoa(code) + strconv.Itoa(bpsVariable) + place.Val.(string) + strconv.Itoa(year-1900) + strconv.Itoa(half.Val.(int))
				content[key] = json.Number(hundredths(level - 30*(year-bpsFrom) - 10*h + []int{-150, 150, 0}[p]))
			}
		}
	}
	for i, p := range provinces {
		if p.since > year {
			continue
		}
		provincesOf = append(provincesOf, bpsItem{bpsCode(p.code), strings.ToUpper(p.name)})
		add(bpsCode(p.code), 800+40*(i%13))
	}
	provincesOf = append(provincesOf, bpsItem{bpsNation, "INDONESIA"})
	add(bpsNation, 950)
	return map[string]any{
		"status": "OK", "data-availability": "available", "last_update": strconv.Itoa(last) + "-08-01 11:00:00",
		"subject": []bpsItem{{23, "Kemiskinan dan Ketimpangan"}},
		"var": []map[string]any{{"val": bpsVariable, "label": "Persentase Penduduk Miskin (P0) Menurut Provinsi dan Daerah, contoh", "unit": "Persen",
			"subj": "Kemiskinan dan Ketimpangan", "def": "", "decimal": "2", "note": sampleMark}},
		"turvar": bpsPlaces, "labelvervar": "Provinsi", "vervar": provincesOf,
		"tahun": []bpsItem{{year - 1900, strconv.Itoa(year)}}, "turtahun": bpsHalves, "datacontent": content, "related": []any{},
	}
}
