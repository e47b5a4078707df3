package pipelines

import (
	"fmt"

	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/producers"
)

// A withholding is why nothing of a delivery is taken: one of the codes of package producers, and
// the sentence for whoever runs the feed.
type withholding struct{ code, reason string }

func tooManyProblems(format string, args ...any) *withholding {
	return &withholding{producers.TooManyProblems, fmt.Sprintf(format, args...)}
}

// withhold keeps a delivery out: the log records what was kept out and why, so that it
// can be looked at, and the feed's position stays where it was.
func (r *feedRun) withhold(entry lake.Entry, out *normalised, why withholding) (*FeedResult, error) {
	entry.Kind, entry.Position, entry.Headers = lake.Withheld, nil, nil
	entry.Reason, entry.ReasonCode = why.reason, why.code
	for i := range entry.Objects {
		entry.Objects[i].Accepted = 0
	}
	r.report.Outcome, r.report.Error, r.report.ExitCode = OutcomeWithheld, why.reason, ExitGate
	if r.withheldAlready(entry) {
		return &FeedResult{Report: r.report}, nil
	}
	files, err := r.writeRejects(out, withheldDataset)
	if err != nil {
		return nil, err
	}
	entry.Files = files
	return &FeedResult{Report: r.report, Entries: []lake.Entry{entry}}, nil
}

func (r *feedRun) overThreshold() *withholding {
	t := r.feed.Thresholds
	share := float64(r.report.Quarantined) / float64(max(r.report.Records, 1))
	switch {
	case t.MaxRejects > 0 && r.report.Quarantined > t.MaxRejects:
		return tooManyProblems("%s: %d of %d records have problems, more than max_rejects: %d; nothing of this delivery was taken and the previous data stay. See: lindung quarantine list --feed %s",
			r.feed.Name, r.report.Quarantined, r.report.Records, t.MaxRejects, r.feed.Name)
	case t.MaxRejectShare > 0 && share > t.MaxRejectShare:
		return tooManyProblems("%s: %d of %d records have problems (%.2f%%), more than max_reject_share: %g; nothing of this delivery was taken and the previous data stay. See: lindung quarantine list --feed %s",
			r.feed.Name, r.report.Quarantined, r.report.Records, 100*share, t.MaxRejectShare, r.feed.Name)
	}
	return nil
}
