package connectors_test

import (
	"context"
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

// worldBankService answers like the Indicators API: newest first, errors with the
// status of success, null for no observations, and a refusal of everything when
// one economy is unknown.
type worldBankService struct {
	*httptest.Server
	mu      sync.Mutex
	years   []int // with a value for each economy
	updated string
	asked   []string
	broken  bool
	answer  func(r *http.Request) string // instead of the service's own, unless ""
}

const worldBankRefused = `[{"message":[{"id":"120","key":"Invalid value","value":"The provided parameter value is not valid"}]}]`

func newWorldBankService(t *testing.T, years ...int) *worldBankService {
	s := &worldBankService{years: years, updated: "2025-07-13"}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *worldBankService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken {
		http.Error(w, "Forbidden", http.StatusForbidden)
		return
	}
	s.asked = append(s.asked, r.URL.String())
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	if s.answer != nil {
		if text := s.answer(r); text != "" {
			fmt.Fprint(w, text)
			return
		}
	}
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/v2/country/"), "/")
	countries := strings.Split(parts[0], ";")
	if slices.Contains(countries, "XYZ") || parts[2] == "NO.SUCH" {
		fmt.Fprint(w, worldBankRefused)
		return
	}
	from, to, _ := strings.Cut(r.URL.Query().Get("date"), ":")
	var rows []string
	for _, country := range countries {
		for _, year := range slices.Backward(s.years) {
			if text := strconv.Itoa(year); (from == "" || from <= text) && (to == "" || text <= to) {
				rows = append(rows, fmt.Sprintf(`{"indicator":{"id":%q},"countryiso3code":%q,"date":%q,"value":%d.5}`, parts[2], country, text, year))
			}
		}
	}
	if len(rows) == 0 {
		fmt.Fprint(w, `[{"page":0,"pages":0,"per_page":0,"total":0,"sourceid":null,"lastupdated":null},null]`)
		return
	}
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
	first, last := min((page-1)*size, len(rows)), min(page*size, len(rows))
	fmt.Fprintf(w, `[{"page":%d,"pages":%d,"per_page":"%d","total":%d,"sourceid":"2","lastupdated":%q},[%s]]`,
		page, (len(rows)+size-1)/size, size, len(rows), s.updated, strings.Join(rows[first:last], ","))
}

func (s *worldBankService) settings(change func(*connectors.WorldBank)) *connectors.WorldBank {
	kind, _ := connectors.Lookup("worldbank")
	bank := kind.New().(*connectors.WorldBank)
	bank.URL, bank.Indicators, bank.Countries = s.URL+"/v2", []string{"BX.TRF.PWKR.CD.DT"}, []string{"IDN", "MYS"}
	bank.Rate.PerSecond, bank.Retry.MaxWait = 0, time.Millisecond
	if change != nil {
		change(bank)
	}
	return bank
}

func TestWorldBankConforms(t *testing.T) {
	connectortest.Run(t, connectortest.Harness{
		Kind: "worldbank",
		Start: func(t *testing.T) *connectortest.Source {
			s := newWorldBankService(t)
			return &connectortest.Source{
				Settings: s.settings(nil), Overlaps: true, // after an update everything comes again
				Add: func(n int) {
					s.mu.Lock()
					defer s.mu.Unlock()
					for range n {
						s.years = append(s.years, 2010+len(s.years))
						s.updated = fmt.Sprintf("2025-07-%02d", len(s.years))
					}
				},
				Break: func() { s.mu.Lock(); s.broken = true; s.mu.Unlock() },
			}
		},
	})
}

// pullWorldBank gives the names of the objects, their bytes and the last position.
func pullWorldBank(t *testing.T, s *worldBankService, settings *connectors.WorldBank, req connectors.Request) (names []string, bodies, position string, err error) {
	t.Helper()
	connector, err := settings.Connect(connectors.Env{Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	s.asked, req.Now = nil, today
	for o, e := range connector.Pull(t.Context(), req) {
		if e != nil {
			return names, bodies, position, e
		}
		data, _ := io.ReadAll(o.Body)
		names, bodies = append(names, o.Name), bodies+string(data)
		if o.Position != nil {
			position = string(o.Position)
		}
	}
	return names, bodies, position, nil
}

func TestWorldBankPullsPages(t *testing.T) {
	s := newWorldBankService(t, 2021, 2022, 2023, 2024)
	names, bodies, position, err := pullWorldBank(t, s, s.settings(func(b *connectors.WorldBank) {
		b.PerPage, b.Start, b.Source, b.Indicators = 3, "2022", 2, append(b.Indicators, "SM.POP.NETM")
	}), connectors.Request{})
	want := "BX.TRF.PWKR.CD.DT/page-000001.json BX.TRF.PWKR.CD.DT/page-000002.json SM.POP.NETM/page-000001.json SM.POP.NETM/page-000002.json"
	if err != nil || strings.Join(names, " ") != want || strings.Count(bodies, `"value"`) != 12 || strings.Contains(bodies, "2021.5") {
		t.Fatalf("%v %v", names, err)
	}
	if s.asked[1] != "/v2/country/IDN;MYS/indicator/BX.TRF.PWKR.CD.DT?date=2022%3A2026&format=json&page=2&per_page=3&source=2" {
		t.Errorf("asked %s", s.asked[1])
	}
	if position != `{"seen":{"BX.TRF.PWKR.CD.DT":{"updated":"2025-07-13","asked":"IDN;MYS 2022"},"SM.POP.NETM":{"updated":"2025-07-13","asked":"IDN;MYS 2022"}}}` {
		t.Errorf("position %s", position)
	}
}

// What was not updated costs one small question.
func TestWorldBankAsksAgainForWhatWasUpdated(t *testing.T) {
	s := newWorldBankService(t, 2023, 2024)
	_, _, first, err := pullWorldBank(t, s, s.settings(nil), connectors.Request{})
	if err != nil {
		t.Fatal(err)
	}
	at := connectors.Request{Position: []byte(first)}
	if names, _, _, err := pullWorldBank(t, s, s.settings(nil), at); err != nil || len(names) > 0 || len(s.asked) != 1 || !strings.Contains(s.asked[0], "per_page=1") {
		t.Errorf("nothing was updated: %v, asked %v, %v", names, s.asked, err)
	}
	if names, _, position, err := pullWorldBank(t, s, s.settings(func(b *connectors.WorldBank) { b.Countries = append(b.Countries, "SAU") }), at); err != nil || len(names) != 1 || !strings.Contains(position, "IDN;MYS;SAU") {
		t.Errorf("another economy: %v %s %v", names, position, err)
	}
	s.updated = "2025-10-01"
	if names, _, position, err := pullWorldBank(t, s, s.settings(nil), at); err != nil || len(names) != 1 || !strings.Contains(position, "2025-10-01") {
		t.Errorf("an update: %v %s %v", names, position, err)
	}
}

func TestWorldBankBackfillsTimes(t *testing.T) {
	s := newWorldBankService(t, 2021, 2022, 2023, 2024)
	window := connectors.Window{From: time.Date(2021, 12, 31, 17, 0, 0, 0, time.UTC), To: time.Date(2023, 12, 31, 17, 0, 0, 0, time.UTC)}
	for start, want := range map[string]string{"": "date=2022%3A2023&", "2023": "date=2023%3A2023&", "2011Q1": "date=2022Q1%3A2023Q4&", "2020M01": "date=2022M01%3A2023M12&"} {
		_, _, position, err := pullWorldBank(t, s, s.settings(func(b *connectors.WorldBank) { b.Start = start }), connectors.Request{Window: window})
		if err != nil || !strings.Contains(s.asked[0], want) || position != "" {
			t.Errorf("start %q: asked %v, position %q, %v", start, s.asked, position, err)
		}
	}
}

// One unknown economy refuses the whole question; the error says which it is.
func TestWorldBankNamesTheEconomyThatIsRefused(t *testing.T) {
	s := newWorldBankService(t, 2024)
	_, _, _, err := pullWorldBank(t, s, s.settings(func(b *connectors.WorldBank) { b.Countries = []string{"IDN", "XYZ", "MYS"} }), connectors.Request{})
	if err == nil || !strings.Contains(err.Error(), "refuses XYZ under countries") || !strings.Contains(err.Error(), "The provided parameter value is not valid") || len(s.asked) != 4 {
		t.Errorf("asked %v: %v", s.asked, err)
	}
	_, _, _, err = pullWorldBank(t, s, s.settings(func(b *connectors.WorldBank) { b.Indicators = []string{"NO.SUCH"} }), connectors.Request{})
	if err == nil || strings.Contains(err.Error(), "under countries") || !strings.Contains(err.Error(), "NO.SUCH") {
		t.Errorf("the indicator is to blame: %v", err)
	}
	s.answer = func(r *http.Request) string {
		if !strings.Contains(r.URL.Path, ";") {
			return "[]"
		}
		return worldBankRefused
	}
	if _, _, _, err = pullWorldBank(t, s, s.settings(nil), connectors.Request{}); err == nil || !strings.Contains(err.Error(), "list of two") {
		t.Errorf("asking singly fails otherwise: %v", err)
	}
}

func TestWorldBankRefusesWhatIsNoAnswer(t *testing.T) {
	page := func(number, pages, total int, updated string) string {
		return fmt.Sprintf(`[{"page":%d,"pages":%d,"total":%d,"lastupdated":%q},[{"value":1}]]`, number, pages, total, updated)
	}
	for _, c := range []struct {
		name, want string
		answers    []string
	}{
		{"a web page", "web page", []string{"<html>Maintenance</html>"}},
		{"the XML form", "list of two", []string{`<?xml version="1.0"?>`}},
		{"an object", "list of two", []string{`{}`}},
		{"a list of one", "list of two", []string{`[{"page":1}]`}},
		{"a page number that is not heeded", "answered page 1", []string{page(1, 2, 2, "x"), page(1, 2, 2, "x")}},
		{"an update between two pages", "run the feed again", []string{page(1, 2, 2, "x"), page(2, 2, 2, "y")}},
		{"too few observations", "there are 9 observations and gave 1", []string{page(1, 1, 9, "x")}},
		{"an endless answer", "1MiB", []string{"[" + strings.Repeat(" ", 3<<20)}},
		{"pages without end", "more than 1000 pages", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newWorldBankService(t)
			number := 0
			s.answer = func(*http.Request) string {
				number++
				if c.answers == nil {
					return page(number, 1<<30, 1<<30, "x")
				}
				return c.answers[min(number, len(c.answers))-1]
			}
			_, _, position, err := pullWorldBank(t, s, s.settings(func(b *connectors.WorldBank) { b.MaxBytes = connectors.MiB }), connectors.Request{})
			if err == nil || !strings.Contains(err.Error(), c.want) || position != "" {
				t.Errorf("%v, want %q in it", err, c.want)
			}
		})
	}
}

func TestWorldBankTriesAgain(t *testing.T) {
	s := newWorldBankService(t, 2024)
	failing := 2
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if failing--; failing >= 0 {
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		s.ServeHTTP(w, r)
	}))
	defer proxy.Close()
	if names, _, _, err := pullWorldBank(t, s, s.settings(func(b *connectors.WorldBank) { b.URL = proxy.URL + "/v2/" }), connectors.Request{}); err != nil || len(names) != 1 {
		t.Errorf("%v %v", names, err)
	}
}

func TestWorldBankSettings(t *testing.T) {
	s := &worldBankService{Server: &httptest.Server{URL: "https://api.example"}}
	_, err := s.settings(func(b *connectors.WorldBank) {
		b.Indicators, b.Countries, b.Start, b.PerPage, b.Source = []string{"A/B"}, []string{"all", "IDN", "Indonesia"}, "2000-01", 0, -1
	}).Connect(connectors.Env{})
	for _, want := range []string{`"A/B"`, `"all"`, `"Indonesia"`, "start", "per_page", "source"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q in it", err, want)
		}
	}
	_, err = s.settings(func(b *connectors.WorldBank) { b.Indicators, b.Countries = nil, nil }).Connect(connectors.Env{})
	if err == nil || !strings.Contains(err.Error(), "indicators: name") || !strings.Contains(err.Error(), "countries: name") {
		t.Error(err)
	}
}

// Answers that the real API gave.
func TestWorldBankReadsRecordedAnswers(t *testing.T) {
	folder := filepath.Join("..", "..", "shared", "data", "worldbank")
	page, err := os.ReadFile(filepath.Join(folder, "v2_page_array_GDP.json"))
	if err != nil {
		t.Skip("the recorded answers are not at hand")
	}
	refused, err := os.ReadFile(filepath.Join(folder, "v2_error_200.json"))
	if err != nil {
		t.Fatal(err)
	}
	s := newWorldBankService(t)
	s.answer = func(*http.Request) string { return string(page) }
	_, body, position, err := pullWorldBank(t, s, s.settings(nil), connectors.Request{})
	if err != nil || body != string(page) || !strings.Contains(position, `"updated":"2026-07-13"`) {
		t.Errorf("%d of %d bytes, %s, %v", len(body), len(page), position, err)
	}
	s.answer = func(*http.Request) string { return string(refused) }
	if _, _, _, err := pullWorldBank(t, s, s.settings(nil), connectors.Request{}); err == nil || !strings.Contains(err.Error(), `"120", "Invalid value"`) {
		t.Error(err)
	}
}
