package pipelines

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/transforms"
)

// What a connector did not hand on because it had not changed must not be taken for deleted.
func TestAbsenceMeansDeletionOnlyWhereAllRowsCome(t *testing.T) {
	const feed = `source: money
title: {id: Remitansi, en: Remittances}
origin: real
producer: Unit
contact: data@example.org
feeds:
  money:
    dataset: remittances
    role: authoritative
    connector: CONNECTOR
    formats: [{kind: csv}]
    key: [year, quarter, country, channel]
    delivery: snapshot
    deletes: absent_from_snapshot
`
	const database = `host: db.example.go.id, database: d, user: u, password: "${env:P}"`
	for _, c := range []struct{ connector, want string }{
		{`{kind: files, path: inbox}`, ""},
		{`{kind: sftp, host: h.example.go.id, user: u, password: "${env:P}", host_key: "SHA256:` + strings.Repeat("A", 43) + `"}`, ""},
		{`{kind: s3, endpoint: "https://s3.example.go.id", bucket: data}`, ""},
		{`{kind: rest, url: "https://example.go.id/all.csv"}`, ""},
		{`{kind: rest, url: "https://example.go.id/v1", paging: {kind: page, param: p}}`, ""},
		{`{kind: rest, url: "https://example.go.id/v1", since_param: since, paging: {kind: page, param: p}}`, "with since_param (since) it asks for what changed"},
		{`{kind: rest, url: "https://example.go.id/v1", paging: {kind: keyset, updated_path: u, key_path: k, since_param: from, after_key_param: a}}`, "with since_param (from) it asks for what changed"},
		{`{kind: postgres, table: money, ` + database + `}`, ""},
		{`{kind: postgres, query: "select * from money where changed > :since", start: "1970-01-01", cursor_column: changed, ` + database + `}`, "with cursor_column it asks for the rows that changed"},
		{`{kind: mysql, table: money, ` + database + `}`, ""},
		{`{kind: mysql, table: money, cursor_column: changed, ` + database + `}`, "with cursor_column it asks for the rows that changed"},
		{`{kind: bi, series: [jisdor], currencies: [USD], start: "2020-01-01"}`, "what changed since the last pull"},
		{`{kind: bps, key: "${env:P}", variables: [192]}`, "what changed since the last pull"},
		{`{kind: ckan, url: "https://data.example.go.id", package: money}`, "what changed since the last pull"},
		{`{kind: iati, via: datastore, publishers: [XM-DAC-5-7], key: "${env:P}"}`, "what changed since the last pull"},
		{`{kind: ilostat, indicators: [EAR_4MTH_SEX_ECO_CUR_NB_A]}`, "what changed since the last pull"},
		{`{kind: sdmx, url: "https://sdmx.example.org/rest", queries: [{agency: ILO, flow: DF_X}]}`, "what changed since the last pull"},
		{`{kind: worldbank, indicators: [NY.GDP.MKTP.CD], countries: [IDN]}`, "what changed since the last pull"},
	} {
		t.Run(c.connector, func(t *testing.T) {
			p := loadedWith(t, t.TempDir(), fstest.MapFS{"money.yaml": {Data: []byte(strings.Replace(feed, "CONNECTOR", c.connector, 1))}},
				func(string) (string, bool) { return "secret", true })
			got := ""
			if errs := checkFeed(p.Sources[0].Feeds[0], &transforms.Env{}); len(errs) > 0 {
				got = errs.Error()
			}
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if c.want != "" && !(strings.Contains(got, "money.yaml:14:") && strings.Contains(got, "write deletes: none")) {
				t.Errorf("the message does not say where, or what to do: %s", got)
			}
		})
	}
}

// A kind that somebody adds is asked here whether it hands on everything.
func TestEveryKindSaysWhetherItHandsOnEverything(t *testing.T) {
	changes := map[string]bool{"bi": true, "bps": true, "ckan": true, "iati": true, "ilostat": true, "sdmx": true, "worldbank": true}
	for _, kind := range connectors.Kinds() {
		if _, whole := kind.New().(connectors.Whole); whole == changes[kind.Name] {
			t.Errorf("%s: hands on everything: %v; correct it, or the list of this test", kind.Name, whole)
		}
	}
}
