package connectors_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
)

// What goes wrong between a portal and us: what may pass is tried again, and what does not is one error
// that names the resource.
func TestCKANFaults(t *testing.T) {
	isAPI := func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }
	cut := func(w http.ResponseWriter) bool {
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, `{"success":`)
		return true
	}
	for _, c := range []struct {
		name        string
		change      func(*connectors.CKAN)
		tamper      func(n int, w http.ResponseWriter, r *http.Request) bool
		want        string // in the error; "" for none
		unavailable bool
	}{
		{name: "too many requests, once", tamper: func(n int, w http.ResponseWriter, _ *http.Request) bool {
			if n == 1 {
				w.Header().Set("Retry-After", "1")
				w.WriteHeader(http.StatusTooManyRequests)
			}
			return n == 1
		}},
		{name: "an answer of the API that breaks off, once", tamper: func(n int, w http.ResponseWriter, _ *http.Request) bool { return n == 1 && cut(w) }},
		{name: "answers that always break off", tamper: func(_ int, w http.ResponseWriter, _ *http.Request) bool { return cut(w) },
			want: "package data-pmi of 127.0.0.1", unavailable: true},
		{name: "a file that breaks off", tamper: func(_ int, w http.ResponseWriter, r *http.Request) bool { return !isAPI(r) && cut(w) },
			want: "/download/penempatan-1.csv", unavailable: true},
		{name: "a file that is gone", tamper: func(_ int, w http.ResponseWriter, r *http.Request) bool {
			if !isAPI(r) {
				http.NotFound(w, r)
			}
			return !isAPI(r)
		}, want: "404", unavailable: true},
		{name: "a file that redirects elsewhere", tamper: func(_ int, w http.ResponseWriter, r *http.Request) bool {
			if !isAPI(r) {
				http.Redirect(w, r, "https://elsewhere.example/x", http.StatusFound)
			}
			return !isAPI(r)
		}, want: "allow_hosts", unavailable: true},
		{name: "a file that is too large", change: func(k *connectors.CKAN) { k.MaxBytes = 20 },
			tamper: func(_ int, w http.ResponseWriter, r *http.Request) bool {
				if !isAPI(r) {
					fmt.Fprint(w, strings.Repeat("x", 30))
				}
				return !isAPI(r)
			}, want: "penempatan-1.csv: the answer has more than 20"},
		{name: "a page that is too large", change: func(k *connectors.CKAN) { k.MaxPageBytes = 64 }, want: "max_page_bytes (64)"},
		{name: "an address that is none", tamper: func(_ int, w http.ResponseWriter, r *http.Request) bool {
			grant(w, map[string]any{"name": "p", "resources": []any{map[string]any{"id": "1", "url": "https://u:p@portal.example/x"}}})
			return true
		}, want: "its url is no address"},
		{name: "a file that no HTTP server has", tamper: func(_ int, w http.ResponseWriter, r *http.Request) bool {
			grant(w, map[string]any{"name": "p", "resources": []any{map[string]any{"id": "1", "name": "Tabel", "url": "ftp://elsewhere.example/x"}}})
			return true
		}, want: "resource 1 (Tabel)", unavailable: true},
		{name: "a resource twice", tamper: func(_ int, w http.ResponseWriter, r *http.Request) bool {
			grant(w, map[string]any{"name": "p", "resources": []any{map[string]any{"id": "1"}, map[string]any{"id": "1"}}})
			return true
		}, want: "another one's"},
		{name: "a resource whose id leads elsewhere", tamper: func(_ int, w http.ResponseWriter, r *http.Request) bool {
			grant(w, map[string]any{"name": "p", "resources": []any{map[string]any{"id": "../1"}}})
			return true
		}, want: "no id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newPortal(t)
			s.add(1)
			requests := 0
			s.tamper = func(w http.ResponseWriter, r *http.Request) bool {
				requests++
				return c.tamper != nil && c.tamper(requests, w, r)
			}
			names, _, _, err := pullCKAN(t, s.settings(func(k *connectors.CKAN) {
				k.Retry.Attempts = 2
				if c.change != nil {
					c.change(k)
				}
			}), "")
			if c.want == "" {
				if err != nil || len(names) != 1 {
					t.Errorf("%v %v", names, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || errors.Is(err, connectors.ErrUnavailable) != c.unavailable {
				t.Errorf("%v, want %q in it, unavailable %v", err, c.want, c.unavailable)
			}
		})
	}
}

// However many resources there are, the portal is asked no faster than the feed says.
func TestCKANKeepsItsPaceOverAllResources(t *testing.T) {
	s := newPortal(t)
	s.add(3)
	var waited []time.Duration
	connector, err := s.settings(func(k *connectors.CKAN) { k.Rate.PerSecond = 1.0 / 3600 }).Connect(connectors.Env{
		Sleep: func(ctx context.Context, d time.Duration) error { waited = append(waited, d); return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	for o, err := range connector.Pull(t.Context(), connectors.Request{Now: today}) {
		if err != nil {
			t.Fatal(err)
		}
		_ = o.Body.Close()
	}
	// The waits add up, because the test does not really wait: one hour, two, three.
	if len(s.asked) != 4 || len(waited) != 3 || waited[2] < 2*time.Hour {
		t.Errorf("asked %d times, waited %v", len(s.asked), waited)
	}
}
