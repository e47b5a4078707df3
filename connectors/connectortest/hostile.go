package connectortest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
)

// A HostileHarness lets the suite be a source over HTTP that misbehaves on purpose.
// What is right the suite learns from a pull on a good day.
type HostileHarness struct {
	// Settings read the source at an address, within the limits: they keep the suite
	// quick, and each must be heeded.
	Settings func(base string, l Limits) connectors.Settings
	// Serve answers as the source does on a good day, always in the same way; with
	// more than one page, if the source has pages.
	Serve http.HandlerFunc
	// Empty answers as the source does when it has nothing; nil if it never does.
	Empty http.HandlerFunc
	// Total changes the number of all items that an answer tells; nil if none does.
	Total func(answer string, by int) string
	// TokenPath is where credentials are refreshed, which always works.
	TokenPath string
	// Refreshes is true for settings that get new credentials after a 401.
	Refreshes bool
	// Opaque is true for a connector that hands on bytes without looking into them.
	// Then an answer that ends early and says that this is all, one that nests too
	// deep, and one to another question are for the format to find.
	Opaque bool
	// Secrets are what the settings hold and nobody may see.
	Secrets []string
}

// Limits are what the settings of a hostile harness must hold to.
type Limits struct {
	MaxBytes                  connectors.Size // of an answer, and of a page
	IdleTimeout, TotalTimeout time.Duration
	Attempts                  int
}

// usual are limits that a good source keeps on the slowest machine.
var usual = Limits{MaxBytes: connectors.MiB, IdleTimeout: 20 * time.Second, TotalTimeout: 20 * time.Second, Attempts: 3}

// RunHostile checks that a connector over HTTP ends every pull from a misbehaving
// source with the right data or with one clear error, soon, within its limits, and
// without a word about secrets.
func RunHostile(t *testing.T, h HostileHarness) {
	good := startHostile(t, h, act{}).pull(t, usual)
	if good.err != nil || size(good.objects) == 0 {
		t.Fatalf("on a good day: %d objects, %v", len(good.objects), good.err)
	}
	h.checkGoodDay(t, good)
	for _, group := range [][]act{statuses(h), redirects(), cuts(h), codings(), slow(), contents(h), pages(h, good)} {
		for _, a := range group {
			t.Run(a.name, func(t *testing.T) {
				s := startHostile(t, h, a)
				limits := usual
				if a.limits != nil {
					a.limits(&limits)
				}
				s.judge(t, good, s.pull(t, limits))
			})
		}
	}
}

func (h HostileHarness) checkGoodDay(t *testing.T, good hostilePull) {
	t.Run("a good day is repeated", func(t *testing.T) {
		again := startHostile(t, h, act{}).pull(t, usual)
		if again.err != nil || !(act{}).sameObjects(again.objects, good.objects) {
			t.Errorf("other objects, %v", again.err)
		}
	})
	if h.Empty == nil {
		return
	}
	t.Run("a source that has nothing", func(t *testing.T) {
		out := startHostile(t, h, act{serve: func(_ *hostileSource, _ int, w http.ResponseWriter, r *http.Request) { h.Empty(w, r) }}).pull(t, usual)
		if out.err != nil || position(out.objects) != nil {
			t.Errorf("%v, position %s: nothing is no error, and moves nothing", out.err, position(out.objects))
		}
	})
}

// An outcome is how a pull may end.
type outcome int

const (
	rightOrError outcome = iota
	right
	failed
	unavailableThen // failed, and it is the source's failing
	// failedOrPrefix is failed too, unless the connector does not look into bytes:
	// then what came is at least the beginning of the right ones.
	failedOrPrefix
	// nothing has no objects, or is an error.
	nothing
)

// An act is one way to misbehave.
type act struct {
	name string
	// serve answers the nth request for data, from 1. It may leave the answer to
	// s.h.Serve.
	serve  func(s *hostileSource, n int, w http.ResponseWriter, r *http.Request)
	limits func(*Limits)
	want   outcome
	waits  time.Duration // what the connector must wait first
	// renamed is true when the act changes what an object may be called.
	renamed bool
	// undo takes back what the act changed in an answer, where that is no matter of
	// right and wrong.
	undo func(answer string) string
}

// hostileSource is the server of one act, and another one where nobody should go.
type hostileSource struct {
	*httptest.Server
	h     HostileHarness
	act   act
	other *httptest.Server

	mu       sync.Mutex
	data     int    // requests for data
	strays   int    // requests to the other server
	sent     int64  // bytes of an endless answer
	first    []byte // the first answer, for acts that repeat it
	firstHdr http.Header
}

func startHostile(t *testing.T, h HostileHarness, a act) *hostileSource {
	s := &hostileSource{h: h, act: a}
	s.other = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.strays++
	}))
	t.Cleanup(s.other.Close)
	s.Server = httptest.NewUnstartedServer(s)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s
}

// ServeHTTP answers the requests of a pull.
func (s *hostileSource) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.act.serve == nil || s.h.TokenPath != "" && r.URL.Path == s.h.TokenPath {
		s.h.Serve(w, r)
		return
	}
	s.mu.Lock()
	s.data++
	n := s.data
	s.mu.Unlock()
	s.act.serve(s, n, w, r)
}

// answer is what the source would say to a request on a good day.
func (s *hostileSource) answer(r *http.Request) (body []byte, header http.Header) {
	w := httptest.NewRecorder()
	s.h.Serve(w, r)
	return w.Body.Bytes(), w.Header()
}

// A hostilePull is what came of a pull.
type hostilePull struct {
	objects []pulled
	slept   []time.Duration
	log     string
	err     error
}

func (s *hostileSource) port() string { return s.URL[strings.LastIndexByte(s.URL, ':')+1:] }

const patience = 30 * time.Second

func (s *hostileSource) pull(t *testing.T, limits Limits) (out hostilePull) {
	t.Helper()
	var text bytes.Buffer
	connector, err := s.h.Settings(s.URL, limits).Connect(connectors.Env{
		Log: slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Sleep: func(ctx context.Context, d time.Duration) error {
			out.slept = append(out.slept, d)
			return ctx.Err()
		},
	})
	if err != nil {
		t.Fatalf("connecting: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	run := &session{Source: &Source{}, t: t, connector: connector, log: &text}
	out.objects, out.err = run.pull(ctx, connectors.Request{Now: now})
	out.log = text.String()
	for i := range out.objects { // some are called after their host, which is another one for every act
		out.objects[i].Name = strings.ReplaceAll(out.objects[i].Name, s.port(), "PORT")
	}
	if ctx.Err() != nil {
		t.Errorf("it hangs: %v", out.err)
	}
	return out
}

// judge holds what came of a pull against what may come of it.
func (s *hostileSource) judge(t *testing.T, good, got hostilePull) {
	t.Helper()
	s.keepsQuiet(t, got)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.strays > 0 {
		t.Errorf("%d requests went to another host", s.strays)
	}
	if limit := int64(64 << 20); s.sent > limit {
		t.Errorf("it took %d bytes of an answer that may have %d", s.sent, usual.MaxBytes)
	}
	isRight := got.err == nil && s.act.sameObjects(got.objects, good.objects)
	switch s.act.want {
	case right:
		if !isRight {
			t.Errorf("want the right data: %d objects, %v", len(got.objects), got.err)
		}
	case rightOrError:
		if got.err == nil && !isRight {
			t.Error("want the right data or an error: other data came")
		}
	case failed:
		if got.err == nil {
			t.Errorf("want an error: %d objects came", len(got.objects))
		}
	case unavailableThen:
		if !errors.Is(got.err, connectors.ErrUnavailable) {
			t.Errorf("want an error that wraps ErrUnavailable: %v", got.err)
		}
	case failedOrPrefix:
		if got.err == nil && !(s.h.Opaque && beginsLike(got.objects, good.objects)) {
			t.Errorf("want an error: %d objects came", len(got.objects))
		}
	case nothing:
		if got.err == nil && (size(got.objects) > 0 || position(got.objects) != nil) {
			t.Errorf("want nothing or an error: %d objects came", len(got.objects))
		}
	}
	if s.act.waits > 0 && (len(got.slept) == 0 || got.slept[0] != s.act.waits) {
		t.Errorf("waited %v, the source asked for %v", got.slept, s.act.waits)
	}
}

// keepsQuiet checks that no secret is told, and that an error is worth reading.
func (s *hostileSource) keepsQuiet(t *testing.T, got hostilePull) {
	t.Helper()
	told := got.log
	for _, o := range got.objects {
		told += fmt.Sprint(o.Name, o.Meta, string(o.Position))
	}
	if got.err != nil {
		told += got.err.Error()
		if text := got.err.Error(); len(text) > 1000 || strings.ContainsAny(text, "\x00\x1b") {
			t.Errorf("the error is no message for people: %.200q", text)
		}
	}
	for _, secret := range s.h.Secrets {
		if strings.Contains(told, secret) {
			t.Error("a secret stands in the error, the log or what is kept of an object")
		}
	}
}

func (a act) sameObjects(got, want []pulled) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		same := bytes.Equal(got[i].bytes, want[i].bytes) || a.undo != nil && a.undo(string(got[i].bytes)) == string(want[i].bytes)
		if !same || !a.renamed && got[i].Name != want[i].Name {
			return false
		}
	}
	return true
}

// beginsLike reports whether every object is the beginning of the right one.
func beginsLike(got, want []pulled) bool {
	if len(got) > len(want) {
		return false
	}
	for i := range got {
		if !bytes.HasPrefix(want[i].bytes, got[i].bytes) {
			return false
		}
	}
	return true
}
