package warehouse

import (
	"context"
	"encoding/csv"
	"io/fs"
	"os"
	"slices"
	"strings"
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

// TestShippedModels runs every test that is written beside a shipped model, and every KPI has some. Together they show
// each kind of period and each way of withholding that the KPI declares.
func TestShippedModels(t *testing.T) {
	t.Parallel()
	spec := shippedSpec(t, models.FS)
	results, err := RunModelTests(context.Background(), spec)
	if err != nil {
		t.Fatal(err)
	}
	tested, shown := map[string]int{}, map[string][]kind{}
	for _, r := range results {
		tested[r.Model]++
		shown[r.Model] = append(shown[r.Model], r.kinds...)
		if !r.Passed() {
			t.Errorf("%s: %s\n%s", r.Model, r.Name, r.Diff)
		}
	}
	for _, m := range spec.Models {
		if m.Layer == models.KPIs && tested[m.Name] < 3 {
			t.Errorf("%s has %d tests; write an ordinary case, an empty denominator or missing period, a boundary, a late row", m.Path, tested[m.Name])
		}
		if m.Layer == models.KPIs {
			for _, problem := range unshown(m.Meta, shown[m.Name]) {
				t.Errorf("%s: %s", yamlOf(m), problem)
			}
		}
	}
}

// TestThemeCardsNameWhatThereIs holds the list of the report's cards to the models: each line is a measure, a breakdown
// and a member that exist, and what the founding meeting asked of a theme is on its card.
func TestThemeCardsNameWhatThereIs(t *testing.T) {
	ms, err := models.Models()
	if err != nil {
		t.Fatal(err)
	}
	kpis := map[string]models.Meta{}
	for _, m := range ms {
		kpis[m.Meta.ID] = m.Meta
	}
	cards := map[string]bool{}
	for _, row := range listRows(t, "theme_card") {
		cards[row["code"]] = true
	}
	shown := map[string]string{}
	for _, line := range listRows(t, "theme_card_line") {
		place := "theme_card_line.csv, line " + line["position"]
		shown[line["card"]] += " " + line["kpi"] + "." + line["measure"] + "/" + line["breakdown"] + "=" + line["member"]
		if !cards[line["card"]] || line["part_id"] == "" || line["part_en"] == "" || !slices.Contains([]string{"month", "quarter", "year"}, line["period_type"]) {
			t.Errorf("%s: card, part or period_type is not known: %v", place, line)
		}
		meta, known := kpis[line["kpi"]]
		if _, measured := meta.Measures.Get(line["measure"]); !known || line["measure"] != "" && !measured {
			t.Errorf("%s: there is no measure %s.%s", place, line["kpi"], line["measure"])
		}
		if line["breakdown"] == "" {
			continue
		}
		if !slices.Contains(meta.Breakdowns, line["breakdown"]) {
			t.Errorf("%s: %s has no breakdown %s", place, line["kpi"], line["breakdown"])
		}
		if !slices.ContainsFunc(listRows(t, line["breakdown"]), func(row map[string]string) bool {
			return line["member"] == row["code"] || line["member"] == row["iso3"]
		}) {
			t.Errorf("%s: %s is no %s", place, line["member"], line["breakdown"])
		}
	}
	for card, wanted := range map[string]string{
		"EKONOMI":     "empowerment_type=PENDAMPINGAN empowerment_type=AKSES_MODAL empowerment_type=AKSES_PASAR empowerment_type=PELATIHAN EMP-04. EMP-06.",
		"HUKUM":       "shelter_location=PERWAKILAN shelter_location=RUMAH_RAMAH LEG-01. LEG-02.",
		"TATA_KELOLA": "PLC-10. BFR-03. BFR-04. BFR-05. BFR-06.licensed BFR-06.sanctioned CMP-07. GOV-06.",
		"MUTU":        "GOV-01. GOV-02. GOV-03. GOV-04. GOV-05.",
		"KERJA_SAMA":  "COP-01.committed_usd_million/partner=GIZ COP-01.disbursed_usd_million/partner=KOICA COP-02. COP-04.",
		"PENEMPATAN":  "country=DEU country=AUS country=JPN country=KOR SKL-03.recognised/country=DEU SKL-03.departed/country=JPN SKL-03.departed/country=KOR target_group=PEMUDA target_group=LULUSAN_KESEHATAN",
	} {
		for one := range strings.FieldsSeq(wanted) {
			if !strings.Contains(shown[card], one) {
				t.Errorf("the card %s does not show %s", card, one)
			}
		}
	}
}

// listRows reads a reference list by the names of its columns.
func listRows(t testing.TB, name string) (rows []map[string]string) {
	t.Helper()
	f, err := os.Open("../configs/reference/" + name + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	all, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%s.csv: %v", name, err)
	}
	for _, record := range all[1:] {
		row := map[string]string{}
		for i, column := range all[0] {
			row[column] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}
