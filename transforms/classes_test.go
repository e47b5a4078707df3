package transforms

import (
	"strings"
	"testing"
)

// Every column and every field of every dataset has a class, and none has one only because nobody said otherwise.
func TestEverythingIsClassed(t *testing.T) {
	for _, d := range Datasets() {
		if err := CheckClasses(d); err != nil {
			t.Error(err)
		}
	}
	for field := range fieldClasses {
		dataset, name, _ := strings.Cut(field, ".")
		d, ok := Lookup(dataset)
		if !ok || d.InputClass(name) != fieldClasses[field] || len(ColumnsOfField(d, name)) > 0 {
			t.Errorf("fieldClasses names %s, which is no field without a column", field)
		}
	}
}

type unclassed struct {
	ID    string  `parquet:"id" lindung:"internal"`
	Notes *string `parquet:"notes,dict"`
	Ward  *string `parquet:"ward,dict" lindung:"private"`
	Provenance
}

func normaliseUnclassed(f *Fields, r *unclassed) {
	r.ID = f.Text("id")
	r.Notes = f.LabelOpt("notes")
	r.Ward = f.LabelOpt("bed")
}

// A column or a field without a class, or with one that there is not, is refused before any record is read.
func TestWhatHasNoClassIsRefused(t *testing.T) {
	d := definition[unclassed, *unclassed]{name: "unclassed", version: 1, key: []string{"id"}, normalise: normaliseUnclassed,
		period: func(*Fields, *unclassed) string { return "2024-01" }}
	_, err := d.Bind(testEnv(t), Mapping{Source: "unit", Feed: "unit_x"})
	for _, want := range []string{"column notes", "column ward", "field notes", "field bed", "give each a class (open, internal, personal, specific, identifier)"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want …%s…", err, want)
		}
	}
	for _, fine := range []string{"column id", "field id"} {
		if err != nil && strings.Contains(err.Error(), fine+",") {
			t.Errorf("%s has a class: %v", fine, err)
		}
	}
}

// A field is as personal as the most personal column that it goes into.
func TestAFieldHasTheClassOfItsColumns(t *testing.T) {
	for _, c := range []struct{ dataset, field, class string }{
		{"placements", "nik", "identifier"},
		{"placements", "birth_date", "personal"},
		{"placements", "province_code", "open"},
		{"placements", "regency", "internal"},
		{"cases", "category", "specific"},
		{"statistics", "value", "open"},
		{"missing_migrants", "dead_and_missing", "open"},
		{"placements", "no_such_field", "personal"},
	} {
		d, _ := Lookup(c.dataset)
		if got := d.InputClass(c.field); got != c.class {
			t.Errorf("%s.%s is %s, want %s", c.dataset, c.field, got, c.class)
		}
	}
}

// What no field reads gets into no row: it stays in the landing.
func TestUndeclaredColumnsGoNowhere(t *testing.T) {
	d, _ := Lookup("cases")
	n, err := d.Bind(testEnv(t), Mapping{Source: "unit", Feed: "unit_x", Units: Units{DateOrder: "dmy"}})
	if err != nil {
		t.Fatal(err)
	}
	rows := d.NewRows()
	rejects, err := n.Normalise(tableOf(t, "case_id,received_at,category,status,alamat,nama\nK-1,17/08/2024,TPPO,closed,Jalan Kanari 1,Kanari Contoh\nK-2,31/02/2024,TPPO,closed,Jalan Kanari 2,Kanari Contoh\n"), [16]byte{7}, rows)
	if err != nil || rows.Len() != 1 || len(rejects) != 1 {
		t.Fatalf("%d rows, %d rejects, %v", rows.Len(), len(rejects), err)
	}
	text := strings.Join(rows.Texts(0), "\n") + "\n" + strings.Join(NewRejectRows("cases", "unit_x", "unit", "2024-08", rejects).Texts(0), "\n")
	if strings.Contains(text, "Kanari") {
		t.Errorf("an undeclared column is in\n%s", text)
	}
}
