package samples

import (
	"net/http"
	"strconv"
	"strings"
)

// Earnings in the form of ILOSTAT's bulk service (rplumber): CSV with a byte
// order mark, codes, one row per area, sex, class and year. The values are
// invented and round. What the service does not know it answers with the header alone.

const ilostatIndicator = "EAR_4MTH_SEX_ECO_CUR_NB_A"

const ilostatHeader = "\ufeff" + `"ref_area","source","indicator","sex","classif1","classif2","time","obs_value","obs_status","note_classif","note_indicator","note_source"` + "\n"

// ilostatAreas are the invented monthly earnings of 2019 in US dollars.
var ilostatAreas = []struct {
	iso  string
	wage int
}{{"IDN", 190}, {"MYS", 750}, {"SGP", 3900}, {"HKG", 2400}, {"KOR", 2900}, {"JPN", 2700}, {"DEU", 3800}, {"AUS", 3900}, {"SAU", 1700}}

var ilostatSexes = []struct {
	code string
	part int
}{{"SEX_T", 100}, {"SEX_M", 105}, {"SEX_F", 90}}

const ilostatFrom = 2019

// ilostatLast is the last year that has values: the one before the last.
func ilostatLast(now int64) int {
	on, _ := local(now)
	year, _, _ := civil(on)
	return year - 2
}

func (s *services) ilostat(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "application/octet-stream")
	q := r.URL.Query()
	if q.Get("id") != ilostatIndicator {
		http.Error(rw, `{"error":"400 - Bad Request"}`, http.StatusBadRequest)
		return
	}
	b := []byte(ilostatHeader)
	asked := func(name, code string) bool { // a plus sign in an address reads as a blank
		return q.Get(name) == "" || strings.Contains(" "+strings.ReplaceAll(q.Get(name), "+", " ")+" ", " "+code+" ")
	}
	from, to := ilostatFrom, ilostatLast(momentOf(s.now()))
	if n, err := strconv.Atoi(q.Get("timefrom")); err == nil {
		from = max(from, n)
	}
	if n, err := strconv.Atoi(q.Get("timeto")); err == nil {
		to = min(to, n)
	}
	for _, area := range ilostatAreas {
		for _, sex := range ilostatSexes {
			if !asked("ref_area", area.iso) || !asked("sex", sex.code) {
				continue
			}
			for year := to; year >= from; year-- {
				value := area.wage * sex.part * (100 + 3*(year-ilostatFrom))
				b = append(b, `"`+area.iso+`","BA:CONTOH","`+ilostatIndicator+`","`+sex.code+`","ECO_AGGREGATE_TOTAL","CUR_TYPE_USD",`...)
				b = append(append(strconv.AppendInt(b, int64(year), 10), ','), hundredths(value/100)...)
				b = append(b, `,"","","","R1:CONTOH"`+"\n"...)
			}
		}
	}
	_, _ = rw.Write(b)
}

// ilostatContents is the table of contents, which says when an indicator changed and how many rows it has.
func (s *services) ilostatContents(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "application/octet-stream")
	last := ilostatLast(momentOf(s.now()))
	records := len(ilostatAreas) * len(ilostatSexes) * max(last-ilostatFrom+1, 0)
	_, _ = rw.Write([]byte(`[{"id":"` + ilostatIndicator + `","indicator":"EAR_4MTH_SEX_ECO_CUR_NB","indicator.label":"Average monthly earnings of employees by sex and economic activity, sample","freq":"A","freq.label":"Annual","size":"1 KB","data.start":"` +
		strconv.Itoa(ilostatFrom) + `","data.end":"` + strconv.Itoa(last) + `","last.update":"01/06/` + strconv.Itoa(last+1) + ` 08:00:00","n.records":"` + strconv.Itoa(records) + `"}]`))
}
