package pipelines

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
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
		if year := file[8:12]; !slices.Contains(keys, "192||"+year+"-H1|") || !slices.Contains(keys, "192|11|"+year+"-H2|Perkotaan") {
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
		if !slices.Contains(keys, "192|"+province+"|2025-H1|") {
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
