package warehouse

import (
	"context"
	"io/fs"
	"os"
	"testing"

	models "github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/transforms"
)

// shippedSpec is what tests of the shipped models run in: the models, the datasets and the lists of the product.
func shippedSpec(t testing.TB, files fs.FS) TestSpec {
	t.Helper()
	ms, err := models.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	spec := TestSpec{Models: ms, Reference: os.DirFS("../configs/reference")}
	for _, d := range transforms.Datasets() {
		schema := DatasetSchema{Name: d.Name()}
		for _, c := range d.Columns() {
			schema.Columns = append(schema.Columns, Column{Name: c.Name, SQLType: c.Type, Class: c.Class})
		}
		spec.Datasets = append(spec.Datasets, schema)
	}
	return spec
}

// TestShippedModels runs every test that is written beside a shipped model, and every KPI has some.
func TestShippedModels(t *testing.T) {
	t.Parallel()
	spec := shippedSpec(t, models.FS)
	results, err := RunModelTests(context.Background(), spec)
	if err != nil {
		t.Fatal(err)
	}
	tested := map[string]int{}
	for _, r := range results {
		tested[r.Model]++
		if !r.Passed() {
			t.Errorf("%s: %s\n%s", r.Model, r.Name, r.Diff)
		}
	}
	for _, m := range spec.Models {
		if m.Layer == models.KPIs && tested[m.Name] < 3 {
			t.Errorf("%s has %d tests; write an ordinary case, an empty denominator or missing period, a boundary, a late row", m.Path, tested[m.Name])
		}
	}
}
