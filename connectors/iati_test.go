package connectors_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

const iatiKey = "a-subscription-key"

// iatiService answers like the Datastore, d-portal, the Registry and a publisher's
// host, in the shapes that are known of them.
type iatiService struct {
	*httptest.Server
	mu         sync.Mutex
	activities map[string][]string // identifiers by publisher
	asked      []string
	broken     bool
	stamp      string
	most       int                                                      // activities in a page, whatever is asked for
	answer     func(w http.ResponseWriter, r *http.Request) (done bool) // goes first
	datasets   []map[string]any                                         // more of the Registry's
	hash       func(name string, n int) string
}

func newIATIService(t *testing.T) *iatiService {
	s := &iatiService{activities: map[string][]string{}, most: 1000, hash: func(_ string, n int) string { return fmt.Sprintf("sha1-%d", n) }}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func iatiXML(stamp string, ids []string) string {
	if len(ids) == 0 {
		return `<?xml version="1.0" encoding="UTF-8"?><iati-activities generated-datetime="" version="2.03"/>` + "\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><iati-activities version="2.03" generated-datetime="%s">`, stamp)
	for _, id := range ids {
		fmt.Fprintf(&b, `<iati-activity default-currency="USD"><iati-identifier>%s</iati-identifier></iati-activity>`, id)
	}
	b.WriteString(`</iati-activities>`)
	return b.String()
}

func (s *iatiService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	query := r.URL.Query()
	text, _ := json.Marshal(query)
	s.asked = append(s.asked, r.URL.Path+" "+string(text))
	switch {
	case s.broken:
		http.Error(w, "down", http.StatusForbidden)
	case s.answer != nil && s.answer(w, r):
	case strings.HasPrefix(r.URL.Path, "/datastore/"):
		if r.Header.Get("Ocp-Apim-Subscription-Key") != iatiKey {
			http.Error(w, `{"statusCode": 401}`, http.StatusUnauthorized)
			return
		}
		_, rest, _ := strings.Cut(query.Get("q"), `reporting_org_ref:"`)
		publisher, _, _ := strings.Cut(rest, `"`)
		s.page(w, publisher, query.Get("start"), query.Get("rows"))
	case r.URL.Path == "/q.xml":
		s.page(w, query.Get("reporting_ref"), query.Get("offset"), query.Get("limit"))
	case strings.HasSuffix(r.URL.Path, "/package_search"):
		s.search(w, strings.TrimPrefix(query.Get("q"), "organization:"), query.Get("start"))
	case strings.HasPrefix(r.URL.Path, "/files/"): // one activity each
		fmt.Fprint(w, iatiXML("", []string{strings.TrimSuffix(filepath.Base(r.URL.Path), ".xml")}))
	case r.URL.Path == "/all.xml":
		if len(s.activities["AU-5"]) == 0 {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("ETag", strconv.Itoa(len(s.activities["AU-5"])))
		fmt.Fprint(w, strings.Join(s.activities["AU-5"], " "))
	default:
		http.NotFound(w, r)
	}
}

func (s *iatiService) page(w http.ResponseWriter, publisher, start, rows string) {
	w.Header().Set("Content-Type", "application/xml")
	all := s.activities[publisher]
	from, _ := strconv.Atoi(start)
	size, _ := strconv.Atoi(rows)
	from = min(from, len(all))
	fmt.Fprint(w, iatiXML(s.stamp, all[from:min(from+min(size, s.most), len(all))]))
}

func (s *iatiService) search(w http.ResponseWriter, publisher, start string) {
	var results []map[string]any
	for i, id := range slices.Backward(s.activities[publisher]) {
		results = append(results, map[string]any{"name": "set-" + id, "metadata_modified": fmt.Sprintf("2026-01-01T00:00:%02d", i),
			"resources": []map[string]any{{"url": s.URL + "/files/" + id + ".xml", "hash": s.hash(id, i), "format": "iati-xml"}},
			"extras":    []map[string]any{{"key": "filetype", "value": "activity"}, {"key": "activity_count", "value": "1"}}})
	}
	results = append(results, s.datasets...)
	count := len(results)
	if from, _ := strconv.Atoi(start); from > 0 {
		results = results[from:]
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"help": "…", "success": true, "result": map[string]any{"count": count, "results": results}})
}

func (s *iatiService) settings(via string, change func(*connectors.IATI)) *connectors.IATI {
	kind, _ := connectors.Lookup("iati")
	iati := kind.New().(*connectors.IATI)
	iati.Via, iati.Publishers, iati.PageSize, iati.Rate.PerSecond, iati.Retry.MaxWait = via, []string{"AU-5"}, 2, 0, time.Millisecond
	switch via {
	case "datastore":
		iati.URL, iati.Key, iati.Countries = s.URL+"/datastore/activity/iati", iatiKey, []string{"ID"}
	case "dportal":
		iati.URL, iati.Countries = s.URL+"/q.xml", []string{"ID"}
	case "registry":
		iati.URL = s.URL + "/api/3/action/package_search"
	case "xml":
		iati.Publishers, iati.Addresses = nil, []string{s.URL + "/all.xml"}
	}
	if change != nil {
		change(iati)
	}
	return iati
}

func (s *iatiService) add(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		s.activities["AU-5"] = append(s.activities["AU-5"], fmt.Sprintf("AU-5-%03d", len(s.activities["AU-5"])))
	}
}

func TestIATIConforms(t *testing.T) {
	for _, via := range []string{"datastore", "dportal", "registry", "xml"} {
		t.Run(via, func(t *testing.T) {
			connectortest.Run(t, connectortest.Harness{
				Kind: "iati", Secrets: []string{iatiKey},
				Start: func(t *testing.T) *connectortest.Source {
					s := newIATIService(t)
					return &connectortest.Source{
						Settings: s.settings(via, nil), Add: s.add, Overlaps: via == "xml",
						Break: func() { s.mu.Lock(); s.broken = true; s.mu.Unlock() },
					}
				},
			})
		})
	}
}

// pullIATI gives names and bodies of the objects, and the last position.
func pullIATI(t *testing.T, settings *connectors.IATI, req connectors.Request) (names []string, bodies, position string, err error) {
	t.Helper()
	connector, err := settings.Connect(connectors.Env{Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	req.Now = today
	for o, e := range connector.Pull(t.Context(), req) {
		if e != nil {
			return names, bodies, position, e
		}
		data, e := io.ReadAll(o.Body)
		if e != nil {
			return names, bodies, position, e
		}
		names, bodies = append(names, o.Name), bodies+string(data)
		if o.Position != nil {
			position = string(o.Position)
		}
	}
	return names, bodies, position, nil
}

// Each publisher is asked for page by page until one is empty, in words that the service knows.
func TestIATIAsksPageByPage(t *testing.T) {
	for via, want := range map[string][]string{
		"datastore": {`/datastore/activity/iati {"q":["reporting_org_ref:\"AU-5\" AND (recipient_country_code:\"ID\" OR transaction_recipient_country_code:\"ID\")"],"rows":["2"],"sort":["iati_identifier asc"],"start":["0"]}`,
			`"start":["2"]`, `"start":["3"]`, `"DE-1`},
		"dportal": {`/q.xml {"country_code":["ID"],"from":["act,country"],"limit":["2"],"offset":["0"],"orderby":["aid"],"reporting_ref":["AU-5"]}`,
			`"offset":["2"]`, `"offset":["3"]`, `"reporting_ref":["DE-1"]`},
	} {
		t.Run(via, func(t *testing.T) {
			s := newIATIService(t)
			s.add(3)
			names, bodies, position, err := pullIATI(t, s.settings(via, func(c *connectors.IATI) { c.Publishers = []string{"AU-5", "DE-1"} }), connectors.Request{})
			if err != nil || strings.Join(names, " ") != "AU-5/activities-000001.xml AU-5/activities-000002.xml" || strings.Count(bodies, "<iati-activity ") != 3 {
				t.Errorf("got %v %v", names, err)
			}
			if len(s.asked) != len(want) {
				t.Fatalf("asked %q", s.asked)
			}
			for i, w := range want {
				if !strings.Contains(strings.ReplaceAll(s.asked[i], `\u0026`, "&"), w) {
					t.Errorf("asked %s, want %s in it", s.asked[i], w)
				}
			}
			// Another time of putting together is no news; another activity is.
			s.stamp = "2026-02-02T00:00:00Z"
			if names, _, _, err := pullIATI(t, s.settings(via, nil), connectors.Request{Position: []byte(position)}); err != nil || len(names) > 0 {
				t.Errorf("nothing is new, and %v comes %v", names, err)
			}
			s.add(1)
			if names, _, _, err := pullIATI(t, s.settings(via, nil), connectors.Request{Position: []byte(position)}); err != nil || strings.Join(names, " ") != "AU-5/activities-000002.xml" {
				t.Errorf("got %v %v", names, err)
			}
		})
	}
}

// A service that gives fewer at a time than it is asked for has not come to its end.
func TestIATIReadsOnWhenPagesAreShort(t *testing.T) {
	s := newIATIService(t)
	s.add(5)
	s.most = 1
	names, bodies, _, err := pullIATI(t, s.settings("datastore", func(c *connectors.IATI) { c.PageSize = 1000 }), connectors.Request{})
	if err != nil || len(names) != 5 || strings.Count(bodies, "<iati-identifier>") != 5 {
		t.Errorf("got %v %v", names, err)
	}
}

func TestIATIWithoutPublishersAsksForTheCountry(t *testing.T) {
	s := newIATIService(t)
	s.activities[""] = []string{"A"}
	names, _, _, err := pullIATI(t, s.settings("dportal", func(c *connectors.IATI) { c.Publishers, c.Countries = nil, []string{"ID", "MY"} }), connectors.Request{})
	if err != nil || strings.Join(names, " ") != "ID-MY/activities-000001.xml" || !strings.Contains(s.asked[0], `"country_code":["ID|MY"]`) || strings.Contains(s.asked[0], "reporting_ref") {
		t.Errorf("got %v, asked %s %v", names, s.asked[0], err)
	}
}

func TestIATIRefusesWhatIsNoAnswer(t *testing.T) {
	whole := iatiXML("", []string{"A", "B"})
	for _, c := range []struct {
		name, via, media, body, want string
		status                       int
		unavailable                  bool
	}{
		{"a page of a firewall", "dportal", "text/html", "<html><body>Request Rejected</body></html>", "web page", 200, true},
		{"a page of the Registry", "registry", "text/html", "<html>moved</html>", "web page", 200, true},
		{"a page instead of a file", "xml", "text/html", "<html>moved</html>", "web page", 200, true},
		{"Solr's own answer", "datastore", "application/xml", "<response/>", "no file of IATI", 200, false},
		{"an answer that was cut", "dportal", "text/xml", whole[:len(whole)-30], "ends before", 200, true},
		{"an answer without end", "dportal", "text/xml", "<iati-activities>" + strings.Repeat(" ", 2<<20), "max_page_bytes (1MiB)", 200, false},
		{"a service that is down", "datastore", "", "", "500", 500, true},
		{"a key that is not known", "datastore", "", "", "401 Unauthorized: is key", 401, true},
		{"a question that the Datastore does not understand", "datastore", "", "", "400 Bad Request: check url", 400, true},
		{"a file that is not there", "xml", "", "", "404", 404, true},
		{"the same page for ever", "dportal", "text/xml", whole, "does not page", 200, false},
		{"a Registry that says no", "registry", "application/json", `{"success": false, "error": {"message": "x"}}`, "did not succeed", 200, false},
		{"a Registry that is none", "registry", "application/json", `[]`, "CKAN", 200, false},
		{"a Registry that gives less than it says", "registry", "application/json", `{"success": true, "result": {"count": 3, "results": []}}`, "there are 3", 200, false},
		{"a Registry without end", "registry", "application/json", strings.Repeat(" ", 2<<20), "max_page_bytes (1MiB)", 200, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newIATIService(t)
			s.answer = func(w http.ResponseWriter, _ *http.Request) bool {
				if c.media != "" {
					w.Header().Set("Content-Type", c.media)
				}
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
				return true
			}
			_, _, position, err := pullIATI(t, s.settings(c.via, func(i *connectors.IATI) { i.MaxPageBytes = connectors.MiB }), connectors.Request{})
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), iatiKey) || errors.Is(err, connectors.ErrUnavailable) != c.unavailable {
				t.Errorf("%v, want %q in it", err, c.want)
			}
			if c.name != "the same page for ever" && position != "" {
				t.Errorf("the position moves to %s", position)
			}
		})
	}
}

// A connection that breaks in a page is tried again.
func TestIATITriesAgain(t *testing.T) {
	s := newIATIService(t)
	s.add(1)
	failures := 2
	s.answer = func(w http.ResponseWriter, _ *http.Request) bool {
		if failures--; failures < 0 {
			return false
		}
		w.Header().Set("Content-Length", "100000")
		fmt.Fprint(w, `<iati-activities><iati-activity`)
		return true
	}
	if names, _, _, err := pullIATI(t, s.settings("dportal", nil), connectors.Request{}); err != nil || len(names) != 1 {
		t.Errorf("got %v %v", names, err)
	}
}

// What the Registry marks as before is not fetched again, and what it marks otherwise is.
func TestIATIRegistryFetchesWhatChanged(t *testing.T) {
	s := newIATIService(t)
	s.add(3)
	s.datasets = []map[string]any{
		{"name": "ausgov-org", "metadata_modified": "2026", "resources": []map[string]any{{"url": "http://nowhere.invalid/org.xml", "hash": "x"}}, "extras": []map[string]any{{"key": "filetype", "value": "organisation"}}},
		{"name": "ausgov-dead", "metadata_modified": "2026", "resources": []map[string]any{{"url": s.URL + "/gone.xml", "hash": "x"}}},
	}
	leave := func(c *connectors.IATI) { c.LeaveOut = []string{"ausgov-dead"} }
	names, bodies, position, err := pullIATI(t, s.settings("registry", leave), connectors.Request{})
	if err != nil || strings.Join(names, " ") != "AU-5/set-AU-5-000.xml AU-5/set-AU-5-001.xml AU-5/set-AU-5-002.xml" || strings.Count(bodies, "<iati-identifier>") != 3 {
		t.Fatalf("got %v %v", names, err)
	}
	if !strings.Contains(s.asked[0], `"q":["organization:AU-5"],"rows":["1000"]`) || len(s.asked) != 4 {
		t.Errorf("asked %q", s.asked)
	}
	s.asked = nil
	if names, _, _, err := pullIATI(t, s.settings("registry", leave), connectors.Request{Position: []byte(position)}); err != nil || len(names) > 0 || len(s.asked) != 1 {
		t.Errorf("got %v, asked %q %v", names, s.asked, err)
	}
	s.hash = func(name string, n int) string {
		return map[bool]string{true: "other", false: fmt.Sprintf("sha1-%d", n)}[n == 1]
	}
	if names, _, position, err = pullIATI(t, s.settings("registry", leave), connectors.Request{Position: []byte(position)}); err != nil || strings.Join(names, " ") != "AU-5/set-AU-5-001.xml" {
		t.Errorf("got %v %v", names, err)
	}
	// Without a hash the time of change is the mark, and what is gone leaves the position.
	s.hash = func(string, int) string { return "" }
	s.activities["AU-5"] = s.activities["AU-5"][:1]
	if names, _, position, err = pullIATI(t, s.settings("registry", leave), connectors.Request{Position: []byte(position)}); err != nil || len(names) != 1 || position != `{"seen":{"AU-5/set-AU-5-000.xml":"2026-01-01T00:00:00"}}` {
		t.Errorf("got %v, position %s %v", names, position, err)
	}
	if _, _, _, err := pullIATI(t, s.settings("registry", nil), connectors.Request{}); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("a dead address passes: %v", err)
	}
}

// A publisher writes the addresses of its datasets itself.
func TestIATIRegistryHosts(t *testing.T) {
	for _, c := range []struct {
		name, address, want string
		change              func(*connectors.IATI)
	}{
		{"another host", "https://data.example.org/a.xml", "add that to allow_hosts, or set any_host", nil},
		{"no address", "ausgov/a.xml", "no address", nil},
		{"another protocol", "file:///etc/passwd", "no address", nil},
		{"a user in it", "https://u:p@data.example.org/a.xml", "no address", nil},
		{"an address inside", "http://10.0.0.1/a.xml", "no public name", func(i *connectors.IATI) { i.AnyHost = true }},
		{"this machine", "http://localhost:1/a.xml", "no public name", func(i *connectors.IATI) { i.AnyHost = true }},
		{"a name inside", "http://vault.internal/a.xml", "no public name", func(i *connectors.IATI) { i.AnyHost = true }},
		{"a name without a dot", "http://intranet./a.xml", "no public name", func(i *connectors.IATI) { i.AnyHost = true }},
		{"a named host is asked", "http://127.0.0.2:1/a.xml", "connection", func(i *connectors.IATI) { i.AllowHosts = []string{"127.0.0.2:1"} }},
		{"any public host is asked", "http://data.example.invalid/a.xml", "connection", func(i *connectors.IATI) { i.AnyHost = true }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newIATIService(t)
			s.datasets = []map[string]any{{"name": "ausgov-id", "resources": []map[string]any{{"url": c.address}}}}
			_, _, _, err := pullIATI(t, s.settings("registry", func(i *connectors.IATI) {
				if i.Retry.Attempts = 1; c.change != nil {
					c.change(i)
				}
			}), connectors.Request{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q in it", err, c.want)
			}
		})
	}
}

// A redirect from a dataset's host to one that nobody named is refused.
func TestIATIRegistryRedirects(t *testing.T) {
	s, other := newIATIService(t), newIATIService(t)
	s.datasets = []map[string]any{{"name": "ausgov-id", "resources": []map[string]any{{"url": s.URL + "/moved.xml", "hash": "1"}}}}
	s.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/moved.xml" {
			http.Redirect(w, r, other.URL+"/files/a.xml", http.StatusFound)
			return true
		}
		return false
	}
	if _, _, _, err := pullIATI(t, s.settings("registry", nil), connectors.Request{}); err == nil || !strings.Contains(err.Error(), "allow_hosts") {
		t.Errorf("got %v", err)
	}
	allow := func(c *connectors.IATI) { c.AllowHosts = []string{strings.TrimPrefix(other.URL, "http://")} }
	if names, _, _, err := pullIATI(t, s.settings("registry", allow), connectors.Request{}); err != nil || len(names) != 1 {
		t.Errorf("got %v %v", names, err)
	}
}

// Files at plain addresses are known by their entity tags, where they have some.
func TestIATIPlainAddresses(t *testing.T) {
	s := newIATIService(t)
	s.add(1)
	two := func(c *connectors.IATI) { c.Addresses = []string{s.URL + "/files/b.xml?v=1", s.URL + "/all.xml"} }
	names, _, position, err := pullIATI(t, s.settings("xml", two), connectors.Request{})
	if err != nil || len(names) != 2 || !strings.Contains(names[0], "/files/b.xml-") || !strings.HasSuffix(names[1], "/all.xml") {
		t.Fatalf("got %v %v", names, err)
	}
	if names, _, _, err = pullIATI(t, s.settings("xml", two), connectors.Request{Position: []byte(position)}); err != nil || len(names) != 1 || !strings.Contains(names[0], "/files/b.xml-") {
		t.Errorf("what says nothing of its state comes again, and nothing else: %v %v", names, err)
	}
	// A host that understands is asked for what is new only.
	asked := http.Header{}
	s.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/all.xml" {
			return false
		}
		asked = r.Header
		w.Header().Set("Last-Modified", "Sat, 10 Jan 2026 00:00:00 GMT")
		if r.Header.Get("If-None-Match") != "" || r.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
		}
		return true
	}
	one := func(c *connectors.IATI) { c.Addresses = []string{s.URL + "/all.xml"} }
	if names, _, _, err = pullIATI(t, s.settings("xml", one), connectors.Request{Position: []byte(position)}); err != nil || len(names) > 0 || asked.Get("If-None-Match") != "1" {
		t.Errorf("got %v, asked %v %v", names, asked, err)
	}
	_, _, position, err = pullIATI(t, s.settings("xml", one), connectors.Request{})
	if err != nil || asked.Get("If-None-Match") != "" {
		t.Errorf("at first everything is asked for: %v %v", asked, err)
	}
	if names, _, _, err = pullIATI(t, s.settings("xml", one), connectors.Request{Position: []byte(position)}); err != nil || len(names) > 0 || asked.Get("If-Modified-Since") != "Sat, 10 Jan 2026 00:00:00 GMT" {
		t.Errorf("got %v, asked %v %v", names, asked, err)
	}
}

func TestIATISettings(t *testing.T) {
	s := &iatiService{Server: &httptest.Server{URL: "https://iati.example"}}
	for want, change := range map[string]func(*connectors.IATI){
		`via: "ftp"`:                             func(c *connectors.IATI) { c.Via = "ftp" },
		"key: the Datastore":                     func(c *connectors.IATI) { c.Key = "" },
		"credentials would travel in clear":      func(c *connectors.IATI) { c.URL = "http://iati.example/" },
		"publishers, countries":                  func(c *connectors.IATI) { c.Publishers, c.Countries = nil, nil },
		`publishers: "AU 5"`:                     func(c *connectors.IATI) { c.Publishers = []string{"AU 5"} },
		"stands there twice":                     func(c *connectors.IATI) { c.Publishers = []string{"A", "A"} },
		`countries: "IDN"`:                       func(c *connectors.IATI) { c.Countries = []string{"IDN"} },
		"page_size":                              func(c *connectors.IATI) { c.PageSize = 0 },
		"addresses: means nothing":               func(c *connectors.IATI) { c.Addresses = []string{"https://x.example"} },
		"key: means nothing with via: dportal":   func(c *connectors.IATI) { c.Via = "dportal" },
		"countries: means nothing with via: reg": func(c *connectors.IATI) { c.Via, c.Key = "registry", "" },
		"publishers: name at least one":          func(c *connectors.IATI) { c.Via, c.Key, c.Publishers, c.Countries = "registry", "", nil, nil },
		"addresses: name at least one":           func(c *connectors.IATI) { *c = *s.settings("xml", nil); c.Addresses = nil },
		"addresses: must be a whole":             func(c *connectors.IATI) { *c = *s.settings("xml", nil); c.Addresses = []string{"all.xml"} },
		"/all.xml stands there twice": func(c *connectors.IATI) {
			*c = *s.settings("xml", nil)
			c.Addresses = append(c.Addresses, c.Addresses[0])
		},
	} {
		if _, err := s.settings("datastore", change).Connect(connectors.Env{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q in it", err, want)
		}
	}
}

// What d-portal really served comes through byte by byte, whatever its size.
func TestIATIHandsOnARealFile(t *testing.T) {
	real, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "iati", "dportal_covid_activities.xml"))
	if err != nil {
		t.Skip("the real file is not at hand")
	}
	s := newIATIService(t)
	s.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Query().Get("offset") != "0" {
			fmt.Fprint(w, iatiXML("", nil))
		} else {
			_, _ = w.Write(real)
		}
		return true
	}
	names, bodies, _, err := pullIATI(t, s.settings("dportal", nil), connectors.Request{})
	if err != nil || len(names) != 1 || bodies != string(real) || !strings.Contains(s.asked[1], `"offset":["401"]`) {
		t.Errorf("%v, %d of %d bytes, asked %q %v", names, len(bodies), len(real), s.asked, err)
	}
}
