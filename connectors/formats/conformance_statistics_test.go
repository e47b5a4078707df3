package formats_test

import (
	"testing"

	"github.com/kp2mi/lindung/connectors/connectortest"
	"github.com/kp2mi/lindung/connectors/formats"
)

func TestBPSDatacontentConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "bps_datacontent", Settings: settings(t, "bps_datacontent"),
		Header: formats.BPSDatacontentColumns, Rows: formats.BPSRecords, Encode: formats.BPSAnswerOf,
	})
}

func TestWorldBankJSONConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "worldbank_json", Settings: settings(t, "worldbank_json"), Rows: formats.WorldBankRecords, Encode: formats.WorldBankPageOf,
		Header: []string{"indicator.id", "indicator.value", "country.id", "country.value", "countryiso3code", "date", "value", "unit", "obs_status", "decimal"},
	})
}

func TestWorldBankCSVConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "worldbank_csv", Settings: settings(t, "worldbank_csv"), CutIsFault: true, Rows: formats.WorldBankTableRecords, Encode: formats.WorldBankTableOf,
		Header: []string{"Country Name", "Indicator Code", "date", "value", "data_source", "last_updated"},
	})
}

func TestRPWConforms(t *testing.T) {
	connectortest.RunFormat(t, connectortest.FormatHarness{
		Kind: "rpw", Settings: settings(t, "rpw"), Header: formats.RPWColumns, Rows: formats.RPWRecords, Encode: formats.RPWOf,
	})
}
