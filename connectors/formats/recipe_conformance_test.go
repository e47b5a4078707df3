package formats_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/connectors/connectortest"
)

// TestANewFormatConforms is the recipe's test: settings, and a way to write a table in the format.
func TestANewFormatConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "quoted", Settings: settings(t, "quoted"), CutIsFault: true,
		Encode: func(t testing.TB, header []string, rows [][]string) []byte {
			var out strings.Builder
			for _, row := range append([][]string{header}, rows...) {
				for i, cell := range row {
					out.WriteString([]string{"", "\t"}[min(i, 1)] + strconv.Quote(cell))
				}
				out.WriteString("\n")
			}
			return []byte(out.String())
		},
	})
}
