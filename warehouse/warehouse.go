// Package warehouse builds the private DuckDB file of a release from a lake snapshot: it loads the lake's
// Parquet files and the reference lists, runs the models in order, proves that no row went missing, runs the
// checks, writes the files for readers, reads everything back and compares, and publishes the result as a
// directory that is never written again.
//
// It owns the build and the releases. It must not know sources, connectors or how a record became a row, and
// it computes no figure of its own: every number comes out of a model. A build belongs in a child process,
// because a fault inside DuckDB ends the process that it happens in.
package warehouse

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kp2mi/lindung/lake"
	models "github.com/kp2mi/lindung/sql"
)

// StorageVersion is the DuckDB storage format that releases are written in.
const StorageVersion = "v1.2.0"

// OldestDuckDB is the oldest DuckDB whose tools open a release; the one before it does not know the format.
const OldestDuckDB = "1.2.0"

// SampleBanner begins every comment and notice of a release that is made from sample data.
const SampleBanner = "DATA CONTOH – BUKAN ANGKA RESMI / SAMPLE DATA – NOT OFFICIAL"

// The origins that a release can have. A snapshot may also hold reference data, which goes with either.
const (
	OriginSample    = "sample"
	OriginReal      = "real"
	originReference = "reference"
)

// Names of the files in a release.
const (
	WarehouseFile = "warehouse.duckdb"
	OpenFile      = "open.duckdb"
	FiguresFile   = "figures.parquet"
	ManifestFile  = "manifest.json"
	// RestatementsFile lists what the release says otherwise than the one before; whoever compares writes it.
	RestatementsFile = "restatements.json"
	martsFolder      = "marts"
	openFolder       = "open"
	sqlFolder        = "sql"
)

// A Column is one column of a dataset as SQL sees it.
type Column struct {
	Name    string
	SQLType string
	Class   string // open | internal | personal | specific | identifier
}

// classes are how personal a column of a dataset may be.
var classes = []string{"open", "internal", "personal", "specific", "identifier"}

// personal reports whether values of the column may not be shown in messages.
func (c Column) personal() bool {
	return c.Class == "personal" || c.Class == "specific" || c.Class == "identifier"
}

// A DatasetSchema is the shape of one lake dataset, so that a dataset without any file is still a table.
type DatasetSchema struct {
	Name    string
	Columns []Column
}

// A Step tells how far a build has come.
type Step struct {
	Stage string // load, models, rules, kpis, account, checks, publishable, verify, seal
	Name  string // table or file at hand
	Done  int    // steps finished within the stage
	Total int
	Rows  int64 // rows of the table just built; 0 where it makes no sense
}

// A BuildSpec says what to build, out of what, and within which limits.
type BuildSpec struct {
	OutDir  string // the release directory to be; must not exist or be empty
	TempDir string // scratch for spilling; never beside a release

	Models      []models.Model
	Snapshot    lake.Snapshot
	LakeDir     string // the data folder that the snapshot's paths are relative to
	Datasets    []DatasetSchema
	Reference   fs.FS                             // *.csv, each becoming ref_<name>
	Definitions map[string]map[string]models.Text // dataset → column → what it means

	Feeds   []FeedState // the feeds that count, as they stand at AsOf
	Earlier []*Manifest // of the releases before this one that Releases.Earlier names

	AsOf        time.Time // the calendar day (Asia/Jakarta) that the build looks back from
	ReportMonth time.Time // any instant of the month that reports are about
	ReleaseID   string
	Origin      string // sample | real
	CodeVersion string
	ConfigHash  string
	Base        string  // of a candidate: the release that is current
	Inputs      []Input // what else the release is built from

	MemoryLimit  string // DuckDB's own limit; default 2GB
	MaxTempSize  string // default 16GB
	Threads      int    // default 2
	Progress     func(Step)
	Compare      Comparer // nil: meta has no comparisons
	Operations   []Table  // of schema ops: what ran, for whoever watches over the pipeline
	inMemoryOnly bool     // tests and BuildFigures need no file
}

var (
	identifier  = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	releaseName = regexp.MustCompile(`^r[0-9]{6,}$`)
	byteSize    = regexp.MustCompile(`(?i)^[0-9]+(\.[0-9]+)? ?(B|[KMGT]I?B)$`)
)

// prepare fills defaults and refuses what cannot be built.
func (s *BuildSpec) prepare() error {
	if s.MemoryLimit == "" {
		s.MemoryLimit = "2GB"
	}
	if s.MaxTempSize == "" {
		s.MaxTempSize = "16GB"
	}
	if s.Threads == 0 {
		s.Threads = 2
	}
	if s.Progress == nil {
		s.Progress = func(Step) {}
	}
	s.withInternalDatasets()
	var problems []error
	complain := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	for name, dir := range map[string]string{"OutDir": s.OutDir, "TempDir": s.TempDir, "LakeDir": s.LakeDir} {
		if dir == "" || !filepath.IsAbs(dir) {
			complain("%s: an absolute path is needed, not %q", name, dir)
		}
	}
	if strings.ContainsAny(s.LakeDir, "*?[") {
		complain("LakeDir %q: DuckDB reads *, ? and [ in a path as a pattern; move the project folder", s.LakeDir)
	}
	if !byteSize.MatchString(s.MemoryLimit) || !byteSize.MatchString(s.MaxTempSize) {
		complain("memory limit %q, temporary space %q: write a size such as 2GB", s.MemoryLimit, s.MaxTempSize)
	}
	if s.Threads < 1 {
		complain("threads: %d is not a number of threads", s.Threads)
	}
	if s.AsOf.IsZero() || s.ReportMonth.IsZero() {
		complain("as-of date and report month are both needed")
	}
	if s.Origin != OriginSample && s.Origin != OriginReal {
		complain("origin is sample or real, not %q", s.Origin)
	}
	if !s.inMemoryOnly && !releaseName.MatchString(s.ReleaseID) && CheckCandidateName(s.ReleaseID) != nil {
		complain("release id %q: ids look like r000001, and candidates have a name", s.ReleaseID)
	}
	if len(s.Models) == 0 || s.Reference == nil {
		complain("models and reference lists are needed")
	}
	for _, d := range s.Datasets {
		if !identifier.MatchString(d.Name) || len(d.Columns) == 0 {
			complain("dataset %q: a plain name and at least one column are needed", d.Name)
		}
		for _, c := range d.Columns {
			if !slices.Contains(classes, c.Class) {
				complain("dataset %s: nobody has said how personal column %s is (class %q); nothing is loaded of what has none of %s", d.Name, c.Name, c.Class, strings.Join(classes, ", "))
			}
		}
	}
	if len(problems) > 0 {
		return fmt.Errorf("build settings: %w", errors.Join(problems...))
	}
	return s.checkOrigin()
}

// checkOrigin keeps sample and real data out of each other's releases.
func (s *BuildSpec) checkOrigin() error {
	found := map[string][]string{}
	for _, e := range s.Snapshot.Entries {
		if !slices.Contains(found[e.Origin], e.Feed) {
			found[e.Origin] = append(found[e.Origin], e.Feed)
		}
	}
	for origin, feeds := range found {
		if origin == s.Origin || origin == originReference {
			continue
		}
		return &GateError{Failures: []CheckResult{{
			Name: "one_origin", Severity: SeverityError, Dimension: "validity", Offending: int64(len(feeds)),
			Title: models.Text{ID: "Satu asal data per rilis", EN: "One origin of data per release"},
			Remedy: models.Text{
				ID: fmt.Sprintf("Rilis %s tidak boleh memuat data %s (%s); pakai folder proyek sendiri.", s.Origin, origin, strings.Join(feeds, ", ")),
				EN: fmt.Sprintf("A %s release must not hold %s data (%s); give each its own project folder.", s.Origin, origin, strings.Join(feeds, ", "))},
		}}}
	}
	return nil
}

// withInternalDatasets adds the two datasets that every lake has, where the caller does not describe them.
func (s *BuildSpec) withInternalDatasets() {
	s.Datasets = slices.Clone(s.Datasets)
	text := func(names ...string) (columns []Column) {
		for _, n := range names {
			columns = append(columns, Column{Name: n, SQLType: "VARCHAR", Class: "internal"})
		}
		return columns
	}
	for _, d := range []DatasetSchema{
		{lake.Tombstones, append(text("source", "period", "dataset", "feed", "row_key"), Column{Name: "object_id", SQLType: "UUID", Class: "internal"})},
		{rejectsDataset, append(text("source", "period", "dataset", "feed", "place", "code", "column_name", "message"),
			Column{Name: "object_id", SQLType: "UUID", Class: "internal"}, Column{Name: "row_no", SQLType: "BIGINT", Class: "internal"})},
	} {
		if !slices.ContainsFunc(s.Datasets, func(have DatasetSchema) bool { return have.Name == d.Name }) {
			s.Datasets = append(s.Datasets, d)
		}
	}
}

// rejectsDataset is the lake's dataset of records with problems.
const rejectsDataset = "rejects"

// isInternal tells the datasets that every lake has from those that somebody delivers.
func isInternal(dataset string) bool { return dataset == lake.Tombstones || dataset == rejectsDataset }

var jakarta = time.FixedZone("WIB", 7*60*60) // Indonesia's western time has had no other offset since 1964
