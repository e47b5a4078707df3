package connectors

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

// Whatever stands in a template and in the values: what is sent is one JSON
// document, and a value stays within the text that it was put into.
func FuzzBodyTemplate(f *testing.F) {
	for _, seed := range []string{
		`{"page": {page}, "filter": {"from": "{from}", "note": "from {from} to {to}"}}`, `[{page}]`, `"{from}"`, `{page}`, `{"a": "\"{from}\"", "b": {}}`, `{"x": "\u0000page"}`,
		`{"query": "{ items(since: \"{from}\") { id } }"}`,
	} {
		f.Add(seed, "2024-01-01", "7")
	}
	f.Add(`{"from": "{from}"}`, `", "admin": true, "x": "`, `1, "admin": true`)
	f.Fuzz(func(t *testing.T, template, text, number string) {
		parsed, err := parseBody(template, []string{"from", "to", "page"})
		if err != nil {
			return
		}
		query := url.Values{"from": {text}, "page": {number}, "other": {"1"}}
		filled, err := parsed.fill(query)
		if err != nil {
			if !strings.HasSuffix(err.Error(), "stands outside quotes and its value is no number: put it in quotes") {
				t.Errorf("got %v", err)
			}
			return
		}
		var tree any
		if err := json.Unmarshal([]byte(filled), &tree); err != nil {
			t.Fatalf("%s with %q and %q is sent as %s: %v", template, text, number, filled, err)
		}
		if members, ok := tree.(map[string]any); ok && members["admin"] != nil && !strings.Contains(template, "admin") && !strings.Contains(template, `\u`) {
			t.Errorf("a value became a member: %s", filled)
		}
		if query.Get("other") != "1" {
			t.Error("a parameter that the template does not name is gone")
		}
	})
}

func FuzzBIAnswer(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0"?><DataSet><diffgram><Table><tgl_subkurslokal>2026-01-14T00:00:00+07:00</tgl_subkurslokal><mts_subkurslokal>USD  </mts_subkurslokal></Table></diffgram></DataSet>`))
	f.Add([]byte(`<diffgram/>`))
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY b "c">]><diffgram>&b;</diffgram>`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		q := biQuestion{series: "transaction", currency: "USD", first: "2026-01-01", last: "2026-01-31"}
		newest, err := q.newest(answer)
		if newest != "" && (err != nil || newest < q.first || newest > q.last) {
			t.Errorf("newest day %q, %v", newest, err)
		}
	})
}
