package connectors_test

import (
	"context"
	"encoding/json"
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

const bpsTestKey = "k3y0123456789abcdef"

// bpsService answers like BPS's web service: years listed ten a page, newest
// first, and values by year, each answer with the time of the table's last change.
type bpsService struct {
	*httptest.Server
	mu      sync.Mutex
	values  map[int]string // by year code; "" is listed and has no values yet
	updated map[int]string // by year code, where it is not the table's
	table   string
	asked   []string
	broken  bool
	answer  func(path string) string // instead of the service's own, unless ""
}

func newBPSService(t *testing.T, years ...int) *bpsService {
	s := &bpsService{values: map[int]string{}, updated: map[int]string{}, table: "2025-08-05 12:36:39"}
	for _, y := range years {
		s.values[y-1900] = `{"9999192012400":1}`
	}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *bpsService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path, isOurs := strings.CutPrefix(r.URL.Path, "/v1/api/list/")
	path, hasKey := strings.CutSuffix(path, "/key/"+bpsTestKey+"/")
	if !strings.Contains(r.UserAgent(), "Mozilla") || !isOurs || s.broken {
		http.Error(w, "Request Rejected", http.StatusForbidden)
		return
	}
	s.asked = append(s.asked, path)
	w.Header().Set("Content-Type", "application/json")
	if s.answer != nil {
		if text := s.answer(path); text != "" {
			fmt.Fprint(w, text)
			return
		}
	}
	if !hasKey {
		fmt.Fprint(w, `{"status":"Error","message":"The key is invalid"}`)
		return
	}
	parts := map[string]string{}
	for pair := range slices.Chunk(strings.Split(path, "/"), 2) {
		parts[pair[0]] = pair[1]
	}
	if parts["model"] == "th" {
		s.years(w, parts["page"])
		return
	}
	th, _ := strconv.Atoi(parts["th"])
	if s.values[th] == "" {
		fmt.Fprint(w, `{"status":"OK","data-availability":"list-not-available","data":""}`)
		return
	}
	updated := s.table
	if other, ok := s.updated[th]; ok {
		updated = other
	}
	fmt.Fprintf(w, `{"status":"OK","data-availability":"available","last_update":%q,"tahun":[{"val":%d,"label":"%d"}],"datacontent":%s}`, updated, th, th+1900, s.values[th])
}

func (s *bpsService) years(w http.ResponseWriter, page string) {
	var codes []int
	for th := range s.values {
		codes = append(codes, th)
	}
	if len(codes) == 0 {
		fmt.Fprint(w, `{"status":"OK","data-availability":"list-not-available","data":""}`)
		return
	}
	slices.Sort(codes)
	slices.Reverse(codes)
	n, _ := strconv.Atoi(page)
	var items []string
	for i := (n - 1) * 10; i < min(n*10, len(codes)); i++ {
		items = append(items, fmt.Sprintf(`{"th_id":%d,"th":"%d"}`, codes[i], codes[i]+1900))
	}
	fmt.Fprintf(w, `{"status":"OK","data-availability":"available","data":[{"page":%d,"pages":%d,"per_page":"10","count":%d,"total":%d},[%s]]}`,
		n, (len(codes)+9)/10, len(items), len(codes), strings.Join(items, ","))
}

func (s *bpsService) settings(change func(*connectors.BPS)) *connectors.BPS {
	kind, _ := connectors.Lookup("bps")
	bps := kind.New().(*connectors.BPS)
	bps.URL, bps.Key, bps.Variables = s.URL+"/v1/api", bpsTestKey, []int{192}
	bps.Rate.PerSecond, bps.Retry.MaxWait = 0, time.Millisecond
	if change != nil {
		change(bps)
	}
	return bps
}

func TestBPSConforms(t *testing.T) {
	connectortest.Run(t, connectortest.Harness{
		Kind: "bps", Secrets: []string{bpsTestKey},
		Start: func(t *testing.T) *connectortest.Source {
			s := newBPSService(t)
			next := 110
			return &connectortest.Source{
				Settings: s.settings(nil), Overlaps: true, // a change of the table moves the time in every year's answer
				Add: func(n int) {
					s.mu.Lock()
					defer s.mu.Unlock()
					for range n {
						s.values[next] = fmt.Sprintf(`{"9999192012400":%d}`, next)
						next++
						s.table = fmt.Sprintf("2025-08-05 12:%02d:00", len(s.values))
					}
				},
				Break: func() { s.mu.Lock(); s.broken = true; s.mu.Unlock() },
			}
		},
	})
}

type bpsPulled struct {
	names            []string
	bodies, position string
	first            connectors.Object
	asked            []string
}

func pullBPS(t *testing.T, s *bpsService, settings *connectors.BPS, req connectors.Request) (out bpsPulled, err error) {
	t.Helper()
	connector, err := settings.Connect(connectors.Env{Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	s.asked, req.Now = nil, today
	defer func() { out.asked = s.asked }()
	for o, e := range connector.Pull(t.Context(), req) {
		if e != nil {
			return out, e
		}
		data, _ := io.ReadAll(o.Body)
		if out.names == nil {
			out.first = *o
		}
		out.names, out.bodies = append(out.names, o.Name), out.bodies+string(data)
		if o.Position != nil {
			out.position = string(o.Position)
		}
	}
	return out, nil
}

func TestBPSAsksForTheListOfYearsAndThenForEach(t *testing.T) {
	s := newBPSService(t, 2014, 2015, 2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025)
	s.values[126] = ""
	out, err := pullBPS(t, s, s.settings(func(b *connectors.BPS) { b.Start = 2024 }), connectors.Request{})
	if err != nil || strings.Join(out.names, " ") != "0000/var-192/th-125.json 0000/var-192/th-124.json" {
		t.Fatalf("%v %v", out.names, err)
	}
	want := "model/th/lang/ind/domain/0000/var/192/page/1|model/th/lang/ind/domain/0000/var/192/page/2|" +
		"model/data/lang/ind/domain/0000/var/192/th/126|model/data/lang/ind/domain/0000/var/192/th/125|model/data/lang/ind/domain/0000/var/192/th/124"
	if got := strings.Join(out.asked, "|"); got != want {
		t.Errorf("asked %s", got)
	}
	if out.position != `{"seen":{"0000/192":{"124":"2025-08-05 12:36:39","125":"2025-08-05 12:36:39","126":""}}}` {
		t.Errorf("position %s", out.position)
	}
	if o := out.first; o.MediaType != "application/json" || !o.ModifiedAt.Equal(time.Date(2025, 8, 5, 5, 36, 39, 0, time.UTC)) || o.Meta["url"] != s.URL+"/v1/api" || o.Position != nil {
		t.Errorf("object %+v", o)
	}
}

// The time of a table's last change spares the questions whose answers are known.
func TestBPSAsksAgainForWhatChanged(t *testing.T) {
	s := newBPSService(t, 2022, 2023, 2024)
	s.values[125] = ""
	first, err := pullBPS(t, s, s.settings(nil), connectors.Request{})
	if err != nil || len(first.names) != 3 {
		t.Fatal(first.names, err)
	}
	at := connectors.Request{Position: []byte(first.position)}
	if out, err := pullBPS(t, s, s.settings(nil), at); err != nil || len(out.names) > 0 || len(out.asked) != 3 {
		t.Errorf("nothing is new: %v, asked %d times, %v", out.names, len(out.asked), err)
	}
	if out, err := pullBPS(t, s, s.settings(func(b *connectors.BPS) { b.Variables = []int{192, 1181} }), at); err != nil || len(out.names) != 3 || out.names[0] != "0000/var-1181/th-124.json" {
		t.Errorf("a variable that is new: %v %v", out.names, err)
	}
	s.table, s.values[125] = "2026-01-14 09:00:00", `{"9999192012500":2}`
	out, err := pullBPS(t, s, s.settings(nil), at)
	if err != nil || len(out.names) != 4 || !strings.Contains(out.position, `"125":"2026-01-14 09:00:00"`) {
		t.Errorf("the table changed: %v %s %v", out.names, out.position, err)
	}
	// A year that was not wanted before.
	s = newBPSService(t, 2022, 2023, 2024)
	late, _ := pullBPS(t, s, s.settings(func(b *connectors.BPS) { b.Start = 2024 }), connectors.Request{})
	if out, err := pullBPS(t, s, s.settings(nil), connectors.Request{Position: []byte(late.position)}); err != nil || strings.Join(out.names, " ") != "0000/var-192/th-123.json 0000/var-192/th-122.json" {
		t.Errorf("earlier years: %v %v", out.names, err)
	}
}

// Where the years have times of their own, no year's stands for another's.
func TestBPSTrustsNoTimeThatIsNotTheTables(t *testing.T) {
	s := newBPSService(t, 2022, 2023, 2024)
	s.updated[122] = "2023-02-01 08:00:00"
	first, err := pullBPS(t, s, s.settings(nil), connectors.Request{})
	if err != nil {
		t.Fatal(err)
	}
	s.updated[122] = "2026-01-10 08:00:00"
	out, err := pullBPS(t, s, s.settings(nil), connectors.Request{Position: []byte(first.position)})
	if err != nil || strings.Join(out.names, " ") != "0000/var-192/th-122.json" || !strings.Contains(out.position, `"122":"2026-01-10 08:00:00","123":"2025-08-05 12:36:39"`) {
		t.Errorf("%v %s %v", out.names, out.position, err)
	}
	// An answer without a time always comes.
	s.updated[122], s.updated[123], s.updated[124] = "", "", ""
	first, _ = pullBPS(t, s, s.settings(nil), connectors.Request{})
	if out, err = pullBPS(t, s, s.settings(nil), connectors.Request{Position: []byte(first.position)}); err != nil || len(out.names) != 3 {
		t.Errorf("%v %v", out.names, err)
	}
}

func TestBPSBackfillsYears(t *testing.T) {
	s := newBPSService(t, 2021, 2022, 2023, 2024)
	window := connectors.Window{From: time.Date(2022, 6, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2023, 12, 31, 17, 0, 0, 0, time.UTC)}
	out, err := pullBPS(t, s, s.settings(nil), connectors.Request{Window: window})
	if err != nil || strings.Join(out.names, " ") != "0000/var-192/th-123.json 0000/var-192/th-122.json" || out.position != "" {
		t.Errorf("%v %s %v", out.names, out.position, err)
	}
}

func TestBPSRefusesWhatIsNoAnswer(t *testing.T) {
	list := func(pages, items string) string {
		return `{"status":"OK","data-availability":"available","data":[` + pages + `,[` + items + `]]}`
	}
	for _, c := range []struct{ name, list, data, want string }{
		{name: "a page of a firewall", list: "<html>Just a moment...</html>", want: "web page"},
		{name: "no JSON", list: "Too many connections", want: "not the JSON"},
		{name: "another API", list: `{"data":[]}`, want: "no status"},
		{name: "an error that repeats the question", list: `{"status":"Error","message":"no such key ` + bpsTestKey + `"}`, want: `status "Error" ("no such key ***")`},
		{name: "a list that is none", list: `{"status":"OK","data-availability":"available","data":[1]}`, want: "no list of years"},
		{name: "a code that is none", list: list(`{"page":1,"pages":1,"total":1}`, `{"th_id":2024}`), want: "year code 2024"},
		{name: "a year twice", list: list(`{"page":1,"pages":1,"total":2}`, `{"th_id":124},{"th_id":"124"}`), want: "stands there twice"},
		{name: "a page twice", list: list(`{"page":2,"pages":3,"total":9}`, `{"th_id":124}`), want: "does not heed the page number"},
		{name: "a list that is too short", list: list(`{"page":1,"pages":1,"total":9}`, `{"th_id":124}`), want: "9 years and listed 1"},
		{name: "values that are none", data: `{"status":"ERROR"}`, want: "BPS variable 192 in domain 0000, year 2024"},
		{name: "an endless answer", data: `{"status":"OK","x":"` + strings.Repeat("x", 3<<20) + `"}`, want: "1MiB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newBPSService(t, 2024)
			s.answer = func(path string) string {
				if strings.HasPrefix(path, "model/th/") {
					return c.list
				}
				return c.data
			}
			out, err := pullBPS(t, s, s.settings(func(b *connectors.BPS) { b.MaxBytes = connectors.MiB }), connectors.Request{})
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), bpsTestKey) || len(out.names) > 0 {
				t.Errorf("%v, want %q in it", err, c.want)
			}
		})
	}
}

// The address holds the key, so that no error may quote it, whatever breaks.
func TestBPSKeepsItsKey(t *testing.T) {
	for name, fail := range map[string]func(w http.ResponseWriter){
		"a redirect to another host": func(w http.ResponseWriter) {
			w.Header().Set("Location", "http://other.example/key/"+bpsTestKey)
			w.WriteHeader(http.StatusFound)
		},
		"a broken connection": func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
		"a service down":      func(w http.ResponseWriter) { http.Error(w, bpsTestKey, http.StatusBadGateway) },
		"not there":           func(w http.ResponseWriter) { http.Error(w, bpsTestKey, http.StatusNotFound) },
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fail(w) }))
		defer server.Close()
		s := &bpsService{Server: server}
		if _, err := pullBPS(t, s, s.settings(nil), connectors.Request{}); err == nil || strings.Contains(err.Error(), bpsTestKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBPSSettings(t *testing.T) {
	s := &bpsService{Server: &httptest.Server{URL: "http://webapi.example"}}
	_, err := s.settings(func(b *connectors.BPS) {
		b.Key, b.Variables, b.Domain, b.Start, b.Language = "a/b", []int{192, 192}, "jabar", 118, "de"
	}).Connect(connectors.Env{})
	for _, want := range []string{"key", "in clear", "192", `"jabar"`, "start", "language"} {
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "a/b") {
			t.Errorf("%v, want %q in it", err, want)
		}
	}
	_, err = s.settings(func(b *connectors.BPS) { b.URL, b.Variables = "https://webapi.example", nil }).Connect(connectors.Env{})
	if err == nil || !strings.Contains(err.Error(), "variables: name") {
		t.Error(err)
	}
}

func TestBPSAsksForNoYearAfterTheEnd(t *testing.T) {
	s := newBPSService(t, 2022, 2023, 2024, 2025)
	out, err := pullBPS(t, s, s.settings(func(b *connectors.BPS) { b.Start, b.End = 2023, 2024 }), connectors.Request{})
	if err != nil || strings.Join(out.names, " ") != "0000/var-192/th-124.json 0000/var-192/th-123.json" {
		t.Fatalf("%v %v", out.names, err)
	}
	if _, err := s.settings(func(b *connectors.BPS) { b.Start, b.End = 2024, 2023 }).Connect(connectors.Env{}); err == nil || !strings.Contains(err.Error(), "end: 2023 is no year, or before the start") {
		t.Errorf("an end before the start: %v", err)
	}
}

// Answers that the real service gave come through byte by byte.
func TestBPSHandsOnRecordedAnswers(t *testing.T) {
	file, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "bps", "var-192-2024.snapshot.json"))
	if err != nil {
		t.Skip("the recorded answer is not at hand")
	}
	var envelope struct{ Result json.RawMessage }
	if err := json.Unmarshal(file, &envelope); err != nil {
		t.Fatal(err)
	}
	s := newBPSService(t, 2024)
	s.answer = func(path string) string {
		if strings.HasPrefix(path, "model/data/") {
			return string(envelope.Result)
		}
		return ""
	}
	out, err := pullBPS(t, s, s.settings(nil), connectors.Request{})
	if err != nil || out.bodies != string(envelope.Result) || out.position != `{"seen":{"0000/192":{"124":"2026-08-05 12:36:39"}}}` {
		t.Errorf("%d of %d bytes, position %s, %v", len(out.bodies), len(envelope.Result), out.position, err)
	}
}
