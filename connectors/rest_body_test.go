package connectors_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
)

// gzipWriter packs an answer.
type gzipWriter struct {
	http.ResponseWriter
	plain bytes.Buffer
}

func (g *gzipWriter) Write(p []byte) (int, error) { return g.plain.Write(p) }

func (g *gzipWriter) packed() []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(g.plain.Bytes())
	_ = w.Close()
	return out.Bytes()
}

// asked keeps the bodies of requests, and lets the table see their members as
// parameters.
func asked(a *api) *[]string {
	bodies := &[]string{}
	a.fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
		text, _ := io.ReadAll(r.Body)
		*bodies = append(*bodies, string(text))
		var members map[string]any
		_ = json.Unmarshal(text, &members)
		for name, value := range members {
			r.Form.Set(name, fmt.Sprint(value))
		}
		a.serveTable(w, r)
		return true
	}
	return bodies
}

func posted(body string) func(*connectors.REST) {
	return func(s *connectors.REST) { s.Method, s.Body = "POST", body }
}

func TestRESTPutsParametersIntoTheBody(t *testing.T) {
	a := newAPI(t)
	a.add(3)
	bodies := asked(a)
	out := pull(t, a.settings(func(s *connectors.REST) {
		posted(`{"page": {page}, "limit": {limit}, "filter": {"since": "{since}", "note": "from {from} to {to}", "all": [1, "{from}"]}, "exact": 12345678901234567890, "lit": "{\"x\": 1}"}`)(s)
		s.Paging.SizeParam, s.Paging.Size = "limit", 2
		s.SinceParam, s.Paging.UpdatedPath = "since", "updated_at"
		s.Window = connectors.RESTWindow{FromParam: "from", ToParam: "to"}
		s.Query = map[string]connectors.Secret{"tenant": "kp2mi"}
	}), connectors.Request{})
	wantIDs(t, out, 1, 2, 3)
	want := `{"exact":12345678901234567890,"filter":{"all":[1]},"limit":2,"lit":"{\"x\": 1}","page":1}`
	if (*bodies)[0] != want {
		t.Errorf("asked with %s, want %s", (*bodies)[0], want)
	}
	if r := a.requests[0]; r.URL.RawQuery != "tenant=kp2mi" || r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("asked at %s with %v", r.URL, r.Header)
	}
	if !strings.Contains((*bodies)[1], `"page":2`) {
		t.Errorf("the second page is asked for with %s", (*bodies)[1])
	}
	// The window of a backfill stands where its names do.
	*bodies = nil
	out = pull(t, a.settings(func(s *connectors.REST) {
		posted(`{"note": "from {from} to {to}", "page": {page}}`)(s)
		s.Window, s.TimeFormat = connectors.RESTWindow{FromParam: "from", ToParam: "to"}, "date"
	}), connectors.Request{Window: connectors.Window{From: time.Date(2023, 12, 31, 17, 0, 0, 0, time.UTC), To: time.Date(2024, 1, 31, 17, 0, 0, 0, time.UTC)}})
	if out.err != nil || (*bodies)[0] != `{"note":"from 2024-01-01 to 2024-02-01","page":1}` {
		t.Errorf("asked with %s, %v", (*bodies)[0], out.err)
	}
}

func TestRESTBodyPagesByKeyset(t *testing.T) {
	a := newAPI(t)
	a.add(5)
	bodies := asked(a)
	out := pull(t, a.settings(func(s *connectors.REST) {
		keyset(s)
		posted(`{"updated_since": "{updated_since}", "after_id": "{after_id}"}`)(s)
	}), connectors.Request{})
	wantIDs(t, out, 1, 2, 3, 4, 5)
	if (*bodies)[0] != "{}" || !strings.Contains((*bodies)[1], `"after_id":"2"`) {
		t.Errorf("asked with %q", *bodies)
	}
}

func TestRESTBodyIsChecked(t *testing.T) {
	a := newAPI(t)
	for _, c := range []struct{ body, want string }{
		{`{"page": {page}`, "one JSON document"},
		{`{"page": {page}} {}`, "one JSON document"},
		{`{"page": {pages}}`, "{pages} is no parameter of this feed (there are: page)"},
		{`{"page": "{pages}"}`, "{pages} is no parameter"},
	} {
		if _, err := a.settings(posted(c.body)).Connect(connectors.Env{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.body, err, c.want)
		}
	}
	if _, err := a.settings(func(s *connectors.REST) { s.Body = "{}" }).Connect(connectors.Env{}); err == nil || !strings.Contains(err.Error(), "method: POST") {
		t.Errorf("a GET with a body: %v", err)
	}
	out := pull(t, a.settings(func(s *connectors.REST) {
		posted(`{"tenant": {tenant}}`)(s)
		s.Query = map[string]connectors.Secret{"tenant": apiKey}
	}), connectors.Request{})
	if out.err == nil || !strings.Contains(out.err.Error(), "put it in quotes") {
		t.Errorf("a text outside quotes: %v", out.err)
	}
}

// What a POST asks with must not go where a redirect leads: most lose it, and it may
// hold credentials.
func TestRESTDoesNotFollowARedirectOfAPost(t *testing.T) {
	for _, status := range []int{http.StatusFound, http.StatusTemporaryRedirect} {
		a, other := newAPI(t), newAPI(t)
		a.fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, other.URL, status)
			return true
		}
		out := pull(t, a.settings(func(s *connectors.REST) {
			posted(`{}`)(s)
			s.AllowHosts = []string{strings.TrimPrefix(other.URL, "http://")}
		}), connectors.Request{})
		if out.err == nil || !strings.Contains(out.err.Error(), "answers a POST with a redirect") || other.count() > 0 {
			t.Errorf("%d: %v, %d requests at the other host", status, out.err, other.count())
		}
	}
}
