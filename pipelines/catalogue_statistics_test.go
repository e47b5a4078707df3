package pipelines

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// sharedFile gives a real file or recorded answer, where they are at hand.
func sharedFile(t *testing.T, parts ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(append([]string{"..", "..", "shared", "data"}, parts...)...))
	if err != nil {
		t.Skip("the real file is not at hand")
	}
	return data
}

// A recorded answer of BPS becomes statistics by province and half-year, in Kemendagri's codes.
func TestCatalogueReadsARecordedAnswerOfBPS(t *testing.T) {
	for file, want := range map[string]int{"var-192-2018.snapshot.json": 208, "var-192-2024.snapshot.json": 232, "var-192-2025.snapshot.json": 232} {
		var envelope struct{ Result json.RawMessage }
		if err := json.Unmarshal(sharedFile(t, "bps", file), &envelope); err != nil {
			t.Fatal(err)
		}
		keys, rejects := rowsOf(t, "bps_province_tables", envelope.Result)
		if len(rejects) > 0 || len(keys) != want {
			t.Fatalf("%s: %d rows, rejects %v", file, len(keys), rejects)
		}
		slices.Sort(keys)
		if len(slices.Compact(keys)) != want {
			t.Errorf("%s: two rows have one key", file)
		}
		if year := file[8:12]; !slices.Contains(keys, "0000|192||"+year+"-H1|") || !slices.Contains(keys, "0000|192|11|"+year+"-H2|Perkotaan") {
			t.Errorf("%s: keys %q", file, keys[:4])
		}
	}
}

// The four new provinces of Papua have other codes at Kemendagri than at BPS.
func TestCatalogueKnowsBPSProvincesOfPapua(t *testing.T) {
	var envelope struct{ Result json.RawMessage }
	if err := json.Unmarshal(sharedFile(t, "bps", "var-192-2025.snapshot.json"), &envelope); err != nil {
		t.Fatal(err)
	}
	keys, _ := rowsOf(t, "bps_province_tables", envelope.Result)
	for _, province := range []string{"91", "92", "93", "94", "95", "96"} {
		if !slices.Contains(keys, "0000|192|"+province+"|2025-H1|") {
			t.Errorf("no figure for province %s", province)
		}
	}
}

// A recorded answer of the World Bank's API; an area without a code has nowhere to go.
func TestCatalogueReadsARecordedAnswerOfTheWorldBank(t *testing.T) {
	keys, rejects := rowsOf(t, "worldbank_indicators", sharedFile(t, "worldbank", "v2_page_array_GDP.json"))
	if want := "NY.GDP.MKTP.CD|MEX|2025 NY.GDP.MKTP.CD|MEX|2024 NY.GDP.MKTP.CD|EMU|2025"; strings.Join(keys, " ") != want {
		t.Errorf("rows %q", keys)
	}
	if len(rejects) != 1 || rejects[0].Place != "item 4" {
		t.Errorf("rejects %v", rejects)
	}
}

// Every value of a real download becomes a row: all its countries and groups are known.
func TestCatalogueReadsARealTableOfTheWorldBank(t *testing.T) {
	table := sharedFile(t, "worldbank", "API_BM.TRF.PWKR.CD.DT_DS2_en_csv_v2_3012027.csv")
	keys, rejects := rowsOf(t, "worldbank_tables", table)
	if len(rejects) > 0 || len(keys) < 5000 || !slices.Contains(keys, "BM.TRF.PWKR.CD.DT|IDN|2020") || !slices.Contains(keys, "BM.TRF.PWKR.CD.DT|WLD|2020") {
		t.Errorf("%d rows of %d lines, %d rejects, the first %v", len(keys), bytes.Count(table, []byte("\n")), len(rejects), rejects[:min(3, len(rejects))])
	}
}

// A workbook in the shape that is known of Remittance Prices Worldwide becomes prices.
func TestCatalogueReadsTheShapeOfRemittancePrices(t *testing.T) {
	f := excelize.NewFile()
	for _, sheet := range []struct {
		name  string
		title []any
		line  []any
	}{
		{"Dataset (up to Q1 2016)",
			[]any{"id", "period", "source_code", "destination_code", "firm", "firm_type", "product", "sending location", "coverage", "pick-up method", "cc1 total cost %", "cc2 total cost %", "transparent", "date"},
			[]any{17, "2013_3Q", "MYS", "IDN", "Contoh Remit", "Money Transfer Operator", "Cash to cash", "at Branch", "Nationwide", "Cash", 3.25, -0.75, "yes", "15/Aug/2013"}},
		{"Dataset (from Q2 2016)",
			[]any{"id", "period", "source_code", "destination_code", "firm", "firm_type", "payment instrument", "access point", "receiving network coverage", "pickup method", "cc1 total cost %", "cc2 total cost %", "transparent", "date"},
			[]any{"900001", "2024_3Q", "SAU", "IDN", "Bank Contoh", "Bank", "Cash", "Agent", "High", "Cash", "4.1", nil, "Yes", time.Date(2024, 8, 5, 0, 0, 0, 0, time.UTC)}},
	} {
		if _, err := f.NewSheet(sheet.name); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(f.SetSheetRow(sheet.name, "A1", &sheet.title), f.SetSheetRow(sheet.name, "A2", &sheet.line)); err != nil {
			t.Fatal(err)
		}
	}
	var book bytes.Buffer
	if err := f.Write(&book); err != nil {
		t.Fatal(err)
	}
	keys, rejects := rowsOf(t, "rpw_prices", book.Bytes())
	const want = "2013-Q3|MYS|IDN|Contoh Remit|1|200 2013-Q3|MYS|IDN|Contoh Remit|1|500 2024-Q3|SAU|IDN|Bank Contoh|1|200"
	if len(rejects) > 0 || strings.Join(keys, " ") != want {
		t.Errorf("rows %q, rejects %v", keys, rejects)
	}
}

// A real table of averages by corridor; those into Indonesia come from nine countries.
func TestCatalogueReadsARealTableOfCorridors(t *testing.T) {
	table := sharedFile(t, "worldbank", "rpw_filtered_thesis.csv")
	for _, feed := range []string{"rpw_corridors_200", "rpw_corridors_500"} {
		keys, rejects := rowsOf(t, feed, table)
		if len(keys)+len(rejects) != bytes.Count(table, []byte("\n"))-1 {
			t.Errorf("%s: %d rows and %d rejects of %d lines", feed, len(keys), len(rejects), bytes.Count(table, []byte("\n")))
		}
		for _, r := range rejects[:min(3, len(rejects))] {
			t.Errorf("%s: %d rejects, among them %v", feed, len(rejects), r)
		}
		home := map[string]bool{}
		for _, key := range keys {
			if parts := strings.Split(key, "|"); parts[1] == "IDN" {
				home[parts[2]] = true
			}
		}
		if len(home) != 9 || !home["MYS"] || !home["SAU"] {
			t.Errorf("%s: corridors into Indonesia from %v", feed, home)
		}
	}
}
