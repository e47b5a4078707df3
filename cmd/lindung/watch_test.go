package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

const watchedProject = `project: {name: Pantau}
serve:
  listen: 127.0.0.1:0
  build: {cron: "0 0 1 1 *"}
`

const watchedSource = `source: office
title: {id: Kantor, en: Office}
origin: sample
producer: Unit
contact: data@example.org
feeds:
  office_cases:
    dataset: cases
    role: authoritative
    connector: {kind: files, path: inbox}
    formats: [{kind: csv}]
    key: [case_id]
    delivery: changes
    deletes: none
    fields: {case_id: id, received_at: at, category: kind, status: state}
    schedule: {cron: "0 5 1 1 *"}
`

// A service is `lindung serve` as operators run it, with its log as a program reads it.
type service struct {
	cmd   *exec.Cmd
	lines chan logged
	at    string
}

type logged struct {
	Time    time.Time `json:"time"`
	Level   string    `json:"level"`
	Msg     string    `json:"msg"`
	Run     string    `json:"run_id"`
	Step    string    `json:"step"`
	Feed    string    `json:"feed"`
	Address string    `json:"address"`
	Problem string    `json:"error"`
}

func startService(t *testing.T, dir string) *service {
	t.Helper()
	s := &service{cmd: exec.Command(program, "serve", "--dir", dir, "--log", "json"), lines: make(chan logged, 1000)}
	stderr, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	go func() {
		defer close(s.lines)
		for text := bufio.NewScanner(stderr); text.Scan(); {
			var l logged
			if err := json.Unmarshal(text.Bytes(), &l); err != nil || l.Time.IsZero() || l.Level == "" || l.Msg == "" {
				t.Errorf("no line of a log: %s", text.Text())
			}
			s.lines <- l
		}
	}()
	s.at = "http://" + s.await(t, "metrics and health are answered").Address
	return s
}

// await gives the next line with these words.
func (s *service) await(t *testing.T, msg string) logged {
	t.Helper()
	late := time.After(2 * time.Minute)
	for {
		select {
		case l, ok := <-s.lines:
			if !ok {
				t.Fatalf("it ended without saying %q", msg)
			}
			if l.Msg == msg {
				return l
			}
		case <-late:
			t.Fatalf("it never said %q", msg)
		}
	}
}

// asks gives the answer to a request.
func (s *service) asks(t *testing.T, path string) (int, string) {
	t.Helper()
	answer, err := http.Get(s.at + path)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// eventually waits until an answer has a status and holds a text: metrics are held for seconds.
func (s *service) eventually(t *testing.T, path string, status int, want string) {
	t.Helper()
	var got int
	var text string
	for began := time.Now(); time.Since(began) < 30*time.Second; time.Sleep(500 * time.Millisecond) {
		if got, text = s.asks(t, path); got == status && strings.Contains(text, want) {
			return
		}
	}
	t.Errorf("%s never answered %d with %q, but %d: %.2000s", path, status, want, got, text[max(0, strings.Index(text, "lindung_")):])
}

// The service tells how it is while it works: alive, ready, what ran, and each run's own log.
func TestAServiceIsWatched(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "p")
	files := map[string][]byte{"lindung.yaml": []byte(watchedProject), "sources/office.yaml": []byte(watchedSource),
		"inbox/a.csv": []byte("id,at,kind,state\na1,2024-02-01,K01,DITERIMA\na2,2024-02-02,K07,DITERIMA\n")}
	if err := writeProject(dir, files, false); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-time.Hour) // a file that is written still is left for later
	if err := os.Chtimes(filepath.Join(dir, "inbox", "a.csv"), old, old); err != nil {
		t.Fatal(err)
	}
	s := startService(t, dir)
	s.eventually(t, "/healthz", 200, "scheduler: ok")
	s.eventually(t, "/readyz", 200, "lease: ok")
	s.eventually(t, "/metrics", 200, `lindung_feed_runs_total{feed="office_cases",outcome="committed"} 0`)

	if said, err := exec.Command(program, "schedule", "run-now", "office_cases", "--dir", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	run := s.await(t, "feed finished")
	if run.Run == "" || run.Feed != "office_cases" || run.Step != "commit" || run.Level != "INFO" {
		t.Errorf("%+v", run)
	}
	s.await(t, "job ended")
	s.eventually(t, "/metrics", 200, `lindung_feed_runs_total{feed="office_cases",outcome="committed"} 1`)
	s.eventually(t, "/metrics", 200, `lindung_lease_held{lease="serve"} 1`)

	kept, err := exec.Command(program, "runs", "logs", run.Run, "--dir", dir).Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(kept)) {
		var l logged
		if err := json.Unmarshal([]byte(line), &l); err != nil || l.Run != run.Run || l.Step == "" {
			t.Errorf("in the log of the run: %s", line)
		}
	}
	for _, want := range []string{`"msg":"run begins"`, `"msg":"feed finished"`, `"msg":"run ended"`} {
		if !strings.Contains(string(kept), want) {
			t.Errorf("the log of the run has no %s: %s", want, kept)
		}
	}

	if err := os.WriteFile(filepath.Join(dir, "sources", "office.yaml"), []byte(strings.Replace(watchedSource, "role:", "rolle:", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	s.eventually(t, "/readyz", 503, `sources/office.yaml:9:5: unknown key "rolle"`)
	if status, _ := s.asks(t, "/healthz"); status != 200 {
		t.Errorf("a mistake in a file ends the process: %d", status)
	}

	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.await(t, "scheduler stopped")
	for range s.lines { // to the end
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	if _, err := http.Get(s.at + "/healthz"); err == nil {
		t.Error("it still answers")
	}
	var exit *exec.ExitError
	taken := exec.Command(program, "serve", "--dir", dir)
	if said, err := taken.CombinedOutput(); !errors.As(err, &exit) || exit.ExitCode() != 2 {
		t.Errorf("a project with a mistake was served: %v: %s", err, said)
	}
}

// What an alert tells people to type can be typed.
func TestAlertsNameCommandsThatExist(t *testing.T) {
	text, err := os.ReadFile("../../deploy/prometheus/lindung.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Rules []struct {
				Alert       string
				Annotations map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			words := strings.Fields(strings.NewReplacer("{{ $labels.feed }}", "x", "{{ $labels.target }}", "x").Replace(r.Annotations["command"]))
			if len(words) == 0 || words[0] != "lindung" {
				continue
			}
			seen++
			c, rest, err := new(app).root().Find(words[1:])
			if err == nil && c.Runnable() {
				if err = c.ParseFlags(rest); err == nil && c.Args != nil {
					err = c.Args(c, c.Flags().Args())
				}
			}
			if err != nil || !c.Runnable() {
				t.Errorf("%s says %q, which is no command: %v", r.Alert, strings.Join(words, " "), err)
			}
		}
	}
	if seen < 10 {
		t.Errorf("%d commands", seen)
	}
}
