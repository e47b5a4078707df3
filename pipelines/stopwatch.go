package pipelines

import (
	"context"
	"time"
)

// stopwatch notes how long the steps of a run take. It measures the machine, not the
// data, so it may read the real clock.
type stopwatch struct {
	steps *[]Step
	last  time.Time
}

func newStopwatch(steps *[]Step) *stopwatch {
	return &stopwatch{steps: steps, last: time.Now()}
}

func (s *stopwatch) lap(name string) {
	now := time.Now()
	*s.steps = append(*s.steps, Step{Name: name, Seconds: now.Sub(s.last).Seconds()})
	s.last = now
}

// sleep waits, or returns early with the context's error.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stages sums the time between reports of progress by the stage that they name.
type stages struct {
	steps *[]Step
	watch *stopwatch
	stage string
}

func newStages(steps *[]Step) *stages {
	return &stages{steps: steps, watch: &stopwatch{steps: &[]Step{}, last: time.Now()}}
}

// at says which stage has just made progress; an empty stage ends the last one.
func (s *stages) at(stage string) {
	s.watch.lap(s.stage)
	laps := *s.watch.steps
	took := laps[len(laps)-1]
	*s.watch.steps = laps[:0]
	name := stage
	if name == "" {
		name = s.stage
	}
	s.stage = stage
	if n := len(*s.steps); n > 0 && (*s.steps)[n-1].Name == name {
		(*s.steps)[n-1].Seconds += took.Seconds
		return
	}
	*s.steps = append(*s.steps, Step{Name: name, Seconds: took.Seconds})
}
