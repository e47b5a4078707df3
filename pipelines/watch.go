package pipelines

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/sync/errgroup"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/pipelines/alerts"
	"github.com/kp2mi/lindung/pipelines/ledger"
)

// Watch tells people what goes wrong in an installation that nobody watches. What was told, and what
// still has to be, is in the ledger: another process goes on where this one ended.
type Watch struct {
	runner   *Runner
	ledger   *ledger.Ledger
	channels map[string]alerts.Channel
	beat     *alerts.Heartbeat // nil: none
	noBeat   error             // why there is none, where there should be one
	free     func(dir string) (int64, error)

	delivering, beating sync.Mutex // held while that goes on
	meanwhile           sync.WaitGroup
}

// The marks of the watch in the ledger.
const (
	tickMark      = "alerts/tick"
	heartbeatMark = "alerts/heartbeat"
	digestMark    = "alerts/digest"
)

// NewWatch makes the watch of a project. A channel whose secrets are missing is there all the same:
// what is told on it waits, and that is told on the others. So it is with a heartbeat.
func NewWatch(r *Runner, l *ledger.Ledger) *Watch {
	w := &Watch{runner: r, ledger: l, channels: map[string]alerts.Channel{}, free: FreeSpace}
	for _, c := range r.Project.Alerts.Channels {
		channel, err := alerts.Open(c, r.Project.DataDir)
		if err != nil {
			channel = alerts.Broken(err)
		}
		w.channels[c.Name] = channel
	}
	if w.beat, w.noBeat = alerts.NewHeartbeat(r.Project.Alerts); w.noBeat != nil {
		w.warn("no heartbeat is sent", w.noBeat)
	}
	return w
}

// Tick looks once, writes down what is to be told, and lets that be delivered meanwhile: it does not
// wait for a mail server. It is to be called about once a minute, and does nothing that is not due.
// The context is that of the deliveries too: it ends with the process.
// A clock that jumps delays or hastens what is due, and neither repeats nor loses it.
func (w *Watch) Tick(ctx context.Context, now time.Time, unwell error) error {
	k := w.survey(now)
	problems := k.problems
	if err := w.lettersOfTick(ctx, k); err != nil {
		problems = append(problems, err)
	}
	p := w.runner.Project
	err := w.ledger.Judge(now, func(book []ledger.Notice) ([]ledger.Notice, []ledger.Message) {
		changed, tell := alerts.Judge(book, k.found, func(kind string) bool { return k.unknown[kind] }, p.Alerts.RepeatAfter, now)
		return changed, alerts.Compose(w.project(), p.Alerts.Channels, tell, now)
	})
	problems = append(problems, err, w.digestOfTick(k), w.ledger.SetMark(tickMark, ledger.Mark{At: now}))
	w.meantime(&w.delivering, func() { w.deliver(ctx, now) })
	if w.beat != nil && unwell == nil {
		w.meantime(&w.beating, func() { w.heartbeat(ctx, now) })
	}
	return errors.Join(problems...)
}

// meantime lets something go on beside the caller, unless it still does since an earlier tick.
func (w *Watch) meantime(busy *sync.Mutex, do func()) {
	if busy.TryLock() {
		w.meanwhile.Go(func() {
			defer busy.Unlock()
			do()
		})
	}
}

// Wait waits for what is being delivered. Whoever ends the context given to Tick need not wait long.
func (w *Watch) Wait() { w.meanwhile.Wait() }

func (w *Watch) survey(now time.Time) *survey {
	k := &survey{runner: w.runner, ledger: w.ledger, now: now, known: now, free: w.free, noBeat: w.noBeat}
	if clock := w.runner.Project.Clock; !clock.IsZero() {
		k.known = clock
	}
	k.conditions()
	return k
}

func (w *Watch) project() alerts.Project {
	p := alerts.Project{Name: w.runner.Project.Name, Zone: w.runner.Project.TimeZone}
	if w.runner.Project.Origin() == configs.OriginSample {
		p.Mark = alerts.SampleMark
	}
	return p
}

// mostAtOnce bounds the messages that a channel is given at one tick.
const mostAtOnce = 20

// deliver sends what waits: each channel by itself, so that one that hangs holds up no other. A
// process that delivers already is left to it.
func (w *Watch) deliver(ctx context.Context, now time.Time) {
	lease, err := w.ledger.Acquire(ledger.Tell, "alerts", now)
	if err != nil {
		return // somebody else is at it, or the next tick will do it
	}
	defer lease.Release()
	waiting, err := w.ledger.Undelivered()
	if err != nil {
		w.warn("messages are not delivered", err)
		return
	}
	byChannel := map[string][]ledger.Message{}
	for _, m := range waiting {
		byChannel[m.Channel] = append(byChannel[m.Channel], m)
	}
	var group errgroup.Group
	for name, messages := range byChannel {
		group.Go(func() error { return w.deliverOn(ctx, lease, name, messages, now) })
	}
	if err := group.Wait(); err != nil {
		w.warn("messages wait for the next tick", err)
	}
}

// deliverOn sends the messages of one channel that are due, until one fails for a reason that will
// meet the others too.
func (w *Watch) deliverOn(ctx context.Context, lease *ledger.Lease, name string, messages []ledger.Message, now time.Time) error {
	channel, there := w.channels[name]
	sent := 0
	for _, kept := range messages {
		if !there { // taken out of lindung.yaml: nobody is told on it any more
			if err := w.ledger.Attempted(kept.ID, now, "", time.Time{}); err != nil {
				return err
			}
			continue
		}
		if !dueAgain(kept, now) {
			continue
		}
		if sent++; sent > mostAtOnce {
			return nil
		}
		if err := cmp.Or(ctx.Err(), lease.Renew()); err != nil {
			return err
		}
		m, err := alerts.Unpack(kept)
		if err == nil {
			err = channel.Send(ctx, m)
		}
		if ctx.Err() != nil {
			return ctx.Err() // whether it arrived is not known: it is sent again, under the same id
		}
		problem, again := "", time.Time{}
		if err != nil {
			problem, again = brief(oneLine(err)), now.Add(pauseAfter(kept, errors.Is(err, alerts.ErrRefused)))
			w.warn("a message on channel "+name+" is not delivered", err)
		}
		if noted := w.ledger.Attempted(kept.ID, now, problem, again); noted != nil {
			return noted
		}
		switch {
		case err == nil && m.Recipient == "":
			if err := w.ledger.Hasten(name); err != nil { // it takes messages again
				return err
			}
		case err != nil && !errors.Is(err, alerts.ErrRefused):
			return nil
		}
	}
	return nil
}

// How long a message waits after an attempt that failed: longer each time, and long at once when a
// mailbox of somebody else's refused it.
const (
	longestWait  = time.Hour
	waitRefusal  = 6 * time.Hour
	problemBytes = 300
)

func pauseAfter(m ledger.Message, refused bool) time.Duration {
	if refused && m.Recipient != "" {
		return waitRefusal
	}
	return min(time.Minute<<min(m.Attempts, 10), longestWait)
}

// dueAgain says whether a message is to be tried. One that waits longer than any does was written
// down under a clock that has been set back since.
func dueAgain(m ledger.Message, now time.Time) bool {
	return !m.NotBefore.After(now) || m.NotBefore.Sub(now) > waitRefusal
}

// brief keeps of a problem what fits on a line: it may quote a server.
func brief(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	if len(s) > problemBytes {
		return strings.ToValidUTF8(s[:problemBytes], "") + "…"
	}
	return s
}

// heartbeat asks the heartbeat's address when it is due.
func (w *Watch) heartbeat(ctx context.Context, now time.Time) {
	const early = 10 * time.Second // ticks are not exact, and a beat must not slip by a whole one
	last, known, err := w.ledger.Mark(heartbeatMark)
	if err != nil || known && !last.At.After(now) && now.Sub(last.At) < w.beat.Every-early {
		return
	}
	mark := ledger.Mark{At: now}
	if err := w.beat.Beat(ctx); err != nil {
		mark.Number, mark.Error = last.Number+1, brief(oneLine(err))
		w.warn("the heartbeat is not answered", err)
	}
	if err := w.ledger.SetMark(heartbeatMark, mark); err != nil {
		w.warn("the heartbeat is not written down", err)
	}
}

func (w *Watch) warn(what string, err error) {
	if w.runner.Log != nil {
		w.runner.Log.Warn(what, "error", err)
	}
}

// TestChannel sends a test message on a channel, now. When it arrives, what waits for the channel is
// due at once.
func (w *Watch) TestChannel(ctx context.Context, name string, now time.Time) error {
	c, ok := w.runner.Project.Alerts.Channel(name)
	if !ok {
		var known []string
		for _, c := range w.runner.Project.Alerts.Channels {
			known = append(known, c.Name)
		}
		slices.Sort(known)
		if len(known) == 0 {
			return usagef("lindung.yaml names no channel; add one under alerts: (see docs/operations/alerts.md)")
		}
		return usagef("channel %q is not known%s", name, nearest(name, known))
	}
	if err := w.sendNow(ctx, c.Name, alerts.Test(w.project(), c, now)); err != nil {
		return err
	}
	return w.ledger.Hasten(c.Name)
}

// sendNow delivers a message at once, or says why not.
func (w *Watch) sendNow(ctx context.Context, channel string, m alerts.Message) error {
	if err := w.channels[channel].Send(ctx, m); err != nil {
		return failure(ExitUnavailable, err)
	}
	return nil
}
