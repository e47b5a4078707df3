package pipelines

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/pipelines/openlineage"
)

// A LineageReport counts the lineage events of a run. Each is counted once for every place that
// it is for.
type LineageReport struct {
	Told    int64  `json:"told"`
	Lost    int64  `json:"lost"`
	Problem string `json:"problem,omitempty"` // why the first of them was lost, or why none could be told
}

// lineage tells others of one run, in the words of OpenLineage. It holds up nothing: events wait
// in a queue, each is tried once, and what cannot be delivered is counted. A nil one tells nothing.
type lineage struct {
	teller   openlineage.Teller
	run      openlineage.Run
	outlets  []*outlet
	patience time.Duration
	log      *slog.Logger
	problem  error // why nothing can be delivered
}

// beginLineage begins to tell of a run, where somebody listens and the run is one that brings data.
// Nothing that is wrong with it stops the run.
func (r *Runner) beginLineage(run ledger.Run) *lineage {
	if r.Project.Lineage == nil || !brings(run.Command) {
		return nil
	}
	l := &lineage{run: lineageRun(run), log: r.log().With("run_id", run.ID, "step", "lineage"),
		teller: openlineage.Teller{Namespace: openlineage.Namespace(r.Project.Name), Origin: r.Project.Origin(), Version: cmp.Or(r.Code, "unknown")}}
	sinks, patience, err := lineageSinks(r.Project)
	if err != nil {
		l.log.Warn("no lineage events are delivered", "problem", err.Error())
		l.problem = err
	}
	l.patience = patience
	for _, s := range sinks {
		l.outlets = append(l.outlets, newOutlet(s))
	}
	for _, d := range r.dead {
		if brings(d.Command) {
			l.tell(l.teller.Ended(endedRun(d)))
		}
	}
	r.dead = nil
	l.tell(l.teller.Began(l.run))
	return l
}

// lineageSinks makes what the section names, with its secrets.
func lineageSinks(p *configs.Project) (sinks []openlineage.Sink, patience time.Duration, err error) {
	if missing := p.Lineage.Missing(); len(missing) > 0 {
		return nil, 0, fmt.Errorf("lineage (lindung.yaml:%d) needs %s", p.Lineage.Line, strings.Join(missing, ", "))
	}
	s, err := p.Lineage.Settings()
	if err != nil {
		return nil, 0, err
	}
	if s.File != "" {
		sinks = append(sinks, openlineage.File{Path: inProject(p, s.File)})
	}
	if s.URL != "" {
		headers := map[string]string{}
		for name, value := range s.Headers {
			headers[name] = value.Reveal()
		}
		post, err := openlineage.NewHTTP(s.URL, headers, s.CA, s.Timeout)
		if err != nil {
			return nil, 0, fmt.Errorf("lineage (lindung.yaml:%d): %w", p.Lineage.Line, err)
		}
		sinks = append(sinks, post)
	}
	return sinks, s.Timeout, nil
}

func (l *lineage) tell(events ...openlineage.Event) {
	for _, o := range l.outlets {
		for _, e := range events {
			o.take(e)
		}
	}
}

func (l *lineage) runEnded(run ledger.Run) {
	if l != nil {
		l.tell(l.teller.Ended(endedRun(run)))
	}
}

// endLineage ends telling of the run under way.
func (r *Runner) endLineage() *LineageReport {
	l := r.lineage
	r.lineage = nil
	return l.end()
}

// end waits a moment for what is still on its way, and says what was lost.
func (l *lineage) end() *LineageReport {
	if l == nil {
		return nil
	}
	report := &LineageReport{}
	if l.problem != nil {
		report.Problem = l.problem.Error()
	}
	late := time.After(l.patience)
	for _, o := range l.outlets {
		close(o.queue)
	}
	for _, o := range l.outlets {
		select {
		case <-o.done:
		case <-late:
			late = time.After(0) // for the outlets after this one, too
		}
		o.stop()
		told, lost, problem := o.count()
		report.Told, report.Lost = report.Told+told, report.Lost+lost
		if lost == 0 {
			continue
		}
		if problem == nil {
			problem = fmt.Errorf("%s took longer than timeout: %s", o.sink.Place(), l.patience)
		}
		if report.Problem == "" {
			report.Problem = problem.Error()
		}
		l.log.Warn("lineage events were lost", "place", o.sink.Place(), "lost", lost, "told", told, "problem", problem.Error())
	}
	return report
}

// An outlet delivers events to one sink, one after the other, beside the run.
type outlet struct {
	sink  openlineage.Sink
	queue chan openlineage.Event
	done  chan struct{}
	stop  context.CancelFunc

	mu        sync.Mutex
	told      int64
	delivered int64
	problem   error // of the first that was lost
}

const (
	// queueSize is more than a build of everything has events.
	queueSize = 4096
	// giveUpAfter so many failures in a row nothing more is tried in a run.
	giveUpAfter = 3
)

func newOutlet(sink openlineage.Sink) *outlet {
	ctx, stop := context.WithCancel(context.Background())
	o := &outlet{sink: sink, queue: make(chan openlineage.Event, queueSize), done: make(chan struct{}), stop: stop}
	go o.deliver(ctx)
	return o
}

func (o *outlet) take(e openlineage.Event) {
	o.mu.Lock()
	o.told++
	o.mu.Unlock()
	select {
	case o.queue <- e:
	default: // it is lost; a run does not wait
	}
}

func (o *outlet) deliver(ctx context.Context) {
	defer close(o.done)
	failures := 0
	for e := range o.queue {
		if failures == giveUpAfter || ctx.Err() != nil {
			continue
		}
		err := o.sink.Deliver(ctx, e)
		if err == nil {
			failures = 0
		} else {
			failures++
		}
		o.note(err)
	}
}

func (o *outlet) note(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case err == nil:
		o.delivered++
	case o.problem == nil && !errors.Is(err, context.Canceled):
		o.problem = err
	}
}

func (o *outlet) count() (told, lost int64, problem error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.told, o.told - o.delivered, o.problem
}
