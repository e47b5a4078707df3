package formats_test

import (
	"fmt"
	"html"
	"testing"

	"github.com/kp2mi/lindung/connectors/connectortest"
	"github.com/kp2mi/lindung/connectors/formats"
)

func TestFixedWidthConforms(t *testing.T) {
	lines := settings(t, "fixed_width").(*formats.FixedWidth)
	lines.Columns = formats.FixedColumns
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "fixed_width", Settings: lines, CutIsFault: true,
		Header: []string{"id", "nik", "catatan"}, Rows: formats.FixedRecords, Encode: formats.FixedOf,
	})
}

func TestXMLConforms(t *testing.T) {
	document := settings(t, "xml").(*formats.XML)
	document.RecordPath = "rows/row"
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "xml", Settings: document,
		Encode: func(t testing.TB, header []string, rows [][]string) []byte {
			out := []byte("<rows>")
			for _, row := range rows {
				out = append(out, "<row>"...)
				for i, text := range row {
					out = fmt.Appendf(out, "<%s>%s</%s>", header[i], html.EscapeString(text), header[i])
				}
				out = append(out, "</row>\n"...)
			}
			return append(out, "</rows>"...)
		},
	})
}

func TestKNOMADConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "knomad", Settings: settings(t, "knomad"),
		Header: formats.KNOMADColumns, Rows: formats.KNOMADRecords, Encode: formats.KNOMADOf,
	})
}
