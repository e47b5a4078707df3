package pipelines

import (
	"context"
	database "database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/transforms"
	"github.com/kp2mi/lindung/warehouse"
)

// A BuildJob is what a child does to build a warehouse. The parent publishes it.
type BuildJob struct {
	Dir         string    `json:"dir"`
	Out         string    `json:"out"`
	ReleaseID   string    `json:"release_id"`
	AsOf        time.Time `json:"as_of"`         // what was known then
	KnownUntil  time.Time `json:"known_until"`   // only commits up to here; zero: all
	ReportMonth time.Time `json:"report_month"`  // first day
	KPI         string    `json:"kpi,omitempty"` // only this KPI's figures, and no release // a figure as of another date: no release
	Code        string    `json:"code"`
	Base        string    `json:"base,omitempty"`   // of a candidate: the current release
	Previous    string    `json:"previous"`         // folder of the release before, for restatements
	Earlier     []string  `json:"earlier"`          // folders of the releases whose checks are history
	Config      string    `json:"config,omitempty"` // a copy of the configuration; empty: the project's files
	TmpDir      string    `json:"-"`
	Budget      int64     `json:"-"`
}

// A BuildResult is what a build child hands back.
type BuildResult struct {
	Manifest *warehouse.Manifest `json:"manifest,omitempty"`
	Restated int                 `json:"restated"`
	Figures  []warehouse.Figure  `json:"figures,omitempty"`
	Steps    []Step              `json:"steps"`
}

func runBuildJob(ctx context.Context, job BuildJob, event func(Event)) (*BuildResult, error) {
	project, err := loadFrom(job.Dir, job.Config)
	if err != nil {
		return nil, err
	}
	l, err := openLake(project)
	if err != nil {
		return nil, err
	}
	snap, err := l.Snapshot(job.KnownUntil)
	if err != nil {
		return nil, err
	}
	snap.Files = slices.DeleteFunc(snap.Files, uncounted)
	models, err := sql.Models()
	if err != nil {
		return nil, err
	}
	earlier, err := readManifests(job.Earlier)
	if err != nil {
		return nil, err
	}
	result := &BuildResult{}
	stages := newStages(&result.Steps)
	spec := warehouse.BuildSpec{
		OutDir: job.Out, TempDir: job.TmpDir, Snapshot: snap, LakeDir: project.DataDir, Models: models,
		Datasets: datasetSchemas(snap), Reference: referenceFS(project),
		Feeds: feedStates(project, snap, job.AsOf), Earlier: earlier,
		AsOf: job.AsOf, ReportMonth: job.ReportMonth, ReleaseID: job.ReleaseID, Origin: project.Origin(),
		MemoryLimit: duckMemory(job.Budget), Threads: threadsFor(project, snap),
		CodeVersion: job.Code, ConfigHash: project.Hash, Definitions: definitions(), Base: job.Base,
		Progress: func(s warehouse.Step) {
			stages.at(s.Stage)
			event(Event{Step: "build: " + s.Stage, Object: s.Name, Done: int64(s.Done), Total: int64(s.Total)})
		},
	}
	if spec.Operations, err = operations(project.DataDir); err != nil {
		return nil, err
	}
	if job.KPI != "" {
		result.Figures, err = warehouse.BuildFigures(ctx, spec, job.KPI)
		return result, err
	}
	if spec.Inputs, err = buildInputs(project); err != nil {
		return nil, err
	}
	spec.Compare = func(ctx context.Context, conn *database.Conn) ([]warehouse.Table, error) {
		stages.at("compare")
		return compare(ctx, project, job, conn, result)
	}
	if result.Manifest, err = warehouse.Build(ctx, spec); err != nil {
		return nil, err
	}
	stages.at("")
	return result, nil
}

func readManifests(folders []string) ([]*warehouse.Manifest, error) {
	manifests := make([]*warehouse.Manifest, len(folders))
	for i, folder := range folders {
		var err error
		if manifests[i], err = warehouse.ReadManifest(folder); err != nil {
			return nil, err
		}
	}
	return manifests, nil
}

// uncounted says which files of the lake are no part of a release: what was withheld.
func uncounted(f lake.File) bool { return f.Dataset == withheldDataset }

// duckMemory leaves DuckDB a part of the child's budget: its limit covers the buffer
// manager only, and Go needs room beside it.
func duckMemory(budget int64) string {
	if budget <= 0 {
		return ""
	}
	return fmt.Sprintf("%dMB", budget*6/10>>20)
}

// singleThreaded is below how many rows a build works with one thread: with a second one, its
// hundreds of small questions cost a fifth more, because threads wait for each other longer
// than they work.
const singleThreaded = 100_000

func threadsFor(project *configs.Project, snap lake.Snapshot) int {
	var rows int64
	for _, f := range snap.Files {
		rows += f.Rows
	}
	if rows < singleThreaded {
		return 1
	}
	return project.Build.Threads
}

// datasetSchemas tells the warehouse the shape of every dataset. What a crosscheck feed
// brings has the shape of the dataset that it is compared with.
func datasetSchemas(snap lake.Snapshot) []warehouse.DatasetSchema {
	var all []warehouse.DatasetSchema
	for _, d := range transforms.Datasets() {
		s := warehouse.DatasetSchema{Name: d.Name()}
		for _, c := range d.Columns() {
			s.Columns = append(s.Columns, warehouse.Column{Name: c.Name, SQLType: c.Type, Class: c.Class})
		}
		all = append(all, s)
		if other := warehouse.CrosscheckPrefix + d.Name(); len(snap.Dataset(other)) > 0 {
			all = append(all, warehouse.DatasetSchema{Name: other, Columns: s.Columns})
		}
	}
	return all
}

// definitions gives the warehouse what every column of a dataset means.
func definitions() map[string]map[string]sql.Text {
	all := map[string]map[string]sql.Text{}
	for _, d := range configs.Datasets() {
		columns := map[string]sql.Text{}
		for _, c := range d.Columns {
			columns[c.Name] = sql.Text{ID: c.ID, EN: c.EN}
		}
		all[d.Name] = columns
	}
	return all
}

// buildIfNeeded builds when the log or the models are ahead of the published release.
func (r *Runner) buildIfNeeded(ctx context.Context, month time.Time, runID string) (*BuildReport, error) {
	snap, err := r.Lake.Snapshot(time.Time{})
	if err != nil {
		return nil, err
	}
	items, err := r.buildItem(snap)
	if err != nil {
		return nil, err
	}
	switch {
	case snap.Head == 0:
		return &BuildReport{Reason: "nothing is committed yet"}, nil
	case len(items) == 0:
		return &BuildReport{Reason: "the newest release is up to date"}, nil
	}
	return r.build(ctx, month, runID)
}

// Build builds and publishes a release from what the log holds. When it is published and a
// target could not be reached, there is both a report and an error.
func (r *Runner) Build(ctx context.Context, month time.Time) (*BuildReport, error) {
	report, err := r.record(ctx, ledger.Run{Command: "build"}, func(ctx context.Context, report *RunReport) (err error) {
		if report.Build, err = r.build(ctx, month, report.RunID); err == nil {
			report.Build.Targets, err = r.publishTo(ctx, r.Project.Publish, false)
		}
		return err
	})
	if report == nil {
		return nil, err
	}
	return report.Build, err
}

// BuildIfBehind builds and publishes a release if the log or the models are ahead of the newest
// one, and copies to the targets what they wait for.
func (r *Runner) BuildIfBehind(ctx context.Context) (*RunReport, error) {
	return r.record(ctx, ledger.Run{Command: "build"}, func(ctx context.Context, report *RunReport) (err error) {
		if report.Build, err = r.buildIfNeeded(ctx, time.Time{}, report.RunID); err == nil {
			report.Build.Targets, err = r.publishTo(ctx, r.Project.Publish, false)
		}
		return err
	})
}

// ReportMonth is the month that a report made at a time is about: the one before.
func (r *Runner) ReportMonth(month time.Time) time.Time {
	if month.IsZero() {
		return r.monthBefore(r.Now)
	}
	return month
}

func (r *Runner) monthBefore(at time.Time) time.Time {
	year, month, _ := at.In(r.Project.TimeZone).Date()
	return time.Date(year, month-1, 1, 0, 0, 0, 0, time.UTC)
}

// buildsDir is where builds lie before they are published.
func (r *Runner) buildsDir() string { return filepath.Join(r.Project.DataDir, "builds") }

func (r *Runner) build(ctx context.Context, month time.Time, runID string) (*BuildReport, error) {
	id, err := r.Releases.NextID()
	if err != nil {
		return nil, err
	}
	began := r.wall()
	report, err := r.assemble(ctx, BuildJob{ReleaseID: id}, month, runID, func(out string, m *warehouse.Manifest) error {
		r.event(Event{Step: "publish", Object: id})
		return r.alone(func() error {
			if err := r.Releases.Publish(out, m); err != nil {
				return err
			}
			_, err := r.Releases.Prune(r.Project.KeepReleases)
			return err
		})
	})
	if err != nil {
		r.tellRelease("", began, err)
		return report, err
	}
	report.Release, report.Published = id, true
	r.tellRelease(id, began, nil)
	r.log().Info("release published", "step", "publish", "release", id, "figures", report.Figures, "seconds", report.Seconds)
	return report, nil
}

// assemble builds a complete release directory in a child and hands it to keep, which moves it to
// where it belongs.
func (r *Runner) assemble(ctx context.Context, job BuildJob, month time.Time, runID string, keep func(out string, m *warehouse.Manifest) error) (*BuildReport, error) {
	began := time.Now()
	if err := r.unmixed(); err != nil {
		return nil, err
	}
	// A folder of its own: another process that was stopped in a build may still write to its own.
	out := filepath.Join(r.buildsDir(), runID)
	job.Dir, job.Config, job.Out, job.Code = r.Project.Dir, r.Config, out, r.Code
	job.AsOf, job.ReportMonth = r.Now, r.ReportMonth(month)
	current, err := r.Releases.Current()
	if err != nil {
		return nil, err
	}
	if current != nil {
		job.Previous = current.Warehouse()
	}
	if job.Earlier, err = r.Releases.Earlier(job.AsOf); err != nil {
		return nil, err
	}
	ctx, cancel := waitAtMost(ctx, r.Project.Build.MaxDuration, "build.max_duration in lindung.yaml")
	defer cancel()
	var result BuildResult
	peak, err := r.Worker.call(ctx, "build", int64(r.Project.Build.Memory), r.tmpRoot(), job, &result, r.watch())
	if err == nil {
		err = keep(out, result.Manifest)
	}
	if err != nil {
		_ = os.RemoveAll(out)
		return nil, err
	}
	return &BuildReport{Figures: result.Manifest.Figures, Restated: result.Restated,
		Steps: result.Steps, PeakMemory: peak, Seconds: time.Since(began).Seconds()}, nil
}

// unmixed refuses to publish sample and real data together.
func (r *Runner) unmixed() error {
	snap, err := r.Lake.Snapshot(time.Time{})
	if err != nil {
		return err
	}
	first := map[string]int64{}
	for _, e := range snap.Entries {
		if _, ok := first[e.Origin]; !ok {
			first[e.Origin] = e.No
		}
	}
	if s, real := first["sample"], first["real"]; s > 0 && real > 0 {
		return gatef("the log holds sample data (commit %d) and real data (commit %d); they never share a release. Start a folder of its own for the real sources: lindung init DIR", s, real)
	}
	return nil
}

// figureAsOf computes one figure from what was known at a time, with the models of today.
func (r *Runner) figureAsOf(ctx context.Context, a figures.Address, at time.Time) (*warehouse.Figure, error) {
	job := BuildJob{Dir: r.Project.Dir, Config: r.Config, ReleaseID: "as-of", Code: r.Code, AsOf: at, KnownUntil: at, ReportMonth: r.monthBefore(at), KPI: a.KPI}
	var err error
	if job.Earlier, err = r.Releases.Earlier(at); err != nil {
		return nil, err
	}
	ctx, cancel := waitAtMost(ctx, r.Project.Build.MaxDuration, "build.max_duration in lindung.yaml")
	defer cancel()
	var result BuildResult
	if _, err := r.Worker.call(ctx, "build", int64(r.Project.Build.Memory), r.tmpRoot(), job, &result, r.watch()); err != nil {
		return nil, err
	}
	breakdown := a.Breakdown
	if breakdown == "" {
		breakdown = "total"
	}
	for _, f := range result.Figures {
		if f.Measure == a.Measure && f.Period == a.Period && f.Breakdown == breakdown && f.Member == a.Member {
			return &f, nil
		}
	}
	return nil, usagef("figure %s: there was no such figure on %s", a, at.Format(time.DateOnly))
}
