package connectors_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

const ckanToken = "ckan-token-5d1e"

// ckanPortal answers like a portal of CKAN: the envelope, the members of a resource and
// the words of its errors are those that its source and a recorded answer show.
type ckanPortal struct {
	*httptest.Server
	mu        sync.Mutex
	resources []map[string]any
	files     map[string]string // by path
	rows      map[string][]int  // numbers of the rows, by resource
	keyset    bool              // whether it says what comes after a page
	private   bool
	broken    bool
	maxRows   int
	asked     []string
	tokens    []string // that came with the requests
	tamper    func(w http.ResponseWriter, r *http.Request) bool
}

func newPortal(t *testing.T) *ckanPortal {
	s := &ckanPortal{files: map[string]string{}, rows: map[string][]int{}, maxRows: 32000}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *ckanPortal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.URL.RequestURI())
	s.tokens = append(s.tokens, r.Header.Get("Authorization"))
	if s.tamper != nil && s.tamper(w, r) {
		return
	}
	switch {
	case s.broken:
		refuse(w, http.StatusServiceUnavailable, "Internal Server Error", "down")
	case s.private && r.Header.Get("Authorization") != ckanToken:
		refuse(w, http.StatusForbidden, "Authorization Error", "Access denied: User  not authorized to read package")
	case r.URL.Path == "/api/3/action/package_show" && r.FormValue("id") == "data-pmi":
		grant(w, map[string]any{"id": "f61d78e5", "name": "data-pmi", "num_resources": len(s.resources), "resources": s.resources})
	case r.URL.Path == "/api/3/action/resource_show" && s.resource(r.FormValue("id")) != nil:
		grant(w, s.resource(r.FormValue("id")))
	case r.URL.Path == "/api/3/action/datastore_search" && s.rows[r.FormValue("resource_id")] != nil:
		s.search(w, r)
	case s.files[r.URL.Path] != "":
		w.Header().Set("Content-Type", "application/octet-stream")
		fmt.Fprint(w, s.files[r.URL.Path])
	default:
		refuse(w, http.StatusNotFound, "Not Found Error", "Tidak ditemukan")
	}
}

func grant(w http.ResponseWriter, result any) {
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	_ = json.NewEncoder(w).Encode(map[string]any{"help": "https://portal.example/api/3/action/help_show", "success": true, "result": result})
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"help": "https://portal.example/", "success": false, "error": map[string]any{"__type": kind, "message": message}})
}

func (s *ckanPortal) resource(id string) map[string]any {
	for _, r := range s.resources {
		if r["id"] == id {
			return r
		}
	}
	return nil
}

func (s *ckanPortal) search(w http.ResponseWriter, r *http.Request) {
	limit, _ := strconv.Atoi(r.FormValue("limit"))
	limit = min(limit, s.maxRows)
	offset, _ := strconv.Atoi(r.FormValue("offset"))
	var filters struct {
		ID struct {
			After int `json:"gt"`
		} `json:"_id"`
	}
	_ = json.Unmarshal([]byte(r.FormValue("filters")), &filters)
	ids := slices.DeleteFunc(slices.Clone(s.rows[r.FormValue("resource_id")]), func(id int) bool { return id <= filters.ID.After })
	total := len(ids)
	ids = ids[min(offset, total):min(offset+limit, total)]
	records := []map[string]any{}
	for _, id := range ids {
		records = append(records, map[string]any{"_id": id, "NEGARA": "Malaysia", "2024.0": "51.723"})
	}
	result := map[string]any{"resource_id": r.FormValue("resource_id"), "records": records, "total": total, "limit": limit,
		"fields": []map[string]any{{"id": "_id", "type": "int"}, {"id": "NEGARA", "type": "text"}}}
	if s.keyset && len(ids) > 0 {
		result["next_page"] = map[string]any{"filters": map[string]any{"_id": map[string]any{"gt": ids[len(ids)-1]}}}
	}
	grant(w, result)
}

// add puts n resources into the package, each with a file and three rows.
func (s *ckanPortal) add(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		i := len(s.resources) + 1
		id, file := fmt.Sprintf("9b41007e-%04d", i), fmt.Sprintf("/dataset/x/resource/9b41007e-%04d/download/penempatan-%d.csv", i, i)
		s.files[file] = fmt.Sprintf("negara,tahun,jumlah\r\nMalaysia,2024,%d\r\n", 1000+i)
		s.rows[id] = []int{1, 2, 5}
		s.resources = append(s.resources, map[string]any{"id": id, "name": fmt.Sprintf("Penempatan PMI / Tahun %d", 2000+i), "format": "CSV", "state": "active",
			"url": s.URL + file, "url_type": "upload", "hash": "", "size": len(s.files[file]), "datastore_active": true,
			"created": "2025-01-01T00:00:00", "last_modified": fmt.Sprintf("2025-03-17T07:06:%02d.297614", i), "metadata_modified": "2025-03-17T08:00:00"})
	}
}

func (s *ckanPortal) settings(change func(*connectors.CKAN)) *connectors.CKAN {
	kind, _ := connectors.Lookup("ckan")
	c := kind.New().(*connectors.CKAN)
	c.URL, c.Package = s.URL+"/", "data-pmi"
	c.Rate.PerSecond, c.Retry.MaxWait = 0, time.Millisecond
	if change != nil {
		change(c)
	}
	return c
}

func TestCKANConforms(t *testing.T) {
	for name, change := range map[string]func(*connectors.CKAN){
		"files": nil,
		"rows":  func(c *connectors.CKAN) { c.Datastore, c.PageSize = true, 2 },
	} {
		t.Run(name, func(t *testing.T) {
			connectortest.Run(t, connectortest.Harness{
				Kind: "ckan", Secrets: []string{ckanToken},
				Start: func(t *testing.T) *connectortest.Source {
					s := newPortal(t)
					s.private = true
					return &connectortest.Source{
						Settings: s.settings(func(c *connectors.CKAN) {
							c.Token = ckanToken
							if change != nil {
								change(c)
							}
						}),
						Env: connectors.Env{Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }},
						Add: s.add, Break: func() { s.mu.Lock(); s.broken = true; s.mu.Unlock() },
					}
				},
			})
		})
	}
}

// pullCKAN gives names, bodies and the last position.
func pullCKAN(t *testing.T, settings *connectors.CKAN, position string) (names []string, bodies, after string, err error) {
	t.Helper()
	connector, err := settings.Connect(connectors.Env{Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	req := connectors.Request{Now: today}
	if position != "" {
		req.Position = json.RawMessage(position)
	}
	for o, e := range connector.Pull(t.Context(), req) {
		if e != nil {
			return names, bodies, after, e
		}
		data, e := io.ReadAll(o.Body)
		if e != nil {
			return names, bodies, after, e
		}
		names, bodies = append(names, o.Name), bodies+string(data)
		if o.Position != nil {
			after = string(o.Position)
		}
	}
	return names, bodies, after, nil
}

func TestCKANPullsAgainOnlyWhatChanged(t *testing.T) {
	s := newPortal(t)
	s.add(2)
	names, bodies, position, err := pullCKAN(t, s.settings(nil), "")
	if err != nil || strings.Join(names, " ") != "data-pmi/9b41007e-0001/penempatan-1.csv data-pmi/9b41007e-0002/penempatan-2.csv" || !strings.Contains(bodies, "2024,1002\r\n") {
		t.Fatalf("%v %q %v", names, bodies, err)
	}
	for _, c := range []struct {
		what   string
		change map[string]any
		comes  bool
	}{
		{"nothing", nil, false},
		{"its description", map[string]any{"metadata_modified": "2026-01-01T00:00:00"}, false},
		{"the time of its file", map[string]any{"last_modified": "2026-01-01T00:00:00"}, true},
		{"its hash", map[string]any{"hash": "77aa"}, true},
		{"its size, as a text", map[string]any{"size": "12134"}, true},
		{"the time of its description, where there is no other", map[string]any{"last_modified": nil, "metadata_modified": "2026-01-01T00:00:00"}, true},
	} {
		before := s.resources[1]
		changed := maps.Clone(before)
		maps.Copy(changed, c.change)
		s.resources[1] = changed
		names, _, after, err := pullCKAN(t, s.settings(nil), position)
		if err != nil || (len(names) == 1) != c.comes || len(names) > 1 {
			t.Errorf("%s changed: got %v, %v", c.what, names, err)
		}
		if again, _, _, err := pullCKAN(t, s.settings(nil), cmp.Or(after, position)); err != nil || len(again) > 0 {
			t.Errorf("%s changed, and comes a third time: %v %v", c.what, again, err)
		}
		s.resources[1] = before
	}
	rows := func(c *connectors.CKAN) { c.Datastore = true }
	if names, _, _, err := pullCKAN(t, s.settings(rows), position); err != nil || len(names) != 2 {
		t.Errorf("a feed that turned to the rows: %v %v", names, err)
	}
	// What is only linked comes every time; what left the package leaves the position.
	s.resources = s.resources[1:]
	s.resources[0]["url_type"] = nil
	names, _, after, err := pullCKAN(t, s.settings(nil), position)
	if err != nil || len(names) != 1 || strings.Contains(after, "0001") {
		t.Errorf("%v %s %v", names, after, err)
	}
}

func TestCKANChoosesResources(t *testing.T) {
	s := newPortal(t)
	s.add(3)
	s.resources[2]["format"], s.resources[2]["url"] = "XLSX", s.URL+"/unduh?id=7"
	s.files["/unduh"] = "PK"
	for _, c := range []struct {
		what   string
		change func(*connectors.CKAN)
		want   string
	}{
		{"by name", func(c *connectors.CKAN) { c.Match = []string{"penempatan*tahun 2002"} }, "data-pmi/9b41007e-0002/penempatan-2.csv"},
		{"by format", func(c *connectors.CKAN) { c.Formats = []string{"xlsx"} }, "data-pmi/9b41007e-0003/unduh.xlsx"},
		{"by id", func(c *connectors.CKAN) { c.Resources = []string{"9b41007e-0001"} }, "data-pmi/9b41007e-0001/penempatan-1.csv"},
		{"without the package", func(c *connectors.CKAN) { c.Package, c.Resources = "", []string{"9b41007e-0003", "9b41007e-0001"} },
			"127.0.0.1/9b41007e-0003/unduh.xlsx 127.0.0.1/9b41007e-0001/penempatan-1.csv"},
	} {
		if names, _, _, err := pullCKAN(t, s.settings(c.change), ""); err != nil || strings.Join(names, " ") != c.want {
			t.Errorf("%s: %v %v", c.what, names, err)
		}
	}
	_, _, _, err := pullCKAN(t, s.settings(func(c *connectors.CKAN) { c.Formats = []string{"PDF"} }), "")
	if err == nil || !strings.Contains(err.Error(), "none of its 3 resources is chosen") {
		t.Errorf("a choice of nothing: %v", err)
	}
	if _, _, _, err = pullCKAN(t, s.settings(func(c *connectors.CKAN) { c.Resources = []string{"x"} }), ""); err == nil || !strings.Contains(err.Error(), "no resource x") {
		t.Errorf("a resource of another package: %v", err)
	}
}

func TestCKANPagesRowsByTheirNumber(t *testing.T) {
	for _, keyset := range []bool{false, true} {
		s := newPortal(t)
		s.add(1)
		s.keyset, s.rows["9b41007e-0001"] = keyset, []int{1, 2, 3, 7, 8, 11, 12}
		s.maxRows = 3 // the portal gives fewer rows than it is asked for
		names, bodies, _, err := pullCKAN(t, s.settings(func(c *connectors.CKAN) { c.Datastore = true }), "")
		if err != nil || strings.Join(names, " ") != "data-pmi/9b41007e-0001/page-000001.json data-pmi/9b41007e-0001/page-000002.json data-pmi/9b41007e-0001/page-000003.json" {
			t.Fatalf("%v %v", names, err)
		}
		if n := strings.Count(bodies, `"_id":`); n-strings.Count(bodies, `"_id":{`) != 7 {
			t.Errorf("%d rows in %s", n, bodies)
		}
		last := s.asked[len(s.asked)-1]
		if keyset != strings.Contains(last, "filters=%7B%22_id%22%3A%7B%22gt%22%3A11%7D%7D") || keyset == strings.Contains(last, "offset=6") || !strings.Contains(last, "sort=_id") {
			t.Errorf("keyset %v: asked %s", keyset, last)
		}
	}
	// An empty table is an object all the same: it replaces what was there.
	s := newPortal(t)
	s.add(1)
	s.rows["9b41007e-0001"] = []int{}
	rows := func(c *connectors.CKAN) { c.Datastore, c.PageSize = true, 2 }
	if names, _, position, err := pullCKAN(t, s.settings(rows), ""); err != nil || len(names) != 1 || position == "" {
		t.Errorf("%v %v", names, err)
	}
	for want, change := range map[string]func(){
		"does not come after": func() { s.rows["9b41007e-0001"] = []int{5, 6, 1, 2} },
		"in the order of _id": func() { s.rows["9b41007e-0001"] = []int{6, 5} },
		"keeps no rows of it": func() { s.resources[0]["datastore_active"] = false },
		"gives 2":             func() { s.tamper = stopAfterOnePage },
	} {
		s.tamper, s.rows["9b41007e-0001"], s.resources[0]["datastore_active"] = nil, []int{1, 2, 3, 4}, true
		change()
		if _, _, _, err := pullCKAN(t, s.settings(rows), ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q in it", err, want)
		}
	}
}

// stopAfterOnePage answers every page but the first with none.
func stopAfterOnePage(w http.ResponseWriter, r *http.Request) bool {
	if r.FormValue("offset") == "" {
		return false
	}
	grant(w, map[string]any{"records": []any{}, "total": 4})
	return true
}

func TestCKANSaysWhatThePortalSaid(t *testing.T) {
	answer := func(status int, media, body string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Type", media)
			w.WriteHeader(status)
			fmt.Fprint(w, body)
			return true
		}
	}
	for _, c := range []struct {
		name, media, body string
		status            int
		want              []string
	}{
		{"a package that is private", "application/json", `{"success":false,"error":{"__type":"Authorization Error","message":"Access denied"}}`, 403, []string{"403", "Access denied", "set token"}},
		{"a package that is not there", "application/json", `{"success":false,"error":{"__type":"Not Found Error","message":"Tidak ditemukan"}}`, 404, []string{"404", "Tidak ditemukan", "check package"}},
		{"a question that it does not take", "application/json", `{"success":false,"error":{"__type":"Validation Error","limit":["Must be a natural number"]}}`, 409, []string{"409", "limit: ", "natural number"}},
		{"an error that is called an answer", "application/json", `{"success":false,"error":{"__type":"Search Error","message":"solr ` + ckanToken + `"}}`, 200, []string{`"Search Error; message: solr ***"`}},
		{"a portal that moved off CKAN", "text/html", `<!DOCTYPE html><html>404</html>`, 404, []string{"404", "a web page", "katalog.data.go.id"}},
		{"a page of a firewall", "text/html", `<html>blocked</html>`, 200, []string{"a web page"}},
		{"another service", "application/json", `{"data":[]}`, 200, []string{"no answer of CKAN"}},
		{"an answer of another form", "application/json", `{"success":true,"result":[7]}`, 200, []string{"another form than CKAN"}},
		{"a resource without id", "application/json", `{"success":true,"result":{"name":"x","resources":[{"name":"y"}]}}`, 200, []string{"no id"}},
	} {
		s := newPortal(t)
		s.tamper = answer(c.status, c.media, c.body)
		_, _, _, err := pullCKAN(t, s.settings(func(k *connectors.CKAN) { k.Token = ckanToken }), "")
		for _, want := range c.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q in it", c.name, err, want)
			}
		}
		if err != nil && strings.Contains(err.Error(), ckanToken) {
			t.Errorf("%s: the token stands in the error", c.name)
		}
	}
}

// A resource may lie on another host; the token stays with the portal.
func TestCKANSendsTheTokenToThePortalOnly(t *testing.T) {
	s, elsewhere := newPortal(t), newPortal(t)
	s.add(1)
	elsewhere.files["/berkas.csv"] = "a\n1\n"
	s.resources[0]["url"] = strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1) + "/berkas.csv"
	token := func(c *connectors.CKAN) { c.Token = ckanToken }
	_, _, _, err := pullCKAN(t, s.settings(token), "")
	if err == nil || !strings.Contains(err.Error(), "allow_hosts") || !errors.Is(err, connectors.ErrUnavailable) {
		t.Fatalf("%v", err)
	}
	host := strings.TrimPrefix(strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1), "http://")
	names, _, _, err := pullCKAN(t, s.settings(func(c *connectors.CKAN) { token(c); c.AllowHosts = []string{host} }), "")
	if err != nil || len(names) != 1 || names[0] != "data-pmi/9b41007e-0001/berkas.csv" {
		t.Fatalf("%v %v", names, err)
	}
	if strings.Join(elsewhere.tokens, "") != "" || s.tokens[0] != ckanToken {
		t.Errorf("the tokens sent: %q elsewhere, %q to the portal", elsewhere.tokens, s.tokens)
	}
}

// Tables in HTML under the name .xls are files; a web page in a CSV's place is none.
func TestCKANTellsTablesFromWebPages(t *testing.T) {
	s := newPortal(t)
	s.add(1)
	for path := range s.files {
		s.files[path] = "<html><table><tr><td>a</td></tr></table></html>"
	}
	if _, _, _, err := pullCKAN(t, s.settings(nil), ""); err == nil || !strings.Contains(err.Error(), "web page") {
		t.Errorf("%v", err)
	}
	s.resources[0]["format"] = "XLS"
	if names, _, _, err := pullCKAN(t, s.settings(nil), ""); err != nil || len(names) != 1 {
		t.Errorf("%v %v", names, err)
	}
}

func TestCKANSettings(t *testing.T) {
	s := &ckanPortal{Server: &httptest.Server{URL: "https://portal.example/api/3/action"}}
	_, err := s.settings(func(c *connectors.CKAN) { c.Package, c.PageSize, c.Match, c.MaxBytes = "", 50_000, []string{""}, 0 }).Connect(connectors.Env{})
	for _, want := range []string{"url: ", "package: ", "page_size", "match", "max_bytes"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q in it", err, want)
		}
	}
	s.URL = "http://portal.example"
	if _, err = s.settings(func(c *connectors.CKAN) { c.Token = ckanToken }).Connect(connectors.Env{}); err == nil || !strings.Contains(err.Error(), "in clear") {
		t.Errorf("a token over http: %v", err)
	}
}

// What a real portal said of a package is understood: 38 resources of the disaster agency.
func TestCKANReadsARecordedAnswer(t *testing.T) {
	recorded, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "ckan", "bnpb_package_show.snapshot.json"))
	if err != nil {
		t.Skip("the recorded answer is not at hand")
	}
	var snapshot struct {
		Result json.RawMessage `json:"result"`
	}
	if err := json.Unmarshal(recorded, &snapshot); err != nil {
		t.Fatal(err)
	}
	s := newPortal(t)
	s.tamper = func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			grant(w, snapshot.Result)
		} else {
			fmt.Fprint(w, "file of "+r.URL.Path)
		}
		return true
	}
	// The files lie at the portal's own address, which here is another one.
	local := strings.ReplaceAll(string(snapshot.Result), "https://data.bnpb.go.id", s.URL)
	snapshot.Result = json.RawMessage(local)
	names, _, position, err := pullCKAN(t, s.settings(func(c *connectors.CKAN) { c.Package = "data-bencana-indonesia"; c.Formats = []string{"xlsx"} }), "")
	if err != nil || len(names) == 0 || !strings.HasPrefix(names[0], "data-bencana-indonesia/9b41007e-c998-456b-8cbc-385b17986e46/jumlah-kejadian-bencana-menurut-jenis") || !strings.HasSuffix(names[0], ".xlsx") {
		t.Fatalf("%d objects, %q, %v", len(names), names, err)
	}
	if !strings.Contains(position, `"9b41007e-c998-456b-8cbc-385b17986e46":"|2025-03-17T07:06:56.297614|12134"`) {
		t.Errorf("position %s", position)
	}
	if again, _, _, err := pullCKAN(t, s.settings(func(c *connectors.CKAN) { c.Package = "data-bencana-indonesia"; c.Formats = []string{"xlsx"} }), position); err != nil || len(again) > 0 {
		t.Errorf("again: %q %v", again, err)
	}
}
