package samples

import (
	"encoding/csv"
	"net/http"
	"strconv"
)

// Incidents of dead and missing migrants in the layout that IOM's Missing
// Migrants Project has had since 2026. Every one of them is invented.

var incidentHeader = []string{"Main ID", "Incident ID", "Region", "Incident Date", "Year", "Reported Month", "Number Dead",
	"Minimum Estimated Number of Missing", "Number of Survivors", "Number of Females", "Number of Males", "Number of Children", "Region of Origin",
	"Cause of Death", "Country of Origin", "Location of death", "Information Source", "Coordinates", "Migration route", "URL",
	"UNSD Geographical Grouping", "Source Quality"}

var incidentRoutes = []struct{ route, where, place string }{
	{"Selat Malaka", "Malaysia", "2.5, 101.8"}, {"Laut Andaman", "Thailand", "8.1, 97.2"}, {"", "Malaysia", "5.9, 118.1"}, {"Laut Jawa", "Indonesia", "-5.4, 112.3"},
}

// incidents serves the table: one incident a month since 2022, known ten days later.
func (s *services) incidents(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out := csv.NewWriter(rw)
	_ = out.Write(incidentHeader)
	now := momentOf(s.now())
	for n := 0; ; n++ {
		year, month := 2022+n/12, n%12+1
		on := dayNumber(year, month, 5+n%20)
		if at(on+10, 9*3600) > now {
			break
		}
		random := s.w.noise(streamIncident, n)
		dead, missing := below(random.Uint64(), 4), below(random.Uint64(), 6)
		place := incidentRoutes[n%len(incidentRoutes)]
		id := strconv.Itoa(year) + ".CONTOH" + string(appendPadded(nil, n%12+1, 4))
		blankIf := func(empty bool, v int) string { // a blank says that nobody counted, which is not none
			if empty {
				return ""
			}
			return strconv.Itoa(v)
		}
		_ = out.Write([]string{id, id, "South-eastern Asia", incidentDate(on), strconv.Itoa(year), monthEnglish[month-1], blankIf(n%7 == 3, dead),
			blankIf(n%5 == 2, missing), blankIf(n%3 == 0, 2+n%9), blankIf(n%4 == 1, dead/2), "", "", "South-eastern Asia",
			"Drowning", "Indonesia", "Contoh, dekat " + place.where, sampleMark, place.place, place.route, "", "South-eastern Asia", strconv.Itoa(1 + n%5)})
	}
	out.Flush()
}

var monthEnglish = [...]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}

var weekdayEnglish = [...]string{"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"}

// incidentDate writes a day as "Thu, 01/01/2026 - 12:00", month first.
func incidentDate(day int) string {
	y, m, d := civil(day)
	b := append([]byte(weekdayEnglish[day%7]), ", "...)
	b = append(appendPadded(append(appendPadded(b, m, 2), '/'), d, 2), '/')
	return string(append(appendPadded(b, y, 4), " - 12:00"...))
}
