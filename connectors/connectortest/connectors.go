// Package connectortest says what every connector and every format must do, as
// suites that their tests run: a new kind is done when its suite passes.
//
// It owns the rules of the two contracts and nothing of any kind; what is special
// to a protocol or a file format is tested beside it.
package connectortest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
)

// A Harness lets the suite drive one kind of connector.
type Harness struct {
	// Kind is the registered name.
	Kind string
	// Start prepares a fresh, empty source. It is called for every test.
	Start func(t *testing.T) *Source
	// Secrets are what the settings hold and nobody may see.
	Secrets []string
}

// A Source is a source under test and the settings that read it.
type Source struct {
	Settings connectors.Settings
	// Env is what the connector gets; the suite sets its log.
	Env connectors.Env
	// Add puts so many more objects into the source, each newer than all before.
	Add func(n int)
	// Break makes the source refuse every request from now on.
	Break func()
	// Overlaps is true for a connector that reads a part again, because its
	// source cannot say exactly what is new.
	Overlaps bool
}

// now is when the suite's pulls happen: well after everything it adds.
var now = time.Date(2026, 1, 15, 3, 0, 0, 0, time.UTC)

// pulled is an object with its body read.
type pulled struct {
	connectors.Object
	bytes []byte
}

// Run checks a kind of connector against the contract.
func Run(t *testing.T, h Harness) {
	t.Run("is registered with defaults of its own", func(t *testing.T) { registered(t, h) })
	t.Run("an empty source is no error", func(t *testing.T) {
		for _, o := range start(t, h).all(connectors.Request{Now: now}) {
			if o.Position != nil {
				t.Errorf("%s: nothing was read, and yet the position moves", o.Name)
			}
		}
	})
	t.Run("yields the same objects in the same order again", func(t *testing.T) { repeatable(t, h) })
	t.Run("goes on from a position", func(t *testing.T) { resumes(t, h) })
	t.Run("goes on from the position of any object", func(t *testing.T) { resumesHalfway(t, h) })
	t.Run("a backfill reads everything and leaves the position alone", func(t *testing.T) { backfills(t, h) })
	t.Run("asked for the whole, hands on all or nothing", func(t *testing.T) { wholes(t, h) })
	t.Run("refuses a position that is not its own", func(t *testing.T) {
		s := start(t, h)
		s.Add(1)
		if _, err := s.pull(context.Background(), connectors.Request{Now: now, Position: json.RawMessage(`[7]`)}); err == nil {
			t.Error("no error")
		}
	})
	t.Run("a reader may stop early and leave bodies unread", func(t *testing.T) { stopsEarly(t, h) })
	t.Run("ends promptly when cancelled", func(t *testing.T) { cancels(t, h) })
	t.Run("an unavailable source is one error, last", func(t *testing.T) { unavailable(t, h) })
}

// session is a source with a connector and the log that it writes.
type session struct {
	*Source
	t         *testing.T
	connector connectors.Connector
	log       *bytes.Buffer
}

func start(t *testing.T, h Harness) *session {
	t.Helper()
	s := &session{Source: h.Start(t), t: t, log: &bytes.Buffer{}}
	s.Env.Log = slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	connector, err := s.Settings.Connect(s.Env)
	if err != nil {
		t.Fatalf("connecting: %v", err)
	}
	s.connector = connector
	t.Cleanup(func() {
		for _, secret := range h.Secrets {
			if strings.Contains(s.log.String(), secret) {
				t.Error("a secret stands in the log")
			}
		}
	})
	return s
}

// pull reads everything, and checks what holds for every pull.
func (s *session) pull(ctx context.Context, req connectors.Request) (objects []pulled, err error) {
	s.t.Helper()
	names := map[string]bool{}
	for object, e := range s.connector.Pull(ctx, req) {
		if err != nil {
			s.t.Fatal("something came after an error")
		}
		if err = e; err != nil {
			if object != nil {
				s.t.Error("an object came together with an error")
			}
			continue
		}
		if object.Name == "" || object.MediaType == "" || object.Body == nil {
			s.t.Errorf("object %q: name, media type and body are all needed", object.Name)
		}
		if strings.HasPrefix(object.Name, "/") || slices.Contains(strings.Split(object.Name, "/"), "..") {
			s.t.Errorf("object %q: the name leads out of its feed", object.Name)
		}
		if names[object.Name] {
			s.t.Errorf("object %q: the name comes twice in a pull", object.Name)
		}
		names[object.Name] = true
		if object.Position != nil && !json.Valid(object.Position) {
			s.t.Errorf("object %q: the position is not JSON", object.Name)
		}
		data, readErr := io.ReadAll(object.Body)
		if readErr != nil {
			err = readErr
			break
		}
		if closeErr := object.Body.Close(); closeErr != nil {
			s.t.Errorf("object %q: closing: %v", object.Name, closeErr)
		}
		objects = append(objects, pulled{*object, data})
	}
	return objects, err
}

// all is pull for tests in which nothing may fail.
func (s *session) all(req connectors.Request) []pulled {
	s.t.Helper()
	objects, err := s.pull(context.Background(), req)
	if err != nil {
		s.t.Fatalf("pulling: %v", err)
	}
	return objects
}

func registered(t *testing.T, h Harness) {
	kind, ok := connectors.Lookup(h.Kind)
	if !ok {
		t.Fatalf("kind %q is not registered", h.Kind)
	}
	if kind.New() == kind.New() {
		t.Error("New returns the same settings twice")
	}
	// The defaults alone lack an address: connecting is an error, not a panic and
	// not a network request.
	if _, err := kind.New().Connect(connectors.Env{}); err == nil {
		t.Error("settings without an address pass")
	} else if errors.Is(err, connectors.ErrUnavailable) {
		t.Error("wrong settings are called an unavailable source")
	}
}

func repeatable(t *testing.T, h Harness) {
	s := start(t, h)
	s.Add(3)
	first, second := s.all(connectors.Request{Now: now}), s.all(connectors.Request{Now: now})
	if len(first) == 0 {
		t.Fatal("no objects")
	}
	same := func(a, b pulled) bool {
		return a.Name == b.Name && a.MediaType == b.MediaType && a.ModifiedAt.Equal(b.ModifiedAt) && bytes.Equal(a.bytes, b.bytes) && bytes.Equal(a.Position, b.Position)
	}
	if !slices.EqualFunc(first, second, same) {
		t.Error("the second pull differs from the first")
	}
}

// position is where to go on after objects.
func position(objects []pulled) (p json.RawMessage) {
	for _, o := range objects {
		if o.Position != nil {
			p = o.Position
		}
	}
	return p
}

func size(objects []pulled) (n int) {
	for _, o := range objects {
		n += len(o.bytes)
	}
	return n
}

func resumes(t *testing.T, h Harness) {
	s := start(t, h)
	s.Add(3)
	first := s.all(connectors.Request{Now: now})
	p := position(first)
	if p == nil {
		t.Fatal("no object carries a position")
	}
	if again := s.all(connectors.Request{Now: now, Position: p}); len(again) > 0 && !s.Overlaps {
		t.Errorf("%d objects come again although nothing is new", len(again))
	}
	s.Add(1)
	next := s.all(connectors.Request{Now: now, Position: p})
	if len(next) == 0 {
		t.Fatal("what is new does not come")
	}
	if !s.Overlaps && size(next) >= size(first) {
		t.Error("more comes than what is new")
	}
	if bytes.Equal(position(next), p) || position(next) == nil {
		t.Error("the position does not move")
	}
}

func resumesHalfway(t *testing.T, h Harness) {
	s := start(t, h)
	s.Add(3)
	objects := s.all(connectors.Request{Now: now})
	for i, o := range objects {
		if o.Position == nil || s.Overlaps {
			continue
		}
		rest := s.all(connectors.Request{Now: now, Position: o.Position})
		var got, want []byte
		for _, r := range rest {
			got = append(got, r.bytes...)
		}
		for _, r := range objects[i+1:] {
			want = append(want, r.bytes...)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("after object %d not exactly the rest comes", i+1)
		}
	}
}

func backfills(t *testing.T, h Harness) {
	s := start(t, h)
	s.Add(2)
	first := s.all(connectors.Request{Now: now})
	again := s.all(connectors.Request{Now: now, Position: position(first), Window: connectors.Window{From: now.AddDate(-20, 0, 0), To: now}})
	if size(again) != size(first) {
		t.Errorf("%d bytes, the source has %d", size(again), size(first))
	}
	if position(again) != nil {
		t.Error("the position moves")
	}
}

// wholes holds settings that say that they can be read whole to their word.
func wholes(t *testing.T, h Harness) {
	s := start(t, h)
	if w, ok := s.Settings.(connectors.Whole); !ok || w.Whole() != nil {
		return
	}
	s.Add(3)
	first := s.all(connectors.Request{Now: now, Whole: true})
	p := position(first)
	if again := s.all(connectors.Request{Now: now, Position: p, Whole: true}); len(again) > 0 && size(again) != size(first) {
		t.Errorf("nothing changed, and %d of %d bytes come", size(again), size(first))
	}
	s.Add(1)
	next, all := s.all(connectors.Request{Now: now, Position: p, Whole: true}), s.all(connectors.Request{Now: now})
	if size(next) != size(all) {
		t.Errorf("%d bytes come, the source has %d", size(next), size(all))
	}
}

func stopsEarly(t *testing.T, h Harness) {
	s := start(t, h)
	s.Add(2)
	for object, err := range s.connector.Pull(context.Background(), connectors.Request{Now: now}) {
		if err != nil {
			t.Fatal(err)
		}
		_ = object
		break
	}
	if len(s.all(connectors.Request{Now: now})) == 0 {
		t.Error("nothing comes afterwards")
	}
}

func cancels(t *testing.T, h Harness) {
	s := start(t, h)
	s.Add(2)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var late atomic.Bool
	timer := time.AfterFunc(5*time.Second, func() { late.Store(true) })
	defer timer.Stop()
	if _, err := s.pull(ctx, connectors.Request{Now: now}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v, want context.Canceled", err)
	} else if errors.Is(err, connectors.ErrUnavailable) {
		t.Error("a cancelled pull is called an unavailable source")
	}
	ctx, cancel = context.WithCancel(context.Background())
	for _, err := range s.connector.Pull(ctx, connectors.Request{Now: now}) {
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled half-way: %v, want context.Canceled", err)
		}
		cancel()
	}
	cancel()
	if late.Load() {
		t.Error("took more than 5 seconds")
	}
}

func unavailable(t *testing.T, h Harness) {
	s := start(t, h)
	s.Add(2)
	s.Break()
	objects, err := s.pull(context.Background(), connectors.Request{Now: now})
	if !errors.Is(err, connectors.ErrUnavailable) {
		t.Fatalf("%v, want one that wraps ErrUnavailable", err)
	}
	if len(objects) > 0 {
		t.Errorf("%d objects came from a source that refuses", len(objects))
	}
	for _, secret := range h.Secrets {
		if strings.Contains(err.Error(), secret) {
			t.Error("a secret stands in the error")
		}
	}
}
