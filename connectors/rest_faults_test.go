package connectors_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
)

// failFirst answers the first n requests with a status and headers.
func failFirst(n, status int, headers ...string) func(int, http.ResponseWriter, *http.Request) bool {
	return func(number int, w http.ResponseWriter, r *http.Request) bool {
		if number > n {
			return false
		}
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		return true
	}
}

func TestRESTWaitsAsToldAndTriesAgain(t *testing.T) {
	const s = time.Second
	for _, c := range []struct {
		name   string
		fault  func(int, http.ResponseWriter, *http.Request) bool
		change func(*connectors.REST)
		slept  []time.Duration
	}{
		{name: "429 with seconds", fault: failFirst(1, 429, "Retry-After", "7"), slept: []time.Duration{7 * s}},
		{name: "429 with a date, by the source's own clock", slept: []time.Duration{90 * s},
			fault: failFirst(1, 429, "Date", "Thu, 01 Jan 2026 10:00:00 GMT", "Retry-After", "Thu, 01 Jan 2026 10:01:30 GMT")},
		{name: "a date in the past is the shortest wait", slept: []time.Duration{s},
			fault: failFirst(1, 503, "Date", "Thu, 01 Jan 2026 10:00:00 GMT", "Retry-After", "Wed, 31 Dec 2025 10:00:00 GMT")},
		{name: "503 without a word, twice", fault: failFirst(2, 503), slept: []time.Duration{s, 2 * s}},
		{name: "502", fault: failFirst(1, 502), slept: []time.Duration{s}},
		{name: "408", fault: failFirst(1, 408), slept: []time.Duration{s}},
		{name: "a wait beyond max_wait is cut to it", fault: failFirst(1, 429, "Retry-After", "86400"), slept: []time.Duration{2 * time.Minute}},
		{name: "a header that is neither", fault: failFirst(1, 429, "Retry-After", "soon"), slept: []time.Duration{s}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAPI(t)
			a.add(1)
			a.fault = c.fault
			out := pull(t, a.settings(c.change), connectors.Request{})
			wantIDs(t, out, 1)
			if !slices.Equal(out.slept, c.slept) {
				t.Errorf("waited %v, want %v", out.slept, c.slept)
			}
			if out.retried != len(c.slept) {
				t.Errorf("%d attempts are counted, want %d", out.retried, len(c.slept))
			}
			if !strings.Contains(out.log.String(), "trying again") {
				t.Error("the log does not tell")
			}
		})
	}
}

func TestRESTGivesUp(t *testing.T) {
	for _, c := range []struct {
		name     string
		fault    func(int, http.ResponseWriter, *http.Request) bool
		change   func(*connectors.REST)
		want     string
		requests int
	}{
		{name: "500 for ever", fault: failFirst(99, 500), want: "500 Internal Server Error (5 attempts)", requests: 5},
		{name: "403 at once", fault: failFirst(99, 403), want: "403", requests: 1},
		{name: "404 at once", fault: failFirst(99, 404), want: "check url", requests: 1},
		{name: "a web page instead of data", want: "web page", requests: 1, fault: func(_ int, w http.ResponseWriter, r *http.Request) bool {
			fmt.Fprint(w, "\n<!DOCTYPE HTML><title>Login</title>")
			return true
		}},
		{name: "a web page by its label", want: "web page", requests: 1, fault: func(_ int, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, "[]")
			return true
		}},
		{name: "a redirect to another host", want: "allow_hosts", requests: 1, fault: func(_ int, w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, "http://elsewhere.example/?token="+tokenSecret, http.StatusFound)
			return true
		}},
		{name: "redirects in circles", want: "circles", requests: 6, fault: func(_ int, w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, r.URL.String(), http.StatusFound)
			return true
		}},
		{name: "a link to another host", want: "allow_hosts", requests: 1, change: func(s *connectors.REST) { s.Paging.Kind = "link" },
			fault: func(_ int, w http.ResponseWriter, r *http.Request) bool {
				w.Header().Set("Link", "<http://elsewhere.example/2>; rel=next")
				fmt.Fprint(w, `{"data":[{}]}`)
				return true
			}},
		{name: "POST is not repeated over a broken connection", want: "connection failed", requests: 1, change: func(s *connectors.REST) { s.Method = "POST" },
			fault: func(_ int, w http.ResponseWriter, r *http.Request) bool { panic(http.ErrAbortHandler) }},
		{name: "a connection that breaks before the answer", want: "connection failed", requests: 5,
			fault: func(_ int, w http.ResponseWriter, r *http.Request) bool { panic(http.ErrAbortHandler) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAPI(t)
			a.add(3)
			a.fault = c.fault
			out := pull(t, a.settings(func(s *connectors.REST) {
				s.Auth = connectors.RESTAuth{Kind: "api_key", In: "query", Name: "k", Key: apiKey}
				if c.change != nil {
					c.change(s)
				}
			}), connectors.Request{})
			if !errors.Is(out.err, connectors.ErrUnavailable) || !strings.Contains(out.err.Error(), c.want) || len(out.objects) > 0 {
				t.Errorf("got %v with %d objects, want one that wraps ErrUnavailable and says %q", out.err, len(out.objects), c.want)
			}
			if a.count() != c.requests {
				t.Errorf("%d requests, want %d", a.count(), c.requests)
			}
		})
	}
}

// These answers came whole; the source is there, and what it says is wrong.
func TestRESTRefusesAnswersThatCannotBeRight(t *testing.T) {
	answer := func(texts ...string) func(int, http.ResponseWriter, *http.Request) bool {
		return func(n int, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, strings.ReplaceAll(texts[min(n, len(texts))-1], "#", fmt.Sprint(n)))
			return true
		}
	}
	for _, c := range []struct {
		name, want string
		fault      func(int, http.ResponseWriter, *http.Request) bool
		change     func(*connectors.REST)
	}{
		{name: "a page that repeats", want: "page 2", fault: answer(`{"data":[{"id":1}],"request_id":#}`)},
		{name: "a cursor that repeats", want: "repeats", fault: answer(`{"data":[{"id":#}],"next":"same"}`),
			change: func(s *connectors.REST) { s.Paging.Kind, s.Paging.CursorPath = "cursor", "next" }},
		{name: "a keyset page that repeats", want: "repeats", change: keyset,
			fault: answer(`{"data":[{"id":1,"updated_at":"2026-01-01T00:00:00Z"}],"request_id":#}`)},
		{name: "keyset rows out of order", want: "item 2", change: keyset,
			fault: answer(`{"data":[{"id":1,"updated_at":"2026-01-02T00:00:00Z"},{"id":2,"updated_at":"2026-01-01T00:00:00Z"}]}`)},
		{name: "keyset pages out of order", want: "page 2", change: keyset,
			fault: answer(`{"data":[{"id":1,"updated_at":"2026-01-02T00:00:00Z"}]}`, `{"data":[{"id":2,"updated_at":"2026-01-01T00:00:00Z"}]}`)},
		{name: "a row without its instant", want: "updated_at", change: keyset, fault: answer(`{"data":[{"id":1}]}`)},
		{name: "a row without its key", want: `"id"`, change: keyset, fault: answer(`{"data":[{"id":null,"updated_at":"2026-01-01"}]}`)},
		{name: "an instant that is none", want: "no known form", change: keyset, fault: answer(`{"data":[{"id":1,"updated_at":"kemarin"}]}`)},
		{name: "not JSON", want: "byte 9", fault: answer(`{"data":[}`)},
		{name: "no items", want: "items_path", fault: answer(`{"rows":[]}`)},
		{name: "items that are no list", want: "not a list", fault: answer(`{"data":{}}`)},
		{name: "fewer items than promised", want: "10 items", fault: answer(`{"data":[{}],"total":10}`, `{"data":[],"total":10}`),
			change: func(s *connectors.REST) { s.Paging.TotalPath = "total" }},
		{name: "pages without end", want: "max_pages", fault: answer(`{"data":[{"id":#}]}`), change: func(s *connectors.REST) { s.Paging.MaxPages = 3 }},
		{name: "a page over its limit", want: "max_page_bytes", fault: answer(`{"data":[` + strings.Repeat(" ", 2000) + `]}`), change: func(s *connectors.REST) { s.MaxPageBytes = 1000 }},
		{name: "an answer over its limit", want: "more than 1000", fault: answer(strings.Repeat("x,y\n", 1000)),
			change: func(s *connectors.REST) { s.Paging.Kind, s.MaxBytes = "none", 1000 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAPI(t)
			a.fault = c.fault
			out := pull(t, a.settings(c.change), connectors.Request{})
			if out.err == nil || errors.Is(out.err, connectors.ErrUnavailable) || !strings.Contains(out.err.Error(), c.want) || !strings.Contains(out.err.Error(), "/v1/placements") {
				t.Errorf("got %v, want one that names the address and says %q", out.err, c.want)
			}
			if len(out.slept) > 0 {
				t.Error("asking again cannot help")
			}
		})
	}
}

// cut sends half an answer with a whole answer's length.
func cut(w http.ResponseWriter) {
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"data":[{"id":1},`+strings.Repeat(" ", 600))
}

func TestRESTNoticesABodyCutShort(t *testing.T) {
	onPage2 := func(times int) func(int, http.ResponseWriter, *http.Request) bool {
		return func(_ int, w http.ResponseWriter, r *http.Request) bool {
			if r.Form.Get("page") != "2" || times == 0 {
				return false
			}
			times--
			cut(w)
			return true
		}
	}
	a := newAPI(t)
	a.add(3)
	a.fault = onPage2(-1)
	out := pull(t, a.settings(nil), connectors.Request{})
	if !errors.Is(out.err, io.ErrUnexpectedEOF) || !errors.Is(out.err, connectors.ErrUnavailable) || !strings.Contains(out.err.Error(), "page 2") {
		t.Errorf("for ever: %v", out.err)
	}
	a.fault = onPage2(1)
	wantIDs(t, pull(t, a.settings(nil), connectors.Request{}), 1, 2, 3)

	a.fault = func(_ int, w http.ResponseWriter, r *http.Request) bool { cut(w); return true }
	out = pull(t, a.settings(func(s *connectors.REST) { s.Paging.Kind = "none" }), connectors.Request{})
	if !errors.Is(out.err, io.ErrUnexpectedEOF) || !errors.Is(out.err, connectors.ErrUnavailable) || !strings.Contains(out.err.Error(), "/v1/placements") {
		t.Errorf("while streaming: %v", out.err)
	}
}

func TestRESTGivesUpASourceThatStalls(t *testing.T) {
	for name, begin := range map[string]string{"before the answer": "", "within the answer": `{"data":[`} {
		t.Run(name, func(t *testing.T) {
			done := make(chan struct{})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if begin != "" {
					_, _ = io.WriteString(w, begin)
					w.(http.Flusher).Flush()
				}
				<-done
			}))
			defer server.Close()
			defer close(done)
			a := &api{Server: server}
			began := time.Now()
			out := pull(t, a.settings(func(s *connectors.REST) { s.IdleTimeout, s.Retry.Attempts = 50*time.Millisecond, 2 }), connectors.Request{})
			if !errors.Is(out.err, connectors.ErrUnavailable) || !strings.Contains(out.err.Error(), "idle_timeout") {
				t.Errorf("got %v", out.err)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// A slow source is not a stalled one, and a slow reader is not a stalled source.
func TestRESTIsPatientWithSlowSourcesUpToTotalTimeout(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for range 10 {
			_, _ = io.WriteString(w, "x,y\n")
			w.(http.Flusher).Flush()
			time.Sleep(30 * time.Millisecond)
		}
	}))
	defer server.Close()
	a := &api{Server: server}
	slow := func(s *connectors.REST) { s.Paging.Kind, s.IdleTimeout = "none", 200*time.Millisecond }
	if out := pull(t, a.settings(slow), connectors.Request{}); out.err != nil || len(out.bodies[0]) != 40 {
		t.Errorf("got %v", out.err)
	}
	out := pull(t, a.settings(func(s *connectors.REST) { slow(s); s.TotalTimeout = 100 * time.Millisecond }), connectors.Request{})
	if !errors.Is(out.err, connectors.ErrUnavailable) || !strings.Contains(out.err.Error(), "total_timeout") {
		t.Errorf("got %v", out.err)
	}
}

func TestRESTEndsPromptlyWhenCancelled(t *testing.T) {
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-done:
		case <-r.Context().Done():
		}
	}))
	defer server.Close()
	defer close(done)
	a := &api{Server: server}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	out := pullContext(ctx, t, a.settings(nil), connectors.Request{})
	if !errors.Is(out.err, context.DeadlineExceeded) || errors.Is(out.err, connectors.ErrUnavailable) || time.Since(began) > 2*time.Second {
		t.Errorf("got %v after %v", out.err, time.Since(began))
	}
}

func TestRESTKeepsCredentialsToItsOwnHost(t *testing.T) {
	var seen []http.Header
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header.Clone())
		fmt.Fprint(w, `{"data":[{"id":2}]}`)
	}))
	defer other.Close()
	for _, kind := range []string{"redirect", "link"} {
		a := newAPI(t)
		a.fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
			if kind == "redirect" {
				http.Redirect(w, r, other.URL+"/data", http.StatusFound)
			} else {
				w.Header().Set("Link", `<`+other.URL+`/data>; rel="next"`)
				fmt.Fprint(w, `{"data":[{"id":1}]}`)
			}
			return true
		}
		out := pull(t, a.settings(func(s *connectors.REST) {
			s.Paging.Kind = "link"
			s.AllowHosts = []string{strings.TrimPrefix(other.URL, "http://")}
			s.Auth = connectors.RESTAuth{Kind: "api_key", In: "header", Name: "X-Key", Key: apiKey}
			s.Headers = map[string]connectors.Secret{"X-Extra": tokenSecret}
		}), connectors.Request{})
		if out.err != nil || len(seen) == 0 {
			t.Fatalf("%s: %v, %d requests at the other host", kind, out.err, len(seen))
		}
		for _, h := range seen {
			if text := fmt.Sprint(h); strings.Contains(text, apiKey) || strings.Contains(text, tokenSecret) {
				t.Errorf("%s: the other host was sent credentials", kind)
			}
		}
		seen = nil
	}
}

func TestRESTHoldsToItsRate(t *testing.T) {
	a := newAPI(t)
	a.add(6)
	out := pull(t, a.settings(func(s *connectors.REST) { s.Rate.PerSecond = 2 }), connectors.Request{})
	wantIDs(t, out, 1, 2, 3, 4, 5, 6)
	if len(out.slept) != 3 || out.slept[0] < 300*time.Millisecond || out.slept[2] < time.Second {
		t.Errorf("waited %v for 4 requests at 2 a second", out.slept)
	}
}

// What changes from answer to answer, and is no item, does not hide that a page
// repeats, nor does it make two different pages one.
func TestRESTLooksAtItemsAlone(t *testing.T) {
	a := newAPI(t)
	a.requestIDs = true
	a.add(5)
	wantIDs(t, pull(t, a.settings(nil), connectors.Request{}), 1, 2, 3, 4, 5)
}
