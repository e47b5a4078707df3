package pipelines

import (
	"context"
	"fmt"
	"time"

	"github.com/kp2mi/lindung/configs"
)

// An overdue child was given up: it used no processor time that a limit could count, and never answered.
type overdue struct {
	after   time.Duration
	setting string // what to raise; "" where nothing can be
}

// Error says how long the child was waited for.
func (o *overdue) Error() string { return fmt.Sprintf("there was no answer within %s", o.after) }

// explain says what became of the child, and what it had in hand.
func (o *overdue) explain(kind string, at Event) *Error {
	remedy := "Run again"
	if o.setting != "" {
		remedy += ", or raise " + o.setting + " if it really takes so long"
	}
	return &Error{Code: ExitFailed, cause: o, Message: fmt.Sprintf("the %s process gave no answer within %s%s and was ended; nothing of it was kept and the last good data stay. %s", kind, o.after, inHand(at), remedy)}
}

// patience is how long a child that works on a feed is waited for: as long as a pull may take, and as long again for the rest.
func patience(l configs.Limits) time.Duration { return 2 * max(l.MaxDuration, leastProcessorTime) }

// waitAtMost bounds how long children that are started with the context are waited for.
func waitAtMost(ctx context.Context, most time.Duration, setting string) (context.Context, context.CancelFunc) {
	if most <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, most, &overdue{most, setting})
}
