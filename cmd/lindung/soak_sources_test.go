package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// A soakRow is one thing that a source tells of.
type soakRow struct {
	key, country string
	on           time.Time // when it happened
	told         time.Time // when this version of it was told
	cancelled    bool
	amount       int
}

// A soakSource is a source as its owner knows it, and what the log has of it by now.
type soakSource struct {
	feed  string
	rows  map[string]soakRow // what it says that can be read, by key
	taken map[string]soakRow // what the newest commit holds
	wrong int                // records since then that nobody can read
	serve int                // a number for whatever needs a name of its own

	bad       string // why a delivery is to be withheld; empty: it is not
	until     int    // the day on which it is mended
	paused    int    // the day on which it is resumed; 0: it is not paused
	late      bool   // it publishes today after the feeds have run
	uploading bool   // a file of it lies there that is not whole
	away      bool   // its folder is
	backSoon  bool   // its folder is back before the second try

	mu    sync.Mutex
	fault string // what the server does instead of answering
	times int    // for how many requests; below 0: all
	pages []string
	keys  string
}

var soakCountries = map[string]string{"Taiwan": "TWN", "Hong Kong": "HKG", "Malaysia": "MYS", "Singapura": "SGP", "Jepang": "JPN"}

func newSoakSource(feed string) *soakSource {
	return &soakSource{feed: feed, rows: map[string]soakRow{}, taken: map[string]soakRow{}, keys: `{"data": []}`}
}

// pending says whether a pull has news to bring.
func (s *soakSource) pending() bool { return s.wrong > 0 || !maps.Equal(s.rows, s.taken) }

// commit is what the log tells: all that the source said is taken.
func (s *soakSource) commit() { s.taken, s.wrong = maps.Clone(s.rows), 0 }

// live happens to the things that a source tells of: some are new, one is corrected or gone.
func (s *soakSource) live(random *rand.Rand, now time.Time) (events []string) {
	countries := slices.Sorted(maps.Keys(soakCountries))
	row := func(key string) soakRow {
		return soakRow{key: key, country: countries[random.IntN(len(countries))], on: now.AddDate(0, 0, -1-random.IntN(40)), told: now, amount: 1 + random.IntN(99)}
	}
	fresh := 3 + random.IntN(3)
	for range fresh {
		s.serve++
		r := row(fmt.Sprintf("%s-%d", strings.ToUpper(s.feed[:1]), s.serve))
		if s.feed == "money_quarterly" { // a table of quarters has an end
			r = soakRow{key: fmt.Sprintf("%d,%d,%s", 2018+s.serve/20%7, 1+s.serve/5%4, countries[s.serve%5]), amount: r.amount}
		}
		s.rows[r.key] = r
	}
	events = append(events, fmt.Sprintf("%s: %d rows", s.feed, fresh))
	old := slices.Sorted(maps.Keys(s.taken))
	if len(old) > 8 && random.IntN(2) == 0 {
		key := old[random.IntN(len(old))]
		if _, alive := s.rows[key]; alive {
			r := s.rows[key]
			if r.amount = r.amount%99 + 1; s.feed != "money_quarterly" {
				r.told, r.country = now, countries[random.IntN(len(countries))]
			}
			s.rows[key] = r
			events = append(events, s.feed+": corrects "+key)
		}
	}
	if len(old) > 8 && random.IntN(4) == 0 {
		if r, alive := s.rows[old[random.IntN(len(old))]]; alive {
			s.lose(r, now)
			events = append(events, s.feed+": takes back "+r.key)
		}
	}
	return events
}

// lose takes a row back in the way of the source.
func (s *soakSource) lose(r soakRow, now time.Time) {
	switch s.feed {
	case "unit_placements":
		r.cancelled, r.told = true, now
		s.rows[r.key] = r
	case "office_cases", "money_quarterly":
		delete(s.rows, r.key)
	}
}

// changed are the rows that the log does not have in this version, and a few that it has.
func (s *soakSource) changed(again int) (rows []soakRow) {
	for _, key := range slices.Sorted(maps.Keys(s.rows)) {
		if s.rows[key] != s.taken[key] {
			rows = append(rows, s.rows[key])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.rows)) {
		if again > 0 && s.rows[key] == s.taken[key] {
			rows = append(rows, s.rows[key])
			again--
		}
	}
	return rows
}

// item is a row as the interfaces write it.
func (s *soakSource) item(r soakRow) string {
	if s.feed == "office_cases" {
		return fmt.Sprintf(`{"id": %q, "at": %q, "kind": "K01", "state": "DITERIMA", "negara": %q, "changed": %q}`,
			r.key, r.on.Format(time.RFC3339), r.country, r.told.Format(time.RFC3339Nano))
	}
	status := map[bool]string{false: "completed", true: "cancelled"}[r.cancelled]
	return fmt.Sprintf(`{"id": %q, "negara": %q, "selesai": %q, "skema": "P2P", "status": %q, "diperbarui": %q}`,
		r.key, r.country, r.on.Format(time.DateOnly), status, r.told.Format(time.RFC3339Nano))
}

// publish lets the source say what it knows, with some records that nobody can read.
func (s *soakSource) publish(dir string, wrong int, now time.Time) error {
	s.wrong = wrong
	switch s.feed {
	case "money_quarterly":
		return s.publishTable(dir, wrong, now)
	case "gate_arrivals":
		return s.publishList(dir, wrong, now)
	}
	s.publishHTTP(wrong, now)
	return nil
}

// again lets the source say once more what it said, in the way of its kind: a table is touched, a
// list is sent under another name, and pages bring rows that were there before.
func (s *soakSource) again(dir string, now time.Time) error {
	switch s.feed {
	case "money_quarterly":
		err := os.Chtimes(filepath.Join(dir, "uang", "uang.csv"), now, now)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	case "gate_arrivals":
		sent, err := filepath.Glob(filepath.Join(dir, "tiba", "tiba-*.csv"))
		if err != nil || len(sent) == 0 {
			return err
		}
		text, err := os.ReadFile(sent[len(sent)-1])
		if err != nil {
			return err
		}
		return drop(filepath.Join(dir, "tiba", "salinan.csv"), string(text), now)
	}
	return s.publish(dir, 0, now)
}

// publishHTTP lays out what the interfaces answer from now on: wrong records first.
func (s *soakSource) publishHTTP(wrong int, now time.Time) {
	var items []string
	for i := range wrong {
		s.serve++
		items = append(items, strings.NewReplacer("Taiwan", "Atlantis", "K01", "tidak ada").Replace(
			s.item(soakRow{key: fmt.Sprintf("X-%d-%d", s.serve, i), country: "Taiwan", on: now.AddDate(0, 0, -1), told: now})))
	}
	for _, r := range s.changed(2) {
		items = append(items, s.item(r))
	}
	size := 3
	if s.feed == "office_cases" { // not paged
		size = len(items) + 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages = nil
	for page := range slices.Chunk(items, size) {
		s.pages = append(s.pages, `{"data": [`+strings.Join(page, ", ")+`]}`)
	}
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(s.rows)) {
		keys = append(keys, fmt.Sprintf(`{"id": %q}`, key))
	}
	s.keys = `{"data": [` + strings.Join(keys, ", ") + `]}`
	if s.bad == "no keys" {
		s.keys = `{"data": []}`
	}
}

func (s *soakSource) setFault(fault string, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.times = fault, times
}

// answer gives what is to be sent and the fault, if it is this request's turn.
func (s *soakSource) answer(r *http.Request) (body, fault string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	page := r.URL.Query().Get("page")
	body = `{"data": []}`
	var n int
	if _, err := fmt.Sscan(page, &n); err != nil {
		n = 1
	}
	if n <= len(s.pages) {
		body = s.pages[n-1]
	}
	if strings.HasSuffix(r.URL.Path, "/keys") {
		body = s.keys
	}
	if s.times == 0 || s.fault == "500 on page 2" && page == "1" {
		return body, ""
	}
	s.times--
	return body, s.fault
}

func (s *soakSource) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, fault := s.answer(r)
	w.Header().Set("Content-Type", "application/json")
	switch fault {
	case "500", "500 on page 2":
		w.WriteHeader(http.StatusInternalServerError)
	case "hang":
		<-r.Context().Done()
	case "cut":
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body[:len(body)/2])
		_ = conn.Close()
	default:
		fmt.Fprint(w, body)
	}
}

// drop writes a file as if somebody had put it there at a time.
func drop(path, text string, at time.Time) error {
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return err
	}
	return os.Chtimes(path, at, at)
}

// publishTable writes the whole table of money anew.
func (s *soakSource) publishTable(dir string, wrong int, now time.Time) error {
	lines := []string{"tahun,triwulan,negara,usd"}
	for i, key := range slices.Sorted(maps.Keys(s.rows)) {
		if s.bad == "cut short" && i > 0 {
			break
		}
		lines = append(lines, fmt.Sprintf("%s,%d", key, s.rows[key].amount))
	}
	for i := range wrong {
		lines = append(lines, fmt.Sprintf("2025,%d,Atlantis,%d", 1+i%4, now.Unix()%97))
	}
	return drop(filepath.Join(dir, "uang", "uang.csv"), strings.Join(lines, "\n")+"\n", now)
}

// publishList drops a file of the rows that are new, or replaces the one before that was never taken.
func (s *soakSource) publishList(dir string, wrong int, now time.Time) error {
	header := "id,negara,tiba,diperbarui"
	if s.bad == "a column is renamed" {
		header = "id,negara,kolom_x,diperbarui"
	}
	lines := []string{header}
	for i := range wrong {
		lines = append(lines, fmt.Sprintf("X-%d-%d,Taiwan,31-31-2026,%s", s.serve, i, now.Format(time.RFC3339)))
	}
	for _, r := range s.changed(0) {
		lines = append(lines, fmt.Sprintf("%s,%s,%s,%s", r.key, r.country, r.on.Format(time.DateOnly), r.told.Format(time.RFC3339Nano)))
	}
	return drop(s.listFile(dir), strings.Join(lines, "\n")+"\n", now)
}

// listFile is the file that is replaced until it is taken.
func (s *soakSource) listFile(dir string) string {
	return filepath.Join(dir, "tiba", fmt.Sprintf("tiba-%05d.csv", len(s.taken)))
}
