package transforms

import (
	"bytes"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// What follows, up to the test, is what a new dataset writes in Go. A shipped one is registered in init and has its
// definitions in configs/datasets and its staging model in sql/1_staging; both are compared with it by other tests.

var checkups = definition[checkup, *checkup]{
	name: "checkups", version: 1, key: []string{"checkup_id"},
	normalise: normaliseCheckup,
	period:    func(f *Fields, r *checkup) string { return f.month(r.HeldOn) },
}

// checkup is one medical check of one worker before leaving.
type checkup struct {
	CheckupID string  `parquet:"checkup_id" lindung:"internal"`
	NIKToken  *Token  `parquet:"nik_token" lindung:"identifier"`
	NIKCheck  string  `parquet:"nik_check,dict" lindung:"internal"`
	HeldOn    int32   `parquet:"held_on,date" lindung:"open"`
	Country   *string `parquet:"country,dict" lindung:"open,country"`
	Cost      *int64  `parquet:"cost,decimal(2:18)" lindung:"internal"`
	Provenance
}

func normaliseCheckup(f *Fields, r *checkup) {
	r.CheckupID = f.Text("checkup_id")
	r.NIKToken, r.NIKCheck = f.NIK("nik", nil)
	r.HeldOn = f.Date("held_on")
	r.Country = f.CountryOpt("country")
	r.Cost = f.MoneyOpt("cost")
}

// TestANewDatasetGoesToParquetAndBack is the recipe's test: text in, typed rows or every problem out, and what a
// file holds is what was normalised.
func TestANewDatasetGoesToParquetAndBack(t *testing.T) {
	var d Dataset = checkups
	if want := []string{"checkup_id", "nik", "held_on", "country", "cost", "source_updated_at"}; !slices.Equal(d.Inputs(), want) {
		t.Errorf("a feed can map %v, want %v", d.Inputs(), want)
	}
	n, err := d.Bind(testEnv(t), Mapping{Source: "klinik", Feed: "klinik_checkups", Units: Units{Decimal: ",", DateOrder: "dmy"},
		Fields: map[string]string{"checkup_id": "nomor", "held_on": "tanggal", "country": "negara tujuan", "cost": "biaya"}})
	if err != nil {
		t.Fatal(err)
	}
	rows := d.NewRows()
	rejects, err := n.Normalise(tableOf(t, `nomor,nik,tanggal,negara tujuan,biaya
L-1,3201014101900000,17 Agustus 2024,Hongkong,"1.250.000,50"
L-2,,05/09/2024,,
L-3,,31/02/2024,Negeri Antah,"75,88%"
`), [16]byte{1}, rows)
	if err != nil {
		t.Fatal(err)
	}
	if len(rejects) != 1 || rejects[0].Place != "line 4" || len(rejects[0].Problems) != 3 {
		t.Errorf("rejects: %v, want line 4 with its three problems", rejects)
	}
	periods := rows.Split()
	if len(periods) != 2 || periods[0].Period != "2024-08" || periods[1].Period != "2024-09" {
		t.Fatalf("periods: %v", periods)
	}
	var file bytes.Buffer
	if err := periods[0].Rows.WriteParquet(&file); err != nil {
		t.Fatal(err)
	}
	read, err := parquet.Read[checkup](bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if len(read) != 1 {
		t.Fatalf("%d rows came back", len(read))
	}
	r := read[0]
	if r.CheckupID != "L-1" || r.NIKToken == nil || r.NIKCheck != NIKValid || *r.Country != "HKG" || *r.Cost != 125000050 || r.RowKey != "L-1" || r.Source != "klinik" {
		t.Errorf("another row came back: %+v", r)
	}
	var schema []string
	for _, c := range d.Columns()[:6] {
		schema = append(schema, c.Name+" "+c.Type)
	}
	if want := []string{"checkup_id VARCHAR", "nik_token UUID", "nik_check VARCHAR", "held_on DATE", "country VARCHAR", "cost DECIMAL(18,2)"}; !slices.Equal(schema, want) {
		t.Errorf("columns: %v", schema)
	}
}
