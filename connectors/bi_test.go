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
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

// biService answers like wsKursBI, whose answers it was made after: newest day
// first, the currency padded with blanks, no days at weekends.
type biService struct {
	*httptest.Server
	mu     sync.Mutex
	days   []string // with rates, for every currency
	asked  []string
	broken bool
}

func newBIService(t *testing.T, days ...string) *biService {
	s := &biService{days: days}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *biService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	s.asked = append(s.asked, r.Method+" "+r.URL.String()+" "+r.Header.Get("SOAPAction")+string(body))
	if !strings.Contains(r.UserAgent(), "Mozilla") || s.broken {
		http.Error(w, "Request Rejected", http.StatusForbidden)
		return
	}
	between := func(name string) string {
		if r.Method == http.MethodGet {
			return r.URL.Query().Get(name)
		}
		_, rest, _ := strings.Cut(string(body), "<"+name+">")
		value, _, _ := strings.Cut(rest, "<")
		return value
	}
	suffix, from, to := "subkurslokal", between("startdate"), between("enddate")
	if strings.Contains(r.URL.Path+r.Header.Get("SOAPAction"), "Jisdor") {
		suffix, from, to = "subkursasing", between("startDate"), between("endDate")
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	fmt.Fprint(w, `<?xml version="1.0" encoding="utf-8"?><DataSet xmlns="http://tempuri.org/"><diffgr:diffgram xmlns:diffgr="urn:schemas-microsoft-com:xml-diffgram-v1"><NewDataSet xmlns="">`)
	for i, day := range slices.Backward(s.days) {
		if from <= day && day <= to {
			fmt.Fprintf(w, `<Table><nil_%[1]s>1.00</nil_%[1]s><beli_%[1]s>%[2]d.00</beli_%[1]s><jual_%[1]s>%[2]d.00</jual_%[1]s><tgl_%[1]s>%[3]sT00:00:00+07:00</tgl_%[1]s><mts_%[1]s>%[4]s  </mts_%[1]s></Table>`,
				suffix, 16000+i, day, between("mts"))
		}
	}
	fmt.Fprint(w, `</NewDataSet></diffgr:diffgram></DataSet>`)
}

func (s *biService) settings(change func(*connectors.BI)) *connectors.BI {
	kind, _ := connectors.Lookup("bi")
	bi := kind.New().(*connectors.BI)
	bi.URL, bi.Series, bi.Currencies, bi.Start = s.URL+"/biwebservice/wskursbi.asmx", []string{"transaction"}, []string{"USD", "MYR"}, "2024-11-01"
	bi.Rate.PerSecond, bi.Retry.MaxWait = 0, time.Millisecond
	if change != nil {
		change(bi)
	}
	return bi
}

func (s *biService) add(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		s.days = append(s.days, today.AddDate(0, -1, len(s.days)).Format(time.DateOnly))
	}
}

func TestBIConforms(t *testing.T) {
	for _, via := range []string{"get", "soap"} {
		t.Run(via, func(t *testing.T) {
			connectortest.Run(t, connectortest.Harness{
				Kind: "bi",
				Start: func(t *testing.T) *connectortest.Source {
					s := newBIService(t)
					return &connectortest.Source{
						Settings: s.settings(func(b *connectors.BI) { b.Via = via }), Add: s.add,
						Break: func() { s.mu.Lock(); s.broken = true; s.mu.Unlock() },
					}
				},
			})
		})
	}
}

// pullBI gives the names of the objects, their bytes and the last position.
func pullBI(t *testing.T, settings *connectors.BI, req connectors.Request) (names []string, bodies, position string, err error) {
	t.Helper()
	connector, err := settings.Connect(connectors.Env{Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	if req.Now.IsZero() {
		req.Now = today
	}
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

func TestBIAsksByYearAndThenForWhatIsNew(t *testing.T) {
	s := newBIService(t, "2024-12-30", "2025-06-02", "2026-01-14")
	names, _, position, err := pullBI(t, s.settings(nil), connectors.Request{})
	want := "transaction/USD/2024-11-01_2024-12-31.xml transaction/USD/2025-01-01_2025-12-31.xml transaction/USD/2026-01-01_2026-01-15.xml " +
		"transaction/MYR/2024-11-01_2024-12-31.xml transaction/MYR/2025-01-01_2025-12-31.xml transaction/MYR/2026-01-01_2026-01-15.xml"
	if err != nil || strings.Join(names, " ") != want {
		t.Fatalf("got %s %v", strings.Join(names, " "), err)
	}
	if position != `{"seen":{"transaction/MYR":"2026-01-14","transaction/USD":"2026-01-14"}}` {
		t.Errorf("position %s", position)
	}
	if s.asked[0] != "GET /biwebservice/wskursbi.asmx/getSubKursLokal3?enddate=2024-12-31&mts=USD&startdate=2024-11-01 " {
		t.Errorf("asked %s", s.asked[0])
	}
	// Nothing is newer than the newest day.
	if names, _, _, err := pullBI(t, s.settings(nil), connectors.Request{Position: []byte(position)}); err != nil || len(names) > 0 {
		t.Errorf("%v %v", names, err)
	}
	// Rates that were corrected are found by the lookback.
	names, _, moved, err := pullBI(t, s.settings(nil), connectors.Request{Position: []byte(position), Lookback: 7 * 24 * time.Hour})
	if err != nil || strings.Join(names, " ") != "transaction/USD/2026-01-08_2026-01-15.xml transaction/MYR/2026-01-08_2026-01-15.xml" || moved != "" {
		t.Errorf("%v, position %q, %v", names, moved, err)
	}
	// A currency that was added later is asked for from the start.
	if names, _, _, _ = pullBI(t, s.settings(func(b *connectors.BI) { b.Currencies = append(b.Currencies, "SAR") }), connectors.Request{Position: []byte(position)}); len(names) != 3 {
		t.Errorf("got %v", names)
	}
	window := connectors.Window{From: time.Date(2025, 5, 31, 17, 0, 0, 0, time.UTC), To: time.Date(2025, 6, 30, 17, 0, 0, 0, time.UTC)}
	if names, _, _, err = pullBI(t, s.settings(nil), connectors.Request{Window: window}); err != nil || strings.Join(names, " ") != "transaction/USD/2025-06-01_2025-06-30.xml transaction/MYR/2025-06-01_2025-06-30.xml" {
		t.Errorf("a backfill of June: %v %v", names, err)
	}
}

// The two series spell their parameters differently.
func TestBIAsksForJISDOR(t *testing.T) {
	s := newBIService(t, "2026-01-14")
	jisdor := func(b *connectors.BI) {
		b.Series, b.Currencies, b.Start = []string{"jisdor"}, []string{"USD"}, "2026-01-01"
	}
	_, body, _, err := pullBI(t, s.settings(jisdor), connectors.Request{})
	if err != nil || !strings.Contains(body, "beli_subkursasing") || s.asked[0] != "GET /biwebservice/wskursbi.asmx/getSubKursJisdor3?endDate=2026-01-15&mts=USD&startDate=2026-01-01 " {
		t.Errorf("asked %s: %v", s.asked[0], err)
	}
	if _, body, _, err = pullBI(t, s.settings(func(b *connectors.BI) { jisdor(b); b.Via = "soap" }), connectors.Request{}); err != nil || !strings.Contains(body, "beli_subkursasing") {
		t.Errorf("by SOAP: %v", err)
	}
	if want := `POST /biwebservice/wskursbi.asmx "http://tempuri.org/getSubKursJisdor3"<?xml`; !strings.HasPrefix(s.asked[1], want) {
		t.Errorf("asked %s", s.asked[1])
	}
}

// JISDOR beside the other rates is asked for the dollar only.
func TestBIAsksForBothSeries(t *testing.T) {
	s := newBIService(t, "2026-01-14")
	names, _, _, err := pullBI(t, s.settings(func(b *connectors.BI) { b.Series, b.Start = []string{"jisdor", "transaction"}, "2026-01-01" }), connectors.Request{})
	const want = "jisdor/USD/2026-01-01_2026-01-15.xml transaction/USD/2026-01-01_2026-01-15.xml transaction/MYR/2026-01-01_2026-01-15.xml"
	if err != nil || strings.Join(names, " ") != want {
		t.Errorf("got %v %v", names, err)
	}
}

func TestBIRefusesWhatIsNoAnswer(t *testing.T) {
	for _, c := range []struct {
		name, answer, want string
		status             int
	}{
		{"a page of a firewall", "<html><body>Request Rejected</body></html>", "web page", 200},
		{"another document", "<rss/>", "no diffgram", 200},
		{"an answer without end", "<diffgram>" + strings.Repeat(" ", 20<<20), "16MiB", 200},
		{"a service that is down", "", "503", 503},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.answer)
			}))
			defer server.Close()
			s := &biService{Server: server}
			if _, _, _, err := pullBI(t, s.settings(nil), connectors.Request{}); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q in it", err, c.want)
			}
		})
	}
}

func TestBISettings(t *testing.T) {
	s := &biService{Server: &httptest.Server{URL: "https://bi.example"}}
	_, err := s.settings(func(b *connectors.BI) {
		b.Series, b.Currencies, b.Start, b.Via = []string{"tengah", "jisdor"}, []string{"usd"}, "20130520", "ftp"
	}).Connect(connectors.Env{})
	for _, want := range []string{"series", "currencies", "JISDOR quotes USD only", "start", "via"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q in it", err, want)
		}
	}
}

// An answer that the real service gave comes through byte by byte.
func TestBIHandsOnARecordedAnswer(t *testing.T) {
	recorded, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "bi", "getSubKursLokal3_USD_2026-02.xml"))
	if err != nil {
		t.Skip("the recorded answer is not at hand")
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(recorded) }))
	defer server.Close()
	s := &biService{Server: server}
	_, body, position, err := pullBI(t, s.settings(func(b *connectors.BI) { b.Currencies, b.Start = []string{"USD"}, "2026-01-01" }), connectors.Request{Now: today.AddDate(0, 1, 0)})
	if err != nil || body != string(recorded) || position != `{"seen":{"transaction/USD":"2026-02-06"}}` {
		t.Errorf("%d of %d bytes, position %s, %v", len(body), len(recorded), position, err)
	}
}
