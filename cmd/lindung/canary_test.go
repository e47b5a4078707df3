package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The secrets of the canaries' project. They are made here and open nothing.
const (
	canaryToken = "rahasia-token-kenari-7f3a"
	canaryHook  = "rahasia-alamat-kenari-91bd"
)

const canaryProject = `project: {name: Kenari}
serve: {listen: "127.0.0.1:0"}
keep_releases: 3
publish:
  bagian: {folder: ../bagian}
  utuh: {folder: ../utuh, what: release}
alerts:
  channels:
    buku: {file: kabar.txt, form: text}
    obrolan: {webhook: {url: "${env:CANARY_HOOK}", allow_plain_http: true}}
  digest: {channel: buku, at: "07:00"}
lineage: {file: garis.jsonl}
`

// A canaryStory is a project through which the canaries go, and all that was said meanwhile.
type canaryStory struct {
	t              *testing.T
	root, dir, tmp string
	env            []string
	persons        map[string][]canary // by feed
	secrets        map[string][]byte   // by what people call them
	said           int

	mu      sync.Mutex
	answers func(http.ResponseWriter, *http.Request)
}

func newCanaryStory(t *testing.T, persons []canary) *canaryStory {
	s := &canaryStory{t: t, root: projectDir(t), persons: map[string][]canary{},
		secrets: map[string][]byte{"the source's token": []byte(canaryToken), "the address of a channel": []byte(canaryHook)}}
	s.dir, s.tmp = filepath.Join(s.root, "proyek"), filepath.Join(s.root, "sementara")
	source := canarySource
	share := len(persons) / len(canaryFeeds)
	for i, f := range canaryFeeds {
		s.persons[f.name] = persons[i*share : (i+1)*share]
		source += f.yaml()
	}
	files := map[string][]byte{"lindung.yaml": []byte(canaryProject), "sources/kenari.yaml": []byte(source)}
	if err := writeProject(s.dir, files, true); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"sementara", "kata", "bagian", "utuh", "cadangan", "proyek/inbox"} {
		if err := os.MkdirAll(filepath.Join(s.root, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		answers := s.answers
		s.mu.Unlock()
		answers(w, r)
	}))
	t.Cleanup(server.Close)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		s.keep("kabar", raw)
	}))
	t.Cleanup(hook.Close)
	s.env = []string{"CANARY_URL=" + server.URL, "CANARY_TOKEN=" + canaryToken, "CANARY_HOOK=" + hook.URL + "/" + canaryHook, "TMPDIR=" + s.tmp}
	s.serves(s.page)
	return s
}

// keep writes down what was said to somebody.
func (s *canaryStory) keep(name string, raw []byte) {
	s.mu.Lock()
	s.said++
	path := filepath.Join(s.root, "kata", fmt.Sprintf("%03d %s", s.said, strings.NewReplacer("/", "-", s.root, "").Replace(name)))
	s.mu.Unlock()
	if len(path) > 200 {
		path = path[:200]
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		s.t.Error(err)
	}
}

func (s *canaryStory) serves(answers func(http.ResponseWriter, *http.Request)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = answers
}

func feedNamed(name string) canaryFeed {
	return canaryFeeds[slices.IndexFunc(canaryFeeds, func(f canaryFeed) bool { return f.name == name })]
}

// page answers with half of the cases each, and an empty page.
func (s *canaryStory) page(w http.ResponseWriter, r *http.Request) {
	f := feedNamed("kenari_aduan")
	records := f.records(s.persons[f.name])
	w.Header().Set("Content-Type", "application/json")
	switch half := len(records) / 2; r.URL.Query().Get("page") {
	case "1":
		_, _ = w.Write(canaryJSON(s.t, records[:half]))
	case "2":
		_, _ = w.Write(canaryJSON(s.t, records[half:]))
	default:
		_, _ = w.Write(canaryJSON(s.t, nil))
	}
}

// lindung runs the program with all of its log, and writes down what it says. Any exit code is an
// answer but 1 and a crash, unless that is what is expected.
func (s *canaryStory) lindung(now string, want []int, args ...string) []byte {
	s.t.Helper()
	args = append(args, "--dir", s.dir, "--log", "json", "--log-level", "debug")
	if now != "" {
		args = append(args, "--now", now+"T09:00:00+07:00")
	}
	c := exec.Command(program, args...)
	c.Env = append(os.Environ(), s.env...)
	c.Dir = s.root
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	err := c.Run()
	if args[0] != "quarantine" || args[1] != "show" {
		s.keep(strings.Join(args[:min(len(args), 4)], " "), stdout.Bytes())
	}
	s.keep("stderr of "+strings.Join(args[:min(len(args), 4)], " "), stderr.Bytes())
	var exit *exec.ExitError
	code := 0
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		s.t.Fatal(err)
	}
	if !slices.Contains(want, code) {
		s.t.Errorf("lindung %s: exit code %d, want one of %v\n%.3000s", strings.Join(args, " "), code, want, stderr.String())
	}
	return stdout.Bytes()
}

func (s *canaryStory) drop(name string, raw []byte, on string) {
	s.t.Helper()
	path := filepath.Join(s.dir, "inbox", name)
	at, err := time.Parse(time.DateOnly, on)
	if err == nil {
		err = os.WriteFile(path, raw, 0o644)
	}
	if err == nil {
		err = os.Chtimes(path, at, at)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// A thousand persons with everything that could tell who they are go through the whole system, by
// every format that carries persons, while everything goes wrong that can. Afterwards nothing that
// the system wrote, kept or said knows one of them, but what is encrypted.
func TestNoCanaryGetsOut(t *testing.T) {
	t.Parallel()
	persons := newCanaries(1000)
	s := newCanaryStory(t, persons)
	scan := newCanaryScan(t, netFor(persons))

	s.goodAndBadRecords()
	s.badObjects()
	s.database()
	s.gated()
	s.killed(scan)
	s.lookedAt(scan)
	s.passedOn()

	scan.folder(s.root, "proyek/inbox", "proyek/keys")
	for _, kind := range []string{"parquet", "duckdb", "sqlite", "plain"} {
		if scan.kinds[kind] == 0 {
			t.Errorf("no file of the kind %s was read: %v", kind, scan.kinds)
		}
	}
	t.Logf("%d files were read: %v", scan.files, scan.kinds)
	for _, found := range scan.found {
		t.Error(found)
	}
	s.noSecretIsSaid()
}

// goodAndBadRecords has everything delivered once, and the source of the cases go down half-way with
// an error that names a person.
func (s *canaryStory) goodAndBadRecords() {
	for _, f := range canaryFeeds {
		if f.file != "" {
			s.drop(f.file, f.write(s.t, f.records(s.persons[f.name])), "2024-03-01")
		}
	}
	c := s.persons["kenari_aduan"][0]
	s.serves(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") == "2" {
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprintf(w, `{"error": "no row for %s, NIK %s"}`, c.Name, c.NIK)
			return
		}
		s.page(w, r)
	})
	s.lindung("2024-03-04", []int{4}, "run", "--no-build")
	s.serves(s.page)
	s.lindung("2024-03-05", []int{0}, "run")
	if rows := query[struct{ N int }](s.t, s.dir, "select count(*)::int as N from fct_cases"); rows[0].N < 50 {
		s.t.Errorf("%d cases came through: the rest proves nothing", rows[0].N)
	}
}

var quarantinedPlace = regexp.MustCompile(`"object": "([0-9a-f]+)",(?s:.*?)"row_no": ([0-9]+)`)

// lookedAt asks the program for everything that it can tell.
func (s *canaryStory) lookedAt(scan *canaryScan) {
	const now = "2024-03-28"
	ask := func(args ...string) []byte { return s.lindung(now, []int{0, 3, 4, 10}, args...) }
	ask("run")
	ask("quarantine", "list")
	numbers := scan.net.numbers()
	listed := quarantinedPlace.FindAllSubmatch(ask("quarantine", "list", "--output", "json"), -1)
	if len(listed) < 100 {
		s.t.Errorf("%d problems in quarantine: the rest proves little", len(listed))
	}
	for i := 0; i < len(listed); i += max(1, len(listed)/10) {
		// It shows a record to whoever holds the keys. A name that nothing gives away stands in a column for
		// codes like any other text that is no code; a number never shows.
		if n, first := numbers.find(ask("quarantine", "show", string(listed[i][1]), string(listed[i][2]))); n > 0 {
			s.t.Errorf("quarantine show %s %s shows %s", listed[i][1], listed[i][2], first)
		}
	}
	ask("quarantine", "notes")
	for _, f := range canaryFeeds {
		ask("quarantine", "note", f.name)
		ask("sources", "preview", f.name)
		ask("sources", "schema", f.name)
		if f.file != "" {
			ask("sources", "new", "baru_"+f.dataset, "--from", filepath.Join(s.dir, "inbox", f.file), "--dataset", f.dataset, "--out", filepath.Join(s.root, "kata", f.dataset+".yaml"))
		}
	}
	ask("quarantine", "replay")
	ask("renormalise", "placements", "--from-landing")
	for _, args := range []string{"build", "diff r000001 current --output csv", "diff r000001 current --output json", "status", "status --output json", "doctor", "log", "log --output json", "runs list", "runs list --output json",
		"plan", "explain PLC-01/2024-02", "explain CMP-01/2024-02", "reconcile", "reconcile --output csv", "verify", "contract cases", "contract placements --lang en",
		"template cases --out formulir.xlsx", "docs --out dokumen", "releases", "sources list", "validate", "gc --dry-run", "report"} {
		ask(strings.Fields(args)...)
	}
	for _, sql := range []string{"from fct_placements", "from fct_cases", "from fct_returns", "from meta.rejects", "from meta.columns"} {
		ask("query", sql, "--output", "csv")
	}
	ask("query", "from fct_cases", "--output", "arrow")
	for _, sql := range []string{"select cast(placement_id as integer) from fct_placements", "select cast(lender as date) from fct_loans"} {
		s.lindung(now, []int{1, 2}, "query", sql)
	}
}

// passedOn has everything leave the project that leaves it.
func (s *canaryStory) passedOn() {
	s.lindung("2024-05-20", []int{0, 4}, "alerts", "send")
	s.lindung("2024-05-20", []int{0, 4}, "alerts", "list", "--all", "--output", "json")
	s.lindung("2024-05-20", []int{0, 4}, "alerts", "digest")
	s.lindung("2024-05-20", []int{0}, "publish")
	s.lindung("2024-05-20", []int{0}, "backup", filepath.Join(s.root, "cadangan"))
	s.served()
}

// served has the service tell how it is.
func (s *canaryStory) served() {
	log := &lockedBuffer{}
	c := exec.Command(program, "serve", "--dir", s.dir, "--log", "json", "--log-level", "debug")
	c.Env, c.Stderr = append(os.Environ(), s.env...), log
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = c.Process.Kill() }()
	address := regexp.MustCompile(`"address":"([^"]+)"`)
	var at []string
	for end := time.Now().Add(time.Minute); at == nil && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		at = address.FindStringSubmatch(log.String())
	}
	if at == nil {
		s.t.Fatalf("the service says no address:\n%s", log)
	}
	for _, path := range []string{"/metrics", "/healthz", "/readyz"} {
		answer, err := http.Get("http://" + at[1] + path)
		if err != nil {
			s.t.Fatal(err)
		}
		raw, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		s.keep("serve "+path, raw)
	}
	_ = c.Process.Signal(syscall.SIGTERM)
	_ = c.Wait()
	s.keep("serve", []byte(log.String()))
}

// noSecretIsSaid looks for every secret that the story used, in everything that it left behind but
// the keys themselves.
func (s *canaryStory) noSecretIsSaid() {
	secrets := s.secrets
	for _, name := range []string{"master.key", "tokens.key"} {
		raw, err := os.ReadFile(filepath.Join(s.dir, "keys", name))
		if err != nil {
			s.t.Fatal(err)
		}
		for line := range bytes.Lines(raw) {
			if line = bytes.TrimSpace(line); len(line) > 20 && line[0] != '#' {
				secrets["a key of "+name] = line[len(line)-20:]
			}
		}
	}
	noneOf(s.t, s.root, secrets, "proyek/keys")
}
