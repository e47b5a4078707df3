package figures_test

import (
	"context"
	"testing"

	"github.com/kp2mi/lindung/figures"
)

func TestARevisionStandsBesideTheFrozenFigure(t *testing.T) {
	early, late, _ := project(t)
	pairs, err := figures.Beside(context.Background(), early, late, "2023-08")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]figures.Pair{}
	for _, p := range pairs {
		found[p.Frozen.Address.String()] = p
	}
	total, kpi := found["PLC-01.services/2023-08"], found["PLC-01.services/2023-08/country=HKG"]
	if total.Frozen.Value == nil || total.Now == nil || *total.Revision() <= 0 || *kpi.Revision() < *total.Revision() {
		t.Errorf("total %+v, Hong Kong %+v: the revision of 2023 is Hong Kong's", total, kpi)
	}
	for name, p := range found {
		if p.Frozen.Value == nil && p.Revision() != nil {
			t.Errorf("%s was not printed and has a revision", name)
		}
	}
	if _, err := figures.Beside(context.Background(), early, late, "2023"); err == nil {
		t.Error("a year is frozen as a month")
	}
}
