package connectors_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

func TestRESTConforms(t *testing.T) {
	for name, c := range map[string]struct {
		change   func(*connectors.REST)
		overlaps bool
	}{
		"keyset": {change: keyset},
		"pages since an instant": {overlaps: true, change: func(s *connectors.REST) {
			s.SinceParam, s.Paging.UpdatedPath = "updated_since", "updated_at"
		}},
	} {
		t.Run(name, func(t *testing.T) {
			connectortest.Run(t, connectortest.Harness{
				Kind:    "rest",
				Secrets: []string{clientSecret, tokenSecret},
				Start: func(t *testing.T) *connectortest.Source {
					a := newAPI(t)
					a.pageSize = 1
					return &connectortest.Source{
						Overlaps: c.overlaps,
						Settings: a.settings(func(s *connectors.REST) {
							c.change(s)
							s.Auth = connectors.RESTAuth{Kind: "oauth2_client_credentials", TokenURL: a.URL + "/token", ClientID: "lindung", ClientSecret: clientSecret}
							s.Retry.MaxWait = time.Millisecond
						}),
						Add: a.add,
						Break: func() {
							a.mu.Lock()
							defer a.mu.Unlock()
							a.fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
								http.Error(w, "down: "+r.Header.Get("Authorization"), http.StatusInternalServerError)
								return true
							}
						},
					}
				},
			})
		})
	}
}

func TestRESTPagesInEveryWay(t *testing.T) {
	for name, change := range map[string]func(*connectors.REST){
		"page":            func(s *connectors.REST) {},
		"page with total": func(s *connectors.REST) { s.Paging.TotalPath = "total" },
		"page with size":  func(s *connectors.REST) { s.Paging.SizeParam, s.Paging.Size = "limit", 100 },
		"offset":          func(s *connectors.REST) { s.Paging.Kind, s.Paging.Param = "offset", "offset" },
		"cursor": func(s *connectors.REST) {
			s.Paging.Kind, s.Paging.Param, s.Paging.CursorPath = "cursor", "cursor", "next"
		},
		"link":                func(s *connectors.REST) { s.Paging.Kind = "link" },
		"keyset":              keyset,
		"POST":                func(s *connectors.REST) { s.Method = "post" },
		"page, one at a time": func(s *connectors.REST) { s.Paging.SizeParam, s.Paging.Size = "limit", 1 },
	} {
		t.Run(name, func(t *testing.T) {
			a := newAPI(t)
			a.add(5)
			out := pull(t, a.settings(change), connectors.Request{})
			wantIDs(t, out, 1, 2, 3, 4, 5)
			if out.objects[1].Name != "placements/page-000002.json" || out.objects[0].Meta["etag"] != `"v1"` {
				t.Errorf("object %+v", out.objects[1])
			}
		})
		t.Run(name+", empty", func(t *testing.T) {
			a := newAPI(t)
			wantIDs(t, pull(t, a.settings(change), connectors.Request{}))
		})
	}
}

// Many rows may share an instant; the page ends among them.
func TestRESTKeysetLosesAndDoublesNothingAmongEqualInstants(t *testing.T) {
	const at, later = "2026-01-10T08:00:00Z", "2026-01-10T09:00:00Z"
	a := newAPI(t, row{ID: 7, Updated: at}, row{ID: 2, Updated: at}, row{ID: 5, Updated: at}, row{ID: 9, Updated: at}, row{ID: 1, Updated: later})
	out := pull(t, a.settings(keyset), connectors.Request{})
	wantIDs(t, out, 2, 5, 7, 9, 1)
	if string(out.objects[0].Position) != `{"updated":"`+at+`","key":"5"}` {
		t.Errorf("position %s", out.objects[0].Position)
	}
	// From the middle of the equal instants only the others come.
	wantIDs(t, pull(t, a.settings(keyset), connectors.Request{Position: out.objects[0].Position}), 7, 9, 1)
	// Nothing new is nothing.
	again := pull(t, a.settings(keyset), connectors.Request{Position: out.position})
	if wantIDs(t, again); len(again.objects) > 0 {
		t.Error("an object without rows")
	}
	// A row that shares the newest instant and comes later.
	a.rows = append(a.rows, row{ID: 3, Updated: later})
	wantIDs(t, pull(t, a.settings(keyset), connectors.Request{Position: out.position}), 3)
}

func TestRESTLookbackFindsRowsCommittedLate(t *testing.T) {
	a := newAPI(t, row{ID: 1, Updated: "2026-01-10T08:00:00Z"}, row{ID: 2, Updated: "2026-01-12T08:00:00Z"})
	out := pull(t, a.settings(keyset), connectors.Request{Lookback: 24 * time.Hour})
	wantIDs(t, out, 1, 2)
	a.rows = append(a.rows, row{ID: 3, Updated: "2026-01-11T20:00:00Z"})
	wantIDs(t, pull(t, a.settings(keyset), connectors.Request{Position: out.position}))
	again := pull(t, a.settings(keyset), connectors.Request{Position: out.position, Lookback: 24 * time.Hour})
	wantIDs(t, again, 3, 2)
	if string(again.position) != string(out.position) {
		t.Errorf("the position went from %s to %s", out.position, again.position)
	}
}

func TestRESTSincePosition(t *testing.T) {
	a := newAPI(t, row{ID: 1, Updated: "2026-01-12T15:00:00+07:00"}, row{ID: 2, Updated: "2026-01-10T08:00:00Z"}, row{ID: 3, Updated: "2026-01-11T08:00:00Z"})
	since := func(s *connectors.REST) { s.SinceParam = "updated_since" }
	byItems := func(s *connectors.REST) { since(s); s.Paging.UpdatedPath = "updated_at" }
	out := pull(t, a.settings(byItems), connectors.Request{})
	if out.err != nil || string(out.position) != `{"since":"2026-01-12T08:00:00Z"}` {
		t.Fatalf("position %s, %v", out.position, out.err)
	}
	if out.objects[0].Position != nil {
		t.Error("a page before the last carries a position: what comes after it could be lost")
	}
	wantIDs(t, pull(t, a.settings(byItems), connectors.Request{Position: out.position, Lookback: time.Hour}), 1)
	if got := a.requests[len(a.requests)-1].Form.Get("updated_since"); got != "2026-01-12T07:00:00Z" {
		t.Errorf("asked since %s", got)
	}
	if out = pull(t, a.settings(since), connectors.Request{}); string(out.position) != `{"since":"2026-01-15T03:00:00Z"}` {
		t.Errorf("without updated_path the position is %s, want the time of the pull", out.position)
	}
	newer := json.RawMessage(`{"since":"2026-01-14T00:00:00Z"}`)
	if out = pull(t, a.settings(byItems), connectors.Request{Position: newer, Lookback: 72 * time.Hour}); string(out.position) != string(newer) {
		t.Errorf("the position went back to %s", out.position)
	}
}

func TestRESTBackfillNamesItsWindow(t *testing.T) {
	a := newAPI(t)
	a.add(1)
	s := a.settings(func(s *connectors.REST) {
		keyset(s)
		s.Window = connectors.RESTWindow{FromParam: "from", ToParam: "to"}
		s.TimeFormat = "date"
	})
	out := pull(t, s, connectors.Request{
		Position: json.RawMessage(`{"updated":"2030-01-01T00:00:00Z","key":"1"}`),
		Window:   connectors.Window{From: time.Date(2023, 12, 31, 17, 0, 0, 0, time.UTC), To: time.Date(2024, 1, 31, 17, 0, 0, 0, time.UTC)},
	})
	wantIDs(t, out, 1)
	if q := a.requests[0].Form; q.Get("from") != "2024-01-01" || q.Get("to") != "2024-02-01" || q.Has("updated_since") {
		t.Errorf("asked with %v", q)
	}
	if out.position != nil {
		t.Error("the position moves")
	}
}

func TestRESTSweepListsKeysAfterTheData(t *testing.T) {
	a := newAPI(t)
	a.add(3)
	s := a.settings(func(s *connectors.REST) {
		s.SweepURL = a.URL + "/v1/keys"
		s.Paging.UpdatedPath = "updated_at"
		s.SinceParam = "updated_since"
	})
	if out := pull(t, s, connectors.Request{}); len(out.objects) != 2 {
		t.Errorf("without a sweep %d objects", len(out.objects))
	}
	out := pull(t, s, connectors.Request{Sweep: true})
	wantIDs(t, out, 1, 2, 3)
	var names []string
	for _, o := range out.objects {
		names = append(names, o.Role.String()+" "+o.Name)
	}
	want := "data placements/page-000001.json, data placements/page-000002.json, keys placements-keys/page-000001.json, keys placements-keys/page-000002.json"
	if got := strings.Join(names, ", "); got != want {
		t.Errorf("got %s", got)
	}
}

func TestRESTWholeResource(t *testing.T) {
	a := newAPI(t)
	a.fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Last-Modified", "Mon, 12 Jan 2026 08:00:00 GMT")
		fmt.Fprint(w, "year,quarter\n2024,1\n")
		return true
	}
	s := a.settings(func(s *connectors.REST) {
		s.Paging = connectors.RESTPaging{Kind: "none", MaxPages: 1}
		s.URL = a.URL + "/remitansi"
	})
	out := pull(t, s, connectors.Request{})
	if out.err != nil || len(out.bodies) != 1 || out.bodies[0] != "year,quarter\n2024,1\n" {
		t.Fatalf("got %q, %v", out.bodies, out.err)
	}
	if o := out.objects[0]; o.Name != "remitansi.csv" || o.ModifiedAt.Day() != 12 || o.MediaType != "text/csv; charset=utf-8" {
		t.Errorf("object %+v", o)
	}
}

func TestRESTAuthenticates(t *testing.T) {
	for name, c := range map[string]struct {
		auth connectors.RESTAuth
		want func(r *http.Request) bool
	}{
		"api_key in a header":  {connectors.RESTAuth{Kind: "api_key", In: "header", Name: "X-Key", Key: apiKey}, func(r *http.Request) bool { return r.Header.Get("X-Key") == apiKey }},
		"api_key in the query": {connectors.RESTAuth{Kind: "api_key", In: "query", Name: "k", Key: apiKey}, func(r *http.Request) bool { return r.Form.Get("k") == apiKey }},
		"basic": {connectors.RESTAuth{Kind: "basic", User: "u", Password: apiKey}, func(r *http.Request) bool {
			u, p, _ := r.BasicAuth()
			return u == "u" && p == apiKey
		}},
		"bearer": {connectors.RESTAuth{Kind: "bearer", Token: apiKey}, func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer "+apiKey }},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAPI(t)
			a.add(3)
			a.fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
				if !c.want(r) {
					http.Error(w, "who?", http.StatusUnauthorized)
				}
				return !c.want(r)
			}
			out := pull(t, a.settings(func(s *connectors.REST) { s.Auth = c.auth }), connectors.Request{})
			wantIDs(t, out, 1, 2, 3)
			for _, o := range out.objects {
				if strings.Contains(fmt.Sprint(o.Meta), apiKey) {
					t.Error("the key stands in the object's meta data")
				}
			}
			wrong := pull(t, a.settings(func(s *connectors.REST) {
				s.Auth = c.auth
				s.Auth.Key, s.Auth.Password, s.Auth.Token = "wrong", "wrong", "wrong"
			}), connectors.Request{})
			if !errors.Is(wrong.err, connectors.ErrUnavailable) || !strings.Contains(wrong.err.Error(), "401") || len(wrong.slept) > 0 {
				t.Errorf("with the wrong key: %v after %d waits", wrong.err, len(wrong.slept))
			}
		})
	}
}

func TestRESTRefreshesAnExpiredToken(t *testing.T) {
	oauth := func(a *api, secret connectors.Secret) func(*connectors.REST) {
		return func(s *connectors.REST) {
			s.Auth = connectors.RESTAuth{Kind: "oauth2_client_credentials", TokenURL: a.URL + "/token", ClientID: "c", ClientSecret: secret}
		}
	}
	expired := false
	a := newAPI(t)
	a.add(5)
	a.fault = func(n int, w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/token" {
			return false
		}
		if r.Form.Get("page") == "2" && !expired {
			expired = true
			a.generation = 100 // the tokens given out so far are no good any more
		}
		if r.Header.Get("Authorization") != fmt.Sprintf("Bearer %s-%d", tokenSecret, a.generation) {
			http.Error(w, "expired", http.StatusUnauthorized)
			return true
		}
		return false
	}
	wantIDs(t, pull(t, a.settings(oauth(a, clientSecret)), connectors.Request{}), 1, 2, 3, 4, 5)
	if a.generation != 101 {
		t.Errorf("generation %d: the token was not renewed exactly once", a.generation)
	}

	a.fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/token" {
			http.Error(w, "never", http.StatusUnauthorized)
		}
		return r.URL.Path != "/token"
	}
	a.generation = 0
	out := pull(t, a.settings(oauth(a, clientSecret)), connectors.Request{})
	if !errors.Is(out.err, connectors.ErrUnavailable) || a.generation != 2 {
		t.Errorf("a second 401: %v with %d tokens, want an error after 2", out.err, a.generation)
	}

	a.fault = nil
	out = pull(t, a.settings(oauth(a, clientSecret+"-wrong")), connectors.Request{})
	if !errors.Is(out.err, connectors.ErrUnavailable) || !strings.Contains(out.err.Error(), "client_secret") {
		t.Errorf("a wrong client secret: %v", out.err)
	}
}

func TestRESTSettingsAreChecked(t *testing.T) {
	a := newAPI(t)
	for _, c := range []struct {
		want   string
		change func(*connectors.REST)
	}{
		{"url", func(s *connectors.REST) { s.URL = "/v1" }},
		{"user", func(s *connectors.REST) { s.URL = "https://u:" + apiKey + "@h/" }},
		{"in clear", func(s *connectors.REST) {
			s.URL = "http://api.example/"
			s.Auth = connectors.RESTAuth{Kind: "bearer", Token: "t"}
		}},
		{"method", func(s *connectors.REST) { s.Method = "DELETE" }},
		{"auth: kind", func(s *connectors.REST) { s.Auth.Kind = "magic" }},
		{"key is empty", func(s *connectors.REST) { s.Auth.Kind = "api_key" }},
		{"token_url", func(s *connectors.REST) {
			s.Auth = connectors.RESTAuth{Kind: "oauth2_client_credentials", ClientID: "a", ClientSecret: "b", TokenURL: "http://t.example"}
		}},
		{"paging: kind", func(s *connectors.REST) { s.Paging.Kind = "scroll" }},
		{"param is needed", func(s *connectors.REST) { s.Paging.Param = "" }},
		{"key_path is needed", func(s *connectors.REST) { keyset(s); s.Paging.KeyPath = "" }},
		{"size_param and size", func(s *connectors.REST) { s.Paging.Size = 5 }},
		{"twice", func(s *connectors.REST) { keyset(s); s.SinceParam = "other" }},
		{"time_format", func(s *connectors.REST) { s.TimeFormat = "roman" }},
		{"attempts", func(s *connectors.REST) { s.Retry.Attempts = 0 }},
		{"idle_timeout", func(s *connectors.REST) { s.IdleTimeout = 0 }},
		{"max_bytes", func(s *connectors.REST) { s.MaxBytes = 0 }},
		{"sweep_url", func(s *connectors.REST) { s.SweepURL = "https://elsewhere.example/" }},
		{"empty part", func(s *connectors.REST) { s.Paging.ItemsPath = "a..b" }},
	} {
		_, err := a.settings(c.change).Connect(connectors.Env{})
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), apiKey) {
			t.Errorf("got %v, want an error about %q", err, c.want)
		}
	}
	if a.count() > 0 {
		t.Error("checking settings sent a request")
	}
}
