package warehouse

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"

	models "github.com/kp2mi/lindung/sql"
)

func testSpec(t testing.TB) TestSpec {
	ms, err := models.Load(os.DirFS("testdata/models"))
	if err != nil {
		t.Fatal(err)
	}
	return TestSpec{Models: ms, Datasets: []DatasetSchema{placements}, Reference: os.DirFS("testdata/reference")}
}

func TestRunModelTests(t *testing.T) {
	results, err := RunModelTests(context.Background(), testSpec(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 4 {
		t.Errorf("%d tests ran, 4 are written", len(results))
	}
	for _, r := range results {
		if !r.Passed() {
			t.Errorf("%s: %s\n%s", r.Model, r.Name, r.Diff)
		}
	}
}

func TestRunModelTestsFilters(t *testing.T) {
	spec := testSpec(t)
	spec.Filter = regexp.MustCompile("^kpi_plc_01/.*twice")
	results, err := RunModelTests(context.Background(), spec)
	if err != nil || len(results) != 1 {
		t.Errorf("%d results, %v", len(results), err)
	}
}

func cell(column, text string) models.Cell { return models.Cell{Column: column, Text: text} }

// TestModelTestsCanFail shows what a wrong expectation, or a wrong test, reads like.
func TestModelTestsCanFail(t *testing.T) {
	given := map[string][]models.Row{"fct_placements": {
		{cell("row_key", "a"), cell("person_token", "p1"), cell("country", "HKG"), cell("placed_on", "2025-01-03"), cell("status", "completed")},
	}}
	for name, tc := range map[string]struct {
		test models.Test
		want string
	}{
		"wrong value": {models.Test{Given: given, Where: "breakdown = 'total'", Expect: []models.Row{
			{cell("measure", "services"), cell("value", "2")}, {cell("measure", "persons"), cell("value", "1")}}},
			"- expected  {measure=services, value=2}\n  + came out  {measure=services, value=1}"},
		"row too many": {models.Test{Given: given, Where: "breakdown = 'total'", Expect: []models.Row{{cell("measure", "services")}}},
			"+ came out  {measure=persons}"},
		"no row at all":   {models.Test{Given: given, Where: "measure = 'persons' and member = 'HKG'", Expect: []models.Row{}}, "+ came out  {measure=persons, period_type=month, period=2025-01"},
		"unknown column":  {models.Test{Given: given, Expect: []models.Row{{cell("valeu", "1")}}}, "expect: kpi_plc_01 has no column valeu"},
		"unknown given":   {models.Test{Given: map[string][]models.Row{"fct_placements": {{cell("colour", "red")}}}, Expect: []models.Row{}}, "given fct_placements: row 1: there is no column colour"},
		"unrelated table": {models.Test{Given: map[string][]models.Row{"dim_country": {}}, Expect: []models.Row{}}, "given: kpi_plc_01 does not depend on dim_country"},
		"wrong type":      {models.Test{Given: map[string][]models.Row{"fct_placements": {{cell("placed_on", "2025-02-30")}}}, Expect: []models.Row{}}, "given fct_placements: row 1:"},
	} {
		t.Run(name, func(t *testing.T) {
			spec := testSpec(t)
			for i := range spec.Models {
				spec.Models[i].Meta.Tests = nil
				if spec.Models[i].Name == "kpi_plc_01" {
					tc.test.Name = name
					spec.Models[i].Meta.Tests = []models.Test{tc.test}
				}
			}
			results, err := RunModelTests(context.Background(), spec)
			if err != nil {
				t.Fatal(err)
			}
			if got := results[0].Diff; !strings.Contains(got, tc.want) {
				t.Errorf("got:\n%s\nwant …%s…", got, tc.want)
			}
		})
	}
}

// TestModelTestsBuildWhatLiesBetween gives lake rows and looks at a KPI: staging, facts and marts are built.
func TestModelTestsBuildWhatLiesBetween(t *testing.T) {
	spec := testSpec(t)
	for i := range spec.Models {
		spec.Models[i].Meta.Tests = nil
		if spec.Models[i].Name == "kpi_plc_01" {
			row := func(key, status string) models.Row {
				return models.Row{cell("source", "s"), cell("row_key", key), cell("commit_no", "1"), cell("row_no", "1"), cell("nik_token", "p1"),
					cell("completed_on", "2025-03-01"), cell("status", status), {Column: "country", Null: true}}
			}
			spec.Models[i].Meta.Tests = []models.Test{{Name: "from the lake", Where: "measure = 'services'",
				Given:  map[string][]models.Row{"lake_placements": {row("a", "completed"), row("b", "completed"), row("c", "cancelled")}},
				Expect: []models.Row{{cell("member", ""), cell("value", "2")}, {cell("member", "UNKNOWN"), cell("value", "2.0")}}}}
		}
	}
	results, err := RunModelTests(context.Background(), spec)
	if err != nil || len(results) != 1 || !results[0].Passed() {
		t.Errorf("%v %+v", err, results)
	}
}

func TestSameNumber(t *testing.T) {
	for _, tc := range []struct {
		want, got string
		same      bool
	}{
		{"1", "1.0", true}, {"0.1", "0.1", true}, {"0.3333", "0.3333333333333333", true}, {"0.33", "0.3333333333333333", false},
		{"0.3334", "0.3333333333333333", false}, {"200717", "200718", false}, {"0.30000000000000004", "0.3", true}, {"nan", "1", false},
	} {
		if got := sameNumber(tc.want, tc.got); got != tc.same {
			t.Errorf("written %s, computed %s: %v", tc.want, tc.got, got)
		}
	}
}
