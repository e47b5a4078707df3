package formats_test

import (
	"testing"

	"github.com/kp2mi/lindung/connectors/connectortest"
	"github.com/kp2mi/lindung/connectors/formats"
)

func TestSDMXCSVConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "sdmx_csv", Settings: settings(t, "sdmx_csv"), CutIsFault: true,
		Header: formats.SDMXCSVColumns, Rows: formats.SDMXCSVRecords, Encode: formats.SDMXCSVOf,
	})
}

func TestSDMXJSONConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "sdmx_json", Settings: settings(t, "sdmx_json"),
		Header: formats.SDMXColumns, Rows: formats.SDMXRecords, Encode: formats.SDMXJSONOf,
	})
}

func TestSDMXMLConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "sdmx_ml", Settings: settings(t, "sdmx_ml"),
		Header: formats.SDMXColumns, Rows: formats.SDMXRecords, Encode: formats.SDMXMLOf,
	})
}
