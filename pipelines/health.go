package pipelines

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/pipelines/metrics"
)

// A Pulse remembers when the scheduler's loop last came round.
type Pulse struct {
	mu   sync.Mutex
	last time.Time
}

// Beat says that the loop came round.
func (p *Pulse) Beat(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = now
}

// Last is when the loop last came round; zero before the first time.
func (p *Pulse) Last() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

// silence is how long the loop may say nothing before the process counts as hung: longer than
// its leases hold.
const silence = 2 * ledger.Term

// Health tells those who watch how a project is: whether the process that schedules it is
// alive and ready, and the metrics of everything else.
type Health struct {
	Runner func() *Runner       // with the project as it was read last
	Ledger *ledger.Ledger       // open for as long as Health is asked
	Pulse  *Pulse               // of the scheduler's loop
	Lease  func() error         // whether the scheduler holds its lease
	Jobs   func() []metrics.Job // those of the schedule
	Clock  func() time.Time     // of the machine
	Log    *slog.Logger

	mu         sync.Mutex
	quarantine map[string]int64 // records, by feed; nil: not counted yet
	counted    int64            // the log's head when they were
	release    *metrics.Release
	logHead    int64 // that release was built from
	checked    time.Time
	config     error // what was wrong with the configuration then
}

// Handler answers /metrics, /healthz and /readyz.
func (h *Health) Handler() http.Handler {
	collector := &metrics.Collector{Ledger: h.Ledger, State: h.State, Clock: h.Clock, Version: h.Runner().Code, Log: h.Log}
	return metrics.Handler(collector, []metrics.Check{{Name: "scheduler", Do: h.alive}}, []metrics.Check{
		{Name: "configuration", Do: h.configured},
		{Name: "ledger", Do: func(context.Context) error { return h.Ledger.Writable() }},
		{Name: "lake", Do: func(context.Context) error { _, _, err := h.Runner().Lake.Head(); return err }},
		{Name: "lease", Do: func(context.Context) error { return h.Lease() }},
	})
}

// Listen takes an address and answers there until ctx ends. It gives the address as it is
// reached, and a channel for the error that ended it, which is nil when ctx did.
func (h *Health) Listen(ctx context.Context, address string) (string, <-chan error, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return "", nil, fmt.Errorf("listening for metrics and health (serve.listen in lindung.yaml): %w", err)
	}
	server := metrics.Server(address, h.Handler(), h.Log)
	ended := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = server.Shutdown(last) // who still reads then is cut off
	})
	go func() {
		defer stop()
		err := server.Serve(listener)
		if errors.Is(err, http.ErrServerClosed) {
			err = nil
		}
		ended <- err
	}()
	return listener.Addr().String(), ended, nil
}

func (h *Health) alive(context.Context) error {
	last := h.Pulse.Last()
	switch quiet := h.Clock().Sub(last); {
	case last.IsZero():
		return errors.New("its loop has not begun")
	case quiet > silence:
		return fmt.Errorf("its loop last came round %s ago, at %s; end the process and start it anew", quiet.Round(time.Second), last.UTC().Format(time.RFC3339))
	}
	return nil
}

// configured says what is wrong with the project's files as they are now, before a reload or a start
// meets it.
func (h *Health) configured(context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if now := h.Clock(); h.checked.IsZero() || now.Sub(h.checked) >= metrics.Hold {
		_, h.config = LoadProject(h.Runner().Project.Dir)
		h.checked = now
	}
	return h.config
}

// State gathers what the ledger does not know.
func (h *Health) State(context.Context) (metrics.State, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.Runner()
	s := metrics.State{At: h.Clock(), Jobs: h.Jobs(), LastTick: h.Pulse.Last()}
	if !r.Project.Clock.IsZero() {
		s.At = r.Project.Clock
	}
	snap, err := r.Lake.Snapshot(time.Time{})
	if err != nil {
		return s, err
	}
	if s.Commits = snap.Head; h.quarantine == nil || h.counted != snap.Head {
		if h.quarantine, err = r.QuarantineSizes(); err != nil {
			return s, err
		}
		h.counted = snap.Head
	}
	for _, f := range r.ActiveFeeds() {
		last := lastDelivery(snap, f)
		s.Feeds = append(s.Feeds, metrics.Feed{Name: f.Name, Source: f.Source.Name, Dataset: f.Dataset, Role: f.Role,
			LastDelivery: last, LateSince: f.Expected.Late(s.At, last, r.Project.TimeZone), Quarantined: h.quarantine[f.Name]})
	}
	if s.Release, err = h.released(r, snap.Head); err != nil {
		return s, err
	}
	targets, err := r.Targets()
	if err != nil {
		return s, err
	}
	for _, t := range targets {
		s.Targets = append(s.Targets, metrics.Target{Name: t.Target, Behind: t.Behind})
	}
	s.Disk.Free, s.Disk.Size, err = diskSpace(r.Project.DataDir)
	return s, err
}

// released is what readers get. A manifest is large and never changes: it is read once.
func (h *Health) released(r *Runner, head int64) (*metrics.Release, error) {
	history, err := r.Releases.Publications()
	if err != nil || len(history) == 0 {
		return nil, err
	}
	if now := history[len(history)-1].Release; h.release == nil || h.release.ID != now {
		current, err := r.Releases.Current()
		if err != nil {
			return nil, err
		}
		h.release = &metrics.Release{ID: current.ID, Origin: current.Manifest.Origin, AsOf: current.Manifest.AsOf}
		h.logHead = current.Manifest.LogHead
	}
	shown := *h.release
	shown.Behind = h.logHead != head
	return &shown, nil
}
