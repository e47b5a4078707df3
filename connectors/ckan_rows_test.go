package connectors

import (
	"net/url"
	"strings"
	"testing"
	"unicode"
)

func TestCKANRowsFindTheirNumbers(t *testing.T) {
	r, err := scanCKANRows([]byte(`{"success":true,"result":{"records":[{"a":1,"_id":4},{"_id":5},{"_id":"9"}],"total":7,"next_page":{"filters": {"_id":{"gt":9}} }}}`))
	if err != nil || r.first != 4 || r.last != 9 || r.items != 3 || r.total != 7 || r.after != `{"_id":{"gt":9}}` {
		t.Errorf("%+v %v", r, err)
	}
	for body, want := range map[string]string{
		`{"result":{"records":[{"_id":4},{"_id":4}]}}`:   "not in the order",
		`{"result":{"records":[{"_id":4},{"a":4}]}}`:     "row 2 has no number",
		`{"result":{"records":[{"_id":"x"},{"_id":4}]}}`: "row 1 has no number",
		`{"result":{"records":[7]}}`:                     "row 1 has no number",
		`{"result":{"records":"NEGARA,2024\n"}}`:         "not a list",
		`{"result":{}}`:                                  `no "result.records"`,
	} {
		if _, err := scanCKANRows([]byte(body)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", body, err, want)
		}
	}
	one, err := scanCKANRows([]byte(`{"result":{"records":[{"_id":12}]}}`))
	if err != nil || one.first != 12 || one.last != 12 || one.total != -1 {
		t.Errorf("%+v %v", one, err)
	}
}

func TestCKANNamesFilesAfterTheirAddress(t *testing.T) {
	for _, c := range []struct{ address, format, media, want string }{
		{"https://p.example/d/penempatan.csv?x=1", "CSV", "", "penempatan.csv"},
		{"https://p.example/d/data%20pmi%2F2024.XLSX", "XLSX", "", "2024.XLSX"},
		{"https://p.example/export", " xlsx ", "", "export.xlsx"},
		{"https://p.example/export", "Tabel", "text/csv; charset=utf-8", "export.csv"},
		{"https://p.example/export", "", "", "export.bin"},
		{"https://p.example/", "CSV", "", "file.csv"},
		{"https://p.example", "CSV", "", "file.csv"},
		{"https://p.example/a/%2e%2e", "CSV", "", "file.csv"},
		{"https://p.example/a%5Cb%0A", "CSV", "", "a_b_.csv"},
	} {
		u, err := url.Parse(c.address)
		if err != nil {
			t.Fatal(err)
		}
		if got := fileNameOf(u, &ckanResource{Format: c.format}, c.media); got != c.want {
			t.Errorf("%s (%s): %q, want %q", c.address, c.format, got, c.want)
		}
	}
}

func FuzzCKANRows(f *testing.F) {
	f.Add(`{"help":"","success":true,"result":{"records":[{"_id":1,"NEGARA":"Malaysia","2010.0":"51.723"},{"_id":2}],"total":2}}`)
	f.Add(`{"success":true,"result":{"records":[{"_id":9}],"total":20,"next_page":{"filters":{"_id":{"gt":9}}}}}`)
	f.Add(`{"result":{"records":[]}}`)
	f.Fuzz(func(t *testing.T, body string) {
		r, err := scanCKANRows([]byte(body))
		if err != nil {
			return
		}
		if r.items > 0 && r.last-r.first < int64(r.items)-1 {
			t.Errorf("%d rows from %d to %d", r.items, r.first, r.last)
		}
		if more := r.askNext(url.Values{"resource_id": {"x"}}, r.items); !more {
			t.Error("a first page is the last without having been asked")
		}
	})
}

func FuzzRefusedByCKAN(f *testing.F) {
	f.Add(`{"success":false,"error":{"__type":"Validation Error","limit":["Must be a natural number"]}}`)
	f.Add(`<!DOCTYPE html><html></html>`)
	f.Add(`{"success":false,"error":"text"}`)
	f.Fuzz(func(t *testing.T, body string) {
		text := refusedByCKAN("404 Not Found", []byte(body), "tok-5d1e").Error()
		if strings.Contains(text, "tok-5d1e") || strings.ContainsFunc(text, unicode.IsControl) || len([]rune(text)) > 500 {
			t.Errorf("the error is %q", text)
		}
	})
}
