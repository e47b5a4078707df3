package pipelines

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/formats"
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
		Connectors: connectorKinds(), Formats: formatKinds(), AllowMissingSecrets: true})
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
				rules, err := formatRules(f)
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
	return rowsOfNamed(t, feed, "object", object)
}

// rowsOfNamed is rowsOf for an object whose name decides how it is read.
func rowsOfNamed(t *testing.T, feed, name string, object []byte, change ...func(formats.Settings)) (keys []string, rejects []transforms.Reject) {
	t.Helper()
	f, err := findFeed(catalogue(t), feed)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := formatRules(f)
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
	rule := slices.IndexFunc(rules, func(r formatRule) bool { return r.matches(name) })
	for _, c := range change {
		c(rules[rule].decode)
	}
	for b, err := range rules[rule].decode.Decode(t.Context(), name, bytes.NewReader(object)) {
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
	rules, err := formatRules(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range rules[0].decode.Decode(t.Context(), "object", bytes.NewReader(table("Ribu USD"))) {
		if err == nil || !strings.Contains(fmt.Sprint(err), "expect") {
			t.Errorf("a table in another unit: %v", err)
		}
	}
}

// Activities that d-portal really served become partners' activities and money: those that are about
// Indonesia, and of Korea's those in which KOICA takes part.
func TestCatalogueReadsRealIATIActivities(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "iati", "dportal_covid_activities.xml"))
	if err != nil {
		t.Skip("the real file is not at hand")
	}
	for _, c := range []struct{ feed, folder, want string }{
		{"iati_partner_activities", "AU-5", "XM-DAC-41114|XM-DAC-41114-PROJECT-00126825 XM-DAC-41114|XM-DAC-41114-OUTPUT-00126721 KR-GOV-010|KR-GOV-051-2020010102496 KR-GOV-010|KR-GOV-051-2020010102468"},
		{"iati_partner_activities", "KR-GOV-010", "KR-GOV-010|KR-GOV-051-2020010102496 KR-GOV-010|KR-GOV-051-2020010102468"},
		{"iati_partner_flows", "KR-GOV-010", "KR-GOV-010|KR-GOV-051-2020010102496|budget|1|1 KR-GOV-010|KR-GOV-051-2020010102496|planned_disbursement|1|1 " +
			"KR-GOV-010|KR-GOV-051-2020010102496|transaction|1|1 KR-GOV-010|KR-GOV-051-2020010102496|transaction|2|1 KR-GOV-010|KR-GOV-051-2020010102496|transaction|3|1 " +
			"KR-GOV-010|KR-GOV-051-2020010102468|budget|1|1 KR-GOV-010|KR-GOV-051-2020010102468|planned_disbursement|1|1 " +
			"KR-GOV-010|KR-GOV-051-2020010102468|transaction|1|1 KR-GOV-010|KR-GOV-051-2020010102468|transaction|2|1 KR-GOV-010|KR-GOV-051-2020010102468|transaction|3|1"},
	} {
		keys, rejects := rowsOfNamed(t, c.feed, c.folder+"/activities-000001.xml", data)
		if len(rejects) > 0 || strings.Join(keys, " ") != c.want {
			t.Errorf("%s of %s: rows %q, rejects %v", c.feed, c.folder, keys, rejects)
		}
	}
}

// Of all the real activities, those of every country, quarantine takes only what says nothing: the
// transactions of one publisher that have no type, value or readable date, two amounts without currency, and
// four flows to Tristan da Cunha, which has no code of its own in ISO 3166.
func TestCatalogueQuarantinesFewRealIATIFlows(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join("..", "..", "shared", "data", "iati", "*activit*.xml"))
	if len(files) == 0 {
		t.Skip("the real files are not at hand")
	}
	everywhere := func(s formats.Settings) { s.(*formats.IATI).Countries = nil }
	for feed, want := range map[string]string{
		"iati_partner_activities": "map[rows:426]",
		"iati_partner_flows":      "map[missing_required currency:2 missing_required transaction_type:21 missing_required value:21 not_a_date flow_date:21 rows:19002 unknown_code recipient_country:4]",
	} {
		got := map[string]int{}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			keys, rejects := rowsOfNamed(t, feed, "object", data, everywhere)
			got["rows"] += len(keys)
			for _, r := range rejects {
				for _, p := range r.Problems {
					got[p.Code+" "+p.Column]++
				}
			}
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", feed, got, want)
		}
	}
}
