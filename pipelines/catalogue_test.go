package pipelines

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/transforms"
)

// catalogue loads the sources of the catalogue with the kinds and datasets that there really are.
func catalogue(t *testing.T) *configs.Project {
	t.Helper()
	fields := map[string][]string{}
	for _, d := range transforms.Datasets() {
		fields[d.Name()] = d.Inputs()
	}
	p, err := configs.Load(t.TempDir(), configs.Options{Extra: configs.Catalogue(), Datasets: fields,
		Connectors: connectorKinds(), Formats: formatKinds(), Unpack: unpackKinds(), AllowMissingSecrets: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

type noTokens struct{}

func (noTokens) Token(string, string) [16]byte { return [16]byte{} }

func catalogueEnv(t *testing.T) *transforms.Env {
	t.Helper()
	lists, err := transforms.LoadLists(configs.Reference())
	if err != nil {
		t.Fatal(err)
	}
	return &transforms.Env{Lists: lists, Tokens: noTokens{}}
}

// Every feed of the catalogue fits its connector, its formats and its dataset, so that copying a file
// into a project is all there is to do.
func TestCatalogueFitsItsKinds(t *testing.T) {
	env := catalogueEnv(t)
	for _, s := range catalogue(t).Sources {
		for _, f := range s.Feeds {
			t.Run(f.Name, func(t *testing.T) {
				if errs := checkFeed(f, env); len(errs) > 0 {
					t.Fatal(errs)
				}
				settings, err := connectorSettings(f)
				if err == nil {
					_, err = settings.Connect(connectors.Env{})
				}
				if err != nil {
					t.Error(err)
				}
				rules, err := formatRules(f, "")
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range rules {
					if c, ok := r.decode.(interface{ Check() error }); ok && c.Check() != nil {
						t.Error(c.Check())
					}
				}
			})
		}
	}
}

// rowsOf decodes and normalises an object as a feed of the catalogue would, and gives the keys of its
// rows.
func rowsOf(t *testing.T, feed string, object []byte) (keys []string, rejects []transforms.Reject) {
	t.Helper()
	f, err := findFeed(catalogue(t), feed)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := formatRules(f, "")
	if err != nil {
		t.Fatal(err)
	}
	d, err := datasetOf(f)
	if err != nil {
		t.Fatal(err)
	}
	n, err := d.Bind(catalogueEnv(t), mappingOf(f, time.Date(2026, 2, 7, 0, 0, 0, 0, time.UTC)))
	if err != nil {
		t.Fatal(err)
	}
	rows := d.NewRows()
	for b, err := range rules[0].decode.Decode(t.Context(), "object", bytes.NewReader(object)) {
		if err != nil {
			t.Fatal(err)
		}
		bad, err := n.Normalise(b, [16]byte{1}, rows)
		if err != nil {
			t.Fatal(err)
		}
		rejects = append(rejects, bad...)
	}
	for key := range rows.Keys {
		keys = append(keys, key)
	}
	return keys, rejects
}

// The recorded answer of Bank Indonesia's service becomes rates.
func TestCatalogueReadsARecordedAnswerOfBankIndonesia(t *testing.T) {
	recorded, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "bi", "getSubKursLokal3_USD_2026-02.xml"))
	if err != nil {
		t.Skip("the recorded answer is not at hand")
	}
	keys, rejects := rowsOf(t, "bi_exchange_rates", recorded)
	if len(rejects) > 0 || len(keys) != 8 || keys[0] != "2026-02-06|USD|transaction_buy" || keys[7] != "2026-02-03|USD|transaction_sell" {
		t.Errorf("rows %q, rejects %v", keys, rejects)
	}
}

// Tables in the shape that is known of SEKI become remittances and stocks.
func TestCatalogueReadsTheShapeOfSEKI(t *testing.T) {
	table := func(unit string) []byte {
		f := excelize.NewFile()
		for at, row := range map[string][]any{
			"A1": {"TENAGA KERJA INDONESIA (TKI) MENURUT NEGARA PENEMPATAN (" + unit + ")"},
			"A3": {nil, "NEGARA", 2023, nil, nil, nil, 2024, nil, "COUNTRY"},
			"A4": {nil, nil, "I", "II", "III", "IV", "I", "II*"},
			"A5": {1, "Malaysia", 10.5, 11, 12, 13, 14, 15, "Malaysia"},
			"A6": {2, "Arab Saudi", 20, 21, 22, 23, 24, 25.25, "Saudi Arabia"},
			"A7": {3, "Lainnya", 1, 1, 1, 1, 1, "-", "Others"},
			"A8": {4, "Jumlah", 31.5, 33, 35, 37, 39, 40.25, "Total"},
			"A9": {nil, "*) Angka sementara"},
		} {
			if err := f.SetSheetRow("Sheet1", at, &row); err != nil {
				t.Fatal(err)
			}
		}
		var out bytes.Buffer
		if err := f.Write(&out); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	for feed, want := range map[string]struct{ unit, first, last string }{
		"bi_remittances": {"Juta USD", "2023|1|MYS|BI", "2024|2||BI"},
		"bi_tki_stock":   {"Ribu Orang", "2023|1|MYS", "2024|2|"},
	} {
		keys, rejects := rowsOf(t, feed, table(want.unit))
		if len(rejects) > 0 || len(keys) != 23 || keys[0] != want.first || keys[22] != want.last {
			t.Errorf("%s: %d rows, %q, rejects %v", feed, len(keys), keys, rejects)
		}
	}
	f, err := findFeed(catalogue(t), "bi_remittances")
	if err != nil {
		t.Fatal(err)
	}
	rules, err := formatRules(f, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range rules[0].decode.Decode(t.Context(), "object", bytes.NewReader(table("Ribu USD"))) {
		if err == nil || !strings.Contains(fmt.Sprint(err), "expect") {
			t.Errorf("a table in another unit: %v", err)
		}
	}
}
