package figures_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/figures"
)

func TestTheRevisionOf2023IsHongKong(t *testing.T) {
	early, late, _ := project(t)
	got, err := figures.Restatements(context.Background(), early, late, false)
	if err != nil {
		t.Fatal(err)
	}
	var services *figures.Restatement
	for i, r := range got.List {
		if r.Address.String() == "PLC-01.services/2023" {
			services = &got.List[i]
		}
		if r.Address.Period >= "2024" {
			t.Errorf("%s is restated, but the older release did not have it", r.Address)
		}
		if r.Address.Breakdown != "" {
			t.Errorf("%s is listed beside its total", r.Address)
		}
	}
	if services == nil || *services.Delta != 22143 || *services.Old != 274965 {
		t.Fatalf("PLC-01 2023: %+v", services)
	}
	if p := services.Parts[0]; p.Address.Member != "HKG" || p.Delta != 22251 {
		t.Errorf("explained by %+v, want Hong Kong +22,251", p)
	}
	var text bytes.Buffer
	if err := got.WriteText(&text, "en"); err != nil {
		t.Fatal(err)
	}
	want := "274,965 → 297,108 (+22,143, +8.05%); of which country=HKG +22,251, "
	if !strings.Contains(text.String(), want) {
		t.Errorf("text lacks %q:\n%s", want, text.String())
	}
}

func TestSizeDecidesTheOrder(t *testing.T) {
	early, late, _ := project(t)
	got, err := figures.Restatements(context.Background(), early, late, true)
	if err != nil {
		t.Fatal(err)
	}
	last, members := 1e18, 0
	for _, r := range got.List {
		if size := abs(*r.Delta); size > last {
			t.Fatalf("%s (%v) comes after a smaller change", r.Address, *r.Delta)
		} else {
			last = size
		}
		if r.Address.Breakdown != "" {
			members++
		}
	}
	if members == 0 {
		t.Error("members were asked for and none is listed")
	}
}

func TestAReleaseDoesNotRestateItself(t *testing.T) {
	_, late, _ := project(t)
	got, err := figures.Restatements(context.Background(), late, late, true)
	if err != nil || len(got.List) != 0 {
		t.Fatalf("%d restatements, %v", len(got.List), err)
	}
}

// A restatement says what came between: deliveries of the data that the KPI reads, another SQL, or both.
func TestARestatementHasACause(t *testing.T) {
	early, late, _ := project(t)
	got, err := figures.Restatements(context.Background(), early, late, false)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct{ cause, why string }{
		"PLC-01": {"data", "New deliveries: bp3mi_placements (commit 9)."},
		"PLC-04": {"data_and_definition", "New deliveries: bp3mi_placements (commit 9). The SQL changed: kpi_plc_04."},
	}
	for _, r := range got.List {
		if w, ok := want[r.Address.KPI]; ok && (r.Cause != w.cause || r.Why.EN != w.why || r.Why.ID == "") {
			t.Errorf("%s: %s %q, want %s %q", r.Address, r.Cause, r.Why.EN, w.cause, w.why)
		}
	}
}
