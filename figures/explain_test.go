package figures_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"
)

func TestExplainFollowsAFigureToItsObjects(t *testing.T) {
	_, _, history := project(t)
	got, err := history.Explain(context.Background(), address(t, "PLC-01/2023/country=HKG"), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := got.WriteText(&text, "en"); err != nil {
		t.Fatal(err)
	}
	golden(t, "explanation.txt", text.Bytes())
	if len(got.Files) != 4 || got.Periods != "2023-01..2023-12" {
		t.Errorf("%d files for %s, want the 3 of 2023 and the deletions of their feed", len(got.Files), got.Periods)
	}
	if got.Rows.In != got.Rows.Accepted+got.Rows.Quarantined || got.Rows.In != 3092 {
		t.Errorf("rows of the objects: %+v", got.Rows)
	}
	if len(got.Earlier) != 1 || *got.Earlier[0].Value != 65916 {
		t.Errorf("earlier values: %+v", got.Earlier)
	}
	var document bytes.Buffer
	if err := got.WriteJSON(&document); err != nil || !json.Valid(document.Bytes()) {
		t.Errorf("JSON: %v", err)
	}
}

// TestExplainCountsTheKPIsOwnDatasets: every KPI asks of every dataset which months are there, and counts few of them.
func TestExplainCountsTheKPIsOwnDatasets(t *testing.T) {
	_, _, history := project(t)
	got, err := history.Explain(context.Background(), address(t, "PLC-01/2023"), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(got.Tables, "lake_cases") {
		t.Fatalf("the SQL reads %v; the test needs a dataset that is read and not counted", got.Tables)
	}
	for _, f := range got.Files {
		if f.Source != "bp3mi_units" {
			t.Errorf("a file of another dataset's feed: %+v", f)
		}
	}
	for _, o := range got.Objects {
		if o.Feed != "bp3mi_placements" {
			t.Errorf("an object of another dataset's feed: %+v", o)
		}
	}
	if len(got.Conservation) != 1 || got.Conservation[0].Dataset != "placements" {
		t.Errorf("accounts of %+v, want that of placements alone", got.Conservation)
	}
}

func TestExplainAsOfReadsTheReleaseOfThatDay(t *testing.T) {
	_, _, history := project(t)
	got, err := history.Explain(context.Background(), address(t, "PLC-01/2023"), time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC))
	if err != nil || got.Release.ID != "r000001" || len(got.Files) != 2 || len(got.Earlier) != 0 {
		t.Fatalf("%+v, %v", got, err)
	}
}
