package pipelines

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/warehouse"
)

// What became of a target.
const (
	OutcomeCopied   = "copied"
	OutcomeUpToDate = "up_to_date"
)

// A TargetReport says what became of one place that releases are copied to.
type TargetReport struct {
	Target   string   `json:"target"`
	Place    string   `json:"place"`
	What     string   `json:"what"`
	Release  string   `json:"release"` // what readers of the project get
	Outcome  string   `json:"outcome"` // copied, up_to_date, failed
	Copied   []string `json:"copied,omitempty"`
	Bytes    int64    `json:"bytes,omitempty"`
	Removed  []string `json:"removed,omitempty"`
	Error    string   `json:"error,omitempty"`
	ExitCode int      `json:"exit_code,omitempty"`
}

// PublishOptions choose what Publish does.
type PublishOptions struct {
	Targets  []string // empty: all
	TakeOver bool     // of one target: replace what another project, or an older one, put there
}

// Publish brings every target to what readers of the project get.
func (r *Runner) Publish(ctx context.Context, o PublishOptions) ([]*TargetReport, error) {
	targets := r.Project.Publish
	if len(o.Targets) > 0 {
		targets = nil
	}
	for _, name := range o.Targets {
		t, err := findTarget(r.Project, name)
		if err != nil {
			return nil, err
		}
		targets = append(targets, t)
	}
	switch {
	case len(r.Project.Publish) == 0:
		return nil, usagef("lindung.yaml names no target; add one under publish: (see docs/publishing.md)")
	case o.TakeOver && len(o.Targets) != 1:
		return nil, usagef("--take-over replaces what somebody else put there: name the one target with --target")
	}
	var reports []*TargetReport
	_, err := r.record(ctx, ledger.Run{Command: "publish"}, func(ctx context.Context, _ *RunReport) (err error) {
		reports, err = r.publishTo(ctx, targets, o.TakeOver)
		return err
	})
	return reports, err
}

func findTarget(p *configs.Project, name string) (*configs.Target, error) {
	var known []string
	for _, t := range p.Publish {
		if t.Name == name {
			return t, nil
		}
		known = append(known, t.Name)
	}
	return nil, usagef("target %q is not known%s", name, nearest(name, known))
}

// publishTo copies to targets. One that fails does not stop the others, and takes nothing
// from the release: it is published, and the next run tries again.
func (r *Runner) publishTo(ctx context.Context, targets []*configs.Target, takeOver bool) ([]*TargetReport, error) {
	if len(targets) == 0 {
		return nil, nil
	}
	history, err := r.Releases.Publications()
	if err != nil || len(history) == 0 {
		return nil, err
	}
	var reports []*TargetReport
	var problems []error
	for _, t := range targets {
		report := &TargetReport{Target: t.Name, What: t.What, Release: history[len(history)-1].Release, Outcome: OutcomeUpToDate}
		reports = append(reports, report)
		err := r.copyTo(ctx, t, history, takeOver, report)
		if ctx.Err() != nil {
			return reports, ctx.Err()
		}
		if err != nil {
			err = fmt.Errorf("publishing to %s: %w", t.Name, err)
			report.Outcome, report.Error, report.ExitCode = OutcomeFailed, err.Error(), ExitCode(err)
			problems = append(problems, err)
		}
		r.log().Info("target finished", "step", "publish", "target", t.Name, "outcome", report.Outcome, "release", report.Release)
	}
	return reports, worst(problems)
}

func (r *Runner) copyTo(ctx context.Context, t *configs.Target, history []warehouse.Publication, takeOver bool, report *TargetReport) error {
	store, err := storeOf(t)
	if err != nil {
		return err
	}
	report.Place = store.Place()
	seen, err := r.lastCopied(t.Name)
	if err != nil {
		return err
	}
	if seen != nil && seen.Place != report.Place {
		seen = nil // the target was given another place
	}
	c := &copier{target: t, store: store, releases: r.Releases, history: history, takeOver: takeOver, event: r.event, report: report}
	if seen != nil {
		c.seen = &pointer{Release: seen.Release}
	}
	if err := c.copy(ctx); err != nil {
		return err
	}
	return r.noteCopied(t.Name, CopiedNote{Place: report.Place, Release: report.Release, Publication: history[len(history)-1].No})
}

// storeOf makes the store of a target, with its secrets.
func storeOf(t *configs.Target) (copyStore, error) {
	if t.S3 == nil {
		return &connectors.FolderStore{Dir: t.Folder, Copy: t.Current == "copy"}, nil
	}
	if missing := t.S3.Missing(); len(missing) > 0 {
		return nil, usagef("target %q needs %s; set it, and run: lindung publish", t.Name, strings.Join(missing, ", "))
	}
	store := connectors.NewS3Store()
	if err := t.S3.Decode(store); err != nil {
		return nil, err
	}
	return store, nil
}

// checkTarget checks the settings of a target as far as its secrets are there.
func checkTarget(t *configs.Target) error {
	if t.S3 == nil {
		return nil
	}
	store := connectors.NewS3Store()
	if err := t.S3.Check(store); err != nil || len(t.S3.Missing()) > 0 {
		return err
	}
	store = connectors.NewS3Store()
	if err := t.S3.Decode(store); err != nil {
		return err
	}
	if err := store.Check(connectors.Env{}); err != nil {
		return t.S3.Errorf("%s", oneLine(err))
	}
	return nil
}

// A CopiedNote is what the project remembers of a target: what it put there last.
type CopiedNote struct {
	Place       string `json:"place"`
	Release     string `json:"release"`
	Publication int64  `json:"publication"`
}

func (r *Runner) noteFile(target string) string {
	return filepath.Join(r.Project.DataDir, "published", target+".json")
}

func (r *Runner) lastCopied(target string) (*CopiedNote, error) {
	text, err := os.ReadFile(r.noteFile(target))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	note := &CopiedNote{}
	if err == nil {
		err = json.Unmarshal(text, note)
	}
	if err != nil {
		return nil, fmt.Errorf("reading what was last copied to %s (remove %s to start afresh): %w", target, r.noteFile(target), err)
	}
	return note, nil
}

// noteCopied remembers what a target got. It is written anew with every publication, so a
// note that a crash took is one question more, and no harm.
func (r *Runner) noteCopied(target string, note CopiedNote) error {
	if was, err := r.lastCopied(target); err == nil && was != nil && *was == note {
		return nil
	}
	text, err := json.Marshal(note)
	if err != nil {
		return err
	}
	file := r.noteFile(target)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(file+".tmp", append(text, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(file+".tmp", file)
}

// A TargetState is what the project knows of a target without asking it.
type TargetState struct {
	Target string `json:"target"`
	Place  string `json:"place"`
	What   string `json:"what"`
	Has    string `json:"has,omitempty"` // the release that was copied there last
	Behind bool   `json:"behind"`        // readers of the project get another one
}

// Targets says how the targets stand, without touching them.
func (r *Runner) Targets() ([]TargetState, error) {
	history, err := r.Releases.Publications()
	if err != nil {
		return nil, err
	}
	var states []TargetState
	for _, t := range r.Project.Publish {
		s := TargetState{Target: t.Name, Place: t.Folder, What: t.What}
		if t.S3 != nil {
			s.Place = "s3"
		}
		note, err := r.lastCopied(t.Name)
		if err != nil {
			return nil, err
		}
		if note != nil {
			s.Has, s.Place = note.Release, note.Place
		}
		s.Behind = len(history) > 0 && (note == nil || note.Publication != history[len(history)-1].No)
		states = append(states, s)
	}
	slices.SortFunc(states, func(a, b TargetState) int { return strings.Compare(a.Target, b.Target) })
	return states, nil
}
