package connectors

import (
	"fmt"
	"strings"
	"testing"
)

func TestLookupFollowsMembersAndIndexes(t *testing.T) {
	p := page{body: []byte("\xEF\xBB\xBF" + `{"a":[{"x":1},{"\u0062":{"items":[1,2,3]}}],"t":"3","next":false}`)}
	err := p.scan(&RESTPaging{Kind: "cursor", ItemsPath: "a.1.b.items", TotalPath: "t", CursorPath: "next"})
	if err != nil || p.items != 3 || p.total != 3 || p.next != "" {
		t.Errorf("%d items of %d, next %q, %v", p.items, p.total, p.next, err)
	}
	for _, path := range []string{"a.2", "a.x", "t.x", "nothing", "a.-1"} {
		if err := (&page{body: p.body}).scan(&RESTPaging{ItemsPath: path}); err == nil {
			t.Errorf("%s: found", path)
		}
	}
}

func FuzzPageScan(f *testing.F) {
	f.Add(`{"data":[{"id":1,"u":"2026-01-01"},{"id":2,"u":"2026-01-02"}],"next":"x","total":2}`, "data", "u")
	f.Add(`[]`, "", "")
	f.Add(`{"a":[null]}`, "a", "u.v")
	f.Add(`[[{"u":1768440600}]]`, "0", "u")
	f.Fuzz(func(t *testing.T, body, items, updated string) {
		for _, kind := range []string{"page", "keyset"} {
			paging := &RESTPaging{Kind: kind, ItemsPath: items, UpdatedPath: updated, KeyPath: "id", CursorPath: "next", TotalPath: "total"}
			p := page{body: []byte(body)}
			if err := p.scan(paging); err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("an error over two lines: %q", err)
			}
		}
	})
}

// A page is looked at once before it is landed; this must not cost more than
// the network does.
func BenchmarkPageScan(b *testing.B) {
	var body strings.Builder
	body.WriteString(`{"data":[`)
	for i := range 2000 {
		fmt.Fprintf(&body, `{"id_penempatan":"PLC-%07d","nik":"3201014101900000","negara":"HONG KONG","jabatan":"DOMESTIC WORKER","tgl_selesai":"2025-01-15","gaji":4870.00,"updated_at":"2025-01-15T08:%02d:%02d+07:00"},`, i, i/60%60, i%60)
	}
	text := strings.TrimSuffix(body.String(), ",") + `]}`
	paging := &RESTPaging{Kind: "keyset", ItemsPath: "data", UpdatedPath: "updated_at", KeyPath: "id_penempatan"}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if err := (&page{body: []byte(text)}).scan(paging); err != nil {
			b.Fatal(err)
		}
	}
}
