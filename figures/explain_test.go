package figures_test

import (
	"bytes"
	"context"
	"encoding/json"
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
	if len(got.Files) != 3 || got.Periods != "2023-01..2023-12" {
		t.Errorf("%d files for %s, want the 3 of 2023", len(got.Files), got.Periods)
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

func TestExplainAsOfReadsTheReleaseOfThatDay(t *testing.T) {
	_, _, history := project(t)
	got, err := history.Explain(context.Background(), address(t, "PLC-01/2023"), time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC))
	if err != nil || got.Release.ID != "r000001" || len(got.Files) != 2 || len(got.Earlier) != 0 {
		t.Fatalf("%+v, %v", got, err)
	}
}
