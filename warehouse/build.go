package warehouse

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	models "github.com/kp2mi/lindung/sql"
)

// build is one build on its way.
type build struct {
	BuildSpec
	s        *session
	manifest *Manifest
	only     map[string]bool // nil: all models
	columns  map[string][]Column
	rows     map[string]int64
	defined  map[string]definedTable

	crosschecked engineTable
}

// Build makes a release directory out of a lake snapshot. It either leaves a complete, verified and sealed
// directory, or none: whatever fails, OutDir is removed. Failed checks come back as *GateError.
func Build(ctx context.Context, spec BuildSpec) (m *Manifest, err error) {
	b, err := newBuild(ctx, spec)
	if err != nil {
		return nil, err
	}
	if err := emptyDir(b.OutDir); err != nil {
		return nil, err
	}
	defer func() {
		err = errors.Join(err, os.RemoveAll(b.spill()))
		if err != nil {
			m, err = nil, errors.Join(err, os.RemoveAll(b.OutDir))
		}
	}()
	if err := b.write(ctx); err != nil {
		return nil, err
	}
	if err := b.verify(ctx); err != nil {
		return nil, err
	}
	if err := Seal(b.OutDir, b.manifest); err != nil {
		return nil, err
	}
	b.Progress(Step{Stage: "seal", Name: ManifestFile, Done: 1, Total: 1})
	return b.manifest, nil
}

func newBuild(ctx context.Context, spec BuildSpec) (*build, error) {
	b := &build{BuildSpec: spec, columns: map[string][]Column{}, rows: map[string]int64{}, defined: map[string]definedTable{}}
	if err := b.prepare(); err != nil {
		return nil, err
	}
	if err := checkModelSet(b.Models); err != nil {
		return nil, fmt.Errorf("model set: %w", err)
	}
	lineage, err := CheckOrder(ctx, b.Models)
	if err != nil {
		return nil, fmt.Errorf("model set: %w", err)
	}
	hash, err := ModelsHash(b.Models)
	if err != nil {
		return nil, err
	}
	b.manifest = &Manifest{Format: StateFormat, ReleaseID: b.ReleaseID, Origin: b.Origin, AsOf: b.AsOf.UTC(),
		ReportMonth: b.ReportMonth.In(jakarta).Format("2006-01"), LogHead: b.Snapshot.Head, LogHash: b.Snapshot.HeadHash,
		ModelsHash: hash, CodeVersion: b.CodeVersion, ConfigHash: b.ConfigHash, Storage: StorageVersion, Lineage: lineage,
		Base: b.Base, Inputs: b.Inputs}
	if err := b.checkSources(); err != nil {
		return nil, fmt.Errorf("model set: %w", err)
	}
	if b.Origin == OriginSample {
		b.manifest.Banner = SampleBanner
	}
	return b, nil
}

// write computes everything within one session and closes it, so that DuckDB has let go of its files.
func (b *build) write(ctx context.Context) (err error) {
	if err := b.open(ctx, attachFor(filepath.Join(b.OutDir, WarehouseFile), database)); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.s.Close()) }()
	for _, step := range []func(context.Context) error{
		b.compute, b.conserve, b.runChecks, func(context.Context) error { return b.gate() },
		b.describe, b.writeMeta, b.export, b.publishable,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if b.manifest.Tables, err = b.s.hashTables(ctx, database); err != nil {
		return fmt.Errorf("hashing the warehouse: %w", err)
	}
	b.manifest.ContentHash = contentHash(b.manifest.Tables)
	if err := b.s.exec(ctx, "checkpoint "+database, "use memory", "detach "+database); err != nil {
		return fmt.Errorf("closing the warehouse: %w", err)
	}
	return nil
}

// open starts the session, attaches the file to be and locks the door behind it.
func (b *build) open(ctx context.Context, attach string) error {
	if err := os.MkdirAll(b.TempDir, 0o700); err != nil {
		return fmt.Errorf("preparing the temporary folder: %w", err)
	}
	s, err := openSession(ctx, limits{threads: b.Threads, memory: b.MemoryLimit, tempDir: b.spill(), maxTemp: b.MaxTempSize})
	if err != nil {
		return err
	}
	b.s = s
	if err := s.one(ctx, "select version()", &b.manifest.DuckDB); err != nil {
		return closing(s, fmt.Errorf("asking DuckDB for its version: %w", err))
	}
	if err := s.exec(ctx, attach, "use "+database); err != nil {
		return closing(s, fmt.Errorf("creating the warehouse file: %w", err))
	}
	if err := s.confine(ctx, []string{b.LakeDir, b.OutDir}); err != nil {
		return closing(s, err)
	}
	return nil
}

// spill is where DuckDB puts what does not fit into memory: never beside a release.
func (b *build) spill() string { return filepath.Join(b.TempDir, "duckdb-spill") }

// compute loads the inputs and runs the models up to the figures.
func (b *build) compute(ctx context.Context) error {
	if err := b.createRun(ctx); err != nil {
		return err
	}
	if err := loadReference(ctx, b.s, b.Reference, true); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{b.loadLake, b.runModels, b.rules, b.runKPIs, b.createFigures} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func emptyDir(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("preparing the build folder: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("preparing the build folder: %w", err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("preparing the build folder: %s is not empty; a build never writes over another", dir)
	}
	return nil
}

// A Figure is one value of one KPI. Nil numbers are NULL: not available, withheld, or without a denominator.
type Figure struct {
	KPI         string    `json:"kpi"`
	Measure     string    `json:"measure"`
	PeriodType  string    `json:"period_type"`
	Period      string    `json:"period"`
	PeriodStart time.Time `json:"period_start"`
	Breakdown   string    `json:"breakdown"`
	Member      string    `json:"member"`
	Numerator   *float64  `json:"numerator"`
	Denominator *float64  `json:"denominator"`
	Value       *float64  `json:"value"`
	Status      string    `json:"status"`
}

// BuildFigures computes figures from a snapshot without building a release: how a KPI is asked as of another
// day. It runs the same models over the same inputs; given KPI ids, only those and what they depend on. Rules
// about the data run where a KPI tells of them; they stop nothing, because nothing is published.
func BuildFigures(ctx context.Context, spec BuildSpec, kpis ...string) (figures []Figure, err error) {
	spec.inMemoryOnly = true
	if spec.OutDir == "" {
		spec.OutDir = filepath.Join(spec.TempDir, "none") // confined to it, and nothing is ever written there
	}
	b, err := newBuild(ctx, spec)
	if err != nil {
		return nil, err
	}
	if err := b.choose(kpis); err != nil {
		return nil, err
	}
	if err := b.open(ctx, "attach ':memory:' as "+database); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.s.Close(), os.RemoveAll(b.spill())) }()
	if err := b.compute(ctx); err != nil {
		return nil, err
	}
	rows, err := b.s.conn.QueryContext(ctx, `select kpi, measure, period_type, period, period_start, breakdown, member,
		numerator, denominator, value, status from figures order by kpi, measure, period_type, period_start, period, breakdown, member`)
	if err != nil {
		return nil, fmt.Errorf("reading figures: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var f Figure
		if err := rows.Scan(&f.KPI, &f.Measure, &f.PeriodType, &f.Period, &f.PeriodStart, &f.Breakdown, &f.Member,
			&f.Numerator, &f.Denominator, &f.Value, &f.Status); err != nil {
			return nil, fmt.Errorf("reading figures: %w", err)
		}
		figures = append(figures, f)
	}
	return figures, rows.Err()
}

// choose limits the build to some KPIs and the models upstream of them.
func (b *build) choose(kpis []string) error {
	if len(kpis) == 0 {
		return nil
	}
	b.only = map[string]bool{}
	for _, id := range kpis {
		found := false
		for _, m := range b.Models {
			if m.Layer == models.KPIs && m.Meta.ID == id {
				found = true
				for table := range b.upstream(m.Name) {
					b.only[table] = true
				}
			}
		}
		if !found {
			return fmt.Errorf("KPI %s: there is no such KPI; see lindung kpi list", id)
		}
	}
	return nil
}
