package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
)

func (a *app) logCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "log",
		Short: "Show the commit log: every delivery, with its objects, rows and rejects",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			entries, err := r.Lake.Entries()
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(list(entries))
			}
			var rows [][]string
			for _, e := range entries {
				var records, accepted, quarantined int64
				for _, o := range e.Objects {
					records, accepted, quarantined = records+o.Records, accepted+o.Accepted, quarantined+o.Quarantined
				}
				rows = append(rows, []string{fmt.Sprint(e.No), e.KnownAt.In(r.Project.TimeZone).Format("2006-01-02 15:04"), e.Kind, e.Feed,
					count(int64(len(e.Objects))), count(records), count(accepted), count(quarantined), count(int64(len(e.Files)))})
			}
			a.table([]string{"COMMIT", "KNOWN AT", "KIND", "FEED", "OBJECTS", "RECORDS", "ACCEPTED", "QUARANTINED", "FILES"}, rows)
			return nil
		},
	}
}

func (a *app) verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "Hash everything again: log chain, Parquet files, landed objects, releases, editions of reports",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			report, err := r.Verify(c.Context())
			if err != nil {
				return err
			}
			if a.output == "json" {
				err = a.printJSON(report)
			} else {
				fmt.Fprintf(a.stdout, "%s log entries, %s Parquet files, %s landed objects, %s release files, %s files of reports: ", count(int64(report.Entries)), count(int64(report.Files)), count(int64(report.Objects)), count(int64(report.ReleaseFiles)), count(int64(report.EditionFiles)))
				if len(report.Problems) == 0 {
					fmt.Fprintln(a.stdout, "all as they were written")
					a.sayShredded(report.Shredded)
				} else {
					fmt.Fprintf(a.stdout, "%d problems\n  %s\n", len(report.Problems), strings.Join(report.Problems, "\n  "))
				}
			}
			if err == nil && len(report.Problems) > 0 {
				return &exitError{pipelines.ExitFailed}
			}
			return err
		},
	}
}

// A statusView is what `lindung status` shows.
type statusView struct {
	Origin  string       `json:"origin"`
	Head    int64        `json:"log_head"`
	Release string       `json:"release,omitempty"`
	AsOf    string       `json:"as_of,omitempty"`
	Behind  bool         `json:"release_is_behind"`
	Feeds   []feedStatus `json:"feeds"`

	Targets []pipelines.TargetState `json:"targets,omitempty"` // as the project remembers them
}

type feedStatus struct {
	Feed       string    `json:"feed"`
	Dataset    string    `json:"dataset"`
	LastCommit int64     `json:"last_commit,omitempty"`
	KnownAt    time.Time `json:"known_at,omitzero"`
	Quarantine int64     `json:"records_in_quarantine"`
	Withheld   string    `json:"withheld,omitempty"`
	Expected   string    `json:"expected,omitempty"`
	LateSince  time.Time `json:"late_since,omitzero"`
}

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Show each feed's last commit, what is in quarantine, and the current release",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			view, err := status(r)
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(view)
			}
			a.printStatus(r, view)
			return nil
		},
	}
}

func status(r *pipelines.Runner) (*statusView, error) {
	snap, err := r.Lake.Snapshot(time.Time{})
	if err != nil {
		return nil, err
	}
	view := &statusView{Origin: r.Project.Origin(), Head: snap.Head}
	quarantine, err := r.QuarantineSizes()
	if err != nil {
		return nil, err
	}
	for _, f := range r.ActiveFeeds() {
		s := feedStatus{Feed: f.Name, Dataset: f.Dataset, Quarantine: quarantine[f.Name], Expected: f.Expected.By, LateSince: r.LateSince(snap, f)}
		for _, e := range snap.Entries {
			switch {
			case e.Feed != f.Name:
			case e.Kind == "withheld":
				s.Withheld = e.Reason
			default:
				s.LastCommit, s.KnownAt, s.Withheld = e.No, e.KnownAt, ""
			}
		}
		view.Feeds = append(view.Feeds, s)
	}
	current, err := r.Releases.Current()
	if err != nil {
		return nil, err
	}
	if current != nil {
		view.Release, view.AsOf = current.ID, current.Manifest.AsOf.In(r.Project.TimeZone).Format("2006-01-02")
		view.Behind = current.Manifest.LogHead != snap.Head
	}
	view.Targets, err = r.Targets()
	return view, err
}

func (a *app) printStatus(r *pipelines.Runner, v *statusView) {
	var rows [][]string
	for _, f := range v.Feeds {
		last := "never pulled"
		if f.LastCommit > 0 {
			last = fmt.Sprintf("commit %d, %s", f.LastCommit, f.KnownAt.In(r.Project.TimeZone).Format("2006-01-02 15:04"))
		}
		expected := f.Expected
		if !f.LateSince.IsZero() {
			expected += ": LATE since " + f.LateSince.In(r.Project.TimeZone).Format("2006-01-02 15:04")
		}
		rows = append(rows, []string{f.Feed, f.Dataset, last, expected, count(f.Quarantine), f.Withheld})
	}
	a.table([]string{"FEED", "DATASET", "LAST", "EXPECTED", "IN QUARANTINE", "WITHHELD"}, rows)
	switch {
	case v.Release == "":
		fmt.Fprintln(a.stdout, "No release is published yet. Run: lindung run")
	case v.Behind:
		fmt.Fprintf(a.stdout, "Release %s (as of %s) is behind the log (commit %d). Run: lindung build\n", v.Release, v.AsOf, v.Head)
	default:
		fmt.Fprintf(a.stdout, "Release %s (as of %s) is up to date with commit %d.\n", v.Release, v.AsOf, v.Head)
	}
	for _, t := range v.Targets {
		if t.Behind {
			fmt.Fprintf(a.stdout, "Target %s waits for it. Run: lindung publish --target %s\n", t.Target, t.Target)
		}
	}
	if v.Origin == "sample" {
		fmt.Fprintln(a.stdout, sampleBanner)
	}
}

const sampleBanner = "DATA CONTOH – BUKAN ANGKA RESMI / SAMPLE DATA – NOT OFFICIAL"
