package pipelines

import (
	"context"
	"errors"
	"time"

	"github.com/kp2mi/lindung/pipelines/ledger"
)

// watchEvery is how often the server looks for what people should know.
const watchEvery = time.Minute

// An outlook is the server's watch, and what came of its newest look.
type outlook struct {
	watch   *Watch
	looked  time.Time
	problem error
}

// watchBy makes the watch of a configuration.
func (s *Server) watchBy() error {
	r, err := s.runner(ledger.Occurrence{})
	if err == nil {
		s.outlook.watch = NewWatch(r, s.ledger)
	}
	return err
}

// watchOver looks when it is time to; unwell is what is wrong with the scheduler itself. A look that
// went wrong takes nothing from the jobs.
func (s *Server) watchOver(ctx context.Context, now time.Time, unwell error) error {
	o := &s.outlook
	if passed := now.Sub(o.looked); passed >= 0 && passed < watchEvery {
		return errors.Join(unwell, o.problem)
	}
	o.looked, o.problem = now, o.watch.Tick(ctx, now, unwell)
	return errors.Join(unwell, o.problem)
}
