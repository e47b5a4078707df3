package connectors_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
)

const (
	apiKey       = "key-3f9a"
	clientSecret = "secret-77aa"
	tokenSecret  = "token-c0ffee"
)

// A row is one item of the API under test.
type row struct {
	ID      int    `json:"id"`
	Updated string `json:"updated_at"`
	Text    string `json:"text"`
}

// api is a real HTTP server with one table, paged in every way that the
// connector knows, and with faults that tests switch on.
type api struct {
	*httptest.Server
	mu       sync.Mutex
	rows     []row
	pageSize int
	requests []*http.Request
	// fault may answer a request in the table's place; it gets the number of the
	// request, from 1.
	fault func(n int, w http.ResponseWriter, r *http.Request) bool
	// requestIDs makes every answer differ from every other.
	requestIDs bool
	// generation is the number of tokens given out; only the newest is good.
	generation int
}

func newAPI(t *testing.T, rows ...row) *api {
	a := &api{rows: rows, pageSize: 2}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

// add appends rows, each a minute newer than the one before.
func (a *api) add(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for range n {
		i := len(a.rows) + 1
		a.rows = append(a.rows, row{i, today.AddDate(0, -1, 0).Add(time.Duration(i) * time.Minute).Format(time.RFC3339), strings.Repeat("x", i%5)})
	}
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	_ = r.ParseForm()
	a.requests = append(a.requests, r)
	if a.fault != nil && a.fault(len(a.requests), w, r) {
		return
	}
	if r.URL.Path == "/token" {
		_, secret, _ := r.BasicAuth()
		if secret != clientSecret && r.Form.Get("client_secret") != clientSecret {
			http.Error(w, "no: "+r.Form.Encode(), http.StatusUnauthorized)
			return
		}
		a.generation++
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"access_token":"%s-%d","token_type":"Bearer","expires_in":3600}`, tokenSecret, a.generation)
		return
	}
	a.serveTable(w, r)
}

func (a *api) serveTable(w http.ResponseWriter, r *http.Request) {
	rows := slices.Clone(a.rows)
	slices.SortFunc(rows, func(x, y row) int { return strings.Compare(x.key(), y.key()) })
	since, after := r.Form.Get("updated_since"), r.Form.Get("after_id")
	rows = slices.DeleteFunc(rows, func(x row) bool {
		if after == "" {
			return since != "" && instantOf(x.Updated).Before(instantOf(since))
		}
		id, _ := strconv.Atoi(after)
		return x.key() <= row{ID: id, Updated: since}.key()
	})
	size := a.pageSize
	if n, err := strconv.Atoi(r.Form.Get("limit")); err == nil {
		size = min(size, n)
	}
	total, from := len(rows), 0
	if n, err := strconv.Atoi(r.Form.Get("page")); err == nil {
		from = (n - 1) * size
	}
	for _, name := range []string{"offset", "cursor"} {
		if n, err := strconv.Atoi(r.Form.Get(name)); err == nil {
			from = n
		}
	}
	from = min(from, total)
	to := min(from+size, total)
	answer := map[string]any{"data": rows[from:to], "total": total, "next": nil}
	if a.requestIDs {
		answer["request_id"] = len(a.requests)
	}
	if to < total {
		answer["next"] = strconv.Itoa(to)
		w.Header().Add("Link", fmt.Sprintf(`<%s?offset=%d>; rel="next", </first>; rel=first`, r.URL.Path, to))
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("ETag", `"v1"`)
	_ = json.NewEncoder(w).Encode(answer)
}

func instantOf(text string) time.Time {
	t, _ := time.Parse(time.RFC3339, text)
	return t
}

func (r row) key() string { return r.Updated + fmt.Sprintf("|%09d", r.ID) }

// settings returns settings for the table of the API.
func (a *api) settings(change func(*connectors.REST)) *connectors.REST {
	kind, _ := connectors.Lookup("rest")
	s := kind.New().(*connectors.REST)
	s.URL = a.URL + "/v1/placements"
	s.Paging = connectors.RESTPaging{Kind: "page", Param: "page", ItemsPath: "data", Start: 1, MaxPages: 1000}
	if change != nil {
		change(s)
	}
	return s
}

func keyset(s *connectors.REST) {
	s.Paging = connectors.RESTPaging{Kind: "keyset", ItemsPath: "data", UpdatedPath: "updated_at", KeyPath: "id", SinceParam: "updated_since", AfterKeyParam: "after_id", MaxPages: 1000}
}

// run is what one pull did.
type run struct {
	objects  []connectors.Object
	bodies   []string
	ids      []int
	position json.RawMessage
	slept    []time.Duration
	retried  int
	log      bytes.Buffer
	err      error
}

// pull connects and pulls; waiting takes no time and is written down.
func pull(t *testing.T, s *connectors.REST, req connectors.Request) *run {
	t.Helper()
	return pullContext(context.Background(), t, s, req)
}

func pullContext(ctx context.Context, t *testing.T, s *connectors.REST, req connectors.Request) *run {
	t.Helper()
	out := &run{}
	connector, err := s.Connect(connectors.Env{
		Log:   slog.New(slog.NewTextHandler(&out.log, nil)),
		Sleep: func(ctx context.Context, d time.Duration) error { out.slept = append(out.slept, d); return ctx.Err() },

		Retried: func() { out.retried++ },
	})
	if err != nil {
		t.Fatal(err)
	}
	if req.Now.IsZero() {
		req.Now = today
	}
	for object, err := range connector.Pull(ctx, req) {
		if out.err != nil {
			t.Fatal("something came after an error")
		}
		if out.err = err; err != nil {
			continue
		}
		data, err := io.ReadAll(object.Body)
		if err != nil {
			out.err = err
			break
		}
		out.objects, out.bodies = append(out.objects, *object), append(out.bodies, string(data))
		if object.Position != nil {
			out.position = object.Position
		}
		var answer struct{ Data []row }
		_ = json.Unmarshal(data, &answer)
		for _, r := range answer.Data {
			if object.Role == connectors.Data {
				out.ids = append(out.ids, r.ID)
			}
		}
	}
	for _, secret := range []string{apiKey, clientSecret, tokenSecret} {
		if out.err != nil && strings.Contains(out.err.Error(), secret) || strings.Contains(out.log.String(), secret) {
			t.Error("a secret stands in an error or in the log")
		}
	}
	return out
}

// count is how many requests the API saw.
func (a *api) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.requests)
}

func wantIDs(t *testing.T, out *run, want ...int) {
	t.Helper()
	if out.err != nil {
		t.Fatalf("pulling: %v", out.err)
	}
	if !slices.Equal(out.ids, want) {
		t.Errorf("rows %v, want %v", out.ids, want)
	}
}
