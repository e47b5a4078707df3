package connectors_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

// sdmxService answers like the SDMX service of the ILO: a 404 in words for no data, 500
// for Accept-Language: *, entity tags where tags is set.
type sdmxService struct {
	*httptest.Server
	mu      sync.Mutex
	periods []string // with an observation each
	tags    bool
	broken  bool
	asked   []string
	answer  func(w http.ResponseWriter, r *http.Request) bool // takes a request over
}

func newSDMXService(t *testing.T, periods ...string) *sdmxService {
	s := &sdmxService{periods: periods, tags: true}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *sdmxService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.RequestURI)
	if s.broken {
		http.Error(w, "Down", http.StatusServiceUnavailable)
		return
	}
	if s.answer != nil && s.answer(w, r) {
		return
	}
	if language := r.Header.Get("Accept-Language"); language == "*" || language == "" {
		http.Error(w, "languageTag1", http.StatusInternalServerError)
		return
	}
	query := r.URL.Query()
	from, to := query.Get("startPeriod"), query.Get("endPeriod")
	for limit := range strings.FieldsSeq(query.Get("c[TIME_PERIOD]")) { // the + is a space to Go
		if after, ok := strings.CutPrefix(limit, "ge:"); ok {
			from = after
		} else {
			to = strings.TrimPrefix(limit, "le:")
		}
	}
	var rows []string
	for _, period := range s.periods {
		if (from == "" || from <= period) && (to == "" || period <= to) {
			rows = append(rows, "ILO:DF_X(1.0),IDN,"+period+",1.5\n")
		}
	}
	if offset, err := strconv.Atoi(query.Get("offset")); err == nil {
		limit, _ := strconv.Atoi(query.Get("limit"))
		rows = rows[min(offset, len(rows)):min(offset+limit, len(rows))]
	}
	if len(rows) == 0 {
		http.Error(w, "No data is found for the query", http.StatusNotFound)
		return
	}
	body := "DATAFLOW,REF_AREA,TIME_PERIOD,OBS_VALUE\n" + strings.Join(rows, "")
	if s.tags {
		tag := fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(body)))
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.Header().Set("Content-Type", r.Header.Get("Accept"))
	fmt.Fprint(w, body)
}

func (s *sdmxService) settings(change func(*connectors.SDMX)) *connectors.SDMX {
	kind, _ := connectors.Lookup("sdmx")
	settings := kind.New().(*connectors.SDMX)
	settings.URL = s.URL + "/rest"
	settings.Queries = []connectors.SDMXQuery{{Agency: "ILO", Flow: "DF_X", Version: "1.0", Key: "IDN..A+Q"}}
	settings.Rate.PerSecond, settings.Retry.MaxWait, settings.Retry.Attempts = 0, time.Millisecond, 2
	if change != nil {
		change(settings)
	}
	return settings
}

func (s *sdmxService) add(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		s.periods = append(s.periods, today.AddDate(0, -1, -len(s.periods)).Format("2006-01"))
	}
}

func TestSDMXConforms(t *testing.T) {
	for _, version := range []string{"2.1", "3.0"} {
		t.Run(version, func(t *testing.T) {
			connectortest.Run(t, connectortest.Harness{
				Kind: "sdmx",
				Start: func(t *testing.T) *connectortest.Source {
					s := newSDMXService(t)
					return &connectortest.Source{Add: s.add, Overlaps: true,
						Settings: s.settings(func(x *connectors.SDMX) { x.Version, x.Queries[0].Key = version, "" }),
						Break:    func() { s.mu.Lock(); s.broken = true; s.mu.Unlock() }}
				},
			})
		})
	}
}

// pullAll gives the names of the objects, their bytes and the last position.
func pullAll(t *testing.T, settings connectors.Settings, req connectors.Request) (names []string, bodies, position string, err error) {
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
		data, err := io.ReadAll(o.Body)
		if err != nil {
			return names, bodies, position, err
		}
		names, bodies = append(names, o.Name), bodies+string(data)
		if o.Position != nil {
			position = string(o.Position)
		}
	}
	return names, bodies, position, nil
}

func TestSDMXAsksAsTheStandardWrites(t *testing.T) {
	june := connectors.Window{From: time.Date(2025, 5, 31, 17, 0, 0, 0, time.UTC), To: time.Date(2025, 6, 30, 17, 0, 0, 0, time.UTC)}
	for _, c := range []struct {
		name, want, object string
		change             func(*connectors.SDMX)
		window             connectors.Window
	}{
		{name: "everything", want: "/rest/data/ILO,DF_X,latest/all", object: "DF_X.csv",
			change: func(s *connectors.SDMX) { s.Queries[0].Version, s.Queries[0].Key = "", "" }},
		{name: "a key with limits", want: "/rest/data/ILO,DF_X,1.0/IDN..A+Q?startPeriod=2024-01&endPeriod=2025-12&lastNObservations=2", object: "DF_X.csv",
			change: func(s *connectors.SDMX) { s.Start, s.End, s.LastNObservations = "2024-01", "2025-12", 2 }},
		{name: "a backfill within the limits", want: "/rest/data/ILO,DF_X,1.0/IDN..A+Q?startPeriod=2025-06&endPeriod=2025-06", object: "DF_X/2025-06_2025-06.csv", window: june,
			change: func(s *connectors.SDMX) { s.Start, s.End = "2024-01", "2025-12" }},
		{name: "a backfill by years", want: "/rest/data/ILO,DF_X,1.0/IDN..A+Q?startPeriod=2025&endPeriod=2025", object: "DF_X/2025_2025.csv", window: june,
			change: func(s *connectors.SDMX) { s.Periods = "year" }},
		{name: "3.0", want: "/rest/data/dataflow/OECD.SDD/DSD_A@DF_B/+/*.M+Q?c%5BTIME_PERIOD%5D=ge:2024-01+le:2025-12", object: "wages.csv",
			change: func(s *connectors.SDMX) {
				s.Version, s.Accept, s.Start, s.End = "3.0", "csv2", "2024-01", "2025-12"
				s.Queries[0] = connectors.SDMXQuery{Name: "wages", Agency: "OECD.SDD", Flow: "DSD_A@DF_B", Key: "*.M+Q"}
			}},
		{name: "an address with a query", want: "/rest/v2/data/ILO,DF_X,1.0/IDN..A+Q?subscription=x&endPeriod=2025-12", object: "DF_X.csv",
			change: func(s *connectors.SDMX) { s.URL, s.End = s.URL+"/v2/?subscription=x", "2025-12" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSDMXService(t, "2025-06", "2025")
			names, _, _, err := pullAll(t, s.settings(c.change), connectors.Request{Window: c.window})
			if err != nil || strings.Join(names, " ") != c.object || s.asked[0] != c.want {
				t.Errorf("objects %v, asked %s, want %s: %v", names, s.asked, c.want, err)
			}
		})
	}
	s := newSDMXService(t, "2025-06")
	early := func(x *connectors.SDMX) { x.Start = "2026-01" }
	if names, _, _, err := pullAll(t, s.settings(early), connectors.Request{Window: june}); err != nil || len(names)+len(s.asked) > 0 {
		t.Errorf("a backfill before start: %v %v %v", names, s.asked, err)
	}
}

func TestSDMXAsksForItsFormat(t *testing.T) {
	for accept, want := range map[string]string{
		"csv1": "application/vnd.sdmx.data+csv;version=1.0.0", "csv2": "application/vnd.sdmx.data+csv;version=2.0.0", "json1": "application/vnd.sdmx.data+json;version=1.0.0",
		"json2": "application/vnd.sdmx.data+json;version=2.0.0", "generic_xml": "application/vnd.sdmx.genericdata+xml;version=2.1",
		"structure_xml": "application/vnd.sdmx.structurespecificdata+xml;version=2.1", "csv1 both": "application/vnd.sdmx.data+csv;version=1.0.0;labels=both",
		"structure_xml 3.0": "application/vnd.sdmx.data+xml;version=3.0.0",
	} {
		s := newSDMXService(t)
		got := ""
		s.answer = func(w http.ResponseWriter, r *http.Request) bool {
			got = r.Header.Get("Accept") + " " + r.Header.Get("Accept-Language")
			w.WriteHeader(http.StatusNoContent)
			return true
		}
		names, _, _, err := pullAll(t, s.settings(func(x *connectors.SDMX) {
			kind, more, _ := strings.Cut(accept, " ")
			x.Accept = kind
			switch more {
			case "both":
				x.Labels = "both"
			case "3.0":
				x.Version, x.Queries[0].Key = "3.0", ""
			}
		}), connectors.Request{})
		if err != nil || len(names) > 0 || got != want+" en" {
			t.Errorf("%s: asked for %q, objects %v, %v", accept, got, names, err)
		}
	}
}

// An answer with an entity tag comes again only when it changed, or when something else
// is asked.
func TestSDMXSkipsWhatHasNotChanged(t *testing.T) {
	s := newSDMXService(t, "2024", "2025")
	two := func(x *connectors.SDMX) {
		x.Queries = append(x.Queries, connectors.SDMXQuery{Name: "other", Agency: "ILO", Flow: "DF_X", Version: "1.0"})
	}
	names, _, position, err := pullAll(t, s.settings(two), connectors.Request{})
	if err != nil || strings.Join(names, " ") != "DF_X.csv other.csv" || strings.Count(position, "etag") != 2 {
		t.Fatalf("%v, position %s, %v", names, position, err)
	}
	if names, _, _, err := pullAll(t, s.settings(two), connectors.Request{Position: []byte(position)}); err != nil || len(names) > 0 {
		t.Errorf("again: %v %v", names, err)
	}
	more := func(x *connectors.SDMX) { two(x); x.Start, x.Periods = "2024", "year" }
	if names, _, _, err := pullAll(t, s.settings(more), connectors.Request{Position: []byte(position)}); err != nil || len(names) != 2 {
		t.Errorf("other questions: %v %v", names, err)
	}
	s.tags = false
	if names, _, position, err := pullAll(t, s.settings(nil), connectors.Request{Position: []byte(position)}); err != nil || len(names) != 1 || position != "" {
		t.Errorf("without tags: %v, position %s, %v", names, position, err)
	}
}

func TestSDMXAsksForUpdates(t *testing.T) {
	s := newSDMXService(t, "2024")
	updates := s.settings(func(x *connectors.SDMX) { x.UpdatedAfter = true })
	_, _, position, err := pullAll(t, updates, connectors.Request{})
	if err != nil || !strings.Contains(position, `"since":"`+today.UTC().Format(time.RFC3339)) || strings.Contains(s.asked[0], "updatedAfter") {
		t.Fatalf("position %s, asked %s, %v", position, s.asked, err)
	}
	if _, _, _, err := pullAll(t, updates, connectors.Request{Position: []byte(position), Lookback: 24 * time.Hour}); err != nil {
		t.Fatal(err)
	}
	if want := "updatedAfter=" + strings.ReplaceAll(today.UTC().AddDate(0, 0, -1).Format(time.RFC3339), ":", "%3A"); !strings.Contains(s.asked[1], want) {
		t.Errorf("asked %s, want %s", s.asked[1], want)
	}
}

func TestSDMXPages(t *testing.T) {
	s := newSDMXService(t, "2021", "2022", "2023", "2024", "2025")
	paged := func(x *connectors.SDMX) {
		x.Version, x.Accept, x.PageSize, x.Queries[0].Key = "3.0", "csv2", 2, "*"
	}
	names, bodies, _, err := pullAll(t, s.settings(paged), connectors.Request{})
	if err != nil || strings.Join(names, " ") != "DF_X/page-000001.csv DF_X/page-000002.csv DF_X/page-000003.csv" || strings.Count(bodies, "\n") != 8 {
		t.Errorf("%v, %q, %v", names, bodies, err)
	}
	if want := "/rest/data/dataflow/ILO/DF_X/1.0/*?offset=4&limit=2"; s.asked[2] != want {
		t.Errorf("asked %s, want %s", s.asked[2], want)
	}
	s.answer = func(w http.ResponseWriter, _ *http.Request) bool {
		fmt.Fprint(w, "STRUCTURE,STRUCTURE_ID,A\ndataflow,X:Y,1\n")
		return true
	}
	if _, _, _, err := pullAll(t, s.settings(paged), connectors.Request{}); err == nil || !strings.Contains(err.Error(), "does not heed") {
		t.Errorf("a service that repeats itself: %v", err)
	}
	if _, _, _, err := pullAll(t, s.settings(func(x *connectors.SDMX) { paged(x); x.MaxPageBytes = 10 }), connectors.Request{}); err == nil || !strings.Contains(err.Error(), "max_page_bytes") {
		t.Errorf("a large page: %v", err)
	}
}

func TestSDMXWordsWhatTheSourceSays(t *testing.T) {
	const footer = `<?xml version="1.0"?><message:GenericData xmlns:message="m" xmlns:footer="f" xmlns:c="c"><message:Header/>` +
		`<footer:Footer><footer:Message code="413"><c:Text>Due to the large query the file will be at http://files.example/x</c:Text></footer:Message></footer:Footer></message:GenericData>`
	for _, c := range []struct {
		name, answer, want string
		status             int
		unavailable        bool
		accept             string
	}{
		{name: "no data in the words of the ILO", status: 404, answer: "No data is found for the query"},
		{name: "no data in the words of others", status: 404, answer: "NoRecordsFound"},
		{name: "no results in an error message", status: 404, answer: `<mes:Error><mes:ErrorMessage code="100"><com:Text>x</com:Text></mes:ErrorMessage></mes:Error>`},
		{name: "no content", status: 204},
		{name: "a dataflow that is not there", status: 404, answer: "Could not find requested structures", want: `"Could not find requested structures"`},
		{name: "an address that is not there", status: 404, answer: "<html><body>Not found</body></html>", want: "404 Not Found: check url"},
		{name: "a short key", status: 422, answer: `{"message":"Key has 2 of 5 dimensions"}`, want: "Key has 2 of 5 dimensions"},
		{name: "too much", status: 413, answer: "<a><b>Too &amp; much</b></a>", want: `too much at once (it says: "Too & much")`},
		{name: "a code that the database does not know", status: 500, answer: "ORA-00936: missing expression at SELECT secret", want: "ORA-00936: is one of the key's codes"},
		{name: "another 500", status: 500, answer: "languageTag1", want: "500 Internal Server Error (2 attempts)", unavailable: true},
		{name: "403", status: 403, answer: "x", want: "403", unavailable: true},
		{name: "not implemented", status: 501, answer: "offset", want: "501"},
		{name: "a message instead of data", status: 200, answer: footer, want: "Due to the large query", accept: "generic_xml"},
		{name: "a web page", status: 200, answer: "<html>Sign in</html>", want: "web page", unavailable: true},
		{name: "another format", status: 200, answer: "{}", want: "looks like a json file"},
		{name: "nothing at all", status: 200, answer: "", want: "answer is empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSDMXService(t)
			s.answer = func(w http.ResponseWriter, _ *http.Request) bool {
				w.WriteHeader(c.status)
				if c.status != http.StatusNoContent {
					fmt.Fprint(w, c.answer)
				}
				return true
			}
			names, _, _, err := pullAll(t, s.settings(func(x *connectors.SDMX) {
				if c.accept != "" {
					x.Accept = c.accept
				}
			}), connectors.Request{})
			switch {
			case len(names) > 0:
				t.Errorf("objects %v", names)
			case c.want == "" && err != nil, c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%v, want %q in it", err, c.want)
			case err != nil && errors.Is(err, connectors.ErrUnavailable) != c.unavailable:
				t.Errorf("%v: called unavailable: %v", err, !c.unavailable)
			case err != nil && strings.Contains(err.Error(), "secret"):
				t.Errorf("the database's text is handed on: %v", err)
			}
		})
	}
}

// A source that repeats the address repeats the key in it, which nobody may see.
func TestSDMXKeepsSecretsOutOfTheSourcesWords(t *testing.T) {
	for _, status := range []int{http.StatusBadRequest, http.StatusNotFound, http.StatusOK} {
		s := newSDMXService(t)
		s.answer = func(w http.ResponseWriter, r *http.Request) bool {
			w.WriteHeader(status)
			fmt.Fprintf(w, "<GenericData><Footer><Message code=\"413\"><Text>cannot answer %s</Text></Message></Footer></GenericData>", r.RequestURI)
			return true
		}
		_, _, _, err := pullAll(t, s.settings(func(x *connectors.SDMX) {
			x.Accept, x.Auth = "generic_xml", connectors.RESTAuth{Kind: "api_key", In: "query", Name: "key", Key: apiKey}
		}), connectors.Request{})
		if err == nil || !strings.Contains(s.asked[0], apiKey) || strings.Contains(err.Error(), apiKey) {
			t.Errorf("%d: asked %s, %v", status, s.asked, err)
		}
	}
}

// An answer that breaks off is an error of its body.
func TestSDMXNoticesACut(t *testing.T) {
	s := newSDMXService(t)
	s.answer = func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Length", "1000000")
		fmt.Fprint(w, "DATAFLOW,A\n"+strings.Repeat("x,1\n", 50_000))
		return true
	}
	_, _, _, err := pullAll(t, s.settings(nil), connectors.Request{})
	if err == nil || !errors.Is(err, connectors.ErrUnavailable) || !strings.Contains(err.Error(), "DF_X of 127.0.0.1") {
		t.Error(err)
	}
}

func TestSDMXSettings(t *testing.T) {
	s := &sdmxService{Server: &httptest.Server{URL: "https://sdmx.example"}}
	for _, c := range []struct {
		want   []string
		change func(*connectors.SDMX)
	}{
		{[]string{"version", "accept", "labels", "periods", "agency", "key", "max_pages"}, func(x *connectors.SDMX) {
			x.Version, x.Accept, x.Labels, x.Periods, x.MaxPages = "2.0", "xml", "all", "week", 0
			x.Queries[0] = connectors.SDMXQuery{Agency: "ILO/..", Flow: "", Key: "a b"}
		}},
		{[]string{"start", "end"}, func(x *connectors.SDMX) { x.Start, x.End = "2024", "2024-13" }},
		{[]string{"before start"}, func(x *connectors.SDMX) { x.Start, x.End = "2024-02", "2024-01" }},
		{[]string{"generic_xml", "*"}, func(x *connectors.SDMX) { x.Version, x.Accept = "3.0", "generic_xml" }},
		{[]string{"page_size: only", "updated_after"}, func(x *connectors.SDMX) { x.PageSize, x.UpdatedAfter = 5, true }},
		{[]string{"queries: name at least one"}, func(x *connectors.SDMX) { x.Queries = nil }},
		{[]string{"number 2", "twice"}, func(x *connectors.SDMX) { x.Queries = append(x.Queries, x.Queries[0]) }},
	} {
		_, err := s.settings(c.change).Connect(connectors.Env{})
		for _, want := range c.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %q in it", err, want)
			}
		}
	}
}

// Answers that the ILO's service gave come through byte by byte.
func TestSDMXHandsOnRecordedAnswers(t *testing.T) {
	for _, file := range []string{"sdmx_probe-SDG_0552_NOC_RT.csv", "sdmx_probe-UNE_DEAP_SEX_AGE_RT.csv"} {
		recorded, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "ilo", file))
		if err != nil {
			t.Skip("the recorded answer is not at hand")
		}
		s := newSDMXService(t)
		s.answer = func(w http.ResponseWriter, _ *http.Request) bool { _, _ = w.Write(recorded); return true }
		if _, body, _, err := pullAll(t, s.settings(nil), connectors.Request{}); err != nil || body != string(recorded) {
			t.Errorf("%s: %d of %d bytes, %v", file, len(body), len(recorded), err)
		}
	}
}
