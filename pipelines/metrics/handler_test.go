package metrics

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
)

func well(context.Context) error { return nil }

// serving starts the real server, limits included.
func serving(t *testing.T, alive, ready []Check) string {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.Config = Server("", Handler(collector(sampleLedger(t)), alive, ready), slog.New(slog.DiscardHandler))
	s.Start()
	t.Cleanup(s.Close)
	return s.URL
}

func ask(t *testing.T, method, address string, header ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	check(t, err)
	if len(header) == 2 {
		r.Header.Set(header[0], header[1])
	}
	answer, err := http.DefaultClient.Do(r)
	check(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	check(t, err)
	return answer.StatusCode, string(text)
}

func TestWhatIsAnswered(t *testing.T) {
	at := serving(t, []Check{{"scheduler", well}}, []Check{
		{"configuration", func(context.Context) error {
			return errors.New("lindung.yaml:3:1: \"kyes\" is not known\nsources/a.yaml:1:1: it is empty\n")
		}},
		{"ledger", well},
	})
	for _, c := range []struct {
		method, path string
		status       int
		says         string
	}{
		{"GET", "/healthz", 200, "scheduler: ok\n"},
		{"GET", "/readyz", 503, "configuration: lindung.yaml:3:1: \"kyes\" is not known\n  sources/a.yaml:1:1: it is empty\nledger: ok\n"},
		{"HEAD", "/healthz", 200, ""},
		{"HEAD", "/readyz", 503, ""},
		{"POST", "/healthz", 405, "Method Not Allowed\n"},
		{"DELETE", "/metrics", 405, "Method Not Allowed\n"},
		{"GET", "/", 404, "404 page not found\n"},
		{"GET", "/debug/pprof/", 404, "404 page not found\n"},
	} {
		if status, text := ask(t, c.method, at+c.path); status != c.status || text != c.says {
			t.Errorf("%s %s: %d %q, want %d %q", c.method, c.path, status, text, c.status, c.says)
		}
	}
	if status, _ := ask(t, "GET", at+"/healthz", "X-Long", strings.Repeat("x", 64<<10)); status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a header of 64 KiB: %d", status)
	}
}

// What is scraped holds the product's metrics beside those of Go and of the process, and
// promtool, where it is installed, finds nothing to say about the product's.
func TestAScrape(t *testing.T) {
	status, text := ask(t, "GET", serving(t, nil, nil)+"/metrics")
	if status != 200 {
		t.Fatalf("%d: %s", status, text)
	}
	for _, want := range []string{"lindung_info{", "go_goroutines ", "process_resident_memory_bytes "} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("there is no %s", want)
		}
	}
	tool := exec.Command(promtool(t), "check", "metrics")
	tool.Stdin = strings.NewReader(text)
	said, err := tool.CombinedOutput()
	if err != nil {
		t.Errorf("promtool check metrics: %v\n%s", err, said)
	}
}
