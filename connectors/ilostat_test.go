package connectors_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

// ilostatService answers like rplumber.ilo.org: everything is octet-stream, tables have
// a byte order mark, an unknown code gives a header alone.
type ilostatService struct {
	*httptest.Server
	mu      sync.Mutex
	years   []string // with a record each
	says    int      // how many records more the table of contents tells of
	updates int
	broken  bool
	asked   []string
	answer  func(w http.ResponseWriter, r *http.Request) bool // takes a request for data over
}

const (
	ilostatEarnings = "EAR_4MTH_SEX_ECO_CUR_NB_A"
	ilostatInjuries = "SDG_F881_SEX_MIG_RT_A"
)

func newILOSTATService(t *testing.T, years ...string) *ilostatService {
	s := &ilostatService{years: years}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *ilostatService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.RequestURI)
	w.Header().Set("Content-Type", "application/octet-stream")
	if s.broken {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	if r.URL.Path == "/metadata/toc/indicator" {
		entry := `{"id":"%s","freq":"A","last.update":"%02d/09/2026 07:29:34","n.records":%d,"n.records.all":%d,"data.start":1947}`
		n := len(s.years) + s.says
		fmt.Fprintf(w, "["+entry+","+entry+"]", ilostatEarnings, s.updates+1, n, n+1, ilostatInjuries, 1, 0, 0)
		return
	}
	if s.answer != nil && s.answer(w, r) {
		return
	}
	fmt.Fprint(w, "\xEF\xBB\xBF\"ref_area\",\"source\",\"indicator\",\"time\",\"obs_value\"\n")
	query := r.URL.Query()
	for _, year := range s.years {
		if (query.Get("timefrom") == "" || query.Get("timefrom") <= year) && (query.Get("timeto") == "" || year <= query.Get("timeto")) && query.Get("ref_area") != "QQQ" {
			fmt.Fprintf(w, "\"IDN\",\"BA:1\",\"EAR\",\"%s\",1.5\n", year)
		}
	}
}

func (s *ilostatService) settings(change func(*connectors.ILOSTAT)) *connectors.ILOSTAT {
	kind, _ := connectors.Lookup("ilostat")
	settings := kind.New().(*connectors.ILOSTAT)
	settings.URL, settings.Indicators = s.URL, []string{ilostatEarnings}
	settings.Rate.PerSecond, settings.Retry.MaxWait = 0, time.Millisecond
	if change != nil {
		change(settings)
	}
	return settings
}

func (s *ilostatService) add(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		s.updates++
		s.years = append(s.years, fmt.Sprint(today.Year()-1-len(s.years)))
	}
}

func TestILOSTATConforms(t *testing.T) {
	connectortest.Run(t, connectortest.Harness{
		Kind: "ilostat",
		Start: func(t *testing.T) *connectortest.Source {
			s := newILOSTATService(t)
			return &connectortest.Source{Settings: s.settings(nil), Add: s.add, Overlaps: true, Break: func() { s.mu.Lock(); s.broken = true; s.mu.Unlock() }}
		},
	})
}

func TestILOSTATAsksAsTheServiceUnderstands(t *testing.T) {
	s := newILOSTATService(t, "2023", "2024")
	names, body, position, err := pullAll(t, s.settings(func(x *connectors.ILOSTAT) {
		x.RefArea, x.Sex, x.Source, x.Start, x.End, x.BestSource, x.Type = []string{"IDN", "MYS"}, []string{"SEX_T"}, []string{"BA:453"}, "2015", "2024", "all", "label"
	}), connectors.Request{})
	const query = "id=EAR_4MTH_SEX_ECO_CUR_NB_A&ref_area=IDN+MYS&sex=SEX_T&source=BA:453&timefrom=2015&timeto=2024&best_source=all&type=label&format=.csv"
	if err != nil || strings.Join(names, " ") != ilostatEarnings+".csv" || !strings.HasPrefix(body, "\xEF\xBB\xBF") || strings.Join(s.asked, " ") != "/metadata/toc/indicator?lang=en&format=.json /data/indicator/?"+query {
		t.Errorf("objects %v, asked %v: %v", names, s.asked, err)
	}
	if position != `{"seen":{"`+strings.ReplaceAll(query, "&", `\u0026`)+`":"01/09/2026 07:29:34"}}` {
		t.Errorf("position %s", position)
	}
	window := connectors.Window{From: time.Date(2023, 12, 31, 17, 0, 0, 0, time.UTC), To: time.Date(2024, 12, 31, 17, 0, 0, 0, time.UTC)}
	names, body, position, err = pullAll(t, s.settings(nil), connectors.Request{Window: window})
	if err != nil || strings.Join(names, " ") != ilostatEarnings+"/2024_2024.csv" || strings.Count(body, "IDN") != 1 || position != "" {
		t.Errorf("a backfill of 2024: %v %q, position %s, %v", names, body, position, err)
	}
	window = connectors.Window{From: time.Date(2010, 2, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2010, 3, 1, 0, 0, 0, 0, time.UTC)}
	if names, _, _, err = pullAll(t, s.settings(nil), connectors.Request{Window: window}); err != nil || len(names) > 0 {
		t.Errorf("a backfill of a year without data: %v %v", names, err)
	}
}

func TestILOSTATAsksForWhatHasChanged(t *testing.T) {
	s := newILOSTATService(t, "2023", "2024")
	_, _, position, err := pullAll(t, s.settings(nil), connectors.Request{})
	if err != nil {
		t.Fatal(err)
	}
	if names, _, _, err := pullAll(t, s.settings(nil), connectors.Request{Position: []byte(position)}); err != nil || len(names) > 0 || len(s.asked) != 3 {
		t.Errorf("again: %v, asked %v, %v", names, s.asked, err)
	}
	if names, _, _, err := pullAll(t, s.settings(func(x *connectors.ILOSTAT) { x.Start = "2024" }), connectors.Request{Position: []byte(position)}); err != nil || len(names) != 1 {
		t.Errorf("another question: %v %v", names, err)
	}
	s.updates++
	if names, _, moved, err := pullAll(t, s.settings(nil), connectors.Request{Position: []byte(position)}); err != nil || len(names) != 1 || moved == position {
		t.Errorf("after an update: %v %s %v", names, moved, err)
	}
	// A dataset without records is not asked for.
	if names, _, _, err := pullAll(t, s.settings(func(x *connectors.ILOSTAT) { x.Indicators = []string{ilostatInjuries} }), connectors.Request{}); err != nil || len(names) > 0 {
		t.Errorf("an empty dataset: %v %v", names, err)
	}
}

func TestILOSTATRefusesWhatIsNoAnswer(t *testing.T) {
	for _, c := range []struct {
		name, want string
		change     func(*connectors.ILOSTAT)
		says       int
		answer     func(w http.ResponseWriter, r *http.Request) bool
	}{
		{name: "an unknown code", want: "does not know one of the codes", change: func(x *connectors.ILOSTAT) { x.RefArea = []string{"QQQ"} }},
		{name: "a dataset that is not listed", want: "does not list it", change: func(x *connectors.ILOSTAT) { x.Indicators = []string{"EAR_X_A"} }},
		{name: "fewer records than there are", want: "2 records and ILOSTAT's table of contents says 3", says: 1},
		{name: "more records than there are", want: "says 1", says: -1},
		{name: "records of every source", want: "says 3", change: func(x *connectors.ILOSTAT) { x.BestSource = "all" }},
		{name: "a dataset that was withdrawn", want: "deprecated or invalid dataset id", answer: func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"error":"deprecated or invalid dataset id=EAR"}`)
			return true
		}},
		{name: "a web page", want: "web page", answer: func(w http.ResponseWriter, _ *http.Request) bool { fmt.Fprint(w, "<!doctype html>"); return true }},
		{name: "another table", want: "does not begin with the column ref_area", answer: func(w http.ResponseWriter, _ *http.Request) bool { fmt.Fprint(w, "a,b\n1,2\n"); return true }},
		{name: "a table that breaks off", want: "cut short", answer: func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Length", "1000000")
			fmt.Fprint(w, "ref_area,time\n"+strings.Repeat("IDN,2024\n", 50_000))
			return true
		}},
		{name: "no table of contents", want: "no table of contents", change: func(x *connectors.ILOSTAT) { x.URL += "/data" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newILOSTATService(t, "2023", "2024")
			s.says, s.answer = c.says, c.answer
			if names, _, _, err := pullAll(t, s.settings(c.change), connectors.Request{}); err == nil || !strings.Contains(err.Error(), c.want) || len(names) > 0 {
				t.Errorf("%v, want %q in it; objects %v", err, c.want, names)
			}
		})
	}
}

func TestILOSTATSettings(t *testing.T) {
	s := &ilostatService{Server: &httptest.Server{URL: "https://ilostat.example"}}
	_, err := s.settings(func(x *connectors.ILOSTAT) {
		x.Indicators, x.RefArea, x.Sex = []string{"EAR_4MTH", ilostatEarnings, ilostatEarnings}, []string{""}, []string{"SEX T"}
		x.Start, x.End, x.Type, x.BestSource = "2015-01", "24", "both", "some"
	}).Connect(connectors.Env{})
	for _, want := range []string{"indicators: \"EAR_4MTH\"", "twice", "ref_area", "sex", "start", "end", "type", "best_source"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q in it", err, want)
		}
	}
}

// A file that ILOSTAT gave comes through byte by byte, and its records are counted right.
func TestILOSTATHandsOnARealFile(t *testing.T) {
	real, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "ilo", "EAR_4MTH_SEX_GEO_CUR_NB_A-filtered-2025-06-01.csv"))
	if err != nil {
		t.Skip("the file is not at hand")
	}
	s := newILOSTATService(t)
	s.says = 6234
	s.answer = func(w http.ResponseWriter, _ *http.Request) bool { _, _ = w.Write(real); return true }
	if _, body, _, err := pullAll(t, s.settings(nil), connectors.Request{}); err != nil || body != string(real) {
		t.Errorf("%d of %d bytes, %v", len(body), len(real), err)
	}
}
