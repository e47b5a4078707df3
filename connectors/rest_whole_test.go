package connectors_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
)

// validated serves a text with validators, and says when it was not modified.
func validated(text, etag *string) func(int, http.ResponseWriter, *http.Request) bool {
	return func(_ int, w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("ETag", *etag)
		w.Header().Set("Last-Modified", "Mon, 12 Jan 2026 08:00:00 GMT")
		w.Header().Set("Content-Type", "text/csv")
		if r.Header.Get("If-None-Match") == *etag {
			w.WriteHeader(http.StatusNotModified)
			return true
		}
		fmt.Fprint(w, *text)
		return true
	}
}

func whole(s *connectors.REST) { s.Paging = connectors.RESTPaging{Kind: "none", MaxPages: 1} }

func TestRESTAsksForAWholeResourceOnlyWhenItChanged(t *testing.T) {
	text, etag := "a\n1\n", `W/"1"`
	a := newAPI(t)
	a.fault = validated(&text, &etag)
	first := pull(t, a.settings(whole), connectors.Request{})
	if first.err != nil || len(first.bodies) != 1 || first.position == nil {
		t.Fatalf("got %v, %s, %v", first.bodies, first.position, first.err)
	}
	if again := pull(t, a.settings(whole), connectors.Request{Position: first.position}); again.err != nil || len(again.objects) > 0 {
		t.Errorf("what was not modified comes again: %v, %v", again.bodies, again.err)
	}
	last := a.requests[len(a.requests)-1]
	if last.Header.Get("If-None-Match") != etag || last.Header.Get("If-Modified-Since") != "Mon, 12 Jan 2026 08:00:00 GMT" {
		t.Errorf("asked with %v", last.Header)
	}
	// What asks for everything has no validators.
	for name, out := range map[string]*run{
		"a backfill":                   pull(t, a.settings(whole), connectors.Request{Position: first.position, Window: connectors.Window{To: today}}),
		"a source that is not trusted": pull(t, a.settings(func(s *connectors.REST) { whole(s); s.Conditional = false }), connectors.Request{Position: first.position}),
		"another resource":             pull(t, a.settings(func(s *connectors.REST) { whole(s); s.URL += "2" }), connectors.Request{Position: first.position}),
		"a new question":               pull(t, a.settings(func(s *connectors.REST) { whole(s); s.SinceParam = "since" }), connectors.Request{Position: first.position}),
	} {
		if out.err != nil || len(out.bodies) != 1 {
			t.Errorf("%s: got %v, %v", name, out.bodies, out.err)
		}
	}
	text, etag = "a\n2\n", `W/"2"`
	if next := pull(t, a.settings(whole), connectors.Request{Position: first.position}); next.err != nil || len(next.bodies) != 1 || string(next.position) == string(first.position) {
		t.Errorf("what changed does not come: %v, %v", next.bodies, next.err)
	}
	// The list of what exists is needed whole, whatever changed.
	swept := pull(t, a.settings(func(s *connectors.REST) { whole(s); s.SweepURL = a.URL + "/keys" }), connectors.Request{Position: []byte(`{"etag":"W/\"2\"","resource":"x"}`), Sweep: true})
	if swept.err != nil || len(swept.objects) != 2 || a.requests[len(a.requests)-1].Header.Get("If-None-Match") != "" {
		t.Errorf("got %d objects, %v", len(swept.objects), swept.err)
	}
}

// A source that says "not modified" to a question without validators is wrong.
func TestRESTRefuses304WithoutValidators(t *testing.T) {
	a := newAPI(t)
	a.fault = failFirst(99, http.StatusNotModified)
	if out := pull(t, a.settings(whole), connectors.Request{}); out.err == nil {
		t.Error("no error")
	}
}

func TestRESTUndoesGzipThatItDidNotAskFor(t *testing.T) {
	a := newAPI(t)
	a.add(3)
	a.fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Accept-Encoding") != "identity" {
			t.Errorf("asked for %q", r.Header.Get("Accept-Encoding"))
		}
		packed := gzipWriter{ResponseWriter: w}
		packed.Header().Set("Content-Encoding", "gzip")
		a.serveTable(&packed, r)
		_, _ = w.Write(packed.packed())
		return true
	}
	wantIDs(t, pull(t, a.settings(nil), connectors.Request{}), 1, 2, 3)
	// A file that is called .gz is one, whatever the server says.
	a.fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Content-Encoding", "x-gzip")
		fmt.Fprint(w, "\x1f\x8b as it came")
		return true
	}
	out := pull(t, a.settings(func(s *connectors.REST) { whole(s); s.URL = a.URL + "/data.csv.gz" }), connectors.Request{})
	if out.err != nil || len(out.bodies) != 1 || out.bodies[0] != "\x1f\x8b as it came" || out.objects[0].Name != "data.csv.gz" {
		t.Errorf("got %q, %v", out.bodies, out.err)
	}
}

func TestRESTTotalThatShrinksIsAnError(t *testing.T) {
	a := newAPI(t)
	a.add(6)
	a.fault = func(n int, _ http.ResponseWriter, r *http.Request) bool {
		if n == 2 {
			a.rows = a.rows[1:] // the page that was read loses a row; what comes moves up
		}
		return false
	}
	total := func(s *connectors.REST) { s.Paging.TotalPath = "total" }
	if out := pull(t, a.settings(total), connectors.Request{}); out.err == nil || out.position != nil {
		t.Errorf("rows %v, %v", out.ids, out.err)
	}
	// What is added meanwhile comes on a later page.
	a = newAPI(t)
	a.add(4)
	a.fault = func(n int, _ http.ResponseWriter, r *http.Request) bool {
		if n == 2 {
			a.rows = append(a.rows, row{ID: 99, Updated: today.Format(time.RFC3339)})
		}
		return false
	}
	wantIDs(t, pull(t, a.settings(total), connectors.Request{}), 1, 2, 3, 4, 99)
}
