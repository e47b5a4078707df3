package samples

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Pages of the table make it up without a gap, its fields are those that the source reads, and it says that it is a sample.
func TestMinimumWagesArePaged(t *testing.T) {
	now := time.Date(2024, 1, 15, 2, 0, 0, 0, time.UTC)
	c := serve(t, New(Options{Seed: 1, Scale: 0.001}), &now)
	var rows []map[string]any
	for skip := 0; ; skip += 700 {
		status, body, _ := c.try("/upah/bigdata/upah_minimum", url.Values{"skip": {strconv.Itoa(skip)}, "limit": {"700"}})
		var page struct {
			Data     []map[string]any `json:"data"`
			Metadata struct {
				Total int `json:"total_record"`
			} `json:"metadata"`
		}
		if err := json.Unmarshal([]byte(body), &page); status != 200 || err != nil || !strings.Contains(body, sampleMark) {
			t.Fatalf("status %d, %v: %.200s", status, err, body)
		}
		if rows = append(rows, page.Data...); len(page.Data) < 700 {
			if len(rows) != page.Metadata.Total {
				t.Errorf("%d rows on the pages of a table of %d", len(rows), page.Metadata.Total)
			}
			break
		}
	}
	for i, row := range rows {
		if row["id"] != float64(i+1) {
			t.Fatalf("row %d has the number %v", i+1, row["id"])
		}
	}
	feed := readSource(t, "upah").Feeds["upah_minimum"]
	for ours, theirs := range feed.Fields {
		if _, served := rows[0][theirs]; !served && !strings.HasPrefix(theirs, "=") {
			t.Errorf("%s reads %s, which is not served", ours, theirs)
		}
		delete(rows[0], theirs)
	}
	for theirs := range rows[0] {
		if !slices.Contains(feed.Ignore, theirs) {
			t.Errorf("%s is served and not mapped", theirs)
		}
	}
}

// Wages of a year are decided in December before it, and a young province has none of the years before it.
func TestMinimumWagesOfAYearAreDecidedBeforeIt(t *testing.T) {
	for _, c := range []struct {
		at   string
		last int
	}{{"2023-11-30", 2023}, {"2023-12-01", 2024}, {"2024-01-01", 2024}} {
		on, err := time.Parse(time.DateOnly, c.at)
		if err != nil {
			t.Fatal(err)
		}
		rows := minimumWageRows(momentOf(on))
		if last := rows[len(rows)-1].Year; last != c.last {
			t.Errorf("on %s the last year is %d, want %d", c.at, last, c.last)
		}
		for _, row := range rows {
			for _, p := range provinces {
				if p.code == strconv.Itoa(row.ProvinceCode) && row.Year < p.since {
					t.Fatalf("%s has a wage of %d and began in %d", row.Province, row.Year, p.since)
				}
			}
			if row.Wage < lowestWage || row.Wage%10_000 != 0 {
				t.Fatalf("a wage of %d", row.Wage)
			}
		}
	}
}
