package samples

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

var ratedDay = regexp.MustCompile(`<tgl_\w+>(\d{4}-\d\d-\d\d)T`)

// The rates answer as the real service does: working days alone, none of the future, the newest
// first, and the same bytes each time.
func TestRatesAreThoseOfWorkingDaysSoFar(t *testing.T) {
	now := Deliveries()[1] // a Friday at nine
	c := serve(t, New(Options{Seed: 1, Scale: 0.001}), &now)
	ask := func(method string, query url.Values) string {
		status, body, _ := c.try("/bi/wskursbi.asmx/"+method, query)
		if status != 200 || !strings.Contains(body, sampleMark) {
			t.Fatalf("%s: status %d: %s", method, status, body)
		}
		return body
	}
	transaction := url.Values{"mts": {"JPY"}, "startdate": {"2025-01-24"}, "enddate": {"2025-12-31"}}
	body := ask("getSubKursLokal3", transaction)
	var got []string
	for _, m := range ratedDay.FindAllStringSubmatch(body, -1) {
		got = append(got, m[1])
	}
	if want := "2025-01-31 2025-01-30 2025-01-29 2025-01-28 2025-01-27 2025-01-24"; strings.Join(got, " ") != want {
		t.Errorf("days %v, want %s", got, want)
	}
	if !strings.Contains(body, "<nil_subkurslokal>100.00<") || !strings.Contains(body, "<mts_subkurslokal>JPY  <") {
		t.Error("the yen is quoted for 100, and its code is padded")
	}
	if again := ask("getSubKursLokal3", transaction); again != body {
		t.Error("the same question, another answer")
	}
	jisdor := url.Values{"mts": {"USD"}, "startDate": {"2025-01-30"}, "endDate": {"2025-01-30"}}
	m := regexp.MustCompile(`<beli_subkursasing>([\d.]+)</beli_subkursasing><jual_subkursasing>([\d.]+)<`).FindStringSubmatch(ask("getSubKursJisdor3", jisdor))
	if m == nil || m[1] != m[2] {
		t.Errorf("JISDOR buys and sells at one rate, got %v", m)
	}
	jisdor.Set("mts", "JPY")
	if body := ask("getSubKursJisdor3", jisdor); ratedDay.MatchString(body) {
		t.Error("JISDOR quotes the US dollar alone")
	}
}

// The two tables close: their countries add up to the row of totals, which is written from them, and a
// quarter is there only once its figures are.
func TestTablesGrowWithTime(t *testing.T) {
	w := New(Options{Seed: 1, Scale: 0.001})
	for _, c := range []struct {
		at       string
		quarters int
	}{{"2022-05-14", 0}, {"2022-05-16", 1}, {"2024-01-15", 7}, {"2026-01-15", 15}} {
		on, err := time.Parse(time.DateOnly, c.at)
		if err != nil {
			t.Fatal(err)
		}
		table := stockTable(momentOf(on.Add(3 * time.Hour)))
		if table.quarters != c.quarters {
			t.Errorf("on %s the stock has %d quarters, want %d", c.at, table.quarters, c.quarters)
		}
	}
	table := w.remittanceTable(momentOf(Deliveries()[2]))
	sum := 0
	for _, row := range table.values {
		for _, n := range row {
			sum += n
		}
	}
	published := 0
	for _, n := range remit2021.quarters {
		published += n
	}
	if sum != published {
		t.Errorf("V.31 adds up to %d, the published quarters to %d", sum, published)
	}
}
