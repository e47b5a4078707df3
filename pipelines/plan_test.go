package pipelines

import (
	"strings"
	"testing"

	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/transforms"
)

// A plan shows the rows that an older normaliser made, and the command that makes them anew.
func TestPlanShowsRowsOfAnOlderNormaliser(t *testing.T) {
	d, _ := transforms.Lookup("placements")
	snap := lake.Snapshot{Files: []lake.File{
		{Dataset: "placements", Rows: 40, Normaliser: d.Version() - 1},
		{Dataset: "placements", Rows: 2, Normaliser: d.Version() - 1},
		{Dataset: "placements", Rows: 1000, Normaliser: d.Version()},
		{Dataset: "rejects", Rows: 7, Normaliser: 0},
	}}
	items := renormaliseItems(snap)
	if len(items) != 1 || items[0].Target != "placements" || items[0].Rows != 42 || !items[0].Due {
		t.Fatalf("plan: %+v", items)
	}
	if want := "lindung renormalise placements --from-landing"; !strings.Contains(items[0].Why, want) {
		t.Errorf("the plan does not name the command %q: %s", want, items[0].Why)
	}
	if items := renormaliseItems(lake.Snapshot{Files: snap.Files[2:3]}); len(items) != 0 {
		t.Errorf("rows of the present normaliser are in the plan: %+v", items)
	}
}
