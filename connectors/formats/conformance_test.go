package formats_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/kp2mi/lindung/connectors/connectortest"
	"github.com/kp2mi/lindung/connectors/formats"
)

func TestCSVConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "csv", Settings: settings(t, "csv"), CutIsFault: true,
		Encode: func(t testing.TB, header []string, rows [][]string) []byte {
			var out bytes.Buffer
			if err := csv.NewWriter(&out).WriteAll(append([][]string{header}, rows...)); err != nil {
				t.Fatal(err)
			}
			return out.Bytes()
		},
	})
}

func TestJSONConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "json", Settings: settings(t, "json"),
		Encode: func(t testing.TB, header []string, rows [][]string) []byte {
			return append(append([]byte("[\n"), bytes.Join(items(t, header, rows), []byte(",\n"))...), "\n]"...)
		},
	})
}

func TestNDJSONConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "ndjson", Settings: settings(t, "ndjson"), CutIsFault: true,
		Encode: func(t testing.TB, header []string, rows [][]string) []byte {
			return bytes.Join(items(t, header, rows), []byte("\n"))
		},
	})
}

func TestXLSXConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "xlsx", Settings: settings(t, "xlsx"),
		Encode: func(t testing.TB, header []string, rows [][]string) []byte {
			f := excelize.NewFile()
			w, err := f.NewStreamWriter("Sheet1")
			for i, row := range append([][]string{header}, rows...) {
				cells := make([]any, len(row))
				for k, text := range row {
					cells[k] = text
				}
				if err == nil {
					err = w.SetRow(fmt.Sprintf("A%d", i+1), cells)
				}
			}
			var out bytes.Buffer
			if err == nil {
				err = w.Flush()
			}
			if err == nil {
				err = f.Write(&out)
			}
			if err != nil {
				t.Fatal(err)
			}
			return out.Bytes()
		},
	})
}

func TestXLSConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "xls", Settings: settings(t, "xls"),
		Encode: func(t testing.TB, header []string, rows [][]string) []byte {
			return formats.XLSOf(t, append([][]string{header}, rows...))
		},
	})
}

func TestHTMLTableConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "html_table", Settings: settings(t, "html_table"),
		Encode: func(t testing.TB, header []string, rows [][]string) []byte {
			escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", "\n", "<br>", "\t", "&#9;", " ", "&#32;")
			page := []byte("<table>")
			for _, row := range append([][]string{header}, rows...) {
				page = append(page, "<tr>"...)
				for _, text := range row {
					page = append(page, "<td>"+escape.Replace(text)+"</td>"...)
				}
				page = append(page, "</tr>\n"...)
			}
			return append(page, "</table>"...)
		},
	})
}

func TestBIDiffgramConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "bi_diffgram", Settings: settings(t, "bi_diffgram"),
		Header: formats.BIDiffgramColumns, Rows: formats.BIRecords, Encode: formats.BIAnswerOf,
	})
}

func TestSEKIConforms(t *testing.T) {
	table := settings(t, "seki").(*formats.SEKI)
	table.Totals = false
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "seki", Settings: table, Header: formats.SEKIColumns, Rows: formats.SEKIRecords, Encode: formats.SEKIOf,
	})
}

func TestMissingMigrantsConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "missing_migrants", Settings: settings(t, "missing_migrants"), CutIsFault: true,
		Header: formats.MissingColumns, Rows: formats.MissingRecords, Encode: formats.MissingOf,
	})
}

func TestPMITableConforms(t *testing.T) {
	table := settings(t, "pmi_table").(*formats.PMITable)
	table.Totals = false
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "pmi_table", Settings: table, Header: formats.PMIColumns, Rows: formats.PMIRecords, Encode: formats.PMIOf,
	})
}

func TestWideYearsConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "wide_years", Settings: settings(t, "wide_years"), CutIsFault: true,
		Header: []string{"nama", "year", "value"}, Rows: formats.WideRecords, Encode: formats.WideOf,
	})
}

func settings(t *testing.T, kind string) formats.Settings {
	k, ok := formats.Lookup(kind)
	if !ok {
		t.Fatalf("kind %s is not registered", kind)
	}
	return k.New()
}

// items writes rows as JSON objects with their members in the header's order.
func items(t testing.TB, header []string, rows [][]string) [][]byte {
	out := make([][]byte, len(rows))
	for i, row := range rows {
		item := []byte("{")
		for k, name := range header {
			text, err := json.Marshal(row[k])
			if err != nil {
				t.Fatal(err)
			}
			item = fmt.Appendf(item, "%q:%s,", name, text)
		}
		out[i] = append(item[:len(item)-1], '}')
	}
	return out
}

func TestIATIConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "iati", Settings: settings(t, "iati"), Header: formats.IATIColumns, Rows: formats.IATIRecords, Encode: formats.IATIOf,
	})
}
