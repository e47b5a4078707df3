package connectors_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
)

// exporter prepares files: it counts jobs, and a job is ready after some questions.
type exporter struct {
	*api
	jobs, asked int
	ready       int    // how often to say "running" first
	state       string // at last
	answer      func(w http.ResponseWriter, r *http.Request) bool
}

func newExporter(t *testing.T) *exporter {
	e := &exporter{api: newAPI(t), ready: 2, state: "completed"}
	e.fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
		if e.answer != nil && e.answer(w, r) {
			return true
		}
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.URL.Path == "/v1/exports" && r.Method == http.MethodPost:
			e.jobs++
			w.Header().Set("Location", fmt.Sprintf("/v1/jobs/%d", e.jobs))
			w.WriteHeader(http.StatusAccepted)
			fmt.Fprintf(w, `{"job":{"id":"j/%d"}}`, e.jobs)
		case strings.HasPrefix(r.URL.Path, "/v1/jobs/") && strings.HasSuffix(r.URL.Path, "/file") && r.Method == http.MethodGet:
			w.Header().Set("Content-Type", "text/csv")
			fmt.Fprint(w, "id\n1\n2\n")
		case strings.HasPrefix(r.URL.Path, "/v1/jobs/") && r.Method == http.MethodGet:
			state := "running"
			if e.asked++; e.asked > e.ready {
				state, e.asked = e.state, 0
			}
			fmt.Fprintf(w, `{"state":"%s","file":"%s/file","error":{"message":"disk of 3201014101900000 full, asked with %s"}}`, state, r.URL.Path, r.Header.Get("Authorization"))
		default:
			return false
		}
		return true
	}
	return e
}

func (e *exporter) settings(change func(*connectors.REST)) *connectors.REST {
	return e.api.settings(func(s *connectors.REST) {
		whole(s)
		s.URL, s.Method = e.URL+"/v1/exports", "POST"
		s.Auth = connectors.RESTAuth{Kind: "bearer", Token: tokenSecret}
		s.Export = connectors.RESTExport{IDPath: "job.id", StatusURL: e.URL + "/v1/jobs/{id}", StatusPath: "state", Done: []string{"completed"}, Failed: []string{"failed"},
			ErrorPath: "error.message", DownloadURL: e.URL + "/v1/jobs/{id}/file", Every: 10 * time.Second, Deadline: time.Minute, Keep: 24 * time.Hour}
		if change != nil {
			change(s)
		}
	})
}

func TestRESTHasAFilePreparedAndFetchesIt(t *testing.T) {
	for name, change := range map[string]func(*connectors.REST){
		"addresses by id": nil,
		"addresses from the answers": func(s *connectors.REST) {
			s.Export.IDPath, s.Export.StatusURL, s.Export.DownloadURL, s.Export.DownloadPath = "", "", "", "file"
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := newExporter(t)
			out := pull(t, e.settings(change), connectors.Request{})
			if out.err != nil || len(out.bodies) != 1 || out.bodies[0] != "id\n1\n2\n" || out.objects[0].Name != "exports.csv" {
				t.Fatalf("got %q, %v", out.bodies, out.err)
			}
			if !slices.Equal(out.slept, []time.Duration{10 * time.Second, 10 * time.Second}) {
				t.Errorf("waited %v", out.slept)
			}
			if name == "addresses by id" && e.requests[1].URL.EscapedPath() != "/v1/jobs/j%2F1" {
				t.Errorf("asked at %s: the id of a job is a name, not a path", e.requests[1].URL.EscapedPath())
			}
		})
	}
}

// A pull that ended in the middle and left no note: the next one asks for the same file
// anew and gets the same object.
func TestRESTExportAfterACrashIsTheSameObject(t *testing.T) {
	e := newExporter(t)
	since := func(s *connectors.REST) { s.SinceParam = "since" }
	e.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/file") {
			return false
		}
		cut(w)
		return true
	}
	broken := pull(t, e.settings(since), connectors.Request{})
	if broken.err == nil {
		t.Fatal("a file cut short passes")
	}
	e.answer = nil
	first := pull(t, e.settings(since), connectors.Request{})
	second := pull(t, e.settings(since), connectors.Request{})
	if first.err != nil || second.err != nil || e.jobs != 3 || first.objects[0].Name != second.objects[0].Name || first.bodies[0] != second.bodies[0] || string(first.position) != string(second.position) {
		t.Errorf("%v and %v, %d jobs", first.err, second.err, e.jobs)
	}
	if string(first.position) != `{"since":"2026-01-15T03:00:00Z"}` {
		t.Errorf("position %s", first.position)
	}
	e.requests = nil
	if out := pull(t, e.settings(since), connectors.Request{Position: first.position}); out.err != nil || e.requests[0].Form.Get("since") != "2026-01-15T03:00:00Z" {
		t.Errorf("asked with %v, %v", e.requests[0].Form, out.err)
	}
}

// notebook is a note that lasts from pull to pull.
type notebook struct{ left json.RawMessage }

func (n *notebook) note() *connectors.Note {
	return &connectors.Note{Left: n.left, Leave: func(note json.RawMessage) error { n.left = bytes.Clone(note); return nil }}
}

// A job that a pull left behind is taken up by the next one, when it asks for the same.
func TestRESTTakesUpTheExportThatACrashLeft(t *testing.T) {
	since := func(s *connectors.REST) { s.SinceParam = "since" }
	later := func(d time.Duration) connectors.Request { return connectors.Request{Now: today.Add(d)} }
	position := func(text string) connectors.Request { return connectors.Request{Position: json.RawMessage(text)} }
	for _, c := range []struct {
		name   string
		change func(*connectors.REST)
		before func(*exporter) // what keeps the first pull from its end
		then   func(*exporter)
		next   connectors.Request
		jobs   int
		err    string
	}{
		{name: "a crash before the file is ready", next: later(2 * time.Hour), jobs: 1},
		{name: "a file that was cut short", before: func(e *exporter) { e.answer = onFile(func(w http.ResponseWriter) { cut(w) }) }, next: later(time.Hour), jobs: 1},
		{name: "patience that ended", before: func(e *exporter) { e.ready = 99 }, then: func(e *exporter) { e.ready = 0 }, next: later(time.Hour), jobs: 1},
		{name: "a source that is still away", then: func(e *exporter) { e.answer = onState(http.StatusServiceUnavailable) }, next: later(time.Hour), jobs: 1, err: "503"},
		{name: "a job that the source forgot", then: func(e *exporter) { e.answer = onState(http.StatusNotFound) }, next: later(time.Hour), jobs: 2},
		{name: "a job that failed meanwhile", then: func(e *exporter) { e.answer = onFirstJob(`{"state":"failed"}`) }, next: later(time.Hour), jobs: 2},
		{name: "a file that can be fetched once", then: func(e *exporter) {
			e.answer = func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path != "/gone" {
					return onFirstJob(`{"state":"completed","file":"/gone"}`)(w, r)
				}
				http.NotFound(w, r)
				return true
			}
		}, change: func(s *connectors.REST) {
			since(s)
			s.Export.DownloadURL, s.Export.DownloadPath = "", "file"
		}, next: later(time.Hour), jobs: 2},
		{name: "too old", next: later(25 * time.Hour), jobs: 2},
		{name: "not to be kept", change: func(s *connectors.REST) { since(s); s.Export.Keep = 0 }, next: later(time.Hour), jobs: 2},
		{name: "another position", next: position(`{"since":"2026-01-14T00:00:00Z"}`), jobs: 2},
		{name: "a backfill", next: connectors.Request{Window: connectors.Window{From: today.AddDate(0, -1, 0), To: today}}, jobs: 2},
		{name: "a clock that went back", next: later(-time.Hour), jobs: 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, book := newExporter(t), &notebook{}
			if c.change == nil {
				c.change = since
			}
			if c.before == nil {
				c.before = func(e *exporter) { e.answer = onState(http.StatusServiceUnavailable) }
			}
			c.before(e)
			if out := pull(t, e.settings(c.change), connectors.Request{Note: book.note()}); out.err == nil || e.jobs != 1 {
				t.Fatalf("the first pull came to its end: %v, %d jobs", out.err, e.jobs)
			}
			if strings.Contains(string(book.left), tokenSecret) {
				t.Error("a secret stands in the note")
			}
			e.answer, e.asked = nil, 0
			if c.then != nil {
				c.then(e)
			}
			c.next.Note = book.note()
			out := pull(t, e.settings(c.change), c.next)
			if e.jobs != c.jobs {
				t.Errorf("%d jobs, want %d", e.jobs, c.jobs)
			}
			if c.err != "" {
				if out.err == nil || !strings.Contains(out.err.Error(), c.err) {
					t.Errorf("got %v", out.err)
				}
				return
			}
			if out.err != nil || len(out.bodies) != 1 || out.bodies[0] != "id\n1\n2\n" {
				t.Fatalf("got %q, %v", out.bodies, out.err)
			}
			// What changed after the job began is not in its file, and must be asked for next time.
			from := today
			if c.jobs == 2 && !c.next.Now.IsZero() {
				from = c.next.Now
			}
			if want := fmt.Sprintf(`{"since":%q}`, from.UTC().Format(time.RFC3339)); c.next.Window.IsZero() && string(out.position) != want {
				t.Errorf("position %s, want %s", out.position, want)
			}
		})
	}
}

// Other settings ask for something else, and a host that is no longer allowed is not asked.
func TestRESTLeavesAnExportThatAnswersAnotherQuestion(t *testing.T) {
	for name, change := range map[string]func(*connectors.REST){
		"another parameter": func(s *connectors.REST) { s.Query = map[string]connectors.Secret{"unit": "jatim"} },
		"another header":    func(s *connectors.REST) { s.Headers = map[string]connectors.Secret{"X-Unit": "jatim"} },
		"another body":      func(s *connectors.REST) { s.Body = `{"unit": "jatim"}` },
		"another address":   func(s *connectors.REST) { s.URL += "?unit=jatim" },
	} {
		t.Run(name, func(t *testing.T) {
			e, book := newExporter(t), &notebook{}
			e.answer = onState(http.StatusServiceUnavailable)
			pull(t, e.settings(nil), connectors.Request{Note: book.note()})
			e.answer = nil
			if out := pull(t, e.settings(change), connectors.Request{Note: book.note()}); out.err != nil || e.jobs != 2 {
				t.Errorf("%v, %d jobs", out.err, e.jobs)
			}
		})
	}
	e := newExporter(t)
	for _, note := range []string{"", "{", "[1]", `{"asked":"x","at":"2026-01-15T03:00:00Z","status":"http://elsewhere.example/"}`} {
		e.jobs = 0
		if out := pull(t, e.settings(nil), connectors.Request{Note: (&notebook{json.RawMessage(note)}).note()}); out.err != nil || e.jobs != 1 {
			t.Errorf("note %q: %v, %d jobs", note, out.err, e.jobs)
		}
	}
}

// onState answers every question after a job's state with a status.
func onState(status int) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasPrefix(r.URL.Path, "/v1/jobs/j/1") && r.URL.Path != "/v1/jobs/1" {
			return false
		}
		w.WriteHeader(status)
		return true
	}
}

// onFirstJob tells the state of the first job.
func onFirstJob(state string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/v1/jobs/j/1" {
			return false
		}
		fmt.Fprint(w, state)
		return true
	}
}

func onFile(answer func(http.ResponseWriter)) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/file") {
			return false
		}
		answer(w)
		return true
	}
}

func TestRESTExportSaysWhatWentWrong(t *testing.T) {
	for _, c := range []struct {
		name, want string
		source     bool // it is the source that fails
		change     func(*connectors.REST)
		prepare    func(*exporter)
	}{
		{name: "a job that failed", source: true, want: `could not prepare the export ("failed"): it says: "disk of … full, asked with Bearer ***"`, prepare: func(e *exporter) { e.state = "failed" }},
		{name: "a job without end", source: true, want: `still not ready ("running") after export.deadline (1m0s)`, prepare: func(e *exporter) { e.ready = 99 }},
		{name: "no such state", want: "export.status_path", change: func(s *connectors.REST) { s.Export.StatusPath = "status" }},
		{name: "no such id", want: "export.id_path", change: func(s *connectors.REST) { s.Export.IDPath = "id" }},
		{name: "no such address", want: "export.download_path", change: func(s *connectors.REST) { s.Export.DownloadURL, s.Export.DownloadPath = "", "url" }},
		{name: "a file elsewhere", source: true, want: "allow_hosts", change: func(s *connectors.REST) { s.Export.DownloadURL, s.Export.DownloadPath = "", "file" }, prepare: func(e *exporter) {
			e.answer = func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method == http.MethodPost {
					return false
				}
				fmt.Fprint(w, `{"state":"completed","file":"https://elsewhere.example/file"}`)
				return true
			}
		}},
		{name: "a sign-in page", source: true, want: "web page", prepare: func(e *exporter) {
			e.answer = func(w http.ResponseWriter, r *http.Request) bool { fmt.Fprint(w, "<html>"); return true }
		}},
		{name: "no JSON", want: "not JSON", prepare: func(e *exporter) {
			e.answer = func(w http.ResponseWriter, r *http.Request) bool { fmt.Fprint(w, "ok"); return true }
		}},
		{name: "no Location", want: "Location", change: func(s *connectors.REST) {
			s.Export.IDPath, s.Export.StatusURL, s.Export.DownloadURL, s.Export.DownloadPath = "", "", "", "file"
		}, prepare: func(e *exporter) {
			e.answer = func(w http.ResponseWriter, r *http.Request) bool { fmt.Fprint(w, "{}"); return true }
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := newExporter(t)
			if c.prepare != nil {
				c.prepare(e)
			}
			out := pull(t, e.settings(c.change), connectors.Request{})
			if out.err == nil || !strings.Contains(out.err.Error(), c.want) || errors.Is(out.err, connectors.ErrUnavailable) != c.source || len(out.objects) > 0 {
				t.Errorf("got %v, want %q", out.err, c.want)
			}
			if out.err != nil && strings.Contains(out.err.Error(), "3201014101900000") {
				t.Error("the number of a person stands in the error")
			}
		})
	}
	// A source that says how long it takes is asked no sooner.
	e := newExporter(t)
	e.answer = func(w http.ResponseWriter, r *http.Request) bool { w.Header().Set("Retry-After", "20"); return false }
	if out := pull(t, e.settings(nil), connectors.Request{}); out.err != nil || !slices.Equal(out.slept, []time.Duration{20 * time.Second, 20 * time.Second}) {
		t.Errorf("waited %v, %v", out.slept, out.err)
	}
}

func TestRESTExportIsChecked(t *testing.T) {
	e := newExporter(t)
	for want, change := range map[string]func(*connectors.REST){
		"status_path and done": func(s *connectors.REST) { s.Export.Done = nil },
		"one of download_url":  func(s *connectors.REST) { s.Export.DownloadPath = "file" },
		"id_path does not":     func(s *connectors.REST) { s.Export.IDPath = "" },
		"export: status_url":   func(s *connectors.REST) { s.Export.StatusURL = "/jobs" },
		"both done and failed": func(s *connectors.REST) { s.Export.Failed = []string{"completed"} },
		"every must be":        func(s *connectors.REST) { s.Export.Every = 0 },
		"goes without paging":  func(s *connectors.REST) { s.SweepURL = s.URL },
		"empty part":           func(s *connectors.REST) { s.Export.StatusPath = "a..b" },
		"is missing":           func(s *connectors.REST) { s.Export = connectors.RESTExport{Done: []string{"x"}} },
	} {
		if _, err := e.settings(change).Connect(connectors.Env{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
