package connectors

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Retry bounds how often something is tried again that failed for a passing reason.
type Retry struct {
	Attempts int           `yaml:"attempts" doc:"how often to try a request in all; default 5"`
	MaxWait  time.Duration `yaml:"max_wait" doc:"longest wait between two attempts, whatever Retry-After asks for; default 2m"`
}

func (r Retry) check() (problems []error) {
	if r.Attempts < 1 || r.MaxWait <= 0 {
		problems = append(problems, errors.New("retry: attempts must be at least 1 and max_wait more than 0"))
	}
	return problems
}

// A temporaryError may not happen again on another attempt.
type temporaryError struct {
	err    error
	header http.Header // of the answer, for Retry-After
	broken bool        // the connection broke: the request may have had its effect
}

func (e *temporaryError) Error() string { return e.err.Error() }
func (e *temporaryError) Unwrap() error { return e.err }

var (
	errStalled = errors.New("no byte came within idle_timeout")
	errTooLong = errors.New("the answer took longer than total_timeout")
)

// do tries until something succeeds, fails for good, or was tried often enough.
// what says what is tried, in words that hold no secret.
func (r Retry) do(ctx context.Context, env Env, now time.Time, what string, try func() error) error {
	for attempt := 1; ; attempt++ {
		err := try()
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		temporary := (*temporaryError)(nil)
		if err == nil || !errors.As(err, &temporary) {
			return err
		}
		if attempt >= r.Attempts {
			return fmt.Errorf("%w (%d attempts)", err, attempt)
		}
		asked, isAsked := retryAfter(temporary.header.Get("Retry-After"), sourceClock(temporary.header, now))
		wait := waitBefore(attempt, asked, isAsked, r.MaxWait, env.Sleep == nil)
		if err := env.again(ctx, what, err, attempt, wait); err != nil {
			return err
		}
	}
}

// sourceClock is the time at the source, which a date in Retry-After counts from.
func sourceClock(header http.Header, now time.Time) time.Time {
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		return date
	}
	return now
}
